"""What emulate has nothing of, answered as Slack documents it. This is all of it:

assistant.threads.setStatus and .setSuggestedPrompts, chat.startStream, .appendStream and
.stopStream (what they make stands in emulate as a message that is posted and changed), and
apps.connections.open. Response urls and WebSockets are in `between` and `ways`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Ask = Callable[[str, Json], Awaitable[Json]]
MOST_PROMPTS = 4
_NOTHING_YET = "…"  # emulate takes no empty message
_DONE: Json = {"ok": True}


def refused(error: str) -> Json:
    return {"ok": False, "error": error}


@dataclass
class Documented:
    """`ask` calls emulate as the bot; `connect` gives the address of a new WebSocket."""

    ask: Ask
    connect: Callable[[], str]
    signs: dict[tuple[str, str], str] = field(default_factory=dict)  # that stand now
    signed: list[Json] = field(default_factory=list)  # every call for one
    suggested: dict[str, list[Json]] = field(default_factory=dict)  # by the chat
    streams: dict[tuple[str, str], list[str]] = field(default_factory=dict)  # open ones
    streamed: list[tuple[str, list[str]]] = field(default_factory=list)  # ended: ts, pieces

    def has(self, method: str) -> bool:
        return method in _ANSWERS

    async def answer(self, method: str, arguments: Json, token: str) -> Json:
        """What Slack would answer."""
        wanted = "xapp-" if method == "apps.connections.open" else "xoxb-"
        if not token.startswith(wanted):
            return refused("not_allowed_token_type")
        return await _ANSWERS[method](self, arguments)

    def posted(self, channel: str, thread: str) -> None:
        """Something stands there for everyone, so Slack takes the sign away."""
        self.signs.pop((channel, thread), None)

    async def _status(self, arguments: Json) -> Json:
        place = (str(arguments.get("channel_id", "")), str(arguments.get("thread_ts", "")))
        if not all(place) or "status" not in arguments:
            return refused("invalid_arguments")
        found = await self.ask("conversations.replies", {"channel": place[0], "ts": place[1]})
        if not found.get("messages"):
            return refused("invalid_thread_ts")
        self.signed.append(arguments)
        self.signs.pop(place, None)
        if arguments["status"]:
            self.signs[place] = arguments["status"]
        return _DONE

    async def _prompts(self, arguments: Json) -> Json:
        prompts = arguments.get("prompts")
        if not isinstance(prompts, list) or not 0 < len(prompts) <= MOST_PROMPTS:
            return refused("invalid_arguments")
        if not all(one.keys() == {"title", "message"} and all(one.values()) for one in prompts):
            return refused("invalid_arguments")
        self.suggested[arguments["channel_id"]] = prompts
        return _DONE

    async def _start(self, arguments: Json) -> Json:
        for name in ("recipient_user_id", "recipient_team_id"):
            if not arguments.get(name):
                return refused(f"missing_{name}")
        place = {name: arguments[name] for name in ("channel", "thread_ts")}
        text = str(arguments.get("markdown_text", ""))
        answer = await self.ask("chat.postMessage", {**place, "text": text or _NOTHING_YET})
        if answer["ok"]:
            self.streams[answer["channel"], answer["ts"]] = [text] if text else []
            answer = {name: answer[name] for name in ("ok", "channel", "ts")}
        return answer

    async def _append(self, arguments: Json) -> Json:
        return await self._changed(arguments, arguments.get("blocks"))

    async def _stop(self, arguments: Json) -> Json:
        answer = await self._changed(arguments, arguments.get("blocks", []))
        if answer["ok"]:
            pieces = self.streams.pop((arguments["channel"], arguments["ts"]))
            self.streamed.append((arguments["ts"], pieces))
        return answer

    async def _changed(self, arguments: Json, below: list[Json] | None) -> Json:
        """`below` what was streamed, None while it goes on."""
        place = arguments["channel"], arguments["ts"]
        pieces = self.streams.get(place)
        if pieces is None:
            return refused("message_not_in_streaming_state")
        if text := arguments.get("markdown_text"):
            pieces.append(text)
        whole = "".join(pieces)
        markdown = [{"type": "markdown", "text": whole}] if whole else []
        made = {"channel": place[0], "ts": place[1], "text": whole or _NOTHING_YET}
        answer = await self.ask("chat.update", {**made, "blocks": [*markdown, *(below or [])]})
        return {name: answer[name] for name in ("ok", "channel", "ts", "error") if name in answer}

    async def _connections(self, arguments: Json) -> Json:
        return {**_DONE, "url": self.connect()}


_ANSWERS: dict[str, Callable[[Documented, Json], Awaitable[Json]]] = {
    "assistant.threads.setStatus": Documented._status,
    "assistant.threads.setSuggestedPrompts": Documented._prompts,
    "chat.startStream": Documented._start,
    "chat.appendStream": Documented._append,
    "chat.stopStream": Documented._stop,
    "apps.connections.open": Documented._connections,
}
