"""Sources of texts, kept on either database: who looks at one, and what goes with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.store import Store
from bot.texts import FOR_ALL, Known
from tests.clock import START, Clock
from tests.holdings import ABOUT, brought, confirmed, own_text, source
from tests.registrations import actions
from tests.tables import dump

HOUR = timedelta(hours=1)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened_ = await Store.open(database_url, clock)
    yield opened_
    await opened_.close()


async def test_a_source_is_kept_as_it_was_given(store: Store, clock: Clock) -> None:
    sources = store.sources("leeds")
    first, never = source(), replace(source(name="s-2"), every=None, due_at=None)
    assert await sources.add(first)
    assert await sources.add(replace(never, added_at=START + HOUR))
    assert not await sources.add(replace(first, location="/elsewhere"))
    assert await sources.all() == [first, replace(never, added_at=START + HOUR)]
    looked = replace(first, refreshed_at=START, due_at=START + HOUR, said="2 texts", failed=True)
    assert await sources.looked(looked)
    assert await sources.get("s-1") == looked
    # Options that are given during a look outlast it, and what it came to outlasts them.
    assert await sources.changed(replace(first, every=HOUR, most=7))
    assert await sources.looked(looked)
    assert await sources.get("s-1") == replace(looked, every=HOUR, most=7)
    assert await sources.get("s-3") is None
    assert not await sources.changed(source(name="s-3"))
    await store.sources(FOR_ALL).add(source(FOR_ALL, "s-0"))
    assert [(one.community, one.id) for one in await store.every_source()] == [
        (FOR_ALL, "s-0"),
        ("leeds", "s-1"),
        ("leeds", "s-2"),
    ]
    assert await actions(store, "leeds") == ["source added", "source added"]


async def test_of_two_processes_one_looks_at_a_source(
    store: Store, another: Store, clock: Clock
) -> None:
    sources, others = store.sources("leeds"), another.sources("leeds")
    assert not await sources.claim("s-1", HOUR), "it is not there"
    await sources.add(source())
    claims = [await asyncio.gather(sources.claim("s-1", HOUR), others.claim("s-1", HOUR))]
    assert sorted(claims[0]) == [False, True]
    clock.pass_by(seconds=3599)
    assert not await others.claim("s-1", HOUR)
    assert await sources.hold("s-1", HOUR)
    clock.pass_by(seconds=3599)
    assert not await others.claim("s-1", HOUR)
    clock.pass_by(seconds=1)
    assert await others.claim("s-1", HOUR), "whoever held it was killed"
    assert await others.changed(source())
    assert not await sources.claim("s-1", HOUR), "new options let nothing go"
    assert await others.looked(source())
    assert await sources.claim("s-1", HOUR), "it was let go of"
    assert await sources.looked(replace(source(), due_at=clock() + HOUR))
    assert not await others.claim("s-1", HOUR), "it was looked at meanwhile"
    await sources.remove("s-1")
    assert not await sources.hold("s-1", HOUR)


async def test_a_removed_source_leaves_nothing(store: Store, database_url: str) -> None:
    await brought(store, "own-1")
    kept = await brought(store, "own-2", of="s-2")
    await store.texts("leeds").unread(
        Known(location="bad.pdf", validator="", digest="d", reason="it is locked"), "s-1"
    )
    assert await store.sources("leeds").remove("s-1", "k-admin") == 1
    assert await store.sources("leeds").remove("s-1", "k-admin") == 0
    assert not await store.texts("leeds").put(own_text(), "1:1"), "a look that comes too late"
    assert await store.texts("leeds").drop("s-1", ["own-1.pdf"]) == 0
    held = dump(database_url)
    assert [row[1] for row in held["source"]] == ["s-2"]
    assert [row[6] for row in held["own_text"]] == [kept.id]
    assert (await actions(store, "leeds"))[-1] == "source removed"


async def test_whoever_looks_and_whoever_removes_wait_for_each_other(
    store: Store, another: Store, database_url: str
) -> None:
    await store.sources("leeds").add(source())
    texts, others = store.texts("leeds"), another.texts("leeds")
    names = [f"own-{number}" for number in range(8)]
    await asyncio.gather(
        *(texts.put(own_text(one), "1:1") for one in names),
        *(others.put(own_text(one), "1:1") for one in reversed(names)),
        *(others.confirm({one: ABOUT for one in names}) for _ in range(3)),
        *(others.touch("s-1", {f"{one}.pdf": "2:2" for one in names}) for _ in range(3)),
        *(texts.drop("s-1", [f"{one}.pdf" for one in names[:4]]) for _ in range(3)),
        another.sources("leeds").remove("s-1"),
        *(texts.put(own_text(one), "1:1") for one in names),
    )
    assert dump(database_url)["own_text"] == []


async def test_what_a_community_held_is_forgotten_with_it(store: Store, database_url: str) -> None:
    for community in ("leeds", "york", FOR_ALL):
        await confirmed(store, await brought(store, "own-1", community))
    before = dump(database_url, "york"), dump(database_url, FOR_ALL)
    await store.forget("leeds")
    assert not any(dump(database_url, "leeds").values())
    after = dump(database_url, "york"), dump(database_url, FOR_ALL)
    assert [one | {"register": []} for one in after] == [one | {"register": []} for one in before]
    assert not await store.texts("leeds").put(own_text(), "1:1"), "its source is gone too"
    assert set(await store.text_revisions()) == {"york", FOR_ALL}
