"""Something that is read again and again, and what became of it."""

from __future__ import annotations

import logging
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzzing import sized

SLOW = 10  # seconds that nothing of this size may take to read
Run = Callable[[Any], str]


class TookTooLong(BaseException):
    """Not an Exception, so that no reader takes it for one of its own."""


@dataclass
class Tally:
    """What became of so many: each outcome by its name, and the slowest."""

    seen: int = 0
    became: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """What is made, and what reads it: a short name of what that came to."""

    made: st.SearchStrategy[Any]
    reads: Callable[[Path], Run]


@contextmanager
def _bounded() -> Iterator[None]:
    """As documents are read where it is served: with so much memory and no more."""

    def late(*_: object) -> None:
        raise TookTooLong

    signal.signal(signal.SIGALRM, late)
    most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, most[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, most)


def tally_of(job: Job, number: int) -> Tally:
    """So many read by a job; raises what went wrong first, with what was read."""
    logging.disable()  # what libraries say of broken files
    tally, began = Tally(), time.monotonic()
    with TemporaryDirectory(prefix="fuzz-") as folder, _bounded():
        run = job.reads(Path(folder))

        @sized(number)
        @given(job.made)
        def each(made: object) -> None:
            started = time.monotonic()
            signal.setitimer(signal.ITIMER_REAL, SLOW)
            try:
                became = run(made)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
            tally.became[became] += 1
            tally.seen += 1
            tally.slowest = max(tally.slowest, time.monotonic() - started)

        each()
    tally.seconds = time.monotonic() - began
    return tally
