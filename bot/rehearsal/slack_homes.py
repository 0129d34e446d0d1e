"""The bot's own place in the Slack played here: Home tabs, and what is suggested in its chats."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.rehearsal.slack_limits import refused_view
from bot.rehearsal.slack_payloads import APP, DIRECT, OFFICER, TEAM, Json

PUBLISH, SUGGEST = "views.publish", "assistant.threads.setSuggestedPrompts"
MOST_BLOCKS, MOST_PROMPTS = 100, 4
_OF_HOMES = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_numbers = itertools.count(1)


@dataclass
class Homes:
    """What everybody sees there, by their ids; and what is suggested, by the chat."""

    shown: dict[str, Json] = field(default_factory=dict)
    published: list[str] = field(default_factory=list)  # to whom, as often as it was
    suggested: dict[str, list[Json]] = field(default_factory=dict)

    def refused(self, method: str, arguments: Json) -> str:
        """Slack's word for what is wrong with a call; "" for nothing."""
        if method == SUGGEST:
            return _refused_prompts(arguments.get("prompts"))
        view, person = arguments.get("view") or {}, arguments.get("user_id")
        if not person:
            return "invalid_arguments"
        if view.get("type") != "home" or view.keys() - _OF_HOMES:
            return "invalid_arguments"
        if not 0 < len(view["blocks"]) <= MOST_BLOCKS:
            return "invalid_arguments"
        return refused_view(view)

    def done(self, method: str, arguments: Json, team: str = TEAM) -> Json:
        """Do what was asked in a workspace."""
        if method == SUGGEST:
            if "thread_ts" not in arguments:  # else an agent's call does nothing, and says "ok"
                self.suggested[arguments["channel_id"]] = arguments["prompts"]
            return {}
        person = arguments["user_id"]
        named = {"id": f"V{person}", "hash": f"1764000000.{next(_numbers)}"}
        self.shown[person] = {**arguments["view"], **named, "app_installed_team_id": team}
        self.published.append(person)
        return {"view": self.shown[person]}


def _refused_prompts(prompts: object) -> str:
    if not isinstance(prompts, list) or not 0 < len(prompts) <= MOST_PROMPTS:
        return "invalid_arguments"
    whole = all(one.keys() == {"title", "message"} and all(one.values()) for one in prompts)
    return "" if whole else "invalid_arguments"


def opened(tab: str, person: str = OFFICER, **changes: object) -> Json:
    """Somebody opens a tab of the bot's."""
    number = next(_numbers)
    told = {"type": "app_home_opened", "user": person, "channel": DIRECT, "tab": tab}
    return {
        "token": "unused",
        "team_id": TEAM,
        "api_app_id": APP,
        "event": {**told, "event_ts": f"1764000000.{number:06d}"},
        "type": "event_callback",
        "event_id": f"EvHome{number}",
        "event_time": 1764000000,
        **changes,
    }


def press_at_home(
    button: Mapping[str, Any], view: Mapping[str, Any], person: str = OFFICER, **changes: object
) -> Json:
    """A button pressed in somebody's Home tab: there is no channel and no response url."""
    number = next(_numbers)
    return {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "example-council"},
        "enterprise": None,
        "user": {"id": person, "username": "officer", "team_id": TEAM},
        "api_app_id": APP,
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": f"trigger-home-{number}",
        "view": {**view, "team_id": TEAM, "state": {"values": {}}},
        "actions": [{**button, "block_id": "b1", "action_ts": f"1764000002.{number:06d}"}],
        **changes,
    }
