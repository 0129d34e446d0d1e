"""A question read: what kind of answer it wants, about which outcomes, places and years."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from bot.answers.language import words
from bot.answers.patterns import (
    ASKING,
    HISTORY,
    LISTING,
    NUMBERED,
    OUTCOME_WORD,
    SHAPES,
    WANTS,
    Wants,
)
from bot.answers.places import Gazetteer, Places, short_name
from bot.answers.stems import stem
from bot.answers.vocabulary import STOP
from knowledge.library import Outcome

Ask = Literal[
    "list",
    "compare",
    "names",
    "questions",
    "steps",
    "meaning",
    "project",
    "cases",
    "history",
    "fact",
]
ASKS: tuple[Ask, ...] = get_args(Ask)
_LONGEST_NAME = 6
# Covered terms that more often say who asks, or nothing in particular.
_ASKERS = frozenset({"scrutiny", "governance", "cabinet member", "website", "benefits", "trust"})

# How each thing seen moves each kind of answer, in log-odds. Chosen on the tuned half.
_SHIFTS: Mapping[str, Mapping[Ask, float]] = {
    "list": {"list": 2.0},
    "all twelve": {"list": 4.0},
    "parts of 2024": {"list": -4.0, "names": 2.0, "meaning": -1.0},
    "compare": {"compare": 2.0},
    "names": {"names": 0.8},
    "questions": {"questions": 1.5},
    "steps": {"steps": 1.2},
    "meaning": {"meaning": 0.6},
    "cases": {"cases": 2.0},
    "history": {"history": 1.2, "names": 0.8},
    "who": {"cases": 1.0, "steps": -0.5},
    "bare": {"cases": 1.5},
    "project": {"project": 0.4},
    "serves": {"project": 1.5, "list": -1.0},
    "figure": {
        "fact": 0.8,
        "history": 0.4,
        "meaning": -1.0,
        "steps": -1.8,
        "questions": -1.5,
        "cases": -0.8,
        "list": -1.5,
    },
    "council": {
        "fact": 1.0,
        "cases": 0.6,
        "meaning": -2.0,
        "list": -3.0,
        "compare": -2.0,
        "names": -2.0,
        "history": -1.0,
        "steps": -1.5,
        "questions": -1.5,
    },
    "area": {"cases": 0.8, "list": -2.0, "meaning": -1.0, "questions": -0.8, "names": -0.8},
    "outcome": {"meaning": 0.4, "steps": 0.4, "questions": 0.4, "names": 0.3},
    "no outcome": {"meaning": -1.0, "names": -0.3},
    "nothing of a framework": {"names": -2.5, "history": -1.5, "list": -2.0},
    "no outcome word": {"project": -2.5, "list": -3.0},
    "past year": {"cases": 0.6, "fact": 0.6, "steps": -0.8},
    "framework year": {"names": 0.8, "history": 0.4},
}
CLOSE = 1.5  # log-odds within which the second kind of answer may well be the one wanted
_YEAR = re.compile(r"\b(20[012]\d)\b")
_OWN = re.compile(
    r"\b(?:we(?:'re| are)|i'?m|i am|us|here|our)\s+"
    r"(?:(?:a|an|at|in|from|the|just|both|only|based|small|large|big|rural|work|council) +)*$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One question, read. `text` is corrected and lower case; `topic` is what is left of it
    when the words of asking and the places are taken away, in order. `outcomes` are named;
    `terms` are those named or whose terms are, the longest term winning. `close` is the kind of
    answer that comes a close second; `shaped` says the words alone ask for one of ours. What is
    `hidden` in the community it was asked in is not to be shown there. By the classifier, the
    question is ours as likely as `within`, and wants this kind of answer as likely as `likely`."""

    text: str
    ask: Ask
    wants: Wants
    topic: tuple[str, ...]
    outcomes: tuple[str, ...]
    terms: tuple[str, ...]
    places: Places
    years: tuple[int, ...]
    listing: bool = False
    close: Ask | None = None
    shaped: bool = False
    hidden: frozenset[str] = frozenset()
    within: float = 1.0
    likely: float = 1.0

    @property
    def asked(self) -> frozenset[str]:
        """The stems of the words that carry the question's subject."""
        return frozenset(stem(word) for word in self.topic)


