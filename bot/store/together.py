"""What comes while others are being written, or looked up, done together: at once for many."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

MOST_AT_ONCE = 200  # in one transaction

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class Together(Generic[_Item, _Result]):
    """Gathers what is to be written or looked up. `write` takes several, in the order they came,
    and gives a result for each."""

    def __init__(self, write: Callable[[Sequence[_Item]], Awaitable[Sequence[_Result]]]) -> None:
        self._write = write
        self._waiting: list[tuple[_Item, asyncio.Future[_Result]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, item: _Item) -> _Result:
        """Returns when it is written; raises what writing it raised."""
        written: asyncio.Future[_Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._all())
        return await written

    async def finish(self) -> None:
        """Wait for what is being done, whoever still waits for it or not."""
        if self._writing:
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _all(self) -> None:
        while self._waiting:
            now = self._waiting[:MOST_AT_ONCE]
            del self._waiting[:MOST_AT_ONCE]
            try:
                results = await self._write([item for item, _ in now])
            except Exception as error:
                for _, written in now:
                    if not written.done():
                        written.set_exception(error)
            else:
                for (_, written), result in zip(now, results, strict=True):
                    if not written.done():
                        written.set_result(result)
