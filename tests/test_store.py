"""What is remembered, for how long, for whom, and what happens when the database is no good."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

from bot.conversation import Origin
from bot.store import Question, Store, StoreUnusable, default_url, migrations
from bot.store.models import metadata
from tests.clock import START, Clock

LEEDS = Origin("leeds", "general", "t1", "officer-7")


def asked(text: str = "how much did Rochdale save", at: datetime = START) -> Question:
    return Question(text, "answered", ("rochdale-mesh-network", "connectivity"), 41, at)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def spoil(path: Path, after: int) -> None:
    """Overwrite a database from a byte on; opening one reads less than 94,208 bytes."""
    path.parent.mkdir(exist_ok=True)
    path.touch()
    path.write_bytes(path.read_bytes()[:after] + b"\xff" * 100_000)


@contextmanager
def migrating(path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "outcomes.db"


@pytest.fixture
def url(file: Path) -> str:
    return default_url(file.parent)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(url, clock)
    yield opened
    await opened.close()


async def test_context_and_question_come_back_as_they_were(store: Store) -> None:
    await store.remember(LEEDS, '{"topic": "mesh"}', asked())
    assert await store.context(LEEDS) == '{"topic": "mesh"}'
    assert await store.questions("leeds", START) == [asked()]


async def test_without_a_thread_only_the_question_is_kept(store: Store, file: Path) -> None:
    alone = Origin("leeds", "general")
    await store.remember(alone, "context", asked())
    assert await store.context(alone) is None
    assert rows(file, "SELECT count(*) FROM thread") == [(0,)]
    assert len(await store.questions("leeds", START)) == 1


async def test_everything_survives_reopening(url: str, clock: Clock) -> None:
    first = await Store.open(url, clock)
    await first.remember(LEEDS, "context", asked())
    await first.close()
    second = await Store.open(url, clock)
    assert await second.context(LEEDS) == "context"
    assert await second.questions("leeds", START) == [asked()]
    await second.close()


async def test_threads_and_communities_do_not_see_each_other(store: Store) -> None:
    await store.remember(LEEDS, "context", asked())
    for other in (
        Origin("york", "general", "t1"),
        Origin("leeds", "random", "t1"),
        Origin("leeds", "general", "t2"),
    ):
        assert await store.context(other) is None
    assert await store.questions("york", START) == []


async def test_context_goes_cold_after_thirty_minutes(store: Store, clock: Clock) -> None:
    await store.remember(LEEDS, "first", asked())
    clock.pass_by(minutes=20)
    await store.remember(LEEDS, "each question keeps it warm", asked())
    clock.pass_by(minutes=30)
    assert await store.context(LEEDS) == "each question keeps it warm"
    assert await store.purge() == 0
    clock.pass_by(seconds=1)
    assert await store.context(LEEDS) is None
    assert await store.purge() == 1


async def test_questions_are_gone_after_ninety_days(store: Store, clock: Clock) -> None:
    await store.remember(Origin("leeds"), "", asked("old"))
    clock.pass_by(days=90)
    await store.remember(Origin("leeds"), "", asked("new", clock.now))
    assert [kept.text for kept in await store.questions("leeds", START)] == ["old", "new"]
    assert await store.purge() == 0
    clock.pass_by(seconds=1)
    assert [kept.text for kept in await store.questions("leeds", START)] == ["new"]
    assert await store.purge() == 1


async def test_the_limits_can_be_set(url: str, clock: Clock) -> None:
    brief = timedelta(minutes=1)
    store = await Store.open(url, clock, context_kept=brief, questions_kept=brief)
    await store.remember(LEEDS, "context", asked())
    clock.pass_by(minutes=2)
    assert await store.context(LEEDS) is None
    assert await store.purge() == 2
    await store.close()


async def test_times_of_any_zone_come_back_as_the_same_moment(store: Store) -> None:
    summer = datetime.fromisoformat("2026-06-01T10:00:00+01:00")
    await store.remember(LEEDS, "", asked(at=summer))
    (kept,) = await store.questions("leeds", START)
    assert kept.asked_at == summer
    assert kept.asked_at.tzinfo is UTC


async def test_forgetting_a_community_leaves_no_trace_of_it(store: Store, file: Path) -> None:
    await store.remember(LEEDS, "context-canary", asked("question-canary"))
    await store.remember(Origin("york", "general", "t1"), "theirs", asked())
    assert await store.forget("leeds") == 2
    assert await store.context(LEEDS) is None
    assert await store.questions("leeds", START) == []
    assert len(await store.questions("york", START)) == 1
    for part in file.parent.iterdir():
        assert b"canary" not in part.read_bytes(), part.name


async def test_who_asked_is_not_stored(store: Store, file: Path) -> None:
    await store.remember(LEEDS, "context", asked())
    stored = rows(file, "SELECT * FROM thread") + rows(file, "SELECT * FROM question")
    assert LEEDS.person not in str(stored)


@pytest.mark.parametrize("text", ["a\0b", "half a pair \ud83d", "", "‮olleh 🙂", "'; DROP TABLE x"])
async def test_any_text_can_be_kept(store: Store, text: str) -> None:
    await store.remember(LEEDS, text, asked(text))
    (kept,) = await store.questions("leeds", START)
    assert kept.text == await store.context(LEEDS)
    assert kept.text.replace("?", "") == text.replace("\0", "").replace("\ud83d", "")


async def test_sixteen_tasks_at_once_are_never_refused(store: Store) -> None:
    async def converse(number: int) -> None:
        origin = Origin("leeds", "general", f"t{number}")
        for turn in range(25):
            await store.context(origin)
            await store.remember(origin, f"{turn}", asked())

    await asyncio.gather(*(converse(number) for number in range(16)))
    assert len(await store.questions("leeds", START)) == 400
    assert await store.context(Origin("leeds", "general", "t15")) == "24"


PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from bot.conversation import Origin
from bot.store import Question, Store

async def main(url, name):
    store = await Store.open(url)
    async def converse(number):
        origin = Origin("leeds", name, str(number))
        for turn in range(25):
            await store.context(origin)
            question = Question("q", "answered", (), 1, datetime.now(UTC))
            await store.remember(origin, "c", question)
    await asyncio.gather(*(converse(number) for number in range(4)))
    await store.close()
    print("alembic" in sys.modules)

asyncio.run(main(*sys.argv[1:]))
"""


