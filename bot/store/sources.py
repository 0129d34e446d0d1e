"""Where a community's texts come from, and who looks at it at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.text_models import own_text_table, source_table
from bot.store.text_rows import TextRows, listed
from bot.texts import Source

_SETTINGS = ("kind", "link", "include", "exclude", "most", "every")
_OUTCOME = ("due_at", "refreshed_at", "said", "failed")


class Sources(TextRows):
    """Of one community, or of FOR_ALL."""

    async def add(self, source: Source, by: str = "") -> bool:
        """Keep a new one; False, and nothing changes, where one with its id is there. `by` is a
        random key, "" for the command line."""
        insert = sqlite.insert if self._database.is_file else postgresql.insert
        adding = insert(source_table).values(community=self._community, **_columns(source))
        async with self._database.writing() as connection:
            new = adding.on_conflict_do_nothing().returning(source_table.c.id)
            if (await connection.execute(new)).first() is None:
                return False
            await self._logged(connection, by, "source added", source.id)
        return True

    async def all(self) -> list[Source]:
        """Every one, the oldest first."""
        table = source_table.c
        oldest = self._rows(source_table).order_by(table.added_at, table.id)
        async with self._database.reading() as connection:
            return [_source(row) for row in await connection.execute(oldest)]

    async def get(self, name: str) -> Source | None:
        """One by its id."""
        async with self._database.reading() as connection:
            row = await self._found(connection, name)
        return _source(row) if row else None

    async def changed(self, source: Source) -> bool:
        """Keep its settings alone, whoever looks at it meanwhile; False where it was removed."""
        return await self._kept(source, _SETTINGS)

    async def looked(self, source: Source) -> bool:
        """Keep what the last look came to, whoever changed its settings meanwhile, and let go of
        it; False where it was removed."""
        return await self._kept(source, _OUTCOME, held_until=None)

    async def _kept(self, source: Source, names: Sequence[str], **more: object) -> bool:
        columns = _columns(source)
        values = {name: columns[name] for name in names} | more
        changing = self._changing(source_table).where(source_table.c.id == source.id)
        async with self._database.writing() as connection:
            return bool((await connection.execute(changing.values(**values))).rowcount)

    async def claim(self, name: str, for_: timedelta) -> bool:
        """Take one that is due to look at for so long, unless another process does: it lets go by
        `looked`, or by ending, when its time is over. False where it is another's, was looked at
        meanwhile, or is not there."""
        table, now = source_table.c, self._clock()
        free = or_(table.held_until.is_(None), table.held_until <= now)
        claiming = self._changing(source_table).where(table.id == name, table.due_at <= now, free)
        async with self._database.writing() as connection:
            found = await connection.execute(claiming.values(held_until=now + for_))
            return bool(found.rowcount)

    async def hold(self, name: str, for_: timedelta) -> bool:
        """Go on looking at what was claimed, from now for so long; False where it was removed
        meanwhile."""
        holding = self._changing(source_table).where(source_table.c.id == name)
        async with self._database.writing() as connection:
            found = await connection.execute(holding.values(held_until=self._clock() + for_))
            return bool(found.rowcount)

    async def remove(self, name: str, by: str = "") -> int:
        """Erase it with its texts, at once; how many texts that was. Whoever looks at it at this
        moment can add none any more."""
        async with self._database.writing() as connection:
            erasing = self._erasing(source_table).where(source_table.c.id == name)
            if not (await connection.execute(erasing)).rowcount:
                return 0
            await self._counted(connection)
            theirs = self._erasing(own_text_table).where(own_text_table.c.source == name)
            rows = await connection.execute(theirs.returning(own_text_table.c.id))
            gone = {row.id for row in rows if row.id is not None}
            await self._unquoted(connection, gone)
            await self._logged(connection, by, "source removed", name)
        await self._database.empty_log()
        return len(gone)

    async def _found(self, connection: AsyncConnection, name: str) -> Row[Any] | None:
        statement = self._rows(source_table).where(source_table.c.id == name)
        found: Row[Any] | None = (await connection.execute(statement)).one_or_none()
        return found


async def every_source(database: Database) -> list[Source]:
    """Those of every community, the oldest first."""
    table = source_table.c
    oldest = select(source_table).order_by(table.added_at, table.community, table.id)
    async with database.reading() as connection:
        rows = await connection.execute(oldest.execution_options(**EVERYWHERE))
        return [_source(row) for row in rows]


def _columns(one: Source) -> dict[str, object]:
    """Of whichever community: that is the caller's."""
    return {
        "id": one.id,
        "kind": one.kind,
        "location": one.location,
        "link": one.link,
        "include": listed(one.include),
        "exclude": listed(one.exclude),
        "most": one.most,
        "every": None if one.every is None else round(one.every.total_seconds()),
        "added_at": one.added_at,
        "due_at": one.due_at,
        "refreshed_at": one.refreshed_at,
        "said": one.said,
        "failed": one.failed,
    }


def _source(row: Row[Any]) -> Source:
    return Source(
        id=row.id,
        community=row.community,
        kind=row.kind,
        location=row.location,
        added_at=row.added_at,
        link=row.link,
        include=tuple(row.include),
        exclude=tuple(row.exclude),
        most=row.most,
        every=None if row.every is None else timedelta(seconds=row.every),
        due_at=row.due_at,
        refreshed_at=row.refreshed_at,
        said=row.said,
        failed=row.failed,
    )
