"""Wiring, once: settings to a store, an answerer and the assistant that every channel asks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.administrators import Administrators
from bot.assistant import Assistant, CurrentAnswerer
from bot.outbox import Outbox
from bot.settings import Settings
from bot.store import Store, default_url


@dataclass(frozen=True, slots=True)
class App:
    """The assistant and what it stands on."""

    assistant: Assistant
    answerer: CurrentAnswerer
    store: Store
    administrators: Administrators
    outbox: Outbox


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[App]:
    """The wired app, closed in order afterwards; IndexUnusable or StoreUnusable if it cannot be."""
    answerer = CurrentAnswerer(settings.home, settings.model)
    store = await Store.open(
        settings.database_url or default_url(settings.home),
        questions_kept=settings.questions_kept,
        introductions_kept=settings.introductions_kept,
    )
    administrators = Administrators(settings.admins)
    assistant = Assistant(answerer, store, administrators)
    try:
        yield App(assistant, answerer, store, administrators, Outbox(store))
    finally:
        await assistant.finish()
        await store.close()
