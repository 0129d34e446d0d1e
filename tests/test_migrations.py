"""Migrations run by themselves when the store is opened, on either database."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import delete, func, insert, inspect, select

from bot.conversation import Asked, Origin, Reply
from bot.delivery import Heard, Room
from bot.questions import OpenQuestion, Verified
from bot.records import heard_to_json, reply_to_json
from bot.store import Question, Store, StoreUnusable, migrations
from bot.store.feedback_models import open_question_table, question_table
from bot.store.models import (
    following_table,
    heard_table,
    metadata,
    peer_table,
    project_table,
    reply_table,
    room_table,
    thread_table,
)
from tests.clock import START, Clock
from tests.digesting import Channel
from tests.offering import OFFER, Person
from tests.registrations import actions, registered
from tests.tables import opened, rows

HERE = Origin("leeds", "C1", "100.1", "U1")
HEARD = Heard("slack", "C1:100.1", Asked("who?", HERE), "{}", "Ev1", "called")
REPLY = Reply("answered", "It fell.", id="r-1")
ROOM = Room("leeds", "C1", "slack", "channel", "{}")
DAY = START.date()
QUESTION = Question("who?", "answered", ("rochdale-mesh-network",), 41, START)


@pytest.fixture
def tables_made() -> bool:
    return False


def tables(url: str) -> set[str]:
    with opened(url) as connection:
        return set(inspect(connection).get_table_names())


def fill_as_of_0002(url: str) -> None:
    """A row in each table there was before projects could be registered."""
    place = {"community": "leeds", "channel": "C1", "thread": "100.1"}
    asked = {"asked_at": START, "text": "who?", "status": "answered", "elapsed_ms": 41}
    waiting = {"state": "waiting", "attempts": 0, "due_at": START, "heard_at": START}
    heard = {"key": HEARD.key, "event": HEARD.event, "platform": HEARD.platform}
    with opened(url) as connection:
        migrations.upgrade(connection, "0002")
    with opened(url) as connection:
        for statement in (
            insert(thread_table).values(**place, context="context", updated_at=START),
            insert(question_table).values(**place, **asked, documents=list(QUESTION.documents)),
            insert(heard_table).values(
                community="leeds", **heard, **waiting, delivery=heard_to_json(HEARD)
            ),
            insert(following_table).values(**place, quiet=False, updated_at=START),
            insert(room_table).values(
                community="leeds", channel="C1", platform="slack", kind="channel", address="{}"
            ),
            insert(reply_table).values(
                community="leeds", id="r-1", reply=reply_to_json(REPLY), kept_at=START
            ),
        ):
            connection.execute(statement)


async def test_an_empty_database_is_ready_when_it_is_opened(database_url: str) -> None:
    store = await Store.open(database_url)
    await registered(store, "leeds")
    assert await actions(store, "leeds") == ["registered"]
    await store.close()
    assert tables(database_url) == {*metadata.tables, "alembic_version"}
    assert rows(database_url, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]


async def test_what_was_kept_before_projects_is_there_afterwards(
    database_url: str, clock: Clock
) -> None:
    fill_as_of_0002(database_url)
    store = await Store.open(database_url, clock)
    assert await store.context(HERE) == "context"
    assert await store.questions("leeds", START) == [QUESTION]
    assert await store.kept_reply("leeds", "r-1") == REPLY
    assert await store.rooms("leeds") == [ROOM]
    assert await store.ledger.follows(HERE)
    assert [entry.heard for entry in await store.ledger.take(["slack"])] == [HEARD]
    await registered(store, "leeds")
    assert (await store.community("leeds").listed(0, 5))[1] == 1
    await store.close()


async def test_down_and_up_again(database_url: str, clock: Clock) -> None:
    fill_as_of_0002(database_url)
    before = tables(database_url)
    store = await Store.open(database_url, clock)
    await registered(store, "leeds")
    await store.close()
    with opened(database_url) as connection:
        migrations.downgrade(connection, "0002")
    assert tables(database_url) == before
    assert rows(database_url, "SELECT text FROM question") == [("who?",)]
    with opened(database_url) as connection:
        migrations.downgrade(connection)
    assert tables(database_url) == {"alembic_version"}
    again = await Store.open(database_url, clock)
    await registered(again, "leeds")
    assert await actions(again, "leeds") == ["registered"]
    await again.close()
    assert tables(database_url) == {*metadata.tables, "alembic_version"}


def fill_as_of_0003(url: str) -> None:
    """A person, and what they asked in a channel and alone, from before there were peers."""
    fill_as_of_0002(url)
    person = (
        "INSERT INTO person (community, person, key, seen_at) VALUES ('leeds', 'U1', 'k-1', {})"
    )
    asked = {"community": "leeds", "thread": "1", "asked_at": START, "status": "answered"}
    with opened(url) as connection:
        migrations.upgrade(connection, "0003")
    with opened(url) as connection:
        connection.exec_driver_sql(person.format("'2026-03-02 09:00:00'"))
        for channel in ("D024BE91L", "a:1x8Y", "19:x@thread.tacv2", "data"):
            row = {**asked, "channel": channel, "text": channel, "documents": [], "elapsed_ms": 1}
            connection.execute(insert(question_table).values(**row))


PLACES = "SELECT text, channel, thread FROM question ORDER BY id"
PERSON = "SELECT community, person, key FROM person"


async def test_up_to_peers_and_down_and_up_again(database_url: str, clock: Clock) -> None:
    fill_as_of_0003(database_url)
    before = tables(database_url)
    store = await Store.open(database_url, clock)
    placed = [
        ("who?", "C1", "100.1"),
        ("D024BE91L", "", ""),
        ("a:1x8Y", "", ""),
        ("19:x@thread.tacv2", "19:x@thread.tacv2", "1"),
        ("data", "data", "1"),
    ]
    assert rows(database_url, PLACES) == placed
    assert rows(database_url, "SELECT platform, address FROM person") == [("", "")]
    assert len(await store.questions("leeds", START)) == 5
    known = await Person.new(store, "U1")
    assert known.key == "k-1"
    asker = await Person.new(store, "U2")
    await asker.asked(await known.offers())
    await store.close()
    with opened(database_url) as connection:
        migrations.downgrade(connection, "0003")
    assert tables(database_url) == before
    assert rows(database_url, f"{PERSON} WHERE person = 'U1'") == [("leeds", "U1", "k-1")]
    again = await Store.open(database_url, clock)
    assert await again.people("leeds").known_key("U1") == "k-1"
    assert await again.peers("leeds").offered() == []
    assert await asker.by(again).asked(await known.by(again).offers())
    assert rows(database_url, PLACES) == placed
    await again.close()
    assert tables(database_url) == {*metadata.tables, "alembic_version"}


async def fill_as_of_0004(url: str, clock: Clock) -> str:
    """A project and a peer, as they were kept before there were digests; the project's id."""
    store = await Store.open(url, clock)
    project = await registered(store, "leeds")
    await (await Person.new(store, "U1")).offers(replace(OFFER, named=True))
    await store.close()
    with opened(url) as connection:
        project_row, peer_row = (
            dict(connection.execute(select(table)).mappings().one())
            for table in (project_table, peer_table)
        )
        del project_row["changed_at"], peer_row["named"]
        migrations.downgrade(connection)
    with opened(url) as connection:
        migrations.upgrade(connection, "0004")
    with opened(url) as connection:
        connection.execute(insert(project_table).values(**project_row))
        connection.execute(insert(peer_table).values(**peer_row))
    return project.id


