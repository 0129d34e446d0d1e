"""Whether Slack will have our tokens, and who we are there."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from dataclasses import dataclass

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.delivery import ChannelRefused
from bot.slack.payloads import word
from bot.slack.posting import trusted

_BOT_TOKEN = (
    "Slack does not accept SLACK_BOT_TOKEN ({error}). Copy the Bot User OAuth Token, which"
    " starts with xoxb-, from your app's OAuth & Permissions page; reinstall the app there if"
    " it has none"
)
_APP_TOKEN = (
    "Slack does not accept SLACK_APP_TOKEN ({error}). Turn Socket Mode on for your app, and copy"
    " an app-level token with the scope connections:write, which starts with xapp-, from its"
    " Basic Information page"
)
# Slack's words for what has nothing to do with our tokens; any other is about them.
PASSING = (
    "fatal_error",
    "internal_error",
    "ratelimited",
    "rate_limited",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
)
_HOST = re.compile(r"https://[A-Za-z0-9.-]+/")


class Unreachable(Exception):
    """Slack did not answer, or not now; the message says what happened."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The bot's user id, its name, and the workspace it is installed in: its name, its id, and
    the id of the organisation it is part of, if any. `bot` is the id that Slack marks its messages
    with; `site` the workspace's address, which ends in a slash, "" unless it is Slack's own."""

    user: str
    name: str
    workspace: str
    team: str
    organisation: str
    bot: str
    site: str


async def identity(client: AsyncWebClient) -> Identity:
    """Raises Unreachable, or ChannelRefused where the bot token is wrong."""
    found = await _asked(client.api_call("auth.test"), _BOT_TOKEN)
    names = ("user_id", "user", "team", "team_id", "enterprise_id", "bot_id")
    user, name, workspace, team, organisation, bot = (str(found.get(one) or "") for one in names)
    address = site(str(found.get("url") or ""))
    return Identity(user, name, workspace, team, organisation, bot, address)


def site(url: str) -> str:
    """A workspace's address as links begin with it; "" for what is not Slack's, or more than a
    host."""
    whole = f"{url.rstrip('/')}/"
    return whole if _HOST.fullmatch(whole) and trusted(whole, dev=False) else ""


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Where a WebSocket may be opened, once. Raises as `identity`, for the app token."""
    asking = client.apps_connections_open(app_token=app_token)
    return str((await _asked(asking, _APP_TOKEN)).get("url", ""))


async def _asked(call: Awaitable[AsyncSlackResponse], refusal: str) -> AsyncSlackResponse:
    try:
        return await call
    except SlackApiError as error:
        data = getattr(error.response, "data", None)
        code = word(data)
        if code and code not in PASSING:
            raise ChannelRefused(refusal.format(error=code)) from None
        raise Unreachable(code or "its answer could not be read") from None
    except (ClientError, TimeoutError, OSError) as error:
        raise Unreachable(type(error).__name__) from None
