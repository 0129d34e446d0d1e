"""Documents read and described, several at once, on as many processors as there are."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from bot.sources.describing import Describing
from bot.sources.doubles import sketch
from bot.sources.places import Held
from bot.texts import About
from indexer.parsing import Sandbox
from indexer.parsing.parsed import Parsed

AT_ONCE = max(1, min(2, os.cpu_count() or 1))

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Read:
    """A document read: its words, what it seems to be, and what it is told alike by."""

    parsed: Parsed
    about: About
    sketch: bytes


class Reader:
    """Reads documents in these sandboxes, or in some of its own. A context manager, which closes
    them.

    `describing` loads what describes texts; it is called before the first document is read, so
    that a look which finds nothing new loads neither that nor a parser.
    """

    def __init__(
        self, describing: Callable[[], Describing], sandboxes: Sequence[Sandbox] = ()
    ) -> None:
        self._load = describing
        self._sandboxes = list(sandboxes) or [Sandbox() for _ in range(AT_ONCE)]
        self.at_once = len(self._sandboxes)
        self._free: asyncio.Queue[Sandbox] = asyncio.Queue()
        for sandbox in self._sandboxes:
            self._free.put_nowait(sandbox)

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        for sandbox in self._sandboxes:
            sandbox.close()

    @property
    def sandbox(self) -> Sandbox:
        """One to read a site's list of pages in, before any page is read."""
        return self._sandboxes[0]

    async def read(self, held: Held) -> Read:
        """Raises Unreadable, or Unavailable where nothing can be read on this computer."""
        sandbox = await self._free.get()
        try:
            return await asyncio.to_thread(self._read, sandbox, held)
        finally:
            self._free.put_nowait(sandbox)

    def _read(self, sandbox: Sandbox, held: Held) -> Read:
        parsed = sandbox.read(held.content, held.name, held.media)
        about = self._describing.about(parsed, held.address, held.name)
        return Read(parsed, about, sketch(about.title, parsed.sections))

    @cached_property
    def _describing(self) -> Describing:
        return self._load()


async def in_order(
    given: Iterable[Given], make: Callable[[Given], Awaitable[Made]], at_once: int
) -> AsyncIterator[Made]:
    """What is made of each, in the order they were given, with a few being made ahead."""
    under_way: deque[asyncio.Future[Made]] = deque()
    try:
        for one in given:
            under_way.append(asyncio.ensure_future(make(one)))
            if len(under_way) > at_once:
                yield await under_way.popleft()
        while under_way:
            yield await under_way.popleft()
    finally:
        for left in under_way:
            left.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
