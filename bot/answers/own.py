"""Texts that a community brought in, where nothing else would let them speak: named by their
title, outside of what the shipped texts are about, or where an outcome's own text answers first."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.answers import wording
from bot.answers.cases import CaseAnswers, quoted
from bot.answers.draft import Composer, Draft, Quote
from bot.answers.evidence import Evidence, Statement, Vector
from bot.answers.kinds import Kinds
from bot.answers.language import words
from bot.answers.naming import Titles
from bot.answers.patterns import NUMBERED
from bot.answers.places import Places
from bot.answers.reading import Ask, Reader, Reading
from indexer.search import Index

# How surely a text must speak to a question (`Found.sure`), and how near its nearest sentence must
# be, to be given where nothing else answers, to stand above what an outcome's own text says, and
# where the question names that outcome. Chosen with the shipped questions asked beside texts that
# do not answer them; see docs/answers.md.
INSTEAD, ABOVE, ABOVE_NAMED = (0.65, 0.45), (0.6, 0.5), (0.7, 0.62)
SAME = 0.6  # a cosine at which a sentence says what is asked
CLOSELY = 3  # sentences of a text that may answer
MOST, MOST_BELOW = 2, 3  # quotes of it, and of an outcome's below them
_OF_OUTCOMES: tuple[Ask, ...] = (
    "compare",
    "names",
    "questions",
    "steps",
    "meaning",
    "history",
    "project",
)
_OF_TEXTS = frozenset(
    words(
        "report reports guidance guide paper document text page chapter say says said tell tells "
        "according recommend recommends recommended recommendation recommendations find finds "
        "finding findings summary summarise mention mentions called titled entitled title named"
    )
)
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|half"
    r"|quarter|third|dozen|hundred|thousand|million|once|twice"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july"
    r"|august|september|october|november|december)\b",
    re.IGNORECASE,
)


class OwnAnswers:
    """Answers from the texts of one index that were brought in; there may be none."""

    def __init__(
        self,
        index: Index,
        reader: Reader,
        evidence: Evidence,
        composer: Composer,
        cases: CaseAnswers,
        kinds: Kinds,
    ) -> None:
        self._index, self._reader, self._evidence = index, reader, evidence
        self._composer, self._cases, self._kinds = composer, cases, kinds
        own = [one for one in index.library.tellings if one.brought]
        self._own = frozenset(one.id for one in own)
        self._titles = Titles(own, evidence.ordinary)

    def instead(self, early: Draft | None, reading: Reading, vector: Vector) -> Draft | None:
        """The answer to a question that names a text by its title, or that was to be declined as
        none of our business though a text surely speaks to it; else None."""
        if not self._own:
            return None
        if named := self.named(reading):
            return named
        found = self.beside(early, reading, vector) if early else early
        return found if found is not early else None

    def named(self, reading: Reading) -> Draft | None:
        """The answer from the text that a question names by its title; None where it names none."""
        named = self._titles.named(reading.text, reading.hidden)
        return self._said(named.document, named.rest, reading) if named else None

    def beside(self, draft: Draft, reading: Reading, vector: Vector) -> Draft:
        """The draft; or what surely speaks to the question in a text that was brought in, instead
        of an answer that could not be given, and above one from an outcome's own text."""
        above = draft.status == "answered" and reading.ask in _OF_OUTCOMES and not draft.whole_list
        instead = draft.status == "unsure" or draft.lead == wording.OUTSIDE
        first = draft.documents[:1] if draft.status == "answered" else ()
        if not self._own or not (above or instead) or self._own & {*first}:
            return draft
        higher = ABOVE_NAMED if reading.outcomes else ABOVE
        told = self._telling(reading, vector, *(higher if above else INSTEAD))
        if not told:
            return draft
        label = self._composer.label(told[0].document)
        quotes = tuple(quoted(one, label) for one in told[:MOST])
        if instead:
            return Draft("answered", "", quotes)
        return replace(draft, lead="", quotes=(*quotes[:1], *self._below(draft)))

    def _below(self, draft: Draft) -> Sequence[Quote]:
        """What an outcome's own text says; its lead, which is of that text alone, before it."""
        first, *more = draft.quotes[:MOST_BELOW]
        label = draft.lead.rstrip(":")
        return (replace(first, label=label) if label and not first.label else first, *more)

    def _said(self, document: str, rest: str, reading: Reading) -> Draft:
        """What one text says of the rest of a question; how it begins, where nothing is left."""
        asked = self._reader.read(rest)
        topic = tuple(one for one in (*asked.topic, *asked.places.named) if one not in _OF_TEXTS)
        if not topic:
            return self._cases.about(document)
        asked = replace(asked, ask="fact", topic=topic, places=Places(), hidden=reading.hidden)
        vector: Vector = self._index.encode([rest])[0]
        return self._kinds.weighed(self._cases.fact(asked, vector, [document]))

    def _telling(
        self, reading: Reading, vector: Vector, least: float, near: float
    ) -> Sequence[Statement]:
        """The sentences of the text that surely speaks to a question, that which answers first;
        none where no text does."""
        among: Collection[str] = self._cases.admitted(reading, self._own) if reading.topic else ()
        found = self._evidence.find(reading, vector, among, limit=1) if among else []
        if not found or found[0].sure < least or found[0].cosine < near:
            return ()
        told = found[0].statements
        answering = [one for one in told[:CLOSELY] if self._answers(one, reading)][:1]
        return (*answering, *(one for one in told if one not in answering)) if answering else ()

    def _answers(self, statement: Statement, reading: Reading) -> bool:
        """Whether a sentence answers; one in the very words of the question does, if a number
        that is asked for stands in it, however that is written."""
        if self._evidence.answers(statement, reading):
            return True
        counted = reading.wants not in NUMBERED or bool(_NUMBER.search(statement.text))
        return counted and statement.cosine >= SAME
