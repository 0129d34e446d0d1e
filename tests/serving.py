"""The platforms' way in and out as they are served: a real application on a free port."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web

from bot.conversation import Handle
from bot.delivery import Worded
from bot.inbox import Inbox
from bot.platforms import Platform
from bot.store import Store


@dataclass(frozen=True)
class Served:
    """A platform that is served, at `url`; the inbox behind it, and what it said at start."""

    platform: Platform
    inbox: Inbox
    url: str
    said: str


async def at_once(_: float) -> None:
    """What is to be tried again later is tried again now."""


@asynccontextmanager
async def serving(
    handle: Handle,
    store: Store,
    make: Callable[[Inbox], Platform],
    pause: Callable[[float], Awaitable[None]] = at_once,
    worded: Worded | None = None,
    port: int = 0,
) -> AsyncIterator[Served]:
    """Serve one platform as `bot.server` does, on a free port unless one is given, and stop it the
    same way."""
    inbox = Inbox(handle, store, lambda: "ref-1234", pause, worded)
    platform = make(inbox)
    inbox.channels[platform.name] = platform
    application = web.Application(client_max_size=256 * 1024)
    application.add_routes(platform.routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield Served(platform, inbox, url, await platform.start())
    finally:
        await platform.stop()
        await runner.cleanup()
        await inbox.finish(5)
        await platform.close()
