"""The ledger of digests: a row for each channel and week, claimed before it is posted.

Any number of processes work on it side by side. Whoever claims an issue has it for a while (the
lease); of a process that died it is then claimed by another, which learns whether a post may have
gone out already.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Update, and_, false, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.digests import Issue, Subscription
from bot.store.database import Database
from bot.store.digest_models import issue_table, subscription_table
from bot.store.feedback_models import open_question_table
from bot.store.guard import EVERYWHERE
from bot.store.letters import Letter, post
from bot.store.partition import Partition
from bot.store.subscriptions import issue_row, subscription
from bot.weeks import dues_after

GRACE = timedelta(hours=24)  # how late a digest may still come
LEASE = timedelta(minutes=3)  # far longer than any platform takes to answer
ENTERED_AT_ONCE = 100  # in one transaction, so that answers do not wait for it
ISSUES_KEPT = timedelta(days=400)  # long enough to see a year of a channel's digests

Settled = Literal["sent", "unsure", "empty", "skipped", "failed"]
_log = logging.getLogger(__name__)
_BEFORE = timedelta(days=2)  # new rules of a time zone may have moved what is due


class Issues:
    """Of every community. A part of the store."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        grace: timedelta = GRACE,
        lease: timedelta = LEASE,
    ) -> None:
        self._database, self._clock = database, clock
        self._grace, self._lease = grace, lease
        insert = sqlite.insert if database.is_file else postgresql.insert
        self._enter = insert(issue_table).on_conflict_do_nothing()

    @property
    def grace(self) -> timedelta:
        """How late a digest may still come."""
        return self._grace

    async def subscriptions(self) -> list[Subscription]:
        """Every digest that is set up, for whoever runs the program."""
        statement = select(subscription_table).order_by(subscription_table.c.made_at)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.execution_options(**EVERYWHERE))
            return [subscription(row) for row in rows]

    async def enter(self) -> int:
        """Enter the issues that became due: of each channel the newest to be sent, if it is
        within its grace, and older ones as skipped. How many channels that was."""
        now = self._clock()
        due = subscription_table.c.next_due <= now
        # In one order for all processes, so that none waits for another that waits for it.
        table = subscription_table.c
        statement = select(subscription_table).where(due)
        ordered = statement.order_by(table.next_due, table.community, table.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(ordered.execution_options(**EVERYWHERE))).all()
        for first in range(0, len(rows), ENTERED_AT_ONCE):
            async with self._database.writing() as connection:
                for row in rows[first : first + ENTERED_AT_ONCE]:
                    await self._entered(connection, subscription(row), now)
        return len(rows)

    async def _entered(self, connection: AsyncConnection, one: Subscription, now: datetime) -> None:
        """Unless another process did it, or the digest was changed, since it was read."""
        try:
            missed, following = missed_by(one, now)
        except (ValueError, KeyError):  # ZoneInfoNotFoundError is one
            zone = one.choices.schedule.zone
            _log.error("A digest cannot be due: this computer knows no time zone %s", zone)
            return
        table = subscription_table.c
        mine = table.community == one.community, table.id == one.id
        unchanged = table.next_due == one.next_due, table.paused == one.paused
        moved = update(subscription_table).where(*mine, *unchanged).values(next_due=following)
        if not (await connection.execute(moved)).rowcount or one.paused:
            return
        for number, (period, due) in enumerate(missed, start=1):
            newest = number == len(missed) and now - due <= self._grace
            row = issue_row(one.channel, period, due, due=newest)
            await connection.execute(self._enter.values(community=one.community, **row))

    async def claim(
        self, served: Mapping[str, Collection[str] | None], most: int = 20
    ) -> list[Issue]:
        """Those that are to be sent, or tried again, the oldest first; they are this process's
        alone until the lease ends. Of the platforms `served` only, each in these communities, or
        in any where it is None."""
        now = self._clock()
        there = (
            subscription_table.c.community == issue_table.c.community,
            subscription_table.c.channel == issue_table.c.channel,
        )
        due = (
            select(issue_table.c.community, issue_table.c.channel, issue_table.c.period)
            .join(subscription_table, (there[0]) & (there[1]))
            .where(issue_table.c.again_at <= now, or_(false(), *_of(served)))
            .order_by(issue_table.c.again_at)
            .limit(most)
            .execution_options(**EVERYWHERE)
        )
        async with self._database.reading() as connection:
            if (await connection.execute(due)).first() is None:
                return []
        async with self._database.writing() as connection:
            # What another process claims at this moment is left to it.
            locked = due.with_for_update(skip_locked=True, of=issue_table)
            rows = (await connection.execute(locked)).all()
            claimed = [await self._claimed(connection, row, now) for row in rows]
            return [one for one in claimed if one]

    async def _claimed(
        self, connection: AsyncConnection, row: Row[Any, Any, Any], now: datetime
    ) -> Issue | None:
        table = issue_table.c
        where = table.community == row.community, table.channel == row.channel
        claiming = (
            update(issue_table)
            .where(*where, table.period == row.period, table.again_at <= now)
            .values(again_at=now + self._lease, attempts=table.attempts + 1)
            .returning(issue_table)
        )
        found = (await connection.execute(claiming)).one_or_none()
        theirs = select(subscription_table).where(
            subscription_table.c.community == row.community,
            subscription_table.c.channel == row.channel,
        )
        of = (await connection.execute(theirs)).one_or_none()
        return _issue(found, subscription(of)) if found and of else None

    async def begin(self, issue: Issue, until: datetime) -> bool:
        """Note that it is about to be posted, and lease it anew: from here on nobody knows, if
        this process dies, whether it was. False where it is not this process's any more, as when
        the digest was paused or stopped meanwhile. `until` is up to when its news goes."""
        begun = issue.begun_at or until
        values = {"state": "sending", "begun_at": begun, "again_at": self._clock() + self._lease}
        return bool(await self._write(_mine(issue).values(**values)))

    async def postpone(self, issue: Issue, seconds: float, *, unsettled: bool = False) -> None:
        """Let it be tried again then; `unsettled` where it may have been posted."""
        again = self._clock() + timedelta(seconds=seconds)
        state = "sending" if unsettled else "due"
        await self._write(_mine(issue).values(state=state, again_at=again))

    async def sent(self, issue: Issue, until: datetime, questions: Collection[str] = ()) -> None:
        """It was posted, with the news up to a moment and these open questions; whoever claims it
        now."""
        table, asked, of = subscription_table.c, open_question_table.c, issue.subscription
        told = update(subscription_table).where(
            table.community == of.community, table.id == of.id, table.told_until < until
        )
        once = update(open_question_table).where(
            asked.community == of.community,
            asked.channel == of.channel,
            asked.text.in_(questions),
        )
        async with self._database.writing() as connection:
            # In the order in which it is paused or stopped, so that neither waits for the other.
            await connection.execute(told.values(told_until=until))
            await connection.execute(_one(issue).values(**self._settled("sent")))
            if questions:
                await connection.execute(once.values(told=True))

    async def settle(self, issue: Issue, state: Settled, *letters: Letter) -> None:
        """It is over, without having been posted as far as is known; the log says so of all but
        what was empty."""
        part = _Part(self._database, issue.subscription.community, self._clock)
        async with self._database.writing() as connection:
            settled = _mine(issue).values(**self._settled(state))
            if not (await connection.execute(settled)).rowcount:
                return
            if state != "empty":
                subject = f"{issue.subscription.id} {issue.period}"
                await part.log(connection, f"digest {state}", subject)
            await post(connection, letters, self._clock())

    async def end(self, issue: Issue, why: str, *letters: Letter) -> None:
        """The place is gone: the whole digest is over, and the log says why."""
        of = issue.subscription
        part = _Part(self._database, of.community, self._clock)
        async with self._database.writing() as connection:
            erased = await part.erased(connection, of.id)
            await connection.execute(_mine(issue).values(**self._settled("ended")))
            if erased:
                await part.log(connection, "digest ended", f"{of.id}: {why}")
                await post(connection, letters, self._clock())

    def _settled(self, state: str) -> dict[str, object]:
        return {"state": state, "again_at": None, "settled_at": self._clock()}

    async def _write(self, statement: Update) -> int:
        async with self._database.writing() as connection:
            return (await connection.execute(statement)).rowcount


