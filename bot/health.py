"""`GET /healthz`: whether it can answer, for what watches it and for balancers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.store import StoreUnusable
from bot.store.figures import Figures

ANSWERS_IN = 2.0  # seconds that the database has


class Health:
    """200 while it can answer, and 503 with a word for what is missing: "index", "database", or
    "stopping" once it was told to stop, so that a balancer sends it nothing more."""

    def __init__(self, figures: Figures, generation: Callable[[], str]) -> None:
        self.stopping = False
        self._figures, self._generation = figures, generation
        self._looking: asyncio.Task[None] | None = None

    async def missing(self) -> str:
        """ "" where nothing is."""
        if self.stopping:
            return "stopping"
        try:
            self._generation()
        except Exception:
            return "index"
        return "" if await self._answers() else "database"

    async def _answers(self) -> bool:
        """One look at a time: many would only wait behind each other."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._figures.answers())
        done, _ = await asyncio.wait({self._looking}, timeout=ANSWERS_IN)
        try:
            return bool(done) and self._looking.result() is None
        except StoreUnusable:
            return False

    def served(self) -> Handler:
        async def health(_: web.Request) -> web.Response:
            if missing := await self.missing():
                return web.json_response({"status": "unwell", "missing": missing}, status=503)
            return web.json_response({"status": "ok", "generation": self._generation()})

        return health
