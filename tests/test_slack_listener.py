"""Slack over HTTP, as officers meet it: signed requests in, calls of Slack's Web API out."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot.app import App
from bot.conversation import (
    Asked,
    Citation,
    Command,
    Field,
    Form,
    Handle,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from bot.inbox import Inbox
from bot.rehearsal.slack import BOT_TOKEN, SIGNING_SECRET, SlackPeer
from bot.rehearsal.slack_payloads import (
    BOT,
    CHANNEL,
    DIRECT,
    MENTION,
    OTHER_TEAM,
    TEAM,
    buttons,
    direct,
    event,
    mention,
    message,
)
from bot.slack.blocks import FOLLOWING
from bot.slack.listener import SlackChannel
from bot.slack.posting import LOOKING
from bot.store import Store, default_url

SOURCE = Citation(1, "damp", "case-study", "Damp sensors", "https://a.example/", "They work.")
ASK = Form("ask", "Ask about outcomes", (Field("question", "Your question", "paragraph"),))
SEEN_ALONE = {"ts": "1764000000.000001", "response_type": "ephemeral"}
LONG = " ".join(f"Sentence number {number} is here to be read." for number in range(200))


@dataclass
class Desk:
    """Answers as simply as can be. What it is asked is kept; `words` sets an answer of its own."""

    store: Store
    asked: list[Request] = field(default_factory=list)
    answers: dict[str, Reply | Exception] = field(default_factory=dict)

    async def handle(self, request: Request) -> Reply:
        self.asked.append(request)
        match request:
            case Asked(text, _) | Command("ask", text, _) if text:
                found = self.answers.get(text, Reply("answered", f"On {text} [1]", (SOURCE,)))
                if isinstance(found, Exception):
                    raise found
                return found
            case Command("quiet" | "follow", _, origin):
                await self.store.ledger.hush(origin, quiet=request.name == "quiet")
                return Reply("help", f"I will {request.name}.")
            case Pressed("more" | "share", value, origin):
                name, _, start = value.partition(":")
                kept = await self.store.kept_reply(origin.community, name)
                return replace(kept, body=kept.body[int(start or 0) :]) if kept else GONE
            case Submitted(_, values, _) if values["question"].strip():
                return Reply("answered", f"On {values['question']} [1]", (SOURCE,))
            case Submitted():
                return Reply("invalid", "Type a question first.", form=ASK)
            case _:
                return Reply("help", "Ask me.", form=ASK)


GONE = Reply("invalid", "That answer is no longer kept.")


@dataclass
class Bot:
    """A bot that is served, the Slack it is served in, and what it was asked."""

    peer: SlackPeer
    inbox: Inbox
    channel: SlackChannel
    said: str

    async def answered(self, count: int) -> list[dict[str, Any]]:
        """What it posted for everyone, once there is that much and nothing more to come."""
        await self.peer.until(lambda: len(self.peer.shown) >= count)
        await self.inbox.finish()
        assert len(self.peer.shown) == count
        return self.peer.shown

    async def whispered(self, count: int) -> list[dict[str, Any]]:
        """The same for what only the asker sees."""
        await self.peer.until(lambda: len(self.peer.whispered) >= count)
        await self.inbox.finish()
        assert len(self.peer.whispered) == count
        return self.peer.whispered


async def at_once(_: float) -> None:
    """What is to be tried again later is tried again now."""


@asynccontextmanager
async def serving(
    peer: SlackPeer,
    store: Store,
    handle: Handle,
    *,
    app_token: str = "",
    signing_secret: str = SIGNING_SECRET,
    bot_token: str = BOT_TOKEN,
    api_base: str = "",
    dev: bool = True,
    pause: Callable[[float], Awaitable[None]] = at_once,
) -> AsyncIterator[Bot]:
    """The listener in the real application's shape: routes, inbox and store."""
    inbox = Inbox(handle, store, lambda: "ref-1234", pause)
    channel = SlackChannel(
        inbox,
        bot_token=bot_token,
        app_token=app_token,
        signing_secret=signing_secret,
        api_base=api_base or peer.api_base,
        dev=dev,
    )
    inbox.channels[channel.name] = channel
    application = web.Application(client_max_size=256 * 1024)
    application.add_routes(channel.routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    peer.events = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield Bot(peer, inbox, channel, await channel.start())
    finally:
        await channel.stop()
        await runner.cleanup()
        await inbox.finish(5)
        await channel.close()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(default_url(tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
async def peer() -> AsyncIterator[SlackPeer]:
    async with SlackPeer() as opened:
        yield opened


@pytest.fixture
async def bot(peer: SlackPeer, store: Store, desk: Desk) -> AsyncIterator[Bot]:
    async with serving(peer, store, desk.handle) as served:
        yield served


def button(posted: dict[str, Any], words: str) -> dict[str, Any]:
    """The button with these words, or it fails."""
    (found,) = (one for one in buttons(posted) if one["text"]["text"] == words)
    return found


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
    event("app_home_opened", "", tab="home"),
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
