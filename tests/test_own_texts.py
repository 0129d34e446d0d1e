"""A report and a small site brought in, asked, changed, removed: by the command, for real."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import docx
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bot import __main__ as command
from bot.current import CurrentAnswerer
from bot.sources import manners
from bot.sources.looks import Look
from bot.store import Store
from indexer import making
from indexer.encoder import Encoder
from indexer.generation import index_folder, own_home
from indexer.parsing import Sandbox
from tests import databases
from tests.bringing import Bringing
from tests.clock import Clock
from tests.running import Outcomes
from tests.test_sites import sitemap

FOOTER = "Anytown Digital Partnership, annual report"
PAGES = (
    ("Foreword", ["This report tells of a year of digital work across the county's districts."]),
    (
        "The lighthouse scheme",
        [
            "The lighthouse scheme lent 1,250 tablets to residents over eighty.",
            "Volunteers rang each borrower every fortnight for half a year.",
        ],
    ),
    (
        "Grit bins",
        [
            "Grit bins along the coast report how full they are by radio.",
            "Crews drove 31 per cent fewer miles in the first winter.",
        ],
    ),
    ("Recommendations", ["Boards should hear from borrowers before they renew a contract."]),
)
LAMPS = "How many tablets did the lighthouse scheme lend?"
PAGE = (
    "<html><head><title>{title}</title></head><body><nav>Home</nav><article><h1>{title}</h1>"
    "<h2 id='what'>What happened</h2><p>{told}</p><p>{told2}</p></article></body></html>"
)


@dataclass
class Web:
    """A small site in a thread of its own; `files` are what it answers with, by path."""

    files: dict[str, str]
    asked: list[str] = field(default_factory=list)
    host: str = ""

    @property
    def sitemap(self) -> str:
        return f"http://{self.host}/sitemap.xml"


@contextmanager
def served() -> Iterator[Web]:
    there = Web({})

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            there.asked.append(self.path)
            found = there.files.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_: object) -> None:
            """Nothing is to be written among the tests' results."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    there.host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()


def report(path: Path, tablets: str = "1,250") -> None:
    """A report as councils publish them: a title page, running footers, a part on each page."""
    canvas = Canvas(str(path), pagesize=A4)
    canvas.setTitle("A year of digital work in the county")
    for number, (heading, sentences) in enumerate(PAGES, start=1):
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, 760, heading)
        canvas.setFont("Helvetica", 11)
        for line, sentence in enumerate(sentences):
            canvas.drawString(72, 720 - 16 * line, sentence.replace("1,250", tablets))
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 40, f"{FOOTER} {number}")
        canvas.showPage()
    canvas.save()


def plan(path: Path) -> None:
    document = docx.Document()
    document.add_heading("Guide to lending hearing loops", 1)
    document.add_heading("Before you lend", 2)
    document.add_paragraph("You should test every hearing loop before each loan.")
    document.add_paragraph("A hearing loop goes out for at most nine days at a time.")
    document.save(str(path))


