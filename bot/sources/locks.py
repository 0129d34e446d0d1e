"""One process at a time on one computer; the system drops the lock of one that was killed."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.texts import FOR_ALL
from indexer.generation import own_home


class Busy(Exception):
    """Another process is at it; a line for a person."""


@contextmanager
def alone(home: Path, name: str, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of this name, once the other lets it go where we `wait`; else Busy."""
    folder = own_folder(home)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f".{name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise Busy(
                "another process is looking at it now: wait for that to end, then try again"
            ) from None
        yield


def own_folder(home: Path) -> Path:
    """Where communities' own generations stand."""
    return own_home(home, FOR_ALL).parent
