"""The passages in files of this computer: FAISS, BM25 columns and statements' vectors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from indexer.engine import Array, Rows
from indexer.generation import Generation
from indexer.lexical import Lexical, write_lexical
from indexer.vectors import Vectors

HELD = 64 << 20
"""Bytes of sentences' vectors that are held in memory, where no damage to the disk reaches them; of
more than that, some 10,000 passages', those that are needed are read."""


class Local:
    """An `Engine` on one generation's files. Nothing in it changes, so threads may share it."""

    def __init__(
        self, vectors: Vectors, lexical: Lexical, statements: Array, sizes: Sequence[int]
    ) -> None:
        """`sizes` says of each row how many of the `statements` are its own."""
        self._vectors, self._lexical, self._statements = vectors, lexical, statements
        self._starts = np.concatenate(([0], np.cumsum(sizes, dtype=np.int64)))

    @classmethod
    def read(cls, generation: Generation, sizes: Sequence[int]) -> Local:
        held = generation.statements.stat().st_size <= HELD
        statements: Array = np.load(generation.statements, mmap_mode=None if held else "r")
        statements = statements.view(np.ndarray)
        vectors, lexical = Vectors.read(generation.vectors), Lexical.read(generation.lexical)
        return cls(vectors, lexical, statements, sizes)

    @classmethod
    def build(cls, rows: Array, texts: Sequence[str]) -> Local:
        """Of vectors and what words are counted in, without statements."""
        with TemporaryDirectory() as folder:
            write_lexical(texts, Path(folder))
            lexical = Lexical.read(Path(folder))
        none = np.empty((0, rows.shape[1]), dtype=np.float32)
        return cls(Vectors.build(rows), lexical, none, [0] * len(texts))

    def nearest(self, vector: Array, limit: int) -> tuple[Rows, Array]:
        return self._vectors.search(vector, limit)

    def cosines(self, rows: Rows, vector: Array) -> Array:
        found: Array = self._vectors.matrix[rows] @ vector
        return found

    def words(self, text: str) -> Array:
        return self._lexical.scores(text)

    def statements(self, rows: Sequence[int], vector: Array) -> list[Array]:
        starts = self._starts
        return [self._statements[starts[row] : starts[row + 1]] @ vector for row in rows]
