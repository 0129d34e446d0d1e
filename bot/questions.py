"""Questions that nobody could answer yet, and the answers that somebody stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Verdict = Literal["up", "down"]
Cause = Literal["unsure", "down", "passed on"]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One that was asked and not answered, without personal details. `cause`: the bot did not
    know, an officer found the answer wrong (`why` says in which way, if they said), or the asker
    passed it on. `channel`, `place` and `link` as in `conversation.Origin`, "" where it was not
    asked openly. `asker` is the random key of who wants to be told of an answer, "" for nobody."""

    community: str
    id: str
    channel: str
    platform: str
    place: str
    link: str
    text: str
    asked_at: datetime
    cause: Cause = "unsure"
    why: str = ""
    asker: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """An answer that an officer stands for until a day, that day included. `question` is the one
    it answers; `wordings` are others in which the same was asked, without personal details.
    `sources` are ids of texts and https links. `by` is how they want to be named, `author` their
    random key; both are "" where they were erased."""

    community: str
    id: str
    question: str
    answer: str
    sources: tuple[str, ...]
    by: str
    author: str
    until: date
    written_at: datetime
    wordings: tuple[str, ...] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The question and its other wordings: each has a vector, in this order."""
        return (self.question, *self.wordings)


@dataclass(frozen=True, slots=True)
class Expert:
    """An officer who asked to look after answers, known by their random key; `named` once an
    administrator agreed. `name` is how they want to be named."""

    key: str
    name: str
    named: bool
    asked_at: datetime
