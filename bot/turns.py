"""Who goes before whom: turns in a thread, those at the door, and what was heard lately."""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator, Hashable, Iterator

from bot.conversation import Origin
from bot.delivery import Heard

DOOR_HELD = 1.0  # seconds that answering waits while more is being accepted
REMEMBERED = 10_000  # names held in memory, for when the database cannot be written

Name = tuple[str, str]


class Turns:
    """One at a time for each name, in the order they came; different names do not wait."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    @contextlib.asynccontextmanager
    async def of(self, name: Hashable) -> AsyncIterator[None]:
        lock, waiting = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(name)
            if waiting > 1:
                self._locks[name] = lock, waiting - 1


class Door:
    """Lets those who come in go before the work on what is inside, for a while."""

    def __init__(self) -> None:
        self._entering = 0
        self._clear = asyncio.Event()
        self._clear.set()

    @contextlib.contextmanager
    def entering(self) -> Iterator[None]:
        self._entering += 1
        self._clear.clear()
        try:
            yield
        finally:
            self._entering -= 1
            if not self._entering:
                self._clear.set()

    async def clear(self) -> None:
        """Nobody is coming in; or it has been waited for long enough."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(DOOR_HELD):
                await self._clear.wait()


class Called:
    """Threads that the bot is being called into just now, not yet written down."""

    def __init__(self) -> None:
        self._pending: dict[Hashable, list[asyncio.Event]] = {}

    @contextlib.contextmanager
    def into(self, heard: Heard) -> Iterator[None]:
        if heard.hearing != "called":
            yield
            return
        place, written = _place(heard.request.origin), asyncio.Event()
        self._pending.setdefault(place, []).append(written)
        try:
            yield
        finally:
            written.set()
            self._pending[place].remove(written)
            if not self._pending[place]:
                del self._pending[place]

    async def settled(self, origin: Origin, seconds: float) -> bool:
        """Whether the bot was being called into this thread. What was said behind the call waits
        until that is written, though not for ever, so that it stays behind it."""
        calls = list(self._pending.get(_place(origin), ()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for written in calls:
                    await written.wait()
        return bool(calls)


def _place(origin: Origin) -> Hashable:
    return origin.community, origin.channel, origin.thread


class Recent:
    """What was heard lately, by name, and whether it is answered."""

    def __init__(self) -> None:
        self._names: OrderedDict[Name, bool] = OrderedDict()

    def hear(self, heard: Heard) -> bool:
        """Take note of it; False where one of its names is known."""
        known_by = names(heard)
        if any(name in self._names for name in known_by):
            return False
        self._names.update(dict.fromkeys(known_by, False))
        while len(self._names) > REMEMBERED:
            self._names.popitem(last=False)
        return True

    def forget(self, heard: Heard) -> None:
        """It was not taken after all, so that it may come again."""
        for name in names(heard):
            self._names.pop(name, None)

    def answer(self, heard: Heard) -> None:
        self._names.update(dict.fromkeys(names(heard), True))

    def answered(self, heard: Heard) -> bool:
        return self._names.get(names(heard)[0], False)


def names(heard: Heard) -> list[Name]:
    """By which of them it may be known: its own key, and the event that brought it."""
    community = heard.request.origin.community
    return [(community, name) for name in (f"key {heard.key}", f"event {heard.event}")][
        : 2 if heard.event else 1
    ]
