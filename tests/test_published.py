"""An index in PostgreSQL: built once, whole or not there, and taken up by whoever serves."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from aiohttp import ClientSession, DummyCookieJar

from bot.current import CurrentAnswerer
from bot.doctor.passages import of_passages
from bot.settings import Settings
from indexer import making
from indexer.build import build
from indexer.encoder import Encoder
from indexer.engine import EngineAway
from indexer.generation import (
    Generation,
    IndexUnusable,
    current_id,
    index_folder,
    open_current,
    own_home,
)
from indexer.making import drop_own, run_own
from indexer.newest import newest_index
from indexer.postgres.shared import Shared
from indexer.progress import silent
from knowledge.library import Library
from tests.conftest import Built
from tests.own_texts import GUIDANCE, beside
from tests.postgres import Postgres
from tests.running import ROOT, Outcomes
from tests.test_server import Served, started

HERONS = "When do wardens count herons?"
MESH = "tell me about the Rochdale mesh network"
HALF_WAY = """
import sys, time
from pathlib import Path
from indexer.generation import open_current
from indexer.postgres import publishing
from indexer.postgres.shared import Shared

def held(*given):
    print("half", flush=True)
    time.sleep(600)

publishing.files_written = held
with Shared.open(sys.argv[1], int(sys.argv[3])) as shared:
    shared.publish(open_current(Path(sys.argv[2])))
