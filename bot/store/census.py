"""Which communities anything is held of, and how much: counts, and nobody's name or words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.digest_models import published_table, subscription_table
from bot.store.feedback_models import open_question_table, question_table, verified_table
from bot.store.guard import EVERYWHERE
from bot.store.installation_models import installation_table, used_state_table
from bot.store.models import (
    heard_table,
    metadata,
    peer_table,
    person_table,
    project_table,
    room_table,
    secret_table,
)
from bot.store.projects import BEYOND
from bot.store.text_models import own_text_table

# Of no community.
_EVERYBODYS = (published_table, secret_table, used_state_table)
_COUNTED = {
    "projects": project_table,
    "peers": peer_table,
    "digests": subscription_table,
    "texts": own_text_table,
    "verified": verified_table,
    "open": open_question_table,
    "questions": question_table,
    "places": room_table,
}


@dataclass(frozen=True, slots=True)
class Counted:
    """One community: the platform that it was met on, "" where that is not kept any more; when
    the app was installed there, None where it has no token of its own; `left` where it was taken
    out and is being erased; how many there are of what is held."""

    community: str
    platform: str
    installed_at: datetime | None
    left: bool
    counts: dict[str, int]


class Census:
    """A part of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def taken(self) -> list[Counted]:
        """Every community, by its id."""
        async with self._database.reading() as connection:
            names = await self._names(connection)
            platforms = await self._platforms(connection)
            wanted = select(installation_table).execution_options(**EVERYWHERE)
            installed = {row.community: row for row in await connection.execute(wanted)}
            counts = {name: await _by_community(connection, of) for name, of in _COUNTED.items()}
        return [
            Counted(
                one,
                platforms.get(one, ""),
                row.installed_at if (row := installed.get(one)) else None,
                bool(row and row.left_at),
                {name: found.get(one, 0) for name, found in counts.items()},
            )
            for one in names
        ]

    async def _names(self, connection: AsyncConnection) -> list[str]:
        tables = (one for one in metadata.sorted_tables if one not in _EVERYBODYS)
        every = union(*(select(one.c.community) for one in tables))
        found = await connection.execute(every.execution_options(**EVERYWHERE))
        return sorted(row.community for row in found if row.community != BEYOND)

    async def _platforms(self, connection: AsyncConnection) -> dict[str, str]:
        tables = (heard_table, person_table, room_table, subscription_table, installation_table)
        every = union(*(select(one.c.community, one.c.platform) for one in tables))
        found = await connection.execute(every.execution_options(**EVERYWHERE))
        return {row.community: row.platform for row in found if row.platform}


async def _by_community(connection: AsyncConnection, table: Table) -> dict[str, int]:
    there = [] if table is not project_table else [~project_table.c.withdrawn]
    counting = select(table.c.community, func.count().label("number")).where(*there)
    grouped = counting.group_by(table.c.community).execution_options(**EVERYWHERE)
    return {row.community: row.number for row in await connection.execute(grouped)}