def _of(served: Mapping[str, Collection[str] | None]) -> Iterator[ColumnElement[bool]]:
    table = subscription_table.c
    for platform, communities in served.items():
        there = table.community.in_(communities) if communities is not None else true()
        yield and_(table.platform == platform, there)


def missed_by(one: Subscription, now: datetime) -> tuple[list[tuple[str, datetime]], datetime]:
    """What became due by now, and when the next is."""
    missed: list[tuple[str, datetime]] = []
    for period, due in dues_after(one.choices.schedule, one.next_due - _BEFORE):
        if due > now:
            return missed, due
        missed.append((period, due))
    return missed, one.next_due


class _Part(Partition):
    async def log(self, connection: AsyncConnection, action: str, subject: str) -> None:
        await self._logged(connection, "", action, subject)

    async def erased(self, connection: AsyncConnection, name: str) -> int:
        erasing = self._erasing(subscription_table).where(subscription_table.c.id == name)
        return (await connection.execute(erasing)).rowcount


def _here(issue: Issue) -> tuple[ColumnElement[bool], ...]:
    table, of = issue_table.c, issue.subscription
    return (
        table.community == of.community,
        table.channel == of.channel,
        table.period == issue.period,
        table.key == issue.key,
    )


def _one(issue: Issue) -> Update:
    return update(issue_table).where(*_here(issue))


def _mine(issue: Issue) -> Update:
    """The same, if no other process has claimed it since, and it is not settled."""
    table = issue_table.c
    return _one(issue).where(table.attempts == issue.attempts, table.again_at.is_not(None))


def _issue(row: Row[Any], of: Subscription) -> Issue:
    return Issue(
        of,
        row.period,
        row.key,
        row.due_at,
        row.attempts,
        row.begun_at,
        row.state == "sending",
        row.wanted,
    )
