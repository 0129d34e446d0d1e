"""What a search asks of the passages, wherever they are kept: in files here, or in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


class EngineAway(Exception):
    """What keeps the passages does not answer just now; nothing is wrong with them."""


class Engine(Protocol):
    """The passages of one generation by row number, from 0. Vectors are normalised, so a score by
    meaning is a cosine. May be asked by several threads; raises EngineAway."""

    def nearest(self, vector: Array, limit: int) -> tuple[Rows, Array]:
        """The nearest rows and their cosines, best first."""
        ...

    def cosines(self, rows: Rows, vector: Array) -> Array:
        """Those of exactly these rows, in their order."""
        ...

    def words(self, text: str) -> Array:
        """The BM25 score of every row; 0 where no word is shared."""
        ...

    def statements(self, rows: Sequence[int], vector: Array) -> list[Array]:
        """For each of these rows the cosines of its statements, in their order."""
        ...
