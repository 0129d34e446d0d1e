"""Finds the texts and the very sentences that answer a question, and says how sure it is."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answers.figures import SORTED, counts, focused, holds, in_figures, numbers, speaks_of
from bot.answers.language import bids
from bot.answers.ordinary import Ordinary
from bot.answers.patterns import NUMBERED, Wants
from bot.answers.reading import Reading
from bot.answers.stems import stem, stems
from bot.answers.surety import Family, Signals
from indexer.passages import Passage
from indexer.search import Index

Vector = npt.NDArray[np.float32]
_Near = Mapping[str, Sequence[float]]  # cosines of a passage's sentences, by its id

# How a text is ranked: the fused search score, its nearest sentence's cosine, the share of the
# asked-for words it holds, its best sentence's standing, and the share of the asked-for words
# that stand in its title. Chosen on the tuned half.
W_SEARCH, W_COSINE, W_WORDS, W_SENTENCE, W_TITLE = 0.40, 0.30, 0.20, 0.10, 0.30
# How a sentence is ranked beside its cosine: the sort of thing asked, the telling words it
# shares (as a share and each), a figure where none was asked, its length. Fitted on the tuned half.
W_TYPE, W_SHARE, W_EACH, W_FIGURE, W_LENGTH = 0.70, 0.20, 0.22, 0.20, 0.28
RARE = 6  # a word in fewer texts than this says what a question is about
DEPTH = 20  # passages looked at more closely
CONTEXT = 0.8  # what a word counts that stands only in what a passage is about
SAID = 0.5  # of the asked words, what sentences must hold where the title is an ordinary one
CLOSE_ENOUGH = 0.60  # a cosine at which a sentence counts things, whatever it calls them
_FIGURE = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a passage with its standing for the question (about 0 to 1.5)."""

    passage: Passage
    place: int
    score: float
    cosine: float
    fits: bool

    @property
    def text(self) -> str:
        return self.passage.statements[self.place]

    @property
    def document(self) -> str:
        return self.passage.document


@dataclass(frozen=True, slots=True)
class Found:
    """One text, its best sentences first. `covered` is the share of the asked words it holds."""

    document: str
    score: float
    covered: float
    cosine: float
    statements: tuple[Statement, ...]

    @property
    def sure(self) -> float:
        """How well the text as a whole speaks to the question, 0 to 1."""
        return 0.5 * min(self.cosine / 0.75, 1.0) + 0.5 * self.covered


@dataclass(frozen=True, slots=True)
class _Asked:
    """The words a question turns on, each with its weight, and the sort of thing it wants."""

    weights: Mapping[str, float]
    wants: Wants

    def share(self, held: Collection[str]) -> float:
        """The share of the asked words, by weight, that are held; 1.0 when nothing is asked."""
        total = sum(self.weights.values())
        return sum(weight for one, weight in self.weights.items() if one in held) / (total or 1.0)

    def overlap(self, held: frozenset[str], about: frozenset[str]) -> tuple[float, float]:
        """How many of them a sentence holds, and their share by weight.

        A word that stands only in what the passage is about counts a little less.
        """
        each = share = total = 0.0
        for one, weight in self.weights.items():
            value = 1.0 if one in held else CONTEXT if one in about else 0.0
            each += value
            share += weight * value
            total += weight
        return each, share / total if total else 0.0


@dataclass(frozen=True, slots=True)
class _Known:
    """What is worked out of a passage once: the words it holds and is about, by sentence too,
    and what a sentence's length and figures weigh. `bids` are the places of those that give orders
    to whoever answers: in a text that was brought in they are never quoted."""

    words: frozenset[str]
    about: frozenset[str]
    held: tuple[frozenset[str], ...]
    lengths: tuple[float, ...]
    figures: tuple[bool, ...]
    bids: frozenset[int]

    @classmethod
    def of(cls, passage: Passage, *, brought: bool) -> _Known:
        about = stems(f"{passage.context} {passage.heading}")
        return cls(
            words=about | stems(passage.text),
            about=about,
            held=tuple(stems(text) for text in passage.statements),
            lengths=tuple(W_LENGTH * min(len(text), 200) / 200 for text in passage.statements),
            figures=tuple(bool(_FIGURE.search(text)) for text in passage.statements),
            bids=frozenset(
                at for at, one in enumerate(passage.statements) if brought and bids(one)
            ),
        )


