"""What is registered is on the shelf at the next look, whichever process registered it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.answers.answerer import Answerer
from bot.current import CurrentAnswerer
from bot.projects import Details
from bot.questions import Verified
from bot.shelves import MOST_KEPT, Shelves
from bot.store import Registration, Reports, Store, StoreUnusable, default_url
from tests.clock import START, Clock

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


async def names(shelves: Shelves, community: str, answerer: Answerer) -> list[str]:
    return [one.id for one in (await shelves.of(community, answerer)).projects]


async def test_every_process_sees_it_at_its_next_look(tmp_path: Path, answerer: Answerer) -> None:
    """Two stores on one database stand for two processes."""
    here, there = [await Store.open(default_url(tmp_path)) for _ in range(2)]
    one, other = Shelves(here), Shelves(there)
    assert await names(other, "leeds", answerer) == []
    made = await register(here, answerer, "leeds")
    assert await names(other, "leeds", answerer) == await names(one, "leeds", answerer) == [made]
    second = await register(there, answerer, "leeds")
    assert set(await names(one, "leeds", answerer)) == {made, second}
    await here.community("leeds").withdraw(made, "key")
    assert await names(other, "leeds", answerer) == [second]
    await there.community("leeds").hide(second, "key")
    assert await names(one, "leeds", answerer) == []
    assert (await one.of("leeds", answerer)).hidden == {second}
    await there.community("leeds").show(second, "key")
    assert await names(one, "leeds", answerer) == [second]
    await here.close()
    await there.close()


async def test_others_see_what_is_shared_for_as_long_as_it_is(
    store: Store, answerer: Answerer
) -> None:
    shelves = Shelves(store)
    assert await names(shelves, "york", answerer) == []
    await register(store, answerer, "leeds")
    shared = await register(store, answerer, "leeds", shared=True)
    assert await names(shelves, "york", answerer) == [shared]
    await store.community("york").hide(shared, "key")
    assert await names(shelves, "york", answerer) == []
    assert shared in await names(shelves, "leeds", answerer)
    await store.community("york").show(shared, "key")
    await store.community("leeds").hide(shared, "key")
    assert await names(shelves, "york", answerer) == []
    await store.community("leeds").show(shared, "key")
    assert await names(shelves, "york", answerer) == [shared]
    await store.forget("leeds")
    assert await names(shelves, "york", answerer) == await names(shelves, "leeds", answerer) == []


async def test_a_vector_of_another_model_is_made_anew_and_kept(
    store: Store, answerer: Answerer
) -> None:
    await register(store, answerer, "leeds", model="an older one")
    shelves = Shelves(store)
    assert await names(shelves, "leeds", answerer) == []  # embedded behind the answer
    await shelves.settle()
    shelf = await shelves.of("leeds", answerer)
    ((found, cosine),) = shelf.near(answerer.encoded(TOLD.told), 5)
    assert found.details == TOLD
    assert cosine == pytest.approx(1, abs=1e-4)
    (kept,) = await store.community("leeds").changed(0)
    assert kept.model == answerer.model


VERIFIED = Verified(
    *("leeds", "v-1", "Who counts hedgehogs?", "Otherham does.", ("otherham-wifi",)),
    *("Robin", "", START.date(), START),
)


async def given(shelves: Shelves, community: str, answerer: Answerer) -> list[str]:
    shelf = await shelves.of(community, answerer)
    assert len(shelf.verified_rows) == sum(len(one.asked) for one in shelf.verified)
    return [one.answer for one in shelf.verified]


async def test_every_process_gives_a_verified_answer_until_its_day_has_passed(
    tmp_path: Path, answerer: Answerer, clock: Clock
) -> None:
    here, there = [await Store.open(default_url(tmp_path), clock) for _ in range(2)]
    one, other = Shelves(here), Shelves(there)
    assert await given(other, "leeds", answerer) == []
    vector = answerer.encoded(VERIFIED.question).tobytes()
    longer = replace(VERIFIED, id="v-2", answer="York.", until=START.date() + timedelta(days=9))
    for kept in (VERIFIED, longer):
        assert await here.verified("leeds").keep(kept, vector, answerer.model)
    for shelves in (one, other):
        assert sorted(await given(shelves, "leeds", answerer)) == ["Otherham does.", "York."]
        assert await given(shelves, "york", answerer) == []
    clock.pass_by(days=1)
    for shelves in (one, other):
        assert await given(shelves, "leeds", answerer) == ["York."], "though nothing was written"
    again = replace(VERIFIED, answer="Anytown.", until=longer.until)
    assert await there.verified("leeds").keep(again, vector, answerer.model)
    assert sorted(await given(one, "leeds", answerer)) == ["Anytown.", "York."]
    assert await there.verified("leeds").end("v-2", "k-1")
    assert await given(one, "leeds", answerer) == ["Anytown."]
    await here.close()
    await there.close()


async def test_a_verified_question_is_embedded_anew_for_another_model(
    store: Store, answerer: Answerer
) -> None:
    answers, shelves = store.verified("leeds"), Shelves(store)
    one = replace(VERIFIED, until=store.today, wordings=("Where are hedgehogs counted?",))
    assert await answers.keep(one, b"of another model", "an older one")
    assert await given(shelves, "leeds", answerer) == []  # embedded behind the answer
    await shelves.settle()
    assert await given(shelves, "leeds", answerer) == [one.answer]
    ((_, vector, model),) = await answers.all()
    assert model == answerer.model
    rows = (await shelves.of("leeds", answerer)).verified_rows
    for text, row in zip(one.asked, rows, strict=True):
        assert row @ answerer.encoded(text) == pytest.approx(1, abs=1e-4)
    assert vector == rows.tobytes()


class Away(Store):
    """A store that is there, and then away."""

    away = False

    def community(self, name: str) -> Reports:
        if self.away:
            raise StoreUnusable("the database is away")
        return super().community(name)


async def test_while_the_database_is_away_what_was_known_is_shown(
    tmp_path: Path,
    answerer: Answerer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = await Away.open(default_url(tmp_path))
    assert isinstance(store, Away)
    made = await register(store, answerer, "leeds")
    shelves = Shelves(store)
    assert await names(shelves, "leeds", answerer) == [made]
    store.away = True
    with caplog.at_level(logging.ERROR, "bot.shelves"):
        assert await names(shelves, "leeds", answerer) == [made]
        assert await names(shelves, "york", answerer) == []
    assert "the database is away" in caplog.text
    store.away = False
    await store.close()


async def test_many_look_at_once_and_many_communities_are_no_matter(
    store: Store, answerer: Answerer
) -> None:
    made = await register(store, answerer, "leeds")
    shelves = Shelves(store)
    found = await asyncio.gather(*(names(shelves, "leeds", answerer) for _ in range(20)))
    assert found == [[made]] * 20
    for number in range(MOST_KEPT + 5):
        assert await names(shelves, f"community {number}", answerer) == []
    assert await names(shelves, "leeds", answerer) == [made]


class Slow(Store):
    """A store whose database takes its time."""

    seconds = 0.0

    def community(self, name: str) -> Reports:
        register = super().community(name)
        revisions, seconds = register.revisions, self.seconds

        async def after_a_while() -> tuple[int, int, int]:
            await asyncio.sleep(seconds)
            return await revisions()

        register.revisions = after_a_while  # type: ignore[method-assign]
        return register


async def test_an_answer_does_not_wait_for_a_database_that_hangs(
    tmp_path: Path, answerer: Answerer, caplog: pytest.LogCaptureFixture
) -> None:
    store = await Slow.open(default_url(tmp_path))
    assert isinstance(store, Slow)
    made = await register(store, answerer, "leeds")
    shelves = Shelves(store)
    assert await names(shelves, "leeds", answerer) == [made]
    store.seconds = 60.0
    async with asyncio.timeout(5):
        for _ in range(20):
            assert await names(shelves, "leeds", answerer) == [made]
    assert len(caplog.records) == 1
    await shelves.finish()
    await store.close()


class Other(Answerer):
    """Answers by another model."""

    @property
    def model(self) -> str:
        return "another"


async def test_a_shelf_of_another_model_is_not_searched(
    store: Store, current: CurrentAnswerer, answerer: Answerer
) -> None:
    await register(store, answerer, "leeds")
    await store.community("leeds").hide("a-case", "key")
    shelves = Shelves(store)
    assert await names(shelves, "leeds", answerer)
    shelf = await shelves.of("leeds", Other(current.index))
    assert shelf.projects == ()
    assert shelf.hidden == {"a-case"}
    await shelves.finish()
