"""What is posted in a channel without being asked: each once, marked, and looked up there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.conversation import Reply
from bot.delivery import Gone, MaybeSent, NotSent
from bot.slack.blocks import message, whole
from bot.slack.posting import Arguments, Refused, logged, shown, told
from bot.slack.sign_in import Identity

EVENT = "outcomes_digest"  # Slack's name for the kind of mark
EVERY = 1.0  # seconds between two posts in a channel, as Slack wants it
PAGE, MOST_PAGES = 200, 25  # messages a page; what is not found within these is not looked for
EARLIER = timedelta(minutes=1)  # that our clock may be ahead of Slack's
LATER = 60.0  # seconds until it may be asked again what Slack will not tell now
ASKED_WITHIN = 1.0  # seconds; whoever sets something up waits for this
_MOST_KNOWN = 1_000
_NOT_HERE = ("channel_not_found", "not_in_channel")
_ARCHIVED = "is_archived"
_FORBIDDEN = "restricted_action"  # and the words that begin so: read-only, for threads only
# Slack's words for a workspace where nothing can be posted for the time being.
_NOT_NOW = ("message_limit_exceeded", "org_login_required", "team_added_to_org")

_log = logging.getLogger(__name__)


class Pace:
    """Turns to post, a channel's one after another. `clock` and `pause` count seconds."""

    def __init__(
        self, clock: Callable[[], float], pause: Callable[[float], Awaitable[None]]
    ) -> None:
        self._clock, self._pause = clock, pause
        self._next: dict[str, float] = {}  # from when on a channel may be posted in again
        self._most = _MOST_KNOWN

    async def turn(self, channel: str) -> None:
        """Wait until it is this one's."""
        now = self._clock()
        turn = max(now, self._next.get(channel, now))
        self._forget(now)
        self._next[channel] = turn + EVERY
        if turn > now:
            await self._pause(turn - now)

    def __len__(self) -> int:
        return len(self._next)

    def _forget(self, now: float) -> None:
        """Only channels that were posted in within the last second need to be known."""
        if len(self._next) >= self._most:
            self._next = {name: free for name, free in self._next.items() if free > now}
            self._most = max(_MOST_KNOWN, 2 * len(self._next))


class Publishing:
    """Posts in channels and reads back what it posted. `client` must repeat nothing by itself;
    `identity` is who we are, None while Slack has not said."""

    def __init__(
        self, client: AsyncWebClient, identity: Callable[[], Identity | None], pace: Pace
    ) -> None:
        self._client, self._identity, self._pace = client, identity, pace

    async def publish(self, channel: str, reply: Reply, key: str) -> None:
        """See `delivery.Publisher`. Raises Refused where Slack will not have it."""
        mark = {"event_type": EVENT, "event_payload": {"key": key}}

        async def post(said: Arguments) -> None:
            arguments = {"channel": channel, "metadata": mark, **said}
            await told(self._client.api_call("chat.postMessage", json=arguments))

        await self._pace.turn(channel)
        try:
            with logged("chat.postMessage"):
                await shown(post, message(reply), whole(reply))
        except Refused as error:
            raise _meant(error) from None

    async def published(self, channel: str, key: str, since: datetime) -> bool:
        """See `delivery.Publisher`. Never False before all of it was read."""
        identity = self._identity()
        if identity is None:
            raise NotSent("Slack has not said yet who I am", LATER)
        oldest, cursor = f"{(since - EARLIER).timestamp():.6f}", ""
        for _ in range(MOST_PAGES):
            page = await self._page(channel, oldest, cursor)
            if any(_marked(one, key, identity) for one in page.get("messages") or ()):
                return True
            more: Any = page.get("response_metadata") or {}
            cursor = str(more.get("next_cursor") or "")
            if not cursor and not page.get("has_more"):
                return False
            if not cursor:
                break
        raise NotSent("Slack did not tell all that was posted in the channel", LATER)

    async def hindrance(self, channel: str) -> str:
        """See `delivery.Publisher`: whether we are there, as far as Slack says so at once."""
        identity = self._identity()
        try:
            async with asyncio.timeout(ASKED_WITHIN):
                await self._history(channel, limit=1)
        except Refused as error:
            if str(error) in _NOT_HERE and identity:
                invite = f"Type /invite @{identity.name} here, then try again."
                return f"I am not in this channel yet. {invite}"
            return "This channel is archived." if str(error) == _ARCHIVED else ""
        except (NotSent, MaybeSent, TimeoutError):
            pass
        return ""

    async def _page(self, channel: str, oldest: str, cursor: str) -> AsyncSlackResponse:
        """Nothing is posted by reading, so whatever went wrong may be tried again."""
        try:
            since = {"oldest": oldest, **({"cursor": cursor} if cursor else {})}
            return await self._history(channel, limit=PAGE, include_all_metadata=True, **since)
        except MaybeSent as error:
            raise NotSent(str(error)) from None
        except Refused as error:
            meant = _meant(error)
            if isinstance(meant, Gone):
                raise meant from None
            raise NotSent(f"Slack will not tell what was posted ({error})", LATER) from None

    async def _history(self, channel: str, **wanted: object) -> AsyncSlackResponse:
        """The newest messages first. Raises NotSent, MaybeSent or Refused."""
        with logged("conversations.history"):
            return await told(self._asked(channel, wanted))

    async def _asked(self, channel: str, wanted: Mapping[str, Any]) -> AsyncSlackResponse:
        try:
            return await self._client.conversations_history(channel=channel, **wanted)
        except SlackApiError as error:
            data: Any = getattr(error.response, "data", None)
            if isinstance(data, dict) and data.get("needed"):
                _log.warning("Slack wants the scope %s", str(data["needed"])[:100])
            raise


def _marked(posted: Mapping[str, Any], key: str, identity: Identity) -> bool:
    """Whether this is ours and has the key. Anybody's app may mark a message in any way."""
    mark = posted.get("metadata") or {}
    payload = mark.get("event_payload") or {}
    we = {identity.user, identity.bot} - {""}
    ours = posted.get("user") in we or posted.get("bot_id") in we
    return ours and mark.get("event_type") == EVENT and payload.get("key") == key


def _meant(error: Refused) -> Exception:
    """What Slack's word means for the channel: closed to us for good, for a while, or neither."""
    word = str(error)
    if word in _NOT_HERE:
        return Gone("the channel is gone, or I am not in it any more")
    if word == _ARCHIVED:
        return Gone("the channel is archived")
    if word.startswith(_FORBIDDEN):
        return Gone("I may not post there")
    return (
        NotSent(f"Slack takes nothing at the moment ({word})", LATER) if word in _NOT_NOW else error
    )
