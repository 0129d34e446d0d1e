"""Installations in the store: tokens sealed, keys changed, workspaces left; each its own alone."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url

from bot.communities import BeingErased, NoKeyOpens
from bot.sealing import Broken, Seal, new_key
from bot.store import Store
from bot.store.installations import STATE_KEPT, Installations, Rotated
from tests.clock import START, Clock
from tests.installing import KEY, OTHER_KEY, installation
from tests.registrations import registered
from tests.tables import dump, opened, rows


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    one = await Store.open(database_url, clock)
    yield one
    await one.close()


@pytest.fixture
def kept(store: Store) -> Installations:
    return store.installations([KEY])


def written(url: str) -> bytes:
    """All that is in the file and in its log; on a server, the whole of both tables."""
    if url.startswith("sqlite"):
        file = Path(make_url(url).database or "")
        return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    return repr(dump(url)).encode()


async def test_what_is_kept_is_given_back(kept: Installations) -> None:
    made = installation("T1")
    await kept.keep(made)
    assert await kept.get("T1") == replace(made, installed_at=START)
    assert await kept.get("T2") is None
    (listed,) = await kept.listed()
    assert (listed.community, listed.name, listed.opens) == ("T1", "Council T1", True)


async def test_a_token_is_nowhere_to_be_read(
    kept: Installations, store: Store, database_url: str
) -> None:
    made = installation("T1", "secret-of-anytown")
    for _ in range(2):  # and once more, over the first
        await kept.keep(made)
        assert made.token.encode() not in written(database_url)
    assert made.token not in repr(await kept.get("T1"))
    ((found,),) = rows(database_url, "SELECT sealed FROM installation")
    sealed = str(found)
    assert sealed.encode() in written(database_url)  # so it was looked for in the right place
    await kept.leave("T1", START)
    assert sealed.encode() not in written(database_url)


async def test_sealed_for_one_it_is_of_no_use_to_another(
    kept: Installations, database_url: str
) -> None:
    """Whoever can write in the database could put one workspace's token into another's row."""
    for name in ("T1", "T2"):
        await kept.keep(installation(name, name))
    with opened(database_url) as connection:
        connection.exec_driver_sql(
            "UPDATE installation SET sealed ="
            " (SELECT sealed FROM installation WHERE community = 'T1') WHERE community = 'T2'"
        )
    with pytest.raises(NoKeyOpens):
        await kept.get("T2")
    with opened(database_url) as connection:
        connection.exec_driver_sql("UPDATE installation SET bot = 'U-else' WHERE community = 'T1'")
    with pytest.raises(NoKeyOpens):
        await kept.get("T1")
    assert [one.opens for one in await kept.listed()] == [False, False]


async def test_keys_are_changed_without_a_stop_and_old_ones_can_go(store: Store) -> None:
    before, both = store.installations([KEY]), store.installations([OTHER_KEY, KEY])
    for name in ("T1", "T2", "T3"):
        await before.keep(installation(name, name))
    await both.keep(installation("T3", "T3"))
    assert await both.rotate() == Rotated(2, 1, 0)
    assert await both.rotate() == Rotated(0, 3, 0)
    after = store.installations([OTHER_KEY])
    assert [one.opens for one in await after.listed()] == [True] * 3
    for name in ("T1", "T2", "T3"):
        found = await after.get(name)
        assert found
        assert found.token == f"xoxb-canary-{name}"
    with pytest.raises(NoKeyOpens):
        await before.get("T1")


class Ended(Exception):
    """As if the process had been killed."""


async def test_a_rotation_that_is_ended_goes_on_where_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, both = store.installations([KEY]), store.installations([OTHER_KEY, KEY])
    for number in range(5):
        await before.keep(installation(f"T{number}", str(number)))
    sealing, done = Seal.seal, list[str]()

    def ending(self: Seal, secret: str, *context: str) -> str:
        if len(done) == 2:
            raise Ended
        done.append(secret)
        return sealing(self, secret, *context)

    with monkeypatch.context() as broken:
        broken.setattr(Seal, "seal", ending)
        with pytest.raises(Ended):
            await both.rotate()
    assert sum(one.opens for one in await before.listed()) == 3
    assert all(one.opens for one in await both.listed())
    assert await both.rotate() == Rotated(3, 2, 0)


async def test_what_no_key_opens_is_counted_and_left_as_it_is(
    store: Store, database_url: str
) -> None:
    await store.installations([KEY]).keep(installation("T1"))
    sealed = rows(database_url, "SELECT sealed FROM installation")
    other = store.installations([OTHER_KEY])
    assert await other.rotate() == Rotated(0, 0, 1)
    assert rows(database_url, "SELECT sealed FROM installation") == sealed
    with pytest.raises(NoKeyOpens):
        await store.installations().get("T1")


async def test_left_it_is_gone_at_once_and_remembered_until_all_is_erased(
    kept: Installations, store: Store, clock: Clock
) -> None:
    await kept.keep(installation("T1"))
    await kept.keep(installation("T2", "2"))
    await registered(store, "T1")
    clock.pass_by(hours=1)
    assert await kept.leave("T1", clock())
    assert not await kept.leave("T1", clock())
    assert not await kept.leave("T9", clock())
    assert await kept.get("T1") is None
    assert [one.community for one in await kept.listed()] == ["T2"]
    (left,) = await kept.left()
    assert await store.forget("T1", but_installation=True)
    assert await kept.left() == [left]
    await kept.drop(left)
    assert await kept.left() == []
    assert [one.community for one in await store.census().taken()] == ["T2"]


async def test_what_is_being_erased_is_not_installed_anew(
    kept: Installations, clock: Clock
) -> None:
    await kept.keep(installation("T1"))
    assert await kept.leave("T1", clock())
    (left,) = await kept.left()
    clock.pass_by(seconds=10)
    with pytest.raises(BeingErased):
        await kept.keep(installation("T1", "new"))
    assert await kept.left() == [left]
    assert await kept.get("T1") is None
    await kept.drop(left)
    await kept.keep(installation("T1", "new"))
    found = await kept.get("T1")
    assert found
    assert found.token == "xoxb-canary-new"
    assert not await kept.leave("T1", START), "told before it was installed anew"
    assert await kept.leave("T1", clock())


async def test_used_states_are_forgotten_when_nobody_could_use_them(
    kept: Installations, store: Store, clock: Clock, database_url: str
) -> None:
    assert await kept.first_use("a-state")
    assert b"a-state" not in written(database_url)
    await store.purge()
    assert not await kept.first_use("a-state")
    clock.pass_by(seconds=STATE_KEPT.total_seconds() + 1)
    await store.purge()
    assert rows(database_url, "SELECT count(*) FROM used_state") == [(0,)]


async def test_a_state_is_used_once_by_whichever_process(
    kept: Installations, another: Store
) -> None:
    both = [kept, another.installations([KEY])] * 4
    used = await asyncio.gather(*(one.first_use("state") for one in both))
    assert sorted(used) == [False] * 7 + [True]


OF_NONE = {"listed", "left", "rotate", "first_use"}  # what looks past one community, by design


async def test_no_method_gives_or_changes_what_is_anothers(
    kept: Installations, looking: Connection, clock: Clock, database_url: str
) -> None:
    await kept.keep(installation("T2", "canary"))
    before = rows(database_url, "SELECT * FROM installation WHERE community = 'T2'")
    await kept.keep(installation("T3", "3"))
    await kept.leave("T3", clock())
    (left,) = await kept.left()
    calls: dict[str, Callable[[], Awaitable[object]]] = {
        "get": lambda: kept.get("T1"),
        "keep": lambda: kept.keep(installation("T1", "own")),
        "leave": lambda: kept.leave("T1", clock() + timedelta(hours=1)),
        "drop": lambda: kept.drop(replace(left, community="T1")),
    }
    methods = inspect.getmembers(Installations, inspect.iscoroutinefunction)
    assert {name for name, _ in methods if name[0] != "_"} == set(calls) | OF_NONE
    for name, call in calls.items():
        assert "canary" not in repr(await call()), name
        after = rows(database_url, "SELECT * FROM installation WHERE community = 'T2'")
        assert after == before, name


def test_a_seal_holds_its_context_and_its_time() -> None:
    now = [1_800_000_000.0]
    seal = Seal([KEY], lambda: now[0])
    sealed = seal.seal("secret", "one", "two")
    assert seal.open(sealed, "one", "two") == "secret"
    for wrong in (("one",), ("two", "one"), ("one", "two", ""), ()):
        with pytest.raises(Broken):
            seal.open(sealed, *wrong)
    now[0] += 60
    assert seal.open(sealed, "one", "two", within=60) == "secret"
    now[0] += 1
    with pytest.raises(Broken):
        seal.open(sealed, "one", "two", within=60)
    other = "B" if sealed[20] == "A" else "A"
    for spoilt in ("", "x", sealed[:-4], sealed[:20] + other + sealed[21:]):
        with pytest.raises(Broken):
            seal.open(spoilt, "one", "two")
    assert len({new_key() for _ in range(50)}) == 50


def test_nothing_shows_a_token_by_accident() -> None:
    made = installation("T1")
    assert made.token not in f"{made!r} {made}"
