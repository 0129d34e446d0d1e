"""A question to the passages that fit it: dense and BM25 scores, blended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from indexer.engine import Array, Engine, Rows
from indexer.generation import Generation, IndexUnusable, Manifest, open_current
from indexer.local import Local
from indexer.passages import Passage
from indexer.query import EncoderDamaged, QueryEncoder
from knowledge.library import Library

DEPTH = 100
DENSE_WEIGHT = 0.5
# Of more rows than this not each is scored where enough of those that are nearest are allowed.
EACH_UP_TO = 50_000
_FURTHER = 10 * DEPTH


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

    def __init__(
        self,
        generation: Generation,
        base: Index | None = None,
        engine: Engine | None = None,
        name: str = "",
    ) -> None:
        """The passages are searched by the `engine`, without one in the generation's files; what
        else there is of it is read from its folder, and not again later. `name` is what it goes by
        where others made it."""
        self._generation, self._name = generation, name or generation.id
        self._lender: Generation = base._lender if base else generation
        self._encoder: QueryEncoder = base._encoder if base else QueryEncoder(generation.encoder)
        self.library = Library.from_json(generation.library.read_text("utf-8"))
        lines = generation.passages.read_text("utf-8").split("\n")
        self.passages = tuple(Passage.from_json(line) for line in lines if line)
        if engine is None and generation.fetched:
            raise IndexUnusable(
                f"The index in {generation.folder} is searched in the database it was fetched "
                "from. Set DATABASE_URL to that, or run: outcomes index --force"
            )
        sizes = [len(passage.statements) for passage in self.passages]
        self._engine = engine or Local.read(generation, sizes)
        self._row = {passage.id: row for row, passage in enumerate(self.passages)}
        self._documents = _rows_by_document(self.passages)

    @classmethod
    def beside(
        cls, generation: Generation, base: Index, engine: Engine | None = None, name: str = ""
    ) -> Index:
        """A community's generation with the encoder and the extras of another index, in the memory
        that they have there; or IndexUnusable where other weights made its vectors."""
        made, lent = generation.manifest, base.manifest
        if (made.weights_sha256, made.window) != (lent.weights_sha256, lent.window):
            raise IndexUnusable(
                f"The index in {generation.folder} was made by another model than the one in use. "
                "Run: outcomes sources refresh"
            )
        return cls(generation, base, engine, name)

    @classmethod
    def open(cls, home: Path, *, model: str | None = None) -> Index:
        """The current index of a home folder, or IndexUnusable."""
        try:
            return cls(open_current(home, model=model))
        except EncoderDamaged as error:
            raise IndexUnusable(str(error)) from error

    @property
    def id(self) -> str:
        """The generation's id, to hold against the one that is current where it came from."""
        return self._name

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
        rows, _ = self._engine.nearest(vector, limit)
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
        lexical = self._engine.words(text)
        if among is None:
            rows, scores = blended(self._engine, vector, lexical, dense_weight)
        else:
            rows, scores = self._among(among, vector, lexical, dense_weight)
        rows, scores = rows[:limit], scores[:limit]
        return self._hits(rows, scores, self._engine.cosines(rows, vector), lexical[rows])

    def _among(
        self, documents: Collection[str], vector: Array, lexical: Array, dense_weight: float
    ) -> tuple[Rows, Array]:
        """Every passage of the documents is scored, so none is lost to a filter."""
        found = {row for name in documents for row in self._documents.get(name, ())}
        allowed = np.array(sorted(found), dtype=np.int64)
        words = lexical[allowed]
        shared = words > 0
        near, dense = self._near(allowed, vector)
        return blend(near, dense, allowed[shared], words[shared], dense_weight)

    def _near(self, allowed: Rows, vector: Array) -> tuple[Rows, Array]:
        """Each of these rows with its cosine; of very many those that are nearest."""
        if len(allowed) > EACH_UP_TO:
            near, cosines = self._engine.nearest(vector, _FURTHER)
            kept = np.isin(near, allowed)
            if np.count_nonzero(kept) >= DEPTH:
                return near[kept], cosines[kept]
        return allowed, self._engine.cosines(allowed, vector)

    def statement_scores(
        self, passages: Sequence[Passage], vector: Array
    ) -> dict[str, list[float]]:
        """By passage's id the cosine of each of its statements, in their order."""
        ids = [passage.id for passage in passages]
        found = self._engine.statements([self._row[one] for one in ids], vector)
        return {one: scores.tolist() for one, scores in zip(ids, found, strict=True)}

    def _hits(self, rows: Rows, scores: Array, dense: Array, lexical: Array) -> list[Hit]:
        columns = (rows.tolist(), scores.tolist(), dense.tolist(), lexical.tolist())
        return [
            Hit(self.passages[row], score, cosine, words)
            for row, score, cosine, words in zip(*columns, strict=True)
        ]


def fused(
    engine: Engine, text: str, vector: Array, dense_weight: float = DENSE_WEIGHT
) -> tuple[Rows, Array]:
    """The rows nearest by meaning and those nearest by words, as one ranking."""
    return blended(engine, vector, engine.words(text), dense_weight)


def blended(
    engine: Engine, vector: Array, lexical: Array, dense_weight: float
) -> tuple[Rows, Array]:
    """The same where the scores by words are known."""
    near, cosines = engine.nearest(vector, DEPTH)
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
