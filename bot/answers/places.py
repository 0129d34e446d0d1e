"""Places a question names: councils, regions, nations, kinds; known to the texts or not."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from bot.answers.councils import Council, councils
from bot.answers.language import words
from knowledge.library import CaseStudy

_REGIONS: Mapping[str, str] = {
    "north west": "North West",
    "northwest": "North West",
    "north east": "North East",
    "northeast": "North East",
    "yorkshire": "Yorkshire and The Humber",
    "yorkshire and the humber": "Yorkshire and The Humber",
    "humber": "Yorkshire and The Humber",
    "yorks": "Yorkshire and The Humber",
    "east midlands": "East Midlands",
    "west midlands": "West Midlands",
    "east of england": "East of England",
    "east anglia": "East of England",
    "london": "London",
    "the capital": "London",
    "south east": "South East",
    "southeast": "South East",
    "south west": "South West",
    "southwest": "South West",
    "west country": "South West",
    "midlands": "Midlands",
}
_NATIONS: Mapping[str, str] = {
    "wales": "Wales",
    "welsh": "Wales",
    "north wales": "Wales",
    "mid wales": "Wales",
    "south wales": "Wales",
    "scotland": "Scotland",
    "scottish": "Scotland",
    "scots": "Scotland",
    "northern ireland": "Northern Ireland",
    "northern irish": "Northern Ireland",
    "ulster": "Northern Ireland",
    "england": "England",
    "english councils": "England",
    "english council": "England",
    "english authorities": "England",
    "english boroughs": "England",
    "english districts": "England",
    "english cities": "England",
}
_KINDS: Mapping[str, str] = {
    "district": "district",
    "districts": "district",
    "district council": "district",
    "district councils": "district",
    "county council": "county",
    "county councils": "county",
    "counties": "county",
    "a county": "county",
    "unitary": "unitary",
    "unitaries": "unitary",
    "unitary council": "unitary",
    "unitary councils": "unitary",
    "met": "metropolitan",
    "mets": "metropolitan",
    "metropolitan": "metropolitan",
    "metropolitan borough": "metropolitan",
    "metropolitan boroughs": "metropolitan",
    "london borough": "london-borough",
    "london boroughs": "london-borough",
    "combined authority": "combined-authority",
    "combined authorities": "combined-authority",
}
_FILLERS = re.compile(
    r"^(?:london borough of|royal borough of|city of|borough of|county of|the)\s+"
    r"|(?:\s+(?:metropolitan|county|city|borough|district|town|council))+$",
    re.IGNORECASE,
)
_LONGEST = 6
# Named, but not as the place something is asked of.
_NOT_PLACES = frozenset(
    {
        *("windsor castle", "st george's house windsor"),
        "london office of technology and innovation",
        *("has met", "have met", "been met", "we met", "met the", "met with"),
        *("district heating", "district heat", "district nurse", "district nurses"),
    }
)
_APART = re.compile(
    r"\b(?:apart from|except(?: for)?|excluding|outside(?: of)?|other than|besides|bar|but not) \w+"
)


@dataclass(frozen=True, slots=True)
class Places:
    """What a text names. `councils` are in the library, `missing` are real but not in it; the
    one that is named last, behind others in the library, is `beside` if it is not in it."""

    councils: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    nations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    named: frozenset[str] = frozenset()
    beside: str = ""

    def __bool__(self) -> bool:
        return bool(self.councils or self.missing or self.regions or self.nations or self.kinds)

    @property
    def label(self) -> str:
        """The places in words, for a sentence such as "I don't have that for …"."""
        kinds = (f"a {kind.replace('-', ' ')} council" for kind in self.kinds)
        return ", ".join((*self.missing, *self.councils, *self.regions, *self.nations, *kinds))

    def admits(self, councils: Collection[str], region: str, nation: str, kind: str) -> bool:
        """Whether these councils lie in every sort of place named (any one of each sort)."""
        named = (*self.councils, *self.missing)
        return (
            (not named or any(council in named for council in councils))
            and (not self.regions or any(_in_region(region, one) for one in self.regions))
            and (not self.nations or nation in self.nations)
            and (not self.kinds or kind in self.kinds)
        )


def _in_region(region: str, asked: str) -> bool:
    return region == asked or (asked == "Midlands" and region.endswith("Midlands"))


def short_name(council: str) -> str:
    """A council's name as people say it: "London Borough of Sutton" is Sutton."""
    name, before = council.split(" (")[0], ""
    while before != name:
        before, name = name, _FILLERS.sub("", name)
    return name or council


