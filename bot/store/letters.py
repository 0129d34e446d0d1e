"""Letters: what is written to officers first, kept until it is sent."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Delete, Row, Select, Update, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from bot.conversation import Reply
from bot.records import reply_from_json, reply_to_json
from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.models import introduction_table, letter_table, person_table

LETTERS_KEPT = timedelta(days=14)  # as long as a wish can be answered
LEASE = timedelta(minutes=2)  # longer than any platform takes to answer


@dataclass(frozen=True, slots=True)
class Letter:
    """A reply for somebody, known by their random key in their community; together with somebody
    of the same community, where that is given. `instead` goes out where it cannot be sent. With
    a `place` it is posted there, on its platform, in the name of whoever the key stands for."""

    community: str
    key: str
    reply: Reply
    introduction: str = ""
    together_with: str = ""
    instead: tuple[Letter, ...] = ()
    platform: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter as it is sent: by one address to somebody alone, by several to all of them."""

    community: str
    id: str
    platform: str
    addresses: tuple[str, ...]
    reply: Reply
    attempts: int
    introduction: str = ""


async def post(connection: AsyncConnection, letters: Sequence[Letter], now: datetime) -> None:
    """Keep letters to be sent, in the transaction of what they tell. One to somebody who cannot
    be written to, or is not there any more, is left out."""
    for letter in letters:
        if row := await _row(connection, letter):
            kept = {"attempts": 0, "due_at": now, "written_at": now}
            await connection.execute(letter_table.insert().values(**row, **kept))
        else:
            await post(connection, letter.instead, now)
            if letter.instead and letter.introduction:
                await connection.execute(_over(letter.introduction, now))


async def _row(connection: AsyncConnection, letter: Letter) -> dict[str, object] | None:
    found = await _addresses(connection, letter)
    if found is None:
        return None
    platform, addresses = found
    instead = [await _row(connection, one) for one in letter.instead]
    return {
        "community": letter.community,
        "id": secrets.token_urlsafe(9),
        "person_key": letter.key,
        "introduction": letter.introduction,
        "platform": platform,
        "addresses": addresses,
        "reply": reply_to_json(letter.reply),
        "instead": [one for one in instead if one],
    }


async def _addresses(connection: AsyncConnection, letter: Letter) -> tuple[str, list[str]] | None:
    keys = [letter.key, *((letter.together_with,) if letter.together_with else ())]
    statement = select(person_table).where(
        person_table.c.community == letter.community, person_table.c.key.in_(keys)
    )
    rows = {row.key: row for row in await connection.execute(statement)}
    if letter.place:
        return (letter.platform, [letter.place]) if letter.key in rows else None
    if any(key not in rows or not rows[key].address for key in keys):
        return None
    return rows[letter.key].platform, [rows[key].address for key in keys]


