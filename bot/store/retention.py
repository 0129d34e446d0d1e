"""Questions and introductions past their time: erased each night, and the audit log says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Table, func, select

from bot.store.database import Database
from bot.store.digest_models import open_question_table
from bot.store.guard import EVERYWHERE
from bot.store.models import introduction_table, question_table
from bot.store.partition import Partition

_TIMES = {
    question_table: question_table.c.asked_at,
    introduction_table: introduction_table.c.asked_at,
    open_question_table: open_question_table.c.asked_at,
}


class _Part(Partition):
    async def erase(self, table: Table, kept: timedelta) -> int:
        """What was, says the log, without a name."""
        past = _TIMES[table] < self._clock() - kept
        async with self._database.writing() as connection:
            erased = (await connection.execute(self._erasing(table).where(past))).rowcount
            if erased:
                subject = f"{table.name}: {erased} past {kept.days} days"
                await self._logged(connection, "", "erased", subject)
        return erased


class Retention:
    """Of every community. A part of the store."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        questions: timedelta,
        introductions: timedelta,
    ) -> None:
        self._database, self._clock = database, clock
        self._limits = {
            question_table: questions,
            open_question_table: questions,
            introduction_table: introductions,
        }

    async def enforce(self) -> int:
        """Erase what is past its time; how many rows that was."""
        erased = 0
        for table, kept in self._limits.items():
            for community in await self._concerned(table, kept):
                part = _Part(self._database, community, self._clock)
                erased += await part.erase(table, kept)
        if erased:
            await self._database.empty_log()
        return erased

    async def _concerned(self, table: Table, kept: timedelta) -> list[str]:
        past = _TIMES[table] < self._clock() - kept
        statement = select(table.c.community, func.count()).where(past).group_by(table.c.community)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.execution_options(**EVERYWHERE))
            return [row.community for row in rows]
