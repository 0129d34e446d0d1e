"""A platform to post on, in memory: what stands on its walls, and what goes wrong there."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from bot.conversation import Reply


@dataclass
class Walls:
    """A `delivery.Publisher`. `before` and `after` are raised by the next posts, before or after
    what they post stands there; None raises nothing. Where it does not `tell`, nobody can look
    up what stands there."""

    tells: bool = True
    before: deque[Exception | None] = field(default_factory=deque)
    after: deque[Exception | None] = field(default_factory=deque)
    looking: deque[Exception | None] = field(default_factory=deque)
    posted: list[tuple[str, str, Reply]] = field(default_factory=list)
    looked: int = 0
    in_the_way: str = ""
    used: asyncio.Event = field(default_factory=asyncio.Event)  # once anything is posted
    communities: Collection[str] | None = None

    async def publish(self, place: str, reply: Reply, key: str) -> None:
        _raise(self.before)
        self.posted.append((place, key, reply))
        self.used.set()
        _raise(self.after)

    async def published(self, place: str, key: str, since: datetime) -> bool | None:
        self.looked += 1
        _raise(self.looking)
        return any(one[:2] == (place, key) for one in self.posted) if self.tells else None

    async def hindrance(self, place: str) -> str:
        return self.in_the_way

    def on(self, place: str) -> list[Reply]:
        """What stands on one wall."""
        return [reply for there, _, reply in self.posted if there == place]


def _raise(waiting: deque[Exception | None]) -> None:
    if waiting and (error := waiting.popleft()):
        raise error
