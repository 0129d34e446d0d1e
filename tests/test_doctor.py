"""`outcomes doctor` on this computer: settings, index, database, time zones, the local port."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.checks import Finding
from bot.doctor import here
from bot.doctor.command import looked
from bot.sources.revisions import Revisions
from bot.store import Store, default_url
from bot.store.migrations import HEAD
from indexer.generation import current_id, index_folder, own_home
from tests import databases
from tests.conftest import TEXTS, Built
from tests.doctor_desk import of
from tests.holdings import brought, confirmed, source
from tests.running import Outcomes

KEYS = ["check", "state", "what", "do"]


async def found(folder: Path, **settings: str) -> Sequence[Finding]:
    """What is found with these settings, on a port where nothing listens."""
    return await looked(folder, {"OUTCOMES_HOME": str(folder), "OUTCOMES_PORT": "0", **settings})


def test_a_new_installation_is_in_order(outcomes: Outcomes) -> None:
    finished = outcomes.run("doctor", OUTCOMES_PORT="0")
    assert (finished.code, finished.err) == (0, "")
    *lines, _, summary = finished.out.splitlines()
    assert summary == "Nothing is wrong."
    states = {line[12:33].strip(): line[:11].strip() for line in lines if line[0] != " "}
    for check in ("index", "texts", "database", "disk space", "time zones"):
        assert states[check] == "ok"
    for check in ("Slack", "Teams", ".env", "public address", "clock", "language model"):
        assert states[check] == "not set up"


def test_what_is_wrong_is_json_too_and_it_exits_1(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-not-to-be-shown\nOUTCOMES_ADMIN=U1\n")
    (tmp_path / ".env").chmod(0o644)
    finished = Outcomes(tmp_path, {}).run("doctor", "--json", OUTCOMES_PORT="0")
    assert (finished.code, finished.err) == (1, "")
    lines = [json.loads(line) for line in finished.out.splitlines()]
    assert all(list(line) == KEYS for line in lines)
    assert all(line["do"] for line in lines if line["state"] == "wrong")
    wrong = {line["check"]: line for line in lines if line["state"] == "wrong"}
    assert wrong.keys() == {"settings", ".env", "index"}
    assert "SLACK_APP_TOKEN" in wrong["settings"]["what"]
    assert wrong[".env"]["do"] == f"Run: chmod 600 {tmp_path / '.env'}"
    assert wrong["index"]["do"] == "Run: outcomes index"
    assert "Did you mean OUTCOMES_ADMINS?" in [line["do"] for line in lines]
    assert "not-to-be-shown" not in finished.out


def test_settings_that_cannot_be_read_are_each_told(tmp_path: Path) -> None:
    """And what needs none is looked at all the same: here that no time zone is known."""
    (tmp_path / "tzdata").mkdir()  # in the place of the package
    (tmp_path / "tzdata" / "__init__.py").touch()
    finished = Outcomes(tmp_path, {}).run(
        "doctor", OUTCOMES_PORT="x", OUTCOMES_ADDRESS="http://a.example", PYTHONTZPATH=""
    )
    assert (finished.code, finished.err) == (1, "")
    told = [line for line in finished.out.splitlines() if line.startswith("wrong")]
    for word in ("OUTCOMES_PORT is 'x'", "OUTCOMES_ADDRESS must begin with https", "Europe/London"):
        assert [line for line in told if word in line], word
    assert len(told) == 3


SECRET = "s3~not-to-be-shown"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (f"MICROSOFT_APP_PASSWORD:{SECRET}\n", 1),
        (f"# mine\n\nSLACK_BOT_TOKEN:{SECRET}=\n", 3),
        (f"OUTCOMES_PORT=0\n\n  SLACK_BOT_TOKEN {SECRET}\n", 3),
        (f"SLACK_BOT_TOKEN: {SECRET}", 1),
        (f"OUTCOMES_PORT=0\nslack-bot-{SECRET}=1\n", 2),
        (f'SLACK_BOT_TOKEN="{SECRET}\n', 1),
        (f"\n{SECRET}\nOUTCOMES_PORT=0\n", 2),
    ],
)
async def test_a_line_that_is_no_setting_is_told_by_its_number_alone(
    tmp_path: Path, written: str, number: int
) -> None:
    """Also where nothing else can be read."""
    (tmp_path / ".env").write_text(written, "utf-8")
    (tmp_path / ".env").chmod(0o600)
    for settings in ({}, {"OUTCOMES_PORT": "x"}):
        told = await found(tmp_path, **settings)
        (line,) = [one for one in told if one.check == ".env" and one.state == "wrong"]
        assert line.what.startswith(f"line {number} of .env is not NAME=value")
        assert "not-to-be-shown" not in str(told)


async def test_a_name_that_is_nearly_one_is_told(tmp_path: Path) -> None:
    written = "OUTCOME_PORT=1\nDATABASE_URI=x\nPATH_TO=x\nSLACK_X=1\nOUTCOMES_HOST=\n"
    (tmp_path / ".env").write_text(written, "utf-8")
    told = {
        one.what.split()[0]: one.do for one in await found(tmp_path) if "no setting" in one.what
    }
    assert told.keys() == {"OUTCOME_PORT", "DATABASE_URI", "SLACK_X"}
    assert told["OUTCOME_PORT"] == "Did you mean OUTCOMES_PORT?"
    assert told["DATABASE_URI"] == "Did you mean DATABASE_URL?"


async def test_a_file_of_settings_that_is_none_is_told_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfeO\x00")
    told = of(await found(tmp_path), "settings")
    assert (told.state, told.do) == ("wrong", "Save it as UTF-8")
    assert "codec" not in told.what
    (tmp_path / ".env").unlink()
    (tmp_path / ".env").mkdir()
    told = of(await found(tmp_path), "settings")
    assert (told.state, told.what) == ("wrong", f"{tmp_path / '.env'} is a folder")


def test_time_zones_without_summer_time_are_wrong() -> None:
    assert here.of_zones().state == "ok"
    told = here.of_zones(lambda name: ZoneInfo("UTC" if name == "Europe/London" else name))
    assert (told.state, told.what) == ("wrong", "summer time is wrong for Europe/London")


async def test_an_index_is_held_against_the_texts_and_looked_through(built: Built) -> None:
    mine = {"OUTCOMES_HOME": str(built.home), "OUTCOMES_KNOWLEDGE": str(TEXTS)}
    told = await found(built.home, **mine)
    assert of(told, "index").state == "ok"
    # What was indexed holds one text more than the folder.
    assert (of(told, "texts").state, of(told, "texts").do) == ("wrong", "Run: outcomes index")

    folder = index_folder(built.home) / str(current_id(built.home))
    earlier = folder.with_name("20000101T000000Z")
    shutil.copytree(folder, earlier)
    (folder / "library.json").write_text("{}", "utf-8")
    told = await found(built.home, **mine)
    assert of(told, "index").state == "wrong"
    assert "newest is damaged" in of(told, "index").what
    (earlier / "library.json").write_text("{}", "utf-8")
    told = await found(built.home, **mine)
    assert "has been changed or cut short" in of(told, "index").what


async def test_an_index_of_another_model_is_told(built: Built) -> None:
    told = await found(built.home, OUTCOMES_MODEL="another")
    assert (of(told, "index").state, of(told, "index").do) == ("wrong", "Run: outcomes index")
    assert "another is asked for" in of(told, "index").what


async def test_a_database_is_looked_at_and_not_made(tmp_path: Path) -> None:
    told = of(await found(tmp_path), "database")
    assert (told.state, (tmp_path / "outcomes.db").exists()) == ("not set up", False)
    databases.new(tmp_path)
    before = (tmp_path / "outcomes.db").read_bytes()
    told = of(await found(tmp_path), "database")
    assert (told.state, f"of this version ({HEAD})" in told.what) == ("ok", True)
    assert (tmp_path / "outcomes.db").read_bytes() == before


async def test_an_empty_or_copied_database_is_left_as_it_is(tmp_path: Path) -> None:
    """An empty one has no page yet, and a copy keeps its log in another way than one in use."""
    file = tmp_path / "outcomes.db"
    file.touch()
    told = of(await found(tmp_path), "database")
    assert (told.state, "filled at the first start" in told.what) == ("ok", True)
    assert file.stat().st_size == 0
    file.unlink()
    databases.new(tmp_path)
    with closing(sqlite3.connect(file)) as changing:
        changing.execute("PRAGMA journal_mode = DELETE")
    os.utime(file, (1, 1))
    before = file.read_bytes()
    assert of(await found(tmp_path), "database").state == "ok"
    assert (file.read_bytes(), file.stat().st_mtime) == (before, 1)
    assert os.listdir(tmp_path) == ["outcomes.db"]


async def test_texts_that_were_brought_in_are_told_of(tmp_path: Path) -> None:
    """And nothing of the database changes for being looked at."""
    address = databases.new(tmp_path)
    assert of(await found(tmp_path), "own texts").state == "not set up"
    store = await Store.open(address)
    await confirmed(store, await brought(store, "own-1"))
    await brought(store, "own-2")
    await brought(store, "own-3", "york", "s-2")
    await store.close()
    before = (tmp_path / "outcomes.db").read_bytes()
    *behind, texts = [one for one in await found(tmp_path) if one.check == "own texts"]
    assert [one.state for one in behind] == ["unsure", "unsure"]
    assert "of leeds is behind the texts" in behind[0].what
    assert "outcomes index" in behind[0].do
    assert (texts.state, texts.what) == ("ok", "3 texts of 2 sources; 2 of them to be confirmed")
    assert "outcomes sources review" in texts.do
    assert (tmp_path / "outcomes.db").read_bytes() == before

    store = await Store.open(address)
    revisions = await store.text_revisions()
    failed = replace(source("york", "s-2"), failed=True, said="the folder is not there")
    await store.sources("york").looked(failed)
    await store.close()
    for community in revisions:
        Revisions(tmp_path).note(community, revisions, "")
    broken = index_folder(own_home(tmp_path, "leeds"))
    broken.mkdir(parents=True)
    (broken / "current").write_text("20000101T000000Z\n", "utf-8")  # york has none at all
    told = await found(tmp_path)
    assert "/srv/s-2 could not be looked at: the folder" in of(told, "sources of texts").what
    assert "outcomes sources refresh s-2" in of(told, "sources of texts").do
    *indexes, _ = [one for one in told if one.check == "own texts"]
    assert [(one.state, one.do) for one in indexes] == [("wrong", "Run: outcomes index")] * 2
    assert "of leeds cannot be used" in indexes[0].what
    assert "of york cannot be used" in indexes[1].what


async def test_an_older_database_is_fine_and_a_newer_one_is_not(tmp_path: Path) -> None:
    databases.new(tmp_path)
    for revision, state, word in (("0001", "ok", "copy it before"), ("9999", "wrong", "Install")):
        with sqlite3.connect(tmp_path / "outcomes.db") as changing:
            changing.execute("UPDATE alembic_version SET version_num = ?", [revision])
        changing.close()
        told = of(await found(tmp_path), "database")
        assert (told.state, word in told.do) == (state, True), told


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("mysql://user:not-to-be-shown@host/name", "does not work here"),
        ("postgresql://user:not-to-be-shown@127.0.0.1:9/name", "cannot be used"),
        (f"sqlite:///{__file__}/outcomes.db", "cannot be made"),
    ],
)
async def test_a_database_that_cannot_be_used_is_told(
    tmp_path: Path, address: str, what: str
) -> None:
    told = of(await found(tmp_path, DATABASE_URL=address), "database")
    assert (told.state, what in told.what) == ("wrong", True), told
    assert told.do
    assert "not-to-be-shown" not in str(told)


async def test_a_damaged_or_held_database_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.checks.BUSY_WITHIN", 0.05)
    address = databases.new(tmp_path)
    holding = sqlite3.connect(tmp_path / "outcomes.db", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    told = of(await found(tmp_path, DATABASE_URL=address), "database")
    holding.close()
    assert (told.state, "another program" in told.what) == ("wrong", True)
    (tmp_path / "outcomes.db").write_bytes(b"not a database" * 100)
    told = of(await found(tmp_path, DATABASE_URL=default_url(tmp_path)), "database")
    assert (told.state, "Restore a backup" in told.do) == ("wrong", True)


async def test_little_room_on_the_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = []
    for free in (50 * 1024**2, 500 * 1024**2, 5 * 1024**3):
        monkeypatch.setattr("bot.store.checks.free_space", lambda _, free=free: free)
        states.append(of(await found(tmp_path), "disk space").state)
    assert states == ["wrong", "unsure", "ok"]


async def test_a_port_that_another_program_uses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # which is for what is outside
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = str(other.getsockname()[1])
        assert of(await found(tmp_path, OUTCOMES_PORT=port), "local port").state == "ok"
        other.listen()
        other.setblocking(False)

        async def answer() -> None:
            loop = asyncio.get_running_loop()
            taken, _ = await loop.sock_accept(other)
            with taken:
                await loop.sock_sendall(taken, b"HTTP/1.0 200 OK\r\n\r\nsomething else")

        answering = asyncio.create_task(answer())
        told = of(await found(tmp_path, OUTCOMES_PORT=port), "local port")
        await answering
    assert (told.state, "another program" in told.what) == ("wrong", True)


async def test_administrators_and_a_language_model_are_named_and_not_asked(tmp_path: Path) -> None:
    given = {
        "OUTCOMES_ADMINS": "U0SAM, sam",
        "OUTCOMES_LLM_URL": "https://models.example/v1",
        "OUTCOMES_LLM_MODEL": "m",
        "OUTCOMES_LLM_KEY": "not-to-be-shown",
    }
    told = await found(tmp_path, **given)
    assert "1 of 2" in of(told, "administrators").what
    assert of(await found(tmp_path, OUTCOMES_ADMINS="U0SAM"), "administrators").state == "ok"
    model = of(told, "language model")
    assert ("models.example" in model.what) is not (model.state == "wrong")  # without its package
    assert "not-to-be-shown" not in str(told)
