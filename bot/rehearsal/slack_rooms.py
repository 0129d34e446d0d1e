"""What stands in Slack's channels, and where the bot may post and read."""

from __future__ import annotations

import base64
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from bot.rehearsal.slack_limits import refused_message
from bot.rehearsal.slack_payloads import APP, BOT, BOT_ID, Json, new_ts

EVERY = 0.9  # seconds between two posts in a channel; a little less than the second Slack asks for
_LONGEST_PAGE = 999


@dataclass
class Rooms:
    """Every channel there is: a public one that the bot is not in is `left`, a private one `gone`,
    as one that was deleted is. `closed` are those it may not post in, by Slack's word for why.
    Where `limited`, one message a second is taken in a channel. `clock` says when something was
    posted, `ticks` counts seconds."""

    left: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    archived: set[str] = field(default_factory=set)
    closed: dict[str, str] = field(default_factory=dict)
    limited: bool = False
    clock: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    messages: dict[str, list[Json]] = field(default_factory=lambda: defaultdict(list))
    _last: dict[str, float] = field(default_factory=dict)

    def published_in(self, channel: str) -> list[Json]:
        """What was posted there with a mark, by whomever, the oldest first."""
        return [one for one in self.messages.get(channel, ()) if one.get("metadata")]

    def say(self, channel: str, text: str, **more: object) -> Json:
        """Something said there by somebody else, with whatever else is known of it."""
        said: Json = {"type": "message", "text": text, "ts": new_ts(self.clock()), **more}
        self.messages[channel].append(said)
        return said

    def post(self, channel: str, arguments: Json, by: Json | None = None) -> str:
        """Keep what the bot posts, `by` whom where it goes by other ids; its name there."""
        self._last[channel] = self.ticks()
        kept = {name: one for name, one in arguments.items() if name != "channel"}
        by_us = {"user": BOT, "bot_id": BOT_ID, "app_id": APP, **(by or {})}
        return str(self.say(channel, **{**kept, **by_us})["ts"])

    def early(self, channel: str) -> bool:
        """Whether this is more than Slack takes in a channel."""
        since = self.ticks() - self._last.get(channel, float("-inf"))
        return self.limited and since < EVERY

    def unpostable(self, channel: str, arguments: Json) -> str:
        """Slack's word for why this is not posted; "" where it is."""
        if absent := self.absent(channel):
            return absent
        if channel in self.archived:
            return "is_archived"
        if channel in self.closed:
            return self.closed[channel]
        if not arguments.get("text"):
            return "no_text"
        return refused_message(arguments) or _unmarkable(arguments.get("metadata"))

    def absent(self, channel: str) -> str:
        """Slack's word for where the bot is not; what is archived can still be read."""
        if channel in self.gone:
            return "channel_not_found"
        return "not_in_channel" if channel in self.left else ""

    def unreadable(self, arguments: Json) -> str:
        """Slack's word for why there is nothing to read; "" where there is."""
        try:
            Decimal(arguments.get("oldest") or "0")
        except InvalidOperation:
            return "invalid_ts_oldest"
        if arguments.get("cursor") and not _told(arguments):
            return "invalid_cursor"
        return self.absent(str(arguments.get("channel", "")))

    def page(self, arguments: Json) -> Json:
        """The newest messages first, no replies in threads; the payloads of marks only where they
        are asked for."""
        oldest, cursor = Decimal(arguments.get("oldest") or "0"), _told(arguments)
        limit = min(int(arguments.get("limit") or 100), _LONGEST_PAGE)
        whole = str(arguments.get("include_all_metadata", "")).lower() in ("1", "true")
        found = [
            one
            for one in reversed(self.messages.get(str(arguments["channel"]), ()))
            if one.get("thread_ts", one["ts"]) == one["ts"] and Decimal(one["ts"]) > oldest
        ]
        after = [one for one in found if not cursor or Decimal(one["ts"]) < Decimal(cursor)]
        more = len(after) > limit
        page = [_shown(one, whole=whole) for one in after[:limit]]
        answer: Json = {"messages": page, "has_more": more, "pin_count": 0}
        if more:
            name = base64.b64encode(f"next_ts:{page[-1]['ts']}".encode()).decode()
            answer["response_metadata"] = {"next_cursor": name}
        return answer


def _shown(message: Json, *, whole: bool) -> Json:
    mark = message.get("metadata")
    if whole or not mark:
        return message
    return {**message, "metadata": {"event_type": mark["event_type"]}}


def _told(arguments: Json) -> str:
    """What a cursor says; "" where there is none or it is not one of ours."""
    try:
        told = base64.b64decode(str(arguments.get("cursor", "")), validate=True).decode()
    except ValueError:
        return ""
    kind, _, ts = told.partition(":")
    return ts if kind == "next_ts" else ""


def _unmarkable(mark: object) -> str:
    """Slack's word for what is wrong with a mark; "" for nothing."""
    if mark is None:
        return ""
    found = mark if isinstance(mark, dict) else {}
    named = isinstance(found.get("event_type"), str) and found["event_type"]
    formed = named and isinstance(found.get("event_payload"), dict)
    return "" if formed else "invalid_metadata_format"
