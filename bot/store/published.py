"""Published texts as every community has them: which there are, and when one came or changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.digest_models import published_table
from bot.store.projects import BEYOND

_ALL = select(published_table).where(published_table.c.community == BEYOND)


class Published:
    """Held by their digests. A part of the store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        insert = sqlite.insert if database.is_file else postgresql.insert
        self._add = insert(published_table).on_conflict_do_nothing()  # of the first, no row waits

    async def note(self, digests: Mapping[str, str]) -> None:
        """Compare the texts that are answered from now with those before. Of the first ones there
        ever were, none is new."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_ALL)
            if {row.document: row.digest for row in rows} == digests:
                return
        async with self._database.writing() as connection:
            # Whoever notes at the same time is waited for.
            await connection.execute(_ALL.with_for_update())
            before = {row.document: row.digest for row in await connection.execute(_ALL)}
            await self._noted(connection, before, digests)

    async def _noted(
        self, connection: AsyncConnection, before: Mapping[str, str], digests: Mapping[str, str]
    ) -> None:
        at, table = (self._clock() if before else None), published_table.c
        if new := [one for one in digests if one not in before]:
            rows = [
                {"community": BEYOND, "document": one, "digest": digests[one]}
                | {"changed_at": at, "new": True}
                for one in new
            ]
            await connection.execute(self._add, rows)
        for one in digests.keys() & before.keys():
            if digests[one] != before[one]:
                here = table.community == BEYOND, table.document == one
                changed = {"digest": digests[one], "changed_at": at, "new": False}
                await connection.execute(update(published_table).where(*here).values(**changed))
        gone = [one for one in before if one not in digests]
        erasing = delete(published_table).where(table.community == BEYOND, table.document.in_(gone))
        await connection.execute(erasing)

    async def since(self, moment: datetime) -> dict[str, bool]:
        """The texts that came or changed later than that, the newest first, and whether they are
        new."""
        table = published_table.c
        statement = _ALL.where(table.changed_at > moment).order_by(
            table.changed_at.desc(), table.document
        )
        async with self._database.reading() as connection:
            return {row.document: row.new for row in await connection.execute(statement)}
