"""How the database is, for `outcomes doctor`: looked at, and left as it was."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import event, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

from bot.communities import Installed
from bot.store import migrations
from bot.store.database import DRIVERS, Database, explained, readable, server
from bot.store.guard import EVERYWHERE, guard
from bot.store.installations import Installations
from bot.store.sources import every_source
from bot.store.text_models import own_text_table, text_revision_table
from bot.texts import Source

BUSY_WITHIN = 5.0  # seconds that another program may hold a file
# A write like any other that changes nothing, and is taken back.
_WRITTEN = text("UPDATE alembic_version SET version_num = version_num")


@dataclass(frozen=True, slots=True)
class Condition:
    """`name` is its file or its address without the password. `revision` is that of its tables,
    "" where there are none yet, and `newest` the one that this program makes."""

    name: str
    revision: str
    newest: str = migrations.HEAD

    @property
    def older(self) -> bool:
        """Whether its tables are brought up to date at the next start."""
        return self.revision != self.newest and not self.newer

    @property
    def newer(self) -> bool:
        """Whether a later version of the program has used it."""
        return bool(self.revision) and self.revision not in migrations.REVISIONS


@dataclass(frozen=True, slots=True)
class Held:
    """What was brought in: sources, how many texts and what revision by community, and how many
    texts wait to be confirmed."""

    sources: Sequence[Source]
    texts: dict[str, int]
    revisions: dict[str, int]
    waiting: int


def file_of(address: str) -> Path | None:
    """The file of a SQLite database, None for one on a server. Raises StoreUnusable."""
    url = readable(address)
    return Path(str(url.database)) if url.drivername == DRIVERS["sqlite"] else None


def free_space(folder: Path) -> int:
    """Bytes that are free where the folder is, or would be. Raises OSError."""
    there = folder.absolute()
    while not there.exists():
        there = there.parent
    return shutil.disk_usage(there).free


async def condition(address: str) -> Condition:
    """Of a database that is there, written to and left unchanged. Raises StoreUnusable."""
    database = _opened(address)
    try:
        return await _looked_at(database)
    finally:
        await database.close()


async def held(address: str) -> Held | None:
    """Of a database that is there, which is left as it is; None where its tables are not those of
    this version. Raises StoreUnusable."""
    database = _opened(address)
    try:
        async with database.reading() as connection:
            if await connection.run_sync(migrations.current) != migrations.HEAD:
                return None
        return await _held(database)
    finally:
        await database.close()


async def installed(address: str, keys: Sequence[str]) -> list[tuple[Installed, str]] | None:
    """The workspaces that installed the app, each with its token, "" where no key opens that;
    None and raises as `held`."""
    database = _opened(address)
    try:
        async with database.reading() as connection:
            if await connection.run_sync(migrations.current) != migrations.HEAD:
                return None
        kept = Installations(database, lambda: datetime.now(UTC), keys)
        listed = await kept.listed()
        opened = [await kept.get(one.community) if one.opens else None for one in listed]
        tokens = [known.token if known else "" for known in opened]
        return list(zip(listed, tokens, strict=True))
    finally:
        await database.close()


async def _held(database: Database) -> Held:
    table = own_text_table.c
    confirmed = func.count(table.confirmed_at)
    counting = select(table.community, func.count(), confirmed).where(table.id.is_not(None))
    counting = counting.group_by(table.community).execution_options(**EVERYWHERE)
    revisions = select(text_revision_table).execution_options(**EVERYWHERE)
    async with database.reading() as connection:
        counted = (await connection.execute(counting)).all()
        revised = (await connection.execute(revisions)).all()
    return Held(
        await every_source(database),
        {community: number for community, number, _ in counted},
        {row.community: row.revision for row in revised},
        sum(number - sure for _, number, sure in counted),
    )


def _opened(address: str) -> Database:
    url = readable(address)
    return _file(url) if url.drivername == DRIVERS["sqlite"] else server(url)


def _file(url: URL) -> Database:
    """Without what opening it for use sets in it: how it keeps its log, and when it was changed.
    A file that is empty has to stay so."""
    path = Path(str(url.database))
    with explained(str(path)):
        usable = path.is_file() and os.access(path, os.R_OK | os.W_OK)
        if not (usable and os.access(path.parent, os.W_OK | os.X_OK)):
            raise PermissionError(errno.EACCES, "it is not a file this account can write")
    engine = create_async_engine(
        url, connect_args={"timeout": BUSY_WITHIN}, hide_parameters=True, pool_size=1
    )
    event.listen(engine.sync_engine, "before_execute", guard)
    return Database(str(path), engine, engine)


async def _looked_at(database: Database) -> Condition:
    async with database.writing() as connection:
        await connection.execute(text(database.alone))
        revision = await connection.run_sync(migrations.current)
        if revision is not None:
            await connection.execute(_WRITTEN)
        await connection.rollback()
    return Condition(database.name, revision or "")
