"""`outcomes serve` as a council runs it, in a process of its own, for a client to talk to."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket

from tests.running import Outcomes, Process

STARTS_WITHIN, STOPS_WITHIN = 60.0, 30.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Bot:
    """The bot that is served at `url`; the command it was started by, with its settings."""

    url: str
    command: Outcomes


def free_port() -> int:
    """One that nothing listens on just now, for what wants to be told its port."""
    with socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@asynccontextmanager
async def serving(
    home: Path, folder: Path, settings: Mapping[str, str], port: int = 0
) -> AsyncIterator[Bot]:
    """Serve with the index in `home`, and a home of its own and a database in `folder`. Fails if
    the bot logged a traceback, or did not stop when it was told to."""
    own = {
        "OUTCOMES_HOME": str(own_home(home, folder)),
        "DATABASE_URL": f"sqlite:///{folder / 'outcomes.db'}",
        "OUTCOMES_DEV": "1",
        "OUTCOMES_PORT": str(port),
    }
    command = Outcomes(folder, {**own, **settings})
    run = asyncio.get_running_loop().run_in_executor
    # Threads of its own: those of the loop are few, and each bot would keep two of them.
    with ThreadPoolExecutor(3) as threads, command.start("serve") as process:
        logging = run(threads, _rest, process)
        try:
            url = await asyncio.wait_for(run(threads, _address, process), STARTS_WITHIN)
            assert url, f"the bot did not start: {await logging}"
            reading = run(threads, _drained, process)
            yield Bot(url, command)
            process.terminate()
            await asyncio.wait_for(run(threads, process.wait), STOPS_WITHIN)
            await reading
        finally:
            process.kill()
            logged = await logging
    assert "Traceback" not in logged, logged[-4000:]
    assert process.returncode == 0, logged[-4000:]


def own_home(shipped: Path, folder: Path) -> Path:
    """A home with the shipped index in it, for a bot that may build a community's own beside it."""
    home = folder / "home"
    if not home.exists():
        home.mkdir()
        (home / "index").symlink_to(shipped / "index", target_is_directory=True)
    return home


def _address(process: Process) -> str:
    """Where it says that it serves; "" if it ended before."""
    for line in process.stdout or ():
        if found := _ADDRESS.search(line):
            return found[0]
    return ""


def _drained(process: Process) -> None:
    for _ in process.stdout or ():
        pass


def _rest(process: Process) -> str:
    return process.stderr.read() if process.stderr else ""
