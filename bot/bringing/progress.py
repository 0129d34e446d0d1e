"""What shows that work goes on, however long it takes: a bar on a terminal, elsewhere a line now
and then."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from bot.bringing import wording
from indexer.progress import Advance, bar

EACH = 30.0  # seconds from line to line


def shown(title: str, total: int) -> AbstractContextManager[Advance]:
    return bar(title, total) if sys.stderr.isatty() else lines(title, total)


@contextmanager
def lines(title: str, total: int, tick: Callable[[], float] = time.monotonic) -> Iterator[Advance]:
    """A line on stderr each half a minute; work that is quick says nothing."""
    done, said_at = 0, tick()

    def advance(count: int) -> None:
        nonlocal done, said_at
        done += count
        if done < total and tick() - said_at >= EACH:
            said_at = tick()
            sys.stderr.write(wording.GOES_ON.format(title, done, total) + "\n")
            sys.stderr.flush()

    yield advance
