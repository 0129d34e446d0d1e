"""The platforms' way in and out as they are served: a real application on a free port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.conversation import Handle
from bot.inbox import Inbox
from bot.platforms import Platform
from bot.store import Store


@dataclass(frozen=True)
class Served:
    """A platform that is served, at `url`, and the inbox behind it."""

    platform: Platform
    inbox: Inbox
    url: str


@asynccontextmanager
async def serving(
    handle: Handle,
    store: Store,
    make: Callable[[Inbox], Platform],
    reference: Callable[[], str] = lambda: "ref-1234",
) -> AsyncIterator[Served]:
    """Serve one platform as `bot.server` does, and stop it the same way."""

    async def pause(_: float) -> None:
        return None

    inbox = Inbox(handle, store, reference, pause)
    platform = make(inbox)
    inbox.channels[platform.name] = platform
    application = web.Application(client_max_size=256 * 1024)
    application.add_routes(platform.routes)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        await platform.start()
        yield Served(platform, inbox, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await platform.stop()
        await runner.cleanup()
        await inbox.finish(2)
        await platform.close()
