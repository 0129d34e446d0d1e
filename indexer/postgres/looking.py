"""How a database is that may keep passages: looked at, and left as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg

from indexer.addresses import plain
from indexer.postgres import schema
from indexer.postgres.places import CURE, Connection, SharedUnusable, version_of

_MAY = """
SELECT EXISTS (
    SELECT 1 FROM pg_available_extension_versions JOIN pg_roles ON rolname = current_user
    WHERE name = 'vector' AND (rolsuper
        OR trusted AND has_database_privilege(current_database(), 'CREATE')))
"""
_SHIPPED = """
SELECT size FROM outcomes_index.current JOIN outcomes_index.generation ON id = generation
WHERE outcomes_index.current.community = '' AND outcomes_index.current.model = %s
"""
_ANY_OWN = (
    "SELECT 1 FROM outcomes_index.generation WHERE community <> '' AND retired IS NULL LIMIT 1"
)
_ANY = "SELECT 1 FROM outcomes_index.generation WHERE community = %s AND retired IS NULL LIMIT 1"


@dataclass(frozen=True, slots=True)
class Condition:
    """`hindrance` says what to do where the database cannot keep passages. `passages` is how many
    are published of the shipped texts, None where they are not."""

    hindrance: str = ""
    passages: int | None = None


def condition(address: str, model: str) -> Condition:
    """Raises SharedUnusable where the database cannot be reached."""
    with _reading(address) as connection:
        return _looked(connection, model)


def published(address: str, community: str | None) -> bool:
    """Whether anything is published of a community, by its name there; None for all that have
    texts of their own. Waits for whoever publishes that just now. Nothing is made by asking;
    raises SharedUnusable."""
    with _reading(address) as connection:
        if not _there(connection):
            return False
        if community is None:
            return connection.execute(_ANY_OWN).fetchone() is not None
        connection.execute(
            "SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", (schema.WRITTEN, community)
        )
        return connection.execute(_ANY, (community,)).fetchone() is not None


@contextmanager
def _reading(address: str) -> Iterator[Connection]:
    try:
        with psycopg.connect(plain(address), connect_timeout=5) as connection:
            connection.read_only = True
            yield connection
    except psycopg.Error as error:
        raise SharedUnusable(str(error).partition("\n")[0]) from error


def _looked(connection: Connection, model: str) -> Condition:
    version = version_of(connection)
    if version is None:
        may = connection.execute(_MAY).fetchone()
        return Condition() if may and may[0] else Condition(CURE)
    if version < schema.OLDEST:
        return Condition(CURE)
    if not _there(connection):
        return Condition()
    found = connection.execute(_SHIPPED, (schema.kept_under(model),)).fetchone()
    return Condition(passages=int(str(found[0])) if found else None)


def _there(connection: Connection) -> bool:
    there = connection.execute("SELECT to_regclass('outcomes_index.current')").fetchone()
    return bool(there and there[0] is not None)
