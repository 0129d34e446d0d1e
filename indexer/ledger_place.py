"""Where a ledger is: a SQLite file beside an index, or a table of PostgreSQL; how it is opened."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

from indexer.addresses import ALONE, SCHEMA, plain
from indexer.generation import index_folder

NAME = ".ledger"
_CONNECT_WITHIN = 5  # seconds, to a server
_WAIT = 60.0  # seconds, for another process that writes to the file

Row = tuple[Any, ...]

_TABLE = """
CREATE TABLE IF NOT EXISTS {table} (
    unit TEXT NOT NULL,
    digest TEXT NOT NULL,
    made_by TEXT NOT NULL,
    length INTEGER NOT NULL,
    words TEXT,
    worker TEXT,
    until DOUBLE PRECISION NOT NULL DEFAULT 0,
    vectors {bytes},
    PRIMARY KEY (unit, digest)
)"""
# The longest first: texts of like length together waste no padding.
_INDEX = """
CREATE INDEX IF NOT EXISTS to_embed_waiting ON {table} (made_by, length DESC)
WHERE vectors IS NULL"""


@dataclass(frozen=True, slots=True)
class Kind:
    """What the two databases say differently. Statements are written with `?` and names in
    braces."""

    table: str
    bytes: str
    mark: str
    begin: str
    skipping: str

    def worded(self, statement: str, **parts: str) -> str:
        said = statement.format(table=self.table, bytes=self.bytes, skipping=self.skipping, **parts)
        return said.replace("?", self.mark)


_FILE = Kind("to_embed", "BLOB", "?", "BEGIN IMMEDIATE", "")
_SERVER = Kind(f"{SCHEMA}.to_embed", "BYTEA", "%s", "BEGIN", "FOR UPDATE SKIP LOCKED")


class Cursor(Protocol):
    """As both drivers have it."""

    description: Sequence[object] | None

    def executemany(self, statement: str, rows: Sequence[Sequence[object]]) -> object: ...
    def fetchall(self) -> list[Row]: ...
    def fetchone(self) -> Row | None: ...


class Connection(Protocol):
    """As both drivers have it; every statement by itself, unless a transaction is begun."""

    def execute(self, statement: str, given: Sequence[object] = ...) -> Cursor: ...
    def cursor(self) -> Cursor: ...
    def close(self) -> None: ...


class Unembedded(Exception):
    """What is to be embedded cannot be, or not noted; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the ledger of one index is: in PostgreSQL where `address` is one, under the name of
    that index; else in a file of its `home`. `unit` is "" for the index of the shipped texts, and
    None for all of them."""

    home: Path
    unit: str | None
    address: str = ""

    @property
    def shared(self) -> str:
        """The address of PostgreSQL as its driver takes it; "" where the file is used."""
        return plain(self.address)

    @property
    def file(self) -> Path:
        return index_folder(self.home) / NAME

    @property
    def kind(self) -> Kind:
        return _SERVER if self.shared else _FILE

    def opened(self) -> Connection:
        """Its table made where there is none. Raises Unembedded."""
        with explained(self):
            return _server(self.shared) if self.shared else _file(self.file)

    def there(self) -> bool:
        """Whether anything was entered and not removed yet. Nothing is made by asking."""
        if not self.shared:
            return self.file.exists()
        mine, given = condition(self.unit)
        asked = _SERVER.worded("SELECT 1 FROM {table} WHERE {mine} LIMIT 1", mine=mine)
        with explained(self), closing(_postgresql(self.shared)) as connection:
            return _made(connection) and connection.execute(asked, given).fetchone() is not None


def condition(unit: str | None) -> tuple[str, tuple[str, ...]]:
    """The condition for a unit's rows, and what is given for it."""
    return ("TRUE", ()) if unit is None else ("unit = ?", (unit,))


def _file(path: Path) -> Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        return _prepared(path)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise
        path.unlink()  # spoilt: what it held is embedded again
        return _prepared(path)


def _prepared(path: Path) -> Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    for statement in (_TABLE, _INDEX):
        connection.execute(_FILE.worded(statement))
    connection.execute("COMMIT")
    return cast("Connection", connection)


def _server(address: str) -> Connection:
    connection = _postgresql(address)
    if not _made(connection):
        connection.execute("BEGIN")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (ALONE,))
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for statement in (_TABLE, _INDEX):
            connection.execute(_SERVER.worded(statement))
        connection.execute("COMMIT")
    return connection


def _postgresql(address: str) -> Connection:
    try:
        import psycopg
    except ImportError as error:
        raise Unembedded(
            "DATABASE_URL is PostgreSQL, whose driver is not installed. "
            "Run: pip install 'psycopg[binary,pool]'"
        ) from error
    connection = psycopg.connect(address, autocommit=True, connect_timeout=_CONNECT_WITHIN)
    return cast("Connection", connection)


def _made(connection: Connection) -> bool:
    asked = "SELECT to_regclass(%s) IS NOT NULL"
    found = connection.execute(asked, (_SERVER.table,)).fetchone()
    return bool(found and found[0])


@contextmanager
def explained(place: Place) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unembedded(_of_file(error, place.file)) from error
    except Exception as error:
        if not _of_server(error):
            raise
        raise Unembedded(
            f"The database of DATABASE_URL failed while it was used for embedding "
            f"({type(error).__name__}). When it is back, run the same again: "
            "it goes on from where it was."
        ) from error


def _of_server(error: Exception) -> bool:
    """Looked up, not imported: where it is not loaded, it is not from there."""
    driver = sys.modules.get("psycopg")
    return driver is not None and isinstance(error, driver.Error)


def _of_file(error: sqlite3.Error, file: Path) -> str:
    told = getattr(error, "sqlite_errorcode", 0) & 0xFF  # what is beyond says more closely why
    shut = f"{file} cannot be written. Check the folder's permissions."
    return {
        sqlite3.SQLITE_CANTOPEN: shut,
        sqlite3.SQLITE_READONLY: shut,
        sqlite3.SQLITE_FULL: f"The disk of {file} is full. Free some space and run it again.",
        sqlite3.SQLITE_BUSY: f"{file} has been locked by another process for a minute. "
        "End that, then run it again.",
    }.get(told, f"{file} cannot be used ({error}). Delete it, then run: outcomes index")
