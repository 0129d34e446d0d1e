"""New databases, their tables made: copied, for to make the tables takes longer than most tests."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.store import Store, default_url


def new(folder: Path) -> str:
    """The address of a database in a folder, as the store leaves it once it was opened. One that
    is there stays as it is."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "outcomes.db"
    if not file.exists():
        file.touch(0o600)
        file.write_bytes(_made())
    return default_url(folder)


def make(address: str) -> None:
    """Have the store make the tables of an empty database; also while a loop runs."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _open(address)).result()


@cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        make(default_url(Path(folder)))
        return (Path(folder) / "outcomes.db").read_bytes()


async def _open(address: str) -> None:
    await (await Store.open(address)).close()
