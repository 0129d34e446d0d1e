"""A backup holds every row as it is, and is put back on either kind of database: all or nothing."""

from __future__ import annotations

import argparse
import asyncio
import json
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, Table, insert

from bot import backup
from bot.conversation import Asked, Origin
from bot.delivery import Heard
from bot.settings import Settings
from bot.store import Store, StoreUnusable, default_url, migrations
from bot.store.archive import ArchiveUnusable
from bot.store.backups import NotRestored, restored
from bot.store.copying import back_up
from bot.store.models import Moment, metadata, person_table
from bot.store.text_models import Sections
from indexer.postgres.shared import Shared
from knowledge.library import Section
from tests.canaries import ID, ruby_of
from tests.clock import START, Clock
from tests.digesting import PLATFORMS, Channel, weekly
from tests.postgres import Postgres
from tests.registrations import registered
from tests.running import Outcomes
from tests.tables import dump, opened, rows
from tests.test_command import explained

TOMORROW = START + timedelta(days=1)
QUICK = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
_words = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
    lambda one: one.replace(tzinfo=UTC)
)
_json: SearchStrategy[object] = st.lists(_words | st.integers(-9, 9) | st.none(), max_size=3)
_sections = st.lists(st.builds(Section, _words, _words, st.integers(1, 9)), max_size=2).map(tuple)
_KINDS: tuple[tuple[type[object], SearchStrategy[object]], ...] = (
    (Moment, _moments),
    (Sections, _sections),
    (JSON, _json),
    (Boolean, st.booleans()),
    (LargeBinary, st.binary(max_size=60)),
    (Date, st.dates(date(1970, 1, 1), date(2100, 1, 1))),
    (Integer, st.integers(1, 2**31 - 1)),
)


def one_of(table: Table) -> SearchStrategy[dict[str, object]]:
    values = {}
    for column in table.c:
        kind = next((made for of, made in _KINDS if isinstance(column.type, of)), _words)
        values[column.name] = st.none() | kind if column.nullable else kind
    return st.fixed_dictionaries(values)


def some_of(table: Table) -> SearchStrategy[list[dict[str, object]]]:
    """No two alike in what the table wants to be unique."""
    sets = [[column.name for column in table.primary_key]]
    sets += [[column.name for column in index.columns] for index in table.indexes if index.unique]
    unlike = tuple(partial(_named, of) for of in sets)
    return st.lists(one_of(table), max_size=2, unique_by=unlike)


def _named(columns: list[str], row: dict[str, object]) -> str:
    return str([row[name] for name in columns])


def everything() -> SearchStrategy[dict[str, list[dict[str, object]]]]:
    return st.fixed_dictionaries({name: some_of(one) for name, one in metadata.tables.items()})


def emptied(url: str) -> None:
    with opened(url) as connection:
        migrations.downgrade(connection)
        migrations.upgrade(connection)


@QUICK
@given(kept=everything())
def test_every_row_comes_back_as_it_was_on_both_kinds(
    database_url: str, elsewhere: str, tmp_path: Path, kept: dict[str, list[dict[str, object]]]
) -> None:
    emptied(database_url)
    with opened(database_url) as connection:
        for name, made in kept.items():
            if made:
                connection.execute(insert(metadata.tables[name]), made)
    before, file = dump(database_url), tmp_path / "all.backup"
    made_of = back_up(database_url, file)
    assert made_of.rows == sum(map(len, kept.values()))
    for target in (elsewhere, database_url):
        restored(target, file, TOMORROW, replace=True, moving=True)
        assert dump(target) == before


async def test_an_officer_who_used_everything_moves_to_the_other_kind(
    database_url: str, elsewhere: str, tmp_path: Path, clock: Clock
) -> None:
    store = await Store.open(database_url, clock)
    await (await ruby_of(store)).lives()
    await store.close()
    before, file = dump(database_url), tmp_path / "all.backup"
    assert sum(bool(held) for held in before.values()) > 15
    back_up(database_url, file)
    restored(elsewhere, file, START, moving=True)
    assert dump(elsewhere) == before
    moved = await Store.open(elsewhere, clock)
    held = await moved.rights("leeds").held(ID)
    assert "CANARY-offer-help" in repr(held)
    # Numbers go on where they stood: the audit log takes no number twice.
    await registered(moved, "leeds")
    numbers = [row[0] for row in rows(elsewhere, "SELECT id FROM audit")]
    assert len(numbers) == len(set(numbers)) > len(before["audit"])
    await moved.close()