@dataclass
class Desk:
    """The command in this process, with a home and a database of its own."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str, code: int = 0) -> list[str]:
        """What it wrote, by line."""
        self.capsys.readouterr()
        assert command.main(arguments) == code, self.capsys.readouterr().err
        return self.capsys.readouterr().out.splitlines()

    def rows(self, *arguments: str, code: int = 0) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.run(*arguments, "--json", code=code)]

    def quotes(self, question: str, community: str) -> list[tuple[str, str, int]]:
        """What a community is answered with: quote, address, page."""
        reply = CurrentAnswerer(self.home, "")(community).answer(question, None)[0]
        return [(one.quote, one.url, one.page) for one in reply.citations]


@pytest.fixture
def desk(
    shipped_home: Path,
    encoder: Encoder,
    database_url: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    home = tmp_path / "home"
    home.mkdir()
    index_folder(home).symlink_to(index_folder(shipped_home))
    monkeypatch.chdir(tmp_path)  # no .env
    monkeypatch.setenv("OUTCOMES_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(manners, "_PACE", 0.0)
    monkeypatch.setattr(making, "_loaded", lambda *_: encoder)  # loaded once for all tests
    return Desk(home, capsys)


def test_a_folder_is_added_asked_changed_and_removed(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    report(folder / "report.pdf")
    plan(folder / "loops.docx")
    (folder / "scan.pdf").write_bytes(b"%PDF-1.4 nothing more")
    link = "--link", "https://files.example/docs"
    (added,) = desk.rows("add", str(folder), *link)
    assert (added["texts"], added["unreadable"], added["to_confirm"]) == (2, 1, 2)
    assert added["community"] is None
    (fault,) = desk.rows("sources", "faults")
    assert (fault["location"], fault["state"]) == ("scan.pdf", "unread")

    (answer,) = desk.rows("ask", LAMPS)
    first = answer["citations"][0]  # type: ignore[index]
    assert first["quote"] == PAGES[1][1][0]
    assert (first["url"], first["page"]) == ("https://files.example/docs/report.pdf#page=2", 2)
    assert (first["kind"], first["confirmed"]) == ("report", False)
    assert FOOTER not in str(answer)
    (answer,) = desk.rows("ask", "How long may a hearing loop be lent for?")
    assert "nine days" in str(answer["text"])

    review = {str(one["location"]): one for one in desk.rows("sources", "review")}
    assert review["loops.docx"]["kind"] == "guidance"
    assert desk.rows("sources", "confirm", "--all") == [{"confirmed": 2}]
    (answer,) = desk.rows("ask", LAMPS)
    assert "confirmed" not in answer["citations"][0] or answer["citations"][0]["confirmed"]  # type: ignore[index]

    report(folder / "report.pdf", "2,480")
    (folder / "loops.docx").unlink()
    (folder / "scan.pdf").unlink()
    (look,) = desk.rows("sources", "refresh")
    assert (look["read"], look["gone"], look["texts"]) == (1, 1, 1)
    assert desk.quotes(LAMPS, "T1")[0][0] == PAGES[1][1][0].replace("1,250", "2,480")
    assert not any("nine days" in one for one, *_ in desk.quotes("hearing loop loan days", "T1"))

    desk.run("sources", "remove", str(look["id"]))
    assert desk.rows("sources") == []
    assert not any("2,480" in one for one, *_ in desk.quotes(LAMPS, "T1"))
    assert not own_home(desk.home, "*").exists()


def test_a_sites_texts_are_one_communitys_and_follow_the_site(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "How many allotment keys did Otherham replace with phones?"
    fact = "Otherham replaced 640 allotment keys with locks that open by phone."
    with served() as web:
        monkeypatch.setenv("OUTCOMES_INTERNAL_HOSTS", web.host)
        base = f"http://{web.host}"
        web.files = {
            "/sitemap.xml": sitemap(f"{base}/keys", f"{base}/copy", f"{base}/buses"),
            "/keys": PAGE.format(title="Keys", told=fact, told2="Plot holders asked for it twice."),
            "/copy": PAGE.format(title="Keys", told=fact, told2="Plot holders asked for it twice."),
            "/buses": PAGE.format(
                title="Buses", told="Buses tell stops when they are full.", told2="It took a year."
            ),
        }
        (added,) = desk.rows("add", web.sitemap, "--community", "T1")
        assert (added["kind"], added["texts"], added["community"]) == ("site", 3, "T1")
        quoted = desk.quotes(question, "T1")
        assert [one[:2] for one in quoted if one[0] == fact] in (
            [(fact, f"{base}/keys#what")],
            [(fact, f"{base}/copy#what")],
        )
        for other in ("T2", ""):
            assert all(fact not in one for one, *_ in desk.quotes(question, other))
        # Added again: looked at again, and not doubled.
        (again,) = desk.rows("add", web.sitemap, "--community", "T1", "--every", "7d")
        assert (again["id"], again["unchanged"], again["every_hours"]) == (added["id"], 3, 168)
        del web.files["/keys"]
        del web.files["/copy"]
        (look,) = desk.rows("sources", "refresh", str(added["id"]))
        assert (look["gone"], look["texts"]) == (2, 1)
        assert all(fact not in one for one, *_ in desk.quotes(question, "T1"))


def test_a_process_killed_midway_loses_nothing_and_repeats_nothing(
    shipped_home: Path, tmp_path: Path
) -> None:
    home, folder = tmp_path / "home", tmp_path / "docs"
    home.mkdir()
    index_folder(home).symlink_to(index_folder(shipped_home))
    folder.mkdir()
    for number in range(60):
        told = f"Plot {number} of Anytown has a sensor that tells of frost. " * 5
        (folder / f"{number:02}.md").write_text(f"# Plot {number}\n\n{told}\n", "utf-8")
    settings = {"OUTCOMES_HOME": str(home), "DATABASE_URL": databases.new(tmp_path)}
    process = Outcomes(tmp_path, settings).start("add", str(folder), "--community", "T1")
    try:
        _once_kept(tmp_path, 5)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    kept = _count(tmp_path)
    assert 5 <= kept < 60
    look, described = asyncio.run(_looked_again(settings["DATABASE_URL"]))
    assert (look.read, look.unchanged) == (60 - kept, kept)
    assert len(described) == 60 - kept
    assert _count(tmp_path) == 60


async def _looked_again(address: str) -> tuple[Look, list[str]]:
    """At the one source there is, by another process; and what it had to read."""
    store = await Store.open(address)
    try:
        with Sandbox() as sandbox:
            bringing = Bringing(store, Clock(), sandbox)
            (source,) = await store.every_source()
            return await bringing.look(source), bringing.described.names
    finally:
        await store.close()


def _once_kept(folder: Path, wanted: int) -> None:
    """Once the database holds so many texts."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if _count(folder) >= wanted:
            return
        threading.Event().wait(0.02)
    raise AssertionError("nothing was read in a minute")


def _count(folder: Path) -> int:
    connection = sqlite3.connect(f"file:{folder / 'outcomes.db'}?mode=ro", uri=True)
    try:
        (count,) = connection.execute("SELECT count(*) FROM own_text").fetchone()
        return int(count)
    finally:
        connection.close()