class Evidence:
    """Looks things up in one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._brought = frozenset(one.id for one in index.library.texts if one.brought)
        self._known = {
            one.id: _Known.of(one, brought=one.document in self._brought) for one in index.passages
        }
        self._frequency = Counter(word for one in self._known.values() for word in one.words)
        self._documents = {passage.document for passage in index.passages}
        self._titles = {one.id: stems(one.title) for one in index.library.texts}
        self._texts: dict[str, set[str]] = {}
        self._words = {one: frozenset[str]() for one in self._documents}
        self._figures = {
            one.id: numbers(f"{one.title} {getattr(one, 'year', '') or ''}")
            for one in index.library.texts
        }
        for passage in index.passages:
            self._words[passage.document] |= self._known[passage.id].words
            self._figures[passage.document] |= numbers(passage.text)
            for word in self._known[passage.id].words:
                self._texts.setdefault(word, set()).add(passage.document)
        self.ordinary = Ordinary(index.library, self._texts)

    def weight(self, stemmed: str) -> float:
        """How telling a word is: rare words weigh more, words in no text most."""
        return math.log(1 + len(self._known) / (1 + self._frequency.get(stemmed, 0)))

    def documents_with(self, word: str) -> int:
        """How many texts hold a word."""
        return len(self._texts.get(stem(word), ()))

    def naming(self, name: str) -> frozenset[str]:
        """The texts with a sentence that names this place, written as a name is."""
        named = re.compile(rf"\b{re.escape(name)}\b")
        return frozenset(one.document for one in self._index.passages if named.search(one.text))

    def misses(self, found: Found, reading: Reading) -> bool:
        """Whether a text holds none of the rare words asked for, though other texts do."""
        rare = [one for one in reading.asked if 0 < len(self._texts.get(one, ())) < RARE]
        return bool(rare) and not any(found.document in self._texts[one] for one in rare)

    def find(
        self,
        reading: Reading,
        vector: Vector,
        among: Collection[str] | None = None,
        limit: int = 12,
        *,
        titled: bool = False,
    ) -> list[Found]:
        """The texts that speak to the question, best first; only `among` these ids if given.

        One that was brought in with a title such as "Digital inclusion" speaks to it by what its
        sentences say, unless a text is looked for as such, or `titled`, by its title too."""
        asked = self._asked(reading)
        if reading.hidden:
            among = (self._documents if among is None else set(among)) - reading.hidden
        hits = self._index.search(reading.text, vector, limit=DEPTH, among=among)
        hits = [hit for hit in hits if self.sayable(hit.passage)]
        near = self._index.statement_scores([hit.passage for hit in hits], vector)
        by_document: dict[str, list[tuple[Passage, float]]] = {}
        for hit in hits:
            by_document.setdefault(hit.passage.document, []).append((hit.passage, hit.score))
        found = [self._weigh(*one, asked, near) for one in by_document.items()]
        if not titled and (among is None or len(among) != 1):
            found = [one for one in found if self._says(one, asked)]
        return sorted(found, key=lambda one: -one.score)[:limit]

    def sayable(self, passage: Passage) -> tuple[str, ...]:
        """The sentences of a passage that may be quoted."""
        told = self._known[passage.id].bids
        return tuple(one for at, one in enumerate(passage.statements) if at not in told)

    def statements(
        self, passages: Iterable[Passage], reading: Reading, vector: Vector
    ) -> list[Statement]:
        """The sentences of these passages, the one that answers first."""
        asked, given = self._asked(reading), list(passages)
        near = self._index.statement_scores(given, vector)
        ranked = (one for passage in given for one in self._rank(passage, asked, near))
        return sorted(ranked, key=lambda one: -one.score)

    def answers(self, statement: Statement, reading: Reading) -> bool:
        """Whether a sentence holds the sort of thing asked, about the thing asked."""
        if reading.wants in NUMBERED and not statement.fits:
            return False
        if reading.wants in ("who", "whether") and reading.asked:
            held = self._known[statement.passage.id].held[statement.place]
            # Yes or no hangs on one word, the rarest; a name may stand with any of them.
            telling = {max(reading.asked, key=self.weight)}
            wanted = telling if reading.wants == "whether" else reading.asked
            if not wanted & held and statement.cosine < CLOSE_ENOUGH:
                return False
        near = reading.wants == "count" and statement.cosine >= CLOSE_ENOUGH
        return near or speaks_of(statement.text, reading.text, reading.wants)

    def signals(
        self,
        family: Family,
        found: Sequence[Found],
        chosen: Sequence[Statement],
        reading: Reading,
        *,
        pointed: bool = False,
    ) -> Signals:
        """What speaks for an answer of these sentences, from the first of the texts found.
        `pointed` where the thread says which text is meant."""
        best, second = found[0], found[1].score if len(found) > 1 else 0.0
        values = {
            **self._sort_signals(chosen, reading),
            **self._word_signals(best, chosen, reading),
            "covered": best.covered,
            "ahead": (best.score - second) / best.score if second > 0 else 0.0,
            "unknown": self._unknown(reading),
            "placed": float(bool(reading.places.councils)),
            "around": float(bool(reading.places or reading.years) and not reading.places.councils),
            "pointed": float(pointed),
        }
        return Signals(family, values)

    def _sort_signals(self, chosen: Sequence[Statement], reading: Reading) -> dict[str, float]:
        """Whether the sentences hold the sort of thing asked."""
        wants, fits = reading.wants, any(one.fits for one in chosen)
        told = (self._figured(one.passage, one.place) for one in chosen)
        counted = max(counts(one, reading.text) for one in told) if wants == "count" else 1.0
        amiss = (wants in NUMBERED and not fits) or not any(
            self.answers(one, reading) for one in chosen
        )
        return {
            "amiss": 1.0 if amiss else 0.5 if counted == 0.0 else 0.0,
            "fitting": float(wants in NUMBERED and fits),
            "uncounted": 1.0 - counted,
            "number": float(wants in ("share", "duration", "date", "figure")),
        }

    def _word_signals(
        self, best: Found, chosen: Sequence[Statement], reading: Reading
    ) -> dict[str, float]:
        """Where the asked words stand: in the sentences, in what they are about, in the text."""
        known = [self._known[one.passage.id] for one in chosen]
        about = self._titles[best.document].union(*(one.about for one in known))
        said = frozenset().union(
            *(one.held[chosen[place].place] for place, one in enumerate(known))
        )
        whole = about | self._words[best.document]
        focus = focused(reading.text, reading.places.named)
        opened = reading.wants in ("where", "why", "how", "")
        rest = reading.asked - about
        return {
            "topic": min(len(reading.topic), 6) / 6,
            "focused": float(bool(focus)),
            "focus held": float(not focus or bool(focus & whole)),
            "focus said": float(opened and (not focus or bool(focus & (said | about)))),
            "figures strange": float(bool(numbers(reading.text) - self._figures[best.document])),
            "rest": min(len(rest), 4) / 4,
            "rest unsaid": min(len(rest - said), 4) / 4,
            "strange": 1.0 - self.share(reading.asked, whole) if reading.asked else 0.0,
        }

    def _unknown(self, reading: Reading) -> float:
        """The share of the asked words that stand in no text, by weight."""
        known = [one for one in reading.asked if one in self._texts]
        return 1.0 - self.share(reading.asked, known) if reading.asked else 0.0

    def share(self, asked: frozenset[str], held: Collection[str]) -> float:
        """The share of the asked words, by weight, that are held; 0.0 when nothing is asked."""
        return _Asked({one: self.weight(one) for one in asked}, "").share(held)

    def _asked(self, reading: Reading) -> _Asked:
        return _Asked({one: self.weight(one) for one in reading.asked}, reading.wants)

    def _says(self, found: Found, asked: _Asked) -> bool:
        """Whether a text speaks by more than an ordinary title."""
        if found.document not in self.ordinary.texts or not asked.weights:
            return True
        places = ((self._known[one.passage.id], one.place) for one in found.statements)
        return asked.share(frozenset().union(*(known.held[at] for known, at in places))) >= SAID

    def _weigh(
        self,
        document: str,
        passages: Sequence[tuple[Passage, float]],
        asked: _Asked,
        near: _Near,
    ) -> Found:
        ranked = sorted(
            (one for passage, _ in passages for one in self._rank(passage, asked, near)),
            key=lambda one: -one.score,
        )
        held = frozenset().union(*(self._known[passage.id].words for passage, _ in passages))
        covered = asked.share(held) if asked.weights else 1.0
        cosine = max(one.cosine for one in ranked)
        search = max(score for _, score in passages)
        titled = asked.share(self._titles[document]) if asked.weights else 0.0
        score = W_SEARCH * search + W_COSINE * cosine + W_WORDS * covered
        score += W_SENTENCE * ranked[0].score + W_TITLE * titled
        return Found(document, score, covered, cosine, tuple(ranked))

    def _figured(self, passage: Passage, place: int) -> str:
        """A sentence as it is counted: one that was brought in with its numbers in figures."""
        text = passage.statements[place]
        return in_figures(text) if passage.document in self._brought else text

    def _rank(self, passage: Passage, asked: _Asked, near: _Near) -> list[Statement]:
        known, wants = self._known[passage.id], asked.wants
        sort = W_TYPE if wants in SORTED else 0.0
        figure = 0.0 if wants in SORTED else W_FIGURE
        ranked = []
        for place, cosine in enumerate(near[passage.id]):
            if place in known.bids:
                continue
            fits = holds(self._figured(passage, place), wants, known.about)
            each, share = asked.overlap(known.held[place], known.about)
            score = cosine + W_SHARE * share + W_EACH * min(each, 4.0) - known.lengths[place]
            score += (sort if fits else 0.0) + (figure if known.figures[place] else 0.0)
            ranked.append(Statement(passage, place, score, cosine, fits))
        return ranked
