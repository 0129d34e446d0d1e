"""What a question asks for, so that two can be told apart: sorts of thing, numbers, marks."""

from __future__ import annotations

import re

from bot.answers.hearing import parts
from bot.answers.language import words
from bot.answers.patterns import SHAPES
from bot.answers.reading import Reading, wanted

_ORDINALS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth"}
_NAMES = "two three four five six seven eight nine ten eleven twelve"
_NUMBERS = {name: str(number) for number, name in enumerate(_NAMES.split(), start=2)}
_COUNTED = re.compile(r"\d[\d,.]*")
_FIRST_STEPS = re.compile(r"\bfirst (?=steps?\b|things?\b)")
_NAMED = frozenset({*_ORDINALS.values(), "last", "half", "double", "both"})
_NOT = re.compile(r"\b(?:not|never|no|without|except|cannot)\b|n't\b")
_WHY = re.compile(r"\bwhy\b|\breasons?\b|\bhow come\b|\bwhat made\b|\bbecause\b")
_TIMES = re.compile(r"\b(?:before|previous|former|next|still|besides|yet)\b")
_POINTS = re.compile(r"\b(?:this|that|it|they|them|those|these)\b")
_ASKS = re.compile(r"\b(?:what|which|who|whose|when|where|why|how)\b")

# What is asked for, before the sort of thing that `reading` sees: the first counts.
KINDS = ("questions", "steps", "compare", "cases")
_SORTS = (
    ("cases", re.compile(r"\bwho (?:has|have|does)\b")),
    (
        "who",
        re.compile(
            r"\bwh(?:at|ich) (?:\w+ )?(?:organisation|team|firm|company|person|supplier|agency"
            r"|consultancy|developer|director)s?\b|\bin charge of\b"
            r"|\bname of the (?:\w+ )?(?:person|sponsor|firm|supplier|director)\b"
        ),
    ),
    ("amount", re.compile(r"\b(?:cost|price|total value|worth)\b")),
    ("duration", re.compile(r"\bfrequency\b")),
    ("figure", re.compile(r"\b(?:figures?|targets?|statistics?|rate)\b")),
    ("steps", re.compile(r"\bhow (?:to|do|can)\b.*\b(?:begin|start|kick off)\b")),
    ("names", SHAPES["names"]),
)
_OPEN = ("", "whether", "how", "where", "figure")  # said in many ways, so no sort of their own


def sought(reading: Reading) -> tuple[str, ...]:
    """The sort of thing that each part of a question wants; "" where it does not say."""
    return tuple(sorted(_sort(part) for part in parts(reading.text)))


def marks(reading: Reading) -> tuple[object, ...]:
    """What must be the same of two questions that want the same answer: places, years, numbers,
    outcomes, whether it is asked why, what is not, and when; and how many things are asked."""
    text = reading.text
    return (
        where_and_when(reading),
        frozenset(reading.outcomes),
        _numbers(text),
        bool(_NOT.search(text)),
        bool(_WHY.search(text)),
        frozenset(_TIMES.findall(text)),
        max(1, len(_ASKS.findall(text))),
    )


def where_and_when(reading: Reading) -> tuple[frozenset[str | int], ...]:
    """The places and years that a question names."""
    places = reading.places
    named = (places.councils, places.missing, places.regions, places.nations, places.kinds)
    return (*(frozenset(one) for one in named), frozenset(reading.years))


def stands(reading: Reading) -> bool:
    """Whether a question says what it is about: "is it any good?" does not."""
    told = bool(reading.topic or reading.places or reading.outcomes)
    return told and (len(reading.topic) > 2 or not _POINTS.search(reading.text))


def _numbers(text: str) -> frozenset[str]:
    """Every number and ordinal that a text names."""
    told = words(_FIRST_STEPS.sub(" ", text))
    said = (_ORDINALS.get(one, _NUMBERS.get(one, one)) for one in told)
    return frozenset(one for one in said if one in _NAMED or _COUNTED.fullmatch(one))


def _sort(text: str) -> str:
    for kind in KINDS:
        if SHAPES[kind].search(text):
            return kind
    wants = wanted(text)
    if wants not in _OPEN:
        return wants
    return next((sort for sort, pattern in _SORTS if pattern.search(text)), "")
