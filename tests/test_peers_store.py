"""Offers as they are kept, and who is shown them, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.peers.joining import FOR_GOOD
from bot.store import Offered, Store
from tests.clock import Clock
from tests.offering import (
    OFFER,
    Person,
)
from tests.registrations import actions
from tests.tables import dump

BEYOND = replace(OFFER, beyond=True)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def test_an_offer_is_kept_changed_and_erased(
    store: Store, robin: Person, clock: Clock, database_url: str
) -> None:
    made = await robin.offers()
    assert (made.offer, made.wording, made.agreed_at) == (OFFER, "agreed", clock.now)
    assert await robin.peers.own(robin.key) == made
    assert await robin.peers.offered() == [Offered(made, b"1234", "m-1")]
    clock.pass_by(days=1)
    changed = await robin.offers(replace(BEYOND, help="half \ud83d a\0 smiley"))
    assert (changed.id, changed.agreed_at) == (made.id, clock.now)
    assert changed.offer.help == "half ? a smiley"
    late = Offered(made, b"9999", "m-2")
    await robin.peers.embed_offers([late])
    assert (await robin.peers.offered())[0].model == "m-1", "of what it was before"
    await robin.peers.embed_offers([replace(late, profile=changed)])
    assert (await robin.peers.offered())[0].model == "m-2"
    assert await robin.leaves()
    assert not await robin.leaves()
    assert await robin.peers.own(robin.key) is None
    assert dump(database_url)["peer"] == []
    assert await actions(store, "leeds") == ["offered help", "offer changed", "took the offer back"]


async def test_of_two_forms_sent_at_once_one_offer_is_made(
    store: Store, another: Store, robin: Person
) -> None:
    made = await asyncio.gather(*(robin.by(one).offers() for one in (store, another) * 3))
    assert len({one.id for one in made}) == 1


async def test_nobody_is_shown_who_paused(
    store: Store, robin: Person, sam: Person, clock: Clock
) -> None:
    peer = await robin.offers()
    assert await sam.sees(peer) == {peer.id}
    assert await robin.sees(peer) == set(), "nor to themselves"
    assert await robin.peers.pause(robin.key, clock.now + timedelta(days=3)) is not None
    assert await sam.sees(peer) == set()
    assert await sam.asks(peer) == "unwilling"
    assert [one.profile.id for one in await sam.peers.offered()] == [peer.id]
    clock.pass_by(days=3)
    assert await sam.sees(peer) == {peer.id}
    await robin.peers.pause(robin.key, clock.now + timedelta(days=3))
    resumed = await robin.peers.pause(robin.key, None)
    assert resumed is not None
    assert resumed.paused_until is None
    assert await sam.sees(peer) == {peer.id}
    assert await sam.peers.pause(sam.key, None) is None, "who offers nothing"


async def test_who_stopped_for_good_is_read_in_any_zone_of_the_server(
    store: Store, robin: Person, clock: Clock, database_url: str
) -> None:
    east = "&options=-c%20timezone%3DPacific/Auckland" if "?" in database_url else ""
    there = await Store.open(database_url + east, clock)
    await robin.offers()
    assert await robin.peers.pause(robin.key, FOR_GOOD) is not None
    own = await robin.by(there).peers.own(robin.key)
    assert own is not None
    assert own.paused_until == FOR_GOOD
    await there.close()


async def test_a_peer_is_asked_as_often_as_they_allow(
    store: Store, robin: Person, clock: Clock
) -> None:
    peer, crowd = await robin.offers(), [await Person.new(store, f"U-{at}") for at in range(4)]
    for one in crowd[:2]:
        await one.asked(peer)
    assert await crowd[2].sees(peer) == set()
    assert await crowd[2].asks(peer) == "unwilling"
    (held,) = await robin.peers.offered()
    assert held.profile.asked == 2
    clock.pass_by(days=30)
    assert await crowd[2].sees(peer) == {peer.id}
    clock.pass_by(days=61)
    assert (await robin.peers.offered())[0].profile.asked == 0


async def test_two_are_brought_together_once_in_ninety_days(
    store: Store, robin: Person, sam: Person, clock: Clock
) -> None:
    robins, sams = await robin.offers(), await sam.offers(replace(OFFER, name="Sam Testname"))
    made = await sam.asked(robins)
    assert await robin.answers(made, accepted=True)
    assert await sam.sees(robins) == set()
    assert await robin.sees(sams) == set(), "nor the other way round"
    assert await robin.asks(sams) == "unwilling"
    clock.pass_by(days=90)
    assert await sam.sees(robins) == {robins.id}
    assert await robin.sees(sams) == {sams.id}


async def test_only_who_shares_beyond_is_met_beyond(
    store: Store, robin: Person, sam: Person, clock: Clock
) -> None:
    york = await Person.new(store, "U-robin", "york")  # the same id, yet somebody else
    here = await robin.offers()
    assert await york.sees(here) == set()
    assert await york.asks(here) == "gone"
    here = await robin.offers(BEYOND)
    assert await york.sees(here) == {here.id}
    assert await york.asks(here) == "not beyond"
    await york.offers()
    assert await york.asks(here) == "not beyond"
    there = await york.offers(BEYOND)
    made = await york.asked(here)
    assert (made.community, made.peer_community) == ("york", "leeds")
    assert await york.sees(here) == await robin.sees(there) == set(), "paired, both ways"
    assert await sam.sees(here, there) == {here.id, there.id}
    assert await robin.peers.concerning(robin.key) == await york.peers.concerning(york.key)
    assert await robin.answers(made, accepted=True)
    assert await york.peers.helped(york.key, made.id, yes=True)
    assert [one.helped for one in await york.peers.concerning(york.key)] == [True]
