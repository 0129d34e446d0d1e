"""Replies shown while they are made: Slack's streams, each of which ends as one whole answer.

A stream's text is Markdown, in which Slack would read marks, mentions and addresses. So only
sentences in which it finds none are streamed; the rest comes at the end, where it parses nothing.
What became of a call is always waited for, even by whoever gave up on it, since otherwise an
answer could stand there twice.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.conversation import Reply
from bot.delivery import MaybeSent, NotSent
from bot.showing import clean, names_address
from bot.slack.blocks import below, message, whole
from bot.slack.places import Address
from bot.slack.posting import Arguments, Post, Refused, logged, shown, told

REFUSED_FOR = 600.0  # seconds that a channel in which Slack will not stream is left alone
_MOST_KNOWN = 1_000
_STILL_OPEN, _PATIENCE = "streaming_state_conflict", 2  # times that it is tried again
_MARK = re.compile(r"[<>@*_`~|\\]|&#?\w+;|:[\w+'-]+:|\[(?!\d+\])|\](?=[\[(:])|^(?:[#+-]|\d+[.)]\s)")
# What a message that is changed has in the place of what one that is posted has.
_UNPARSED: Arguments = {"parse": "none", "link_names": False}

_log = logging.getLogger(__name__)


class Streams:
    """Begins streams where there may be one. `client` must repeat nothing by itself; `clock`
    counts seconds."""

    def __init__(self, client: AsyncWebClient, post: Post, clock: Callable[[], float]) -> None:
        self._client, self._post, self._clock = client, post, clock
        self._closed: dict[str, float] = {}  # channels, until when they are left alone

    def begin(self, address: Address) -> Streamed | None:
        """A stream in the thread of an address. None where Slack needs to know more, where it
        refused lately, or where only one may see the reply: nobody may who is shown a stream."""
        known = address.thread and address.person and address.team
        if not known or address.url or self._clock() < self._closed.get(address.channel, 0.0):
            return None
        return Streamed(self, address)

    async def call(self, method: str, arguments: Arguments) -> AsyncSlackResponse:
        """Raises NotSent, MaybeSent or Refused."""
        with logged(method):
            return await told(self._client.api_call(method, json=arguments))

    async def send(self, address: Address, reply: Reply) -> str:
        """Post a reply as if there were no stream."""
        return await self._post.send(address, reply)

    def leave(self, channel: str, seconds: float) -> None:
        """Begin none there for a while."""
        if len(self._closed) >= _MOST_KNOWN:
            self._closed.clear()
        self._closed[channel] = self._clock() + seconds


class Streamed:
    """One reply; see `delivery.Stream`."""

    def __init__(self, streams: Streams, address: Address) -> None:
        self._streams, self._address = streams, address
        self._turn = asyncio.Lock()
        self._name = ""  # the message's, once Slack shows it
        self._stands = ""  # what was streamed
        self._waiting = ""  # what is to be, before anything that comes later
        self._sound = True  # no more than `_stands` is there, and more can be added
        self._over = False
        self._patience = _PATIENCE

    async def add(self, text: str) -> None:
        """See `delivery.Stream`."""
        await asyncio.shield(asyncio.create_task(self._add(text)))

    async def end(self, reply: Reply) -> str:
        """See `delivery.Stream`. Raises Refused as well, as `posting.Post.send`."""
        return await asyncio.shield(asyncio.create_task(self._end(reply)))

    async def _add(self, text: str) -> None:
        async with self._turn:
            self._waiting += f"{' '.join(clean(text).split())} "
            if self._over or not self._sound or _marked(self._waiting):
                return
            try:
                await self._show()
            except NotSent as error:  # it goes with the next
                _log.debug("A sentence could not be streamed yet: %s", error)
            except (MaybeSent, Refused):
                self._sound = False

    async def _show(self) -> None:
        if not self._name:
            await self._start()
        await self._call("chat.appendStream", markdown_text=self._waiting)
        self._stands, self._waiting = self._stands + self._waiting, ""

    async def _start(self) -> None:
        """Begin without a text: should Slack not say what became of it, no word of the answer
        stands in a message that nobody can name."""
        to = {"recipient_user_id": self._address.person, "recipient_team_id": self._address.team}
        place = {"channel": self._address.channel, "thread_ts": self._address.thread}
        try:
            answer = await self._streams.call("chat.startStream", {**place, **to})
        except (NotSent, Refused) as error:
            wait = error.seconds if isinstance(error, NotSent) else REFUSED_FOR
            self._streams.leave(self._address.channel, wait)
            raise Refused(str(error)) from None
        self._name = str(answer.get("ts") or "")
        if not self._name:
            raise Refused("a stream without a name")

    async def _end(self, reply: Reply) -> str:
        async with self._turn:
            self._over = True
            if not self._name:
                return await self._streams.send(self._address, reply)
            if self._sound and await self._completed(reply):
                return self._name
            self._sound = False
            return await self._replaced(reply)

    async def _completed(self, reply: Reply) -> bool:
        """Whether the stream could be stopped with the rest of the reply. Raises NotSent."""
        rest = None if reply.private else below(reply, self._stands)
        if rest is None:
            return False
        try:
            await self._call("chat.stopStream", **({"blocks": rest} if rest else {}))
        except (MaybeSent, Refused):
            return False
        return True

    async def _replaced(self, reply: Reply) -> str:
        """The whole reply, in the message or in another one. All but the posting of another may
        be done again whatever became of it, so what is not known is not done."""
        try:
            with suppress(Refused):  # it is stopped
                await self._call("chat.stopStream")
            if not reply.private and await self._changed(reply):
                return self._name
            with suppress(Refused):  # it is gone
                await self._call("chat.delete")
        except MaybeSent as error:
            raise NotSent(str(error)) from None
        self._name = ""
        return await self._streams.send(self._address, reply)

    async def _changed(self, reply: Reply) -> bool:
        """Whether the message could be made the whole reply. Raises NotSent or MaybeSent; a stream
        that is stopped may be open to Slack for a moment longer."""
        made = message(reply)
        said = {"text": made["text"], "blocks": made["blocks"]}
        change = partial(self._call, "chat.update", **_UNPARSED)
        try:
            await shown(lambda arguments: change(**arguments), said, whole(reply))
        except Refused as error:
            if str(error) == _STILL_OPEN and self._patience:
                self._patience -= 1
                raise NotSent("Slack has not ended a stream yet") from None
            return False
        return True

    async def _call(self, method: str, **arguments: object) -> AsyncSlackResponse:
        """Of the message that there is."""
        place = {"channel": self._address.channel, "ts": self._name}
        return await self._streams.call(method, {**place, **arguments})


def _marked(text: str) -> bool:
    """Whether Slack may read a mark in it, or make a link of a part."""
    return bool(_MARK.search(text)) or names_address(text)
