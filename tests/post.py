"""An inbox with a platform that records, for the tests of what becomes of what is heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from bot.conversation import Asked, Citation, Origin, Reply, Request
from bot.delivery import Heard, Worded
from bot.inbox import Inbox
from bot.store import Store
from tests import databases
from tests.clock import Clock

HERE = Origin("leeds", "C1", "100.1", "U1")
QUOTE = Citation(1, "a", "case-study", "A", "https://a.example/", "It fell.")


def heard(text: str = "damp sensors?", key: str = "k1", **changes: object) -> Heard:
    origin = replace(HERE, **changes)  # type: ignore[arg-type]
    return Heard("fake", key, Asked(text, origin), f"to {key}", f"Ev {key}")


async def echo(request: Request) -> Reply:
    assert isinstance(request, Asked)
    return Reply("answered", request.text)


@dataclass
class Post:
    """A platform that records what it is given; `faults` are raised first, one a send."""

    rates_by_message: ClassVar[Literal[True]] = True
    sent: list[tuple[str, Reply]] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    tries: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, count: int) -> None:
        """Wait, not forever, for that many replies."""
        async with asyncio.timeout(20):
            while len(self.sent) < count:
                self._arrived.clear()
                await self._arrived.wait()

    async def working(self, address: str) -> None:
        self.signs.append(address)

    async def send(self, address: str, reply: Reply) -> str:
        self.tries += 1
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((address, reply))
        self._arrived.set()
        return f"message {len(self.sent)}"

    @property
    def said(self) -> list[str]:
        return [reply.body for _, reply in self.sent]


Open = Callable[..., Inbox]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(databases.new(tmp_path), clock)
    yield opened
    await opened.close()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
async def inbox(store: Store, post: Post) -> AsyncIterator[Open]:
    opened: list[Inbox] = []

    def open_(
        handle: Callable[[Request], Awaitable[Reply]] = echo,
        pauses: list[float] | None = None,
        worded: Worded | None = None,
    ) -> Inbox:
        async def pause(seconds: float) -> None:
            (pauses if pauses is not None else []).append(seconds)

        opened.append(Inbox(handle, store, lambda: "ref-1234", pause, worded))
        opened[-1].channels["fake"] = post
        return opened[-1]

    yield open_
    for one in opened:
        await one.finish(0)
