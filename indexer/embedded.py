"""Vectors of passages and their statements, taken over from the last build or embedded anew."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer.generation import Generation
from indexer.journal import Journal
from indexer.passages import Passage, Span
from indexer.progress import Advance, Progress
from indexer.vectors import Vectors

Array = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Array]
Key = tuple[str, tuple[Span, ...]]
Rows = tuple[Array, Array]

AT_ONCE = 256  # passages embedded between two writes of the journal: some seconds' work


class Embedder(Protocol):
    """What a build needs of an encoder; loaded only when something must be embedded."""

    def encode(self, texts: Sequence[str], progress: Progress = ...) -> Array: ...

    def encode_passages(
        self, cut: Sequence[Passage], progress: Progress = ...
    ) -> tuple[Array, Array]: ...

    def export(self, folder: Path) -> None: ...


class Embedded:
    """The vectors of one build; loads the encoder at the first text that has none yet.

    `known` holds by passage its own row and its statements' rows, which belong together. What is
    embedded goes into the `journal` as it is made, where there is one; what an earlier build left
    there is taken over.
    """

    def __init__(
        self,
        load_encoder: Callable[[], Embedder],
        progress: Progress,
        known: dict[Key, Rows],
        journal: Journal | None = None,
    ) -> None:
        self._load = load_encoder
        self._progress = progress
        self._known = known
        self._journal = journal
        self._loaded: Embedder | None = None
        self.embedded = self.reused = 0

    def __call__(self, texts: Sequence[str]) -> Array:
        """One row for each text; what `Extra.make` is given."""
        return self.encoder().encode(texts, self._progress)

    def embed(self, cut: Sequence[Passage]) -> Rows:
        """A row for each passage, and one for each of all their statements, in their order."""
        new = self._unknown(cut)
        if new and self._journal:
            new = self._left(new, self._journal)
        self.embedded, self.reused = len(new), len(cut) - len(new)
        if new and self._journal:
            self._noted(new, self._journal)
        elif new or not cut:
            rows, statements = self.encoder().encode_passages(new, self._progress)
            if len(new) == len(cut):
                return rows, statements
            self._known.update(_by_passage(new, rows, statements))
        found = [self._known[key(passage)] for passage in cut]
        return np.stack([row for row, _ in found]), np.concatenate([rows for _, rows in found])

    def _unknown(self, cut: Sequence[Passage]) -> list[Passage]:
        return [passage for passage in cut if key(passage) not in self._known]

    def _left(self, new: Sequence[Passage], journal: Journal) -> list[Passage]:
        """Those of them that no build before has embedded."""
        held = journal.read()
        named = {_name(passage): key(passage) for passage in new}
        kept = {name: rows for name, rows in held.items() if name in named}
        self._known.update({named[name]: rows for name, rows in kept.items()})
        journal.start(kept.items())
        return self._unknown(new)

    def _noted(self, new: Sequence[Passage], journal: Journal) -> None:
        with self._progress("Embedding", len(new)) as advance:
            for start in range(0, len(new), AT_ONCE):
                some = new[start : start + AT_ONCE]
                rows, statements = self.encoder().encode_passages(some, _within(advance))
                made = dict(_by_passage(some, rows, statements))
                self._known.update(made)
                journal.add((_name(one), made[key(one)]) for one in some)

    def encoder(self) -> Embedder:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded


def key(passage: Passage) -> Key:
    """All that a passage's vectors depend on, besides the model."""
    return passage.searched, passage.spans


def _name(passage: Passage) -> bytes:
    """What stands for the key in a journal."""
    return hashlib.sha256(repr(key(passage)).encode()).digest()


def _within(advance: Advance) -> Progress:
    """One bar over several goes."""

    def shown(_title: str, _total: int) -> AbstractContextManager[Advance]:
        return nullcontext(advance)

    return shown


def embedded_by(previous: Generation | None) -> dict[Key, Rows]:
    """What an earlier generation holds."""
    if previous is None:
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
