"""Slack, Microsoft and our own address played for `outcomes doctor`, and what it finds there."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.checks import Finding
from bot.conversation import Reply, Request
from bot.doctor.command import looked
from bot.inbox import Inbox
from bot.platforms import Platform
from bot.rehearsal.slack import APP_TOKEN, BOT_TOKEN, SlackPeer
from bot.rehearsal.teams import APP_ID, TENANT, TeamsPeer
from bot.slack.listener import SlackChannel
from bot.slack.manifest import permissions
from bot.store import Store
from bot.teams.listener import TeamsChannel
from tests.serving import serving

SECRET = "0123456789abcdef" * 2
SCOPES = ",".join(permissions() or ())
Settings = dict[str, str]


def of(found: Sequence[Finding], check: str) -> Finding:
    """The one finding of this name."""
    (finding,) = [one for one in found if one.check == check]
    return finding


@pytest.fixture
async def slack() -> AsyncIterator[SlackPeer]:
    async with SlackPeer() as peer:
        peer.carried = {"X-OAuth-Scopes": SCOPES}
        yield peer


@pytest.fixture
async def teams() -> AsyncIterator[TeamsPeer]:
    async with TeamsPeer() as peer:
        yield peer


def in_slack(peer: SlackPeer, **changes: str) -> Settings:
    given = {"OUTCOMES_DEV": "1", "SLACK_API_BASE": peer.api_base, "SLACK_BOT_TOKEN": BOT_TOKEN}
    return {**given, "SLACK_APP_TOKEN": APP_TOKEN, **changes}


def in_teams(peer: TeamsPeer, **changes: str) -> Settings:
    given = {"OUTCOMES_DEV": "1", "MICROSOFT_OPENID_METADATA": peer.metadata}
    names = ("MICROSOFT_APP_ID", "MICROSOFT_APP_PASSWORD", "MICROSOFT_APP_TENANT_ID")
    return {**given, **dict(zip(names, (APP_ID, "a-secret~", TENANT), strict=True)), **changes}


async def found(folder: Path, settings: Settings) -> Sequence[Finding]:
    """What is found; whatever it is, no secret is part of it."""
    usual = {"OUTCOMES_HOME": str(folder), "OUTCOMES_PORT": "0"}
    told = await looked(folder, {**usual, **settings})
    shown = json.dumps([[one.check, one.what, one.do] for one in told])
    secret = (
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "MICROSOFT_APP_PASSWORD",
    )
    for name in secret:
        assert not settings.get(name) or settings[name] not in shown
    assert all(one.do for one in told if one.state == "wrong")
    return told


async def nothing(_: Request) -> Reply:
    return Reply("answered", "Hello")


@asynccontextmanager
async def bot(store: Store, slack: SlackPeer | None, teams: TeamsPeer | None) -> AsyncIterator[str]:
    """The bot's address, where it is served for one of the two."""

    def made(inbox: Inbox) -> Platform:
        if slack:
            return SlackChannel(
                inbox,
                bot_token=BOT_TOKEN,
                app_token="",
                signing_secret=SECRET,
                api_base=slack.api_base,
                dev=True,
            )
        return TeamsChannel(
            inbox,
            app_id=APP_ID,
            password="",
            tenant_id=TENANT,
            openid_metadata=teams.metadata if teams else "",
            dev=True,
        )

    async with serving(nothing, store, made) as served:
        yield served.url


@asynccontextmanager
async def proxy(answer: Handler, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Something else at our address, which answers everything so."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def always(status: int, text: str = "", headers: dict[str, str] | None = None) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, headers=headers)

    return answer
