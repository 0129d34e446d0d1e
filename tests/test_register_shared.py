"""What is shared beyond a community, hidden, reported and learned, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from bot.projects import Project
from bot.store import Fit, Report, Reports, Store
from bot.store.fits import Entry
from tests.clock import START, Clock
from tests.registrations import VECTOR, actions, drafted, registered, what

LEARNED = Fit("base-1", "examples-1", b"\x00weights\xff", 40)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


@dataclass(frozen=True)
class Neighbours:
    """Leeds, with a project that it shares, and York, which sees it."""

    store: Store
    leeds: Reports
    york: Reports
    project: Project

    async def seen(self) -> bool:
        """Whether York sees it; by each way the same."""
        all_, named = await self.york.beyond(), await self.york.beyond(self.project.id)
        project = await self.york.project(self.project.id)
        found = [project] if project else []
        assert [one.project for one in all_] == [one.project for one in named] == found
        return bool(found)


@pytest.fixture
async def neighbours(store: Store) -> Neighbours:
    project = await registered(store, "leeds", "data", "value", shared=True)
    await registered(store, "leeds")
    return Neighbours(store, store.community("leeds"), store.community("york"), project)


Change = Callable[[Neighbours], Awaitable[object]]
ENDINGS: dict[str, Change] = {
    "unshared": lambda near: near.leeds.change(near.project, "k-1", what(shared=False)),
    "hidden at home": lambda near: near.leeds.hide(near.project.id, "k-9"),
    "withdrawn": lambda near: near.leeds.withdraw(near.project.id, "k-1"),
    "forgotten": lambda near: near.store.forget("leeds"),
}
NO_ENDINGS: tuple[Change, ...] = (
    lambda near: near.leeds.change(near.project, "k-1", what("ethics", shared=True)),
    lambda near: near.leeds.show(near.project.id, "k-9"),
)


async def test_what_is_shared_is_seen_with_all_that_was_confirmed(neighbours: Neighbours) -> None:
    (held,) = await neighbours.york.beyond()
    assert (held.project, held.vector, held.model) == (neighbours.project, VECTOR, "m-1")
    assert held.project.outcome_ids == ("data", "value")
    assert await neighbours.seen()
    assert await neighbours.leeds.beyond() == [], "its own are no others'"
    assert (await neighbours.york.listed(0, 5))[1] == 0, "nor listed among York's"


async def test_each_of_several_is_with_its_own_communitys(store: Store) -> None:
    made = [
        await registered(store, community, outcome, shared=True)
        for community, outcome in (("leeds", "data"), ("hull", "ethics"), ("leeds", "value"))
    ]
    found = [one.project for one in await store.community("york").beyond()]
    assert sorted(found, key=lambda one: one.id) == sorted(made, key=lambda one: one.id)
    assert {one.project.id for one in await store.community("hull").beyond()} == {
        made[0].id,
        made[2].id,
    }


@pytest.mark.parametrize("ending", ENDINGS)
async def test_it_is_seen_no_longer(neighbours: Neighbours, ending: str) -> None:
    here, beyond, _ = await neighbours.york.revisions()
    await ENDINGS[ending](neighbours)
    assert not await neighbours.seen()
    assert (await neighbours.york.revisions())[:2] == (here, beyond + 1), "so that York looks again"


async def test_york_looks_again_at_what_changed(neighbours: Neighbours) -> None:
    for number, change in enumerate(NO_ENDINGS, 1):
        here, beyond, _ = await neighbours.york.revisions()
        await change(neighbours)
        assert (await neighbours.york.revisions())[:2] == (here, beyond + 1), number
        assert await neighbours.seen(), number


async def test_what_is_not_shared_is_no_reason_to_look(neighbours: Neighbours) -> None:
    before = await neighbours.york.revisions()
    alone = await registered(neighbours.store, "leeds")
    await neighbours.leeds.change(alone, "k-1", what("data"))
    await neighbours.leeds.hide(alone.id, "k-9")
    await neighbours.leeds.withdraw(alone.id, "k-1")
    assert await neighbours.york.revisions() == before
    later = await neighbours.leeds.register(
        await drafted(neighbours.store, "leeds"), what(shared=True)
    )
    assert (await neighbours.york.revisions())[1] == before[1] + 1
    assert await neighbours.york.project(later.id) == later


async def test_sharing_and_its_end_are_logged(neighbours: Neighbours) -> None:
    alone = await neighbours.leeds.change(neighbours.project, "k-1", what())
    await neighbours.leeds.change(alone, "k-1", what(shared=True))
    expected = ["registered", "registered", "changed", "shared no longer", "changed", "shared"]
    assert await actions(neighbours.store, "leeds") == expected


async def test_hidden_by_york_it_is_hidden_from_york_alone(neighbours: Neighbours) -> None:
    hull = neighbours.store.community("hull")
    beyond = (await hull.revisions())[1]
    await neighbours.york.hide(neighbours.project.id, "k-9")
    assert not await neighbours.seen()
    assert await hull.project(neighbours.project.id) == neighbours.project
    assert await neighbours.leeds.project(neighbours.project.id) == neighbours.project
    assert (await neighbours.york.revisions())[:2] == (1, beyond)
    await neighbours.york.show(neighbours.project.id, "k-9")
    assert await neighbours.seen()


async def test_hidden_at_home_it_is_known_there_as_hidden(neighbours: Neighbours) -> None:
    leeds, (seen, *_) = neighbours.leeds, await neighbours.leeds.revisions()
    await leeds.hide(neighbours.project.id, "k-9")
    project = await leeds.project(neighbours.project.id)
    assert project == replace(neighbours.project, hidden=True, revision=seen + 1)
    assert [one.project for one in await leeds.changed(seen)] == [project]
    await leeds.show(neighbours.project.id, "k-9")
    shown = await leeds.project(neighbours.project.id)
    assert shown == replace(neighbours.project, revision=seen + 2)


async def test_a_case_study_is_hidden_until_it_is_shown(store: Store) -> None:
    leeds = store.community("leeds")
    await leeds.hide("rochdale-mesh-network", "k-9")
    await leeds.hide("rochdale-mesh-network", "k-9")
    assert await leeds.hidden() == {"rochdale-mesh-network"}
    assert await store.community("york").hidden() == frozenset()
    await leeds.show("rochdale-mesh-network", "k-9")
    assert await leeds.hidden() == frozenset()
    assert await actions(store, "leeds") == ["hidden", "hidden", "shown again"]


async def test_reports_are_open_until_they_are_closed(store: Store, clock: Clock) -> None:
    leeds = store.community("leeds")
    for document, words in (("a", "It moved."), ("b", "It ended."), ("a", "Wrong year.")):
        await leeds.report(document, words, "k-1")
        clock.pass_by(minutes=1)
    (first,), count = await leeds.reports(1)
    assert (first, count) == (Report(first.id, "a", "It moved.", START), 3)
    await leeds.close("a", "k-9")
    await leeds.close("a", "k-9")
    found, count = await leeds.reports(5)
    assert ([one.words for one in found], count) == (["It ended."], 1)
    assert [(one.by, one.action, one.subject) for one in await store.fits("leeds").audit()] == [
        ("k-1", "reported", "a"),
        ("k-1", "reported", "b"),
        ("k-1", "reported", "a"),
        ("k-9", "reports closed", "a"),
    ]


async def test_a_report_is_erased_after_a_year(store: Store, clock: Clock) -> None:
    await store.community("leeds").report("a", "It moved.", "k-1")
    clock.pass_by(days=365)
    assert await store.purge() == 0
    clock.pass_by(seconds=1)
    assert await store.purge() == 1
    assert await store.community("leeds").reports(5) == ([], 0)


async def test_a_fit_suits_the_index_it_was_learned_with(store: Store) -> None:
    fits = store.fits("leeds")
    assert await fits.fit("base-1") is None
    await fits.keep(LEARNED)
    assert await fits.fit("base-1") == LEARNED
    assert await fits.fit("base-2") is None
    better = replace(LEARNED, base="base-2", examples="examples-2", learned=b"\xfe", projects=41)
    await fits.keep(better)
    assert await fits.fit("base-1") is None
    assert await fits.fit("base-2") == better


async def test_a_fit_is_refused_or_dropped(store: Store, clock: Clock) -> None:
    fits = store.fits("leeds")
    await fits.keep(LEARNED)
    clock.pass_by(days=1)
    await fits.refused("MAP 0.1")
    assert await fits.fit("base-1") == LEARNED, "the one before stays"
    await fits.drop()
    assert await fits.fit("base-1") is None
    await fits.drop()
    assert await fits.audit() == [
        Entry(START, "", "fitted", "40 projects"),
        Entry(clock.now, "", "fit refused", "MAP 0.1"),
        Entry(clock.now, "", "fit dropped", "no project left"),
    ]


# What makes a community's revision grow, and whether others have to look again.
GROWING: tuple[tuple[str, bool, Change], ...] = (
    ("register", False, lambda near: registered(near.store, "leeds")),
    ("hide", False, lambda near: near.leeds.hide("rochdale-mesh-network", "k-9")),
    ("show", False, lambda near: near.leeds.show("rochdale-mesh-network", "k-9")),
    ("keep", False, lambda near: near.store.fits("leeds").keep(LEARNED)),
    ("drop", False, lambda near: near.store.fits("leeds").drop()),
    ("change", True, lambda near: near.leeds.change(near.project, "k-1", what("data"))),
    ("withdraw", False, lambda near: near.leeds.withdraw(near.project.id, "k-1")),
)


async def test_a_communitys_revision_grows(neighbours: Neighbours) -> None:
    for name, others_too, change in GROWING:
        before, beyond, _ = await neighbours.leeds.revisions()
        await change(neighbours)
        told = beyond + others_too
        assert (await neighbours.leeds.revisions())[:2] == (before + 1, told), name
        assert (await neighbours.york.revisions())[:2] == (0, told), name


async def test_what_changes_no_answer_is_no_reason_to_look_again(store: Store) -> None:
    fits, leeds = store.fits("leeds"), store.community("leeds")
    await registered(store, "leeds")
    before = await leeds.revisions()
    await fits.drop()
    await fits.refused("MAP 0.1")
    await leeds.report("rochdale-mesh-network", "It moved.", "k-1")
    await leeds.close("rochdale-mesh-network", "k-9")
    assert await leeds.revisions() == before


async def test_the_communities_are_those_that_registered_something(store: Store) -> None:
    await store.community("hull").report("rochdale-mesh-network", "It moved.", "k-1")
    assert await store.communities() == []
    await registered(store, "york", shared=True)
    await registered(store, "leeds")
    assert await store.communities() == ["leeds", "york"]
    await store.forget("york")
    assert await store.communities() == ["leeds"]
