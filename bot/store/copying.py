"""Every row into a backup and out of one, on SQLite and PostgreSQL alike.

Values are copied as the tables of the file's revision have them, so that a backup of an older
program is restored by bringing the tables to that revision first, and then forward.
"""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Engine,
    Insert,
    Integer,
    LargeBinary,
    Select,
    String,
    Text,
    bindparam,
    cast,
    column,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)
from sqlalchemy.engine import URL
from sqlalchemy.types import TypeEngine

from bot.store import migrations
from bot.store.archive import Archive, Manifest, writing
from bot.store.database import (
    CONNECT_WITHIN,
    DRIVERS,
    PRAGMAS,
    StoreUnusable,
    cure,
    explained,
    prepare,
    readable,
)
from bot.store.guard import EVERYWHERE
from bot.store.models import Moment, metadata

ROWS_AT_ONCE = 500
BYTES_AT_ONCE = 4 << 20  # about so many are held in memory

Kinds = Mapping[str, str]
Values = dict[str, Any]

# The first that fits is it. JSON is copied as it is written, not as it is meant.
_KINDS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (JSON, "json"),
    (Boolean, "boolean"),
    (LargeBinary, "bytes"),
    (DateTime, "moment"),
    (Date, "day"),
    (Integer, "integer"),
    (String, "text"),
)
_TYPES: Mapping[str, TypeEngine[Any]] = {
    "json": Text(),
    "boolean": Boolean(),
    "bytes": LargeBinary(),
    "moment": Moment(),
    "day": Date(),
    "integer": BigInteger(),
    "text": Text(),
}
_WRITTEN: Mapping[str, Callable[[Any], object]] = {
    "bytes": lambda value: base64.b64encode(value).decode(),
    "moment": datetime.isoformat,
    "day": date.isoformat,
}
_READ: Mapping[str, Callable[[Any], object]] = {
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
}


def back_up(address: str, file: Path) -> Manifest:
    """Every table as it stands at one moment, while others go on using it. Raises StoreUnusable,
    ArchiveUnusable."""
    with writing(file) as made, _snapshot(address, file.parent) as connection:
        revision = _revision(connection, address)
        if not revision:
            raise StoreUnusable(f"There is nothing to back up: {_name(address)} holds no tables.")
        when = datetime.now(UTC).isoformat(timespec="seconds")
        for name in _tables(connection):
            kinds = kinds_of(connection, name)
            made.table(name, kinds, _rows(connection, name, kinds))
        return made.finish(revision, when)


@contextmanager
def restoring(address: str) -> Iterator[Connection]:
    """A transaction in a database that no other process migrates meanwhile; a file that is not
    there yet is made."""
    url = readable(address)
    file = Path(str(url.database)) if url.drivername == DRIVERS["sqlite"] else None
    with explained(_name(address)):
        if file:
            prepare(file)
        engine = _engine(url)
        try:
            with engine.begin() as connection:
                alone = "BEGIN IMMEDIATE" if file else "SELECT pg_advisory_xact_lock(120212)"
                connection.execute(text(alone))
                yield connection.execution_options(**EVERYWHERE)
        finally:
            engine.dispose()


def held(connection: Connection, address: str) -> int:
    """How many rows are there already. Raises StoreUnusable where a newer program made them."""
    _revision(connection, address)
    counted = (select(func.count()).select_from(table(name)) for name in _tables(connection))
    return sum(connection.scalar(one) or 0 for one in counted)


def fill(connection: Connection, archive: Archive) -> None:
    """Tables as they are in the archive, in place of all that is there, then brought forward to
    this program's. What it holds was verified. Raises ValueError where it does not fit them."""
    if migrations.current(connection):
        migrations.downgrade(connection)
    migrations.upgrade(connection, archive.manifest.revision)
    parts = archive.manifest.tables
    if set(parts) != set(_tables(connection)):
        raise ValueError("its tables are not those of its revision")
    for name, part in parts.items():
        if part.columns != kinds_of(connection, name):
            raise ValueError(f"its columns of {name} are not those of its revision")
        statement = _insertion(connection, name, part.columns)
        for several in _batches(archive, name, part.columns):
            connection.execute(statement, several)
    _count_on(connection)
    migrations.upgrade(connection, migrations.HEAD)


def kinds_of(connection: Connection, name: str) -> dict[str, str]:
    """The columns of a table as they are in the database, each with what it holds."""
    found = inspect(connection).get_columns(name)
    return {one["name"]: _kind(one["type"]) for one in sorted(found, key=lambda it: it["name"])}


def _kind(of: TypeEngine[Any]) -> str:
    for made, kind in _KINDS:
        if isinstance(of, made):
            return kind
    raise TypeError(f"a column of type {of!r} cannot be copied")


def _tables(connection: Connection) -> list[str]:
    """Ours that are there. Others, such as an index that is made again from ours, are not."""
    there = set(inspect(connection).get_table_names())
    return sorted(there & set(metadata.tables))


