"""What time does to introductions: those nobody answered end, and those made are asked after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from bot.offers import Introduction
from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.introductions import OPEN_FOR, Write, changing, introduction
from bot.store.letters import post
from bot.store.models import introduction_table

FOLLOWED_UP = timedelta(days=14)  # after which the asker is asked whether it helped


class Due:
    """Of every community. A part of the store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    async def passed(self, expired: Write, follow: Write) -> int:
        """Let those end that nobody answered, and ask after those that were made; each once.
        Both make letters. How many it was."""
        table, now = introduction_table.c, self._clock()
        late = and_(table.state == "asked", table.asked_at <= now - OPEN_FOR)
        made = and_(
            table.state == "accepted", ~table.followed_up, table.answered_at <= now - FOLLOWED_UP
        )
        count = 0
        for wanted, values, write in (
            (late, {"state": "expired", "answered_at": now, "reach": ""}, expired),
            (made, {"followed_up": True}, follow),
        ):
            for one in await self._found(wanted):
                count += await self._changed(one, wanted, values, write)
        return count

    async def _found(self, wanted: ColumnElement[bool]) -> list[Introduction]:
        statement = select(introduction_table).where(wanted).execution_options(**EVERYWHERE)
        async with self._database.reading() as connection:
            return [introduction(row) for row in await connection.execute(statement)]

    async def _changed(
        self, one: Introduction, wanted: ColumnElement[bool], values: dict[str, Any], write: Write
    ) -> int:
        async with self._database.writing() as connection:
            statement = changing(one).where(wanted).values(**values)
            changed = (await connection.execute(statement)).rowcount
            if changed:
                await post(connection, write(one), self._clock())
        return changed
