"""The `outcomes` command as a person runs it: a process of its own, with its own settings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
OWN = ("OUTCOMES_", "SLACK_", "MICROSOFT_", "DATABASE_")


# A small process in between: a child's peak memory counts what its parent held at the fork.
MEASURED = (
    "import resource, subprocess, sys;"
    "code = subprocess.call(sys.argv[1:]);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr);"
    "sys.exit(code)"
)
KILOBYTES = 1024 * (1024 if sys.platform == "darwin" else 1)
Process = subprocess.Popen[str]


@dataclass(frozen=True)
class Finished:
    """A command that has ended. `megabytes` is the most memory it held, where it was measured."""

    code: int
    out: str
    err: str
    megabytes: float = 0.0


@dataclass(frozen=True)
class Outcomes:
    """Runs `outcomes` in `folder`, with these settings and none of the tester's own."""

    folder: Path
    settings: Mapping[str, str]

    def start(
        self,
        *arguments: str,
        flags: Sequence[str] = (),
        measured: bool = False,
        **settings: str,
    ) -> Process:
        around = [sys.executable, "-c", MEASURED] if measured else []
        return subprocess.Popen(
            [*around, sys.executable, *flags, "-m", "bot", *arguments],
            cwd=self.folder,
            env=self._environment(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def run(
        self,
        *arguments: str,
        typed: str = "",
        flags: Sequence[str] = (),
        measured: bool = False,
        **settings: str,
    ) -> Finished:
        """What is `typed` comes on standard input."""
        with self.start(*arguments, flags=flags, measured=measured, **settings) as process:
            out, err = process.communicate(typed)
        if not measured:
            return Finished(process.returncode, out, err)
        err, _, peak = err.rstrip("\n").rpartition("\n")
        return Finished(process.returncode, out, err, int(peak) / KILOBYTES)

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
        return {**kept, "PYTHONPATH": str(ROOT), **self.settings, **settings}
