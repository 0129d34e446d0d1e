"""Wishes put to peers, and what becomes of them: each once, whoever else asks or answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.offers import Introduction, Profile
from bot.store import Letter, Store
from bot.store.introductions import MOST_OPEN
from tests.clock import Clock
from tests.offering import (
    OFFER,
    WISH,
    Person,
    nothing,
    post,
    request,
    said_to_asker,
    states,
)
from tests.tables import dump, opened, rows

BEYOND = replace(OFFER, beyond=True)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def test_a_wish_is_refused(store: Store, robin: Person, sam: Person) -> None:
    peer = await robin.offers(replace(OFFER, monthly=9))
    assert await robin.asks(peer) == "own"
    assert await sam.asks(replace(peer, id="o-none")) == "gone"
    others = [await Person.new(store, f"U-{number}") for number in range(MOST_OPEN)]
    offers = [await one.offers() for one in others]
    for offer in offers:
        await sam.asked(offer)
    assert await sam.asks(peer) == "many"
    made = await sam.asked(offers[0])
    await others[0].answers(made, accepted=False)
    await sam.asked(peer)
    await robin.leaves()
    assert await sam.asks(peer) == "gone"


async def test_asked_twice_it_is_one_wish(
    store: Store, another: Store, robin: Person, sam: Person, database_url: str
) -> None:
    peer = await robin.offers()
    made = await asyncio.gather(*(sam.by(one).asked(peer) for one in (store, another) * 3))
    again = await sam.asked(peer, replace(WISH, line="Another line"))
    assert {one.id for one in (*made, again)} == {made[0].id}
    assert again.wish == WISH
    assert states(database_url) == ["asked"]
    assert len(await post(store)) == 1


async def test_of_two_who_ask_at_once_the_limit_lets_one_through(
    store: Store, another: Store, robin: Person, sam: Person, database_url: str
) -> None:
    kim = (await Person.new(store, "U-kim")).by(another)
    for number in range(5):
        host = await Person.new(store, f"U-host-{number}")
        peer = await host.offers(replace(OFFER, monthly=1))
        made = await asyncio.gather(sam.asks(peer), kim.asks(peer))
        assert sorted(isinstance(one, Introduction) for one in made) == [False, True]
        assert "unwilling" in made
    assert states(database_url) == ["asked"] * 5


async def test_an_officer_who_asks_everywhere_at_once_waits_for_five(
    store: Store, another: Store, database_url: str
) -> None:
    sam = await Person.new(store, "U-sam")
    await sam.offers(BEYOND)
    peers = []
    for number in range(MOST_OPEN + 3):
        host = await Person.new(store, f"U-{number}", f"town-{number}")
        peers.append(await host.offers(BEYOND))
    asking = (sam.by((store, another)[number % 2]).asks(peer) for number, peer in enumerate(peers))
    made = await asyncio.gather(*asking)
    assert made.count("many") == 3
    assert states(database_url) == ["asked"] * MOST_OPEN


async def test_communities_that_ask_each_other_at_once_never_wait_for_each_other(
    store: Store, another: Store, database_url: str
) -> None:
    for number in range(6):
        one = await Person.new(store, f"U-{number}", "leeds")
        other = (await Person.new(store, f"U-{number}", "york")).by(another)
        offers: list[Profile] = [await each.offers(BEYOND) for each in (one, other)]
        made = await asyncio.gather(one.asks(offers[1]), other.asks(offers[0]))
        assert sorted(isinstance(each, Introduction) for each in made) == [False, True]
    assert states(database_url) == ["asked"] * 6


async def test_an_answer_is_given_once_and_in_time(
    store: Store, robin: Person, sam: Person, clock: Clock, database_url: str
) -> None:
    peer = await robin.offers(replace(OFFER, monthly=9))
    made = await sam.asked(peer)
    assert await robin.peers.put_to(robin.key, made.id) == made
    assert await sam.peers.put_to(sam.key, made.id) is None
    assert not await sam.answers(made, accepted=True), "it is not theirs to answer"
    assert not await sam.peers.helped(sam.key, made.id, yes=True), "not answered yet"
    assert await robin.answers(made, accepted=False)
    assert not await robin.answers(made, accepted=True), "twice"
    assert not await sam.peers.helped(sam.key, made.id, yes=True), "declined"
    kim = await Person.new(store, "U-kim")
    late = await kim.asked(peer)
    clock.pass_by(days=14)
    assert not await robin.answers(late, accepted=True)
    assert states(database_url) == ["declined", "asked"]
    assert not await robin.peers.helped(robin.key, made.id, yes=True)


async def test_of_two_presses_one_answers(
    store: Store, another: Store, robin: Person, sam: Person
) -> None:
    made = await sam.asked(await robin.offers())
    await post(store)
    answered = await asyncio.gather(
        robin.answers(made, accepted=True), robin.by(another).answers(made, accepted=False)
    )
    assert sorted(answered) == [False, True]
    assert len(await post(store)) == (2 if answered[0] else 1)


async def test_leaving_ends_what_waits_for_an_answer(
    store: Store, robin: Person, sam: Person, database_url: str
) -> None:
    made = await sam.asked(await robin.offers())
    assert await robin.leaves()
    assert await post(store) == [f"left: “{WISH.line}”"], "what was not sent yet is not sent"
    assert not await robin.answers(made, accepted=True)
    assert states(database_url) == ["closed"]
    assert await sam.sees(await robin.offers()) == set(), "who comes back is kept apart as well"


async def test_a_wish_that_nobody_answers_ends_once(
    store: Store, another: Store, robin: Person, sam: Person, clock: Clock, database_url: str
) -> None:
    made = await sam.asked(await robin.offers())
    await post(store)
    ended = said_to_asker("expired"), said_to_asker("helped?")
    clock.pass_by(days=14, seconds=-1)
    assert await store.due.passed(*ended) == 0
    clock.pass_by(seconds=1)
    passed = await asyncio.gather(*(one.due.passed(*ended) for one in (store, another) * 2))
    assert sum(passed) == 1
    assert await post(store) == [f"expired: “{WISH.line}”"]
    assert not await robin.answers(made, accepted=True)
    clock.pass_by(days=30)
    assert await store.due.passed(*ended) == 0
    assert states(database_url) == ["expired"]


async def test_who_was_introduced_is_asked_once_whether_it_helped(
    store: Store, another: Store, robin: Person, sam: Person, clock: Clock
) -> None:
    made = await sam.asked(await robin.offers())
    clock.pass_by(days=13)
    assert await robin.answers(made, accepted=True)
    await post(store)
    ended = said_to_asker("expired"), said_to_asker("helped?")
    clock.pass_by(days=14, seconds=-1)
    assert await store.due.passed(*ended) == 0
    clock.pass_by(seconds=1)
    passed = await asyncio.gather(*(one.due.passed(*ended) for one in (store, another) * 2))
    assert sum(passed) == 1
    assert await post(store) == [f"helped?: “{WISH.line}”"]


def failing(_one: object, *_more: object) -> Sequence[Letter]:
    raise ValueError("no letter")


async def test_without_its_letters_nothing_is_kept(
    store: Store, robin: Person, sam: Person, clock: Clock, database_url: str
) -> None:
    peer = await robin.offers()
    before = dump(database_url)
    with pytest.raises(ValueError, match="no letter"):
        await sam.peers.ask(sam.key, sam.name, peer.id, WISH, failing)
    assert dump(database_url) == before
    made = await sam.asked(peer)
    before = dump(database_url)
    with pytest.raises(ValueError, match="no letter"):
        await robin.peers.answer(robin.key, made.id, accepted=True, write=failing)
    with pytest.raises(ValueError, match="no letter"):
        await robin.peers.leave(robin.key, failing)
    with pytest.raises(ValueError, match="no letter"):
        await store.rights("leeds").erase(robin.origin, hand_over=True, write=failing)
    clock.pass_by(days=14)
    with pytest.raises(ValueError, match="no letter"):
        await store.due.passed(failing, nothing)
    assert dump(database_url) == before


async def test_who_is_erased_meanwhile_asks_nothing(
    store: Store, robin: Person, sam: Person, database_url: str
) -> None:
    peer = await robin.offers()
    assert await sam.erases()
    assert await sam.peers.ask(sam.key, sam.name, peer.id, WISH, request) == "gone"
    assert states(database_url) == []


async def test_a_pair_is_told_of_by_nothing_else(
    store: Store, robin: Person, sam: Person, database_url: str, clock: Clock
) -> None:
    await sam.asked(await robin.offers())
    ((community, digest, until, *asked),) = dump(database_url)["pair"]
    assert (community, until) == ("leeds", clock.now + timedelta(days=90))
    assert asked == ["leeds", robin.key, clock.now], "who asked is not said"
    assert isinstance(digest, str)
    assert len(digest) == 64
    assert int(digest, 16) >= 0
    assert rows(database_url, "SELECT community FROM secret") == [("*",)]
    with opened(database_url) as connection:
        connection.exec_driver_sql("UPDATE secret SET value = 'another'")
    kim = await Person.new(store, "U-kim")
    await kim.asked((await robin.peers.offered())[0].profile)
    assert len({row[1] for row in dump(database_url)["pair"]}) == 2
