"""Somebody at a terminal: `outcomes ask` at a pseudo-terminal, as a shell starts it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.running import ROOT, Outcomes

PATIENCE = 60.0  # seconds, for a start on a busy machine
ASKED, FORM = "you> ", "form> "
CTRL_C, CTRL_D = "\x03", "\x04"


@dataclass
class Talk:
    """A conversation that is held by typing; `screen` is all that was seen so far."""

    terminal: int
    process: subprocess.Popen[bytes]
    screen: str = ""
    _read: int = field(default=0, repr=False)

    def sees(self, *words: str, after: str = "") -> str:
        """Read until one of these stands at the end, behind that; what came since the last time."""
        deadline = time.monotonic() + PATIENCE
        while not self._behind(after).endswith(words):
            assert time.monotonic() < deadline, f"{words} did not come: {self.screen[-2000:]}"
            if not self._more(0.1) and self.process.poll() is not None:
                raise AssertionError(f"it ended before {words}: {self.screen[-2000:]}")
        return self._since()

    def says(self, *lines: str) -> str:
        """Type lines, each when it is asked for; what was seen after the last."""
        seen = ""
        for line in lines:
            self.types(f"{line}\n")
            seen = self.sees(ASKED, FORM, after=f"{line}\n")  # the terminal shows what is typed
        return seen

    def presses(self, label: str) -> str:
        """Type the number of a button that was offered last under this label."""
        found = re.findall(rf"(?:^|  )(m?\d+) {re.escape(label)}(?=  |\n|$)", self.screen, re.M)
        assert found, f"no button {label}: {self.screen[-2000:]}"
        return self.says(found[-1])

    def ends(self, typed: str) -> tuple[int, str]:
        """Type that, and have the end of it: the code, and what was seen meanwhile."""
        self._read_by_now()
        self.types(typed)
        deadline = time.monotonic() + PATIENCE
        while self._more(0.1) or self.process.poll() is None:
            assert time.monotonic() < deadline, f"it does not end: {self.screen[-2000:]}"
        return self.process.wait(), self._since()

    def _read_by_now(self) -> None:
        """Python shows a prompt a moment before it reads, and in that moment is deaf to Ctrl+C:
        wait until it sleeps, as a person does."""
        state = Path(f"/proc/{self.process.pid}/stat")
        quiet = 0
        while state.exists() and quiet < 3:
            quiet = (
                quiet + 1 if state.read_text("utf-8").rpartition(")")[2].split()[0] == "S" else 0
            )
            self._more(0.05)

    def _behind(self, words: str) -> str:
        new = self.screen[self._read :]
        return new.partition(words)[2] if words else new

    def types(self, text: str) -> None:
        """Keys, and nothing waited for."""
        os.write(self.terminal, text.encode())

    def _more(self, seconds: float) -> bool:
        """Whether more was seen within that time."""
        if not select.select([self.terminal], [], [], seconds)[0]:
            return False
        try:
            came = os.read(self.terminal, 65536)
        except OSError:  # how Linux says that nobody is at the other end
            return False
        # no answer is so long that a character is cut at the end of what is read at once
        self.screen += came.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(came)

    def _since(self) -> str:
        since, self._read = self.screen[self._read :], len(self.screen)
        return since


@contextmanager
def at_a_terminal(
    command: Outcomes, *arguments: str, columns: int = 100, **settings: str
) -> Iterator[Talk]:
    """`outcomes ARGUMENTS` with a terminal of its own, so wide. Killed if it has not ended."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def own_terminal() -> None:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that Ctrl+C reaches it

    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=command.folder,
        env=_environment({**command.settings, **settings}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=own_terminal,
    )
    os.close(theirs)
    try:
        yield Talk(ours, process)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """A terminal that knows colours, with these settings and none of the tester's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **settings}