"""


@pytest.fixture
def published(shared: Shared, shipped_home: Path) -> Generation:
    """The shipped index, in the database."""
    generation = open_current(shipped_home)
    assert shared.publish(generation)
    return generation


@pytest.fixture
def now() -> list[float]:
    return [0.0]


@pytest.fixture
def serving(
    published: Generation, empty_database: str, tmp_path: Path, now: list[float]
) -> Iterator[CurrentAnswerer]:
    """A process on another computer, whose home was empty; each question comes later."""
    current = CurrentAnswerer(tmp_path / "empty", "", lambda: now[0], address=empty_database)
    yield current
    current.close()


def asked(current: CurrentAnswerer, now: list[float], text: str, community: str = "T1") -> str:
    now[0] += 3.0
    return current(community).answer(text, None)[0].text


def kept(empty_database: str) -> dict[str, int]:
    """How many rows there are of what a generation is made of."""
    with psycopg.connect(empty_database) as connection:
        counted = {}
        for table in (b"generation", b"passage", b"word", b"held", b"file", b"current"):
            found = connection.execute(b"SELECT count(*) FROM outcomes_index." + table).fetchone()
            counted[table.decode()] = found[0] if found else 0
        return counted


def without_the_last(built: Built, encoder: Encoder) -> Generation:
    library = replace(built.library, case_studies=built.library.case_studies[:-1])
    build(library, built.home, built.model, lambda: encoder)
    return open_current(built.home)


def newer(home: Path, folder: Path) -> Generation:
    """The same generation as another build would have made it."""
    before = open_current(home)
    shutil.copytree(before.folder, index_folder(folder) / "20990101T000000Z")
    manifest = replace(before.manifest, built="2099-01-01T00:00:00Z")
    made = Generation(index_folder(folder) / "20990101T000000Z", manifest)
    (made.folder / "manifest.json").write_text(manifest.to_json(), "utf-8")
    return made


def test_a_removed_text_is_found_no_more_and_nothing_of_it_stays(
    shared: Shared, empty_database: str, built: Built, encoder: Encoder, tmp_path: Path
) -> None:
    shared.publish(open_current(built.home))
    gone = built.library.case_studies[-1].id
    assert gone in {
        one.document for one in newest_index(tmp_path / "a", None, empty_database).passages
    }
    after = without_the_last(built, encoder)
    assert shared.publish(after)
    shared.sweep(0.0)
    index = newest_index(tmp_path / "b", None, empty_database)
    vector = index.encode(["robots in care homes"])[0]
    hits = index.search("robots in care homes", vector, limit=1000)
    assert gone not in {hit.passage.document for hit in hits}
    rows = kept(empty_database)
    assert (rows["generation"], rows["current"]) == (1, 1)
    assert rows["passage"] == after.manifest.passages
    with psycopg.connect(empty_database) as connection:
        contents = connection.execute("SELECT content FROM outcomes_index.file").fetchall()
    assert not any(gone.encode() in bytes(content) for (content,) in contents)


def test_publishing_the_same_changes_nothing(
    shared: Shared, empty_database: str, built: Built
) -> None:
    generation = open_current(built.home)
    assert shared.publish(generation)
    before = kept(empty_database)
    assert not shared.publish(generation)
    shared.sweep(0.0)
    assert kept(empty_database) == before


@pytest.mark.parametrize("apart_over", [5_000, 3])
def test_a_publish_that_is_killed_half_way_leaves_the_one_before(
    empty_database: str, built: Built, encoder: Encoder, tmp_path: Path, apart_over: int
) -> None:
    with Shared.open(empty_database, apart_over) as shared:
        shared.publish(open_current(built.home))
        before, first = kept(empty_database), open_current(built.home).id
        after = without_the_last(built, encoder)
        with subprocess.Popen(
            [sys.executable, "-c", HALF_WAY, empty_database, str(built.home), str(apart_over)],
            stdout=subprocess.PIPE, cwd=ROOT, text=True,
        ) as process:  # fmt: skip
            assert process.stdout
            assert process.stdout.readline() == "half\n"
            process.kill()
        assert kept(empty_database) == before
        assert newest_index(tmp_path, None, empty_database).id == first
        assert shared.publish(after), "nothing that was left stands in its way"
        assert newest_index(tmp_path, None, empty_database).id == after.id
        shared.drop("")
        shared.sweep(0.0)
        assert not any(kept(empty_database).values())


def test_what_is_damaged_on_the_way_is_not_taken_in(
    shared: Shared, empty_database: str, built: Built, tmp_path: Path
) -> None:
    shared.publish(open_current(built.home))
    with psycopg.connect(empty_database) as connection:
        connection.execute("UPDATE outcomes_index.file SET content = 'spoilt'")
    left = index_folder(tmp_path) / ".fetching-left"  # by one that was killed
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    with pytest.raises(IndexUnusable, match="in the database is not whole"):
        newest_index(tmp_path, None, empty_database)
    assert current_id(tmp_path) is None
    assert [path.name for path in index_folder(tmp_path).iterdir()] == []


def test_a_newer_generation_is_taken_up_within_seconds(
    serving: CurrentAnswerer,
    published: Generation,
    shared: Shared,
    shipped_home: Path,
    tmp_path: Path,
    now: list[float],
) -> None:
    assert (serving.generation, current_id(tmp_path / "empty")) == (published.id, published.id)
    before = asked(serving, now, MESH)
    assert "Rochdale" in before
    made = newer(shipped_home, tmp_path / "builder")
    shared.publish(made)
    assert asked(serving, now, MESH) == before
    assert serving.generation == made.id


def test_own_texts_are_answered_from_everywhere_and_gone_everywhere(
    serving: CurrentAnswerer,
    shared: Shared,
    empty_database: str,
    shipped_home: Path,
    library: Library,
    encoder: Encoder,
    tmp_path: Path,
    now: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(making, "_loaded", lambda *_: encoder)
    home = own_home(tmp_path / "builder", "T1")
    assert "heron" not in asked(serving, now, HERONS).lower()
    base = open_current(shipped_home)
    run_own(beside(library, GUIDANCE), home, base, progress=silent, shared=empty_database)
    assert "heron" in asked(serving, now, HERONS).lower()
    assert "heron" not in asked(serving, now, HERONS, "T2").lower()
    told = (path for path in (tmp_path / "empty").rglob("*") if path.is_file())
    assert not any(b"herons" in path.read_bytes() for path in told), "none of it is written here"
    drop_own(home, empty_database)
    assert "heron" not in asked(serving, now, HERONS).lower()
    shared.sweep(0.0)
    assert kept(empty_database)["generation"] == 1


def test_while_the_database_is_away_it_says_so_and_recovers(
    serving: CurrentAnswerer,
    postgres: Postgres,
    empty_database: str,
    now: list[float],
    caplog: pytest.LogCaptureFixture,
) -> None:
    before = asked(serving, now, MESH)
    with postgres.shut(empty_database), caplog.at_level(logging.WARNING, "indexer.newest"):
        for _ in range(2):
            with pytest.raises(EngineAway):
                asked(serving, now, MESH)
        assert serving() is not None, "what is in memory is still there"
    said = [one.message for one in caplog.records if one.name == "indexer.newest"]
    assert len(said) == 1, "once, not for every question"
    assert "cannot be used" in said[0]
    assert asked(serving, now, MESH) == before


def test_before_anything_is_published_files_answer(
    empty_database: str, shipped_home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    home = tmp_path / "home"
    shutil.copytree(index_folder(shipped_home), index_folder(home))
    current = CurrentAnswerer(home, "", lambda: now[0], address=empty_database)
    assert "Rochdale" in asked(current, now, MESH)
    assert [one.message for one in caplog.records if "Run: outcomes index" in one.message] != []
    with Shared.open(empty_database) as shared:
        shared.publish(newer(shipped_home, tmp_path / "builder"))
    assert "Rochdale" in asked(current, now, MESH)
    assert current.generation == "20990101T000000Z"
    current.close()


def test_without_pgvector_files_answer_and_doctor_says_what_to_do(
    empty_database: str,
    postgres: Postgres,
    shipped_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An account that may not make the extension, in a database that has none."""
    address = postgres.as_guest(empty_database)
    now = [0.0]
    current = CurrentAnswerer(shipped_home, "", lambda: now[0], address=address)
    assert "Rochdale" in asked(current, now, MESH)
    assert "CREATE EXTENSION vector" in caplog.text
    settings = replace(Settings.read({}), home=shipped_home, database_url=address)
    (finding,) = of_passages(settings)
    assert finding.state == "unsure"
    assert "CREATE EXTENSION vector" in f"{finding.what} {finding.do}"
    current.close()


async def test_it_serves_from_the_database_with_an_empty_home(
    outcomes: Outcomes, postgres: Postgres, shipped_home: Path, tmp_path: Path
) -> None:
    address = postgres.database()
    with Shared.open(address) as shared:
        shared.publish(open_current(shipped_home))
    elsewhere = {"OUTCOMES_HOME": str(tmp_path / "empty"), "DATABASE_URL": address}
    there = replace(outcomes, settings={**outcomes.settings, **elsewhere})
    finished = there.run("ask", MESH)
    assert (finished.code, finished.err) == (0, "")
    assert "Rochdale" in finished.out
    with started(there) as (process, url):
        async with ClientSession(cookie_jar=DummyCookieJar()) as session:
            served = Served(process, url, session)
            await served.get("/")
            answer = await served.ask(MESH)
    assert "Rochdale" in json.dumps(answer)
    postgres.drop(address)
