"""The one web application: the local page, the health check and the counters."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from bot.app import App
from bot.conversation import Handle, Reply, Request
from bot.settings import LOOPBACK, Settings, SettingsError
from bot.store import Store, StoreUnusable
from bot.web.page import page_routes

PURGE_EVERY = 3600.0  # seconds between erasing what has been kept long enough

_log = logging.getLogger(__name__)


class Counters:
    """What `/metrics` tells: how many answers of each status, and how long they took."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._replies = Counter(
            "outcomes_replies", "Replies by status", ["status"], registry=self.registry
        )
        self._seconds = Histogram(
            "outcomes_reply_seconds", "Seconds from request to reply", registry=self.registry
        )

    def counted(self, handle: Handle) -> Handle:
        """The same handle, counting."""

        async def counting(request: Request) -> Reply:
            began = time.perf_counter()
            reply = await handle(request)
            self._seconds.observe(time.perf_counter() - began)
            self._replies.labels(reply.status).inc()
            return reply

        return counting


def application(app: App) -> web.Application:
    """Everything that is served over HTTP."""
    counters = Counters()
    page = page_routes(counters.counted(app.assistant.handle))
    served = web.Application(middlewares=[page.middleware])
    served.add_routes(page.routes)
    served.router.add_get("/healthz", _health(app))
    served.router.add_get("/metrics", _metrics(counters))
    return served


def _health(app: App) -> Handler:
    async def health(_: web.Request) -> web.Response:
        app.answerer()
        return web.json_response({"status": "ok", "generation": app.answerer.generation})

    return health


def _metrics(counters: Counters) -> Handler:
    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(counters.registry), content_type="text/plain")

    return metrics


async def serve(app: App, settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until told to stop; SettingsError if it cannot listen. `announce` gets the address."""
    if settings.host not in LOOPBACK:
        raise SettingsError(
            f"The local page is served on this computer only, not on {settings.host}: "
            "leave OUTCOMES_HOST out, or set it to 127.0.0.1"
        )
    runner = web.AppRunner(application(app), access_log=None)
    await runner.setup()
    stop = _stop_asked()
    purging = asyncio.create_task(purge(app.store))
    try:
        announce(await _listening(runner, settings))
        await stop.wait()
    finally:
        purging.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await purging
        await runner.cleanup()


async def _listening(runner: web.AppRunner, settings: Settings) -> str:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise SettingsError(
            f"Cannot listen on {settings.host}:{settings.port} ({reason.lower()}). "
            "Stop what uses the port, or set OUTCOMES_PORT to another"
        ) from error
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{runner.addresses[0][1]}/"


def _stop_asked() -> asyncio.Event:
    """Set by Ctrl+C or a request to terminate."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def purge(store: Store) -> None:
    """Erase what is past its time, now and every hour; a fault of the database is not the end."""
    while True:
        try:
            if erased := await store.purge():
                _log.info("Erased %d rows past their time", erased)
        except StoreUnusable as error:
            _log.warning("What is past its time could not be erased yet: %s", error)
        await asyncio.sleep(PURGE_EVERY)
