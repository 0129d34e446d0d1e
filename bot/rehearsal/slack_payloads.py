"""What Slack sends, as it sends it. The workspaces, channels and people are invented."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from aiohttp import web

TEAM, OTHER_TEAM = "T0EXAMPLE", "T0ELSEWHERE"
CHANNEL, DIRECT, OFFICER = "C0TOWNHALL", "D0OFFICER", "U0OFFICER"
BOT, BOT_ID, APP = "U0OUTCOMES", "B0OUTCOMES", "A0OUTCOMES"
MENTION = f"<@{BOT}>"
WORKSPACE = "Example Council"

Json = dict[str, Any]
# What the methods of the Web API answer that a bot may call.
ANSWERS: dict[str, Json] = {
    "auth.test": {
        "url": "https://example-council.slack.com/",
        "team": WORKSPACE,
        "user": "outcomes",
        "team_id": TEAM,
        "user_id": BOT,
        "bot_id": BOT_ID,
    },
    "apps.connections.open": {},
    "auth.revoke": {},
    "oauth.v2.access": {},
    "assistant.threads.setStatus": {},
    "bots.info": {"bot": {"id": BOT_ID, "app_id": APP}},
    "assistant.threads.setSuggestedPrompts": {},
    "chat.appendStream": {},
    "chat.delete": {},
    "chat.postEphemeral": {},
    "chat.postMessage": {},
    "chat.startStream": {},
    "chat.stopStream": {},
    "chat.update": {},
    "conversations.history": {},
    "conversations.open": {},
    "users.info": {},
    "views.open": {},
    "views.publish": {},
    "views.update": {},
}

_numbers = itertools.count(1)


def new_ts(seconds: float = 1_764_000_000) -> str:
    """A message's name in its channel, by when it was posted; Slack never gives one twice."""
    return f"{int(seconds)}.{next(_numbers) % 1_000_000:06d}"


def event(kind: str, text: str, **changes: object) -> Json:
    """An event of something said, with its wrapper. A change of None takes a part away."""
    number = next(_numbers)
    said: Json = {
        "type": kind,
        "user": OFFICER,
        "text": text,
        "ts": f"1764000000.{number:06d}",
        "channel": CHANNEL,
        "team": TEAM,
        "event_ts": f"1764000000.{number:06d}",
    }
    outer: Json = {name: changes.pop(name) for name in ("team_id", "event_id") if name in changes}
    return {
        "token": "unused",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": _changed(said, changes),
        "type": "event_callback",
        "event_id": f"Ev{number}",
        "event_time": 1764000000,
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}
        ],
        "is_ext_shared_channel": False,
        **outer,
    }


def mention(text: str, **changes: object) -> Json:
    return event("app_mention", f"{MENTION} {text}", **changes)


def message(text: str, **changes: object) -> Json:
    """A message in a channel, or in whatever the changes say."""
    return event("message", text, **{"channel_type": "channel", **changes})


def direct(text: str, **changes: object) -> Json:
    return message(text, **{"channel": DIRECT, "channel_type": "im", **changes})


def command(text: str, response_url: str, **changes: object) -> Json:
    """`/outcomes` and what was typed behind it, or another command; Slack posts this as a form."""
    sent: Json = {
        "command": "/outcomes",
        "text": text,
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "channel_name": "town-hall",
        "user_id": OFFICER,
        "user_name": "officer",
        "api_app_id": APP,
        "response_url": response_url,
        "trigger_id": f"trigger-{next(_numbers)}",
    }
    return _changed(sent, changes)


def press(
    button: Mapping[str, Any], response_url: str, shown: Mapping[str, Any], **changes: object
) -> Json:
    """A button pressed in a message of the bot's: `shown` is what was posted, and its `ts`."""
    ephemeral, number = shown.get("response_type") == "ephemeral", next(_numbers)
    ts = str(shown["ts"])
    thread = {"thread_ts": shown["thread_ts"]} if shown.get("thread_ts") else {}
    channel = str(shown.get("channel") or CHANNEL)
    sent: Json = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "example-council"},
        "enterprise": None,
        "user": {"id": OFFICER, "username": "officer", "team_id": TEAM},
        "api_app_id": APP,
        "container": {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": ephemeral,
            **thread,
        },
        "channel": {"id": channel, "name": "town-hall"},
        "trigger_id": f"trigger-{number}",
        "response_url": response_url,
        "actions": [{**button, "block_id": "b1", "action_ts": f"1764000001.{number:06d}"}],
    }
    if not ephemeral:
        sent["message"] = {"type": "message", "user": BOT, "ts": ts, "text": "", **thread}
    return _changed(sent, changes)


