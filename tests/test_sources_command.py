"""`outcomes add` and `outcomes sources`, as typed: what is said of bad input, and what is kept."""

from __future__ import annotations

import asyncio
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from bot import __main__ as command
from bot.bringing import progress, workshop
from bot.cases.accepting import officers
from bot.sources.indexing import Indexing
from bot.sources.locks import alone
from bot.store import Store
from indexer.build import BuildReport
from indexer.generation import index_folder
from tests import databases
from tests.clock import START
from tests.holdings import ABOUT, own_text
from tests.sources_desk import Desk, desk

__all__ = ["desk"]  # a fixture


def test_what_cannot_be_added_is_named_and_the_rest_goes_on(desk: Desk) -> None:
    good = desk.file("bins.md")
    bad = desk.file("photo.jpg")
    addresses = ("ftp://files.example/x", "http://127.0.0.1/x", "http://user:word@council.example/")
    out, err = desk.run("add", str(desk.folder / "none.pdf"), bad, *addresses, good, code=1)
    assert len(err) == 5
    assert "there is no such file" in err[0]
    assert ".pdf" in err[1]
    assert "https://" in err[2]
    assert "public web" in err[3]
    assert "OUTCOMES_INTERNAL_HOSTS" in err[3]
    assert "user:word" not in err[4]
    assert "every community" in out[0]
    assert "1 text" in out[1]
    assert "outcomes sources confirm --source" in out[2]
    assert [one["location"] for one in desk.rows("sources")] == [str(Path(good).resolve())]


