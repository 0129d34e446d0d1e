"""Wiring, once: settings to a store, an answerer and the assistant that every channel asks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from bot.administrators import Administrators
from bot.assistant import Assistant
from bot.current import CurrentAnswerer
from bot.delivery import Publisher
from bot.digest import Sender
from bot.digest.newsdesk import Management
from bot.outbox import Outbox
from bot.settings import Settings
from bot.sources.fetching import Fetcher
from bot.sources.manners import Manners
from bot.store import Store, default_url, utc_now


@dataclass(frozen=True, slots=True)
class App:
    """The assistant and what it stands on. What is posted without being asked goes out by the
    `publishers`, by platform, which whoever serves them adds."""

    assistant: Assistant
    answerer: CurrentAnswerer
    store: Store
    administrators: Administrators
    outbox: Outbox
    publishers: dict[str, Publisher]
    sender: Sender


def wired(
    answerer: CurrentAnswerer,
    store: Store,
    administrators: Administrators,
    clock: Callable[[], datetime] = utc_now,
    chance: Random | None = None,
    *,
    anyone_manages: bool = True,
    fetcher: Callable[[], Fetcher] | None = None,
) -> App:
    """The app on a store that is open. `anyone_manages` is said of digests; `fetcher` is what
    `Assistant` takes."""
    publishers: dict[str, Publisher] = {}

    async def hindrance(platform: str, place: str) -> str:
        publisher = publishers.get(platform)
        return await publisher.hindrance(place) if publisher else ""

    management = Management(administrators, hindrance, anyone=anyone_manages)
    assistant = Assistant(answerer, store, management, clock, chance=chance, fetcher=fetcher)
    sender = Sender(store, assistant.editor.issue, publishers, clock, chance=chance)
    outbox = Outbox(store)
    return App(assistant, answerer, store, administrators, outbox, publishers, sender)


@asynccontextmanager
async def opened(settings: Settings, *, passages: str | None = None) -> AsyncIterator[App]:
    """The wired app, closed in order afterwards; IndexUnusable or StoreUnusable if it cannot be.
    `passages` is where they are searched if that is not the database of all else."""
    address = settings.database_url if passages is None else passages
    with closing(CurrentAnswerer(settings.home, settings.model, address=address)) as answerer:
        async with _stored(settings, answerer) as app:
            yield app


@asynccontextmanager
async def _stored(settings: Settings, answerer: CurrentAnswerer) -> AsyncIterator[App]:
    store = await Store.open(
        settings.database_url or default_url(settings.home),
        questions_kept=settings.questions_kept,
        introductions_kept=settings.introductions_kept,
        grace=settings.digest_grace,
    )
    administrators = Administrators(settings.admins)
    app = wired(
        answerer,
        store,
        administrators,
        anyone_manages=settings.anyone_manages_digests,
        fetcher=partial(Fetcher, (), Manners(settings.address)),  # nothing internal, for officers
    )
    try:
        yield app
    finally:
        await app.assistant.finish()
        await store.close()
