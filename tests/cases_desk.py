"""Officers who suggest case studies and administrators who decide. All is invented (test data)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.administrators import Administrators
from bot.app import App, wired
from bot.attached import Attached
from bot.conversation import Origin, Reply
from bot.current import CurrentAnswerer
from bot.sources.fetching import Fetcher
from bot.store import Store
from tests import databases
from tests.clock import Clock
from tests.projects_desk import Officer

LENT = {
    "title": "Laptops for care leavers",
    "told": "Anytown lent 40 refurbished laptops to care leavers. Nine in ten still use them.",
    "council": "",
    "link": "",
}
REPORT = "Sixty tablets went to day centres.\n\nAttendance rose by a third.\n"
ATTACHED = Attached("file", "report.txt", REPORT.encode())


@dataclass(frozen=True)
class Town:
    """An assistant whose time can be moved, and which may fetch from one host of this computer."""

    app: App
    clock: Clock

    def officer(self, name: str, community: str = "anytown") -> Officer:
        origin = Origin(
            community, f"D-{name}", f"thread of {name}", name, "slack", f"to {name}", alone=True
        )
        return Officer(self.app.assistant.handle, origin)

    async def letters(self) -> dict[str, Reply]:
        """What is to be sent, by where to; it counts as sent."""
        await self.app.assistant.finish()
        kept = self.app.store.letters
        found = await kept.take(["slack", "teams"])
        for one in found:
            await kept.sent(one)
        return {address: one.reply for one in found for address in one.addresses}

    async def suggests(self, who: Officer, *files: Attached, **changes: str) -> Reply:
        """The form filled in and sent."""
        asked = (await who.writes("suggest-case")).form
        return await sends(who, asked, *files, **{**LENT, **changes})


async def sends(who: Officer, form: object, *files: Attached, **filled: str) -> Reply:
    """A form with files."""
    request = who.filled(form, **filled)  # type: ignore[arg-type]
    values = request.values | {one.field: one.name for one in files}
    return await who.handle(type(request)(request.form, values, request.origin, request.key, files))


@asynccontextmanager
async def town(
    current: CurrentAnswerer, folder: Path, url: str = "", internal: str = ""
) -> AsyncIterator[Town]:
    clock = Clock()
    store = await Store.open(url or databases.new(folder), clock)
    app = wired(
        current,
        store,
        Administrators(("admin",)),
        clock,
        fetcher=lambda: Fetcher((internal,) if internal else ()),
    )
    yield Town(app, clock)
    await app.assistant.finish()
    await store.close()


@asynccontextmanager
async def site(page: str) -> AsyncIterator[str]:
    """A site of one page, by its host and port."""

    async def shown(_: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html")

    served = web.Application()
    served.router.add_get("/laptops", shown)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()
