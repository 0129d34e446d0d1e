"""How likely each outcome is for a text: five signals, weighed as was learned from examples.

Read with numpy alone, so that serving stays light; `indexer.tag_training` does the learning.
"""

from __future__ import annotations

import io
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from indexer.lexical import words

Array = npt.NDArray[np.float32]

SIGNALS = ("terms", "outcome words", "similar examples", "meaning, learned", "words, learned")
NEIGHBOURS = 12
MOST_TERMS = 4  # of an outcome's terms that count in a text, each less than the one before


class TaggerUnusable(Exception):
    """What was learned cannot be read; the index has to be built again."""


@dataclass(frozen=True)
class Vocabulary:
    """Stems and pairs of stems, each with its column and how telling it is (its idf)."""

    columns: Mapping[str, int]
    idf: Array

    def row(self, text: str) -> tuple[npt.NDArray[np.int64], Array]:
        """The text's columns and its tf-idf values there, of length 1 together."""
        counted = Counter(one for one in grams(words(text)) if one in self.columns)
        columns = np.fromiter((self.columns[one] for one in counted), dtype=np.int64)
        counts = np.fromiter(counted.values(), dtype=np.float32)
        values = (1 + np.log(counts)) * self.idf[columns] if len(counts) else counts
        length = float(np.linalg.norm(values))
        return columns, (values / length if length else values).astype(np.float32)


def grams(stems: Sequence[str]) -> list[str]:
    """The stems, and each two that follow one another."""
    return [*stems, *(f"{one} {two}" for one, two in itertools.pairwise(stems))]


@dataclass(frozen=True)
class Learned:
    """Everything that is learned. O outcomes, V columns, N examples, D dimensions."""

    outcomes: tuple[str, ...]
    vocabulary: Vocabulary
    terms: tuple[tuple[frozenset[str], ...], ...]  # stems of each term, by outcome
    outcome_words: Array  # O x V, tf-idf of the outcome's text
    meaning_weights: Array  # O x D
    meaning_bias: Array  # O
    word_weights: Array  # O x V
    word_bias: Array  # O
    examples: tuple[str, ...]
    example_vectors: Array  # N x D
    example_outcomes: Array  # N x O
    blend: Array  # a weight for each signal, then the bias


class Tagger:
    """Ranks the outcomes for a text."""

    def __init__(self, learned: Learned) -> None:
        self.learned = learned

    @property
    def outcomes(self) -> tuple[str, ...]:
        return self.learned.outcomes

    def confidences(self, text: str, vector: Array) -> Array:
        """For each outcome how likely it is to be one of the text's. `vector` is the encoded
        text, normalised."""
        signals = self.signals(text, vector)
        weights = self.learned.blend
        values: Array = 1 / (1 + np.exp(-(signals @ weights[:-1] + weights[-1])))
        return values

    def signals(self, text: str, vector: Array) -> Array:
        """A row for each outcome and two columns for each signal: from 0 to 1 among the text's
        outcomes, which ranks them, and as it is, which tells a weak best from a strong one."""
        known = self.learned
        columns, values = known.vocabulary.row(text)
        rows = (
            self._terms(frozenset(words(text))) / 10,
            known.outcome_words[:, columns] @ values,
            self._votes(vector),
            known.meaning_weights @ vector + known.meaning_bias,
            known.word_weights[:, columns] @ values + known.word_bias,
        )
        return np.stack([*map(_scaled, rows), *rows], axis=1).astype(np.float32)

    def similar(self, vector: Array, limit: int) -> list[tuple[str, float]]:
        """The examples nearest in meaning, best first."""
        nearness = self.learned.example_vectors @ vector
        best = np.argsort(-nearness)[:limit]
        return [(self.learned.examples[row], float(nearness[row])) for row in best]

    def _votes(self, vector: Array) -> Array:
        nearness = self.learned.example_vectors @ vector
        best = np.argsort(-nearness)[:NEIGHBOURS]
        weights = np.maximum(nearness[best], 0) ** 3
        votes: Array = weights @ self.learned.example_outcomes[best] / (weights.sum() + 1e-9)
        return votes

    def _terms(self, stems: frozenset[str]) -> Array:
        found = []
        for terms in self.learned.terms:
            held = sorted((self._term(term, stems) for term in terms), reverse=True)
            found.append(sum(one / (place + 1) for place, one in enumerate(held[:MOST_TERMS])))
        return np.array(found, dtype=np.float32)

    def _term(self, term: frozenset[str], stems: frozenset[str]) -> float:
        """A whole term counts by how telling its words are; part of a term counts little."""
        shared = term & stems
        if not shared:
            return 0.0
        vocabulary = self.learned.vocabulary
        telling = (float(vocabulary.idf[vocabulary.columns[one]]) for one in shared)
        return sum(telling) * (len(shared) / len(term)) ** 2


def _scaled(values: Array) -> Array:
    low, width = values.min(), np.ptp(values)
    scaled: Array = (values - low) / width if width else np.zeros_like(values)
    return scaled


def to_bytes(learned: Learned) -> bytes:
    """As a file of arrays; nothing in it can run."""
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        outcomes=np.array(learned.outcomes),
        columns=np.array(list(learned.vocabulary.columns)),
        idf=learned.vocabulary.idf,
        terms=np.array(["\n".join(map(_line, terms)) for terms in learned.terms]),
        examples=np.array(learned.examples, dtype=np.str_),
        **{name: getattr(learned, name) for name in _ARRAYS},
    )
    return buffer.getvalue()


def from_bytes(source: bytes) -> Learned:
    """The inverse of `to_bytes`. Raises TaggerUnusable."""
    try:
        with np.load(io.BytesIO(source), allow_pickle=False) as kept:
            columns = {str(one): place for place, one in enumerate(kept["columns"])}
            terms = (str(one).split("\n") for one in kept["terms"])
            return Learned(
                outcomes=tuple(map(str, kept["outcomes"])),
                vocabulary=Vocabulary(columns, kept["idf"]),
                terms=tuple(tuple(frozenset(one.split()) for one in found) for found in terms),
                examples=tuple(map(str, kept["examples"])),
                **{name: kept[name] for name in _ARRAYS},
            )
    except (ValueError, KeyError, OSError, BadZipFile) as error:
        raise TaggerUnusable("what was learned about tags is damaged") from error


_ARRAYS = (
    "outcome_words",
    "meaning_weights",
    "meaning_bias",
    "word_weights",
    "word_bias",
    "example_vectors",
    "example_outcomes",
    "blend",
)


def _line(term: frozenset[str]) -> str:
    return " ".join(sorted(term))
