"""A Slack with the bot served in it, for the tests of what officers meet there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

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
from bot.rehearsal.slack_payloads import buttons
from bot.slack.listener import SlackChannel
from bot.store import Store
from tests.serving import at_once
from tests.serving import serving as served_platform

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
    """The bot, served in this Slack."""

    def make(inbox: Inbox) -> SlackChannel:
        return SlackChannel(
            inbox,
            bot_token=bot_token,
            app_token=app_token,
            signing_secret=signing_secret,
            api_base=api_base or peer.api_base,
            dev=dev,
        )

    async with served_platform(handle, store, make, pause) as served:
        assert isinstance(served.platform, SlackChannel)
        peer.events = f"{served.url}/slack/events"
        yield Bot(peer, served.inbox, served.platform, served.said)


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
