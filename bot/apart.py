"""Work done in threads of its own, so that others are heard meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

THREADS = 6  # answers are made two at a time, and some may hang

_Result = TypeVar("_Result")


class Apart:
    """Not the loop's own threads: what hangs in these must not hold up tokens and look-ups of
    names."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "answer")

    async def __call__(self, work: Callable[..., _Result], *given: object) -> _Result:
        here = copy_context().run  # so that what is logged there bears the request's reference
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, here, _told, work, *given)


def _told(work: Callable[..., _Result], *given: object) -> _Result:
    """A StopIteration cannot be raised into a future, which would wait for ever."""
    try:
        return work(*given)
    except StopIteration as error:
        raise RuntimeError("work that was done apart ran out of values") from error
