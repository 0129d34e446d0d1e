"""Up across one migration by starting, and back by the backup that was made before."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.store import Store, StoreUnusable, default_url, migrations
from bot.store.backups import restored
from bot.store.copying import back_up
from tests.canaries import ruby_of
from tests.clock import START, Clock
from tests.registrations import registered
from tests.tables import Dump, opened, rows

OLD, NEW = migrations.REVISIONS[-2:]


async def used_at_old(url: str, clock: Clock) -> Dump:
    """A database as the version before left it, in which an officer did everything."""
    store = await Store.open(url, clock)
    await (await ruby_of(store)).lives()
    await store.close()
    with opened(url) as connection:
        migrations.downgrade(connection, OLD)
    return held(url)


def held(url: str) -> Dump:
    """Every row, by the names of its columns, of the tables that are there."""
    with opened(url) as connection:
        there = sorted(set(inspect(connection).get_table_names()) - {"alembic_version"})
        found = {name: connection.execute(text(f'SELECT * FROM "{name}"')) for name in there}
        return {name: sorted(map(tuple, one), key=repr) for name, one in found.items()}


def version(url: str) -> str:
    ((found,),) = rows(url, "SELECT version_num FROM alembic_version")
    return str(found)


async def test_up_by_starting_and_back_by_the_backup(
    database_url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await used_at_old(database_url, clock)
    assert sum(bool(one) for one in before.values()) > 15
    file = tmp_path / "before.backup"
    assert back_up(database_url, file).revision == OLD

    store = await Store.open(database_url, clock)  # the new version is started, and used
    assert version(database_url) == NEW
    after = held(database_url)
    assert {name: after[name] for name in before} == before, "all of it is kept"
    await registered(store, "leeds")
    await store.close()

    # The version before, as far as it matters here: it knows one revision less.
    monkeypatch.setattr(migrations, "REVISIONS", migrations.REVISIONS[:-1])
    monkeypatch.setattr(migrations, "HEAD", OLD)
    with pytest.raises(StoreUnusable, match="newer version"):
        await Store.open(database_url, clock)
    with pytest.raises(StoreUnusable, match="newer version"):
        restored(database_url, file, START, replace=True, moving=True)
    empty = default_url(tmp_path / "back")
    restored(empty, file, START, moving=True)
    assert version(empty) == OLD
    assert {name: len(one) for name, one in held(empty).items()} == {
        name: len(one) for name, one in before.items()
    }
    older = await Store.open(empty, clock)
    await registered(older, "leeds")
    await older.close()


async def test_a_migration_can_also_be_taken_back(database_url: str, clock: Clock) -> None:
    """For what developers try; those who run it go back by a backup, since what only the newer
    tables hold is lost."""
    before = await used_at_old(database_url, clock)
    store = await Store.open(database_url, clock)
    await store.close()
    with opened(database_url) as connection:
        migrations.downgrade(connection, OLD)
    assert held(database_url) == before
