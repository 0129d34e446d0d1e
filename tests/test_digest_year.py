"""More than a year of a channel's digests: two processes at once, restarts, and clock changes."""

from __future__ import annotations

import asyncio
import itertools
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.conversation import Reply
from bot.delivery import MaybeSent
from bot.digest import Sender
from bot.digests import Choices, Composed, Subscription
from bot.store import Store
from bot.weeks import Schedule, dues_after
from tests.clock import START, Clock
from tests.digesting import LONDON, Channel, weeks
from tests.serving import at_once
from tests.walls import Walls

WEEKS = 60
SUMMERS = ((date(2026, 3, 29), date(2026, 10, 25)), (date(2027, 3, 28), date(2027, 10, 31)))
MONDAYS, SUNDAYS = Schedule(0, time(10), LONDON), Schedule(6, time(1, 30), LONDON)


async def composed(_: Subscription, __: datetime) -> Composed:
    return Composed(Reply("answered", "News."), (), empty=False)


def mondays() -> list[datetime]:
    """At 10:00 in London, in UTC: an hour sooner in summer."""
    found = []
    for week in range(WEEKS):
        day = START.date() + timedelta(weeks=week)
        summer = any(first <= day < last for first, last in SUMMERS)
        found.append(datetime.combine(day, time(9 if summer else 10), UTC))
    return found


def sundays() -> list[datetime]:
    """At 01:30 in London, in UTC. The clocks go forward at 01:00, so that on that day it is 02:30
    by them; they go back at 02:00, so that it is 01:30 twice, and the first of them is meant."""
    found = []
    for week in range(WEEKS):
        day = START.date() + timedelta(days=6, weeks=week)
        midnight = datetime.combine(day, time(0, 30), UTC)
        summer = any(first < day <= last for first, last in SUMMERS)
        found.append(midnight if summer else midnight + timedelta(hours=1))
    return found


class Process:
    """One that posts, with the database opened by itself."""

    def __init__(self, store: Store, walls: Walls, clock: Clock) -> None:
        self.store = store
        self.sender = Sender(store, composed, {"slack": walls}, clock, pause=at_once)

    @classmethod
    async def started(cls, url: str, walls: Walls, clock: Clock) -> Process:
        return cls(await Store.open(url, clock), walls, clock)


@pytest.mark.parametrize(
    ("database_url", "schedule", "expected"),
    [("sqlite", MONDAYS, mondays()), ("postgresql", SUNDAYS, sundays())],
    indirect=["database_url"],
)
async def test_exactly_one_a_week_at_the_right_time(
    database_url: str, schedule: Schedule, expected: list[datetime]
) -> None:
    clock, walls = Clock(), Walls()
    both = [await Process.started(database_url, walls, clock) for _ in range(2)]
    await Channel(both[0].store).follows(Choices(schedule))
    posted: list[datetime] = []

    async def passes(moment: datetime, *by: Process) -> None:
        clock.now = moment
        await asyncio.gather(*(one.sender.send() for one in by))
        posted.extend([moment] * (len(walls.posted) - len(posted)))

    for week, due in enumerate(expected):
        if week % 4 == 0:  # one of them starts anew
            await both[week % 8 // 4].store.close()
            both[week % 8 // 4] = await Process.started(database_url, walls, clock)
        if week % 3 == 0:  # it is posted, but nobody is told
            walls.after.append(MaybeSent("the connection broke"))
        await passes(due - timedelta(seconds=1), both[week % 2])
        await passes(due, *both)
        if week % 3 == 0:
            await passes(due + timedelta(minutes=1), *both)
    for one in both:
        await one.store.close()
    following = itertools.islice(dues_after(schedule, START), WEEKS)
    assert posted == expected == [due for _, due in following]
    assert len({key for _, key, _ in walls.posted}) == WEEKS
    states = weeks(database_url)
    assert [state for _, state in states] == ["sent"] * WEEKS
    assert len({period for period, _ in states}) == WEEKS
    assert walls.looked == WEEKS / 3
