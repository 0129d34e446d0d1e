"""Replies shown while they are made: in chats of two alone, and one in a chat at a time.

Microsoft documents it under "Stream bot messages": numbered updates, each with the whole text so
far, and a message that ends them and begins with what they showed. They are called for one after
the other, and not too often.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from botbuilder.schema import ConversationReference

from bot.conversation import Reply
from bot.delivery import MaybeSent, NotSent
from bot.teams.adapter import ChannelAdapter, Refused, as_activity
from bot.teams.addresses import is_apart, is_own, is_personal, message_name, reference
from bot.teams.cards import activity as shown
from bot.teams.markdown import growing
from bot.teams.posting import Posting

APART = 1.5  # seconds between two updates; Microsoft asks for one and a half to two
LAST_APART = 1.0  # seconds between the last one and the message; more than one a second is refused
LONGEST = 120.0  # seconds; then Teams ends a stream itself
DROPPED = "ContentStreamSequenceOrderPreConditionFailed"
_PLAIN = {"type": "message", "textFormat": "markdown"}
_STOPPED = "cancel"  # in its sentence, where the officer pressed Stop; the code is as for others

_Json = dict[str, Any]
Tick = Callable[[], float]
Pause = Callable[[float], Awaitable[object]]


class Streams:
    """Those that are open, by their chats."""

    def __init__(self, adapter: ChannelAdapter, posting: Posting, tick: Tick, pause: Pause) -> None:
        self._adapter, self._posting = adapter, posting
        self._tick, self._pause = tick, pause
        self._open: dict[str, LiveReply] = {}

    def begin(self, address: str) -> LiveReply | None:
        """See `delivery.Streaming`."""
        there = reference(address)
        there.activity_id = None  # its requests are posted to the chat, not below a message
        if is_apart(address) or is_own(address) or not is_personal(there.conversation):
            return None
        self._open = {chat: one for chat, one in self._open.items() if not one.over}
        if there.conversation.id in self._open:
            return None
        wire = _Wire(self._adapter, there, self._tick, self._pause)
        live = LiveReply(wire, self._posting, address)
        self._open[there.conversation.id] = live
        return live

    async def close(self) -> None:
        """Show no more."""
        for one in self._open.values():
            await one.quiet()


class LiveReply:
    """A `delivery.Stream`. Where it cannot be ended as a stream, the whole reply is put in the
    place of what was shown, and where not even that can be, it is posted as any other."""

    def __init__(self, wire: _Wire, posting: Posting, address: str) -> None:
        self._wire, self._posting, self._address = wire, posting, address
        self._sentences: list[str] = []
        self._showing: asyncio.Task[None] | None = None
        self._asking = asyncio.Lock()
        self._ended = False

    @property
    def over(self) -> bool:
        """Whether another may be begun in its chat."""
        return self._ended or self._wire.late

    async def add(self, text: str) -> None:
        """Show one more sentence, soon: what is given meanwhile is shown together."""
        self._sentences.append(text)
        if self._showing is None or self._showing.done():
            self._showing = asyncio.create_task(self._show())

    async def end(self, reply: Reply) -> str:
        """See `delivery.Stream`. After an officer pressed Stop nothing more is said, as Teams
        asks."""
        await self.quiet()
        message = await self._whole(reply)
        self._ended = True
        return message

    async def quiet(self) -> None:
        """Show nothing more. What is on its way arrives first."""
        if self._showing:
            async with self._asking:
                self._showing.cancel()
            await asyncio.gather(self._showing, return_exceptions=True)

    async def _show(self) -> None:
        wire = self._wire
        while wire.open and growing(self._sentences) != wire.text:
            await wire.wait(APART)
            async with self._asking:
                await wire.update(growing(self._sentences))

    async def _whole(self, reply: Reply) -> str:
        wire, message = self._wire, shown(reply)
        if wire.id and wire.open and await wire.end(message):
            return wire.name
        if wire.stopped:
            return ""
        if wire.id and await wire.put(message):
            return wire.name
        return await self._posting.send(self._address, reply)


class _Wire:
    """The requests that a stream is made of, one at a time."""

    def __init__(
        self, adapter: ChannelAdapter, there: ConversationReference, tick: Tick, pause: Pause
    ) -> None:
        self._adapter, self._tick, self._pause = adapter, tick, pause
        self._there = there
        self._sequence, self._began, self._asked = 0, tick(), float("-inf")
        self.id = self.text = ""
        self.stopped = self._closed = False

    @property
    def name(self) -> str:
        """The message's; see `Posting.send`."""
        return message_name(self._there.conversation, self.id)

    @property
    def late(self) -> bool:
        """Whether it has taken as long as Teams lets it."""
        return self._tick() - self._began >= LONGEST

    @property
    def open(self) -> bool:
        """Whether more can be said in it."""
        return not self._closed and not self.late

    async def wait(self, apart: float) -> None:
        """Until that many seconds after the last request, or what Teams asked for instead."""
        seconds = self._asked + apart - self._tick()
        if seconds > 0:
            await self._pause(seconds)

    async def update(self, text: str) -> None:
        """Show the text so far. What fails here is made good by the end."""
        kind = {"streamType": "streaming", "streamSequence": self._sequence + 1}
        try:
            given = await self._ask(
                {"type": "typing", "text": text, "entities": [self._info(kind)]}
            )
        except NotSent as error:
            self._asked += error.seconds
        except MaybeSent:
            self._sequence, self.text = self._sequence + 1, text
            self._closed = not self.id  # it may stand there, and nobody knows its name
        except Refused as error:
            self._sequence += 1
            self._closed = error.code != DROPPED
            self.stopped = _STOPPED in error.told.lower()
        else:
            self._sequence, self.text, self.id = self._sequence + 1, text, self.id or given
            self._closed = not self.id

    async def end(self, message: _Json) -> bool:
        """The message that ends it; False where it does not stand there whole. Raises NotSent,
        and may be called again then: Teams refuses a second one."""
        fits = str(message["text"]).startswith(self.text)
        last = message if fits else {**_PLAIN, "text": self.text}
        entities = [*last.get("entities", ()), self._info({"streamType": "final"})]
        await self.wait(LAST_APART)
        try:
            await self._ask({**last, "entities": entities})
        except MaybeSent as error:
            raise NotSent(str(error)) from error
        except Refused as error:
            fits, self.stopped = False, _STOPPED in error.told.lower()
        self._closed = True
        return fits

    async def put(self, message: _Json) -> bool:
        """The message in the place of what was shown; False where Teams refuses it. Raises
        NotSent, and may be called again then: it changes nothing more."""
        try:
            await self._adapter.amend(self._there, self.id, as_activity(message))
        except MaybeSent as error:
            raise NotSent(str(error)) from error
        except Refused:
            return False
        return True

    async def _ask(self, said: _Json) -> str:
        try:
            return await self._adapter.reach(self._there, as_activity(said))
        finally:
            self._asked = self._tick()

    def _info(self, kind: _Json) -> _Json:
        return {"type": "streaminfo", **({"streamId": self.id} if self.id else {}), **kind}
