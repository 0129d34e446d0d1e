"""Slack by Socket Mode, over a real WebSocket, and Slack that will not have us or is away."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator

import pytest

from bot.delivery import ChannelRefused
from bot.rehearsal.slack import APP_TOKEN, BOT_TOKEN, Fault, SlackPeer
from bot.rehearsal.slack_payloads import command, direct, mention, press, shortcut, submission
from bot.store import Store
from tests.slack_desk import NO_TITLE, Bot, Desk, button, desk, form, peer, serving

__all__ = ["desk", "peer"]  # fixtures


@pytest.fixture
async def bot(peer: SlackPeer, store: Store, desk: Desk) -> AsyncIterator[Bot]:
    async with serving(peer, store, desk.handle, app_token=APP_TOKEN, signing_secret="") as served:
        await peer.until(lambda: bool(peer.sockets))
        yield served


async def test_what_comes_by_the_socket_is_acknowledged_and_answered(bot: Bot) -> None:
    assert bot.said == "Slack: served as @outcomes in Example Council, by Socket Mode"
    assert list(bot.channel.routes) == []
    acknowledgement = await bot.peer.push("events_api", mention("damp sensors?"))
    assert list(acknowledgement) == ["envelope_id"]
    (posted,) = await bot.answered(1)
    assert posted["text"].startswith("On damp sensors?")


async def test_commands_buttons_and_forms_come_by_the_socket_too(bot: Bot) -> None:
    url = bot.peer.response_url()
    assert "payload" not in await bot.peer.push("slash_commands", command("", url))
    (private,) = await bot.whispered(1)
    opening = press(button(private, "Open the form"), bot.peer.response_url(), private)
    await bot.peer.push("interactive", opening)
    view = await form(bot.peer)
    stays = await bot.peer.push("interactive", submission(view, {"question": " "}))
    assert stays["payload"]["response_action"] == "update"
    closes = await bot.peer.push("interactive", submission(view, {"question": "robots?"}))
    assert "payload" not in closes
    await bot.whispered(2)


async def test_a_project_is_registered_by_the_socket_too(bot: Bot) -> None:
    said = {"user": "U0AUTHOR", "text": "We lend laptops", "ts": "1.1"}
    picked = shortcut(said, bot.peer.response_url())
    assert "payload" not in await bot.peer.push("interactive", picked)
    empty = submission(await form(bot.peer), {"title": " "})
    stays = await bot.peer.push("interactive", empty)
    assert stays["payload"]["errors"] == {"field:title": NO_TITLE}
    right = submission(await form(bot.peer), {"title": "Laptops"})
    assert (await bot.peer.push("interactive", right))["payload"]["response_action"] == "update"
    last = submission(await form(bot.peer), {})
    for _ in range(2):  # as Slack sends it again where it missed the acknowledgement
        assert "payload" not in await bot.peer.push("interactive", last)
    (private,) = await bot.whispered(1)
    assert private["text"].startswith("Registered")


async def test_slack_may_ask_for_a_new_connection(bot: Bot) -> None:
    (first,) = bot.peer.sockets
    await first.send_json({"type": "disconnect", "reason": "refresh_requested"})
    await bot.peer.until(lambda: bot.peer.sockets[-1] is not first)
    late = {"envelope_id": "late", "type": "events_api", "payload": mention("still heard?")}
    await first.send_json(late)
    await bot.answered(1)
    await first.close()
    await bot.peer.push("events_api", direct("and now?"))
    await bot.answered(2)
    assert len(bot.peer.called("apps.connections.open")) == 2


async def test_a_connection_that_drops_is_made_again(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    (dropped,) = bot.peer.sockets
    bot.peer.faults["apps.connections.open"].append(Fault("internal_error"))
    await dropped.close()
    await bot.peer.until(lambda: bot.peer.sockets not in ([], [dropped]))
    await bot.peer.push("events_api", mention("damp sensors?"))
    await bot.answered(1)
    assert "No connection to Slack, trying again: Unreachable" in caplog.text
    assert "ticket" not in caplog.text


async def test_nonsense_from_the_socket_does_no_harm(bot: Bot) -> None:
    (opened,) = bot.peer.sockets
    for text in ("", "{", "[]", '{"type": "pong"}', '{"envelope_id": "1"}'):
        await opened.send_str(text)
    await opened.send_bytes(b"\xff")
    await opened.send_json({"envelope_id": "2", "type": "events_api", "payload": []})
    await bot.peer.push("events_api", mention("damp sensors?"))
    await bot.answered(1)


async def test_when_it_stops_it_leaves_the_socket(bot: Bot) -> None:
    await bot.channel.stop()
    await bot.peer.until(lambda: not bot.peer.sockets)
    assert len(bot.peer.called("apps.connections.open")) == 1


async def test_both_ways_at_once_answer_once(peer: SlackPeer, store: Store, desk: Desk) -> None:
    async with serving(peer, store, desk.handle, app_token=APP_TOKEN) as bot:
        assert bot.said.endswith("by Socket Mode and HTTP")
        await peer.until(lambda: bool(peer.sockets))
        asked = mention("damp sensors?")
        await asyncio.gather(peer.event(asked), peer.push("events_api", asked))
        await bot.answered(1)


@pytest.mark.parametrize(
    ("bot_token", "app_token", "named"),
    [
        ("xoxb-wrong", APP_TOKEN, "SLACK_BOT_TOKEN (invalid_auth)"),
        (BOT_TOKEN, "xapp-wrong", "SLACK_APP_TOKEN (invalid_auth)"),
    ],
)
async def test_a_wrong_token_is_named(
    peer: SlackPeer, store: Store, desk: Desk, bot_token: str, app_token: str, named: str
) -> None:
    with pytest.raises(ChannelRefused) as refused:
        async with serving(peer, store, desk.handle, bot_token=bot_token, app_token=app_token):
            pass
    assert named in str(refused.value)
    assert "wrong" not in str(refused.value)


@pytest.mark.parametrize(
    ("method", "error", "named"),
    [
        ("auth.test", "account_inactive", "SLACK_BOT_TOKEN"),
        ("auth.test", "token_revoked", "SLACK_BOT_TOKEN"),
        ("apps.connections.open", "not_allowed_token_type", "SLACK_APP_TOKEN"),
    ],
)
async def test_a_token_that_slack_took_back_is_named(
    peer: SlackPeer, store: Store, desk: Desk, method: str, error: str, named: str
) -> None:
    peer.faults[method].append(Fault(error))
    with pytest.raises(ChannelRefused, match=named):
        async with serving(peer, store, desk.handle, app_token=APP_TOKEN):
            pass


async def test_slack_that_is_away_is_tried_until_it_is_back(store: Store, desk: Desk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    away = SlackPeer(port=port)
    async with serving(away, store, desk.handle, app_token=APP_TOKEN) as bot:
        assert bot.said.startswith("Slack: cannot be reached yet")
        events = away.events
        async with away:
            away.events = events
            await away.until(lambda: bool(away.sockets))
            await away.push("events_api", mention("damp sensors?"))
            await bot.answered(1)


async def test_slack_that_turns_the_tokens_down_later_is_in_the_log(
    peer: SlackPeer, store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    peer.faults["auth.test"] += [Fault("fatal_error"), Fault("token_revoked")]
    async with serving(peer, store, desk.handle) as bot:
        assert "fatal_error" in bot.said
        await peer.until(lambda: len(peer.called("auth.test")) == 2)
        await asyncio.sleep(0.05)
    assert [one for one in caplog.messages if "SLACK_BOT_TOKEN (token_revoked)" in one]
