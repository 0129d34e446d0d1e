"""What digests tell of, in the store: open questions, published texts, projects and peers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import Letter, Store, Vectored
from bot.store.open_questions import MOST_SHOWN
from tests.clock import START, Clock
from tests.digesting import Channel
from tests.offering import OFFER, PLATFORMS, Person, post, reply
from tests.registrations import registered, what
from tests.tables import dump

BEFORE = START - timedelta(seconds=1)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def test_what_was_asked_since_the_last_time_is_told_newest_first(
    store: Store, clock: Clock, database_url: str
) -> None:
    questions, here = store.open_questions("leeds"), Channel(store).origin
    for text, origin in (
        ("Old?", here),
        ("Elsewhere?", Channel(store, "C-2").origin),
        ("Newer?", here),
        ("Newest?", here),
    ):
        await questions.add(text, origin)
        clock.pass_by(hours=1)
    assert [one.text for one in await questions.since("C-1", BEFORE)] == [
        "Newest?",
        "Newer?",
        "Old?",
    ]
    newest, newer = await questions.since("C-1", START)
    assert (newest.text, newer.asked_at) == ("Newest?", START + timedelta(hours=2))
    assert (newest.community, newest.channel, newest.platform) == ("leeds", "C-1", "slack")
    assert (newest.place, newest.link) == (here.place, here.link)
    assert await questions.named(newest.id) == newest
    assert here.person not in repr(dump(database_url))
    for number in range(MOST_SHOWN):
        await questions.add(f"{number}?", here)
    assert len(await questions.since("C-1", BEFORE)) == MOST_SHOWN


async def test_an_answer_is_posted_where_it_was_asked(
    store: Store, robin: Person, clock: Clock, database_url: str
) -> None:
    questions, here = store.open_questions("leeds"), Channel(store).origin
    await questions.add("Which sensors?", here)
    (asked,) = await questions.since("C-1", BEFORE)
    words = reply("These.")
    letter = Letter("leeds", robin.key, words, platform=asked.platform, place=asked.place)
    assert not await questions.answer("q-none", letter)
    assert await store.letters.take(PLATFORMS) == []
    assert await questions.answer(asked.id, letter)
    assert await questions.since("C-1", BEFORE) == []
    assert await questions.named(asked.id) == asked, "others may answer too"
    (sent,) = await store.letters.take(PLATFORMS)
    assert (sent.platform, sent.addresses, sent.reply) == ("slack", (here.place,), words)
    clock.pass_by(hours=1)
    assert await questions.answer(asked.id, letter)
    assert await robin.erases()
    assert await questions.answer(asked.id, letter)
    assert dump(database_url)["letter"] == [], "nor in the name of who is not there any more"


async def test_who_cannot_be_written_to_can_answer(store: Store) -> None:
    questions, key = store.open_questions("leeds"), await store.people("leeds").key("U-kim")
    await questions.add("Which sensors?", Channel(store).origin)
    (asked,) = await questions.since("C-1", BEFORE)
    letter = Letter("leeds", key, reply("These."), platform="teams", place="19:x")
    assert await questions.answer(asked.id, letter)
    assert await post(store) == ["These."]


async def test_of_the_first_texts_none_is_new(store: Store, clock: Clock) -> None:
    published = store.published
    assert await published.since(BEFORE) == {}
    await published.note({"a": "1", "b": "1", "c": "1"})
    assert await published.since(BEFORE) == {}
    await published.note({"a": "1", "b": "1", "c": "1"})
    assert await published.since(BEFORE) == {}
    clock.pass_by(hours=1)
    await published.note({"a": "1", "b": "2", "d": "1"})
    assert await published.since(BEFORE) == {"b": False, "d": True}, "one changed, one gone"
    assert await published.since(clock.now) == {}
    clock.pass_by(hours=1)
    await published.note({"a": "1", "b": "1", "c": "1", "d": "1"})
    assert list((await published.since(BEFORE)).items()) == [("b", False), ("c", True), ("d", True)]
    assert await published.since(START + timedelta(hours=1)) == {"b": False, "c": True}
    clock.pass_by(hours=1)
    await published.note({"a": "1", "b": "1", "c": "1", "d": "2"})
    assert await published.since(START + timedelta(hours=2)) == {"d": False}
    await published.note({})
    assert await published.since(BEFORE) == {}


async def test_noted_by_two_processes_at_once_it_is_noted_once(
    store: Store, another: Store, clock: Clock, database_url: str
) -> None:
    texts = {f"case-{number}": "1" for number in range(9)}
    changed = {**texts, "case-0": "2", "case-9": "1"}
    del changed["case-1"]
    for now in (texts, changed):
        clock.pass_by(hours=1)
        await asyncio.gather(*(one.published.note(now) for one in (store, another) * 3))
        assert {row[1]: row[2] for row in dump(database_url)["published"]} == now
    assert await store.published.since(START) == {"case-0": False, "case-9": True}


async def test_when_a_project_was_changed_is_known(store: Store, clock: Clock) -> None:
    leeds = store.community("leeds")
    made = await registered(store, "leeds")
    assert made.changed_at == made.registered_at == START
    clock.pass_by(hours=1)
    changed = await leeds.change(made, "k-1", what("ethics"))
    assert (changed.registered_at, changed.changed_at) == (START, clock.now)
    clock.pass_by(hours=1)
    await leeds.embed([Vectored(changed, b"1234", "m-2")])
    await leeds.hide(made.id, "k-1")
    await leeds.show(made.id, "k-1")
    found = await leeds.project(made.id)
    assert found is not None
    assert found.changed_at == changed.changed_at, "its words are what they were"


async def test_whether_a_peer_is_named_in_digests_is_theirs_to_say(
    store: Store, robin: Person
) -> None:
    for named in (False, True, False):
        await robin.offers(replace(OFFER, named=named))
        own = await robin.peers.own(robin.key)
        assert own is not None
        assert own.offer.named is named
        (offered,) = await robin.peers.offered()
        assert offered.profile.offer.named is named
