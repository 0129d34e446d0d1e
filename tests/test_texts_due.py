"""While serving: what is due is looked at by a process of its own, and told of in numbers."""

from __future__ import annotations

import logging
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sources.due import Refreshes
from bot.sources.revisions import Revisions
from bot.store import Store
from bot.texts import FOR_ALL, About, OwnText
from indexer.generation import index_folder
from tests.bringing import Bringing
from tests.clock import Clock

LINE = '{"id":"source-1","location":"/secret/minutes","failed":false,"read":2,"gone":1}'


class Process:
    """A command in place of the real one, that notes each start of it."""

    def __init__(self, folder: Path, clock: Clock, store: Store, code: str) -> None:
        self._starts = folder / "starts"
        self._starts.write_text("", "utf-8")
        noted = f"open({str(self._starts)!r}, 'a').write('x');"
        self.counted: dict[str, int] = {}
        command = (sys.executable, "-c", noted + code)
        self.refreshes = Refreshes(store, folder, clock, self._count, command)

    def _count(self, name: str, number: int) -> None:
        self.counted[name] = self.counted.get(name, 0) + number

    @property
    def starts(self) -> int:
        return len(self._starts.read_text("utf-8"))


@pytest.fixture
def bringing(store: Store, clock: Clock) -> Bringing:
    return Bringing(store, clock, sandbox=None)  # type: ignore[arg-type]  # nothing is read here


async def test_it_is_started_when_a_source_is_due_and_told_of_in_numbers(
    store: Store,
    clock: Clock,
    bringing: Bringing,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    process = Process(tmp_path, clock, store, f"print({LINE!r})")
    assert await process.refreshes.once() == 0
    source = await bringing.add("folder", "/secret")
    await bringing.due(source, clock() + timedelta(hours=1))
    assert (await process.refreshes.once(), process.starts) == (0, 0)
    clock.pass_by(hours=1)
    with caplog.at_level(logging.INFO, "bot.sources.due"):
        assert (await process.refreshes.once(), process.starts) == (1, 1)
    assert (process.counted["read"], process.counted["gone"], process.counted["failed"]) == (
        2,
        1,
        0,
    )
    (record,) = caplog.records
    assert "2 read" in record.getMessage()
    assert "secret" not in record.getMessage()


async def test_what_is_in_vain_is_tried_again_ever_later(
    store: Store, clock: Clock, bringing: Bringing, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    process = Process(tmp_path, clock, store, "import sys; sys.exit('outcomes: the disk is full')")
    await bringing.due(await bringing.add("folder", "/secret"), clock())
    started = []
    for minute in range(40):
        before = process.starts
        await process.refreshes.once()
        if process.starts > before:
            started.append(minute)
        clock.pass_by(minutes=1)
    assert started == [0, 2, 6, 14, 30]
    assert "the disk is full" in caplog.text


async def test_it_is_started_when_a_text_is_newer_than_what_was_built(
    store: Store, clock: Clock, bringing: Bringing, tmp_path: Path
) -> None:
    index_folder(tmp_path).mkdir()
    (index_folder(tmp_path) / "current").write_text("g1\n", "utf-8")
    process = Process(tmp_path, clock, store, "")
    source = await bringing.add("folder", "/secret", every=None)
    await store.texts("T1").put(_text(source.id, clock), "")
    await process.refreshes.once()
    assert process.starts == 1
    made, revisions = Revisions(tmp_path), await store.text_revisions()
    assert made.behind(revisions, "g1") == ["T1"]
    made.note("T1", revisions, "g1")
    clock.pass_by(hours=1)
    await process.refreshes.once()
    assert process.starts == 1
    # What is for all is in each community's index; so is what the index stands beside.
    assert made.behind({**revisions, FOR_ALL: 1}, "g1") == [FOR_ALL, "T1"]
    assert made.behind(revisions, "g2") == ["T1"]


def _text(source: str, clock: Clock) -> OwnText:
    return OwnText(
        id="own-1",
        source=source,
        community="T1",
        location="a.md",
        url="",
        about=About(kind="report", title="A"),
        sections=(),
        digest="d",
        read_at=clock(),
    )