@pytest.mark.parametrize(
    "wrong",
    [
        ("add",),
        ("add", "x.md", "--every", "5m"),
        ("add", "x.md", "--every", "0h"),
        ("add", "x.md", "--most", "0"),
        ("add", "x.md", "--community", "*"),
        ("add", "x.md", "--community", "T1", "--for-all"),
        ("add", "x.md", "--link", "javascript:alert(1)"),
        ("sources", "remove"),
        ("sources", "confirm", "--kind", "poem", "--all"),
        ("sources", "review", "--csv", "--json"),
    ],
)
def test_bad_usage_is_two(wrong: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(wrong)
    assert ended.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_single_file_that_cannot_be_read_is_a_failure_and_one_of_many_is_not(
    desk: Desk,
) -> None:
    desk.file("bins.md")
    broken = desk.file("broken.pdf", "no pdf")
    out, _ = desk.run("add", broken, code=1)
    assert any(line.startswith("  broken.pdf: not read: ") for line in out)
    out, _ = desk.run("add", str(desk.folder))
    assert any(line.startswith("  broken.pdf: not read: ") for line in out)


def test_a_source_that_another_process_looks_at_keeps_no_other_from_being_added(
    desk: Desk,
) -> None:
    first = desk.file("bins.md")
    (source,) = desk.rows("add", first)
    with alone(desk.home, str(source["id"])):
        out, err = desk.run("add", first, desk.file("roads.md"), "--every", "7d", code=1)
    assert "another process" in err[0]
    assert any("roads.md" in line for line in out)
    assert [one["every_hours"] for one in desk.rows("sources")] == [168, 168]


def test_what_would_bring_in_this_computer_or_nothing_is_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, err = desk.run("add", "", "/", str(desk.folder.parent), code=1)
    assert len(err) == 3
    assert "there is no such file" in err[0]
    assert all("name a folder that holds texts alone" in line for line in err[1:])
    monkeypatch.setenv("OUTCOMES_INTERNAL_HOSTS", "localhost:1")
    out, err = desk.run("add", "http://localhost:1/sitemap.xml", code=1)
    assert any("could not be looked at" in line for line in out)
    assert "nothing was brought in" in err[0]
    assert desk.rows("sources") == []


@pytest.fixture
def begun(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Two files were added, and both times the command ended before it looked at them."""

    async def ended(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(workshop.Workshop, "looked", ended)
        desk.run("add", desk.file("bins.md"), code=130)
        desk.run("add", desk.file("roads.md"), code=130)
    return desk


def test_what_was_added_and_not_looked_at_is_due(begun: Desk) -> None:
    first, second = begun.rows("sources")
    assert (first["due"], second["due"]) == (first["added"], second["added"])
    looks = begun.rows("sources", "refresh", "--due")
    assert [(look["new"], look["said"]) for look in looks] == [(1, "1 text: 1 new")] * 2
    assert begun.rows("sources", "refresh", "--due") == []


@pytest.mark.parametrize(("each", "builds"), [(timedelta(0), 3), (timedelta(minutes=5), 1)])
def test_where_looks_take_long_what_was_read_is_indexed_in_between(
    begun: Desk, monkeypatch: pytest.MonkeyPatch, each: timedelta, builds: int
) -> None:
    built: list[Indexing] = []

    async def build(indexing: Indexing) -> list[BuildReport]:
        built.append(indexing)
        return []

    monkeypatch.setattr(Indexing, "all", build)
    monkeypatch.setattr(workshop, "_INDEXED_EACH", each)
    assert len(begun.rows("sources", "refresh", "--due")) == 2
    assert len(built) == builds


def test_documents_that_cannot_be_read_are_named(desk: Desk) -> None:
    desk.file("bins.md")
    (desk.folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    desk.file("photo.jpg")
    out, _ = desk.run("add", str(desk.folder))
    assert "1 file is left out" in out[1]
    assert any("old.doc: not read: in an old Office format" in line for line in out)


def test_options_without_a_use_are_said_to_have_none(desk: Desk) -> None:
    _, err = desk.run("add", desk.file("bins.md"), "--include", "*.md", code=1)
    assert "folders and sites" in err[0]
    _, err = desk.run("add", desk.file("bins.md"), "--site", code=1)
    assert "--site" in err[0]
    assert desk.rows("sources") == []


def test_a_source_is_added_once_changed_by_options_and_removed_by_its_id(desk: Desk) -> None:
    desk.file("bins.md")
    desk.file("notes.txt", "Notes of a meeting on bins and sensors in the winter.\n")
    (first,) = desk.rows("add", str(desk.folder), "--community", "T1", "--include", "*.md")
    assert (first["texts"], first["every_hours"], first["community"]) == (1, 24, "T1")
    (second,) = desk.rows("add", str(desk.folder), "--community", "T1", "--include", "*",
                          "--every", "never")  # fmt: skip
    assert (second["id"], second["texts"], second["unchanged"]) == (first["id"], 2, 1)
    assert (second["every_hours"], second["due"]) == (None, None)
    (other,) = desk.rows("add", str(desk.folder), "--community", "T2")
    assert other["id"] != first["id"]
    lines, _ = desk.run("sources")
    assert len(lines) == 4
    assert "folder, T1" in lines[0]
    _, err = desk.run("sources", "remove", "source-none", str(first["id"]), code=1)
    assert "there is no source source-none" in err[0]
    assert [one["id"] for one in desk.rows("sources")] == [other["id"]]
    assert desk.run("sources", "faults") == (["Everything was read."], [])


def test_one_text_that_an_officer_suggested_is_removed_and_another_is_said_to_come_back(
    desk: Desk,
) -> None:
    desk.file("a [1].md")
    desk.file("b.md", "# Paths\n\nTwelve miles were mended.\n")
    desk.run("add", str(desk.folder), "--community", "T1", "--exclude", "*.txt")
    own, other = sorted(desk.rows("sources", "review"), key=lambda one: str(one["location"]))
    officers = asyncio.run(_suggested(desk.folder.parent))
    assert "  2 texts" in desk.run("sources")[0]
    _, err = desk.run("sources", "remove", officers, str(own["id"]), "own-none", code=1)
    assert f"{officers}: what officers suggested goes text by text" in err[0]
    assert [line.removeprefix("outcomes: ") for line in err[1:3]] == [
        "own-1: Sensors in damp homes",
        "own-2: Sensors in damp homes",
    ]
    leaving_out = err[3].rpartition("for good: ")[2]
    assert "there is no source own-none" in err[4]
    (row,) = desk.rows("sources", "remove", "own-1")
    assert row == {"id": "own-1", "texts": 1}
    assert desk.run("sources", "remove", "own-2")[0] == ["own-2: removed, “Sensors in damp homes”"]
    assert len(desk.rows("sources", "review")) == 2
    desk.run(*shlex.split(leaving_out)[1:])
    assert desk.rows("sources", "review") == [other]


async def _suggested(folder: Path) -> str:
    store = await Store.open(databases.new(folder))
    try:
        source = officers("T1", START)
        await store.sources("T1").add(source)
        for name in ("own-1", "own-2"):
            await store.texts("T1").put(own_text(name, "T1", source.id), "")
        await store.texts("T1").confirm({"own-1": ABOUT, "own-2": ABOUT})
        return source.id
    finally:
        await store.close()


def test_what_was_brought_in_is_removed_without_an_index(desk: Desk) -> None:
    desk.file("bins.md")
    (first,) = desk.rows("add", str(desk.folder))
    (index_folder(desk.folder.parent / "home") / "current").unlink()
    assert desk.rows("sources", "remove", str(first["id"])) == [{"id": first["id"], "texts": 1}]


def test_sources_may_be_followed_by_list(desk: Desk) -> None:
    desk.rows("add", desk.file("bins.md"))
    assert desk.run("sources", "list") == desk.run("sources")
    assert desk.rows("sources", "list") == desk.rows("sources")
    assert desk.run("sources", "--json", "list") == desk.run("sources", "--json")


def test_long_work_says_a_line_each_half_a_minute_where_no_terminal_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    times = iter((0.0, 10.0, 31.0, 31.0, 40.0, 99.0))
    with progress.lines("Reading", 1200, lambda: next(times)) as advance:
        for count in (400, 600, 100):
            advance(count)
    assert capsys.readouterr().err == "Reading: 1,000 of 1,200\n"


def test_the_index_command_makes_no_database(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from bot.settings import Settings

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert asyncio.run(workshop.indexed_beside(Settings.read())) == 0
    assert not (tmp_path / "none.db").exists()
