"""A sentence as the checks see it: its words, its names, its figures, and the signs between."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"(?P<figure>[£$€]?\d(?:,?\d)*(?:\.\d+)?(?:(?:bn|m|k|p)\b|%|(?:st|nd|rd|th)\b)?)"
    r"|(?P<word>[^\W\d_]+(?:['’&-][^\W\d_]+)*)"
    r"|(?P<sign>[,;:()])"
)
_PARTS = re.compile(r"([£$€]?)(\d(?:,?\d)*(?:\.\d+)?)(bn|m|k|p|%|st|nd|rd|th)?")
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_NUMBERS: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_ONES)},
    **{word: 10.0 * value for value, word in enumerate(_TENS, 2)},
    "dozen": 12.0,
}
_WHOLE_TENS = frozenset(10.0 * value for value in range(2, 10))
_TIMES = {
    **{"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9},
    **{"k": 1e3, "m": 1e6, "bn": 1e9},
}
_NTH = ("st", "nd", "rd", "th")
_SHARES = ("cent", "percent", "percentage")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a figure with its `value` and unit, or a `sign` between them. `name` where a word is
    written with a capital."""

    text: str
    word: str = ""
    value: float | None = None
    unit: str = ""
    name: bool = False
    sign: bool = False

    @property
    def form(self) -> str:
        """What two tokens are held equal by."""
        return self.word if self.value is None else f"{self.unit}{self.value:.12g}"

    @property
    def lower(self) -> str:
        return self.text.lower().replace("’", "'")

    @property
    def year(self) -> bool:
        """Whether it may be a year."""
        return self.value is not None and not self.unit and 1900 <= self.value < 2100


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[Token, ...]:
    """What stands in a text, in its order; a figure in words is one too."""
    found = list(_raw(text))
    joined, place = [], 0
    while place < len(found):
        token, taken = _counted(found, place)
        joined.append(token)
        place += taken
    return tuple(joined)


def _raw(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text.replace("per cent", "percent")):
        if match["figure"]:
            yield _figure(match[0])
        elif match["sign"]:
            yield Token(match[0], sign=True)
        else:
            yield from _words(match[0])


def _words(told: str) -> Iterator[Token]:
    """A word, or the parts of one with hyphens."""
    for part in told.split("-"):
        lower = part.lower().replace("’", "'").removesuffix("'s")
        if lower:
            yield Token(part, lower, name=part[0].isupper())


def _figure(told: str) -> Token:
    found = _PARTS.fullmatch(told)
    if found is None:
        raise ValueError(f"not a figure: {told}")
    sign, digits, suffix = found[1], found[2].replace(",", ""), found[3] or ""
    unit = "nth" if suffix in _NTH else sign + (suffix if suffix in ("p", "%") else "")
    return Token(told, value=float(digits) * _TIMES.get(suffix, 1.0), unit=unit)


def _counted(found: list[Token], place: int) -> tuple[Token, int]:
    """The token at a place, with what stands behind it and belongs to it; how many it took."""
    counted = _in_words(found[place])
    value, taken = counted.value, 1
    if value is None:
        return counted, 1
    unit = counted.unit
    while place + taken < len(found):
        following = found[place + taken].lower
        if following in _TIMES:
            value *= _TIMES[following]
        elif following in _SHARES:
            unit += "%"
        elif value in _WHOLE_TENS and 0 < _NUMBERS.get(following, 0) < 10:
            value += _NUMBERS[following]
        else:
            break
        taken += 1
    text = " ".join(one.text for one in found[place : place + taken])
    return Token(text, value=value, unit=unit), taken


def _in_words(token: Token) -> Token:
    if token.lower in _NUMBERS:
        return Token(token.text, value=_NUMBERS[token.lower])
    if token.lower in _ORDINALS:
        return Token(token.text, value=_ORDINALS.index(token.lower) + 1.0, unit="nth")
    return token
