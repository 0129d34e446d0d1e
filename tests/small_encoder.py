"""An encoder whose vectors are made of the words alone, at no cost; it can be ended midway."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from indexer.embedded import Array
from indexer.passages import Passage
from indexer.progress import Progress, silent

WIDTH = 384  # as the shipped model's


class Ended(Exception):
    """As a kill would: whatever stands behind it is not done."""


class SmallEncoder:
    """`embedded` counts the passages; `most` ends it before one goes beyond."""

    def __init__(self, most: int | None = None) -> None:
        self.embedded, self._most = 0, most

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Array:
        with progress("Embedding", len(texts)) as advance:
            advance(len(texts))
        return np.array([row(text) for text in texts], np.float32).reshape(len(texts), WIDTH)

    def encode_passages(
        self, cut: Sequence[Passage], progress: Progress = silent
    ) -> tuple[Array, Array]:
        if self._most is not None and self.embedded + len(cut) > self._most:
            raise Ended
        self.embedded += len(cut)
        statements = [statement for passage in cut for statement in passage.statements]
        searched = [passage.searched for passage in cut]
        return self.encode(searched, progress), self.encode(statements)

    def export(self, folder: Path) -> None:
        raise AssertionError("a generation beside another has no encoder")


def row(text: str) -> Array:
    numbers = np.frombuffer(sha256(text.encode()).digest() * 12, np.uint8).astype(np.float32)
    made: Array = numbers / np.linalg.norm(numbers)
    return made
