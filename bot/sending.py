"""Replies sent: each once, as far as its platform lets that be known, and never in silence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping

from bot.conversation import Reply
from bot.delivery import (
    Channel,
    Heard,
    MaybeSent,
    NotSent,
    RatesByMessage,
    Stream,
    Streaming,
)
from bot.failures import apology, log_failure, uncertain
from bot.store import Entry, Store, StoreUnusable
from bot.tasks import Tasks, TooLate

NOTED_IN = 2.0  # seconds that an answer waits for the ledger to be written
SHOWN_IN = 2.0  # seconds that a sentence has to be shown, of a reply that is still made
MOST_SENDS = 6
MOST_SAID = 4  # times that it is tried to apologise
MOST_NOTES = 6  # times that it is tried to note which message an answer became

_log = logging.getLogger(__name__)


class Taken(Exception):
    """Another process has taken it up since, and is to answer it."""


class Live:
    """What is shown of a reply while it is made, where its platform can do that: nothing before
    the first sentence. Whatever goes wrong ends the showing, and the reply comes as it would
    have come without."""

    def __init__(self, channel: Channel | None, heard: Heard) -> None:
        self.stream: Stream | None = None
        self._channel = channel if isinstance(channel, Streaming) and not heard.private else None
        self._address = heard.address

    async def told(self, sentence: str) -> bool:
        """Show one more sentence; whether an officer may have seen it."""
        if self._channel is None:
            return False
        try:
            async with asyncio.timeout(SHOWN_IN):
                return await self._shown(self._channel, sentence)
        except Exception as error:
            self._channel = None
            _log.warning("No more of an answer is shown while it is made: %s", type(error).__name__)
            return self.stream is not None

    async def _shown(self, channel: Streaming, sentence: str) -> bool:
        if self.stream is None:
            self.stream = await channel.begin(self._address)
        if self.stream is None:
            self._channel = None
            return False
        await self.stream.add(sentence)
        return True


class Sending:
    """The way out. `channels` are the platforms' own, by name."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        tasks: Tasks,
        reference: Callable[[], str],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._store, self._channels, self._tasks = store, channels, tasks
        self._reference, self._pause = reference, pause

    async def send(self, entry: Entry, reply: Reply, stream: Stream | None = None) -> bool:
        """Post it once, as far as the platform lets us know, in the place of what the `stream`
        showed of it; its faults end here. False where the platform is away, so that it is to be
        tried again later, and where another process has taken it up since."""
        heard = entry.heard
        try:
            await self._posted(entry, reply, stream)
        except Taken:
            _log.warning("An answer was made too late: another process has taken its question up")
            return False
        except NotSent as error:
            if await self._postponed(heard):
                _log.warning("An answer waits, since its platform is away: %s", error)
                return False
            await self._gave_up(heard, error)
        except MaybeSent as error:
            reference = self._reference()
            _log.error("An answer may not have arrived, reference %s: %s", reference, error)
            await self._apologise(heard, uncertain(reference))
        except Exception as error:
            await self._gave_up(heard, error)
        return True

    async def note(self, writing: Coroutine[object, object, bool | None]) -> bool | None:
        """Write to the store, or go on without: the answer matters more. What writing it said,
        None where it could not be written."""
        try:
            return await self._tasks.within(NOTED_IN, writing)
        except (StoreUnusable, TooLate) as error:
            _log.error("What became of an answer could not be written: %s", error)
            return None

    @contextlib.asynccontextmanager
    async def sign(self, heard: Heard) -> AsyncIterator[asyncio.Task[None]]:
        """The sign that an answer is being made, being shown meanwhile."""
        sign = asyncio.create_task(self._show_working(heard))
        try:
            yield sign
        finally:
            sign.cancel()

    async def _show_working(self, heard: Heard) -> None:
        try:
            if channel := self._channels.get(heard.platform):
                await channel.working(heard.address)
        except Exception as error:  # a sign is of no consequence
            _log.debug("No sign of working: %s", type(error).__name__)

    async def _posted(self, entry: Entry, reply: Reply, stream: Stream | None) -> None:
        heard, ledger = entry.heard, self._store.ledger
        for attempt in range(MOST_SENDS):
            if await self.note(ledger.sending(heard, entry.attempts)) is False:
                raise Taken
            try:
                message = await self._once(heard, reply, stream)
            except NotSent as error:
                if attempt + 1 == MOST_SENDS:
                    raise
                await self.note(ledger.waiting(heard, entry.attempts))
                await self._pause(max(error.seconds, 2.0**attempt))
            else:
                known_by = isinstance(self._channels[heard.platform], RatesByMessage)
                if reply.feedback and message and known_by:
                    community = heard.request.origin.community
                    self._tasks.begin(self._named(community, reply.feedback, message))
                return

    async def _once(self, heard: Heard, reply: Reply, stream: Stream | None) -> str:
        """By the stream where there is one; as ever where that was refused."""
        channel = self._channels[heard.platform]
        if stream is None:
            return await channel.send(heard.address, reply)
        try:
            return await stream.end(reply)
        except (NotSent, MaybeSent):
            raise
        except Exception as error:
            _log.warning("A stream could not be ended, so its answer is posted: %s", error)
            return await channel.send(heard.address, reply)

    async def _named(self, community: str, name: str, message: str) -> None:
        """Note which message an answer became, for what officers say of it. Its question is
        written behind the answer, and may not be there yet."""
        ratings = self._store.ratings(community)
        for attempt in range(MOST_NOTES):
            try:
                if await ratings.posted(name, message):
                    return
            except StoreUnusable as error:
                _log.warning("The message of an answer could not be noted: %s", error)
            await self._pause(0.2 * 2.0**attempt)

    async def _gave_up(self, heard: Heard, error: Exception) -> None:
        reference = self._reference()
        log_failure(error, reference)
        await self._apologise(heard, apology(reference))

    async def _postponed(self, heard: Heard) -> bool:
        try:
            return await self._store.ledger.postpone(heard)
        except StoreUnusable:
            return False

    async def _apologise(self, heard: Heard, reply: Reply) -> None:
        """Tried again whatever came of it: said twice it does less harm than not at all."""
        for attempt in range(MOST_SAID):
            try:
                await self._channels[heard.platform].send(heard.address, reply)
            except (NotSent, MaybeSent) as error:
                fault: Exception = error
                if attempt + 1 < MOST_SAID:
                    await self._pause(max(getattr(error, "seconds", 0.0), 2.0**attempt))
            except Exception as error:
                fault = error
                break
            else:
                return
        _log.error("Nor could this be said (%s): %s", type(fault).__name__, reply.body)
