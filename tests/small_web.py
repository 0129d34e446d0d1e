"""A small web: names that mean what a test says, and one real server on loopback behind them all.

Whatever address a fetcher wants to connect to is noted, and leads to that server: so that what
should not be connected to would be seen to be, at both ends.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.sources.fetching import MEGABYTE, Fetcher
from bot.sources.manners import Manners

PUBLIC = "93.184.216.34"
Serve = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Seconds:
    """A clock in seconds, that sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class _Led(socket.socket):
    """A socket that connects to our server wherever it is sent."""

    led_to: tuple[str, int]
    asked: list[tuple[str, int]]

    def connect(self, address: object) -> None:
        assert isinstance(address, tuple)
        self.asked.append(address[:2])
        super().connect(self.led_to)


class _Counting(web.Server):
    """The server, counting the connections that it accepts."""

    accepted = 0

    def __call__(self) -> RequestHandler:
        self.accepted += 1
        return super().__call__()


@dataclass
class SmallWeb:
    """`pages` by host and path; `names` with each answer of a look-up in turn, the last one for
    ever: an unknown one is public. What happened is in `seen` (host and path), `headers` of each,
    `asked` (addresses connected to), `looked_up` and `accepted`."""

    pages: dict[str, Serve | str | int] = field(default_factory=dict)
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    clock: Seconds = field(default_factory=Seconds)
    seen: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    port: int = 0
    server: _Counting = field(init=False)

    @property
    def accepted(self) -> int:
        return self.server.accepted

    def manners(self) -> Manners:
        return Manners("https://bot.example", self.clock, self.clock.sleep)

    def fetcher(
        self,
        *internal: str,
        size: int = 10 * MEGABYTE,
        seconds: float = 20.0,
        trust: ssl.SSLContext | None = None,
    ) -> Fetcher:
        return Fetcher(
            internal,
            self.manners(),
            size=size,
            seconds=seconds,
            resolve=self._resolve,
            sockets=self._socket,
            trust=trust,
        )

    async def serve(self, request: web.BaseRequest) -> web.StreamResponse:
        place = request.host + request.path
        self.seen.append(place)
        self.headers.append(dict(request.headers))
        page = self.pages.get(place, 404)
        if isinstance(page, int):
            return web.Response(status=page)
        if isinstance(page, str):
            return web.Response(text=page, content_type="text/html")
        return await page(request)

    async def _resolve(self, host: str) -> list[str]:
        self.looked_up.append(host)
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def _socket(self, _info: tuple[Any, ...]) -> socket.socket:
        led = _Led(socket.AF_INET, socket.SOCK_STREAM)
        led.led_to, led.asked = ("127.0.0.1", self.port), self.asked
        return led


@asynccontextmanager
async def small_web(
    trusted: ssl.SSLContext | None = None, **pages: Serve | str | int
) -> AsyncIterator[SmallWeb]:
    """The web with its server running; by TLS where it is `trusted`."""
    small = SmallWeb(dict(pages))
    small.server = _Counting(small.serve)
    listening = await asyncio.get_running_loop().create_server(
        small.server, "127.0.0.1", 0, ssl=trusted
    )
    small.port = listening.sockets[0].getsockname()[1]
    try:
        yield small
    finally:
        listening.close()
        await small.server.shutdown(timeout=0.01)
        await listening.wait_closed()


def moved(target: str, status: int = 302) -> Serve:
    """A page that has moved to another address."""

    async def serve(_request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, headers={"Location": target})

    return serve


def answered(status: int = 200, body: bytes = b"", **headers: str) -> Serve:
    """An answer with these headers, `_` standing for `-` in their names."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def serve(_request: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=status, body=body, headers=named)

    return serve
