"""What is posted without being asked: a new post in a channel, a message in a group chat."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from botbuilder.schema import ConversationReference

from bot.conversation import Reply
from bot.delivery import Gone, NotSent
from bot.teams.adapter import Connector, Refused
from bot.teams.addresses import channel_of, reference
from bot.teams.cards import activity

APART = 1.0  # seconds between two posts in one conversation
LONGEST_WAIT = 3_600.0  # a digest waits as long as Teams asks for, unless that is absurd
LOOK_AGAIN = 60.0  # seconds after a refusal whose reason is not known: it may be a proxy's
GONE = (403, 404)
_CHANNEL_CLOSED = "I may not post in the channel: it is archived, or I was taken out of the team"
_CHAT_CLOSED = "I may not post in the chat: most likely I was taken out of it"
# What Microsoft documents for a place that takes nothing more, by its code. No other code ends a
# digest.
_IN_CHANNELS = {
    "BotNotInConversationRoster": "I was taken out of the team",
    "BotDisabledByAdmin": "an administrator has blocked me in Teams",
    "ConversationBlockedByUser": "the channel's settings do not let me post",
    "ConversationNotFound": "the channel is gone, or I was taken out of the team",
    "MessageWritesBlocked": "the channel is archived, or nobody may post in it",
    "NotEnoughPermissions": _CHANNEL_CLOSED,
}
_IN_CHATS = {
    **_IN_CHANNELS,
    "BotNotInConversationRoster": "I was taken out of the chat",
    "ConversationBlockedByUser": "I am blocked in the chat",
    "ConversationNotFound": "the chat is gone, or I was taken out of it",
    "MessageWritesBlocked": "nobody may write in the chat, or I am blocked in it",
    "NotEnoughPermissions": _CHAT_CLOSED,
}
_CODE = re.compile(r"[A-Za-z]{1,60}")  # one that may stand in the log

_Json = dict[str, object]


class Pace:
    """Parts what is posted in one conversation; what goes to others does not wait."""

    def __init__(
        self, tick: Callable[[], float], pause: Callable[[float], Awaitable[object]]
    ) -> None:
        self._tick, self._pause = tick, pause
        self._free: dict[str, float] = {}  # when each may be posted in again

    async def turn(self, conversation: str) -> None:
        """Wait until it may be posted in."""
        now = self._tick()
        if len(self._free) > 1_000:
            self._free = {one: free for one, free in self._free.items() if free > now}
        start = max(now, self._free.get(conversation, now))
        self._free[conversation] = start + APART
        if start > now:
            await self._pause(start - now)


class Publishing:
    """Posts in a place, with one request and never a second."""

    def __init__(self, connector: Connector, pace: Pace) -> None:
        self._connector, self._pace = connector, pace

    async def publish(self, place: str, reply: Reply) -> None:
        """Raises NotSent, MaybeSent or Gone; Refused where Teams does not take this reply."""
        there = reference(place)
        in_channel = there.conversation.conversation_type == "channel"
        await self._pace.turn(channel_of(there.conversation))
        path, body = _new_post(there, reply) if in_channel else _message(there, reply)
        try:
            await self._connector.request("POST", there.service_url, path, body)
        except Refused as error:
            if error.status not in GONE:
                raise
            reason = (_IN_CHANNELS if in_channel else _IN_CHATS).get(error.code or "")
            if reason is None:
                raise NotSent(_unknown(error), LOOK_AGAIN) from error
            raise Gone(reason) from error


def _new_post(there: ConversationReference, reply: Reply) -> tuple[str, _Json]:
    """A thread begun in the channel with its first message, as Microsoft documents it."""
    tenant = there.conversation.tenant_id
    return "", {
        "isGroup": True,
        "bot": {"id": there.bot.id},
        "tenantId": tenant,
        "channelData": {
            "channel": {"id": channel_of(there.conversation)},
            "tenant": {"id": tenant},
        },
        "activity": _activity(there, reply),
    }


def _message(there: ConversationReference, reply: Reply) -> tuple[str, _Json]:
    chat = there.conversation.id
    said = {"conversation": {"id": chat}, **_activity(there, reply)}
    return f"{quote(chat, safe='')}/activities", said


def _activity(there: ConversationReference, reply: Reply) -> _Json:
    return {**activity(reply), "channelId": there.channel_id, "from": {"id": there.bot.id}}


def _unknown(error: Refused) -> str:
    """A refusal that does not say that the place is closed."""
    code = error.code or ""
    return f"{error} ({code if _CODE.fullmatch(code) else 'no reason'}), which may pass"
