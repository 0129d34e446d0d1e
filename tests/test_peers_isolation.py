"""Of peers, introductions, letters and rights a community gets what others share, and no more.

See `test_register_isolation`; here it is also asked what somebody gets by the ids of two others
who met across communities.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.store import Introductions, Offered, Store
from bot.store.due import Due
from bot.store.letters import Letters
from bot.store.retention import Retention
from bot.store.rights import Rights
from tests.clock import START, Clock
from tests.isolation import Call, Caller, Known, Two, public
from tests.offering import OFFER, WISH, Person, nothing, reply, request
from tests.tables import dump_by


async def join(us: Caller, them: Known) -> object:
    made = await us.peers.join(them.key, OFFER, "agreed", b"1", "m-2")
    return replace(made, id="", key="") if made else None  # as it was given


async def asking(us: Caller, them: Known, person: str, key: str) -> object:
    return await us.peers.ask(key, person, them.offer.id, WISH, request)


CALLS: dict[str, Call] = {
    "Introductions.join": join,
    "Introductions.own": lambda us, them: us.peers.own(them.key),
    "Introductions.pause": lambda us, them: us.peers.pause(them.key, None),
    "Introductions.embed_offers": lambda us, them: us.peers.embed_offers(
        [Offered(them.offer, b"9", "m-9")]
    ),
    "Introductions.offered": lambda us, them: us.peers.offered(),
    "Introductions.newly_named": lambda us, them: us.peers.newly_named(START - timedelta(days=1)),
    "Introductions.willing": lambda us, them: us.peers.willing([them.offer.id], "U-new"),
    "Introductions.ask": lambda us, them: asking(us, them, them.asker.name, them.asker.key),
    "Introductions.open": lambda us, them: us.peers.open(them.asker.key, them.offer.id),
    "Introductions.put_to": lambda us, them: us.peers.put_to(them.key, them.wish.id),
    "Introductions.answer": lambda us, them: us.peers.answer(
        them.key, them.wish.id, accepted=True, write=nothing
    ),
    "Introductions.leave": lambda us, them: us.peers.leave(them.key, nothing),
    "Introductions.helped": lambda us, them: us.peers.helped(them.asker.key, them.met.id, yes=True),
    "Introductions.concerning": lambda us, them: us.peers.concerning(them.key),
    "Rights.held": lambda us, them: us.rights.held(them.origin.person),
    "Rights.erase": lambda us, them: us.rights.erase(us.at(them), hand_over=False, write=nothing),
    "Letters.hold": lambda us, them: us.store.letters.hold(us.letter(them)),
    "Letters.sent": lambda us, them: us.store.letters.sent(us.letter(them)),
    "Letters.postpone": lambda us, them: us.store.letters.postpone(us.letter(them), 60.0),
    "Letters.refused": lambda us, them: us.store.letters.refused(us.letter(them)),
    "Letters.pin": lambda us, them: us.store.letters.pin(
        us.name, them.letter.platform, them.letter.addresses[0], reply("new"), "l-new"
    ),
    "Letters.collect": lambda us, them: us.store.letters.collect(
        us.name, them.letter.platform, them.letter.addresses[0]
    ),
}
MORE: dict[str, Call] = {
    "Introductions.answer with no": lambda us, them: us.peers.answer(
        them.key, them.wish.id, accepted=False, write=nothing
    ),
    "Introductions.concerning the asker": lambda us, them: us.peers.concerning(them.asker.key),
    "Rights.held of the asker": lambda us, them: us.rights.held(them.asker.name),
    "Rights.erase, handed over": lambda us, them: us.rights.erase(
        us.at(them), hand_over=True, write=nothing
    ),
}
# What speaks of no community: what is due, wherever it is.
OF_NONE = {"Letters.take", "Due.passed", "Retention.enforce"}
# By these, and no other, what is offered beyond is seen elsewhere.
SHARED = {
    "Introductions.offered": {"proves nothing", "gives what is theirs"},
    "Introductions.willing": {"proves nothing", "gives what is theirs"},
    "Introductions.ask": {"changes their rows"},  # the count by which two who ask are told apart
}


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


def test_every_public_method_is_called() -> None:
    of_rights = {f"Rights.{name}" for name in vars(Rights) if not name.startswith("_")}
    found = public(Introductions, Letters, Due, Retention) | of_rights
    assert found == set(CALLS) | OF_NONE
    assert not set(CALLS) & OF_NONE


@pytest.mark.parametrize("shared", [False, True])
async def test_no_query_gives_or_changes_what_is_anothers(
    store: Store, looking: Connection, clock: Clock, *, shared: bool
) -> None:
    faults: dict[str, set[str]] = {}
    two = await settled(store, looking, 100, shared=shared)
    for number, (name, call) in enumerate({**CALLS, **MORE}.items()):
        if two.worn:
            two = await settled(store, looking, number, shared=shared)
        clock.pass_by(seconds=1)
        faults[name] = await two.faults(call)
        if shared:
            faults[name] -= SHARED.get(name, set())
    assert {name: found for name, found in faults.items() if found} == {}


async def settled(store: Store, looking: Connection, number: int, *, shared: bool) -> Two:
    """Two communities; where they share, theirs was asked from a third one, and of that we know."""
    two, name = await Two.new(store, looking, number, shared=shared), f"hull-{number}"
    if not shared:
        return two
    hull = await Person.new(store, "U-hull", name)
    await hull.offers(replace(OFFER, beyond=True))
    asked = await hull.asked(two.theirs.offer)
    return replace(two, theirs=replace(two.theirs, wish=asked), beside=(name,))


async def test_two_communities_meet_where_both_share(store: Store, looking: Connection) -> None:
    two = await Two.new(store, looking, 1, shared=True)
    leeds = await Person.new(store, "U-new", two.us.name)
    before = dump_by(looking, two.them.name) | {"register": []}
    assert await leeds.asks(two.theirs.offer) == "not beyond"
    assert dump_by(looking, two.them.name) | {"register": []} == before
    await leeds.offers(replace(OFFER, beyond=True))
    made = await leeds.asked(two.theirs.offer)
    kim = await Person.new(store, "U-kim", two.us.name)
    assert not await two.us.peers.helped(kim.key, made.id, yes=True)
    assert not await two.us.peers.answer(leeds.key, made.id, accepted=True, write=nothing)
    assert await two.us.peers.concerning(kim.key) == []
    assert await two.them.peers.concerning(two.theirs.asker.key) != [made]
    assert await two.us.store.forget(two.us.name)
    assert made not in await two.them.peers.concerning(two.theirs.key)
    assert "Sam Testname" not in repr(
        [row for row in two.rows()[0]["letter"] if made.id in repr(row)]
    ), "nor a letter that tells of it"
