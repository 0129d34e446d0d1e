"""Of texts that were brought in, their sources and what officers suggest, a community sees and
changes its own alone, and what is for all; see `test_register_isolation`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.store import Letter, Store
from bot.store.sources import Sources
from bot.store.suggestions import Answer, Suggestions
from bot.store.texts import OwnTexts
from bot.texts import FOR_ALL, OwnText, Source
from bot.texts import Known as Location
from tests.clock import START, Clock
from tests.holdings import ABOUT, SECTIONS, brought, confirmed, source
from tests.isolation import Call, Caller, Known, Two, public
from tests.offering import reply
from tests.tables import dump_by

HOUR = timedelta(hours=1)
OTHER = replace(ABOUT, title="new")


def theirs(us: Caller, them: Known) -> Source:
    return replace(source(us.name, them.text.source), said="new")


def changed(us: Caller, them: Known) -> OwnText:
    return replace(them.text, community=us.name, digest="new", about=OTHER)


def letters(us: Caller, them: Known) -> list[Letter]:
    return [Letter(us.name, them.key, reply("new"))]


async def add(us: Caller, them: Known) -> object:
    new = replace(them.suggested, community=us.name, id="c-new")
    return await us.suggestions.add(new, b"new", letters(us, them))


async def change(us: Caller, them: Known) -> object:
    new = replace(them.suggested, community=us.name, told="new")
    return await us.suggestions.change(new, b"new", letters(us, them))


async def answered(us: Caller, them: Known, state: Answer) -> object:
    told = them.suggested.id, state, "new", "own-new"
    return await us.suggestions.answered(*told, by=them.key, letters=letters(us, them))


async def unread(us: Caller, them: Known, location: str, digest: str) -> object:
    known = Location(location=location, validator="", digest=digest, reason="new")
    return await us.texts.unread(known, them.text.source)


async def all_texts(us: Caller, them: Known) -> object:
    return [one async for one in us.texts.all()]


CALLS: dict[str, Call] = {
    "Sources.add": lambda us, them: us.sources.add(theirs(us, them)),
    "Sources.all": lambda us, them: us.sources.all(),
    "Sources.get": lambda us, them: us.sources.get(them.text.source),
    "Sources.changed": lambda us, them: us.sources.changed(theirs(us, them)),
    "Sources.looked": lambda us, them: us.sources.looked(theirs(us, them)),
    "Sources.claim": lambda us, them: us.sources.claim(them.text.source, HOUR),
    "Sources.hold": lambda us, them: us.sources.hold(them.text.source, HOUR),
    "Sources.remove": lambda us, them: us.sources.remove(them.text.source, them.key),
    "OwnTexts.known": lambda us, them: us.texts.known(them.text.source),
    "OwnTexts.put": lambda us, them: us.texts.put(changed(us, them), "9:9"),
    "OwnTexts.unread": lambda us, them: unread(us, them, them.text.location, "new"),
    "OwnTexts.touch": lambda us, them: us.texts.touch(
        them.text.source, {them.text.location: "9:9"}
    ),
    "OwnTexts.drop": lambda us, them: us.texts.drop(them.text.source, [them.text.location]),
    "OwnTexts.get": lambda us, them: us.texts.get(them.text.id),
    "OwnTexts.ids": lambda us, them: us.texts.ids(),
    "OwnTexts.of": lambda us, them: us.texts.of(them.text.source),
    "OwnTexts.unconfirmed": lambda us, them: us.texts.unconfirmed(9),
    "OwnTexts.confirm": lambda us, them: us.texts.confirm({them.text.id: OTHER}, them.key),
    "OwnTexts.confirmed_since": lambda us, them: us.texts.confirmed_since(START - HOUR),
    "Suggestions.add": add,
    "Suggestions.get": lambda us, them: us.suggestions.get(them.suggested.id),
    "Suggestions.file": lambda us, them: us.suggestions.file(them.suggested.id),
    "Suggestions.open": lambda us, them: us.suggestions.open(9),
    "Suggestions.change": change,
    "Suggestions.looked": lambda us, them: us.suggestions.looked(
        them.suggested.id, SECTIONS, "new", ("own-new",), letters(us, them)
    ),
    "Suggestions.answered": lambda us, them: answered(us, them, "accepted"),
}
MORE: dict[str, Call] = {
    "OwnTexts.all": all_texts,
    "OwnTexts.unread of what is new": lambda us, them: unread(us, them, "new", "new"),
    "OwnTexts.unread of what was not reached": lambda us, them: unread(
        us, them, them.text.location, ""
    ),
    "Suggestions.answered with a question": lambda us, them: answered(us, them, "asked"),
    "Suggestions.answered with no": lambda us, them: answered(us, them, "declined"),
}


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


def test_every_public_method_is_called() -> None:
    assert public(Sources, OwnTexts, Suggestions) == set(CALLS)


async def test_no_query_gives_or_changes_what_is_anothers(
    store: Store, looking: Connection, clock: Clock
) -> None:
    faults: dict[str, set[str]] = {}
    two = await settled(store, looking, 100)
    for number, (name, call) in enumerate({**CALLS, **MORE}.items()):
        if two.worn:
            two = await settled(store, looking, number)
        clock.pass_by(seconds=1)
        faults[name] = await two.faults(call)
    assert {name: found for name, found in faults.items() if found} == {}


async def settled(store: Store, looking: Connection, number: int) -> Two:
    """Two communities, of which the other has one text more that is confirmed, beside what is
    there for all, which neither may change."""
    two = await Two.new(store, looking, number)
    mark = two.theirs.mark
    await confirmed(store, await brought(store, f"own-more-{mark}", two.them.name, f"s-{mark}"))
    await confirmed(store, await brought(store, f"own-{number}", FOR_ALL))
    return replace(two, beside=(FOR_ALL,))


async def test_what_is_for_all_is_changed_from_no_community(
    store: Store, looking: Connection
) -> None:
    known = await Two.new(store, looking, 1)
    shared = await brought(store, "own-shared", FOR_ALL, "s-shared")
    before = dump_by(looking, FOR_ALL)
    theirs = replace(known.theirs, text=shared)
    for name, call in {**CALLS, **MORE}.items():
        if not name.startswith("Suggestions."):
            await call(known.us, theirs)
            assert dump_by(looking, FOR_ALL) == before, name
    assert shared.id in await known.us.texts.ids()
    assert await known.us.texts.get(shared.id) == shared
