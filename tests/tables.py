"""The tables, looked into past the store, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine, select, text

from bot.store.database import readable
from bot.store.models import metadata

Dump = dict[str, list[tuple[object, ...]]]


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """A transaction that no guard watches, committed at its end."""
    address = readable(url)
    engine = create_engine(address.set(drivername=address.drivername.removesuffix("+aiosqlite")))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def rows(url: str, query: str, **values: object) -> list[tuple[object, ...]]:
    """What a query finds."""
    with opened(url) as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def dump(url: str, community: str = "") -> Dump:
    """Every row of every table; of one community, where it is given."""
    with opened(url) as connection:
        return dump_by(connection, community)


def dump_by(connection: Connection, community: str = "") -> Dump:
    """The same by a connection that is kept, as it stands at that moment."""
    found: Dump = {}
    for name, table in metadata.tables.items():
        statement = select(table)
        if community:
            statement = statement.where(table.c.community == community)
        found[name] = sorted((tuple(row) for row in connection.execute(statement)), key=repr)
    return found
