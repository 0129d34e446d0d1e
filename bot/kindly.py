"""A command run in a process of its own, giving way to what answers officers."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

KINDLY = 10  # how much less it is to get of a busy processor


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process that has ended wrote. `fault` is the last it said where it failed, else ""."""

    out: bytes
    fault: str


async def run_kindly(command: Sequence[str]) -> Ended:
    """Run it to its end; cancelled, it is told to end first."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    with contextlib.suppress(OSError, AttributeError):  # not on every system
        os.setpriority(os.PRIO_PROCESS, process.pid, KINDLY)
    try:
        out, err = await process.communicate()
    except asyncio.CancelledError:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()
        raise
    if not process.returncode:
        return Ended(out, "")
    said = err.decode(errors="replace").strip().rpartition("\n")[2]
    return Ended(out, said or f"exit {process.returncode}")
