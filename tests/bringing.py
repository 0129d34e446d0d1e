"""Sources looked at as the command does it, on a store and a folder of a test's own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.sources.describing import Describing
from bot.sources.fetching import Fetcher
from bot.sources.ids import source_id
from bot.sources.looks import Look
from bot.sources.manners import Manners
from bot.sources.reading import Reader
from bot.sources.refreshing import Refreshing
from bot.store import Store
from bot.texts import About, Known, OwnText, Source, SourceKind
from indexer.parsing import Sandbox
from indexer.parsing.parsed import Parsed
from tests.clock import Clock
from tests.small_web import Seconds

DAY = timedelta(days=1)


class Described(Describing):
    """Every text is a case study with the title it gives itself; what was described is noted."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def about(self, parsed: Parsed, address: str, name: str) -> About:
        self.names.append(name.rpartition("/")[2])
        return About(kind="case-study", title=parsed.title or name)


@dataclass
class Bringing:
    """What looks at one source of one community. `described` are the names of what was read."""

    store: Store
    clock: Clock
    sandbox: Sandbox
    internal: tuple[str, ...] = ()
    described: Described = field(default_factory=Described)
    community: str = "T1"

    async def add(
        self,
        kind: SourceKind,
        location: str | Path,
        *,
        link: str = "",
        every: timedelta | None = DAY,
    ) -> Source:
        where = str(location)
        source = Source(
            id=source_id(self.community, where),
            community=self.community,
            kind=kind,
            location=where,
            added_at=self.clock(),
            link=link,
            every=every,
        )
        assert await self.store.sources(self.community).add(source)
        return source

    async def look(
        self,
        source: Source,
        *,
        again: bool = False,
        describing: Callable[[], Describing] | None = None,
    ) -> Look:
        """A look by a process that has just started: it knows what the store holds."""
        self.described.names.clear()
        seconds = Seconds()
        kept = await self.store.sources(self.community).get(source.id)
        assert kept
        async with AsyncExitStack() as stack:
            manners = Manners("", seconds, seconds.sleep)
            fetcher = await stack.enter_async_context(Fetcher(self.internal, manners))
            reader = Reader(describing or (lambda: self.described), [self.sandbox])
            refreshing = Refreshing(self.store, fetcher, reader, self.clock)
            return await refreshing.look(kept, again=again)

    async def due(self, source: Source, at: datetime) -> None:
        assert await self.store.sources(self.community).looked(replace(source, due_at=at))

    async def texts(self, source: Source) -> dict[str, OwnText]:
        found = await self.store.texts(self.community).of(source.id)
        return {one.location: one for one in found}

    async def known(self, source: Source) -> dict[str, Known]:
        return await self.store.texts(self.community).known(source.id)


def three_files(folder: Path) -> Path:
    """A folder with two texts, one of them in a folder below, and a file that is no document."""
    made = folder / "texts"
    (made / "plans").mkdir(parents=True)
    (made / "wifi.md").write_text("# Wi-fi in Anytown\n\nIt reaches 600 flats.\n", "utf-8")
    (made / "plans" / "bins.md").write_text("# Bins\n\nThey have sensors.\n", "utf-8")
    (made / "broken.pdf").write_text("no pdf", "utf-8")
    return made
