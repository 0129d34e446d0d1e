"""Messages that the bot streams, changes and deletes, as Slack lets it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.rehearsal.slack_limits import refused_message
from bot.rehearsal.slack_payloads import APP, BOT, BOT_ID, Json, new_ts

LONGEST_TEXT = 12_000  # characters of a stream's text, each time
# What each method takes, and what of that it must be given.
_ARGUMENTS = {
    "chat.startStream": (
        ("channel", "thread_ts"),
        ("markdown_text", "recipient_user_id", "recipient_team_id"),
    ),
    "chat.appendStream": (("channel", "ts", "markdown_text"), ()),
    "chat.stopStream": (("channel", "ts"), ("markdown_text", "blocks")),
    "chat.update": (("channel", "ts", "text"), ("blocks", "parse", "link_names")),
    "chat.delete": (("channel", "ts"), ()),
}
METHODS = frozenset(_ARGUMENTS)
_OPEN = "in_progress"
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


def refused(method: str, arguments: Json, shown: Sequence[Json]) -> str:
    """Slack's word for why this is not done; "" where it is."""
    if error := _ill_formed(method, arguments):
        return error
    if method == "chat.startStream":
        return _unstarted(arguments)
    found = _found(arguments, shown)
    if found is None:
        return "message_not_found"
    streaming = found.get("streaming_state") == _OPEN
    match method:
        case "chat.update":
            return "streaming_state_conflict" if streaming else refused_message(arguments)
        case "chat.delete":
            return "cant_delete_message" if streaming else ""
        case _:
            wrong = "" if streaming else "message_not_in_streaming_state"
            return wrong or refused_message(arguments)


def done(method: str, arguments: Json, shown: list[Json]) -> Json:
    """Do it to what everyone sees; what Slack answers."""
    if method == "chat.startStream":
        message = _started(arguments)
        shown.append(message)
        _append(message, str(arguments.get("markdown_text", "")))
    else:
        (message,) = _all(arguments, shown)
        _change(method, message, arguments, shown)
    return {"channel": message["channel"], "ts": message["ts"]}


def expire(message: Json) -> None:
    """End a stream as Slack does by itself after some minutes."""
    message["streaming_state"] = "completed"


def _ill_formed(method: str, arguments: Json) -> str:
    needed, allowed = _ARGUMENTS[method]
    unknown = arguments.keys() - {*needed, *allowed}
    if unknown or not all(arguments.get(name) for name in needed):
        return "invalid_arguments"
    long = len(str(arguments.get("markdown_text", ""))) > LONGEST_TEXT
    return "msg_too_long" if long else ""


def _unstarted(arguments: Json) -> str:
    if not _TS.fullmatch(str(arguments["thread_ts"])):
        return "invalid_thread_ts"
    missing = [one for one in ("user", "team") if not arguments.get(f"recipient_{one}_id")]
    return f"missing_recipient_{missing[0]}_id" if missing else ""


def _started(arguments: Json) -> Json:
    kept = {name: arguments[name] for name in ("channel", "thread_ts")}
    by_us = {"user": BOT, "bot_id": BOT_ID, "app_id": APP}
    state = {"text": "", "blocks": [], "streaming_state": _OPEN}
    return {"type": "message", **kept, **by_us, **state, "ts": new_ts()}


def _change(method: str, message: Json, arguments: Json, shown: list[Json]) -> None:
    match method:
        case "chat.delete":
            shown[:] = [one for one in shown if one is not message]
        case "chat.update":
            message |= {"text": arguments["text"], "blocks": arguments.get("blocks", [])}
        case _:
            _append(message, str(arguments.get("markdown_text", "")))
    if method == "chat.stopStream":
        message["blocks"] += arguments.get("blocks", [])
        expire(message)


def _append(message: Json, text: str) -> None:
    """A stream's own text stands in one block, above any that end it."""
    message["text"] += text
    message["blocks"] = [{"type": "markdown", "text": message["text"]}] if message["text"] else []


def _found(arguments: Json, shown: Iterable[Json]) -> Json | None:
    return next(iter(_all(arguments, shown)), None)


def _all(arguments: Json, shown: Iterable[Json]) -> list[Json]:
    """By its channel and name."""
    wanted = arguments["channel"], arguments["ts"]
    return [one for one in shown if (one.get("channel"), one["ts"]) == wanted]