HERE = Origin("leeds", "C1", "100.1", "U-robin", "slack")


def heard(name: str) -> Heard:
    return Heard("slack", name, Asked(f"CANARY {name}", HERE), "{}", f"Ev-{name}")


async def a_week(url: str, clock: Clock) -> Channel:
    """A question that waits, one whose answer is going out, one that is answered; a channel whose
    digest is due tomorrow, and one whose digest is being posted."""
    store = await Store.open(url, clock)
    for name in ("waits", "goes", "done"):
        assert await store.ledger.accept(heard(name))
    await store.ledger.sending(heard("goes"))
    await store.ledger.done(heard("done"))
    busy = Channel(store, "C-2")
    await busy.follows(weekly(0, "09:30"))
    await Channel(store).follows()
    clock.pass_by(hours=1)
    assert await store.issues.enter() == 1
    await store.close()
    return Channel(store)


async def test_nothing_is_answered_or_posted_anew(
    database_url: str, elsewhere: str, tmp_path: Path, clock: Clock
) -> None:
    await a_week(database_url, clock)
    file = tmp_path / "all.backup"
    back_up(database_url, file)
    clock.pass_by(days=1)  # the bot went on: all of this was answered and posted meanwhile
    settled = restored(elsewhere, file, clock.now).settled
    assert settled
    assert (settled.questions, settled.digests) == (2, 2)
    store = await Store.open(elsewhere, clock, grace=timedelta(hours=48))
    assert await store.ledger.take(["slack"]) == []
    assert not await store.ledger.accept(heard("waits")), "a platform that repeats it is not heard"
    await store.issues.enter()
    assert await store.issues.claim(PLATFORMS) == []
    states = rows(elsewhere, "SELECT state FROM issue ORDER BY channel")
    assert states == [("unsure",), ("unsure",)]
    assert rows(elsewhere, "SELECT DISTINCT delivery FROM heard") == [("",)], "nor are words kept"
    clock.pass_by(days=7)
    assert await store.issues.enter() == 2, "next week's come as ever"
    assert len(await store.issues.claim(PLATFORMS)) == 2
    await store.close()


async def test_moving_goes_on_where_it_was(
    database_url: str, elsewhere: str, tmp_path: Path, clock: Clock
) -> None:
    await a_week(database_url, clock)
    file = tmp_path / "all.backup"
    back_up(database_url, file)
    assert restored(elsewhere, file, clock.now, moving=True).settled is None
    store = await Store.open(elsewhere, clock)
    taken = await store.ledger.take(["slack"])
    assert {(one.heard.key, one.sending) for one in taken} == {("waits", False), ("goes", True)}
    assert len(await store.issues.claim(PLATFORMS)) == 1
    await store.close()


async def filled(url: str) -> dict[str, list[tuple[object, ...]]]:
    store = await Store.open(url)
    await registered(store, "leeds")
    await store.close()
    return dump(url)