async def test_up_to_digests_and_down_and_up_again(database_url: str, clock: Clock) -> None:
    project, before = await fill_as_of_0004(database_url, clock), tables(database_url)
    for _ in range(2):
        clock.pass_by(days=1)
        store = await Store.open(database_url, clock)
        found = await store.community("leeds").project(project)
        assert found is not None
        assert found.changed_at == found.registered_at == START
        (peer,) = await store.peers("leeds").offered()
        assert peer.profile.offer == OFFER, (
            "not named in digests, which they were never asked about"
        )
        channel = Channel(store)
        assert await store.issues.subscriptions() == []
        await channel.follows()
        await store.open_questions("leeds").add("Which sensors?", channel.origin)
        await store.published.note({"rochdale-mesh-network": "1"})
        clock.pass_by(days=1)
        assert (await channel.comes()).period == "2026-W10"
        await store.close()
        with opened(database_url) as connection:
            migrations.downgrade(connection, "0004")
        assert tables(database_url) == before
        clock.now = START


def fill_as_of_0005(url: str) -> None:
    """A question, and an open one, from before there was feedback."""
    asked = {"community": "leeds", "channel": "C1", "asked_at": START, "text": "who?"}
    went = {"status": "answered", "documents": list(QUESTION.documents), "elapsed_ms": 41}
    waits = {"id": "q-1", "platform": "slack", "place": "here", "link": ""}
    with opened(url) as connection:
        migrations.upgrade(connection, "0005")
    with opened(url) as connection:
        connection.execute(insert(question_table).values(**asked, **went, thread="1"))
        still = {"told": False, "answered": False}
        connection.execute(insert(open_question_table).values(**asked, **waits, **still))


