"""A message put right: greetings and orders taken off, words corrected, its questions apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import wording
from bot.answers.evidence import Vector
from bot.answers.language import (
    LONGEST,
    Speller,
    has_words,
    only_assent,
    only_thanks,
    visible,
    without_greeting,
    without_orders,
    words,
)
from bot.answers.patterns import SERVES, any_of
from bot.conversation import Reply

_SPLIT = any_of(
    r"(?:[?!]+|\s*,?\s+(?:and|also|plus|&))\s+(?:and |also |then )?(?=(?:how|who|who's|when|what"
    r"|what's|which|where|why|did|does|is there|was|were)\b)",
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message ready to be answered: its one or two questions in corrected words, a vector
    for each and, of two, one for the whole; and whether orders were taken out of it."""

    parts: tuple[str, ...]
    vectors: tuple[Vector, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a message asks, in corrected words; and whether orders were taken out of it."""

    text: str
    ordered: bool


def told(message: str, speller: Speller) -> Told | Reply:
    """What a message asks; or the reply to nothing."""
    if len(message) > LONGEST:
        return Reply("invalid", wording.TOO_LONG)
    text = visible(message)
    if not has_words(text):
        return Reply("invalid", wording.EMPTY)
    kept, ordered = without_orders(text)
    if only_thanks(kept):
        return Reply("help", wording.WELCOME)
    if only_assent(kept):
        return Reply("help", wording.GO_ON)
    asked = without_greeting(kept)
    if not has_words(asked):
        return Reply("declined", wording.ORDERS) if ordered else Reply("help", wording.HELLO)
    return Told(speller.correct(asked), ordered)


def parts(text: str) -> Sequence[str]:
    """A message as the one or two questions in it; a short opening stays with what follows."""
    if SERVES.search(text):
        return [text]  # a project is described and asked about in several sentences
    found = [part.strip(" ,.;") for part in _SPLIT.split(text)]
    kept: list[str] = []
    for part in found:
        if kept and (len(words(part)) < 3 or len(words(kept[-1])) < 3):
            kept[-1] = f"{kept[-1]} {part}"
        elif part:
            kept.append(part)
    return kept[:2] if len(kept) <= 2 else [" ".join(kept)]
