"""`outcomes doctor` asks Slack, played here, and our own address, over the wire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import NoReturn

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.checks import ok
from bot.doctor import command
from bot.rehearsal.slack import APP_TOKEN, BOT_TOKEN, Fault, SlackPeer
from bot.rehearsal.slack_payloads import APP
from bot.store import Store
from tests.doctor_desk import (
    SCOPES,
    SECRET,
    bot,
    found,
    in_slack,
    of,
    slack,
)

__all__ = ["slack"]  # fixtures


async def test_a_slack_that_is_set_up_well(tmp_path: Path, slack: SlackPeer) -> None:
    told = await found(tmp_path, in_slack(slack))
    for check in ("Slack bot token", "Slack permissions", "Slack app token", "clock"):
        assert of(told, check).state == "ok", of(told, check)
    assert "@outcomes in Example Council" in of(told, "Slack bot token").what
    assert not slack.sockets  # the address was asked for, and nobody connected to it


async def test_tokens_that_are_swapped_or_of_another_kind_go_nowhere(
    tmp_path: Path, slack: SlackPeer
) -> None:
    swapped = in_slack(slack, SLACK_BOT_TOKEN=APP_TOKEN, SLACK_APP_TOKEN=BOT_TOKEN)
    told = await found(tmp_path, {**swapped, "SLACK_SIGNING_SECRET": "f" * 31})
    for check in ("Slack bot token", "Slack app token"):
        assert "swapped" in of(told, check).what
    assert of(told, "Slack signing secret").state == "wrong"
    told = await found(
        tmp_path, in_slack(slack, SLACK_BOT_TOKEN="xoxp-1-user", SLACK_APP_TOKEN="abcdefgh")
    )
    assert "a user's token" in of(told, "Slack bot token").what
    assert "no token of Slack's" in of(told, "Slack app token").what
    assert slack.calls == []


@pytest.mark.parametrize("odd", ["a\nb", "a b", "a\0", "ä"])
async def test_a_token_that_no_token_looks_like_goes_nowhere(
    tmp_path: Path, slack: SlackPeer, odd: str
) -> None:
    given = in_slack(slack, SLACK_BOT_TOKEN=f"xoxb-{odd}", SLACK_APP_TOKEN=f"xapp-{odd}")
    told = await found(tmp_path, given)
    for check in ("Slack bot token", "Slack app token"):
        assert "cut short, or has a space" in of(told, check).what
    assert slack.calls == []


@pytest.mark.parametrize("body", ['[{"ok": true}]', '"ok"', "null", '{"ok": true, "bot": []}', "<"])
async def test_what_answers_in_place_of_slack_is_told_for_each(
    tmp_path: Path, slack: SlackPeer, body: str
) -> None:
    """As where a proxy looks into everything and answers itself."""

    async def other(_: web.Request) -> web.Response:
        return web.Response(text=body, content_type="application/json")

    proxy = web.Application()
    proxy.router.add_post("/api/{method}", other)
    async with TestServer(proxy) as server:
        given = in_slack(slack, SLACK_API_BASE=str(server.make_url("/api/")))
        told = await found(tmp_path, given)
    state = ("ok", "unsure") if body.startswith("{") else ("wrong", "wrong")
    checks = ("Slack bot token", "Slack app token")
    assert tuple(of(told, check).state for check in checks) == state


async def test_a_check_that_fails_is_one_finding_and_the_others_go_on(
    tmp_path: Path, slack: SlackPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def failing(*_: object) -> NoReturn:
        raise KeyError(BOT_TOKEN)

    monkeypatch.setattr("bot.slack.checks._signed_in", failing)
    told = await found(tmp_path, in_slack(slack))
    assert of(told, "Slack bot token").state == "unsure"
    assert "KeyError" in of(told, "Slack bot token").what
    assert of(told, "Slack app token").state == "ok"


async def test_a_workspace_may_have_any_name_and_adds_no_line(slack: SlackPeer) -> None:
    name = "Example\n\x1b[2K\x9b2K\u202eok          database all is well\u2028"
    finding = ok("Slack bot token", f"Slack knows it: @outcomes in {name}")
    (line,) = command._line(finding).splitlines()
    assert line.isprintable()


async def test_a_token_that_slack_refuses_is_told(tmp_path: Path, slack: SlackPeer) -> None:
    given = in_slack(slack, SLACK_BOT_TOKEN="xoxb-other", SLACK_APP_TOKEN="xapp-other")
    told = await found(tmp_path, given)
    assert "invalid_auth" in of(told, "Slack bot token").what
    assert "OAuth & Permissions" in of(told, "Slack bot token").do
    assert "invalid_auth" in of(told, "Slack app token").what
    slack.faults["apps.connections.open"].append(Fault("missing_scope"))
    told = await found(tmp_path, in_slack(slack))
    assert "lacks the scope connections:write" in of(told, "Slack app token").what


async def test_tokens_of_two_apps_are_told_apart(tmp_path: Path, slack: SlackPeer) -> None:
    told = await found(tmp_path, in_slack(slack, SLACK_APP_TOKEN="xapp-1-A0ELSEWHERE-1-abc"))
    both = [one.what for one in told if one.check == "Slack app token"]
    assert [what for what in both if "of another app" in what and APP in what]
    assert "A0ELSEWHERE" not in str(told)
    same = await found(tmp_path, in_slack(slack, SLACK_APP_TOKEN=f"xapp-1-{APP}-1-abc"))
    assert "another app" not in str(same)


@pytest.mark.parametrize(
    ("scopes", "state", "word"),
    [
        (SCOPES.replace("users:read", "x:read"), "wrong", "lacks users:read"),
        (SCOPES + ",pins:read", "ok", "does not need pins:read"),
        (SCOPES.replace("assistant:write,", ""), "ok", "no agent view"),
        (None, "unsure", "did not say"),
    ],
)
async def test_permissions_are_held_against_the_manifest(
    tmp_path: Path, slack: SlackPeer, scopes: str | None, state: str, word: str
) -> None:
    slack.carried = {} if scopes is None else {"x-oauth-scopes": scopes}
    told = of(await found(tmp_path, in_slack(slack)), "Slack permissions")
    assert (told.state, word in told.what) == (state, True), told


@pytest.mark.parametrize(("seconds", "state"), [(-120, "unsure"), (1000, "wrong"), (5, "ok")])
async def test_the_clock_is_held_against_slacks(
    tmp_path: Path, slack: SlackPeer, seconds: int, state: str
) -> None:
    there = datetime.now(UTC) + timedelta(seconds=seconds)
    slack.carried |= {"Date": format_datetime(there, usegmt=True)}
    told = of(await found(tmp_path, in_slack(slack)), "clock")
    assert told.state == state
    assert state == "ok" or (("behind" if seconds > 0 else "ahead") in told.what)


async def test_a_slack_that_cannot_be_reached_or_cannot_say(
    tmp_path: Path, slack: SlackPeer
) -> None:
    slack.faults["auth.test"].append(Fault("ratelimited", 429, 1))
    assert of(await found(tmp_path, in_slack(slack)), "Slack bot token").state == "unsure"
    gone = in_slack(slack, SLACK_API_BASE="http://127.0.0.1:9/api/")
    told = await found(tmp_path, gone)
    assert of(told, "Slack bot token").state == of(told, "Slack app token").state == "wrong"
    assert of(told, "clock").state == "unsure"


async def test_what_is_signed_with_the_secret_is_taken_at_our_address(
    tmp_path: Path, slack: SlackPeer, store: Store
) -> None:
    async with bot(store, slack, None) as address:
        given = in_slack(slack, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SECRET)
        assert of(await found(tmp_path, given), "Slack events").state == "unsure"
        given |= {"OUTCOMES_ADDRESS": address}
        assert of(await found(tmp_path, given), "Slack events").state == "ok"
        told = await found(tmp_path, {**given, "SLACK_SIGNING_SECRET": "f" * 32})
        assert of(told, "Slack events").state == "wrong"
        assert "Start the bot again" in of(told, "Slack events").do
        # The bot's own routes alone: nothing about it, which is a hint, and no counts for all.
        assert of(told, "page about it").state == "unsure"
        assert of(told, "public address").state == "ok"