async def test_up_to_feedback_and_down_and_up_again(database_url: str, clock: Clock) -> None:
    fill_as_of_0005(database_url)
    before = tables(database_url)
    for _ in range(2):
        store = await Store.open(database_url, clock)
        assert await store.questions("leeds", START) == [QUESTION]
        assert not await store.ratings("leeds").rate("", "up"), "what has no name"
        questions, robin = store.open_questions("leeds"), await Person.new(store, "U-robin")
        waits = OpenQuestion("leeds", "q-1", "C1", "slack", "here", "", "who?", START)
        assert await questions.waiting() == [], "who could read it is not known any more"
        assert await questions.since("C1", START - timedelta(days=1)) == [waits]
        await questions.embed([(waits, b"1", "m-1")])
        await questions.add("whose?", HERE, cause="passed on", asker=robin.key)
        named = replace(QUESTION, name="n-1")
        await store.remember(HERE, "", named)
        assert await store.ratings("leeds").rate("n-1", "down", "it moved")
        one = Verified("leeds", "v-1", "who?", "Robin.", (), "Robin", robin.key, DAY, START)
        assert await store.verified("leeds").keep(one, b"1", "m-1")
        assert await store.experts("leeds").ask(robin.key, "Robin")
        await store.usage("leeds").count("answered")
        await store.close()
        with opened(database_url) as connection:
            migrations.downgrade(connection, "0005")
        assert tables(database_url) == before
        with opened(database_url) as connection:
            new = open_question_table.c.text == "whose?"
            connection.execute(delete(open_question_table).where(new))
            newest = select(func.max(question_table.c.id)).scalar_subquery()
            connection.execute(delete(question_table).where(question_table.c.id == newest))


def test_they_build_what_the_models_say(database_url: str) -> None:
    with opened(database_url) as connection:
        migrations.upgrade(connection)
    with opened(database_url) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_revision_files_are_named_by_their_number() -> None:
    scripts = ScriptDirectory(str(migrations.HERE))
    numbers = [script.revision for script in scripts.walk_revisions()]
    assert tuple(reversed(numbers)) == migrations.REVISIONS
    assert scripts.get_heads() == [migrations.HEAD]


async def test_a_newer_database_is_left_alone(database_url: str) -> None:
    await (await Store.open(database_url)).close()
    with opened(database_url) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreUnusable, match="newer version of this program"):
        await Store.open(database_url)
    assert rows(database_url, "SELECT version_num FROM alembic_version") == [("9999",)]


PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from bot.conversation import Origin
from bot.store import Question, Store

async def main(url, name):
    print("ready", flush=True)
    sys.stdin.readline()
    store = await Store.open(url)
    async def converse(number):
        origin = Origin("leeds", name, str(number))
        for turn in range(10):
            await store.context(origin)
            question = Question("q", "answered", (), 1, datetime.now(UTC))
            await store.remember(origin, "c", question)
    await asyncio.gather(*(converse(number) for number in range(4)))
    await store.close()
    print("alembic" in sys.modules)

asyncio.run(main(*sys.argv[1:]))
"""


async def run_processes(url: str, *names: str) -> list[str]:
    """Processes that open the database at the same moment and write to it; whether each of them
    had to load what migrates."""
    pipe = asyncio.subprocess.PIPE
    arguments = [(sys.executable, "-W", "error", "-c", PROCESS, url, name) for name in names]
    started = [
        await asyncio.create_subprocess_exec(*one, stdin=pipe, stdout=pipe, stderr=pipe)
        for one in arguments
    ]
    for one in started:
        assert one.stdout is not None
        await one.stdout.readline()
    ended = await asyncio.gather(*(one.communicate(b"go\n") for one in started))
    assert b"".join(err for _, err in ended).decode() == ""
    return sorted(out.decode().strip() for out, _ in ended)


async def test_two_processes_make_and_share_one_new_database(database_url: str) -> None:
    loaded = await run_processes(database_url, "one", "two")
    assert loaded == ["False", "True"], "one made it, for which the other waited"
    assert rows(database_url, "SELECT count(*) FROM question") == [(80,)]
    assert rows(database_url, "SELECT version_num FROM alembic_version") == [(migrations.HEAD,)]


async def test_a_current_database_opens_without_loading_alembic(database_url: str) -> None:
    await (await Store.open(database_url)).close()
    assert await run_processes(database_url, "one") == ["False"]
