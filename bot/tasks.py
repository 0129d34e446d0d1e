"""Work that is begun and not waited for, or not for long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

_log = logging.getLogger(__name__)
_Result = TypeVar("_Result")


class TooLate(Exception):
    """What was waited for takes longer than it may; it goes on."""


class Tasks:
    """Keeps hold of what was begun until it has ended."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, work: Coroutine[object, object, _Result]) -> asyncio.Task[_Result]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    async def within(self, seconds: float, work: Coroutine[object, object, _Result]) -> _Result:
        """Not longer, and without cancelling: a database in a thread is done when it is done.
        Raises TooLate."""
        task = self.begin(work)
        done, _ = await asyncio.wait({task}, timeout=seconds)
        if not done:
            raise TooLate(f"the database has not answered within {seconds:g} seconds")
        return task.result()

    async def finish(self, seconds: float) -> int:
        """Wait for everything; how many had not ended by then and were cancelled."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(set(self._tasks))
        late = set(self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return len(late)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.debug("A task ended with %s", type(error).__name__)
