"""How long a build takes beside what it cannot do without: bare encoding of its passages.

The build makes the statements' vectors too, from the same pass. What only a first build does
is left out of it: the writing of the encoder is taken off, and no extras are asked for.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.build import build
from indexer.encoder import Encoder
from indexer.passages import passages
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class BuildTiming:
    """Seconds: a whole build without the writing of the encoder, and bare encoding of the same."""

    build: float
    bare: float
    texts: int

    @property
    def ratio(self) -> float:
        return self.build / self.bare


def time_build(library: Library, encoder: Encoder) -> BuildTiming:
    """A first build of the library with a loaded model, against `SentenceTransformer.encode`.

    Bare encoding is timed on either side of the build, so that a machine that slows down or
    speeds up meanwhile favours neither.
    """
    cut = passages(library, encoder.model.token_counter(), encoder.model.window)
    texts = [passage.searched for passage in cut]
    encoder.bare(texts[:1])
    before = _seconds(lambda: encoder.bare(texts))
    with tempfile.TemporaryDirectory() as home:
        report = build(library, Path(home), encoder.model, lambda: encoder)
    after = _seconds(lambda: encoder.bare(texts))
    whole = report.seconds - report.export_seconds - report.extras_seconds
    return BuildTiming(whole, (before + after) / 2, len(texts))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
