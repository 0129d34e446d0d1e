"""What the front matter of each kind of text must hold, and what a value may be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

REGIONS = {
    "England": (
        "East Midlands",
        "East of England",
        "London",
        "North East",
        "North West",
        "South East",
        "South West",
        "West Midlands",
        "Yorkshire and The Humber",
    ),
    "Northern Ireland": ("Northern Ireland",),
    "Scotland": ("Scotland",),
    "Wales": ("Wales",),
}
COUNCIL_TYPES = (
    "combined-authority",
    "county",
    "district",
    "london-borough",
    "metropolitan",
    "multiple",
    "unitary",
)
_FIRST_YEAR = 1990

# A check answers what would be right, or None where the value is good.
Check = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the front matter: whether it must stand, and the check of each of its values."""

    check: Check
    required: bool = True
    is_list: bool = False


Shape = Mapping[str, Key]


def outcome_shape() -> Shape:
    return {
        "title": Key(_any_text),
        "name_2022": Key(_any_text),
        "name_2023": Key(_any_text),
        "aliases": Key(_any_text, is_list=True),
        "covers": Key(_any_text, is_list=True),
        **_ADDRESSES,
    }


def framework_shape(today: date) -> Shape:
    return {
        "title": Key(_any_text),
        "name": Key(_any_text),
        "date": Key(lambda text: _date(text, today)),
        **_ADDRESSES,
    }


def case_study_shape(today: date, outcomes: tuple[str, ...]) -> Shape:
    return {
        "title": Key(_any_text),
        "councils": Key(_any_text, is_list=True),
        "region": Key(_one_of(tuple(sorted(sum(REGIONS.values(), ()))))),
        "nation": Key(_one_of(tuple(REGIONS))),
        "council_type": Key(_one_of(COUNCIL_TYPES)),
        "year": Key(lambda text: _year(text, today)),
        "publisher": Key(_any_text),
        **_ADDRESSES,
        "outcomes": Key(_one_of(outcomes), is_list=True),
        "publisher_outcomes": Key(_one_of(outcomes), required=False, is_list=True),
        "publisher_label": Key(_any_text, required=False),
    }


def _any_text(_text: str) -> None:
    return None


def _one_of(names: tuple[str, ...]) -> Check:
    if not names:  # no outcome could be read: that is said once, not at every case study
        return _any_text
    cure = f"write one of: {', '.join(names)}"
    return lambda text: None if text in names else cure


def _url(text: str) -> str | None:
    cure = "write a whole address that begins with https:// or http://"
    try:
        parts = urlsplit(text)
    except ValueError:
        return cure
    good = parts.scheme in ("https", "http") and parts.hostname and not re.search(r"\s", text)
    return None if good else cure


def _year(text: str, today: date) -> str | None:
    good = re.fullmatch(r"[0-9]{4}", text) and _FIRST_YEAR <= int(text) <= today.year
    return None if good else f"write a year from {_FIRST_YEAR} to {today.year}, like 2023"


def _date(text: str, today: date) -> str | None:
    """A day, or a month where the day is not known."""
    cure = f"write a date up to {today.isoformat()}, like 2023-03-21, or a month, like 2023-03"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?", text):
        return cure
    try:
        day = date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return cure
    return None if day.year >= _FIRST_YEAR and day <= today else cure


_ADDRESSES: Shape = {
    "url": Key(_url),
    "other_urls": Key(_url, required=False, is_list=True),
}
