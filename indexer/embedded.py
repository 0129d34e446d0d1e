"""Vectors of passages and their statements, taken over from the last build or embedded anew."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer.generation import Generation
from indexer.passages import Passage, Span
from indexer.progress import Progress
from indexer.vectors import Vectors

Array = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Array]
Key = tuple[str, tuple[Span, ...]]
Rows = tuple[Array, Array]


class Embedder(Protocol):
    """What a build needs of an encoder; loaded only when something must be embedded."""

    def encode(self, texts: Sequence[str], progress: Progress = ...) -> Array: ...

    def encode_passages(
        self, cut: Sequence[Passage], progress: Progress = ...
    ) -> tuple[Array, Array]: ...

    def export(self, folder: Path) -> None: ...


class Elsewhere(Protocol):
    """Where more than a few are embedded, and where what an earlier build made was kept."""

    def left(self, new: Sequence[Passage]) -> dict[Key, Rows]: ...

    def wanted(self, count: int) -> bool: ...

    def embedded(
        self, new: Sequence[Passage], load: Callable[[], Embedder], progress: Progress
    ) -> dict[Key, Rows]: ...


class Embedded:
    """The vectors of one build; loads the encoder at the first text that has none yet.

    `known` holds by passage its own row and its statements' rows, which belong together. Of the
    rest what an earlier build left is taken from `elsewhere`, and many are embedded by way of it.
    """

    def __init__(
        self,
        load_encoder: Callable[[], Embedder],
        progress: Progress,
        known: dict[Key, Rows],
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._load = load_encoder
        self._progress = progress
        self._known = known
        self._elsewhere = elsewhere
        self._loaded: Embedder | None = None
        self.embedded = self.reused = 0

    def __call__(self, texts: Sequence[str]) -> Array:
        """One row for each text; what `Extra.make` is given."""
        return self.encoder().encode(texts, self._progress)

    def embed(self, cut: Sequence[Passage]) -> Rows:
        """A row for each passage, and one for each of all their statements, in their order."""
        new = self.missing(cut)
        self.embedded, self.reused = len(new), len(cut) - len(new)
        if self._elsewhere and self._elsewhere.wanted(len(new)):
            made = self._elsewhere.embedded(new, self.encoder, self._progress)
            self._known.update(made)
        elif new or not cut:
            rows, statements = self.encoder().encode_passages(new, self._progress)
            if len(new) == len(cut):
                return rows, statements
            self._known.update(_by_passage(new, rows, statements))
        found = [self._known[key(passage)] for passage in cut]
        return np.stack([row for row, _ in found]), np.concatenate([rows for _, rows in found])

    def missing(self, cut: Sequence[Passage]) -> list[Passage]:
        """Those of them that have no vectors anywhere yet."""
        new = self._unknown(cut)
        if new and self._elsewhere:
            self._known.update(self._elsewhere.left(new))
            new = self._unknown(cut)
        return new

    def _unknown(self, cut: Sequence[Passage]) -> list[Passage]:
        return [passage for passage in cut if key(passage) not in self._known]

    def encoder(self) -> Embedder:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded


def key(passage: Passage) -> Key:
    """All that a passage's vectors depend on, besides the model."""
    return passage.searched, passage.spans


def embedded_by(previous: Generation | None) -> dict[Key, Rows]:
    """What an earlier generation holds."""
    if previous is None or (previous.fetched and not previous.vectors.exists()):
        return {}
    lines = previous.passages.read_text("utf-8").split("\n")
    cut = [Passage.from_json(line) for line in lines if line]
    rows = Vectors.read(previous.vectors).matrix
    return dict(_by_passage(cut, rows, np.load(previous.statements)))


def _by_passage(
    cut: Sequence[Passage], rows: Array, statements: Array
) -> Iterator[tuple[Key, Rows]]:
    start = 0
    for passage, row in zip(cut, rows, strict=True):
        end = start + len(passage.statements)
        yield key(passage), (row, statements[start:end])
        start = end