def shortcut(said: Mapping[str, Any], response_url: str, **changes: object) -> Json:
    """A message picked out by "Tag this as a project": `said` is the message."""
    number = next(_numbers)
    sent: Json = {
        "type": "message_action",
        "callback_id": "tag_project",
        "team": {"id": TEAM, "domain": "example-council"},
        "enterprise": None,
        "user": {"id": OFFICER, "username": "officer", "team_id": TEAM},
        "channel": {"id": CHANNEL, "name": "town-hall"},
        "message_ts": said.get("ts", ""),
        "message": {"type": "message", **said},
        "trigger_id": f"trigger-{number}",
        "action_ts": f"1764000001.{number:06d}",
        "response_url": response_url,
        "is_enterprise_install": False,
    }
    return _changed(sent, changes)


def submission(view: Mapping[str, Any], filled: Mapping[str, str], **changes: object) -> Json:
    """A form that the bot opened, with something in its fields; what is not filled in keeps what
    it held. The same form sent twice is the same submission."""
    number = next(_numbers)
    named = {"id": f"V{number}", "hash": f"1764000000.{number}", **view}
    sent: Json = {
        "type": "view_submission",
        "team": {"id": TEAM, "domain": "example-council"},
        "user": {"id": OFFICER, "username": "officer", "team_id": TEAM},
        "api_app_id": APP,
        "trigger_id": f"trigger-{number}",
        "view": {**named, "state": {"values": _state(view, filled)}},
        "response_urls": [],
    }
    return _changed(sent, changes)


def _state(view: Mapping[str, Any], filled: Mapping[str, str]) -> Json:
    """What stands in the inputs, by their names; a field may be named without its "field:"."""
    inputs = [block for block in view.get("blocks", ()) if block["type"] == "input"]
    state: Json = {}
    for block in inputs:
        name, element = block["block_id"], block["element"]
        typed = filled.get(name, filled.get(name.removeprefix("field:")))
        state[name] = {element["action_id"]: _entered(element, typed)}
    if not inputs:  # a form that was never shown
        for name, text in filled.items():
            state[f"field:{name}"] = {"value": {"type": "plain_text_input", "value": text}}
    return state


def _entered(element: Mapping[str, Any], typed: str | None) -> Json:
    kind = element["type"]
    if kind == "plain_text_input":
        begun = element.get("initial_value")
        return {"type": kind, "value": begun if typed is None else (typed or None)}
    if kind == "file_input":  # by its address, which `SlackPeer.upload` gives
        name = (typed or "").rpartition("/")[2]
        file = {"id": f"F{name}", "name": name, "url_private_download": typed}
        return {"type": kind, "files": [file] if typed else []}
    if kind in ("datepicker", "timepicker"):
        what = kind.removesuffix("picker")
        begun = element.get(f"initial_{what}")
        return {"type": kind, f"selected_{what}": begun if typed is None else (typed or None)}
    if typed is None:
        begun = [element["initial_option"]] if element.get("initial_option") else []
        chosen = element.get("initial_options", begun)
    else:
        chosen = [one for one in element["options"] if one["value"] in typed.split(",")]
    if kind == "multi_static_select":
        return {"type": kind, "selected_options": chosen}
    return {"type": kind, "selected_option": chosen[0] if chosen else None}


def buttons(posted: Mapping[str, Any]) -> list[Json]:
    """The buttons of something that was posted."""
    blocks = posted.get("blocks") or []
    return [one for block in blocks if block["type"] == "actions" for one in block["elements"]]


def rating(posted: Mapping[str, Any], up: bool) -> Json:
    """What Slack tells of a thumb that was pressed below something that was posted."""
    blocks = [one for one in posted["blocks"] if one["type"] == "context_actions"]
    ((element,),) = (block["elements"] for block in blocks)
    half = element["positive_button" if up else "negative_button"]
    told = {name: half[name] for name in ("text", "value")}
    return {"type": element["type"], "action_id": element["action_id"], **told}


async def sent_with(request: web.Request) -> Json:
    """What a method of the Web API is called with."""
    if request.method == "GET":
        return dict(request.query)
    if request.content_type == "application/json":
        found: Json = await request.json()
        return found
    return dict(await request.post())


def _changed(sent: Json, changes: Mapping[str, object]) -> Json:
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}
