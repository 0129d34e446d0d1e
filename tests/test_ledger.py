"""What was heard is entered once, leased while it is worked on, and emptied when it is done."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import (
    Action,
    Asked,
    Citation,
    Command,
    Origin,
    Outcome,
    Pressed,
    Reason,
    Submitted,
    Suggestion,
)
from bot.conversation import Reply as Said
from bot.delivery import Heard, Room
from bot.records import heard_from_json, heard_to_json, reply_from_json, reply_to_json
from bot.store import Store
from bot.store.ledger import LEASE, MOST_KEYS
from tests.clock import Clock
from tests.tables import dump

THREAD = Origin("leeds", "C1", "100.1", "U-canary")
CALLED = Heard("slack", "C1:100.1", Asked("who has damp sensors?", THREAD), "{}", "Ev1", "called")


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    "request_",
    [
        Asked("what?\ud83d", THREAD),
        Command("list", "", THREAD),
        Pressed("about", "rochdale-mesh-network", THREAD),
        Submitted("ask", {"question": "who?"}, THREAD),
    ],
)
def test_what_was_heard_comes_back_as_it_was(
    request_: Asked | Command | Pressed | Submitted,
) -> None:
    heard = replace(CALLED, request=request_, private=True)
    assert heard_from_json(heard_to_json(heard)) == heard


def test_a_reply_comes_back_as_it_was() -> None:
    citation = Citation(1, "a", "case-study", "A", "https://a.example/", "It fell.", ("Y",), 2023)
    reply = Said(
        "answered",
        "“It fell.” [1]",
        (citation,),
        (Outcome("data", "Data", judged=True),),
        ("York",),
        (Action("about", "More on York", "a"),),
        heading="Did it fall?",
        id="x",
        suggestions=(Suggestion(Outcome("data", "Data"), 0.8, True, (Reason("a", "It fell."),)),),
    )
    assert reply_from_json(reply_to_json(reply)) == reply


async def test_a_message_is_entered_once_by_whichever_event_it_comes(store: Store) -> None:
    assert await store.ledger.accept(CALLED)
    assert not await store.ledger.accept(CALLED), "retried"
    assert not await store.ledger.accept(replace(CALLED, event="Ev2")), "doubled"
    assert not await store.ledger.accept(replace(CALLED, key="C1:100.2")), "the same event"
    elsewhere = Asked("who?", replace(THREAD, community="york"))
    assert await store.ledger.accept(replace(CALLED, request=elsewhere))
    assert await store.ledger.accept(replace(CALLED, key="1", event=""))
    assert await store.ledger.accept(replace(CALLED, key="2", event="")), "no event is no double"


async def test_of_many_at_once_one_is_entered(store: Store) -> None:
    entered = await asyncio.gather(*(store.ledger.accept(CALLED) for _ in range(50)))
    assert sum(entered) == 1


async def test_it_is_the_takers_alone_until_the_lease_ends(store: Store, clock: Clock) -> None:
    await store.ledger.accept(CALLED)
    assert await store.ledger.take(["fake", "slack"]) == []
    clock.pass_by(seconds=LEASE.total_seconds())
    (entry,) = await store.ledger.take(["fake", "slack"])
    assert (entry.heard, entry.sending, entry.attempts) == (CALLED, False, 1)
    assert await store.ledger.take(["fake", "slack"]) == [], "taken"


async def test_a_renewed_lease_lasts(store: Store, clock: Clock) -> None:
    await store.ledger.accept(CALLED)
    for _ in range(5):
        clock.pass_by(seconds=LEASE.total_seconds() - 1)
        await store.ledger.renew([CALLED])
        assert await store.ledger.take(["fake", "slack"]) == []
    await store.ledger.renew([])


async def test_of_many_every_lease_is_renewed(store: Store, clock: Clock) -> None:
    many = [replace(CALLED, key=str(number), event="") for number in range(MOST_KEYS + 1)]
    await asyncio.gather(*(store.ledger.accept(one) for one in many))
    clock.pass_by(seconds=LEASE.total_seconds() - 1)
    await store.ledger.renew(many)
    clock.pass_by(seconds=LEASE.total_seconds() - 1)
    assert await store.ledger.take(["slack"]) == []


async def test_only_what_is_still_its_own_is_released(store: Store, clock: Clock) -> None:
    ledger = store.ledger
    await ledger.accept(CALLED)
    await ledger.release([CALLED])
    (entry,) = await ledger.take(["slack"])
    await ledger.release([CALLED])
    assert await ledger.take(["slack"]) == [], "another has taken it up"
    await ledger.release([CALLED], entry.attempts)
    assert [one.attempts for one in await ledger.take(["slack"])] == [2]
    await ledger.sending(CALLED, 2)
    await ledger.release([CALLED], 2)
    assert await ledger.take(["slack"]) == [], "it may be out"
    await ledger.done(CALLED)
    await ledger.release([CALLED], 2)
    clock.pass_by(minutes=1)
    assert await ledger.take(["slack"]) == [], "answered"


async def test_what_another_took_up_is_for_that_one_to_send(store: Store, clock: Clock) -> None:
    ledger = store.ledger
    assert await ledger.sending(CALLED), "it could not be stored, and is answered all the same"
    await ledger.accept(CALLED)
    assert await ledger.sending(CALLED)
    await ledger.waiting(CALLED)
    clock.pass_by(minutes=1)
    (entry,) = await ledger.take(["slack"])
    assert not await ledger.sending(CALLED)
    assert await ledger.sending(CALLED, entry.attempts)


async def test_what_may_have_been_sent_is_known_as_that(store: Store, clock: Clock) -> None:
    await store.ledger.accept(CALLED)
    await store.ledger.sending(CALLED)
    clock.pass_by(minutes=1)
    (entry,) = await store.ledger.take(["fake", "slack"])
    assert entry.sending
    await store.ledger.waiting(CALLED, entry.attempts)
    clock.pass_by(minutes=1)
    (entry,) = await store.ledger.take(["fake", "slack"])
    assert (entry.sending, entry.attempts) == (False, 2)


async def test_what_is_done_is_emptied_and_still_known(
    store: Store, clock: Clock, database_url: str
) -> None:
    await store.ledger.accept(CALLED)
    await store.ledger.done(CALLED)
    clock.pass_by(minutes=1)
    await store.ledger.renew([CALLED])
    assert await store.ledger.take(["fake", "slack"]) == []
    assert not await store.ledger.accept(CALLED)
    (row,) = dump(database_url)["heard"]
    assert "canary" not in str(row)
    assert "damp" not in str(row)


async def test_a_thread_is_followed_from_the_call_on(store: Store) -> None:
    assert not await store.ledger.follows(THREAD)
    await store.ledger.accept(CALLED)
    assert await store.ledger.follows(replace(THREAD, person="U2"))
    for other in (replace(THREAD, thread="1"), replace(THREAD, community="york")):
        assert not await store.ledger.follows(other)


async def test_quiet_lasts_through_a_restart_and_a_mention(
    store: Store, clock: Clock, database_url: str
) -> None:
    assert not await store.ledger.hush(THREAD, quiet=True), "never called"
    await store.ledger.accept(CALLED)
    assert await store.ledger.hush(THREAD, quiet=True)
    again = await Store.open(database_url, clock)
    await again.ledger.accept(replace(CALLED, key="C1:100.9", event="Ev9"))
    assert not await again.ledger.follows(THREAD)
    assert await again.ledger.hush(THREAD, quiet=False)
    assert await again.ledger.follows(THREAD)
    await again.close()


async def test_rooms_are_kept_with_their_newest_address(store: Store) -> None:
    room = Room("leeds", "19:x", "teams", "channel", "one")
    for address in ("one", "two"):
        await store.join(replace(room, address=address))
    await store.join(replace(room, community="york"))
    assert await store.rooms("leeds") == [replace(room, address="two")]
    await store.leave("leeds", "19:x")
    assert await store.rooms("leeds") == []
    assert len(await store.rooms("york")) == 1


async def test_a_kept_reply_is_its_communitys_alone_and_for_a_week(
    store: Store, clock: Clock
) -> None:
    reply = Said("answered", "It fell.", id="x")
    await store.keep_reply("leeds", reply)
    assert await store.kept_reply("leeds", "x") == reply
    assert await store.kept_reply("york", "x") is None
    clock.pass_by(days=8)
    assert await store.kept_reply("leeds", "x") is None


async def test_all_of_it_is_erased_in_time_and_on_request(store: Store, clock: Clock) -> None:
    async def fill(key: str) -> None:
        await store.ledger.accept(replace(CALLED, key=key, event=key))
        await store.keep_reply("leeds", Said("answered", "It fell.", id=key))

    await fill("1")
    clock.now += timedelta(days=91)
    assert await store.purge() == 3
    await fill("2")
    await store.join(Room("leeds", "19:x", "teams", "channel", "{}"))
    assert await store.forget("leeds") == 4
