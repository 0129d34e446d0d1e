"""What is remembered, for how long, for whom, and what happens when the database is no good."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.conversation import Origin
from bot.projects import Details
from bot.store import Question, Store, StoreUnusable, default_url
from tests.clock import START, Clock
from tests.digesting import Channel
from tests.registrations import TOLD, what
from tests.tables import dump, opened

LEEDS = Origin("leeds", "general", "t1", "officer-7")


def asked(text: str = "how much did Rochdale save", at: datetime = START) -> Question:
    return Question(text, "answered", ("rochdale-mesh-network", "connectivity"), 41, at)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def test_context_and_question_come_back_as_they_were(store: Store) -> None:
    await store.remember(LEEDS, '{"topic": "mesh"}', asked())
    assert await store.context(LEEDS) == '{"topic": "mesh"}'
    assert await store.questions("leeds", START) == [asked()]


async def test_without_a_thread_only_the_question_is_kept(store: Store, database_url: str) -> None:
    alone = Origin("leeds", "general")
    await store.remember(alone, "context", asked())
    assert await store.context(alone) is None
    assert dump(database_url)["thread"] == []
    assert len(await store.questions("leeds", START)) == 1


async def test_everything_survives_reopening(database_url: str, clock: Clock) -> None:
    first = await Store.open(database_url, clock)
    await first.remember(LEEDS, "context", asked())
    await first.close()
    second = await Store.open(database_url, clock)
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
    assert await store.retention.enforce() == 0
    clock.pass_by(seconds=1)
    assert [kept.text for kept in await store.questions("leeds", START)] == ["new"]
    assert await store.retention.enforce() == 1


async def test_the_limits_can_be_set(database_url: str, clock: Clock) -> None:
    brief = timedelta(minutes=1)
    store = await Store.open(database_url, clock, context_kept=brief, questions_kept=brief)
    await store.remember(LEEDS, "context", asked())
    clock.pass_by(minutes=2)
    assert await store.context(LEEDS) is None
    assert await store.questions("leeds", START) == []
    assert (await store.purge(), await store.retention.enforce()) == (1, 1)
    await store.close()


async def test_times_of_any_zone_come_back_as_the_same_moment(store: Store) -> None:
    summer = datetime.fromisoformat("2026-06-01T10:00:00+01:00")
    await store.remember(LEEDS, "", asked(at=summer))
    (kept,) = await store.questions("leeds", START)
    assert kept.asked_at == summer
    assert kept.asked_at.tzinfo is UTC


async def test_forgetting_a_community_leaves_no_trace_of_it(
    store: Store, database_url: str
) -> None:
    await store.remember(LEEDS, "context-canary", asked("question-canary"))
    await store.remember(Origin("york", "general", "t1"), "theirs", asked())
    assert await store.forget("leeds") == 2
    assert await store.context(LEEDS) is None
    assert await store.questions("leeds", START) == []
    assert len(await store.questions("york", START)) == 1
    assert "canary" not in repr(dump(database_url))


async def test_digests_are_forgotten_with_their_community(
    store: Store, clock: Clock, database_url: str
) -> None:
    theirs = Channel(store, "C-canary"), Channel(store, "C-york", "york")
    for channel in theirs:
        await channel.follows()
        await store.open_questions(channel.community).add("Which sensors?", channel.origin)
    await store.published.note({"rochdale-mesh-network": "1"})
    clock.pass_by(days=1, minutes=30)
    await store.issues.enter()
    (issue,) = await store.issues.claim({"slack": None}, 1)
    assert await store.forget("leeds")
    held = dump(database_url)
    assert "canary" not in repr(held)
    kept = ("subscription", "issue", "open_question", "published")
    assert [len(held[name]) for name in kept] == [1] * 4
    assert await store.issues.begin(issue, clock.now) == (issue.subscription.community == "york")


async def test_what_was_asked_alone_is_kept_without_its_place(
    store: Store, database_url: str
) -> None:
    chat = replace(LEEDS, channel="D-canary", thread="D-canary", alone=True)
    await store.remember(chat, "context", asked())
    assert await store.context(chat) == "context", "which lasts for minutes"
    assert await store.questions("leeds", START) == [asked()]
    assert "canary" not in repr(dump(database_url)["question"])


async def test_who_asked_is_not_stored(store: Store, database_url: str) -> None:
    await store.remember(LEEDS, "context", asked())
    assert LEEDS.person not in repr(dump(database_url))


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
    database_url: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    store = await Store.open(database_url, clock)
    await store.remember(LEEDS, "canary", asked("canary"))
    with opened(database_url) as connection:
        connection.exec_driver_sql("DROP TABLE question")
    with pytest.raises(StoreUnusable) as caught:
        await store.remember(LEEDS, "canary", asked("canary"))
    await store.close()
    assert "canary" not in caplog.text
    assert "canary" not in f"{caught.value} {caught.value.__cause__}"


async def refusal(url: str) -> str:
    with pytest.raises(StoreUnusable) as caught:
        await Store.open(url)
    return str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "nonsense", "mysql://host/name", "sqlite://", "postgresql://h:x/"]
)
async def test_an_unfit_address_is_refused(url: str) -> None:
    assert "DATABASE_URL" in await refusal(url)


# What follows is of a file alone: its damage, its permissions, and what can be read in it when
# its rows are gone. Of a server's files these are the server's own affair.


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "outcomes.db"


@pytest.fixture
def url(file: Path) -> str:
    return default_url(file.parent)


@pytest.fixture
async def in_file(url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(url, clock)
    yield opened
    await opened.close()


def spoil(path: Path, begin: int, length: int) -> None:
    """Overwrite a part of a database."""
    path.parent.mkdir(exist_ok=True)
    path.touch()
    content = path.read_bytes()
    path.write_bytes(content[:begin] + b"\xff" * length + content[begin + length :])


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def held(file: Path, words: bytes) -> bool:
    """Whether the words can be read in the file, or in those that stand beside it."""
    return any(words in part.read_bytes() for part in file.parent.iterdir())


@pytest.mark.parametrize("by", ["forgetting", "time"])
async def test_what_is_erased_is_overwritten(
    in_file: Store, file: Path, clock: Clock, by: str
) -> None:
    await in_file.remember(LEEDS, "context-canary", asked("question-canary"))
    assert held(file, b"canary")
    clock.pass_by(days=91)
    if by == "forgetting":
        assert await in_file.forget("leeds") == 2
    else:
        assert (await in_file.purge(), await in_file.retention.enforce()) == (1, 1)
    assert not held(file, b"canary")


async def test_what_was_put_right_or_withdrawn_is_overwritten(in_file: Store, file: Path) -> None:
    leeds, canary = in_file.community("leeds"), Details("A canary", "It sings.")
    draft = await leeds.keep_draft(canary, (), "k-1")
    assert held(file, b"canary")
    project = await leeds.register(draft, what())
    assert not held(file, b"canary"), "the words of the draft"
    changed = await leeds.change(project, "k-1", what(details=canary))
    changed = await leeds.change(changed, "k-1", what())
    assert not held(file, b"canary"), "what it was for a while"
    assert held(file, TOLD.encode())
    await leeds.withdraw(project.id, "k-1")
    assert not held(file, TOLD.encode())


async def test_a_file_that_is_no_database_is_refused(url: str, file: Path) -> None:
    spoil(file, 0, 100_000)
    assert "damaged or not a database" in await refusal(url)


async def test_damage_found_later_is_explained_too(url: str, file: Path, clock: Clock) -> None:
    store = await Store.open(url, clock)
    await store.remember(LEEDS, "context", asked())
    await store.close()
    where = "SELECT (rootpage - 1) * 4096, 4096 FROM sqlite_master WHERE name = 'question'"
    ((begin, length),) = rows(file, where)
    assert isinstance(begin, int)
    assert isinstance(length, int)
    spoil(file, begin, length)
    store = await Store.open(url, clock)
    with pytest.raises(StoreUnusable, match="is damaged"):
        await store.questions("leeds", START)
    await store.close()


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    assert "OUTCOMES_HOME" in await refusal(default_url(tmp_path / "taken" / "var"))


async def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    assert "not a file" in await refusal(f"sqlite:///{tmp_path}")


async def test_a_plain_sqlite_address_is_enough(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite:///{tmp_path / 'a folder' / 'x.db'}")
    await store.close()
    assert (tmp_path / "a folder" / "x.db").stat().st_mode & 0o777 == 0o600
