"""`outcomes serve` as what posts to it meets it: requests of any kind, one after another, what it
answered, what it logged of faults of its own, and the memory it holds."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

import psutil

from tests.running import Outcomes, Process

ANSWERS_WITHIN = 20.0  # seconds; what takes longer counts as no answer
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)/")
SILENT = 599  # in the place of a status, where none came in that time
# What stands in the log where something failed that nobody had thought of.
_UNHANDLED = ("No answer, reference", "Traceback", "was never retrieved", "Unhandled", "Fatal")
_THOUGHT_OF = (": Refused", ": NotSent")
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Shot:
    """One request as it is sent. Where its `raw` is set, that is all that is sent."""

    path: str
    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"
    raw: bytes = b""


@dataclass
class Target:
    """A process that serves on `port`; `log` grows by what it says on its standard error."""

    process: Process
    port: int
    log: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._line = self._connected()
        self._server = psutil.Process(self.process.pid)

    def hit(self, shot: Shot) -> tuple[int, bytes]:
        """The status and body that came back; 0 for a connection closed without any."""
        status, body = self._raw(shot.raw) if shot.raw else self._asked(shot)
        self.statuses[status] += 1
        return status, body

    @property
    def megabytes(self) -> float:
        """What it holds of the computer's memory now."""
        return float(self._server.memory_info().rss) / _MB

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def unhandled(self) -> list[str]:
        """Where its log tells of a failure nobody had thought of, with the lines behind it. That
        a platform refused what was to be posted where nobody is, or that nothing listens where
        an answer was to go, is thought of."""
        said = list(self.log)
        at = [
            number for number, line in enumerate(said) if any(sign in line for sign in _UNHANDLED)
        ]
        told = [number for number in at if not said[number].rstrip().endswith(_THOUGHT_OF)]
        return ["".join(said[number : number + 30]) for number in told]

    def close(self) -> None:
        self._line.close()

    def _connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWERS_WITHIN)

    def _asked(self, shot: Shot) -> tuple[int, bytes]:
        for again in (True, False):  # a line kept open may have been closed meanwhile
            try:
                self._line.request(shot.method, shot.path, shot.body, dict(shot.headers))
                answer = self._line.getresponse()
                return answer.status, answer.read()
            except TimeoutError:
                self._line.close()
                self._line = self._connected()
                return SILENT, b""
            except (http.client.HTTPException, ConnectionError):
                self._line.close()
                self._line = self._connected()
                if not again:
                    return 0, b""
        raise AssertionError("both ways were tried")

    def _raw(self, sent: bytes) -> tuple[int, bytes]:
        """Bytes that need not be HTTP; nothing follows them."""
        with socket.create_connection(("127.0.0.1", self.port), ANSWERS_WITHIN) as line:
            with suppress(OSError):
                line.sendall(sent)
                line.shutdown(socket.SHUT_WR)
            got = b""
            with suppress(ConnectionError):
                while piece := line.recv(65_536):
                    got += piece
        found = re.match(rb"HTTP/1\.[01] (\d{3}) ", got)
        return int(found[1]) if found else 0, got


def _listened(process: Process, log: list[str]) -> None:
    assert process.stderr
    for line in process.stderr:
        log.append(line)


@contextmanager
def targeted(outcomes: Outcomes, settings: Mapping[str, str], services: int) -> Iterator[Target]:
    """A process that serves, once it has announced so many services behind its address."""
    process = replace(outcomes, settings={**outcomes.settings, **settings}).start("serve")
    assert process.stdout
    assert process.stderr
    log: list[str] = []
    listening = threading.Thread(target=_listened, args=(process, log), daemon=True)
    listening.start()
    try:
        found = _ADDRESS.search(process.stdout.readline())
        assert found, "".join(log)
        for _ in range(services):
            process.stdout.readline()
        target = Target(process, int(found[1]), log)
        try:
            yield target
        finally:
            target.close()
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(40)
        process.kill()
        process.wait()
        listening.join(10)
        process.stdout.close()
        process.stderr.close()
        assert process.stdin
        process.stdin.close()
