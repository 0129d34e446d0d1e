"""Somebody who has themselves erased leaves no word and no id: not in a table, not in a file.

Every field that a person can write holds a canary of its own. All are invented (test data).
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import Asked, Reply
from bot.delivery import Heard, Room
from bot.store import Letter, Store, default_url
from tests.canaries import (
    FIELDS,
    ID,
    LINE,
    OPEN,
    PROJECT,
    THEIRS,
    TO_RUBY,
    WISH,
    ruby_of,
    told,
)
from tests.clock import START, Clock
from tests.digesting import Channel
from tests.holdings import suggested
from tests.offering import Person, post, reply
from tests.registrations import DETAILS, drafted, registered, what
from tests.tables import Dump, dump


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def test_no_table_holds_a_word_or_an_id_afterwards(store: Store, database_url: str) -> None:
    ruby = await ruby_of(store)
    await ruby.lives()
    offer = await ruby.peers.own(ruby.key)
    assert offer is not None
    assert told(dump(database_url), ruby.key) == FIELDS | {ID, ruby.key}
    assert await ruby.erases()
    held = dump(database_url)
    log = held.pop("audit")
    assert told(held, ruby.key) == set()
    assert told(log, ruby.key) == {ruby.key}
    assert all(
        not held[name] for name in ("introduction", "draft", "report", "fit", "heard", "suggestion")
    )
    assert not await ruby.erases(), "nothing is known of them any more"
    assert await store.rights("leeds").held(ID) is None
    # Two whose wish was open, one with an answer that was on its way; not who had one.
    assert await post(store) == [f"gone: “{LINE}”"] * 4


async def test_no_byte_of_it_is_left_in_the_file(tmp_path: Path, clock: Clock) -> None:
    url, file = default_url(tmp_path / "var"), tmp_path / "var" / "outcomes.db"
    store = await Store.open(url, clock)
    ruby = await ruby_of(store)
    await ruby.lives()

    def parts() -> dict[str, bytes]:
        return {part.name: part.read_bytes() for part in file.parent.iterdir()}

    def readable() -> set[str]:
        return {where for where, held in parts().items() if told(held)}

    assert readable()
    assert await ruby.erases()
    assert {*parts()} == {"outcomes.db", "outcomes.db-wal", "outcomes.db-shm"}
    assert readable() == set()
    assert not any(f"29:{ID}".encode() in held for held in parts().values())
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert readable() == set()
        connection.execute("VACUUM")
        assert readable() == set()
    await store.close()


async def test_a_digest_outlives_who_set_it_up(
    store: Store, clock: Clock, database_url: str
) -> None:
    ruby, channel = await ruby_of(store), Channel(store)
    made = await channel.follows(by=ruby.key)
    elsewhere = await Channel(store, community="york").follows(by=ruby.key)
    other = await Channel(store, "C-2").follows(by="k-other")
    held = await store.rights("leeds").held(ID)
    assert held is not None
    assert held["digests"] == [{"id": made.id, "channel": "C-1", "made_at": START}]
    assert await ruby.erases()
    kept = [replace(made, maker="", link=""), elsewhere, other]
    assert {one.id: one for one in await store.issues.subscriptions()} == {
        one.id: one for one in kept
    }
    clock.pass_by(days=1, minutes=30)
    (issue,) = await channel.due()
    assert issue.subscription.maker == ""
    letter = Letter("leeds", ruby.key, reply("it failed"))
    await store.issues.settle(issue, "failed", letter)
    assert dump(database_url)["letter"] == [], "to nobody, though it was claimed before"


async def others(store: Store) -> None:
    """Somebody whose id begins alike, here, and somebody with the same id elsewhere."""
    for who in (await Person.new(store, f"{ID}2"), await Person.new(store, ID, "york")):
        peer = await who.offers(replace(OPEN, help=f"what {who.community} offers"))
        asks = await Person.new(store, "U-any", who.community)
        await who.asked(await asks.offers(OPEN))
        await (await Person.new(store, "U-more", who.community)).asked(peer)
        register = store.community(who.community)
        await registered(store, who.community, by=who.key)
        await drafted(store, who.community, by=who.key)
        await register.report("case-1", "It moved.", who.key)
        case = suggested(who.key, f"c-{who.name}", who.community)
        assert await store.suggestions(who.community).add(case, b"file")
        heard = Heard("slack", f"press:C1:1.1:{who.name}:x", Asked("?", who.origin), "{}")
        await store.ledger.accept(heard)
        await store.ledger.done(heard)
        await store.keep_reply(who.community, Reply("answered", peer.id, id="r-other"))
        await Channel(store, f"C-{who.name}", who.community).follows(by=who.key)
        await store.join(Room(who.community, f"D-{who.name}", "slack", "personal", "{}"))


def without_counts(found: Dump) -> Dump:
    """Without what only grows: the log, and revisions; and without the answers kept in Leeds for
    "More": any of them may quote whoever is erased there, so all of them go."""
    kept = [row for row in found["reply"] if row[0] != "leeds"]
    counts = ("audit", "register")
    return {name: rows for name, rows in found.items() if name not in counts} | {"reply": kept}


async def test_of_others_nothing_is_touched(store: Store, database_url: str) -> None:
    await others(store)
    before = dump(database_url)
    ruby = await ruby_of(store)
    await ruby.offers(THEIRS)
    await registered(store, "leeds", by=ruby.key, details=PROJECT)
    assert await ruby.erases()
    after = dump(database_url)
    withdrawn = [row for row in after["project"] if row not in before["project"]]
    assert len(withdrawn) == 1
    after["project"] = [row for row in after["project"] if row not in withdrawn]
    assert without_counts(after) == without_counts(before)


async def test_a_project_that_is_handed_over_stays(store: Store, database_url: str) -> None:
    ruby, leeds = await ruby_of(store), store.community("leeds")
    await ruby.lives()
    alone = (await leeds.listed(0, 1))[0][0]
    for name, by, author in (("hers", "k-7", ruby.key), ("theirs", ruby.key, "k-7")):
        draft = await leeds.keep_draft(DETAILS, (), by, author)
        await leeds.register(draft, what("data", details=replace(DETAILS, link=name)))
    before = await leeds.revisions()
    assert await ruby.erases(hand_over=True)
    assert (await leeds.revisions())[0] > before[0]
    kept = {
        one.details.link: (one.owner, one.registered_by) for one in (await leeds.listed(0, 9))[0]
    }
    assert kept == {
        PROJECT.link: ("", ""),
        "hers": ("k-7", "k-7"),
        "theirs": ("k-7", ""),
    }
    stays = await leeds.project(alone.id)
    assert stays is not None
    assert stays.details == PROJECT
    held = dump(database_url)
    held.pop("audit")
    assert told(held, ruby.key) == {*(word for word in FIELDS if "project" in word), "CANARY-fit"}


async def test_two_who_were_brought_together_stay_apart(
    store: Store, clock: Clock, database_url: str
) -> None:
    ruby, sam = await ruby_of(store), await Person.new(store, "U-sam")
    await sam.asked(await ruby.offers(THEIRS))
    assert await ruby.erases()
    ruby = await ruby_of(store)
    again = await ruby.offers(THEIRS)
    assert await sam.sees(again) == set(), "who comes back with a new key too"
    clock.pass_by(days=90)
    assert await sam.sees(again) == {again.id}
    clock.pass_by(seconds=1)
    await store.purge()
    assert dump(database_url)["pair"] == []


@pytest.mark.parametrize("leaving", ["the asker", "the peer"])
async def test_an_answer_in_the_same_moment_leaves_nothing_either(
    store: Store, another: Store, database_url: str, leaving: str
) -> None:
    for number in range(8):
        ruby = await ruby_of(store)
        other = await Person.new(another, f"U-{number}", "york")
        asker, peer = (ruby, other) if leaving == "the asker" else (other, ruby)
        await asker.offers(THEIRS if asker is ruby else OPEN)
        offer = await peer.offers(THEIRS if peer is ruby else OPEN)
        one = await asker.asked(offer, WISH if asker is ruby else TO_RUBY)
        by = peer.by(another)
        await asyncio.gather(by.answers(one, accepted=True), ruby.erases())
        held = dump(database_url)
        assert told({**held, "audit": []}, ruby.key) == set()
        assert not held["introduction"]
        expected = [] if leaving == "the asker" else [f"gone: “{LINE}”"]
        assert await post(store) == expected
