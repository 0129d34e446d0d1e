"""Texts that were brought in, of one community; those of FOR_ALL are seen in each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, bindparam, case, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.models import Moment, Words
from bot.store.text_models import own_text_table, source_table, text_revision_table
from bot.store.text_rows import (
    NO_TEXT,
    NOT_ABOUT,
    TextRows,
    about,
    about_columns,
    known_of,
    own_text,
    text_columns,
)
from bot.texts import FOR_ALL, About, Known, OwnText

AT_ONCE = 50  # texts in memory while all are read
_NAMED = 500  # locations in one statement: a database takes only so many values

# Made once: of 10,000 files whose time was changed, each is one set of values for it.
_TOUCHED = (
    update(own_text_table)
    .where(
        own_text_table.c.community == bindparam("of", type_=Words()),
        own_text_table.c.source == bindparam("from", type_=Words()),
        own_text_table.c.location == bindparam("at", type_=Words()),
    )
    .values(
        validator=bindparam("now", type_=Words()),
        # What cannot be read still cannot.
        reason=case((own_text_table.c.id.is_(None), own_text_table.c.reason), else_=""),
        tries=case((own_text_table.c.id.is_(None), own_text_table.c.tries), else_=0),
    )
)
_OF_UNREAD = ("validator", "digest", "reason", "tries", "parser")
_LIGHT = tuple(one for one in own_text_table.c if one.name != "sections")


class OwnTexts(TextRows):
    """Written in transactions that count the community's text revision up, where what is seen
    changes."""

    async def known(self, source: str) -> dict[str, Known]:
        """What stands here of each location of a source, in one query and without a text."""
        table = own_text_table.c
        told = table.location, table.validator, table.digest, table.id, table.reason
        columns = *told, table.tries, table.parser
        statement = self._rows(own_text_table, *columns).where(table.source == source)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return {row.location: known_of(row) for row in rows}

    async def put(self, one: OwnText, validator: str, parser: int = 0) -> bool:
        """Keep a text that is new or was changed, in the place of what its location held. What a
        person confirmed of it stays so, its title too. `parser` is the version of what read it.
        False, and nothing is kept, where its source was removed meanwhile."""
        async with self._database.writing() as connection:
            if not await self._held_still(connection, one.source):
                return False
            await self._counted(connection)
            read = {"validator": validator, "reason": "", "tries": 0, "parser": parser}
            row = text_columns(one) | read
            before = await self._at(connection, one.source, one.location)
            if before is None:
                await connection.execute(self._adding(own_text_table, **row))
            else:
                if before.confirmed_at:
                    row |= about_columns(about(before)) | {"confirmed_at": before.confirmed_at}
                await self._written(connection, one.source, one.location, row)
                await self._unquoted(connection, {before.id} - {None})
        if before is not None:
            await self._database.empty_log()
        return True

    async def unread(self, known: Known, source: str, *, goes: bool = False) -> bool:
        """Keep why a location could not be read. Of one with a `digest`, that is of bytes that are
        no text, the text goes that was read there before, as it does where it `goes` for another
        reason; else it stays beside the reason. What a person confirmed of it is kept for when it
        can be read again. False where the source was removed meanwhile."""
        async with self._database.writing() as connection:
            if not await self._held_still(connection, source):
                return False
            before = await self._at(connection, source, known.location)
            held = {before.id} - {None} if before else set()
            goes = bool(held) and (goes or known.digest != "")
            if goes:
                await self._counted(connection)
                await self._unquoted(connection, held)
            if goes or not held:
                await self._without_text(connection, known, source, before)
            else:
                told = {"reason": known.reason, "tries": known.tries}
                await self._written(connection, source, known.location, told)
        if goes:
            await self._database.empty_log()
        return True

    async def touch(self, source: str, validators: Mapping[str, str]) -> None:
        """Keep, by location, what tells of those that were found unchanged that they are; nothing
        of what is seen changes. What is as it was known needs no word."""
        if not validators:
            return
        here = {"of": self._community, "from": source}
        held = [here | {"at": at, "now": now} for at, now in sorted(validators.items())]
        async with self._database.writing() as connection:
            await self._waited(connection)
            await connection.execute(_TOUCHED, held)

    async def drop(self, source: str, locations: Collection[str]) -> int:
        """Erase what is gone at a source; how many texts that was."""
        if not locations:
            return 0
        gone: set[str] = set()
        async with self._database.writing() as connection:
            if not await self._held_still(connection, source):
                return 0
            await self._counted(connection)
            for some in _parts(sorted(locations)):
                here = own_text_table.c.source == source, own_text_table.c.location.in_(some)
                erasing = self._erasing(own_text_table).where(*here)
                rows = await connection.execute(erasing.returning(own_text_table.c.id))
                gone |= {row.id for row in rows if row.id is not None}
            await self._unquoted(connection, gone)
        await self._database.empty_log()
        return len(gone)

    async def all(self) -> AsyncIterator[OwnText]:
        """Every text of this community alone, in the order of their ids, and few of them at once:
        with a change in between, each as it stands when its turn comes."""
        last = ""
        while True:
            table = own_text_table.c
            following = self._rows(own_text_table).where(table.id > last).order_by(table.id)
            async with self._database.reading() as connection:
                rows = (await connection.execute(following.limit(AT_ONCE))).all()
            for row in rows:
                yield own_text(row)
            if len(rows) < AT_ONCE:
                return
            last = rows[-1].id

    async def get(self, name: str) -> OwnText | None:
        """One that is seen here, by its id: of this community, or of FOR_ALL."""
        statement = self._seen(*own_text_table.c).where(own_text_table.c.id == name)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        own = sorted(rows, key=lambda row: row.community == FOR_ALL)
        return own_text(own[0]) if own else None

    async def ids(self) -> frozenset[str]:
        """Of all that are seen here: this community's and those of FOR_ALL."""
        statement = self._seen(own_text_table.c.id).where(own_text_table.c.id.is_not(None))
        async with self._database.reading() as connection:
            return frozenset(row.id for row in await connection.execute(statement))

    async def of(self, source: str) -> list[OwnText]:
        """The texts of a source by location, without their sections."""
        table = own_text_table.c
        here = table.source == source, table.id.is_not(None)
        statement = self._rows(own_text_table, *_LIGHT).where(*here).order_by(table.location)
        async with self._database.reading() as connection:
            return [own_text(row) for row in await connection.execute(statement)]

    async def unconfirmed(self, limit: int) -> tuple[list[OwnText], int]:
        """The first of this community's that wait to be confirmed, in the order they were read,
        and how many wait."""
        table = own_text_table.c
        waiting = self._rows(own_text_table).where(
            table.id.is_not(None), table.confirmed_at.is_(None)
        )
        first = waiting.order_by(table.read_at, table.id).limit(limit)
        async with self._database.reading() as connection:
            count: int | None = await connection.scalar(waiting.with_only_columns(func.count()))
            return [own_text(row) for row in await connection.execute(first)], count or 0

    async def confirm(self, changes: Mapping[str, About], by: str = "") -> int:
        """Keep what these texts are, by id, as a person confirms it or puts it right; how many
        are here. `by` is their random key, "" for the command line. What was confirmed before
        stays so since then."""
        if not changes:
            return 0
        count, now, table = 0, self._clock(), own_text_table.c
        async with self._database.writing() as connection:
            await self._counted(connection)
            for name, about in sorted(changes.items()):
                since = func.coalesce(table.confirmed_at, literal(now, Moment()))
                changing = self._changing(own_text_table).where(table.id == name)
                result = await connection.execute(
                    changing.values(**about_columns(about), confirmed_at=since)
                )
                if result.rowcount:
                    count += 1
                    await self._logged(connection, by, "text confirmed", name)
        return count

    async def confirmed_since(self, moment: datetime) -> list[tuple[str, datetime]]:
        """The case studies seen here that were confirmed later than that, the newest first."""
        table = own_text_table.c
        new = table.confirmed_at > moment, table.kind == "case-study", table.id.is_not(None)
        statement = self._seen(table.id, table.confirmed_at).where(*new)
        newest = statement.order_by(table.confirmed_at.desc(), table.id)
        async with self._database.reading() as connection:
            return [(row.id, row.confirmed_at) for row in await connection.execute(newest)]

    def _seen(self, *columns: ColumnElement[Any]) -> Select[Any]:
        here = own_text_table.c.community.in_((self._community, FOR_ALL))
        return select(*columns).where(here)

    async def _held_still(self, connection: AsyncConnection, source: str) -> bool:
        """Whether the source is still there; whoever removes it waits until the transaction
        ends. A file is locked by a change only, though it changes nothing."""
        table = source_table.c
        locking = self._changing(source_table).where(table.id == source)
        return bool((await connection.execute(locking.values(id=table.id))).rowcount)

    async def _waited(self, connection: AsyncConnection) -> None:
        """Wait for whoever counts a change, without counting one."""
        counted = self._rows(text_revision_table, text_revision_table.c.revision)
        await connection.execute(counted.with_for_update())

    async def _at(self, connection: AsyncConnection, source: str, location: str) -> Row[Any] | None:
        table = own_text_table.c
        statement = self._rows(own_text_table, *_LIGHT).where(
            table.source == source, table.location == location
        )
        found: Row[Any] | None = (await connection.execute(statement)).one_or_none()
        return found

    async def _written(
        self, connection: AsyncConnection, source: str, location: str, row: Mapping[str, object]
    ) -> None:
        here = own_text_table.c.source == source, own_text_table.c.location == location
        await connection.execute(self._changing(own_text_table).where(*here).values(**row))

    async def _without_text(
        self, connection: AsyncConnection, known: Known, source: str, before: Row[Any] | None
    ) -> None:
        told = {name: getattr(known, name) for name in _OF_UNREAD}
        row = {**NO_TEXT, **told, "read_at": self._clock()}
        if before is None or before.confirmed_at is None:
            row |= NOT_ABOUT
        if before is None:
            where = {"source": source, "location": known.location}
            await connection.execute(self._adding(own_text_table, **where, **row))
        else:
            await self._written(connection, source, known.location, row)


def _parts(locations: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(locations), _NAMED):
        yield locations[start : start + _NAMED]
