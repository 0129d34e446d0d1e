"""Whether a sentence holds the sort of thing a question asks for: an amount, a date, a name …"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache

from bot.answers.language import words
from bot.answers.patterns import NUMBERED, Wants, any_of
from bot.answers.stems import stem, stems
from bot.answers.vocabulary import STOP

_NUMBER_WORDS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SPANS = "seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|winters?"
_SORTS: Mapping[Wants, re.Pattern[str]] = {
    "amount": any_of(r"£", r"\bpence\b", r"\d+p\b"),
    "count": any_of(
        r"\d",
        rf"\b(?:{_NUMBER_WORDS}|half|hundreds?|thousands?|once|twice)\b",
        ignore_case=True,
    ),
    "duration": any_of(
        rf"\b(?:\d[\d.,]*|an?|{_NUMBER_WORDS}|few|several|each|every|half)"
        rf"[ -](?:to \d+ )?(?:\w+ )?(?:{_SPANS})\b",
        r"\b(?:nightly|daily|weekly|monthly|yearly|aged?|old)\b",
        r"\b\d+ to \d+\b",
        r"\bover-\d",
        ignore_case=True,
    ),
    "share": any_of(
        r"\bper cent\b",
        r"%",
        r"\bpercentage",
        r"\b(?:half|third|quarter)\b",
        r"\b\w+ in (?:ten|four|three|five)\b",
        ignore_case=True,
    ),
    "date": any_of(r"\b(?:19|20)\d\d\b", rf"\b(?:{_MONTHS}|spring|summer|autumn|winter)\b"),
    "where": any_of(r"\b(?:in|at|on|across|near|covers?|around) (?:the )?[A-Z]"),
}
SORTED: tuple[Wants, ...] = (*NUMBERED, "who", "where")
_SAVING_ASKED = any_of(r"\bsav(?:e|ed|es|ing|ings)\b")
_SAVING = any_of(
    r"\b(?:sav|reduc|cheaper|payback|avoid)",
    r"\b(?:fell|cut|worth|skipped)\b",
    ignore_case=True,
)
_COUNTED = any_of(
    r"\b(?:how many|number of)\s+(?:of the |of |the |these |those )?((?:[\w'-]+\s+){0,2}[\w'-]+)"
)
_NUMERAL = any_of(rf"\d[\d,.]*|(?:{_NUMBER_WORDS}|half|hundreds?|thousands?|once|twice)$")
_TEENS = ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDED = re.compile(
    rf"\b(?:(?P<teen>{'|'.join(_TEENS)})|(?P<tens>{'|'.join(_TENS)})"
    r"(?:[- ](?P<ones>one|two|three|four|five|six|seven|eight|nine))?)\b",
    re.IGNORECASE,
)
_BEHIND = 5  # words behind a number within which stands what it counts
_LITTLE = stems("the of are is were was did do have has a an in on at to their its our it they got")
_PEOPLE = stems("people person who users resident officer member participants attendees came sat")
# Figures that count nothing: dates, money, shares.
_UNCOUNTED = any_of(
    rf"\b\d{{1,2}}(?:-\d{{1,2}})? (?:{_MONTHS})\b",
    r"\b(?:19|20)\d\d(?:-\d\d)?\b",
    r"£[\d.,]+(?:m|bn)?",
    r"\b\d+(?: to (?:over )?\d+)? (?:per cent|pence)\b",
    r"\baged \d+(?: to \d+)?",
)
_UNCOUNTED_DATES = any_of(
    rf"\b\d{{1,2}}(?:-\d{{1,2}})? (?:{_MONTHS})\b", r"\b(?:19|20)\d\d(?:-\d\d)?\b"
)
_FIGURE = any_of(r"\d|£|\bper cent\b", rf"\b(?:{_NUMBER_WORDS}|half|third|quarter)\b")
_NAME = any_of(rf"(?<=[\w,;:)] )(?!(?:{_MONTHS})\b)[A-Z][\w'’&-]+")


_FOCUS = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bhow many ((?:[\w'-]+ ){0,2}[\w'-]+)",
        r"\bnumber of ((?:[\w'-]+ )?[\w'-]+)",
        r"\b(?:what|which|whats|what's) (?:is |was |were |are |did )?(?:the |an? )?"
        r"((?:[\w'-]+ ){0,2}[\w'-]+)",
        r"\bwho (?:is |was |has |did )?([\w'-]+)",
        r"\b(?:how|why|when|where) (?:did|does|do|was|were|is|are|long|much) (?:it |they )?"
        r"((?:[\w'-]+ ){0,2}[\w'-]+)",
    )
)
_TOKEN = re.compile(r"[\w.,]+")
_ORDINAL = re.compile(r"(\d[\d,.]*)(?:st|nd|rd|th|k|m|bn)?")
_IN_FIGURES = {
    **{"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7"},
    **{"eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12"},
    **{"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5"},
}


@lru_cache(maxsize=20_000)
def holds(text: str, wants: Wants, about: frozenset[str]) -> bool:
    """Whether a sentence holds this sort of thing; a name counts if it is not in `about`."""
    if wants == "who":
        return any(stem(name.lower()) not in about for name in _NAME.findall(text))
    if wants == "count":
        text = _UNCOUNTED.sub(" ", text)
    if wants == "figure":
        return bool(_FIGURE.search(_UNCOUNTED_DATES.sub(" ", text)))
    sort = _SORTS.get(wants)
    return sort is None or bool(sort.search(text))


def in_figures(text: str) -> str:
    """A text with the numbers from thirteen to ninety-nine in figures: "Forty-one" is "41"."""
    return _WORDED.sub(lambda found: str(_value(found)), text)


def _value(found: re.Match[str]) -> int:
    tens, ones, teen = (found.group(one) for one in ("tens", "ones", "teen"))
    if teen:
        return _TEENS.index(teen.lower()) + 13
    return 10 * (_TENS.index(tens.lower()) + 2) + (int(_IN_FIGURES[ones.lower()]) if ones else 0)


def counts(text: str, question: str) -> float:
    """How surely a sentence counts what a question wants counted: 1 where that stands behind a
    number, a half where both speak of people, each in another word, else 0."""
    asked = _COUNTED.search(question)
    wanted = (stems(asked.group(1)) if asked else frozenset()) - _LITTLE or _PEOPLE
    tokens = words(_UNCOUNTED.sub(" ", text))
    best = 0.0
    for place, token in enumerate(tokens):
        if not _NUMERAL.match(token):
            continue
        behind = {stem(one) for one in tokens[place + 1 : place + 1 + _BEHIND]}
        if behind & wanted:
            return 1.0
        best = max(best, 0.5 if behind & _PEOPLE and wanted & _PEOPLE else 0.0)
    return best


def speaks_of(text: str, question: str, wants: Wants) -> bool:
    """Whether a sentence is about the saving, or the things, whose amount or number is asked."""
    if wants == "amount" and _SAVING_ASKED.search(question):
        return bool(_SAVING.search(text))
    counted = _COUNTED.search(question) if wants == "count" else None
    return not counted or bool(stems(counted.group(1), telling=True) & stems(text))


def focused(question: str, places: Collection[str]) -> frozenset[str]:
    """The stems of what a question asks for by name: the noun behind "which", the verb behind
    "who"."""
    found = next((match for one in _FOCUS if (match := one.search(question))), None)
    named = words(found.group(1)) if found else ()
    return frozenset(stem(one) for one in named if one not in STOP and one not in places)


def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, in figures: "third" and "3rd" are "3"."""
    found = set()
    for token in _TOKEN.findall(text.lower()):
        bare = token.strip(".,")
        if bare in _IN_FIGURES:
            found.add(_IN_FIGURES[bare])
        elif match := _ORDINAL.fullmatch(bare):
            found.add(match.group(1))
    return frozenset(found)