class Letters:
    """All letters, whichever community they are for. A part of the store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def take(self, platforms: Collection[str], most: int = 50) -> list[Addressed]:
        """Lease those that are due, the oldest first. Of a process that died, they are taken up
        by another after a while: better twice than never."""
        now = self._clock()
        due = (
            select(letter_table.c.community, letter_table.c.id)
            .where(
                letter_table.c.due_at <= now,
                letter_table.c.written_at >= now - LETTERS_KEPT,
                letter_table.c.platform.in_(platforms),
            )
            .order_by(letter_table.c.written_at)
            .limit(most)
        )
        due = due.execution_options(**EVERYWHERE)
        async with self._database.reading() as connection:
            if (await connection.execute(due)).first() is None:
                return []
        async with self._database.writing() as connection:
            # What another process takes or erases at this moment is left to it. A file is locked
            # by the first change only, so each is looked at again.
            rows = (await connection.execute(due.with_for_update(skip_locked=True))).all()
            still = [await connection.execute(_leasing(row, now)) for row in rows]
            return [_addressed(row) for found in still if (row := found.one_or_none())]

    async def hold(self, letter: Addressed) -> bool:
        """Lease it anew, just before it is sent; False where it was erased meanwhile, or another
        process took it up."""
        statement = update(letter_table).where(
            letter_table.c.community == letter.community,
            letter_table.c.id == letter.id,
            letter_table.c.attempts == letter.attempts,
        )
        until = self._clock() + LEASE
        async with self._database.writing() as connection:
            return bool((await connection.execute(statement.values(due_at=until))).rowcount)

    async def sent(self, letter: Addressed) -> None:
        """Erase it; its words too."""
        async with self._database.writing() as connection:
            await connection.execute(_one(letter))
        await self._database.empty_log()

    async def postpone(self, letter: Addressed, seconds: float) -> None:
        """Try it again then, unless it was erased meanwhile."""
        statement = update(letter_table).where(
            letter_table.c.community == letter.community, letter_table.c.id == letter.id
        )
        later = self._clock() + timedelta(seconds=seconds)
        async with self._database.writing() as connection:
            await connection.execute(statement.values(due_at=later))

    async def refused(self, letter: Addressed) -> bool:
        """Put what is to be sent instead in its place; False where there is nothing. A wish that
        could not be passed on is over."""
        statement = _one(letter).returning(letter_table.c.instead)
        now = self._clock()
        async with self._database.writing() as connection:
            there = await connection.execute(_held(letter.introduction))
            row = (await connection.execute(statement)).one_or_none()
            if letter.introduction and there.first() is None:
                row = None  # one of both was erased meanwhile
            instead: list[Mapping[str, Any]] = row.instead if row else []
            for one in instead:
                kept = {"attempts": 0, "due_at": now, "written_at": now}
                await connection.execute(letter_table.insert().values(**one, **kept))
            if row and letter.introduction:
                await connection.execute(_over(letter.introduction, now))
        await self._database.empty_log()
        return bool(instead)

    async def pin(self, community: str, platform: str, place: str, reply: Reply, name: str) -> None:
        """Keep what is published in a place until it is collected for that."""
        at = self._clock()
        where = {"platform": platform, "addresses": [place], "person_key": "", "introduction": ""}
        when = {"attempts": 0, "due_at": at, "written_at": at}
        row = {"community": community, "id": name, "reply": reply_to_json(reply), "instead": []}
        async with self._database.writing() as connection:
            await connection.execute(letter_table.insert().values(**row, **where, **when))

    async def collect(self, community: str, platform: str, address: str) -> list[Reply]:
        """What waits for somebody on a channel that is not written to; each once."""
        statement = (
            select(letter_table)
            .where(
                letter_table.c.community == community,
                letter_table.c.platform == platform,
                letter_table.c.written_at >= self._clock() - LETTERS_KEPT,
            )
            .order_by(letter_table.c.written_at)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        theirs = [_addressed(row) for row in rows if address in row.addresses]
        if not theirs:
            return []
        async with self._database.writing() as connection:
            given = [one for one in theirs if (await connection.execute(_one(one))).rowcount]
        await self._database.empty_log()
        return [one.reply for one in given]


def _leasing(row: Row[Any, Any], now: datetime) -> ReturningUpdate[Any]:
    return (
        update(letter_table)
        .where(
            letter_table.c.community == row.community,
            letter_table.c.id == row.id,
            letter_table.c.due_at <= now,
        )
        .values(due_at=now + LEASE, attempts=letter_table.c.attempts + 1)
        .returning(letter_table)
    )


def letters_about(introductions: Sequence[str]) -> Delete:
    """Takes back what is not sent yet about introductions, whoever it is for."""
    about = delete(letter_table).where(letter_table.c.introduction.in_(introductions))
    return about.execution_options(**EVERYWHERE)


def _held(introduction: str) -> Select[Any]:
    """Locks it, as whoever erases one of both does first."""
    table = introduction_table.c
    statement = select(table.id).where(table.id == introduction).with_for_update()
    return statement.execution_options(**EVERYWHERE)


def _over(introduction: str, now: datetime) -> Update:
    """Ends it where it was not answered yet."""
    table = introduction_table.c
    ending = update(introduction_table).where(table.id == introduction, table.state == "asked")
    ended = ending.values(state="closed", answered_at=now, reach="")
    return ended.execution_options(**EVERYWHERE)


def _one(letter: Addressed) -> Delete:
    return delete(letter_table).where(
        letter_table.c.community == letter.community, letter_table.c.id == letter.id
    )


def _addressed(row: Row[Any]) -> Addressed:
    return Addressed(
        row.community,
        row.id,
        row.platform,
        tuple(row.addresses),
        reply_from_json(row.reply),
        row.attempts,
        row.introduction,
    )
