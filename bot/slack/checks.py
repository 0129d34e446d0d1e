"""Whether what Slack gave the administrator works, for `outcomes doctor`."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.checks import (
    WITHIN,
    Finding,
    Probe,
    Unanswered,
    looked_for,
    ok,
    unanswered,
    unexpected,
    unset,
    unsure,
    wrong,
)
from bot.slack.library_log import silent
from bot.slack.manifest import AGENT_SCOPE, INSTALLED_AT, REDIRECTED_TO
from bot.slack.payloads import word
from bot.slack.posting import LOOPBACK
from bot.slack.sign_in import PASSING

BOT, APP, SECRET = "Slack bot token", "Slack app token", "Slack signing secret"
SCOPES, ENDPOINT, INSTALL = "Slack permissions", "Slack events", "Slack install page"

_COPY_BOT = (
    "Copy the Bot User OAuth Token, which begins with xoxb-, from OAuth & Permissions of your app"
    " at https://api.slack.com/apps into SLACK_BOT_TOKEN; if there is none, install the app there"
)
_COPY_APP = (
    "Turn Socket Mode on, and under Basic Information, App-Level Tokens, make a token with the"
    " scope connections:write; copy it, it begins with xapp-, into SLACK_APP_TOKEN"
)
_COPY_SECRET = (
    "Copy Basic Information, App Credentials, Signing Secret (not the Client Secret, nor the"
    " Verification Token) of the same app into SLACK_SIGNING_SECRET"
)
_INSTALL = (
    "Paste the new manifest under App Manifest, then Install App, Reinstall to your workspace"
)
_SAME_APP = "Nothing tells of which app it is: copy all values from the pages of one app"
_STRANGE = "what answers in place of Slack cannot be read"
_CHALLENGE = "outcomes-doctor"
_GONE = {"account_inactive", "token_revoked", "invalid_auth"}
_TOKEN = re.compile("x[a-z]{3}-[A-Za-z0-9._-]+")
_OF_APP = re.compile(r"xapp-\d-(A[A-Z0-9]+)-")


@dataclass(frozen=True, slots=True)
class Given:
    """What is set. `wanted` are the permissions of the manifest, None where that is not at hand;
    `address` is where we are reached from outside, "" if that is not said, and `port` ours."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    signing_secret: str = field(repr=False)
    api_base: str
    wanted: Collection[str] | None
    address: str
    port: int
    many: bool = False  # workspaces, each with a token of its own: none is set


class _Refused(Exception):
    """Slack's own word for why not."""


class _Unreached(Exception):
    """It was not reached."""


class _NotNow(Exception):
    """It cannot say now."""


async def gone(probe: Probe, api_base: str, token: str) -> bool | None:
    """Whether Slack does not accept the token of a workspace any more, as after the app was taken
    out there; None where it does not say."""
    given = Given(token, "", "", api_base, None, "", 0)
    try:
        await _asked(_client(probe, given).api_call("auth.test"))
    except _Refused as error:
        return True if str(error) in _GONE else None
    except (_Unreached, _NotNow):
        return None
    return False


async def checks(probe: Probe, given: Given) -> list[Finding]:
    """All of it, in the order in which it is set up."""
    shapes = _shapes(given)
    asked = await asyncio.gather(
        *(
            looked_for(check, look(probe, given))
            for check, look, set_up in (
                (BOT, _signed_in, given.bot_token),
                (APP, _connected, given.app_token),
                (SECRET, _called, given.signing_secret),
            )
            if set_up and check not in shapes
        )
    )
    page = await looked_for(INSTALL, _offered(probe, given)) if given.many else []
    return [*shapes.values(), *(one for found in asked for one in found), *page]


