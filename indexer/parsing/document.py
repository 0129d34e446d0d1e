"""A document as its reader gets it, and what is told of one: its title and its day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from indexer.parsing.clean import clean
from indexer.parsing.limits import Limits

_TITLE = 200  # characters
_FIRST, _LAST = 1990, 2099  # years that a text of a council's can be from
# What programs write where nobody gave a title.
_NO_TITLE = re.compile(
    r"(?:untitled|document|presentation|powerpoint presentation|slide|title|book|microsoft word|"
    r"template|anonymous|\(anonymous\)|\(unspecified\)|home|index|page)?\W*\d*",
    re.I,
)
_FILE = re.compile(
    r"(?:^Microsoft \w+ - |\.(?:docx?|pptx?|xlsx?|pdf|indd|odt|qxd|pub|rtf|html?)$)", re.I
)
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_MONTH = "|".join(f"{month}|{month[:3]}" for month in _MONTHS)
_LED = (
    r"(?:(?:first |last )?(?:published|updated|issued|date|dated|version|draft|final|report)\b"
    r"[\w .:–-]{0,30}?[:,–-]?\s*)?"
)
_DAY = re.compile(
    rf"\W*{_LED}(?:\w+day,? )?(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?"
    rf"(?P<month>{_MONTH})\.?,? (?P<year>\d{{4}})\W*",
    re.I,
)
_TEMPLATE = date(2013, 12, 23)  # when that of python-docx and python-pptx was made


@dataclass(frozen=True, slots=True)
class Document:
    """`name` is its file's name or its address, `media` the type that came with it. `careful`
    where a first try ended in a crash."""

    content: bytes
    name: str
    media: str
    limits: Limits
    careful: bool = False

    @property
    def called(self) -> str:
        """A title out of its name."""
        path = urlsplit(self.name).path if self.is_page else self.name
        stem = PurePosixPath(unquote(path).replace("\\", "/")).stem
        words = clean(re.sub(r"[-_+]+", " ", stem))
        return words[:1].upper() + words[1:] or clean(self.name)

    @property
    def is_page(self) -> bool:
        return self.name.startswith(("http://", "https://"))


def title(*proposed: str | None) -> str:
    """The first that is one."""
    for one in proposed:
        text = clean(one or "")
        if 3 <= len(text) <= _TITLE and not _NO_TITLE.fullmatch(text) and not _FILE.search(text):
            return text
    return clean(proposed[-1] or "")[:_TITLE]


def told_day(line: str) -> str:
    """The day or year of a line whose first sentence tells nothing else: "Published 12 March
    2024"; "" for none."""
    first = line.partition(". ")[0]
    found = _DAY.fullmatch(first) if len(first) <= _LED_MOST else None
    if not found or not _FIRST <= int(found["year"]) <= _LAST:
        return ""
    if not found["day"]:
        return found["year"]
    month = [name[:3] for name in _MONTHS].index(found["month"][:3].lower()) + 1
    try:
        return date(int(found["year"]), month, int(found["day"])).isoformat()
    except ValueError:
        return found["year"]


_LED_MOST = 80


def kept_year(moment: datetime | None) -> str:
    """A year out of a file's properties, which tell more of the file than of the text; "" where
    there is none, where it cannot be, and where it is that of the template most are made from."""
    if moment is None or not _FIRST <= moment.year <= date.today().year:
        return ""
    return "" if moment.date() == _TEMPLATE else str(moment.year)
