"""Texts to vectors at build time, by the encoder that serves, on all cores.

That graph, run by onnxruntime, takes half the time of the model it is exported from, run by torch:
one text after the other on each core, so that nothing is padded (decision 28).
"""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from indexer.generation import ASIDE
from indexer.model import Model
from indexer.passages import Passage, Span
from indexer.progress import Progress, silent
from indexer.query import QueryEncoder, Read

if TYPE_CHECKING:
    from indexer.exporting import Bare

Array = npt.NDArray[np.float32]
Given = TypeVar("Given")
Made = TypeVar("Made")


class Encoder:
    """A transformer, mean pooling, unit length."""

    def __init__(
        self, model: Model, exported: Path | None = None, place: Path | None = None
    ) -> None:
        """`exported` is the folder where this very model was exported to earlier; without, it is
        loaded and exported now, which takes some ten seconds, into a folder below `place`, or where
        temporary files are. Raises ModelUnusable, or EncoderDamaged where what was exported gives
        other vectors."""
        self.model = model
        self._folder = exported or self._exported(place)
        self._query = QueryEncoder(self._folder)

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Array:
        """One normalised row for each text, in their order."""
        rows = np.empty((len(texts), self.width), dtype=np.float32)
        for place, row in enumerate(_each(self._encoded, texts, progress)):
            rows[place] = row
        return rows

    def encode_passages(
        self, cut: Sequence[Passage], progress: Progress = silent
    ) -> tuple[Array, Array]:
        """One normalised row for each passage, and one for each of all their statements.

        Both come from one pass over the passage: a statement's row is the mean of its tokens
        as the model reads them there, with all that stands around them.
        """
        rows = np.empty((len(cut), self.width), dtype=np.float32)
        statements = [rows[:0]] * len(cut)
        for place, made in enumerate(_each(self._passage, cut, progress)):
            rows[place], statements[place] = made
        return rows, np.concatenate([rows[:0], *statements])

    def _exported(self, place: Path | None) -> Path:
        """Where it lies while this encoder is there. What a kill left below a home the next build
        there removes."""
        from indexer.exporting import export  # torch

        folder = Path(tempfile.mkdtemp(prefix=ASIDE, dir=place))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        export(self.model, folder)
        return folder

    def _encoded(self, text: str) -> Array:
        row: Array = self._query.encode([text])[0]
        return row

    def _passage(self, passage: Passage) -> tuple[Array, Array]:
        read = self._query.read(passage.searched)
        return read.vector, _late_pooled(passage.spans, read)

    @cached_property
    def bare(self) -> "Bare":
        """The model that was exported, as it was."""
        from indexer.exporting import Bare

        return Bare(self.model)

    @property
    def width(self) -> int:
        return self._query.width

    def export(self, folder: Path) -> None:
        """Writes what `QueryEncoder` opens: graph, weights, tokenizer and a probe."""
        folder.mkdir(parents=True, exist_ok=True)
        for file in self._folder.iterdir():
            shutil.copy2(file, folder)


def _each(
    work: Callable[[Given], Made], given: Sequence[Given], progress: Progress
) -> Iterator[Made]:
    """What is made of each, in their order, by as many threads as may be used."""
    with progress("Embedding", len(given)) as advance, ThreadPoolExecutor(_threads()) as pool:
        for made in pool.map(work, given):
            yield made
            advance(1)


def _threads() -> int:
    """As many as there are cores for this process, or as numpy's and torch's own setting says: a
    worker beside others has one."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdecimal():
        return max(int(told), 1)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _late_pooled(spans: Sequence[Span], read: Read) -> Array:
    """A row for each span; one that the window cut off has the row of the whole text."""
    inside = [read.tokens[(read.ends > start) & (read.ends <= end)] for start, end in spans]
    means = [found.mean(axis=0) if len(found) else read.vector for found in inside]
    return _unit(np.array(means, dtype=np.float32).reshape(len(means), len(read.vector)))


def _unit(rows: Array) -> Array:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Array = rows / np.maximum(lengths, 1e-12)
    return unit
