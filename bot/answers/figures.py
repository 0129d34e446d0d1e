"""Whether a sentence holds the sort of thing a question asks for: an amount, a date, a name …"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.answers.patterns import NUMBERED, Wants, any_of
from bot.answers.stems import stem, stems

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
_COUNTED = any_of(r"\b(?:how many|number of)\s+((?:[\w'-]+\s+){0,2}[\w'-]+)")
# Figures that count nothing: dates, money, shares.
_UNCOUNTED = any_of(
    rf"\b\d{{1,2}}(?:-\d{{1,2}})? (?:{_MONTHS})\b",
    r"\b(?:19|20)\d\d(?:-\d\d)?\b",
    r"£[\d.,]+(?:m|bn)?",
    r"\b\d+(?: to (?:over )?\d+)? per cent\b",
)
_NAME = any_of(rf"(?<=[\w,;:)] )(?!(?:{_MONTHS})\b)[A-Z][\w'’&-]+")


def holds(text: str, wants: Wants, about: frozenset[str]) -> bool:
    """Whether a sentence holds this sort of thing; a name counts if it is not in `about`."""
    if wants == "who":
        return any(stem(name.lower()) not in about for name in _NAME.findall(text))
    if wants == "count":
        text = _UNCOUNTED.sub(" ", text)
    sort = _SORTS.get(wants)
    return sort is None or bool(sort.search(text))


def speaks_of(text: str, question: str, wants: Wants) -> bool:
    """Whether a sentence is about the saving, or the things, whose amount or number is asked."""
    if wants == "amount" and _SAVING_ASKED.search(question):
        return bool(_SAVING.search(text))
    counted = _COUNTED.search(question) if wants == "count" else None
    return not counted or bool(stems(counted.group(1), telling=True) & stems(text))
