"""The app manifest that Slack is given, as it is or changed for one installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent.parent / "manifest.json"
POSTED_TO = "/slack/events"
INSTALLED_AT, REDIRECTED_TO = "/slack/install", "/slack/oauth_redirect"
# What Slack tells of an app that many workspaces installed.
_TAKEN_OUT = ("app_uninstalled", "tokens_revoked")
# What belongs to the agent view: without it Slack would not grant the one, nor send the others.
AGENT_SCOPE = "assistant:write"
_AGENT_EVENTS = ("app_context_changed", "assistant_thread_started")


class CannotDescribe(Exception):
    """Why there is no manifest to give; one line for a person."""


def permissions() -> list[str] | None:
    """The scopes that the manifest asks for, None where it cannot be read."""
    try:
        scopes: list[str] = json.loads(_shipped())["oauth_config"]["scopes"]["bot"]
    except (CannotDescribe, ValueError, KeyError, TypeError):
        return None
    return scopes


def manifest(address: str = "", *, agent_view: bool = True, many: bool = False) -> str:
    """`manifest.json` as text: for Socket Mode or, where there is an `address`, for Slack to post
    to it; there also to be installed in `many` workspaces. Without an `agent_view` guests may use
    the app, and no paid plan is needed.

    Raises CannotDescribe where the file is not beside the program, or is no manifest.
    """
    text = _shipped()
    if not address and agent_view:
        return text
    try:
        made: dict[str, Any] = json.loads(text)
        if address:
            _post_to(made, address + POSTED_TO)
        if address and many:
            _install_by(made, address + REDIRECTED_TO)
        if not agent_view:
            _leave_agent_view_out(made)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CannotDescribe(
            f"{FILE} is no manifest of an app: take the one of the project"
        ) from error
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _shipped() -> str:
    try:
        return FILE.read_text("utf-8")
    except OSError as error:
        raise CannotDescribe(
            f"{FILE} cannot be read ({error.strerror}): the manifest is part of the project's"
            " folder and in no package, so run this command from an installation in that folder"
        ) from error


def _post_to(made: dict[str, Any], url: str) -> None:
    """Everything comes to one address, which tells by itself what it is."""
    settings = made["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"] = {"request_url": url, **settings["event_subscriptions"]}
    settings["interactivity"] = {**settings["interactivity"], "request_url": url}
    commands = made["features"]["slash_commands"]
    commands[:] = [{"command": one["command"], "url": url, **one} for one in commands]


def _install_by(made: dict[str, Any], url: str) -> None:
    """Slack leads back to this address alone, and says where the app was taken out."""
    made["oauth_config"] = {"redirect_urls": [url], **made["oauth_config"]}
    events = made["settings"]["event_subscriptions"]
    events["bot_events"] = sorted((*events["bot_events"], *_TAKEN_OUT))


def _leave_agent_view_out(made: dict[str, Any]) -> None:
    del made["features"]["agent_view"]
    scopes = made["oauth_config"]["scopes"]
    scopes["bot"] = [scope for scope in scopes["bot"] if scope != AGENT_SCOPE]
    events = made["settings"]["event_subscriptions"]
    events["bot_events"] = [one for one in events["bot_events"] if one not in _AGENT_EVENTS]
