"""The process that reads documents: imports the parsers once, then forks a child for each.

On its input a line of JSON that says what is to be done and how many bytes follow, and those; on
its output a line with the length of the answer, and the answer. It ends when its input does.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import sys
from contextlib import suppress
from typing import Any

_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000


def main() -> None:
    given, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    _silenced()
    # openpyxl would load it, with its threads, and a forked child is to have none.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    try:
        from indexer.parsing.child import answered
        from indexer.parsing.reading import warmed
    except ImportError as error:
        answers.write(f"{error}\n".replace("\n", " ").encode() + b"\n")
        return
    _without_network()
    warmed()
    gc.collect()
    gc.freeze()  # the children then share what is loaded
    answers.write(b"ready\n")
    answers.flush()
    while line := given.readline():
        job: dict[str, Any] = json.loads(line)
        answer = answered(job, given.read(job["length"]), given.fileno())
        answers.write(b"%d\n" % len(answer))
        answers.write(answer)
        answers.flush()


def _silenced() -> None:
    """What a library prints must not be taken for an answer."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def _without_network() -> None:
    """No way out for the children, where the system allows that; they are not to need any."""
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        if libc.unshare(_NEW_NETWORK):
            libc.unshare(_NEW_USER | _NEW_NETWORK)


if __name__ == "__main__":
    main()
