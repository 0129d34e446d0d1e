"""A channel's digest in the store: when it is due next, and never two of them in a week."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import Store
from bot.store.issues import Settled
from bot.store.subscriptions import FIRST_TELLS
from tests.clock import START, Clock
from tests.digesting import CHOICES, PLATFORMS, Channel, at, weekly, weeks
from tests.registrations import actions
from tests.tables import dump


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def channel(store: Store) -> Channel:
    return Channel(store)


async def test_set_up_it_comes_at_the_next_time(store: Store, channel: Channel) -> None:
    made = await channel.follows(by="k-1")
    assert (made.community, made.channel, made.platform) == ("leeds", "C-1", "slack")
    assert (made.place, made.link) == ("in C-1", "https://chat.example/C-1")
    assert (made.choices, made.maker, made.paused) == (CHOICES, "k-1", False)
    assert (made.made_at, made.told_until) == (START, START - FIRST_TELLS)
    assert made.next_due == at("2026-03-03 09:30")
    assert await channel.digest() == made == await channel.digests.named(made.id)
    assert await channel.digests.all() == [made] == await store.issues.subscriptions()
    assert await channel.digests.last("C-1") is None
    assert await actions(store, "leeds") == ["digest set up"]


async def test_changed_it_keeps_its_id_and_what_it_told(
    store: Store, channel: Channel, clock: Clock
) -> None:
    made = await channel.follows(by="k-1")
    clock.now = at("2026-03-03 10:00")
    await channel.comes()
    told = (await channel.digest()).told_until
    choices = replace(weekly(4, "17:00", "Asia/Kathmandu"), outcomes=("ethics",), when_empty=True)
    moved = replace(channel.origin, place="elsewhere", link="")
    changed = await channel.digests.keep(moved, choices, "k-2")
    assert changed.next_due == at("2026-03-13 11:15"), "in a week that had none"
    expected = replace(made, choices=choices, place="elsewhere", link="")
    assert changed == replace(expected, told_until=told, next_due=changed.next_due)
    assert told == at("2026-03-03 09:30")
    assert await actions(store, "leeds") == ["digest set up", "digest changed"]
    assert [row.subject for row in await store.fits("leeds").audit()] == [made.id] * 2


async def test_what_is_due_stays_due_when_something_else_is_changed(
    channel: Channel, clock: Clock, database_url: str
) -> None:
    await channel.follows()
    clock.now = at("2026-03-03 09:31")
    assert (await channel.follows(replace(CHOICES, outcomes=("ethics",)))).next_due < clock.now
    assert len(await channel.due()) == 1
    assert weeks(database_url) == [("2026-W10", "due")]


async def test_two_who_set_it_up_at_once_have_one(
    store: Store, another: Store, database_url: str
) -> None:
    for number in range(6):
        one = Channel(store, f"C-{number}")
        made = await asyncio.gather(*(each.follows() for each in (one, one.by(another)) * 2))
        assert len({each.id for each in made}) == 1
    assert len(dump(database_url)["subscription"]) == 6


@pytest.mark.parametrize("anew", [False, True])
async def test_never_two_in_a_week(
    store: Store, clock: Clock, database_url: str, *, anew: bool
) -> None:
    channels = {day: Channel(store, f"C-{day}") for day in (0, 2, 6)}
    for one in channels.values():
        await one.follows(weekly(1))
    clock.now = at("2026-03-03 10:00")
    for day, one in channels.items():
        first = await one.comes()
        clock.pass_by(minutes=10)
        if anew:
            assert await one.digests.stop(first.subscription.id, "k-1")
        kept = await one.follows(weekly(day))
        assert kept.next_due == at("2026-03-09 09:30") + timedelta(days=day)
    for _ in range(12):
        clock.pass_by(days=1)
        await store.issues.enter()
        for issue in await store.issues.claim(PLATFORMS):
            await store.issues.sent(issue, issue.due_at)
    for one in channels.values():
        assert weeks(database_url, one.name) == [("2026-W10", "sent"), ("2026-W11", "sent")]


async def test_moved_to_later_in_a_week_that_had_none_it_comes_then(channel: Channel) -> None:
    await channel.follows(weekly(1))
    assert (await channel.follows(weekly(3))).next_due == at("2026-03-05 09:30")
    assert (await channel.follows(weekly(0, "08:00"))).next_due == at("2026-03-09 08:00")


async def test_paused_it_leaves_out_what_is_due_and_catches_nothing_up(
    store: Store, channel: Channel, clock: Clock, database_url: str
) -> None:
    made = await channel.follows()
    clock.now = at("2026-03-03 09:30")
    await store.issues.enter()
    paused = await channel.digests.pause(made.id, "k-1", paused=True)
    assert paused == replace(made, paused=True, next_due=at("2026-03-10 09:30"))
    assert weeks(database_url) == [("2026-W10", "skipped")]
    clock.now = at("2026-03-17 12:00")
    assert await channel.due() == []
    assert await store.issues.enter() == 0, "looked at once"
    resumed = await channel.digests.pause(made.id, "k-1", paused=False)
    assert resumed == replace(made, next_due=at("2026-03-24 09:30"))
    assert await channel.due() == []
    clock.now = at("2026-03-24 09:30")
    assert (await channel.comes()).period == "2026-W13"
    assert weeks(database_url) == [("2026-W10", "skipped"), ("2026-W13", "sent")]
    assert await actions(store, "leeds") == ["digest set up", "digest paused", "digest resumed"]


async def test_paused_and_resumed_before_it_is_due_it_comes(channel: Channel, clock: Clock) -> None:
    made = await channel.follows()
    for paused in (True, True, False):
        await channel.digests.pause(made.id, "k-1", paused=paused)
    clock.now = at("2026-03-03 09:30")
    assert (await channel.comes()).period == "2026-W10"


async def test_stopped_it_is_gone_and_what_it_was_is_known(
    store: Store, channel: Channel, clock: Clock, database_url: str
) -> None:
    made = await channel.follows()
    clock.now = at("2026-03-03 09:30")
    await store.issues.enter()
    assert await channel.digests.stop(made.id, "k-1")
    assert not await channel.digests.stop(made.id, "k-1")
    assert await channel.digests.of("C-1") is None
    assert await channel.digests.pause(made.id, "k-1", paused=True) is None
    assert await channel.digests.send_now(made.id, "k-1", wanted=True) is None
    assert await channel.digests.standing(made.id) is None
    assert await channel.digests.last("C-1") == ("skipped", clock.now)
    assert await channel.due() == []
    again = await channel.follows()
    assert again.id != made.id
    assert await channel.due() == []
    assert again.next_due == at("2026-03-10 09:30")
    assert await actions(store, "leeds") == ["digest set up", "digest stopped", "digest set up"]


async def test_what_was_being_posted_when_it_was_stopped_is_not_tried_again(
    store: Store, channel: Channel, clock: Clock, database_url: str
) -> None:
    made = await channel.follows()
    clock.now = at("2026-03-03 09:30")
    (issue,) = await channel.due()
    assert await store.issues.begin(issue, clock.now)
    await channel.digests.stop(made.id, "k-1")
    assert not await store.issues.begin(issue, clock.now)
    await store.issues.postpone(issue, 0.0, unsettled=True)
    await channel.follows()
    clock.pass_by(hours=1)
    assert await channel.due() == []
    assert weeks(database_url) == [("2026-W10", "unsure")]
    await store.issues.sent(issue, clock.now)
    assert weeks(database_url) == [("2026-W10", "sent")], "if it did arrive"


async def test_sent_at_once_it_takes_the_place_of_the_week(
    store: Store, channel: Channel, clock: Clock, database_url: str
) -> None:
    made = await channel.follows()
    assert await channel.digests.standing(made.id) == "taken"
    assert await channel.digests.send_now(made.id, "k-1", wanted=True) == "taken"
    assert (await channel.digest()).next_due == at("2026-03-10 09:30")
    assert await channel.digests.send_now(made.id, "k-1", wanted=True) == "under way"
    (issue,) = await channel.due()
    assert (issue.period, issue.due_at, issue.wanted) == ("2026-W10", clock.now, True)
    assert await channel.digests.standing(made.id) == "under way"
    await store.issues.begin(issue, clock.now)
    assert await channel.digests.send_now(made.id, "k-1", wanted=True) == "under way"
    await store.issues.sent(issue, clock.now)
    assert await channel.digests.send_now(made.id, "k-1", wanted=True) == "sent"
    assert await channel.digests.last("C-1") == ("sent", clock.now)
    clock.now = at("2026-03-04 09:30")
    assert await channel.due() == []
    assert weeks(database_url) == [("2026-W10", "sent")]
    assert await actions(store, "leeds") == ["digest set up", "digest sent at once"]


async def test_after_a_week_that_came_to_nothing_it_is_sent_when_asked_for(
    store: Store, clock: Clock, database_url: str
) -> None:
    states: tuple[Settled, ...] = ("empty", "skipped", "failed", "unsure")
    for state in states:
        channel, asked = Channel(store, state), "unsure" if state == "unsure" else "taken"
        clock.now = START
        made = await channel.follows()
        clock.now = at("2026-03-03 09:30")
        (issue,) = await channel.due()
        await store.issues.settle(issue, state)
        assert await channel.digests.standing(made.id) == asked
        assert await channel.digests.send_now(made.id, "k-1", wanted=False) == asked
        again = await channel.due()
        assert len(again) == (state != "unsure")
        assert all(one.key != issue.key and not one.wanted for one in again)
        await store.issues.sent(issue, clock.now)  # its key is nobody's any more
        found = weeks(database_url, state)
        assert found == [("2026-W10", "sent" if state == "unsure" else "due")]


@pytest.mark.parametrize("due", [False, True])
async def test_asked_for_at_once_by_several_it_is_one(
    store: Store, another: Store, clock: Clock, database_url: str, *, due: bool
) -> None:
    for number in range(5):
        one = Channel(store, f"C-{number}")
        made = await one.follows()
        clock.now = at("2026-03-03 09:30")
        entering = [each.issues.enter() for each in (another, store) if due]
        asking = [
            each.digests.send_now(made.id, "k-1", wanted=True) for each in (one, one.by(another))
        ]
        *_, first, second = await asyncio.gather(*entering, *asking)
        assert {first, second} <= {"taken", "under way"}
        assert [first, second].count("taken") <= 1
        assert due or first != second
        assert weeks(database_url, one.name) == [("2026-W10", "due")]
        clock.now = START


async def test_stopped_and_changed_at_once_it_is_there_or_not(
    store: Store, another: Store, database_url: str
) -> None:
    for number in range(5):
        one = Channel(store, f"C-{number}")
        made = await one.follows()
        stopped, kept, _ = await asyncio.gather(
            one.digests.stop(made.id, "k-1"),
            one.by(another).follows(weekly(3)),
            one.digests.pause(made.id, "k-1", paused=True),
        )
        assert stopped
        found = await one.digests.of(one.name)
        assert found is None if kept.id == made.id else found == kept


async def test_of_channels_and_communities_each_has_its_own(
    store: Store, clock: Clock, database_url: str
) -> None:
    here, other, york = Channel(store), Channel(store, "C-2"), Channel(store, community="york")
    for one in (here, other, york):
        await one.follows()
        clock.pass_by(seconds=1)
    assert [one.channel for one in await here.digests.all()] == ["C-1", "C-2"]
    assert len(await store.issues.subscriptions()) == 3
    await here.digests.stop((await here.digest()).id, "k-1")
    clock.now = at("2026-03-03 09:30")
    assert len(await other.due()) == 1
    clock.pass_by(hours=1)
    assert len(await store.issues.claim(PLATFORMS)) == 2