async def run_process(url: str, name: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-c", PROCESS, url, name),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert (process.returncode, err.decode()) == (0, "")
    return out.decode().strip()


async def test_two_processes_make_and_share_one_new_file(url: str, file: Path) -> None:
    await asyncio.gather(run_process(url, "one"), run_process(url, "two"))
    assert rows(file, "SELECT count(*) FROM question") == [(200,)]


async def test_a_current_database_opens_without_loading_alembic(store: Store, url: str) -> None:
    assert await run_process(url, "one") == "False"


async def test_a_cancelled_write_does_not_hold_the_lock(store: Store) -> None:
    for delay in range(40):
        writing = asyncio.create_task(store.remember(LEEDS, "context", asked()))
        await asyncio.sleep(delay / 20_000)
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
    await store.remember(LEEDS, "after", asked())
    assert await store.context(LEEDS) == "after"


async def test_both_or_neither_is_written(store: Store) -> None:
    naive = datetime(2026, 3, 2)
    with pytest.raises(Exception, match="without a zone"):
        await store.remember(LEEDS, "context", asked(at=naive))
    assert await store.context(LEEDS) is None


async def test_no_log_and_no_error_holds_a_question(
    url: str, file: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = await Store.open(url, clock)
    await store.remember(LEEDS, "canary", asked("canary"))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE question")
    with pytest.raises(StoreUnusable) as caught:
        await store.remember(LEEDS, "canary", asked("canary"))
    await store.close()
    assert "canary" not in caplog.text
    assert "canary" not in f"{caught.value} {caught.value.__cause__}"


def test_migrations_go_up_down_and_up_again(tmp_path: Path) -> None:
    path = tmp_path / "outcomes.db"
    everything = {*metadata.tables, "alembic_version"}
    for move, tables in (
        (migrations.upgrade, everything),
        (migrations.downgrade, {"alembic_version"}),
        (migrations.upgrade, everything),
    ):
        with migrating(path) as connection:
            move(connection)
        with migrating(path) as connection:
            assert set(inspect(connection).get_table_names()) == tables


def test_migrations_build_what_the_models_say(tmp_path: Path) -> None:
    with migrating(tmp_path / "outcomes.db") as connection:
        migrations.upgrade(connection)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_revision_files_are_named_by_their_number(tmp_path: Path) -> None:
    scripts = ScriptDirectory(str(migrations.HERE))
    numbers = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(numbers)) == migrations.REVISIONS
    assert scripts.get_heads() == [migrations.HEAD]


async def refusal(url: str) -> str:
    with pytest.raises(StoreUnusable) as caught:
        await Store.open(url)
    return str(caught.value)


async def test_a_newer_database_is_left_alone(store: Store, url: str, file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    assert "newer version of this program" in await refusal(url)
    assert rows(file, "SELECT version_num FROM alembic_version") == [("9999",)]


async def test_a_file_that_is_no_database_is_refused(url: str, file: Path) -> None:
    spoil(file, after=0)
    assert "damaged or not a database" in await refusal(url)


async def test_damage_found_later_is_explained_too(url: str, file: Path, clock: Clock) -> None:
    store = await Store.open(url, clock)
    for number in range(50):
        await store.remember(Origin("leeds", "general", f"t{number}"), "x" * 500, asked())
    await store.close()
    spoil(file, after=94_208)
    store = await Store.open(url, clock)
    with pytest.raises(StoreUnusable, match="is damaged"):
        await store.questions("leeds", START)
    await store.close()


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    assert "OUTCOMES_HOME" in await refusal(default_url(tmp_path / "taken" / "var"))


async def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "not a file" in await refusal(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://host/name", "sqlite://", "postgresql://h:x/"]
)
async def test_an_unfit_address_is_refused(url: str) -> None:
    assert "DATABASE_URL" in await refusal(url)


async def test_a_plain_sqlite_address_is_enough(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'a folder' / 'x.db'}")
    await store.close()
    assert (tmp_path / "a folder" / "x.db").stat().st_mode & 0o777 == 0o600