class Reader:
    """Reads questions against one library's outcomes and places."""

    def __init__(
        self, outcomes: Sequence[Outcome], frameworks: Sequence[str], gazetteer: Gazetteer
    ) -> None:
        self._gazetteer = gazetteer
        self._aliases: Mapping[str, str] = {
            " ".join(words(alias)): outcome.id
            for outcome in outcomes
            for alias in (
                *outcome.aliases,
                outcome.id.replace("-", " "),
                outcome.name_2022,
                outcome.name_2023,
            )
        }
        covered = {
            " ".join(words(term)): one.id
            for one in outcomes
            for term in one.covers
            if term not in _ASKERS
        }
        self._terms: Mapping[str, str] = {**self._aliases, **covered}
        self.outcome_ids = frozenset(outcome.id for outcome in outcomes)
        self.framework_ids = self.outcome_ids.union(frameworks)

    def read(self, text: str, likely: Mapping[str, float] | None = None) -> Reading:
        """`text` is corrected; `likely` is how likely the classifier finds each kind of answer."""
        outcomes = self.outcomes(text)
        places = self._places(text)
        years = tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text)))
        ask, close = _decide(text, outcomes, places, likely or {})
        known = likely or dict.fromkeys(ASKS, 1 / len(ASKS))
        return Reading(
            text=text,
            ask=ask,
            close=close,
            shaped=_bare(text)
            or any(SHAPES[name].search(text) for name in ("cases", "serves", "history")),
            wants=wanted(text),
            topic=self._topic(text, places),
            outcomes=outcomes,
            terms=self._named(text, self._terms),
            places=places,
            years=years,
            listing=bool(LISTING.search(text)),
            within=sum(known.get(one, 0.0) for one in ASKS),
            likely=known.get(ask, 0.0),
        )

    def outcomes(self, text: str) -> tuple[str, ...]:
        """The outcomes a text names by any of their names, in the order of naming."""
        return self._named(text, self._aliases)

    def _named(self, text: str, names: Mapping[str, str]) -> tuple[str, ...]:
        tokens, found, place = words(text), [], 0
        while place < len(tokens):
            for length in range(min(_LONGEST_NAME, len(tokens) - place), 0, -1):
                outcome = names.get(" ".join(tokens[place : place + length]))
                if outcome:
                    found.append(outcome)
                    place += length - 1
                    break
            place += 1
        return tuple(dict.fromkeys(found))

    def _places(self, text: str) -> Places:
        places = self._gazetteer.find(text)
        first = next((word for word in words(text) if word in places.named), "")
        own = bool(first) and bool(_OWN.search(text[: text.find(first)]))
        if own:
            return Places(named=places.named)
        last = text.rfind(short_name(places.beside).lower()) if places.beside else -1
        if last > 0 and not _OWN.search(text[:last]):
            return replace(places, councils=(), missing=(places.beside,))
        return places

    def _topic(self, text: str, places: Places) -> tuple[str, ...]:
        plain = (word.removesuffix("'s") for word in words(text) if word not in STOP)
        return tuple(
            word
            for word in plain
            if word not in STOP
            and word not in places.named
            and word.removesuffix("s") not in places.named
            and (not word.isdigit() and len(word) > 1)
        )


def wanted(text: str) -> Wants:
    """The sort of thing a question asks for: an amount, a date, a name …"""
    return next((sort for sort, pattern in WANTS if pattern.search(text)), "")


def _decide(
    text: str, outcomes: Sequence[str], places: Places, likely: Mapping[str, float]
) -> tuple[Ask, Ask | None]:
    """The kind of answer wanted: what the classifier finds likely, moved by the words seen.

    With it the next likeliest kind, where the two are close."""
    scores: dict[Ask, float] = {ask: math.log(likely.get(ask, 0.0) + 0.02) for ask in ASKS}
    for seen in _seen(text, outcomes, places):
        for ask, shift in _SHIFTS[seen].items():
            scores[ask] += shift
    if len(outcomes) < 2:
        scores["compare"] -= 2.0
    first, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    return first, second if scores[first] - scores[second] < CLOSE else None


def _seen(text: str, outcomes: Sequence[str], places: Places) -> Iterator[str]:
    """What a text shows that speaks for or against a kind of answer; keys of `_SHIFTS`."""
    shapes = {name for name, pattern in SHAPES.items() if pattern.search(text)}
    yield from shapes
    yield "outcome" if outcomes else "no outcome"
    if _bare(text):
        yield "bare"
    if wanted_figure(text):
        yield "figure"
    if places.councils or places.missing:
        yield "council"
    elif places:
        yield "area"
    if not OUTCOME_WORD.search(text):
        yield "no outcome word"
        of_framework = shapes & {"history", "framework year"} or ("names" in shapes and outcomes)
        if not of_framework:
            yield "nothing of a framework"


def _bare(text: str) -> bool:
    """Whether a text only names a topic: a few words, none of them asking."""
    return 2 <= len(words(text)) <= 8 and not ASKING.search(text)


def about_frameworks(text: str) -> bool:
    """Whether a text names the frameworks, their makers or their programmes."""
    return bool(HISTORY.search(text))


def wanted_figure(text: str) -> bool:
    """Whether a figure or a date is asked for."""
    return wanted(text) in NUMBERED
