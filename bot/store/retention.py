"""Questions, introductions, verified answers and suggestions past their time: erased each night,
and the audit log says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, func, select, update

from bot.store.database import Database
from bot.store.feedback_models import open_question_table, question_table, verified_table
from bot.store.guard import EVERYWHERE
from bot.store.models import introduction_table
from bot.store.partition import Partition
from bot.store.suggestions import NO_FILE
from bot.store.text_models import suggestion_table

ENDED_KEPT = timedelta(days=90)  # a verified answer after its day, to be verified again
SUGGESTIONS_KEPT = timedelta(days=365)  # after the last that was said of them
FILES_KEPT = timedelta(days=90)  # of suggestions that nobody decides


@dataclass(frozen=True, slots=True)
class _Limit:
    """How long a table's rows are kept after a moment, or a day, that each holds."""

    since: Column[Any]
    kept: timedelta

    @property
    def table(self) -> Table:
        return self.since.table

    def past(self, now: datetime) -> ColumnElement[bool]:
        whole_days = self.since is verified_table.c.until
        return self.since < ((now.date() if whole_days else now) - self.kept)


class _Part(Partition):
    async def erase(self, limit: _Limit) -> int:
        """What was, says the log, without a name."""
        past = limit.past(self._clock())
        async with self._database.writing() as connection:
            if limit.table is verified_table:
                await self._next(connection)  # out of every process's memory too
            erased = (await connection.execute(self._erasing(limit.table).where(past))).rowcount
            if erased:
                subject = f"{limit.table.name}: {erased} past {limit.kept.days} days"
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
        self._limits = (
            _Limit(question_table.c.asked_at, questions),
            _Limit(open_question_table.c.asked_at, questions),
            _Limit(introduction_table.c.asked_at, introductions),
            _Limit(verified_table.c.until, ENDED_KEPT),
            _Limit(suggestion_table.c.changed_at, SUGGESTIONS_KEPT),
        )

    async def enforce(self) -> int:
        """Erase what is past its time; how many rows that was."""
        erased = 0
        for limit in self._limits:
            for community in await self._concerned(limit):
                part = _Part(self._database, community, self._clock)
                erased += await part.erase(limit)
        erased += await self._files_erased()
        if erased:
            await self._database.empty_log()
        return erased

    async def _files_erased(self) -> int:
        """What was attached to suggestions that nobody decided, and was read of it."""
        table = suggestion_table.c
        old = table.changed_at < self._clock() - FILES_KEPT, func.length(table.file) > 0
        erasing = update(suggestion_table).where(*old).values(**NO_FILE)
        async with self._database.writing() as connection:
            found = await connection.execute(erasing.execution_options(**EVERYWHERE))
            return found.rowcount

    async def _concerned(self, limit: _Limit) -> list[str]:
        past, here = limit.past(self._clock()), limit.table.c.community
        statement = select(here, func.count()).where(past).group_by(here)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.execution_options(**EVERYWHERE))
            return [row.community for row in rows]
