"""What is registered is on the shelf at the next look, whichever process registered it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from bot.answers.answerer import Answerer
from bot.assistant import CurrentAnswerer
from bot.projects import Details
from bot.shelves import MOST_KEPT, Shelves
from bot.store import Registration, Reports, Store, StoreUnusable, default_url

TOLD = Details("Hedgehog count", "Volunteers count hedgehogs in parks.")


async def register(
    store: Store, answerer: Answerer, community: str, *, shared: bool = False, model: str = ""
) -> str:
    """A project of the same words in any community; its id."""
    by = await store.people(community).key("U1")
    draft = await store.community(community).keep_draft(TOLD, ("data",), by)
    vector = answerer.encoded(TOLD.told).tobytes() if not model else b"of another model"
    made = Registration(TOLD, ("data",), shared, vector, model or answerer.model)
    return (await store.community(community).register(draft, made)).id


async def names(shelves: Shelves, community: str) -> list[str]:
    return [one.id for one in (await shelves.of(community)).projects]


async def test_every_process_sees_it_at_its_next_look(
    tmp_path: Path, current: CurrentAnswerer, answerer: Answerer
) -> None:
    """Two stores on one database stand for two processes."""
    here, there = [await Store.open(default_url(tmp_path)) for _ in range(2)]
    one, other = Shelves(here, current), Shelves(there, current)
    assert await names(other, "leeds") == []
    made = await register(here, answerer, "leeds")
    assert await names(other, "leeds") == await names(one, "leeds") == [made]
    second = await register(there, answerer, "leeds")
    assert set(await names(one, "leeds")) == {made, second}
    await here.community("leeds").withdraw(made, "key")
    assert await names(other, "leeds") == [second]
    await there.community("leeds").hide(second, "key")
    assert await names(one, "leeds") == []
    assert (await one.of("leeds")).hidden == {second}
    await there.community("leeds").show(second, "key")
    assert await names(one, "leeds") == [second]
    await here.close()
    await there.close()


async def test_others_see_what_is_shared_for_as_long_as_it_is(
    store: Store, current: CurrentAnswerer, answerer: Answerer
) -> None:
    shelves = Shelves(store, current)
    assert await names(shelves, "york") == []
    await register(store, answerer, "leeds")
    shared = await register(store, answerer, "leeds", shared=True)
    assert await names(shelves, "york") == [shared]
    await store.community("york").hide(shared, "key")
    assert await names(shelves, "york") == []
    assert shared in await names(shelves, "leeds")
    await store.community("york").show(shared, "key")
    await store.community("leeds").hide(shared, "key")
    assert await names(shelves, "york") == []
    await store.community("leeds").show(shared, "key")
    assert await names(shelves, "york") == [shared]
    await store.forget("leeds")
    assert await names(shelves, "york") == await names(shelves, "leeds") == []


async def test_a_vector_of_another_model_is_made_anew_and_kept(
    store: Store, current: CurrentAnswerer, answerer: Answerer
) -> None:
    await register(store, answerer, "leeds", model="an older one")
    shelf = await Shelves(store, current).of("leeds")
    ((found, cosine),) = shelf.near(answerer.encoded(TOLD.told), 5)
    assert found.details == TOLD
    assert cosine == pytest.approx(1, abs=1e-4)
    (kept,) = await store.community("leeds").changed(0)
    assert kept.model == answerer.model


class Away(Store):
    """A store that is there, and then away."""

    away = False

    def community(self, name: str) -> Reports:
        if self.away:
            raise StoreUnusable("the database is away")
        return super().community(name)


async def test_while_the_database_is_away_what_was_known_is_shown(
    tmp_path: Path,
    current: CurrentAnswerer,
    answerer: Answerer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = await Away.open(default_url(tmp_path))
    assert isinstance(store, Away)
    made = await register(store, answerer, "leeds")
    shelves = Shelves(store, current)
    assert await names(shelves, "leeds") == [made]
    store.away = True
    with caplog.at_level(logging.ERROR, "bot.shelves"):
        assert await names(shelves, "leeds") == [made]
        assert await names(shelves, "york") == []
    assert "the database is away" in caplog.text
    store.away = False
    await store.close()


async def test_many_look_at_once_and_many_communities_are_no_matter(
    store: Store, current: CurrentAnswerer, answerer: Answerer
) -> None:
    made = await register(store, answerer, "leeds")
    shelves = Shelves(store, current)
    found = await asyncio.gather(*(names(shelves, "leeds") for _ in range(20)))
    assert found == [[made]] * 20
    for number in range(MOST_KEPT + 5):
        assert await names(shelves, f"community {number}") == []
    assert await names(shelves, "leeds") == [made]