def _shapes(given: Given) -> dict[str, Finding]:
    """What is wrong at first sight, by what it is; these are not sent to anybody."""
    bot, app = given.bot_token, given.app_token
    found = {}
    if bot.startswith("xapp-") and app.startswith("xoxb-"):
        do = "Change them round: the bot token begins with xoxb-, the app token with xapp-"
        found = {
            one: wrong(one, "SLACK_BOT_TOKEN and SLACK_APP_TOKEN are swapped", do)
            for one in (BOT, APP)
        }
    elif not given.many and (fault := _fault(bot, "xoxb-")):
        found[BOT] = wrong(BOT, f"SLACK_BOT_TOKEN {fault}", _COPY_BOT)
    if app and APP not in found and (fault := _fault(app, "xapp-")):
        found[APP] = wrong(APP, f"SLACK_APP_TOKEN {fault}", _COPY_APP)
    if given.signing_secret and not re.fullmatch("[0-9a-f]{32}", given.signing_secret):
        what = "SLACK_SIGNING_SECRET is not 32 digits and letters from a to f"
        found[SECRET] = wrong(SECRET, what, _COPY_SECRET)
    return found


def _fault(token: str, sign: str) -> str:
    """Why it is no token of the kind that begins with `sign`, "" if it may be one."""
    if not token.startswith(sign):
        return f"is {_kind(token)}"
    if not _TOKEN.fullmatch(token):
        return "is cut short, or has a space, a line break or a character that no token has"
    return ""


def _kind(token: str) -> str:
    kinds = (
        ("xoxb-", "a bot token"),
        ("xapp-", "an app-level token"),
        ("xoxp-", "a user's token"),
        ("xoxe", "a token of the kind that ends after hours"),
    )
    return next((kind for sign, kind in kinds if token.startswith(sign)), "no token of Slack's")


def _client(probe: Probe, given: Given) -> AsyncWebClient:
    """The bot's own way to Slack, with less patience."""
    client = AsyncWebClient(
        given.bot_token, given.api_base, logger=silent, retry_handlers=[], session=probe.session
    )
    if urlsplit(given.api_base).hostname in LOOPBACK:
        client.proxy = None
    return client


