"""A question to the passages that fit it: dense and BM25 scores, blended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from indexer.generation import Generation, IndexUnusable, Manifest, open_current
from indexer.lexical import Lexical
from indexer.passages import Passage
from indexer.query import EncoderDamaged, QueryEncoder
from indexer.vectors import Vectors
from knowledge.library import Library

Array = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

DEPTH = 100
DENSE_WEIGHT = 0.5
_ANY = -np.inf


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its blended score, its cosine and its BM25 score.

    `score` ranks the hits of one search and means nothing beside another's.
    """

    passage: Passage
    score: float
    dense: float
    lexical: float


class Index:
    """One opened generation. Nothing in it changes, so threads may share it."""

    def __init__(self, generation: Generation, base: Index | None = None) -> None:
        self._generation = generation
        self._lender: Generation = base._lender if base else generation
        self._encoder: QueryEncoder = base._encoder if base else QueryEncoder(generation.encoder)
        self._vectors = Vectors.read(generation.vectors)
        self._lexical = Lexical.read(generation.lexical)
        self._statements: Array = np.load(generation.statements, mmap_mode="r").view(np.ndarray)
        self.library = Library.from_json(generation.library.read_text("utf-8"))
        lines = generation.passages.read_text("utf-8").split("\n")
        self.passages = tuple(Passage.from_json(line) for line in lines if line)
        self._row = {passage.id: row for row, passage in enumerate(self.passages)}
        sizes = [len(passage.statements) for passage in self.passages]
        self._starts = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))
        self._documents = _rows_by_document(self.passages)

    @classmethod
    def beside(cls, generation: Generation, base: Index) -> Index:
        """A community's generation with the encoder and the extras of another index, in the memory
        that they have there; or IndexUnusable where other weights made its vectors."""
        made, lent = generation.manifest, base.manifest
        if (made.weights_sha256, made.window) != (lent.weights_sha256, lent.window):
            raise IndexUnusable(
                f"The index in {generation.folder} was made by another model than the one in use. "
                "Run: outcomes sources refresh"
            )
        return cls(generation, base)

    @classmethod
    def open(cls, home: Path, *, model: str | None = None) -> Index:
        """The current index of a home folder, or IndexUnusable."""
        try:
            return cls(open_current(home, model=model))
        except EncoderDamaged as error:
            raise IndexUnusable(str(error)) from error

    @property
    def id(self) -> str:
        """The generation's id, to hold against `generation.current_id`."""
        return self._generation.id

    @property
    def manifest(self) -> Manifest:
        return self._generation.manifest

    @property
    def tags(self) -> str:
        """Changes with what was learned about tags when the index was built, or with its model."""
        return f"{self.manifest.model} {self._lender.manifest.extras.get('tagging.npz', '')}"

    def extra(self, name: str) -> bytes:
        """A file that was computed beside the index when it was built."""
        return (self._lender.extras / name).read_bytes()

    def encode(self, texts: Sequence[str]) -> Array:
        """One normalised row for each text."""
        return self._encoder.encode(texts)

    @property
    def common_words(self) -> list[str]:
        """English words as the model's tokenizer lists them, the usual ones first."""
        return self._encoder.common_words()

    def nearest(self, vector: Array, limit: int) -> list[Passage]:
        """The passages nearest by meaning alone, best first: the vector search and nothing else."""
        rows, _ = self._vectors.search(vector, limit)
        return [self.passages[row] for row in rows.tolist()]

    def search(
        self,
        text: str,
        vector: Array,
        limit: int = 20,
        among: Collection[str] | None = None,
        dense_weight: float = DENSE_WEIGHT,
    ) -> list[Hit]:
        """The best passages, of all documents or of exactly those whose ids are given."""
        lexical = self._lexical.scores(text)
        if among is None:
            rows, scores = fused(vector, self._vectors, lexical, dense_weight)
        else:
            rows, scores = self._fused_among(among, vector, lexical, dense_weight)
        rows, scores = rows[:limit], scores[:limit]
        return self._hits(rows, scores, self._vectors.matrix[rows] @ vector, lexical[rows])

    def _fused_among(
        self, documents: Collection[str], vector: Array, lexical: Array, dense_weight: float
    ) -> tuple[Rows, Array]:
        """Every passage of the documents is scored, so none is lost to a filter."""
        found = {row for name in documents for row in self._documents.get(name, ())}
        allowed = np.array(sorted(found), dtype=np.int64)
        words = lexical[allowed]
        shared = words > 0
        dense = self._vectors.matrix[allowed] @ vector
        return blend(allowed, dense, allowed[shared], words[shared], dense_weight)

    def statement_scores(self, passage: Passage, vector: Array) -> list[float]:
        """The cosine of each statement of a passage, in their order."""
        row = self._row[passage.id]
        scores: list[float] = (
            self._statements[self._starts[row] : self._starts[row + 1]] @ vector
        ).tolist()
        return scores

    def statement_search(self, vector: Array, limit: int) -> list[tuple[Passage, int, float]]:
        """The nearest statements of all: passage, place in its `statements`, cosine."""
        scores = self._statements @ vector
        found = []
        for statement in best(scores, limit, above=_ANY):
            row = int(np.searchsorted(self._starts, statement, side="right")) - 1
            place = int(statement - self._starts[row])
            found.append((self.passages[row], place, float(scores[statement])))
        return found

    def _hits(self, rows: Rows, scores: Array, dense: Array, lexical: Array) -> list[Hit]:
        columns = (rows.tolist(), scores.tolist(), dense.tolist(), lexical.tolist())
        return [
            Hit(self.passages[row], score, cosine, words)
            for row, score, cosine, words in zip(*columns, strict=True)
        ]


def fused(
    vector: Array, vectors: Vectors, lexical: Array, dense_weight: float = DENSE_WEIGHT
) -> tuple[Rows, Array]:
    """The rows nearest by meaning and those nearest by words, as one ranking."""
    near, cosines = vectors.search(vector, DEPTH)
    shared = best(lexical, DEPTH)
    return blend(near, cosines, shared, lexical[shared], dense_weight)


def best(scores: Array, limit: int, above: float = 0.0) -> Rows:
    """The places of the highest scores over a bound, best first, ties in their own order."""
    places = np.flatnonzero(scores > above)
    if len(places) > limit:
        cut = np.partition(scores[places], -limit)[-limit]
        places = places[scores[places] >= cut]
    return places[np.argsort(-scores[places], kind="stable")][:limit]


def blend(
    near: Rows, cosines: Array, shared: Rows, words: Array, dense_weight: float
) -> tuple[Rows, Array]:
    """Both lists as one: each scaled to 0..1, weighed and added, best first."""
    rows, inverse = np.unique(np.concatenate((near, shared)), return_inverse=True)
    scores = np.zeros(len(rows), dtype=np.float32)
    scores[inverse[: len(near)]] += dense_weight * _scaled(cosines)
    scores[inverse[len(near) :]] += (1 - dense_weight) * _scaled(words)
    order = np.argsort(-scores, kind="stable")
    return rows[order], scores[order]


def _scaled(scores: Array) -> Array:
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.ones_like(scores)


def _rows_by_document(passages: Sequence[Passage]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(passages):
        rows.setdefault(passage.document, []).append(row)
    return rows
