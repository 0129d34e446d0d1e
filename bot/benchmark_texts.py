"""How fast others' texts are brought in, and a folder of many looked at again: for the bench.

Each look at the folder is one by the code that `outcomes sources refresh` runs, in a process of its
own, as there; without the index that is built afterwards.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import resource
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bot.bringing.workshop import opened, store_of
from bot.rehearsal.papers import papers
from bot.rehearsal.papers_known import PaperKind
from bot.rehearsal.papers_prose import Prose
from bot.settings import Settings
from bot.sources.doubles import VALUES
from bot.sources.folders import files
from bot.sources.ids import source_id, text_id
from bot.store import utc_now
from bot.texts import FOR_ALL, About, OwnText, Source
from indexer.parsing import SUFFIXES, VERSION, Sandbox
from indexer.progress import Advance, Progress
from knowledge.library import Section

DOCUMENTS, SETTLED = 10_000, 2_000  # memory has settled after so many
_ROUNDS = 3
_PAGE = (
    "<!DOCTYPE html><html><head><title>{0}</title></head><body><main><h1>{0}</h1><p>{1}</p></main>"
    "</body></html>\n"
)
_MEGABYTE = 1024 * 1024
_KILOBYTES = 1024 * (1024 if sys.platform == "darwin" else 1)  # ru_maxrss in a megabyte


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look at the folder came to: seconds of the whole process, and in it; locations that
    were `read` or `unchanged`; whether it started a process that parses; and the most memory it
    had held, in megabytes, when so many were settled and at its end."""

    seconds: float
    inside: float
    read: int
    unchanged: int
    parsed: bool
    megabytes: float
    settled: float


@dataclass(slots=True)
class _Memory:
    """Stands in the place of the bar, and notes how much memory is held after `SETTLED`."""

    settled: float = 0.0
    most: float = 0.0
    count: int = 0

    @contextmanager
    def progress(self, _title: str, _total: int) -> Iterator[Advance]:
        yield self._advance

    def _advance(self, count: int) -> None:
        self.count += count
        self.most = max(self.most, _resident())
        if self.count <= SETTLED:
            self.settled = self.most


def pages_a_minute() -> dict[PaperKind, tuple[float, int]]:
    """By kind of paper: documents of a fixed mix read in a minute of one sandbox, pages of them in
    PDFs; and how many that were. The sandbox is started before."""
    told: dict[PaperKind, tuple[float, int]] = {}
    made = papers()
    with Sandbox() as sandbox:
        for paper in made:
            sandbox.read(paper.content, paper.name, paper.media)
        for kind in dict.fromkeys(paper.kind for paper in made):
            some = [paper for paper in made if paper.kind == kind] * _ROUNDS
            began = time.perf_counter()
            count = sum(
                sandbox.read(paper.content, paper.name, paper.media).pages or 1 for paper in some
            )
            told[kind] = (60 * count / (time.perf_counter() - began), count)
    return told


def written(folder: Path, count: int = DOCUMENTS) -> None:
    """So many small documents: plain text, Markdown and web pages of one to three sentences."""
    prose = Prose("folder")
    for number in range(count):
        told = " ".join(prose.sentences(1 + number % 3))
        title = f"Note {number} (test data)"
        name, content = (
            (f"{number}.txt", f"{title}\n\n{told}\n"),
            (f"{number}.md", f"# {title}\n\n{told}\n"),
            (f"{number}.html", _PAGE.format(title, told)),
        )[number % 3]
        (folder / name).write_text(content, "utf-8")


def filled(settings: Settings, folder: Path) -> None:
    """The store as it would be had the folder been read in; without a parser, so in seconds."""
    asyncio.run(_fill(settings, folder))


async def _fill(settings: Settings, folder: Path) -> None:
    source, now = _source(folder), utc_now()
    there, _ = files(folder, (), (), source.most, SUFFIXES)
    async with store_of(settings) as store:
        await store.sources(FOR_ALL).add(source)
        texts = store.texts(FOR_ALL)
        for file in there:
            content = file.path.read_text("utf-8")
            text = OwnText(
                id=text_id(FOR_ALL, source.location, file.location),
                source=source.id,
                community=FOR_ALL,
                location=file.location,
                url="",
                about=About(kind="case-study", title=file.location),
                sections=(Section("", content, literal=True),),
                digest=hashlib.sha256(content.encode()).hexdigest(),
                sketch=bytes(4 * VALUES),
                read_at=now,
            )
            await texts.put(text, file.validator, VERSION)


def looked(settings: Settings, folder: Path) -> Looked:
    """A look at the folder by a new process; the first reads it in, the next find it unchanged."""
    began = time.perf_counter()
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawned) as pool:
        told = pool.submit(_looked, settings, folder).result()
    return replace(told, seconds=time.perf_counter() - began)


def _looked(settings: Settings, folder: Path) -> Looked:
    memory = _Memory()
    began = time.perf_counter()
    read, unchanged = asyncio.run(_look(settings, folder, memory.progress))
    inside = time.perf_counter() - began
    # All that was started has ended by now: of no process at all nothing was used.
    parsed = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > 0
    most = max(memory.most, _resident())
    return Looked(0, inside, read, unchanged, parsed, most, memory.settled or most)


async def _look(settings: Settings, folder: Path, progress: Progress) -> tuple[int, int]:
    async with opened(settings, progress=progress) as shop:
        sources = shop.store.sources(FOR_ALL)
        if not await sources.all():
            await sources.add(_source(folder))
        look = await shop.looked(_source(folder))
    return look.read, look.unchanged


def _source(folder: Path) -> Source:
    location = str(folder)
    return Source(
        id=source_id(FOR_ALL, location),
        community=FOR_ALL,
        kind="folder",
        location=location,
        added_at=utc_now(),
        most=2 * DOCUMENTS,
    )


def _resident() -> float:
    """How much memory this process holds now, in megabytes; where that is not told, at most. The
    most is no figure on Linux: it counts what the process held that started this one."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES
    return pages * resource.getpagesize() / _MEGABYTE