async def _asked(call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    """Raises _Refused, _Unreached or _NotNow."""
    try:
        async with asyncio.timeout(WITHIN):
            answer = await call
    except SlackApiError as error:
        data = getattr(error.response, "data", None)
        code = word(data)
        if code and code not in PASSING:
            raise _Refused(code) from None
        if code:
            raise _NotNow(f"Slack cannot say now ({code})") from None
        raise _Unreached(_STRANGE) from None
    except AttributeError:  # the library's own, over JSON that is no object
        raise _Unreached(_STRANGE) from None
    except (ClientError, OSError) as error:  # a TimeoutError among them
        raise _Unreached(f"Slack was not reached ({type(error).__name__})") from None
    if not isinstance(answer.data, dict):
        raise _Unreached(_STRANGE)
    return answer


def _unreached(check: str, error: Exception, given: Given) -> Finding:
    if isinstance(error, _NotNow):
        return unsure(check, str(error), "Run it again in some minutes")
    host = urlsplit(given.api_base).hostname
    do = f"Let this computer reach https://{host}: look at DNS, firewall and HTTPS_PROXY"
    return wrong(check, str(error), do)


async def _signed_in(probe: Probe, given: Given) -> list[Finding]:
    client = _client(probe, given)
    try:
        answer = await _asked(client.api_call("auth.test"))
    except _Refused as error:
        return [wrong(BOT, f"Slack does not accept SLACK_BOT_TOKEN ({error})", _COPY_BOT)]
    except (_Unreached, _NotNow) as error:
        return [_unreached(BOT, error, given)]
    name, workspace = answer.get("user") or "?", answer.get("team") or "?"
    found = [ok(BOT, f"Slack knows it: @{name} in {workspace}")]
    headers = {name.lower(): value for name, value in answer.headers.items()}
    found.append(_scopes(headers.get("x-oauth-scopes"), given.wanted))
    return found + await _one_app(client, str(answer.get("bot_id") or ""), given)


def _scopes(said: str | None, wanted: Collection[str] | None) -> Finding:
    """What it may do against what the manifest asks for."""
    if wanted is None:
        do = "Compare OAuth & Permissions with docs/connect-slack.md"
        return unsure(SCOPES, "manifest.json is not here, so there is nothing to compare with", do)
    if said is None:
        return unsure(SCOPES, "Slack did not say what the app may do", "Run it again later")
    has = {scope.strip() for scope in said.split(",")} - {""}
    if missing := sorted(set(wanted) - has - {AGENT_SCOPE}):
        return wrong(SCOPES, f"the app lacks {', '.join(missing)}", _INSTALL)
    more = sorted(has - set(wanted))
    what = "the app has all that it needs"
    if AGENT_SCOPE in set(wanted) - has:
        what += f", but not {AGENT_SCOPE}: so there is no agent view, as is right for guests"
    if more:
        do = "Take it away under OAuth & Permissions, and install the app again"
        return ok(SCOPES, f"{what}; it does not need {', '.join(more)}", do)
    return ok(SCOPES, what)


async def _one_app(client: AsyncWebClient, bot: str, given: Given) -> list[Finding]:
    """Whether both tokens are of one app, where that can be told: an app token names its own."""
    named = _OF_APP.match(given.app_token)
    if not named or not bot:
        return []
    try:
        answer = await _asked(client.bots_info(bot=bot))
    except (_Refused, _Unreached, _NotNow):
        return []
    about = answer.get("bot")
    app = str(about.get("app_id") or "") if isinstance(about, dict) else ""
    if app and app != named[1]:
        what = f"SLACK_APP_TOKEN is of another app than SLACK_BOT_TOKEN, which is of {app}"
        return [wrong(APP, what, "Copy both from the pages of one app")]
    return []


async def _connected(probe: Probe, given: Given) -> list[Finding]:
    """Whether Slack gives an address for Socket Mode. Nobody connects to it."""
    client = _client(probe, given)
    try:
        answer = await _asked(client.apps_connections_open(app_token=given.app_token))
    except _Refused as error:
        if str(error) == "missing_scope":
            what = "SLACK_APP_TOKEN lacks the scope connections:write"
            return [wrong(APP, what, _COPY_APP)]
        what = f"Slack gives it no connection for Socket Mode ({error})"
        return [wrong(APP, what, _COPY_APP)]
    except (_Unreached, _NotNow) as error:
        return [_unreached(APP, error, given)]
    if not answer.get("url"):
        return [unsure(APP, "Slack gave no address for Socket Mode", _COPY_APP)]
    return [ok(APP, "Slack gives it a connection for Socket Mode")]


async def _offered(probe: Probe, given: Given) -> list[Finding]:
    """Whether the page on which workspaces install the app can be had from outside."""
    url = given.address + INSTALLED_AT
    try:
        answer = await probe.ask("GET", url)
    except Unanswered as error:
        return [unanswered(url, error)]
    if answer.status == 200 and REDIRECTED_TO.rpartition("/")[2] in answer.body:
        return [ok(INSTALL, f"workspaces can install the app at {url}")]
    return [unexpected(INSTALL, url, answer, given.port)]


async def _called(probe: Probe, given: Given) -> list[Finding]:
    """Whether what is signed with the secret, as by Slack, is taken at our own address."""
    shaped = ok(SECRET, "it looks like one", _SAME_APP)
    if not given.address:
        if given.app_token:
            what = "not asked for from outside; Socket Mode needs no address"
            return [shaped, unset(ENDPOINT, what)]
        do = "Set OUTCOMES_ADDRESS to the https address that your proxy serves"
        return [shaped, unsure(ENDPOINT, "our own address is not known", do)]
    url = f"{given.address}/slack/events"
    body = json.dumps({"type": "url_verification", "challenge": _CHALLENGE, "token": "unused"})
    stamp = str(int(time.time()))
    signature = SignatureVerifier(given.signing_secret).generate_signature(
        timestamp=stamp, body=body
    )
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": signature or "",
    }
    try:
        answer = await probe.ask("POST", url, body, headers)
    except Unanswered as error:
        return [shaped, unanswered(url, error)]
    if answer.status == 200 and _CHALLENGE in answer.body:
        return [shaped, ok(ENDPOINT, f"{url} takes what is signed with the secret")]
    if answer.status == 401 and "invalid request" in answer.body:
        what = f"the bot at {url} refuses what is signed with SLACK_SIGNING_SECRET"
        do = (
            "Start the bot again, so that it has this secret; if it has, the proxy must pass body"
            " and headers on unchanged"
        )
        return [shaped, wrong(ENDPOINT, what, do)]
    return [shaped, unexpected(ENDPOINT, url, answer, given.port)]
