"""The way in: what was heard is entered once, and answered after what its thread asked before."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator

from bot.delivery import Heard
from bot.store import Entry, Store, StoreUnusable
from bot.tasks import Tasks
from bot.turns import Name, Turns, names

OTHERS_WITHIN, OTHERS_EVERY = 60.0, 0.1  # seconds for other processes' answers in a thread
Thread = tuple[str, str, str, str]  # platform, community, channel, thread
NOTED_AGAIN, NOTED_EVERY = 0.5, 5.0  # seconds between tries to note an answer, growing

_log = logging.getLogger(__name__)


class Entering:
    """Between the inbox and the ledger."""

    def __init__(self, store: Store, tasks: Tasks) -> None:
        self._store, self._tasks = store, tasks
        self._late: dict[Name, asyncio.Task[bool]] = {}
        self._unstored: set[Name] = set()
        self._arrivals, self._turns = Turns(), Turns()

    async def enter(self, heard: Heard, seconds: float) -> bool:
        """Into the ledger; False where it is known already. Where that fails or takes longer it is
        to be answered all the same: an officer is better served by an answer that a crash could
        lose than by none."""
        entering = self._tasks.begin(self._store.ledger.accept(heard))
        done, _ = await asyncio.wait({entering}, timeout=seconds)
        try:
            if done:
                return entering.result()
        except StoreUnusable as error:
            _log.error("Answering what could not be stored: %s", error)
            self._unstored.add(names(heard)[0])
            return True
        self._late[names(heard)[0]] = entering
        _log.error("Answering what could not be stored within %g seconds", seconds)
        return True

    def known_after_all(self, heard: Heard) -> bool:
        """Whether what was stored late turned out to be another process's to answer."""
        entering = self._late.get(names(heard)[0])
        if entering is None or not entering.done() or entering.cancelled():
            return False
        return not entering.exception() and not entering.result()

    def stored(self, heard: Heard) -> bool:
        """Whether it is known to be in the ledger."""
        name = names(heard)[0]
        entering = self._late.get(name)
        late = entering is not None and not (entering.done() and not entering.exception())
        return name not in self._unstored and not late

    @contextlib.asynccontextmanager
    async def turn(self, entry: Entry) -> AsyncIterator[None]:
        """One at a time in a thread, in the order they came. What was just heard also waits for
        what other processes heard before it, among its own kind: what one of those left behind
        and is taken up here must be able to go first."""
        heard, origin = entry.heard, entry.heard.request.origin
        thread = (heard.platform, origin.community, origin.channel, origin.thread or heard.key)
        async with contextlib.AsyncExitStack() as held:
            if not entry.attempts:
                await held.enter_async_context(await self._arrived(heard, thread))
            await held.enter_async_context(self._turns.of(thread))
            yield

    async def _arrived(self, heard: Heard, thread: Thread) -> contextlib.AsyncExitStack:
        """Its place among what this process heard in the thread, nothing ahead of it any more,
        though that is not waited for for ever. What was entered before it may come here behind it:
        then it gives its place up, or each would wait for the other."""
        until = time.monotonic() + OTHERS_WITHIN
        while True:
            async with contextlib.AsyncExitStack() as place:
                await place.enter_async_context(self._arrivals.of(thread))
                if not await self._early(heard, until):
                    return place.pop_all()
            await asyncio.sleep(OTHERS_EVERY)

    async def _early(self, heard: Heard, until: float) -> bool:
        """Wait for what other processes heard before it; whether one of ours is still to come."""
        ledger = self._store.ledger
        try:
            while await ledger.waits(heard) and time.monotonic() < until:
                if ledger.ahead.ours(heard):
                    return True
                await asyncio.sleep(OTHERS_EVERY)  # other processes can set no event here
        except StoreUnusable as error:
            _log.error("Not known what others are answering in a thread: %s", error)
        return False

    async def done(self, heard: Heard) -> None:
        """Note that it was answered, which is tried until the database answers: what is not noted
        would be answered again by whoever takes it up. What is stored late is waited for; to note
        it before would change nothing."""
        if late := self._late.get(names(heard)[0]):
            await asyncio.wait({late})
        pause = NOTED_AGAIN
        while True:
            try:
                return await self._store.ledger.done(heard)
            except StoreUnusable as error:
                if pause == NOTED_AGAIN:
                    _log.error("What became of an answer could not be written yet: %s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, NOTED_EVERY)

    def leave(self, heard: Heard) -> None:
        """It is no longer worked on here."""
        self._late.pop(names(heard)[0], None)
        self._unstored.discard(names(heard)[0])
        self._store.ledger.ahead.forget(heard)
