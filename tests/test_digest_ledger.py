"""Issues of digests: one for each channel and week, whatever number of processes is at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from bot.digests import Issue
from bot.store import Letter, Store
from bot.store.digest_models import subscription_table
from bot.store.issues import ENTERED_AT_ONCE, LEASE, Settled
from tests.clock import Clock
from tests.digesting import PLATFORMS, Channel, at, keys, weekly, weeks
from tests.offering import Person, post, reply
from tests.registrations import actions
from tests.tables import dump, opened

DUE = at("2026-03-03 09:30")


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def channel(store: Store) -> Channel:
    return Channel(store)


@pytest.fixture
async def issue(channel: Channel, clock: Clock) -> Issue:
    """Due and claimed."""
    await channel.follows()
    clock.now = DUE
    (issue,) = await channel.due()
    return issue


def several(url: str, count: int) -> list[str]:
    """More channels with the same digest as the one that is set up."""
    names = [f"C-{number}" for number in range(1, count)]
    with opened(url) as connection:
        row = dict(connection.execute(select(subscription_table)).mappings().one())
        more = [row | {"id": f"d-{name}", "channel": name} for name in names]
        connection.execute(insert(subscription_table), more)
    return names


async def test_each_channel_has_one_whoever_enters_it(
    store: Store, another: Store, clock: Clock, database_url: str
) -> None:
    await Channel(store, "C-0").follows()
    names = ["C-0", *several(database_url, ENTERED_AT_ONCE + 10)]
    clock.now = DUE - timedelta(seconds=1)
    assert await store.issues.enter() == 0
    clock.now = DUE
    await asyncio.gather(*(one.issues.enter() for one in (store, another) * 2))
    found = [(row[1], row[2], row[4]) for row in dump(database_url)["issue"]]
    assert sorted(found) == sorted((name, "2026-W10", "due") for name in names)
    assert await store.issues.enter() == 0
    claimed = await asyncio.gather(
        *(one.issues.claim(PLATFORMS, 40) for one in (store, another) * 3)
    )
    mine = [one for some in claimed for one in some] + await store.issues.claim(PLATFORMS, 200)
    assert len(set(keys(mine))) == len(mine) == len(names)


LATE = {
    "2026-03-04 09:30": [("2026-W10", "due")],
    "2026-03-04 09:31": [("2026-W10", "skipped")],
    "2026-03-24 12:00": [
        *(("2026-W10", "skipped"), ("2026-W11", "skipped"), ("2026-W12", "skipped")),
        ("2026-W13", "due"),
    ],
    "2026-03-25 12:00": [(f"2026-W{week}", "skipped") for week in range(10, 14)],
}


@pytest.mark.parametrize("back", LATE)
async def test_after_a_time_away_one_is_caught_up_if_it_is_not_too_late(
    channel: Channel, clock: Clock, database_url: str, back: str
) -> None:
    await channel.follows()
    clock.now = at(back)
    claimed = await channel.due()
    assert weeks(database_url) == LATE[back]
    due = [week for week, state in LATE[back] if state == "due"]
    assert [(one.period, one.attempts) for one in claimed] == [(week, 1) for week in due]
    assert clock.now < (await channel.digest()).next_due <= clock.now + timedelta(weeks=1)
    await channel.store.issues.enter()
    assert weeks(database_url) == LATE[back], "once"


async def test_how_late_it_may_be_can_be_set(database_url: str, clock: Clock) -> None:
    brief = timedelta(minutes=5)
    store = await Store.open(database_url, clock, grace=brief, lease=brief)
    channel = Channel(store)
    await channel.follows()
    await replace(channel, name="C-2").follows(weekly(2))
    clock.now = DUE + timedelta(minutes=6)
    assert await channel.due() == []
    clock.now = DUE + timedelta(days=1, minutes=5)
    assert len(await store.issues.claim(PLATFORMS)) == await store.issues.enter() - 1 == 0
    (first,) = await store.issues.claim(PLATFORMS)
    clock.pass_by(minutes=4)
    assert await store.issues.claim(PLATFORMS) == []
    clock.pass_by(minutes=1)
    assert await store.issues.claim(PLATFORMS) == [replace(first, attempts=2)]
    assert store.issues.grace == brief
    await store.close()


CHANGES = (
    (weekly(6, "01:30"), "2026-03-29 01:30", "2026-04-05 00:30"),
    (weekly(4, "00:15", "Africa/Cairo"), "2026-04-23 22:15", "2026-04-30 21:15"),  # from 0:00
    (weekly(6, "01:30"), "2026-10-25 00:30", "2026-11-01 01:30"),
)


async def test_when_the_clocks_change_it_comes_once(
    channel: Channel, clock: Clock, database_url: str
) -> None:
    for choices, *expected in CHANGES:
        clock.now = at(expected[0]) - timedelta(days=1)
        made, before = await channel.follows(choices), len(weeks(database_url))
        for moment in expected:
            clock.now = at(moment) - timedelta(seconds=1)
            assert await channel.due() == []
            clock.now = at(moment)
            assert (await channel.comes()).due_at == clock.now
            clock.pass_by(hours=3)
            assert await channel.due() == []
        assert len(weeks(database_url)) == before + 2
        await channel.digests.stop(made.id, "")


async def test_an_issue_is_its_claimers_alone_until_the_lease_ends(
    store: Store, issue: Issue, clock: Clock
) -> None:
    assert (issue.period, issue.due_at, issue.attempts) == ("2026-W10", DUE, 1)
    assert (issue.begun_at, issue.unsettled, issue.wanted) == (None, False, False)
    clock.pass_by(seconds=LEASE.total_seconds() - 1)
    assert await store.issues.claim(PLATFORMS) == []
    clock.pass_by(seconds=1)
    (again,) = await store.issues.claim(PLATFORMS)
    assert again == replace(issue, attempts=2), "of a process that had not begun"
    assert not await store.issues.begin(issue, clock.now), "it is another's"
    begun = clock.now
    assert await store.issues.begin(again, begun)
    clock.pass_by(seconds=LEASE.total_seconds())
    (third,) = await store.issues.claim(PLATFORMS)
    assert third == replace(again, attempts=3, begun_at=begun, unsettled=True)
    assert await store.issues.begin(third, clock.now)
    clock.pass_by(seconds=LEASE.total_seconds())
    (fourth,) = await store.issues.claim(PLATFORMS)
    assert fourth.begun_at == begun, "since the first try"


async def test_what_begins_has_the_whole_lease_before_it(
    store: Store, issue: Issue, clock: Clock
) -> None:
    clock.pass_by(seconds=LEASE.total_seconds() - 1)
    assert await store.issues.begin(issue, clock.now)
    clock.pass_by(seconds=2)
    assert await store.issues.claim(PLATFORMS) == []


@pytest.mark.parametrize("by", ["pausing", "stopping"])
async def test_a_digest_that_was_ended_meanwhile_is_not_begun(
    store: Store, channel: Channel, issue: Issue, clock: Clock, by: str
) -> None:
    of = issue.subscription.id
    if by == "pausing":
        await channel.digests.pause(of, "k-1", paused=True)
    else:
        await channel.digests.stop(of, "k-1")
    assert not await store.issues.begin(issue, clock.now)
    await store.issues.postpone(issue, 0.0)
    await store.issues.settle(issue, "failed")
    clock.pass_by(hours=1)
    assert await store.issues.claim(PLATFORMS) == []
    assert await channel.digests.last("C-1") == ("skipped", DUE)


@pytest.mark.parametrize("unsettled", [False, True])
async def test_what_is_postponed_is_tried_again_then(
    store: Store, issue: Issue, clock: Clock, *, unsettled: bool
) -> None:
    assert await store.issues.begin(issue, clock.now)
    await store.issues.postpone(issue, 600.0, unsettled=unsettled)
    clock.pass_by(seconds=599)
    assert await store.issues.claim(PLATFORMS) == []
    clock.pass_by(seconds=1)
    (again,) = await store.issues.claim(PLATFORMS)
    assert (again.unsettled, again.begun_at, again.attempts) == (unsettled, DUE, 2)
    await store.issues.postpone(issue, 0.0)
    assert await store.issues.claim(PLATFORMS) == [], "by whom it is not any more"


async def test_sent_it_is_over_whoever_has_claimed_it_meanwhile(
    store: Store, another: Store, channel: Channel, issue: Issue, clock: Clock
) -> None:
    until = clock.now
    assert await store.issues.begin(issue, until)
    clock.pass_by(minutes=5)
    (theirs,) = await another.issues.claim(PLATFORMS)
    await store.issues.sent(issue, until)
    assert not await another.issues.begin(theirs, clock.now)
    await another.issues.settle(theirs, "unsure", Letter("leeds", "k-1", reply("unsure")))
    assert await channel.digests.last("C-1") == ("sent", clock.now)
    assert (await channel.digest()).told_until == until
    clock.pass_by(hours=1)
    assert await store.issues.claim(PLATFORMS) == []
    await store.issues.sent(issue, until - timedelta(days=1))
    assert (await channel.digest()).told_until == until, "never back"
    assert await actions(store, "leeds") == ["digest set up"]


async def test_what_is_settled_is_told(
    store: Store, channel: Channel, robin: Person, clock: Clock
) -> None:
    states: tuple[Settled, ...] = ("empty", "skipped", "unsure", "failed")
    made = {}
    for number, state in enumerate(states):
        one = replace(channel, name=f"C-{state}")
        made[state] = await one.follows(weekly(1, f"09:3{number}"), robin.key if number else "")
    clock.now = DUE + timedelta(minutes=5)
    await store.issues.enter()
    for state, issue in zip(states, await store.issues.claim(PLATFORMS), strict=True):
        letter = Letter("leeds", issue.subscription.maker, reply(state))
        for _ in range(2):
            await store.issues.settle(issue, state, letter)
        assert await channel.digests.last(f"C-{state}") == (state, clock.now)
        found = await channel.digests.named(made[state].id)
        assert found == replace(made[state], next_due=made[state].next_due + timedelta(weeks=1))
    assert await post(store) == ["failed", "skipped", "unsure"], "nothing to who is not known"
    log = (await store.fits("leeds").audit())[len(states) :]
    assert [(one.action, one.subject, one.by) for one in log] == [
        (f"digest {state}", f"{made[state].id} 2026-W10", "") for state in states[1:]
    ]


async def test_where_the_place_is_gone_the_digest_ends(
    store: Store, another: Store, channel: Channel, robin: Person, clock: Clock
) -> None:
    made = await channel.follows(by=robin.key)
    clock.now = DUE
    (issue,) = await channel.due()
    letter = Letter("leeds", robin.key, reply("it ended"))
    ending = (one.issues.end(issue, "the channel is gone", letter) for one in (store, another))
    await asyncio.gather(*ending)
    assert await post(store) == ["it ended"]
    assert await channel.digests.of("C-1") is None
    assert await channel.digests.last("C-1") == ("ended", DUE)
    log = [(one.action, one.subject) for one in await store.fits("leeds").audit()]
    assert log[1:] == [("digest ended", f"{made.id}: the channel is gone")]
    assert (await channel.follows()).next_due == DUE + timedelta(weeks=1)


async def test_platforms_that_are_not_served_are_left_alone(
    store: Store, channel: Channel, clock: Clock
) -> None:
    await channel.follows()
    await replace(channel, name="19:x", platform="teams").follows()
    clock.now = DUE
    await store.issues.enter()
    served: tuple[Mapping[str, Collection[str] | None], ...]
    served = ({}, {"page": None}, {"slack": ("T-other",), "teams": ()})
    for some in served:
        assert await store.issues.claim(some) == []
    (one,) = await store.issues.claim({"teams": (channel.community,)})
    assert one.subscription.platform == "teams"
    (other,) = await store.issues.claim(PLATFORMS)
    assert other.subscription.platform == "slack"


async def test_the_oldest_are_claimed_first(store: Store, clock: Clock) -> None:
    for number in (2, 0, 1):
        await Channel(store, f"C-{number}").follows(weekly(1, f"09:3{number}"))
    clock.now = DUE + timedelta(minutes=5)
    await store.issues.enter()
    claimed = [(await store.issues.claim(PLATFORMS, 1))[0] for _ in range(3)]
    assert [one.subscription.channel for one in claimed] == ["C-0", "C-1", "C-2"]


async def test_issues_are_kept_for_a_year_and_a_bit(
    store: Store, channel: Channel, issue: Issue, clock: Clock, database_url: str
) -> None:
    await store.issues.sent(issue, clock.now)
    clock.pass_by(days=400)
    assert await store.purge() == 0
    clock.pass_by(seconds=1)
    assert await store.purge() == 1
    assert weeks(database_url) == []
    assert await channel.digests.last("C-1") is None
