"""Opening the database: engines for SQLite or PostgreSQL, and its faults in plain words."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.engine import URL, AdaptedConnection, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.store.guard import guard

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}

CONNECT_WITHIN = 5  # seconds, to a server

# Waiting comes first, so that the switch to WAL also waits for another process.
# Secure deletion overwrites what is erased instead of leaving it in free pages.
PRAGMAS = """
PRAGMA busy_timeout = 5000;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
"""

# At its debug level this driver writes every parameter, and so every question, to the log.
logging.getLogger("aiosqlite").setLevel(logging.INFO)


class StoreUnusable(Exception):
    """The database cannot be opened, read or written; the message says what to do."""


@dataclass(slots=True)
class Faults:
    """How often the database could not be read or written."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Database:
    """Two engines on one database, so that reading never waits for the write lock.

    For SQLite `writer` holds a single connection: tasks of one process queue for it here,
    in order, rather than in SQLite, which lets waiters overtake each other.
    """

    name: str
    reader: AsyncEngine
    writer: AsyncEngine
    faults: Faults = field(default_factory=Faults)

    @property
    def is_file(self) -> bool:
        return self.writer.dialect.name == "sqlite"

    @property
    def alone(self) -> str:
        """What keeps every other process from migrating until this transaction ends."""
        return "BEGIN IMMEDIATE" if self.is_file else "SELECT pg_advisory_xact_lock(120212)"

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to read with; its faults in plain words."""
        with self._explained():
            async with self.reader.connect() as connection:
                yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction, committed at its end; its faults in plain words."""
        with self._explained():
            async with self.writer.begin() as connection:
                yield connection

    async def empty_log(self) -> None:
        """Erased words could still be read in a file's log until it is emptied."""
        if self.is_file:
            async with self.reading() as connection:
                await connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))

    async def close(self) -> None:
        await self.reader.dispose()
        await self.writer.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            with explained(self.name):
                yield
        except StoreUnusable:
            self.faults.number += 1
            raise


def default_url(home: Path) -> str:
    """The address of the SQLite file kept in `home` when no other database is set."""
    return f"sqlite+aiosqlite:///{(home / 'outcomes.db').absolute().as_posix()}"


def connect(address: str) -> Database:
    """Engines for `address`. Nothing is opened yet, but a SQLite file's folder is made."""
    url = readable(address)
    return sqlite(url) if url.drivername == DRIVERS["sqlite"] else server(url)


def readable(address: str) -> URL:
    """The address with the driver the project uses; `postgresql://` alone is enough."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise StoreUnusable(
            "DATABASE_URL is not a database address. Leave it out to use a file,"
            " or write postgresql://user:password@host/name."
        ) from error
    driver = DRIVERS.get(url.get_backend_name())
    in_memory = driver == DRIVERS["sqlite"] and url.database in (None, "", ":memory:")
    if driver is None or in_memory:
        raise StoreUnusable(
            f"DATABASE_URL names {url.drivername!r}, which does not work here."
            " Use sqlite:///path/to/file.db or postgresql://user:password@host/name."
        )
    return url.set(drivername=driver)


def sqlite(url: URL) -> Database:
    path = Path(str(url.database))
    with explained(str(path)):
        prepare(path)
    reader = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        hide_parameters=True,
        pool_size=4,
        max_overflow=0,
    )
    writer = create_async_engine(
        url,
        # A transaction that reads first and writes later can be refused with "database is
        # locked" at once, whatever the timeout. So the driver begins every transaction here
        # by taking the write lock, which waits.
        connect_args={"isolation_level": "IMMEDIATE"},
        hide_parameters=True,
        pool_size=1,
        max_overflow=0,
    )
    for engine in (reader, writer):
        event.listen(engine.sync_engine, "connect", set_up)
        event.listen(engine.sync_engine, "before_execute", guard)
    return Database(str(path), reader, writer)


def prepare(path: Path) -> None:
    """Make the folder and the file, or say at once why not.

    The driver would find out too, but in a thread that outlives the failure and may still
    report it when the program has ended.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # what officers ask is for the account that runs the bot alone
    if not (path.is_file() and os.access(path, os.R_OK | os.W_OK)):
        raise PermissionError(errno.EACCES, "it is not a file this account can write")


def server(url: URL) -> Database:
    name = url.render_as_string()  # hides the password
    try:
        engine = create_async_engine(
            url,
            connect_args={"connect_timeout": CONNECT_WITHIN},
            hide_parameters=True,
            # What goes beyond the pool is opened anew each time, which costs more than to wait.
            pool_size=10,
            max_overflow=5,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as error:
        raise StoreUnusable(
            f"{name} needs the package {error.name}: run pip install 'psycopg[binary,pool]'."
        ) from error
    event.listen(engine.sync_engine, "before_execute", guard)
    # What only reads begins and ends no transaction: each would be asked of the server.
    return Database(name, engine.execution_options(isolation_level="AUTOCOMMIT"), engine)


def set_up(connection: AdaptedConnection, _record: object) -> None:
    """Prepare a new SQLite connection, and close it if that fails: the pool would not."""
    try:
        connection.run_async(lambda driver: driver.executescript(PRAGMAS))
    except BaseException:
        connection.close()  # type: ignore[attr-defined]
        raise


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn what the driver or the disk says into a `StoreUnusable` that says what to do."""
    try:
        yield
    except DBAPIError as error:
        raise StoreUnusable(cure(name, str(error.orig))) from error
    except PoolTimeout as error:
        raise StoreUnusable(f"The database {name} is too busy. Try again shortly.") from error
    except OSError as error:
        raise StoreUnusable(
            f"The database {name} cannot be written ({error.strerror}). Make it and its folder"
            " writable, or set OUTCOMES_HOME to a folder that is."
        ) from error


CURES = {
    "not a database": "is damaged or not a database. Restore a backup, or move the file away"
    " to start with an empty one.",
    "malformed": "is damaged. Restore a backup, or move the file away to start with an empty one.",
    "disk is full": "cannot be written: the disk is full. Free some space and try again.",
    "locked": "is busy: another program has held it for over 5 seconds. End it and try again.",
    "readonly": "cannot be written. Make the file and its folder writable,"
    " or set OUTCOMES_HOME to a folder that is.",
    "unable to open": "cannot be opened. Make the file and its folder writable,"
    " or set OUTCOMES_HOME to a folder that is.",
}


def cure(name: str, fault: str) -> str:
    for sign, words in CURES.items():
        if sign in fault:
            return f"The database {name} {words}"
    # The first line alone: further ones of a server's message may quote the row.
    reason = fault.partition("\n")[0]
    return f"The database {name} cannot be used ({reason}). Check DATABASE_URL or OUTCOMES_HOME."
