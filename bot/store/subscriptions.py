"""Channels' weekly digests: set up, changed, paused, stopped, and asked for at once."""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Origin
from bot.digests import Choices, Subscription
from bot.store.digest_models import issue_table, subscription_table
from bot.store.partition import Partition
from bot.weeks import Schedule, dues_after, period_at

FIRST_TELLS = timedelta(weeks=1)  # how far back the first digest looks
Asked = Literal["taken", "under way", "sent", "unsure"]
"""What became of asking for this week's digest at once: it is sent as soon as can be, that is so
already, or it went out this week, or may have."""


class Subscriptions(Partition):
    """Of one community; a channel has one at most."""

    async def of(self, channel: str) -> Subscription | None:
        """A channel's digest, paused or not."""
        async with self._database.reading() as connection:
            return await self._of(connection, channel)

    async def named(self, name: str) -> Subscription | None:
        """One by its id."""
        statement = self._rows(subscription_table).where(subscription_table.c.id == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return subscription(row) if row else None

    async def all(self) -> list[Subscription]:
        """Every one, the oldest first."""
        statement = self._rows(subscription_table).order_by(subscription_table.c.made_at)
        async with self._database.reading() as connection:
            return [subscription(row) for row in await connection.execute(statement)]

    async def keep(self, origin: Origin, choices: Choices, by: str) -> Subscription:
        """Set up the digest of the channel of an origin, or change it. It keeps its id and what
        it told; its next issue is the first of a week that had none."""
        now, channel = self._clock(), origin.channel
        row = _columns(choices) | {"place": origin.place, "link": origin.link}
        row |= {"platform": origin.platform}
        async with self._database.writing() as connection:
            here = subscription_table.c.channel == channel
            if not (before := await self._held(connection, here)):
                due = await self._next_due(connection, channel, choices.schedule, now)
                made = {**row, "next_due": due, "channel": channel, "paused": False}
                made |= {"maker_key": by, "made_at": now, "told_until": now - FIRST_TELLS}
                if kept := await self._made(connection, made):
                    return kept
                # Somebody else did at this moment.
                before = await self._held(connection, here)
            assert before is not None
            if before.choices.schedule != choices.schedule:  # else what is due now stays due
                row["next_due"] = await self._next_due(connection, channel, choices.schedule, now)
            changing = self._changing(subscription_table)
            theirs = subscription_table.c.id == before.id
            await connection.execute(changing.where(theirs).values(**row))
            await self._logged(connection, by, "digest changed", before.id)
            kept = await self._of(connection, channel)
        assert kept is not None
        return kept

    async def pause(self, name: str, by: str, *, paused: bool) -> Subscription | None:
        """Post none until it goes on again; of this week neither, unless it is being posted. None
        where there is no such digest."""
        now = self._clock()
        async with self._database.writing() as connection:
            if (found := await self._held(connection, subscription_table.c.id == name)) is None:
                return None
            if found.paused == paused:
                return found
            due = await self._next_due(connection, found.channel, found.choices.schedule, now)
            changing = self._changing(subscription_table)
            values = {"paused": paused, "next_due": due}
            await connection.execute(
                changing.where(subscription_table.c.id == name).values(**values)
            )
            if paused:
                await self._open_left(connection, found.channel)
            action = "digest paused" if paused else "digest resumed"
            await self._logged(connection, by, action, name)
            return await self._held(connection, subscription_table.c.id == name)

    async def stop(self, name: str, by: str) -> bool:
        """End it; False where there is no such digest."""
        async with self._database.writing() as connection:
            if (found := await self._held(connection, subscription_table.c.id == name)) is None:
                return False
            erasing = self._erasing(subscription_table)
            await connection.execute(erasing.where(subscription_table.c.id == name))
            await self._open_left(connection, found.channel)
            await self._logged(connection, by, "digest stopped", name)
        return True

    async def standing(self, name: str) -> Asked | None:
        """What asking for this week's digest would come to; see `send_now`."""
        if (found := await self.named(name)) is None:
            return None
        async with self._database.reading() as connection:
            return _asked(await self._week(connection, found, self._clock()))

    async def send_now(
        self, name: str, by: str, *, wanted: bool, again: bool = False
    ) -> Asked | None:
        """Have this week's digest posted at once, in the place of the one that is due; `wanted`
        though nothing is new, `again` where somebody looked and did not find the one that may
        have been posted. None where there is no such digest."""
        now, table = self._clock(), issue_table.c
        async with self._database.writing() as connection:
            if (found := await self._held(connection, subscription_table.c.id == name)) is None:
                return None
            asked = _asked(await self._week(connection, found, now))
            if asked != "taken" and not (again and asked == "unsure"):
                return asked
            schedule, channel = found.choices.schedule, found.channel
            period = period_at(schedule, now)
            here = table.channel == channel, table.period == period
            await connection.execute(self._erasing(issue_table).where(*here))
            new = issue_row(channel, period, now, due=True) | {"wanted": wanted}
            await connection.execute(self._adding(issue_table, **new))
            due = await self._next_due(connection, channel, schedule, now)
            changing = self._changing(subscription_table)
            mine = subscription_table.c.id == name
            await connection.execute(changing.where(mine).values(next_due=due))
            await self._logged(connection, by, "digest sent at once", name)
        return "taken"

    async def last(self, channel: str) -> tuple[str, datetime | None] | None:
        """What became of a channel's newest issue, and when that was settled."""
        table = issue_table.c
        statement = self._rows(issue_table).where(table.channel == channel)
        async with self._database.reading() as connection:
            newest = statement.order_by(table.due_at.desc()).limit(1)
            row = (await connection.execute(newest)).one_or_none()
        return (row.state, row.settled_at) if row else None

    async def _of(self, connection: AsyncConnection, channel: str) -> Subscription | None:
        statement = self._rows(subscription_table).where(subscription_table.c.channel == channel)
        row = (await connection.execute(statement)).one_or_none()
        return subscription(row) if row else None

    async def _held(
        self, connection: AsyncConnection, which: ColumnElement[bool]
    ) -> Subscription | None:
        """One that nobody else changes until the transaction ends. A file is locked by a change
        only, so it is changed to what it is."""
        same = {"paused": subscription_table.c.paused}
        holding = self._changing(subscription_table).where(which).values(**same)
        row = (await connection.execute(holding.returning(subscription_table))).one_or_none()
        return subscription(row) if row else None

    async def _week(
        self, connection: AsyncConnection, one: Subscription, now: datetime
    ) -> Row[Any] | None:
        """This week's issue, if there is one."""
        table, period = issue_table.c, period_at(one.choices.schedule, now)
        here = table.channel == one.channel, table.period == period
        found = await connection.execute(self._rows(issue_table).where(*here))
        row: Row[Any] | None = found.one_or_none()
        return row

    async def _next_due(
        self, connection: AsyncConnection, channel: str, schedule: Schedule, now: datetime
    ) -> datetime:
        """The first time from now on in a week that had no issue."""
        statement = self._rows(issue_table, issue_table.c.period).where(
            issue_table.c.channel == channel
        )
        had = {row.period for row in await connection.execute(statement)}
        return next(due for period, due in dues_after(schedule, now) if period not in had)

    async def _made(self, connection: AsyncConnection, made: dict[str, Any]) -> Subscription | None:
        """Set one up; None where its channel has one."""
        made = {"community": self._community, "id": f"d-{secrets.token_urlsafe(9)}", **made}
        insert = sqlite.insert if self._database.is_file else postgresql.insert
        adding = insert(subscription_table).on_conflict_do_nothing().values(**made)
        if not (await connection.execute(adding)).rowcount:
            return None
        await self._logged(connection, str(made["maker_key"]), "digest set up", str(made["id"]))
        return await self._of(connection, str(made["channel"]))

    async def _open_left(self, connection: AsyncConnection, channel: str) -> None:
        """What is not settled is not posted any more, nor looked for; what is being posted at
        this moment is noted as sent when it is."""
        table = issue_table.c
        for state, settled in (("due", "skipped"), ("sending", "unsure")):
            these = table.channel == channel, table.state == state
            values = {"state": settled, "again_at": None, "settled_at": self._clock()}
            await connection.execute(self._changing(issue_table).where(*these).values(**values))


def _asked(week: Row[Any] | None) -> Asked:
    if week and week.state in ("sent", "unsure"):
        return "sent" if week.state == "sent" else "unsure"
    return "under way" if week and week.again_at else "taken"


def issue_row(channel: str, period: str, due_at: datetime, *, due: bool) -> dict[str, Any]:
    """A new issue: to be sent from when it is due on, or skipped from the start."""
    return {
        "channel": channel,
        "period": period,
        "key": secrets.token_urlsafe(12),
        "state": "due" if due else "skipped",
        "due_at": due_at,
        "attempts": 0,
        "again_at": due_at if due else None,
        "begun_at": None,
        "wanted": False,
        "settled_at": None if due else due_at,
    }


def subscription(row: Row[Any]) -> Subscription:
    """A row of its table, or of one that holds its columns."""
    hours, minutes = (int(part) for part in row.at.split(":"))
    schedule = Schedule(row.weekday, time(hours, minutes), row.zone)
    return Subscription(
        row.community,
        row.id,
        row.channel,
        row.platform,
        row.place,
        row.link,
        Choices(schedule, tuple(row.outcomes), row.when_empty),
        row.paused,
        row.maker_key,
        row.made_at,
        row.told_until,
        row.next_due,
    )


def _columns(choices: Choices) -> dict[str, Any]:
    schedule, outcomes = choices.schedule, choices.outcomes
    when = {"weekday": schedule.weekday, "at": f"{schedule.at:%H:%M}", "zone": schedule.zone}
    return {**when, "outcomes": list(outcomes), "when_empty": choices.when_empty}
