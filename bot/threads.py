"""What threads remember and what was asked in them: written behind the replies, in order."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from bot.answers.followup import Context
from bot.conversation import Origin
from bot.store import Question, Store, StoreUnusable

_log = logging.getLogger(__name__)
_Thread = tuple[str, str, str]


class Threads:
    """A follow-up finds what is not written yet."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unwritten: dict[_Thread, tuple[Context, asyncio.Task[None]]] = {}
        self._writing: set[asyncio.Task[None]] = set()
        self._in_order = asyncio.Lock()

    async def context(self, origin: Origin) -> Context | None:
        """What the thread was about: what is still being written, else what the store has. Where
        that cannot be read, a question is answered as if it stood alone."""
        if _thread(origin) in self._unwritten:
            return self._unwritten[_thread(origin)][0]
        try:
            kept = await self._store.context(origin)
        except StoreUnusable as error:
            _log.error("Answering without what the thread was about: %s", error)
            return None
        return Context.from_json(kept) if kept else None

    def keep(
        self,
        origin: Origin,
        context: Context,
        question: Question,
        then: Callable[[], Awaitable[None]],
    ) -> None:
        """Have the question and, in a thread, what it remembers from now on written; `then` is
        what is to be done after it."""
        task = self.behind(self._write(origin, context, question, then))
        if origin.thread:
            self._unwritten[_thread(origin)] = context, task

    def behind(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        """Have something done that nobody waits for; what fails in the store is logged."""
        task = asyncio.create_task(_logged(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return task

    async def settled(self, origin: Origin) -> None:
        """Wait until what this thread remembers is written, or could not be."""
        if unwritten := self._unwritten.get(_thread(origin)):
            await asyncio.wait({unwritten[1]})

    async def written(self) -> None:
        """Wait until all that was begun is written."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    async def _write(
        self,
        origin: Origin,
        context: Context,
        question: Question,
        then: Callable[[], Awaitable[None]],
    ) -> None:
        async with self._in_order:
            try:
                await self._store.remember(origin, context.to_json(), question)
                await then()
            finally:
                if self._unwritten.get(_thread(origin), (None,))[0] is context:
                    del self._unwritten[_thread(origin)]


async def _logged(work: Coroutine[None, None, None]) -> None:
    try:
        await work
    except StoreUnusable as error:
        _log.error("A question could not be kept: %s", error)


def _thread(origin: Origin) -> _Thread:
    """What names a thread; who spoke in it does not."""
    return origin.community, origin.channel, origin.thread
