"""Answers that an officer stands for until a day, of one community."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.questions import Verified
from bot.store.database import Database
from bot.store.feedback_models import verified_table
from bot.store.guard import EVERYWHERE
from bot.store.letters import Letter, post
from bot.store.open_questions import settled
from bot.store.partition import Partition
from bot.store.peers import quotes_erased


class VerifiedAnswers(Partition):
    """Written in transactions that count the community's revision up, so that every process gives
    them as they stand."""

    async def all(self) -> list[tuple[Verified, bytes, str]]:
        """Every one that was not ended, the newest first, those whose day has passed too; each
        with the vectors of its question and then of its other wordings, float32 in bytes one
        behind the other, and the model that made them."""
        table = verified_table.c
        newest = self._rows(verified_table).order_by(table.written_at.desc(), table.id)
        async with self._database.reading() as connection:
            rows = await connection.execute(newest)
            return [(_verified(row), row.vector, row.model) for row in rows]

    async def named(self, name: str) -> Verified | None:
        """One by its id."""
        async with self._database.reading() as connection:
            row = await self._row(connection, name)
        return _verified(row) if row else None

    async def keep(
        self,
        one: Verified,
        vector: bytes,
        model: str,
        *,
        answered: Collection[str] = (),
        letters: Sequence[Letter] = (),
    ) -> bool:
        """Keep one, or put it in the place of the one with its id; with it the open questions of
        these ids are answered, and `letters` tell of it. Where somebody else has answered all of
        them meanwhile, no letter goes out. False, and nothing is kept, where its author was erased
        at this moment."""
        async with self._database.writing() as connection:
            await self._next(connection)
            if one.author and not await self._is_somebody(connection, one.author):
                return False
            before = await self._row(connection, one.id)
            if before is not None:
                await self._erased(connection, before)
            await connection.execute(
                self._adding(verified_table, **_columns(one), vector=vector, model=model)
            )
            open_ = await settled(connection, self._community, answered)
            if open_ or not answered:
                await post(connection, letters, self._clock())
            await self._logged(connection, one.author, "answer verified", one.id)
        if before is not None:
            await self._database.empty_log()
        return True

    async def end(self, name: str, by: str) -> bool:
        """Take one out and erase its words; False where there is none."""
        async with self._database.writing() as connection:
            await self._next(connection)
            if (before := await self._row(connection, name)) is None:
                return False
            await self._erased(connection, before)
            await self._logged(connection, by, "verified answer ended", name)
        await self._database.empty_log()
        return True

    async def embed(self, made: Sequence[tuple[Verified, bytes, str]]) -> None:
        """Keep the vectors of some, as `all` gives them, by another model; not of one that was
        changed meanwhile."""
        table = verified_table.c
        async with self._database.writing() as connection:
            for one, vector, model in made:
                same = table.question == one.question, table.written_at == one.written_at
                changing = self._changing(verified_table).where(table.id == one.id, *same)
                await connection.execute(changing.values(vector=vector, model=model))

    async def reminded(self, name: str, letters: Sequence[Letter]) -> None:
        """Tell that the day of one has passed: once, whichever process does."""
        table = verified_table.c
        past = table.id == name, table.until < self._clock().date(), ~table.reminded
        changing = self._changing(verified_table).where(*past).values(reminded=True)
        async with self._database.writing() as connection:
            if (await connection.execute(changing)).rowcount:
                await post(connection, letters, self._clock())

    async def _row(self, connection: AsyncConnection, name: str) -> Row[Any] | None:
        statement = self._rows(verified_table).where(verified_table.c.id == name)
        found: Row[Any] | None = (await connection.execute(statement)).one_or_none()
        return found

    async def _erased(self, connection: AsyncConnection, row: Row[Any]) -> None:
        """Its row, and the kept replies that give it: "More" and "Share" end with it."""
        erasing = self._erasing(verified_table).where(verified_table.c.id == row.id)
        await connection.execute(erasing)
        await quotes_erased(connection, self._community, row.answer)


async def expired(database: Database, today: date) -> list[Verified]:
    """Those of every community whose day has passed and of which nobody was reminded."""
    table = verified_table.c
    past = select(verified_table).where(table.until < today, ~table.reminded)
    oldest = past.order_by(table.until, table.id).execution_options(**EVERYWHERE)
    async with database.reading() as connection:
        return [_verified(row) for row in await connection.execute(oldest)]


def _columns(one: Verified) -> dict[str, object]:
    """Of whichever community: that is the caller's."""
    return {
        "id": one.id,
        "question": one.question,
        "wordings": list(one.wordings),
        "answer": one.answer,
        "sources": list(one.sources),
        "by": one.by,
        "author_key": one.author,
        "until": one.until,
        "written_at": one.written_at,
        "reminded": False,
    }


def _verified(row: Row[Any]) -> Verified:
    return Verified(
        row.community,
        row.id,
        row.question,
        row.answer,
        tuple(row.sources),
        row.by,
        row.author_key,
        row.until,
        row.written_at,
        tuple(row.wordings),
    )
