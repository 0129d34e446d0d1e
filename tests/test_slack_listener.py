"""Slack over HTTP, as officers meet it: signed requests in, calls of Slack's Web API out."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest

from bot.app import App
from bot.conversation import (
    Asked,
    Command,
)
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import (
    BOT,
    CHANNEL,
    DIRECT,
    MENTION,
    OTHER_TEAM,
    TEAM,
    direct,
    event,
    mention,
    message,
)
from bot.slack.blocks import FOLLOWING
from bot.slack.posting import LOOKING
from bot.store import Store
from tests.slack_desk import Bot, Desk, bot, desk, peer, serving

__all__ = ["bot", "desk", "peer"]  # fixtures


async def test_a_mention_is_answered_in_a_thread_below_it(bot: Bot, desk: Desk) -> None:
    asked = mention("damp sensors?")
    acknowledged = await bot.peer.event(asked)
    assert (acknowledged.status, acknowledged.body) == (200, "")
    assert acknowledged.seconds < 1
    (posted,) = await bot.answered(1)
    assert (posted["channel"], posted["thread_ts"]) == (CHANNEL, asked["event"]["ts"])
    assert posted["text"].startswith("On damp sensors? [1]")
    assert "https://a.example/" in posted["text"]
    assert FOLLOWING in posted["text"]
    assert (posted["unfurl_links"], posted["unfurl_media"]) == (False, False)
    (question,) = desk.asked
    assert isinstance(question, Asked)
    assert question.text == "damp sensors?"
    assert question.origin.community == TEAM
    assert bot.said == "Slack: served as @outcomes in Example Council, by HTTP"


async def test_a_sign_shows_before_the_answer(bot: Bot) -> None:
    asked = mention("damp sensors?")
    await bot.peer.event(asked)
    await bot.answered(1)
    (sign,) = bot.peer.called("assistant.threads.setStatus")
    assert sign["status"] == LOOKING
    assert (sign["channel_id"], sign["thread_ts"]) == (CHANNEL, asked["event"]["ts"])
    methods = [call.method for call in bot.peer.calls]
    assert methods.index("assistant.threads.setStatus") < methods.index("chat.postMessage")


async def test_a_direct_message_needs_no_mention(bot: Bot, desk: Desk) -> None:
    await bot.peer.event(direct("ask damp sensors?"))
    (posted,) = await bot.answered(1)
    assert posted["channel"] == DIRECT
    assert posted["thread_ts"]
    assert FOLLOWING not in posted["text"]
    assert [type(one) for one in desk.asked] == [Command]


async def test_a_thread_is_followed_until_told_to_be_quiet_also_across_a_restart(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    first = mention("damp sensors?")
    thread = first["event"]["ts"]
    async with serving(peer, store, desk.handle) as bot:
        await peer.event(message("unheard", thread_ts=thread))
        await peer.event(first)
        await bot.answered(1)
        await peer.event(message("and in Wales?", thread_ts=thread))
        await bot.answered(2)
    async with serving(peer, store, desk.handle) as bot:
        await peer.event(message("what did it cost?", thread_ts=thread))
        followed = await bot.answered(3)
        assert all(one["thread_ts"] == thread for one in followed)
        assert [FOLLOWING in one["text"] for one in followed] == [True, False, False]
        await peer.event(message("Be quiet!", thread_ts=thread))
        await bot.answered(4)
        await peer.event(message("just us now", thread_ts=thread))
    async with serving(peer, store, desk.handle) as bot:
        await peer.event(message("still just us", thread_ts=thread))
        await bot.answered(4)
        await peer.event(mention("but you again?", thread_ts=thread))
        await bot.answered(5)
    assert len(peer.called("assistant.threads.setStatus")) == 2, "none for what is overheard"


async def test_a_mention_that_comes_as_a_message_too_is_answered_once(bot: Bot) -> None:
    both = mention("damp sensors?"), mention("sewers?", thread_ts="1763000000.000001")
    for one in both:
        said = one["event"]
        again = message(said["text"], ts=said["ts"], thread_ts=said.get("thread_ts"))
        answers = await asyncio.gather(bot.peer.event(again), bot.peer.event(one))
        assert [answer.status for answer in answers] == [200, 200]
    await bot.answered(2)


async def test_a_repeated_event_is_answered_once_also_across_a_restart(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    asked = mention("damp sensors?")
    async with serving(peer, store, desk.handle) as bot:
        for retry in range(3):
            assert (await peer.event(asked, retry)).status == 200
        await bot.answered(1)
    async with serving(peer, store, desk.handle) as bot:
        assert (await peer.event(asked, 3)).status == 200
        await bot.answered(1)


UNHEARD = [
    event("message", "my own words", user=BOT, channel=DIRECT, channel_type="im"),
    direct("another bot", bot_id="B0OTHER"),
    direct("a program", app_id="A0OTHER"),
    event("app_mention", f"{MENTION} a bot calls", bot_id="B0OTHER"),
    direct("edited", subtype="message_changed"),
    direct("gone", subtype="message_deleted"),
    direct("in", subtype="channel_join"),
    message("nobody asked me"),
    message("nor in this thread", thread_ts="1763000000.000001"),
    event("reaction_added", "", reaction="eyes"),
    event("app_home_opened", "", tab="about"),
    event("app_context_changed", "", context={"entities": []}),
    {"type": "event_callback", "team_id": TEAM, "event": {"type": "message"}},
]


@pytest.mark.parametrize("body", UNHEARD, ids=lambda body: body["event"].get("text") or "empty")
async def test_what_is_not_for_the_bot_is_dropped_unread(
    bot: Bot, desk: Desk, body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert (await bot.peer.event(body)).status == 200
    await bot.inbox.finish()
    assert desk.asked == []
    assert bot.peer.shown == []
    assert caplog.text == ""


async def test_a_guest_belongs_to_where_the_message_was_posted(bot: Bot, desk: Desk) -> None:
    guest = {"team": OTHER_TEAM, "user_team": OTHER_TEAM, "source_team": OTHER_TEAM}
    await bot.peer.event(mention("damp sensors?", **guest))
    await bot.answered(1)
    assert desk.asked[0].origin.community == TEAM


async def test_slack_proves_who_it_is(bot: Bot, desk: Desk) -> None:
    body, kind = json.dumps(mention("damp sensors?")), {"Content-Type": "application/json"}
    refused = [
        await bot.peer.deliver(body, kind, secret="another"),
        await bot.peer.deliver(body, kind, age=400),
        await bot.peer.deliver(body, {**kind, "X-Slack-Signature": ""}),
        await bot.peer.deliver(body, {**kind, "X-Slack-Signature": "v0=é"}),
        await bot.peer.deliver(body, {**kind, "X-Slack-Request-Timestamp": "soon"}),
        await bot.peer.deliver("{", {**kind, "X-Slack-Signature": "v0=0"}),
    ]
    assert [one.status for one in refused] == [401] * 6
    bad = [await bot.peer.deliver(text, kind) for text in ("{", "[]", '{"type": 1, "event": []}')]
    assert [one.status for one in bad[:2]] == [400, 400]
    assert bad[2].status < 500
    greeting = json.dumps({"type": "url_verification", "challenge": "3eZb", "token": "x"})
    assert "3eZb" in (await bot.peer.deliver(greeting, kind)).body
    await bot.inbox.finish()
    assert desk.asked == []


async def test_when_it_stops_it_finishes_what_it_heard_and_hears_no_more(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with serving(peer, store, desk.handle) as bot:
        assert (await peer.event(mention("damp sensors?"))).status == 200
        await bot.channel.stop()
        assert (await peer.event(mention("too late"))).status == 503
        await bot.answered(1)
    assert len(desk.asked) == 1


async def test_the_real_answer_comes_with_its_source_and_the_thread_goes_on(
    app: App, peer: SlackPeer
) -> None:
    async with serving(peer, app.store, app.assistant.handle) as bot:
        asked = mention("How much did Swindon save on translation?")
        await peer.event(asked)
        (posted,) = await bot.answered(1)
        assert "£27" in posted["text"]
        assert "[1]" in posted["text"]
        assert "Sources" in posted["text"]
        assert "https://" in posted["text"]
        await peer.event(message("who did it?", thread_ts=asked["event"]["ts"]))
        _, follow_up = await bot.answered(2)
        assert "Swindon" in follow_up["text"]


async def test_in_a_thread_the_real_assistant_is_told_to_be_quiet(
    app: App, peer: SlackPeer
) -> None:
    async with serving(peer, app.store, app.assistant.handle) as bot:
        asked = mention("list")
        thread = asked["event"]["ts"]
        await peer.event(asked)
        (listed,) = await bot.answered(1)
        assert "Connectivity" in listed["text"]
        await peer.event(message("see you at lunch then", thread_ts=thread))
        await peer.event(message("quiet", thread_ts=thread))
        await bot.answered(2)
        await peer.event(message("which councils have damp sensors?", thread_ts=thread))
        await peer.event(mention("follow", thread_ts=thread))
        await bot.answered(3)
        await peer.event(message("which councils have damp sensors?", thread_ts=thread))
        await bot.answered(4)
