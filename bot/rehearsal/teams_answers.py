"""What Teams does with answers: it shows them while they are made, and puts thumbs below them.

Both are played as Microsoft documents them, and more strictly where Teams may look away.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

_NOT_ALLOWED = "ContentStreamNotAllowed"
_DROPPED = "ContentStreamSequenceOrderPreConditionFailed"
_LONGEST, _APART = 120.0, 1.0  # seconds: of a stream, and between two requests in one
_UPDATE = {"type", "text", "entities"}
_ADDRESSED = {"channelId", "conversation", "from", "inputHint", "locale", "recipient", "serviceUrl"}
_Json = dict[str, Any]
Answer = tuple[int, _Json]


@dataclass
class Bubble:
    """A message that is still being written in a chat: what of it is read, and what may follow."""

    id: str
    begun: float
    asked: float
    sequence: int = 0
    text: str = ""
    over: str = ""  # why it takes nothing more


@dataclass
class Bubbles:
    """The streams of every chat. Where they are not `allowed` none begins. `faults` are answered
    first, one an update: a status, 202 for one that is dropped out of order, or 0 for one that
    was taken, and whose answer is lost."""

    tick: Callable[[], float] = time.monotonic
    allowed: bool = True
    faults: list[int] = field(default_factory=list)
    of: dict[str, list[Bubble]] = field(default_factory=dict)

    def open(self, chat: str) -> list[Bubble]:
        """Those that wait for their last message."""
        known = self.of.get(chat, [])
        for one in known:
            self._expire(one)
        return [one for one in known if not one.over]

    def stop(self, chat: str) -> None:
        """An officer presses Stop."""
        for one in self.open(chat):
            one.over = "Content stream was cancelled by user."

    def take(self, chat: str, activity: _Json, new: str) -> Answer:
        """How an update or the last message is answered; a stream that begins is named `new`."""
        info = stream_info(activity)
        if not chat.startswith("a:"):
            return _refused(400, "BadRequest", "Streaming is for chats of two.")
        if wrong := _malformed(activity, info):
            return _refused(400, "BadRequest", wrong)
        if "streamId" not in info:
            return self._begin(chat, activity, info, new)
        known = [one for one in self.of.get(chat, ()) if one.id == info["streamId"]]
        if not known:
            return _refused(400, "BadRequest", "No such stream.")
        return self._go_on(known[0], activity, info)

    def _begin(self, chat: str, activity: _Json, info: _Json, new: str) -> Answer:
        if not self.allowed:
            return _refused(403, _NOT_ALLOWED, "Content stream is not allowed")
        if self.open(chat):
            return _refused(403, _NOT_ALLOWED, "One stream a chat.")
        if info.get("streamSequence") != 1:
            return _refused(400, "BadRequest", "The first is number 1.")
        now = self.tick()
        bubble = Bubble(new, now, now, 1, _content(activity, info))
        self.of.setdefault(chat, []).append(bubble)
        return 201, {"id": new}

    def _go_on(self, bubble: Bubble, activity: _Json, info: _Json) -> Answer:
        self._expire(bubble)
        if bubble.over:
            return _refused(403, _NOT_ALLOWED, bubble.over)
        now = self.tick()
        if now - bubble.asked < _APART:
            return _refused(429, "", "API calls quota exceeded")
        bubble.asked = now
        final = info["streamType"] == "final"
        if not final and info["streamSequence"] <= bubble.sequence:
            return _refused(202, _DROPPED, "PreCondition failed.")
        text = _content(activity, info)
        if text and not text.startswith(bubble.text):
            told = "Request streamed content should contain the previously streamed content"
            return _refused(403, _NOT_ALLOWED, told)
        bubble.sequence = info.get("streamSequence", bubble.sequence)
        bubble.text = text or bubble.text
        if final:
            bubble.over = "Content stream is not allowed on an already completed streamed message"
        return 202, {}

    def _expire(self, bubble: Bubble) -> None:
        if not bubble.over and self.tick() - bubble.begun >= _LONGEST:
            bubble.over = "Content stream finished due to exceeded streaming time."


def stream_info(activity: _Json) -> _Json:
    """What an activity says of the stream it belongs to; empty where it belongs to none."""
    entities: list[_Json] = activity.get("entities") or []
    return next((one for one in entities if one["type"] == "streaminfo"), {})


def refusal_of_stream(status: int) -> Answer:
    """One of `Bubbles.faults`."""
    if status == 202:
        return _refused(202, _DROPPED, "PreCondition failed.")
    return _refused(status, "", "API calls quota exceeded")


def thumb(message: str, activity: _Json, reaction: str, told: object = "") -> _Json:
    """What changes an activity to an officer's thumb below that message, and what they told in
    Teams' own form. There is one only where the message asks for it."""
    assert activity["type"] == "message"
    assert activity["channelData"] == {"feedbackLoop": {"type": "default"}}, "no thumbs below it"
    feedback = json.dumps({"feedbackText": told}) if isinstance(told, str) else told
    said = {"reaction": reaction, "feedback": feedback}
    value = {"actionName": "feedback", "actionValue": said}
    named = {"type": "invoke", "name": "message/submitAction", "replyToId": message}
    return {**named, "value": value, "conversation": activity["conversation"]}


def _content(activity: _Json, info: _Json) -> str:
    """Its text, unless that only tells what is being done."""
    return "" if info["streamType"] == "informative" else str(activity["text"])


def _malformed(activity: _Json, info: _Json) -> str:
    """What is wrong with an update, or with the last message."""
    if not activity.get("text"):
        return "Start streaming activities should include text"
    if info.get("streamType") == "final":
        whole = activity["type"] == "message" and set(info) == {"type", "streamId", "streamType"}
        return "" if whole else "The last is a message with its stream's id and no number."
    if info.get("streamType") not in ("informative", "streaming"):
        return "No such streamType."
    if activity["type"] != "typing" or set(activity) - _ADDRESSED != _UPDATE:
        return "An update is a typing activity, and nothing but text and its streaminfo."
    if len(activity["entities"]) != 1 or not isinstance(info.get("streamSequence"), int):
        return "An update has one entity, with a number."
    strange = set(info) - {"type", "streamId", "streamType", "streamSequence"}
    return f"Unknown: {strange}" if strange else ""


def _refused(status: int, code: str, told: str) -> Answer:
    return status, {"error": {"code": code, "message": told}}
