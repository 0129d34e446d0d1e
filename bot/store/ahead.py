"""What stands ahead in a thread: heard before, by whatever process, and not answered yet."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import Heard
from bot.records import heard_from_json
from bot.store.database import Database
from bot.store.models import heard_table, storable

SOON = timedelta(minutes=1)
"""What is due later waits for its platform, and nobody waits for it."""

_Name = tuple[str, str]  # community and key
_Thread = tuple[str, str, str, str]


class Ahead:
    """By what is ahead of it when it is entered, so that no two processes' clocks need agree. What
    two enter in the same moment is in no order."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        self._waiting: dict[_Name, set[str]] = {}
        self._here: set[_Name] = set()  # entered by this process, and still worked on

    async def look(self, connection: AsyncConnection, entered: Sequence[Heard]) -> None:
        """Take note of it for what was entered in this transaction."""
        self._here.update(_name(one) for one in entered)
        asked = [one for one in entered if one.request.origin.thread and not one.begins]
        if not asked:
            return
        table, own = heard_table.c, {_name(one) for one in entered}
        # The text finds them among what is under way, and what it holds is then read.
        threads = {json.dumps(one.request.origin.thread) for one in asked}
        statement = select(table.community, table.key, table.delivery).where(
            table.community.in_({_name(one)[0] for one in asked}),
            table.due_at <= self._clock() + SOON,
            or_(*(table.delivery.contains(one, autoescape=True) for one in sorted(threads))),
        )
        found: dict[_Thread, set[str]] = defaultdict(set)
        for row in await connection.execute(statement):
            if (row.community, row.key) not in own and (thread := _read(row.delivery)):
                found[thread].add(row.key)
        for one in asked:
            if ahead := found.get(_thread(one)):
                self._waiting[_name(one)] = ahead

    async def of(self, heard: Heard) -> bool:
        """Whether anything is ahead of it still."""
        if not (ahead := self._waiting.get(_name(heard))):
            return False
        community, table = _name(heard)[0], heard_table.c
        statement = select(table.key).where(
            table.community == community,
            table.key.in_(ahead),
            table.due_at <= self._clock() + SOON,
        )
        async with self._database.reading() as connection:
            left = {row.key for row in await connection.execute(statement)}
        self._waiting[_name(heard)] = left
        return bool(left)

    def ours(self, heard: Heard) -> bool:
        """Whether something of this very process was ahead of it when that was last asked."""
        name = _name(heard)
        return any((name[0], key) in self._here for key in self._waiting.get(name, ()))

    def forget(self, heard: Heard) -> None:
        """It was answered, or is no longer worked on here."""
        self._waiting.pop(_name(heard), None)
        self._here.discard(_name(heard))


def _name(heard: Heard) -> _Name:
    return storable(heard.request.origin.community), storable(heard.key)


def _thread(heard: Heard) -> _Thread:
    origin = heard.request.origin
    return heard.platform, origin.community, origin.channel, origin.thread


def _read(delivery: str) -> _Thread | None:
    """The thread of something kept; None where another version wrote it."""
    try:
        return _thread(heard_from_json(delivery))
    except (ValueError, LookupError, TypeError):
        return None
