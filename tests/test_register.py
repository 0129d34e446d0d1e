"""Projects are drafted, registered, changed, withdrawn and listed, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from bot.projects import Confirmed, Details, Draft, Project
from bot.store import Stale, Store, Vectored
from bot.store.models import project_outcome_table, project_table
from bot.store.projects import MOST_NAMED
from tests.clock import START, Clock
from tests.registrations import DETAILS, VECTOR, actions, drafted, registered, what
from tests.tables import dump, opened

CHANGED = Details("Tablets for care leavers (test data)", "We lend tablets.", stage="done")
CANARY = Details("canary-title", "canary-words", "canary-council", "https://canary.example/")


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def another(store: Store, database_url: str, clock: Clock) -> AsyncIterator[Store]:
    """The same database, as another process has it open."""
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def test_a_draft_is_kept_for_a_week(store: Store, clock: Clock) -> None:
    leeds = store.community("leeds")
    draft = await leeds.keep_draft(DETAILS, ["data", "value"], "k-1", "k-2")
    assert draft == Draft(draft.id, DETAILS, "k-1", "k-2", ("data", "value"))
    clock.pass_by(days=7)
    assert await store.purge() == 0
    assert await leeds.draft(draft.id) == draft
    clock.pass_by(seconds=1)
    assert await leeds.draft(draft.id) is None
    assert await store.purge() == 1


async def test_a_registered_project_is_what_was_confirmed(store: Store, clock: Clock) -> None:
    leeds = store.community("leeds")
    draft = await drafted(store, "leeds", by="k-1", author="k-2")
    clock.pass_by(hours=1)
    project = await leeds.register(draft, what("value", "data", details=CHANGED))
    assert project == Project(
        draft.id,
        "leeds",
        CHANGED,
        (Confirmed("value", "k-1", clock.now), Confirmed("data", "k-1", clock.now)),
        owner="k-2",
        registered_by="k-1",
        registered_at=clock.now,
        changed_at=clock.now,
        revision=1,
    )
    assert await leeds.project(draft.id) == project
    (held,) = await leeds.changed(0)
    assert (held.project, held.vector, held.model) == (project, VECTOR, "m-1")
    assert await leeds.draft(draft.id) is None


async def test_who_tagged_a_text_of_their_own_owns_it(store: Store) -> None:
    project = await registered(store, "leeds", by="k-7")
    assert (project.owner, project.registered_by) == ("k-7", "k-7")


async def test_what_a_database_refuses_is_taken_out(store: Store) -> None:
    leeds, odd = store.community("leeds"), Details("ti\0tle", "half \ud83d a smiley", "", "")
    draft = await leeds.keep_draft(odd, ("data",), "k-1")
    assert await leeds.draft(draft.id) is not None
    project = await leeds.register(draft, what(details=odd))
    assert project.details == Details("title", "half ? a smiley", "", "")


async def test_a_second_click_registers_nothing_more(store: Store, clock: Clock) -> None:
    leeds, draft = store.community("leeds"), await drafted(store, "leeds")
    first = await leeds.register(draft, what())
    clock.pass_by(minutes=1)
    assert await leeds.register(draft, what("data", details=CHANGED)) == first
    assert await leeds.listed(0, 5) == ([first], 1)
    assert await actions(store, "leeds") == ["registered"]


async def test_two_processes_register_one_draft_at_once(store: Store, another: Store) -> None:
    for community in ("leeds", "york", "hull"):
        draft = await drafted(store, community)
        made = await asyncio.gather(
            *(one.community(community).register(draft, what()) for one in (store, another) * 3)
        )
        assert len(set(made)) == 1
        assert await store.community(community).listed(0, 5) == ([made[0]], 1)
        assert await actions(store, community) == ["registered"]


async def test_of_many_registered_at_once_each_has_a_revision(store: Store, another: Store) -> None:
    await asyncio.gather(*(registered(one, "leeds") for one in (store, another) * 10))
    held = await store.community("leeds").changed(0)
    assert len({one.project.revision for one in held}) == 20
    assert (await store.community("leeds").revisions())[0] == 20


async def test_an_outcome_that_stays_keeps_who_confirmed_it(store: Store, clock: Clock) -> None:
    leeds = store.community("leeds")
    before = await registered(store, "leeds", "inclusion", "services", by="k-1")
    clock.pass_by(days=1)
    after = await leeds.change(before, "k-2", what("data", "inclusion", details=CHANGED))
    assert after.outcomes == (
        Confirmed("data", "k-2", clock.now),
        Confirmed("inclusion", "k-1", START),
    )
    assert (after.details, after.owner, after.registered_at) == (CHANGED, "k-1", START)
    assert await leeds.project(before.id) == after
    assert (await leeds.listed(0, 5, outcome="services"))[1] == 0
    clock.pass_by(days=1)
    again = await leeds.change(after, "k-3", what("inclusion", "services", details=CHANGED))
    assert again.outcomes[1] == Confirmed("services", "k-3", clock.now), "taken back in"


async def test_what_was_changed_meanwhile_is_not_overwritten(
    store: Store, database_url: str
) -> None:
    leeds = store.community("leeds")
    before = await registered(store, "leeds")
    now = await leeds.change(before, "k-1", what(details=CHANGED))
    kept = dump(database_url)
    with pytest.raises(Stale) as caught:
        await leeds.change(before, "k-2", what("data", shared=True))
    assert caught.value.project == now
    assert dump(database_url) == kept


async def test_of_two_changes_at_once_one_is_stale(store: Store, another: Store) -> None:
    before = await registered(store, "leeds")
    changes = (one.community("leeds").change(before, "k", what("data")) for one in (store, another))
    made = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(one).__name__ for one in made) == ["Project", "Stale"]
    assert await actions(store, "leeds") == ["registered", "changed"]


async def test_what_is_not_there_cannot_be_changed(store: Store) -> None:
    leeds, project = store.community("leeds"), await registered(store, "leeds")
    with pytest.raises(Stale):
        await leeds.change(replace(project, id="p-none"), "k-1", what())
    await leeds.withdraw(project.id, "k-1")
    (gone,) = await leeds.changed(0)
    with pytest.raises(Stale) as caught:
        await leeds.change(gone.project, "k-1", what())
    assert caught.value.project.withdrawn


async def test_a_withdrawn_project_leaves_no_words(store: Store, database_url: str) -> None:
    leeds = store.community("leeds")
    project = await registered(store, "leeds", "canary-outcome", details=CANARY, shared=True)
    seen = (await leeds.revisions())[0]
    assert "canary" in repr(dump(database_url))
    assert await leeds.withdraw(project.id, "k-2")
    tables = dump(database_url)
    assert "canary" not in repr(tables)
    assert VECTOR not in tables["project"][0]
    assert await leeds.project(project.id) is None
    assert await leeds.listed(0, 5) == ([], 0)
    (gone,) = await leeds.changed(seen)
    assert (gone.project.id, gone.project.withdrawn) == (project.id, True)
    assert (gone.project.details, gone.vector) == (Details("", ""), b"")
    assert (gone.project.outcomes, gone.project.shared) == ((), False)


async def test_nothing_is_withdrawn_twice(store: Store, another: Store) -> None:
    project = await registered(store, "leeds")
    withdrawing = (one.community("leeds").withdraw(project.id, "k") for one in (store, another))
    assert sorted(await asyncio.gather(*withdrawing)) == [False, True]
    assert not await store.community("leeds").withdraw(project.id, "k")
    assert not await store.community("leeds").withdraw("p-none", "k")
    assert await actions(store, "leeds") == ["registered", "withdrawn"]


async def test_the_newest_are_listed_first(store: Store, clock: Clock) -> None:
    leeds, made = store.community("leeds"), []
    for number in range(7):
        clock.pass_by(minutes=number // 2)  # some in the same minute
        details = replace(DETAILS, title=f"{number} (test data)")
        made.append(await registered(store, "leeds", details=details))
    newest = sorted(made, key=lambda one: (START - one.registered_at, one.id))
    assert await leeds.listed(0, 5) == (newest[:5], 7)
    assert await leeds.listed(5, 5) == (newest[5:], 7)
    assert await leeds.listed(7, 5) == ([], 7)
    await leeds.change(made[0], "k-1", what())
    assert [one.id for one in (await leeds.listed(0, 9))[0]] == [one.id for one in newest]


async def test_only_those_of_an_outcome_or_an_owner_are_listed(store: Store) -> None:
    leeds = store.community("leeds")
    one = await registered(store, "leeds", "data", "value", by="k-1")
    two = await registered(store, "leeds", "value", by="k-1")
    three = await registered(store, "leeds", "value", "data", by="k-2")

    async def found(outcome: str = "", owner: str = "") -> set[str]:
        projects, count = await leeds.listed(0, 5, outcome=outcome, owner=owner)
        assert count == len(projects)
        return {project.id for project in projects}

    assert await found(outcome="data") == {one.id, three.id}
    assert await found(owner="k-1") == {one.id, two.id}
    assert await found("data", "k-1") == {one.id}
    assert await found(outcome="ethics") == await found(owner="k-3") == set()


async def test_what_is_hidden_or_withdrawn_is_not_listed(store: Store) -> None:
    leeds = store.community("leeds")
    kept, hidden, gone = [await registered(store, "leeds", "data") for _ in range(3)]
    await leeds.hide(hidden.id, "k-9")
    await leeds.withdraw(gone.id, "k-1")
    assert await leeds.listed(0, 5) == ([kept], 1)
    assert await leeds.listed(0, 5, outcome="data") == ([kept], 1)
    assert await leeds.listed(0, 5, owner="k-1") == ([kept], 1)
    await leeds.show(hidden.id, "k-9")
    assert (await leeds.listed(0, 5))[1] == 2


async def test_more_than_can_be_named_at_once_all_have_their_outcomes(
    store: Store, database_url: str
) -> None:
    leeds, first = store.community("leeds"), await registered(store, "leeds", "data")
    with opened(database_url) as connection:
        (project,) = connection.execute(project_table.select()).mappings()
        (outcome,) = connection.execute(project_outcome_table.select()).mappings()
        names = [f"p-{number}" for number in range(MOST_NAMED)]
        connection.execute(insert(project_table), [{**project, "id": name} for name in names])
        more = [{**outcome, "project": name} for name in names]
        connection.execute(insert(project_outcome_table), more)
    held = await leeds.changed(0)
    assert {one.project.id for one in held} == {first.id, *names}
    assert {one.project.outcome_ids for one in held} == {("data",)}


async def test_an_embedding_by_another_model_takes_its_place(store: Store) -> None:
    leeds, project = store.community("leeds"), await registered(store, "leeds")
    await registered(store, "leeds")
    before = await leeds.revisions()
    await leeds.embed([Vectored(project, b"1234", "m-2")])
    held = {one.project.id: (one.vector, one.model) for one in await leeds.changed(0)}
    assert held.pop(project.id) == (b"1234", "m-2")
    assert list(held.values()) == [(VECTOR, "m-1")]
    assert await leeds.revisions() == before, "no reason to read it again"


async def test_only_what_changed_since_is_read_again(store: Store, clock: Clock) -> None:
    leeds, made = store.community("leeds"), [await registered(store, "leeds") for _ in range(3)]
    seen, *beyond = await leeds.revisions()
    assert await leeds.changed(seen) == []
    await registered(store, "york")
    assert await leeds.revisions() == (seen, *beyond)
    clock.pass_by(hours=1)
    after = await leeds.change(made[1], "k-1", what("data"))
    assert [one.project for one in await leeds.changed(seen)] == [after]
    assert after.registered_at == clock.now - timedelta(hours=1)