async def test_only_an_empty_database_is_filled(
    database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    await filled(database_url)
    back_up(database_url, tmp_path / "one.backup")
    there = await filled(elsewhere)
    with pytest.raises(NotRestored, match=r"holds \d+ rows already.*--replace"):
        restored(elsewhere, tmp_path / "one.backup", START)
    assert dump(elsewhere) == there
    found = restored(elsewhere, tmp_path / "one.backup", START, replace=True)
    assert found.replaced == sum(map(len, there.values()))
    assert dump(elsewhere) == dump(database_url)


async def test_it_is_for_one_account_alone_and_replaces_backups_only(
    database_url: str, tmp_path: Path
) -> None:
    await filled(database_url)
    file = tmp_path / "backups" / "all.backup"
    with pytest.raises(ArchiveUnusable, match="cannot be written"):
        back_up(database_url, file)
    file.parent.mkdir()
    for _ in range(2):
        back_up(database_url, file)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert [one.name for one in file.parent.iterdir()] == ["all.backup"], "nothing lies beside"
    letter = tmp_path / "letter"
    letter.write_text("Dear all")
    with pytest.raises(ArchiveUnusable, match="no backup"):
        back_up(database_url, letter)
    assert letter.read_text() == "Dear all"


def test_what_is_no_database_is_not_backed_up(postgres: Postgres, tmp_path: Path) -> None:
    empty = postgres.empty()
    for address in (default_url(tmp_path / "none"), empty):
        with pytest.raises(StoreUnusable, match="nothing to back up"):
            back_up(address, tmp_path / "all.backup")
    postgres.drop(empty)
    assert list(tmp_path.iterdir()) == [], "nor is anything made"


async def test_it_stands_still_while_others_write(database_url: str, tmp_path: Path) -> None:
    """Rows that come while it is written are in none of its tables, or in all."""
    store = await Store.open(database_url)
    going = True

    async def registering() -> int:
        number = 0
        while going:
            await registered(store, "leeds")
            number += 1
        return number

    others = asyncio.create_task(registering())
    made = []
    for number in range(3):
        await asyncio.sleep(0.05)
        made.append(await asyncio.to_thread(back_up, database_url, tmp_path / f"{number}.backup"))
    going = False
    assert await others > 3
    await store.close()
    for one in made:
        of = {name: one.tables[name].rows for name in ("project", "audit")}
        assert of["project"] == of["audit"]
    assert made[0].rows < made[-1].rows


async def test_one_of_an_older_program_is_brought_forward(
    database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    """Nor does making one bring the database itself to another version."""
    with opened(database_url) as connection:
        migrations.downgrade(connection)
        migrations.upgrade(connection, "0004")
        row = {"community": "leeds", "person": "U1", "key": "k-1", "seen_at": START}
        connection.execute(insert(person_table).values(**row, platform="", address=""))
    assert back_up(database_url, tmp_path / "old.backup").revision == "0004"
    assert rows(database_url, "SELECT version_num FROM alembic_version") == [("0004",)]
    restored(elsewhere, tmp_path / "old.backup", START)
    store = await Store.open(elsewhere)
    assert await store.people("leeds").known_key("U1") == "k-1"
    await registered(store, "leeds")
    await store.close()


def test_what_was_published_of_communities_texts_is_not_after_a_restore(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, swept, said = postgres.database(), Shared.sweep, list[str]()
    monkeypatch.setattr(Shared, "sweep", lambda shared: swept(shared, 0.0))
    there = replace(Settings.read({}), database_url=address, home=tmp_path)
    commands = argparse.ArgumentParser()
    backup.add_to(commands.add_subparsers(), said.append)
    back_up(address, tmp_path / "all.backup")
    with Shared.open(address) as shared:
        for whose in ("", "leeds"):
            shared.publish_rows(whose, np.ones((1, 4), np.float32), ["damp"])
        given = commands.parse_args(["restore", str(tmp_path / "all.backup"), "--replace"])
        assert given.run(given, there) == 0
        found = rows(address, "SELECT community FROM outcomes_index.generation")
    assert found == [("",)]
    postgres.drop(address)


def test_the_commands_say_what_they_did(
    outcomes: Outcomes, database_url: str, tmp_path: Path
) -> None:
    file = str(tmp_path / "all.backup")
    made = outcomes.run("backup", file, "--json", DATABASE_URL=database_url)
    assert made.code == 0, made.err
    assert json.loads(made.out)["revision"] == migrations.HEAD
    told = outcomes.run("restore", file, DATABASE_URL=default_url(tmp_path / "new"))
    assert (told.code, told.err) == (0, "")
    assert "docs/backup.md" in told.out
    explained(outcomes.run("restore", str(tmp_path / "no.backup")), "no.backup", "no such file")
    explained(outcomes.run("backup", "/nowhere/all.backup"), "/nowhere", "cannot be written")
