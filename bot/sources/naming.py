"""Which council a text tells of: by its address, its title, and how often and early it is named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from bot.answers.councils import Council, councils
from bot.answers.language import words
from bot.answers.places import short_name

_BY_HOST, _IN_TITLE, _EARLY, _LATER, _SHORT = 6.0, 4.0, 2.0, 1.0, 0.5
_MOST_LATER, _MOST_SHORT = 4.0, 2.0  # of what names further down, and short ones, count together
_CLEAR, _TIMES = 2.0, 1.5  # from which it is clear, and how far before the next
_BEGINNING = 600  # characters
_LONGEST = 7  # words of a council's name
_COUNCIL = frozenset({"council", "authority"})
# Short names that are words as well, or as often mean another place or body.
_DOUBTFUL = frozenset(
    {
        *("abc", "barking", "bath", "borders", "boro", "boston", "bury", "causeway", "cleveland"),
        *("christchurch", "cov", "eden", "hart", "highland", "highlands", "mea", "perth"),
        *("reading", "richmond", "rugby", "westminster", "wolves"),
    }
)
_TOKEN = re.compile(r"[\w&'’-]+")


class Councils:
    """The councils of the UK by what they are called."""

    @cached_property
    def by_name(self) -> dict[str, Council]:
        """By the official name, in lower case."""
        return {one.name.lower(): one for one in councils()}

    def named(self, name: str) -> str:
        """The official name of a council as a person wrote it, "" for none that is known."""
        found = self.by_name.get(" ".join(name.lower().split()))
        return found.name if found else self._short.get(_key(name), "")

    def of_host(self, host: str) -> str:
        """The council whose site it is, "" for none: `anytown.gov.uk`."""
        parts = host.lower().rstrip(".").split(".")
        if parts[-2:] not in (["gov", "uk"], ["gov", "scot"], ["gov", "wales"]) or len(parts) < 3:
            return ""
        return self._joined.get(parts[-3].replace("-", ""), "")

    def told_of(self, title: str, text: str, host: str) -> str:
        """The one council that a text tells of, "" where that is not clear."""
        counted: dict[str, float] = defaultdict(float)
        if site := self.of_host(host):
            counted[site] += _BY_HOST
        for name in {name for name, _, _ in self._mentions(title)}:
            counted[name] += _IN_TITLE
        self._count(text, counted)
        ranked = sorted(((score, name) for name, score in counted.items()), reverse=True)
        (score, best), (next_best, _) = [*ranked, (0.0, ""), (0.0, "")][:2]
        return best if score >= _CLEAR and score >= _TIMES * next_best else ""

    def _count(self, text: str, counted: dict[str, float]) -> None:
        """Add what names in the text count, those that stand early more."""
        later: dict[str, float] = defaultdict(float)
        short: dict[str, float] = defaultdict(float)
        for name, place, whole in self._mentions(text):
            if whole and place < _BEGINNING:
                counted[name] += _EARLY
            elif whole:
                later[name] += _LATER
            else:
                short[name] += _SHORT
        for found, most in ((later, _MOST_LATER), (short, _MOST_SHORT)):
            for name, score in found.items():
                counted[name] += min(score, most)

    def _mentions(self, text: str) -> Iterable[tuple[str, int, bool]]:
        """Each council named, where, and whether by more than its short name. Only what is written
        with capitals counts: reading is no council, Reading may be one."""
        tokens = list(_TOKEN.finditer(text))
        place = 0
        while place < len(tokens):
            name, length, whole = self._at(tokens, place)
            if name:
                yield name, tokens[place].start(), whole
            place += length

    def _at(self, tokens: list[re.Match[str]], place: int) -> tuple[str, int, bool]:
        """The council whose name begins at a token, by the longest of its names."""
        if not _capital(tokens[place]):
            return "", 1, False
        found = [_bare(one[0]) for one in tokens[place : place + _LONGEST]]
        for length in range(len(found), 0, -1):
            run = found[:length]
            if not _capital(tokens[place + length - 1]):
                continue
            if length == 1 and run[0].lower() in _DOUBTFUL:
                break
            if name := self.named(" ".join(run)):
                return name, length, run[-1].lower() in _COUNCIL or "of" in run
        return "", 1, False

    @cached_property
    def _short(self) -> dict[str, str]:
        """By short names; one that several have goes to the only one that still is, or to none."""
        owners: dict[str, set[Council]] = {}
        for one in councils():
            for short in {*map(_key, one.shorts), _key(short_name(one.name)), _key(one.name)}:
                owners.setdefault(short, set()).add(one)
        return {short: name for short, held in owners.items() if (name := _only(held))}

    @cached_property
    def _joined(self) -> dict[str, str]:
        return {
            "".join(c for c in short if c.isalnum()): name for short, name in self._short.items()
        }


def _only(owners: set[Council]) -> str:
    there = [one for one in owners if not one.past] or list(owners)
    return there[0].name if len(there) == 1 else ""


def _key(name: str) -> str:
    """A name as it is looked up: "Anytown Council" and "Anytown" are one."""
    return " ".join(words(name)).removesuffix(" council")


def _bare(token: str) -> str:
    return re.sub(r"['’]s$|['’]$", "", token)


def _capital(token: re.Match[str]) -> bool:
    return token[0][:1].isupper()
