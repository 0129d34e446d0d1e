"""Connections to the database that DATABASE_URL names, and its faults in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any, LiteralString, TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool, PoolTimeout

from indexer.addresses import ALONE, SCHEMA, plain
from indexer.engine import EngineAway
from indexer.generation import IndexUnusable
from indexer.postgres import schema

Connection = psycopg.Connection[tuple[object, ...]]
Result = TypeVar("Result")
EF_SEARCH = 200  # how far an HNSW is searched; a whole question takes 100 rows of it
_WITHIN = 5  # seconds, to a server
_WAIT = 3.0  # for a connection that is free
_MOST = 6  # connections of one process, as many as threads that answer
LONGEST = 1800.0  # seconds that a lock is waited for which another computer has while it builds
_MAKING = "60s"  # and one that is held for a moment
# Of a computer that is gone without a word the server learns within two minutes, and lets go of
# what it held; and this one of a server. Over a socket in a folder these say nothing.
_ALIVE: tuple[LiteralString, ...] = (
    "SET tcp_keepalives_idle = 60",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 6",
)
_REACHED: dict[str, Any] = {
    "connect_timeout": _WITHIN,
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "keepalives_count": 6,
}


class SharedUnusable(IndexUnusable):
    """The passages in the database cannot be used; the message says why, or what to do."""


class NoVectors(SharedUnusable):
    """The database cannot keep passages: it has no pgvector, or one that is too old."""


class Place:
    """One database: a few connections, opened when they are wanted and again when they are lost."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._address = plain(address)
        self.name = f"{parts.hostname or 'here'}{parts.path}"
        self._pool = ConnectionPool(
            self._address,
            min_size=0,
            max_size=_MOST,
            timeout=_WAIT,
            reconnect_timeout=_WAIT,
            kwargs={"autocommit": True, **_REACHED},
            configure=_prepared,
            open=False,
        )

    def open(self) -> None:
        """Raises SharedUnusable where it cannot be reached, NoVectors where it cannot keep any."""
        try:
            with self._connected() as connection:
                connection.execute("SELECT set_config('lock_timeout', %s, false)", (_MAKING,))
                _made(connection)
        except psycopg.Error as error:
            raise SharedUnusable(self._unusable(error)) from error
        self._pool.open()

    def close(self) -> None:
        self._pool.close()

    def asked(self, work: Callable[[Connection], Result]) -> Result:
        """What work comes to on a connection of the pool, done once more on a fresh one where a
        connection was lost. EngineAway where the database does not answer."""
        try:
            return self._once(work)
        except PoolTimeout as error:
            raise EngineAway(self._unusable(error)) from error
        except (psycopg.OperationalError, psycopg.InterfaceError):
            self._pool.check()  # those that were lost with it are not tried one by one
        except psycopg.Error as error:
            raise EngineAway(self._unusable(error)) from error
        try:
            return self._once(work)
        except psycopg.Error as error:
            raise EngineAway(self._unusable(error)) from error

    def _once(self, work: Callable[[Connection], Result]) -> Result:
        with self._pool.connection() as connection:
            return work(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction on a connection of its own; its faults as SharedUnusable."""
        try:
            with self._connected(autocommit=False) as connection:
                _prepared(connection)
                yield connection
        except psycopg.Error as error:
            raise SharedUnusable(self._unusable(error)) from error

    @contextmanager
    def holding(self, lock: int, within: float) -> Iterator[None]:
        """While nobody else holds a lock; no transaction stays open for it. SharedUnusable where
        another has it for so many seconds more."""
        with ExitStack() as held:
            try:
                connection = held.enter_context(closing(self._connected()))
                _keep_alive(connection)
                limit = f"{max(1, round(within * 1000))}ms"
                connection.execute("SELECT set_config('lock_timeout', %s, false)", (limit,))
                connection.execute("SELECT pg_advisory_lock(%s)", (lock,))
            except psycopg.errors.LockNotAvailable as error:
                raise SharedUnusable(_OTHERS.format(self.name, within / 60)) from error
            except psycopg.Error as error:
                raise SharedUnusable(self._unusable(error)) from error
            yield

    def _connected(self, *, autocommit: bool = True) -> Connection:
        return psycopg.connect(self._address, autocommit=autocommit, **_REACHED)

    def _unusable(self, error: Exception) -> str:
        """The first line alone: further ones may quote a row."""
        reason = str(error).partition("\n")[0]
        return f"The passages in the database {self.name} cannot be used ({reason})."


_OTHERS = (
    "Another computer builds communities' indexes in the database {} for more than {:.0f} minutes. "
    "Wait for it to end, or end it, and try again."
)


def _keep_alive(connection: Connection) -> None:
    for setting in _ALIVE:
        connection.execute(setting)


def _prepared(connection: Connection) -> None:
    """Names are found in our schema, and in the one that has the extension."""
    found = connection.execute(
        "SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
        " WHERE extname = 'vector'"
    ).fetchone()
    where = [SCHEMA, str(found[0]) if found else "public"]
    path = sql.SQL(", ").join(map(sql.Identifier, where))
    connection.execute(sql.SQL("SET search_path = {}").format(path))
    connection.execute(sql.SQL("SET hnsw.ef_search = {}").format(EF_SEARCH))
    _keep_alive(connection)
    connection.commit()


def _made(connection: Connection) -> None:
    """The extension and the tables, made where they are not there; those of an older format anew.
    Of a newer one they are another program's that serves from them."""
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (ALONE,))
        _check_extension(connection)
    _prepared(connection)
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (ALONE,))
        there = _format(connection)
        if there is not None and there > schema.FORMAT:
            raise SharedUnusable(_NEWER)
        if there != schema.FORMAT:
            name = sql.Identifier(SCHEMA)
            connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
            for table in (*schema.DROPPED, *schema.TABLES):
                connection.execute(table)
            connection.execute("INSERT INTO format VALUES (%s)", (schema.FORMAT,))


def _format(connection: Connection) -> int | None:
    there = connection.execute(
        "SELECT to_regclass(%s) IS NOT NULL", (f"{SCHEMA}.format",)
    ).fetchone()
    if not there or not there[0]:
        return None
    found = connection.execute("SELECT format FROM format").fetchone()
    return int(str(found[0])) if found else None


_NEWER = (
    "The passages in the database were published by a newer version of this program. "
    "Update it on this computer too."
)
CURE = (
    "Have an administrator of the database install pgvector {}.{} or later and run: "
    "CREATE EXTENSION vector"
).format(*schema.OLDEST)


def version_of(connection: Connection) -> tuple[int, ...] | None:
    """The version of pgvector that a database has."""
    found = connection.execute(
        "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    ).fetchone()
    return tuple(int(part) for part in str(found[0]).split(".")[:2]) if found else None


def _check_extension(connection: Connection) -> None:
    version = version_of(connection)
    if version is None:
        try:
            with connection.transaction():
                connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
        except psycopg.Error as error:
            raise NoVectors(
                f"The database has no extension vector, and this account may not make it. {CURE}"
            ) from error
        version = version_of(connection)
    if version is None or version < schema.OLDEST:
        raise NoVectors(f"The extension vector of the database is too old. {CURE}")
