"""The audit log is only ever added to, and knows people by random keys, on either database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from bot.store import Store
from bot.store.models import project_table
from tests.clock import START, Clock
from tests.registrations import actions, drafted, registered, what
from tests.tables import Dump, dump, opened, rows

OFFICER = "U-officer-7"
CHANGING = (
    "UPDATE audit SET person_key = ''",
    "UPDATE audit SET community = 'york'",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE id = 1",
    "INSERT {} INTO audit VALUES (1, 'leeds', '2026-03-02', '', 'nothing', '') {}",
)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


def refused(url: str, statement: str) -> str:
    """What the database itself says to a statement."""
    with pytest.raises(DBAPIError) as caught, opened(url) as connection:
        connection.execute(text(statement))
    return str(caught.value.orig)


def changing(url: str) -> list[str]:
    """Every way to write over an entry or to take it away."""
    replacing = (
        ("OR REPLACE", "")
        if url.startswith("sqlite")
        else ("", "ON CONFLICT (id) DO UPDATE SET action = excluded.action")
    )
    ways = [statement.format(*replacing) for statement in CHANGING]
    return ways if url.startswith("sqlite") else [*ways, "TRUNCATE audit"]


async def test_the_database_refuses_to_change_the_log(store: Store, database_url: str) -> None:
    await registered(store, "leeds")
    kept = dump(database_url)["audit"]
    for statement in changing(database_url):
        assert "append-only" in refused(database_url, statement), statement
    assert dump(database_url)["audit"] == kept
    assert await actions(store, "leeds") == ["registered"]


async def test_a_log_without_a_project_is_kept_as_well(store: Store, database_url: str) -> None:
    await store.community("leeds").report("rochdale-mesh-network", "It moved.", "k-1")
    await store.fits("york").refused("MAP 0.1")
    for community in ("leeds", "york"):
        assert "append-only" in refused(
            database_url, f"DELETE FROM audit WHERE community = '{community}'"
        )


async def test_it_goes_when_its_community_is_forgotten(store: Store, database_url: str) -> None:
    for community in ("leeds", "york"):
        await registered(store, community)
        await store.people(community).key(OFFICER)
    theirs = dump(database_url, "york")
    # A project, its two outcomes, a person, the audit log and the register's row.
    assert await store.forget("leeds") == 6
    assert not any(dump(database_url, "leeds").values())
    assert dump(database_url, "york") == theirs
    assert await actions(store, "york") == ["registered"]
    await registered(store, "leeds")
    assert await actions(store, "leeds") == ["registered"], "it may begin again"


async def test_who_is_registering_is_waited_for(store: Store, database_url: str) -> None:
    """Forgotten while a project is on its way in, nothing of it stays behind."""
    await registered(store, "leeds")
    with opened(database_url) as connection:
        (project,) = connection.execute(project_table.select()).mappings()
        connection.execute(text("UPDATE register SET revision = 2 WHERE community = 'leeds'"))
        connection.execute(insert(project_table), {**project, "id": "p-late"})
        forgetting = asyncio.create_task(store.forget("leeds"))
        await asyncio.sleep(0.2)
        assert not forgetting.done()
    await forgetting
    assert not any(dump(database_url, "leeds").values())


def without(found: Dump, *tables: str) -> str:
    return repr({name: rows for name, rows in found.items() if name not in tables})


async def test_a_person_is_known_by_a_random_key(store: Store, database_url: str) -> None:
    key = await store.people("leeds").key(OFFICER)
    assert await store.people("leeds").key(OFFICER) == key
    assert await store.people("leeds").known_key(OFFICER) == key
    assert await store.people("leeds").known_key("U-nobody") == ""
    elsewhere = await store.people("york").key(OFFICER)
    assert len({key, elsewhere, await store.people("leeds").key("U-officer-8")}) == 3
    assert rows(database_url, "SELECT count(*) FROM person") == [(3,)]


async def test_of_many_at_once_one_key_is_made(
    store: Store, database_url: str, clock: Clock
) -> None:
    another = await Store.open(database_url, clock)
    keys = await asyncio.gather(
        *(one.people("leeds").key(OFFICER) for one in (store, another) * 10)
    )
    await another.close()
    assert len(set(keys)) == 1


async def act(store: Store, person: str) -> None:
    """All that is logged, done by one person."""
    leeds, key = store.community("leeds"), await store.people("leeds").key(person)
    project = await registered(store, "leeds", by=key)
    shared = await leeds.change(project, key, what("data", shared=True))
    await leeds.change(shared, key, what("data"))
    await leeds.hide(project.id, key)
    await leeds.show(project.id, key)
    await leeds.report(project.id, "It ended.", key)
    await leeds.close(project.id, key)
    await leeds.withdraw(project.id, key)
    await drafted(store, "leeds", key, key)


DONE = (
    *("registered", "changed", "shared", "changed", "shared no longer", "hidden", "shown again"),
    *("reported", "reports closed", "withdrawn"),
)


async def test_no_other_table_names_a_person(store: Store, database_url: str) -> None:
    await act(store, OFFICER)
    assert OFFICER in repr(dump(database_url)["person"])
    assert OFFICER not in without(dump(database_url), "person")


async def test_a_forgotten_person_leaves_a_log_without_a_name(
    store: Store, database_url: str
) -> None:
    await act(store, OFFICER)
    key = await store.people("leeds").key(OFFICER)
    log = await store.fits("leeds").audit()
    assert tuple(entry.action for entry in log) == DONE
    assert {(entry.by, entry.at) for entry in log} == {(key, START)}
    with opened(database_url) as connection:
        connection.execute(text(f"DELETE FROM person WHERE person = '{OFFICER}'"))
    assert OFFICER not in repr(dump(database_url))
    assert await store.fits("leeds").audit() == log
    assert await store.people("leeds").known_key(OFFICER) == ""
    assert await store.people("leeds").key(OFFICER) != key, "who comes back is somebody else"