class Gazetteer:
    """Finds places in a text, by the library's councils first, then all councils of the UK."""

    def __init__(self, cases: Iterable[CaseStudy]) -> None:
        known = {council for case in cases for council in case.councils}
        self._councils: dict[str, list[str]] = {}
        self._known = known
        self._official = {one.name: one for one in councils()}
        for one in self._official.values():
            for short in (*one.shorts, one.name.lower()):
                self._add(short, one.name)
        for council in known:
            self._add(short_name(council), council)
            self._add(council, council)
        for council in known.difference(self._official):
            # "Oxford City Council and 12 partner councils" is found by "Oxford" too.
            for member in self._inside(council):
                self._councils[member].append(council)

    def _add(self, short: str, council: str) -> None:
        key = " ".join(words(short))
        if key and key not in _REGIONS and key not in _NATIONS:
            names = self._councils.setdefault(key, [])
            if council not in names:
                names.append(council)

    def _inside(self, council: str) -> list[str]:
        tokens = words(council)
        spans = (
            " ".join(tokens[first:last])
            for first in range(len(tokens))
            for last in range(first + 1, min(first + _LONGEST, len(tokens)) + 1)
        )
        return [
            one for one in spans if one in self._councils and council not in self._councils[one]
        ]

    @property
    def vocabulary(self) -> set[str]:
        """Every word of a place's name, for the speller."""
        return {
            word for key in (*self._councils, *_REGIONS, *_NATIONS, *_KINDS) for word in key.split()
        }

    def find(self, text: str) -> Places:
        """The places named in a text, the longest name winning where names overlap."""
        tokens = words(re.sub(r"['’]s\b", "", _APART.sub(" ", text)))
        councils: list[str] = []
        groups: dict[str, list[str]] = {"region": [], "nation": [], "kind": []}
        named: set[str] = set()
        place = 0
        while place < len(tokens):
            for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
                key = " ".join(tokens[place : place + length])
                if key in _NOT_PLACES or self._note(key, councils, groups):
                    named.update(() if key in _NOT_PLACES else key.split())
                    place += length - 1
                    break
            place += 1
        known = [council for council in councils if council in self._known]
        missing = [] if known else [council for council in councils if council not in self._known]
        beside = councils[-1] if known and councils[-1] not in self._known else ""
        return Places(
            tuple(dict.fromkeys(known)),
            tuple(dict.fromkeys(missing[:1])),
            tuple(dict.fromkeys(groups["region"])),
            tuple(dict.fromkeys(groups["nation"])),
            tuple(dict.fromkeys(groups["kind"])),
            frozenset(named),
            beside,
        )

    def council(self, text: str) -> str:
        """The one council that a text names, "" where it names none or several."""
        found = self.find(text)
        named = [one for one in found.councils or found.missing if one in self._official]
        return named[0] if len(named) == 1 else ""

    def known(self, council: str) -> Council:
        """What is known of a council, as an officer wrote it."""
        found = self._official.get(council) or self._official.get(self.council(council))
        return found or Council(council)

    def names(self, council: str) -> tuple[str, ...]:
        """The names by which `Places` may hold a council, as an officer wrote it."""
        both = (self.find(council), self.find(short_name(council)))
        return (council, *(name for one in both for name in one.councils or one.missing))

    def opening(self, text: str) -> str:
        """The place that a text begins with, by the longest of its names, as words; or ""."""
        tokens = words(text)[:_LONGEST]
        begun = (" ".join(tokens[:length]) for length in range(len(tokens), 0, -1))
        return next((one for one in begun if self._is_place(one)), "")

    def admits(self, places: Places, council: str) -> bool:
        """Whether a council, as an officer wrote it, lies in the places named."""
        found = self.find(council)
        names = found.councils or found.missing
        one = next((self._official[name] for name in names if name in self._official), Council(""))
        return places.admits(names, one.region, one.nation, one.kind)

    def _note(self, key: str, councils: list[str], groups: dict[str, list[str]]) -> bool:
        for sort, names in (("region", _REGIONS), ("nation", _NATIONS), ("kind", _KINDS)):
            if key in names:
                groups[sort].append(names[key])
                return True
        owner = key.removesuffix("s")  # "derbys bots": whose, with the apostrophe left out
        if key not in self._councils or (not self._has_known(key) and self._has_known(owner)):
            key = owner
        if key in self._councils:
            found = self._councils[key]
            councils.extend([council for council in found if council in self._known] or found)
            return True
        return False

    def _is_place(self, key: str) -> bool:
        return any(key in names for names in (self._councils, _REGIONS, _NATIONS, _KINDS))

    def _has_known(self, key: str) -> bool:
        return any(council in self._known for council in self._councils.get(key, ()))
