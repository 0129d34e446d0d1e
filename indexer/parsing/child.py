"""A child for one document: forked, bounded, heard, and if need be ended."""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from indexer.parsing.limits import Limits, amount
from indexer.parsing.reading import read

_FILES = 16  # descriptors; a module that is loaded late needs one
_SLOW, _LARGE, _MUCH, _LEFT_ALONE, _CRASHED = "slow", "large", "much", "left", "crashed"
_CHUNK = 1 << 20
_LEFT = 5.0  # seconds that must be left for a second try


def answered(job: dict[str, Any], content: bytes, parent: int) -> bytes:
    """The answer of a child, or a refusal in its name where it gave none; `parent` is the
    descriptor whose end means that nobody waits any more.

    Where reading ended in a crash, a second child tries what the slower ways give.
    """
    limits = Limits(**job["limits"])
    until = time.monotonic() + limits.clock
    answer, died = _forked(job, content, limits, until, parent)
    if answer or died != _CRASHED or until - time.monotonic() < _LEFT:
        return answer or _refusal(died, limits)
    answer, again = _forked(job | {"careful": True}, content, limits, until, parent)
    return answer or _refusal(again, limits)


def _refusal(died: str, limits: Limits) -> bytes:
    reason = {
        _SLOW: f"takes longer than {limits.seconds} seconds to read",
        _LARGE: f"needs more than {amount(limits.memory)} of memory to read",
        _MUCH: "holds too much text",
    }.get(died, "damaged, so that it cannot be read")
    return json.dumps({"unreadable": reason, "passing": died != _MUCH}).encode()


def _forked(
    job: dict[str, Any], content: bytes, limits: Limits, until: float, parent: int
) -> tuple[bytes, str]:
    """The child's whole answer; or b"" and how it ended."""
    heard, told = os.pipe()
    child = os.fork()
    if not child:
        _run(job, content, limits, told)
    os.close(told)
    try:
        answer, fault = _heard(heard, limits.answer, until, parent)
    finally:
        os.close(heard)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)  # it has answered, or is not to
        _, status, used = os.wait4(child, 0)
    return (b"", fault) if fault else _judged(answer, status, used.ru_maxrss, limits)


def _judged(answer: bytes, status: int, resident: int, limits: Limits) -> tuple[bytes, str]:
    if answer.endswith(b"\n"):  # all of it came, however the child ended then
        return answer, ""
    if not os.WIFSIGNALED(status):
        return b"", _CRASHED
    ended = os.WTERMSIG(status)
    if ended in (signal.SIGXCPU, signal.SIGALRM):
        return b"", _SLOW
    unit = 1 if sys.platform == "darwin" else 1024
    if ended == signal.SIGKILL or resident * unit > limits.memory // 3:
        return b"", _LARGE
    return b"", _CRASHED


def _heard(pipe: int, most: int, until: float, parent: int) -> tuple[bytes, str]:
    """What comes until the other end is closed; and what was wrong with that."""
    poll = select.poll()
    poll.register(pipe, select.POLLIN)
    poll.register(parent, 0)  # its end alone is told
    answer = bytearray()
    while True:
        ready = dict(poll.poll(max(0.0, until - time.monotonic()) * 1000))
        if not ready:
            return b"", _SLOW
        if parent in ready:
            return b"", _LEFT_ALONE
        piece = os.read(pipe, _CHUNK)
        if not piece:
            return bytes(answer), ""
        answer += piece
        if len(answer) > most:
            return b"", _MUCH


def _run(job: dict[str, Any], content: bytes, limits: Limits, told: int) -> None:
    """In the child: never returns."""
    try:
        _bounded(limits, told)
        answer = read(job, content, limits) + b"\n"
        while answer:
            answer = answer[os.write(told, answer) :]
    finally:
        os._exit(0)


def _bounded(limits: Limits, told: int) -> None:
    os.closerange(3, told)
    os.closerange(told + 1, 1024)
    signal.setitimer(signal.ITIMER_REAL, limits.clock)  # ends it, should nobody else
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _FILES)
    _limit(resource.RLIMIT_CPU, limits.seconds, limits.seconds + 1)  # told first, then ended
    _limit(resource.RLIMIT_AS, limits.memory)
    if hasattr(resource, "RLIMIT_NPROC"):
        _limit(resource.RLIMIT_NPROC, 0)


def _limit(what: int, most: int, hard: int | None = None) -> None:
    try:
        resource.setrlimit(what, (most, most if hard is None else hard))
    except (OSError, ValueError):
        if sys.platform == "linux":  # elsewhere some cannot be set; the clock still ends it
            raise
