"""Digests sent: each once, whatever its platform says of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from random import Random

import pytest

from bot.conversation import Origin, Reply
from bot.delivery import Gone, MaybeSent, NotSent
from bot.digest import Sender
from bot.digest.sender import OVERLAP
from bot.digests import Choices, Composed, Subscription
from bot.store import Store, default_url
from bot.weeks import Schedule
from tests.clock import Clock
from tests.walls import Walls

HERE = Origin("anytown", "C1", "", "U1", "slack", "to U1", room="channel", place="C1")
MONDAYS = Choices(Schedule(0, time(10), "Europe/London"))
DUE = datetime(2026, 3, 2, 10, tzinfo=UTC)
NEWS = Composed(Reply("answered", "News."), (), empty=False)


@dataclass
class Room:
    """A digest that is due on a wall, and who sends it; pauses are counted, not waited."""

    store: Store
    clock: Clock
    walls: Walls = field(default_factory=Walls)
    news: Composed = NEWS
    paused: list[float] = field(default_factory=list)

    def sender(self) -> Sender:
        async def compose(_of: Subscription, _until: datetime) -> Composed:
            return self.news

        async def pause(seconds: float) -> None:
            self.paused.append(seconds)

        told = {"slack": self.walls}
        tick = self._seconds
        return Sender(self.store, compose, told, self.clock, tick, pause, Random(1))

    def _seconds(self) -> float:
        return self.clock.now.timestamp()

    async def set_up(self, origin: Origin = HERE, choices: Choices = MONDAYS) -> Subscription:
        by = await self.store.people(origin.community).reached(origin)
        return await self.store.subscriptions(origin.community).keep(origin, choices, by)

    async def state(self, channel: str = "C1") -> str:
        last = await self.store.subscriptions("anytown").last(channel)
        return last[0] if last else "none"

    async def letters(self) -> list[str]:
        taken = await self.store.letters.take(["slack"])
        for one in taken:
            await self.store.letters.sent(one)
        return [one.reply.body for one in taken]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    clock = Clock()
    store = await Store.open(default_url(tmp_path), clock)
    yield Room(store, clock)
    await store.close()


async def test_it_goes_out_once_when_it_is_due(room: Room) -> None:
    await room.set_up()
    sender = room.sender()
    assert await sender.send() == 0, "an hour too early"
    room.clock.pass_by(hours=1)
    assert await sender.send() == 1
    assert [reply.body for reply in room.walls.on("C1")] == ["News."]
    for _ in range(6):
        room.clock.pass_by(hours=20)
        await sender.send()
    assert len(room.walls.posted) == 1
    room.clock.pass_by(days=2)
    await sender.send()
    keys = {key for _, key, _ in room.walls.posted}
    assert len(keys) == len(room.walls.posted) == 2


async def test_two_processes_at_once_post_it_once(room: Room) -> None:
    for number in range(12):
        await room.set_up(replace(HERE, channel=f"C{number}", place=f"C{number}"))
    room.clock.pass_by(hours=1)
    await asyncio.gather(room.sender().send(), room.sender().send())
    assert sorted(place for place, _, _ in room.walls.posted) == sorted(
        f"C{number}" for number in range(12)
    )


async def test_a_week_without_news_posts_nothing_unless_it_is_wanted(room: Room) -> None:
    room.news = replace(NEWS, empty=True)
    await room.set_up()
    await room.set_up(replace(HERE, channel="C2", place="C2"), replace(MONDAYS, when_empty=True))
    room.clock.pass_by(hours=1)
    await room.sender().send()
    assert [place for place, _, _ in room.walls.posted] == ["C2"]
    assert await room.state() == "empty"


async def test_what_was_not_posted_is_tried_again_without_a_look(room: Room) -> None:
    await room.set_up()
    room.walls.before.extend([NotSent("limited", 7.0), None])
    room.clock.pass_by(hours=1)
    await room.sender().send()
    assert room.walls.posted == []
    room.clock.pass_by(seconds=5)
    await room.sender().send()
    assert room.walls.posted == [], "not before the platform wants it"
    room.clock.pass_by(seconds=40)
    await room.sender().send()
    assert (len(room.walls.posted), room.walls.looked) == (1, 0)


async def test_what_may_have_been_posted_is_looked_up_first(room: Room) -> None:
    await room.set_up()
    room.walls.after.append(MaybeSent("the connection broke"))
    room.clock.pass_by(hours=1)
    await room.sender().send()
    room.clock.pass_by(minutes=1)
    await room.sender().send()
    assert (len(room.walls.posted), room.walls.looked) == (1, 1)
    assert await room.state() == "sent"
    told = await room.store.subscriptions("anytown").of("C1")
    assert told is not None
    assert DUE - told.told_until == OVERLAP, "its news is told"


async def test_what_was_not_found_is_posted(room: Room) -> None:
    await room.set_up()
    room.walls.before.append(MaybeSent("the connection broke"))
    room.walls.looking.append(NotSent("away", 1.0))
    room.clock.pass_by(hours=1)
    for _ in range(3):
        await room.sender().send()
        room.clock.pass_by(minutes=2)
    assert (len(room.walls.posted), room.walls.looked) == (1, 2)


async def test_where_nobody_can_look_it_is_reported_and_not_repeated(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    room.walls.tells = False
    await room.set_up()
    room.walls.before.append(MaybeSent("the connection broke"))
    room.clock.pass_by(hours=1)
    for _ in range(3):
        await room.sender().send()
        room.clock.pass_by(minutes=2)
    assert (room.walls.posted, await room.state()) == ([], "unsure")
    assert any("may not have arrived" in one for one in await room.letters())
    assert "may not have arrived" in caplog.text
    room.clock.pass_by(weeks=1)
    await room.sender().send()
    assert len(room.walls.posted) == 1, "the next week's comes as usual"


async def test_where_a_place_is_gone_the_digest_ends_and_its_maker_is_told_once(room: Room) -> None:
    await room.set_up(replace(HERE, link="https://example.org/channel"))
    room.walls.before.append(Gone("the channel is archived"))
    room.clock.pass_by(hours=1)
    await room.sender().send()
    assert await room.store.subscriptions("anytown").of("C1") is None
    (letter,) = await room.letters()
    assert "the channel is archived" in letter
    assert "https://example.org/channel" in letter
    room.clock.pass_by(weeks=1)
    await room.sender().send()
    assert room.walls.posted == []
    assert await room.letters() == []


async def test_gone_is_found_out_by_looking_too(room: Room) -> None:
    await room.set_up()
    room.walls.after.append(MaybeSent("broke"))
    room.walls.looking.append(Gone("the channel is gone"))
    room.clock.pass_by(hours=1)
    await room.sender().send()
    room.clock.pass_by(minutes=1)
    await room.sender().send()
    assert await room.store.subscriptions("anytown").of("C1") is None


async def test_after_downtime_it_catches_up_once_within_its_grace(room: Room) -> None:
    await room.set_up()
    room.clock.pass_by(weeks=2, hours=20)
    await room.sender().send()
    assert len(room.walls.posted) == 1
    assert await room.state() == "sent"


async def test_what_is_later_than_its_grace_is_left_out(room: Room) -> None:
    await room.set_up()
    room.clock.pass_by(hours=26)
    await room.sender().send()
    assert (room.walls.posted, await room.state()) == ([], "skipped")


async def test_a_platform_that_is_away_for_a_day_has_none_that_week(room: Room) -> None:
    await room.set_up()
    room.walls.before.extend([NotSent("away")] * 500)
    room.clock.pass_by(hours=1)
    for _ in range(60):
        await room.sender().send()
        room.clock.pass_by(minutes=30)
    assert (room.walls.posted, await room.state()) == ([], "failed")


async def test_a_refusal_is_tried_again_until_it_is_too_late(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    await room.set_up()
    room.walls.before.extend([RuntimeError("officers' words")] * 500)
    room.clock.pass_by(hours=1)
    for _ in range(60):
        await room.sender().send()
        room.clock.pass_by(minutes=30)
    assert (room.walls.posted, await room.state()) == ([], "failed")
    assert any("could not be posted" in one for one in await room.letters())
    assert "officers' words" not in caplog.text


async def test_one_that_cannot_be_made_does_not_hold_up_the_others(room: Room) -> None:
    await room.set_up()
    await room.set_up(replace(HERE, channel="C2", place="C2"))

    async def compose(of: Subscription, _: datetime) -> Composed:
        if of.channel == "C1":
            raise ValueError("broken")
        return NEWS

    room.clock.pass_by(hours=1)
    sender = Sender(room.store, compose, {"slack": room.walls}, room.clock, chance=Random(1))
    await sender.send()
    assert [place for place, _, _ in room.walls.posted] == ["C2"]


async def test_posts_are_spaced_and_a_platform_is_left_alone_when_it_says_so(room: Room) -> None:
    for number in range(8):
        await room.set_up(replace(HERE, channel=f"C{number}", place=f"C{number}"))
    room.walls.before.append(NotSent("limited", 60.0))
    room.clock.pass_by(hours=1)
    await room.sender().send()
    assert len(room.walls.posted) < 8, "the others wait as well"
    room.clock.pass_by(minutes=3)
    await room.sender().send()
    assert len(room.walls.posted) == 8
    assert max(room.paused) >= 0.5


async def test_paused_between_its_claim_and_its_post_it_is_not_posted(room: Room) -> None:
    made = await room.set_up()

    async def compose(of: Subscription, _: datetime) -> Composed:
        await room.store.subscriptions("anytown").pause(made.id, "k", paused=True)
        return NEWS

    room.clock.pass_by(hours=1)
    await Sender(room.store, compose, {"slack": room.walls}, room.clock).send()
    assert room.walls.posted == []


async def test_what_is_not_served_waits_and_others_are_sent(room: Room) -> None:
    await room.set_up(replace(HERE, platform="teams", channel="T1", place="T1"))
    room.clock.pass_by(hours=1)
    assert await room.sender().send() == 0


async def test_told_to_stop_it_finishes_what_it_posts_and_begins_no_more(room: Room) -> None:
    for number in range(6):
        await room.set_up(replace(HERE, channel=f"C{number}", place=f"C{number}"))
    room.clock.pass_by(hours=1)
    sender = room.sender()
    sending = asyncio.create_task(sender.send())
    await room.walls.used.wait()
    sending.cancel()
    await sender.finish()
    posted = [place for place, _, _ in room.walls.posted]
    assert 1 <= len(posted) < 6
    assert [await room.state(place) for place in posted] == ["sent"] * len(posted)
    await room.sender().send()
    assert sorted(place for place, _, _ in room.walls.posted) == [f"C{n}" for n in range(6)]
