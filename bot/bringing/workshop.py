"""What sources are looked at with, opened once for a command."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from bot.answers.answerer import Answerer
from bot.bringing.progress import shown
from bot.settings import Settings
from bot.sources.describing import Describing
from bot.sources.fetching import Fetcher
from bot.sources.indexing import Indexing
from bot.sources.locks import Busy, alone
from bot.sources.looks import Look
from bot.sources.manners import Manners
from bot.sources.reading import Reader
from bot.sources.refreshing import HELD_FOR, Refreshing
from bot.store import Store, default_url, utc_now
from bot.store.checks import condition, file_of
from bot.texts import Source
from indexer.build import BuildReport
from indexer.build_failures import BuildFailed
from indexer.generation import IndexUnusable, current_id
from indexer.newest import newest_index
from indexer.passages import Passage
from indexer.progress import Progress

_INDEXED_EACH = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Workshop:
    """A store that is open, and what works on it."""

    settings: Settings
    store: Store
    refreshing: Refreshing
    indexing: Indexing
    clock: Callable[[], datetime]

    async def looked(self, source: Source, *, again: bool = True) -> Look:
        """One source looked at. Raises Busy where another process here is at it."""
        with alone(self.settings.home, source.id):
            await self.store.sources(source.community).hold(source.id, HELD_FOR)
            return await self.refreshing.look(source, again=again)

    async def due(self) -> AsyncIterator[Look]:
        """Those that are due, each unless another process took it, here or on another computer.
        Where that takes long, what was read so far is indexed in between."""
        indexed_at = self.clock()
        for listed in await self.store.every_source():
            if (source := await self._claimed(listed)) is None:
                continue
            try:
                yield await self.looked(source, again=False)
            except Busy:
                continue
            if self.clock() - indexed_at >= _INDEXED_EACH:
                with suppress(BuildFailed, IndexUnusable):  # said by the one at the end
                    await self.indexed()
                indexed_at = self.clock()

    async def _claimed(self, listed: Source) -> Source | None:
        """The source as it is now, None where it is not due, or another process took it."""
        sources = self.store.sources(listed.community)
        if listed.due_at is None or not await sources.claim(listed.id, HELD_FOR):
            return None
        return await sources.get(listed.id)

    async def indexed(self) -> Sequence[BuildReport]:
        """Every community's own index brought up to date."""
        return await self.indexing.all()


@asynccontextmanager
async def opened(
    settings: Settings, clock: Callable[[], datetime] = utc_now, progress: Progress = shown
) -> AsyncIterator[Workshop]:
    """Raises StoreUnusable, or IndexUnusable where the shipped texts have no index yet."""
    model = settings.model or None
    if current_id(settings.home) is None:
        newest_index(settings.home, model, settings.database_url)  # fetched, or says what to do
    manners, describing = Manners(settings.address), partial(describes, settings, clock)
    async with (
        store_of(settings) as store,
        Fetcher(settings.internal_hosts, manners) as fetcher,
    ):
        with Reader(describing) as reader:
            refreshing = Refreshing(store, fetcher, reader, clock, progress)
            indexing = Indexing(store, settings.home, model, progress, shared=settings.database_url)
            yield Workshop(settings, store, refreshing, indexing, clock)


@asynccontextmanager
async def store_of(settings: Settings) -> AsyncIterator[Store]:
    """Raises StoreUnusable."""
    store = await Store.open(settings.database_url or default_url(settings.home))
    try:
        yield store
    finally:
        await store.close()


async def indexed_beside(settings: Settings, workers: int = 1) -> int:
    """What communities brought in indexed anew beside shipped texts that were; how many
    communities that was. Where there is no database yet, none is made.

    Raises StoreUnusable, and as `Indexing.all` does.
    """
    async with _indexing(settings, workers) as indexing:
        return len(await indexing.all()) if indexing else 0


async def unembedded_beside(
    settings: Settings, *, every: bool
) -> AsyncIterator[tuple[Path, Sequence[Passage]]]:
    """What that would embed, or with `every` all of it, by home. Raises the same."""
    async with _indexing(settings) as indexing:
        if indexing:
            async for found in indexing.unembedded(every=every):
                yield found


@asynccontextmanager
async def _indexing(settings: Settings, workers: int = 1) -> AsyncIterator[Indexing | None]:
    """None where there is no database yet."""
    address = settings.database_url or default_url(settings.home)
    file = file_of(address)
    if file.exists() if file else (await condition(address)).revision:
        async with store_of(settings) as store:
            yield Indexing(
                store, settings.home, settings.model or None,
                shared=settings.database_url, workers=workers,
            )  # fmt: skip
    else:
        yield None


def describes(settings: Settings, clock: Callable[[], datetime] = utc_now) -> Describing:
    """What proposes what texts are; loads the index. Raises IndexUnusable."""
    index = newest_index(settings.home, settings.model or None, settings.database_url)
    return Describing(Answerer(index), clock().date())
