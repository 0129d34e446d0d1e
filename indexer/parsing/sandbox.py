"""Documents read in a process of its own, started when first needed and again after it ended.

Nothing that stands in a document reaches this process but the answer: JSON of a bounded size,
checked before it is believed.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, Self

from indexer.parsing import answers
from indexer.parsing.limits import Limits, amount
from indexer.parsing.parsed import Link, Parsed, Unreadable

# What the parsers' process is told of our environment: no token, no database, no proxy.
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "SYSTEMROOT")
_COMMAND = (sys.executable, "-P", "-W", "ignore", "-m", "indexer.parsing")
_START = 120.0  # seconds; importing takes one or two, and more on a busy computer
_SPARE = 1.0  # after the process should have ended it by itself


class Unavailable(Exception):
    """Documents cannot be read on this computer; the message says why."""


class Sandbox:
    """Reads documents, one at a time, from any thread. A context manager; it can be used again
    after it was closed."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, content: Path | bytes, name: str, media: str = "") -> Parsed:
        """What stands in a document. `name` is its file's name or its address, `media` the type
        that came with it. Raises Unreadable, or Unavailable where nothing can be read."""
        return answers.parsed(self._answer("read", self._bytes(content), name, media))

    def links(self, content: bytes, name: str) -> tuple[Link, ...]:
        """The entries of a sitemap, also one packed by gzip, or of a feed. Raises as `read`."""
        return answers.links(self._answer("links", self._bytes(content), name, ""))

    def close(self) -> None:
        with self._lock:
            self._end()

    def _bytes(self, content: Path | bytes) -> bytes:
        most = self.limits.size
        if isinstance(content, Path):
            try:
                with content.open("rb") as file:
                    content = file.read(most + 1)
            except OSError as error:
                reason = f"cannot be opened: {error.strerror}"
                raise Unreadable(reason, passing=True) from error
        if len(content) > most:
            raise Unreadable(f"larger than {amount(most)}")
        return content

    def _answer(self, task: str, content: bytes, name: str, media: str) -> Mapping[str, Any]:
        job = {"task": task, "name": name, "media": media, "length": len(content)}
        head = json.dumps(job | {"limits": asdict(self.limits)}).encode() + b"\n"
        with self._lock:
            process = self._running()
            with _ended_after(self.limits.clock + _SPARE, process) as late:
                answer = _exchanged(process, head, content)
            if answer is None:
                self._end()
        if answer is None and late.is_set():
            reason = f"takes longer than {self.limits.seconds} seconds to read"
            raise Unreadable(reason, passing=True)
        if answer is None:
            raise Unreadable("damaged: reading it had to be ended", passing=True)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = _started()
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            _killed(self._process)
            for pipe in (self._process.stdin, self._process.stdout):
                with contextlib.suppress(OSError):  # what was left to write is lost with it
                    _open(pipe).close()
            self._process.wait()
            self._process = None


def _started() -> subprocess.Popen[bytes]:
    if not hasattr(os, "fork"):
        raise Unavailable(
            "Documents are read in processes with limits, which this system does not have. "
            "Bring texts in on Linux or macOS."
        )
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        _COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # a group of its own, so that all of it can be ended
    )
    with _ended_after(_START, process):
        said = _open(process.stdout).readline().decode(errors="replace").strip()
    if said != "ready":
        _killed(process)
        process.communicate()
        raise Unavailable(
            f"What reads documents could not be started ({said or 'it ended at once'}). "
            "Install again what requirements.lock names."
        )
    return process


def _exchanged(
    process: subprocess.Popen[bytes], head: bytes, content: bytes
) -> Mapping[str, Any] | None:
    """The process's answer; None where it ended instead."""
    try:
        given, taken = _open(process.stdin), _open(process.stdout)
        given.write(head)
        given.write(content)
        given.flush()
        length = int(taken.readline())
        answer = taken.read(length)
        return json.loads(answer) if len(answer) == length else None
    except (OSError, ValueError):
        return None


@contextlib.contextmanager
def _ended_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
    """Ends the process if it is still busy then; gives what tells whether that was needed."""
    late = threading.Event()

    def end() -> None:
        late.set()
        _killed(process)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _killed(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # both were asked for
    return pipe