def _revision(connection: Connection, address: str) -> str | None:
    revision = migrations.current(connection)
    if revision is not None and revision not in migrations.REVISIONS:
        raise StoreUnusable(
            f"The database {_name(address)} was last used by a newer version of this program."
            " Install that version, or set DATABASE_URL to another database."
        )
    return revision


def _rows(connection: Connection, name: str, kinds: Kinds) -> Iterator[list[object]]:
    """One at a time: some hold a file."""
    streamed = connection.execution_options(stream_results=True, max_row_buffer=4, **EVERYWHERE)
    written = [_WRITTEN.get(kind) for kind in kinds.values()]
    with streamed.execute(_selection(connection, name, kinds)) as found:
        for row in found:
            yield [
                value if value is None or write is None else write(value)
                for value, write in zip(row, written, strict=True)
            ]


def _selection(connection: Connection, name: str, kinds: Kinds) -> Select[Any]:
    of = table(name, *(column(one, _type(connection, kind)) for one, kind in kinds.items()))
    return select(
        *(
            cast(of.c[one], Text) if kind == "json" and _on_server(connection) else of.c[one]
            for one, kind in kinds.items()
        )
    )


def _insertion(connection: Connection, name: str, kinds: Kinds) -> Insert:
    """Takes a value for each column, by its name with "new_" before it."""
    values: Values = {}
    for one, kind in kinds.items():
        given = bindparam(f"new_{one}", type_=_TYPES[kind])
        as_json = kind == "json" and _on_server(connection)
        values[one] = cast(given, JSON) if as_json else given
    return insert(table(name, *(column(one) for one in kinds))).values(values)


def _batches(archive: Archive, name: str, kinds: Kinds) -> Iterator[list[Values]]:
    read = [(f"new_{one}", _READ.get(kind)) for one, kind in kinds.items()]
    several: list[Values] = []
    size = 0
    for row in archive.rows(name):
        several.append(
            {
                one: value if value is None or made is None else made(value)
                for (one, made), value in zip(read, row, strict=True)
            }
        )
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(several) == ROWS_AT_ONCE or size > BYTES_AT_ONCE:
            yield several
            several, size = [], 0
    if several:
        yield several


def _count_on(connection: Connection) -> None:
    """Numbers that a server gives to rows go on after those that are there."""
    if not _on_server(connection):
        return
    for name in _tables(connection):
        for one in inspect(connection).get_columns(name):
            if one.get("autoincrement") is True:
                of = table(name, column(one["name"]))
                last = connection.scalar(select(func.max(of.c[one["name"]])))
                counter = func.pg_get_serial_sequence(name, one["name"])
                if last is not None:
                    connection.execute(select(func.setval(counter, last)))


def _type(connection: Connection, kind: str) -> TypeEngine[Any]:
    return JSON() if kind == "json" and _on_server(connection) else _TYPES[kind]


def _on_server(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


@contextmanager
def _snapshot(address: str, folder: Path) -> Iterator[Connection]:
    """The database at one moment. A server keeps that by itself; of a file a copy is read, since
    a reader that takes long would hold up those who write."""
    url = readable(address)
    if url.drivername == DRIVERS["sqlite"]:
        with TemporaryDirectory(prefix=".backup-", dir=folder) as place:
            copy = Path(place) / "copy.db"
            _copied(Path(str(url.database)), copy)
            with _looking(url.set(database=str(copy))) as connection:
                yield connection
    else:
        one_moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _looking(url, **one_moment) as connection:
            yield connection


@contextmanager
def _looking(url: URL, **options: object) -> Iterator[Connection]:
    with explained(_name(url.render_as_string(hide_password=False))):
        engine = _engine(url)
        try:
            with engine.connect().execution_options(**options) as connection:
                yield connection
        finally:
            engine.dispose()


def _copied(file: Path, copy: Path) -> None:
    """In one step, for which others wait only where they empty the log."""
    if not file.is_file():
        raise StoreUnusable(f"There is nothing to back up: {file} is not there.")
    copy.touch(0o600)
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
    except sqlite3.Error as error:
        raise StoreUnusable(cure(str(file), str(error))) from error


def _engine(url: URL) -> Engine:
    if url.drivername != DRIVERS["sqlite"]:
        wait = {"connect_timeout": CONNECT_WITHIN}
        return create_engine(url, connect_args=wait, hide_parameters=True)
    engine = create_engine(
        url.set(drivername="sqlite"),
        connect_args={"isolation_level": "IMMEDIATE"},
        hide_parameters=True,
    )
    event.listen(engine, "connect", lambda made, _: made.executescript(PRAGMAS))
    return engine


def _name(address: str) -> str:
    """A file, or an address without its password."""
    url = readable(address)
    on_file = url.drivername == DRIVERS["sqlite"]
    return str(url.database) if on_file else url.render_as_string()
