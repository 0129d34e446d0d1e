"""A Slack with the bot served in it, for the tests of what officers meet there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.conversation import (
    Action,
    Asked,
    Choice,
    Citation,
    Command,
    Field,
    Form,
    Handle,
    Marked,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from bot.delivery import Worded
from bot.inbox import Inbox
from bot.rehearsal.slack import BOT_TOKEN, SIGNING_SECRET, SlackPeer
from bot.rehearsal.slack_payloads import buttons, command
from bot.slack.listener import SlackChannel
from bot.store import Store
from tests.serving import at_once
from tests.serving import serving as served_platform

SOURCE = Citation(1, "damp", "case-study", "Damp sensors", "https://a.example/", "They work.")
ASK = Form("ask", "Ask about outcomes", (Field("question", "Your question", "paragraph"),))
STAGES = tuple(Choice(name, name.capitalize()) for name in ("idea", "doing", "done"))
PROJECT = Form(
    "project",
    "Register a project",
    (
        Field("title", "Title"),
        Field("description", "What it does", "paragraph", hint="In your own words."),
        Field("council", "Council", required=False),
        Field("link", "Link", required=False),
        Field("stage", "Stage", "choice", choices=STAGES, value="idea"),
    ),
    submit="Next",
    key="draft-1",
)
OUTCOMES = Form(
    "outcomes",
    "Its outcomes",
    (
        Field(
            "outcomes",
            "Outcomes",
            "choices",
            choices=tuple(Choice(f"outcome-{n}", f"Outcome {n}") for n in range(1, 13)),
            value="outcome-2,outcome-5",
        ),
        Field(
            "shared",
            "Who may see it",
            "choice",
            choices=(Choice("no", "This community only"), Choice("yes", "Other communities too")),
            value="no",
        ),
    ),
    submit="Register",
    lead="These are likely:\n\n- Outcome 2: “They work.” [1]\n- Outcome 5",
    citations=(SOURCE,),
)
PAUSE = Form("pause", "Pause requests", (Field("until", "Until", "date", value="2026-12-24"),))
SEEN_ALONE = {"ts": "1764000000.000001", "response_type": "ephemeral"}
LONG = " ".join(f"Sentence number {number} is here to be read." for number in range(200))


@dataclass
class Desk:
    """Answers as simply as can be. What it is asked is kept; `answers` sets an answer of its own,
    `seconds` how long one takes."""

    store: Store
    asked: list[Request] = field(default_factory=list)
    answers: dict[str, Reply | Exception] = field(default_factory=dict)
    seconds: float = 0.0

    async def handle(self, request: Request) -> Reply:
        self.asked.append(request)
        await asyncio.sleep(self.seconds)
        match request:
            case Asked(text, _) | Command("ask", text, _) if text:
                return self._found(text) or Reply("answered", f"On {text} [1]", (SOURCE,))
            case Command("quiet" | "follow", _, origin):
                await self.store.ledger.hush(origin, quiet=request.name == "quiet")
                return Reply("help", f"I will {request.name}.")
            case Pressed("more" | "share", value, origin):
                name, _, start = value.partition(":")
                kept = await self.store.kept_reply(origin.community, name)
                return replace(kept, body=kept.body[int(start or 0) :]) if kept else GONE
            case Submitted("ask", values, _) if values["question"].strip():
                return Reply("answered", f"On {values['question']} [1]", (SOURCE,))
            case Submitted("ask"):
                return Reply("invalid", "Type a question first.", form=ASK)
            case Pressed("open", value, _) if value != "ask":
                return self._found(value) or Reply("help", "Fill in the form.", form=PROJECT)
            case Command("tag" | "peers" | "my-data") | Marked() | Submitted():
                return self._registered(request)
            case _:
                return Reply("help", "Ask me.", form=ASK)

    def _found(self, value: str) -> Reply | None:
        """An answer of its own, if one is set."""
        found = self.answers.get(value)
        if isinstance(found, Exception):
            raise found
        return found

    def _registered(self, request: Request) -> Reply:
        """A project's way: its form, its outcomes, and where it stands."""
        match request:
            case Command("peers" | "my-data" as name, text):
                return self._found(f"{name} {text}") or Reply("help", "Fill it in.", form=PAUSE)
            case Command(_, text, _) if text:
                actions = (Action("confirm", "Confirm", "7"), Action("open", "Change", "draft:7"))
                return Reply("answered", f"Likely for {text} [1]", (SOURCE,), actions=actions)
            case Marked("", _, _):
                return Reply("invalid", "That message has no text.")
            case Marked(text, _, _):
                return Reply("help", "Fill in the form.", form=filled(PROJECT, description=text))
            case Submitted("project", values, _, key):
                return self._found(key) or _checked(values, key)
            case Submitted("outcomes", values, _, key):
                said = f"Registered {key} for {values['outcomes']}, shared: {values['shared']}."
                return self._found(key) or Reply("answered", said, private=True)
            case _:
                return Reply("help", "Fill in the form.", form=PROJECT, private=True)


def filled(form: Form, **values: str) -> Form:
    """The form with something in its fields."""
    fields = (replace(one, value=values.get(one.id, one.value)) for one in form.fields)
    return replace(form, fields=tuple(fields))


def faulty(form: Form, **wrong: str) -> Form:
    """The form with what is wrong with its fields."""
    fields = (replace(one, fault=wrong.get(one.id, "")) for one in form.fields)
    return replace(form, fields=tuple(fields))


def _checked(values: dict[str, str], key: str) -> Reply:
    if values["title"].strip():
        return Reply("help", "Now its outcomes.", form=replace(OUTCOMES, key=f"{key}+"))
    form = faulty(filled(replace(PROJECT, key=key), **values), title=NO_TITLE)
    return Reply("invalid", NO_TITLE, form=form)


NO_TITLE = "Give it a title."
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


def tag_project(peer: SlackPeer, text: str = "") -> dict[str, Any]:
    """The command, and what was typed behind it."""
    return command(text, peer.response_url(), command="/tag-project")


async def form(peer: SlackPeer, count: int = 1) -> dict[str, Any]:
    """The form that is open, once so many are and the newest is no longer on its way."""
    await peer.until(lambda: len(peer.views) >= count and "submit" in list(peer.views.values())[-1])
    return list(peer.views.values())[-1]


def field_of(view: dict[str, Any], name: str) -> dict[str, Any]:
    """The input with this name."""
    found: dict[str, Any]
    (found,) = (one for one in view["blocks"] if one.get("block_id") == f"field:{name}")
    return found


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
    clock: Callable[[], float] = time.monotonic,
    worded: Worded | None = None,
    waits: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Bot]:
    """The bot, served in this Slack; by `waits` it waits before it publishes again."""

    def make(inbox: Inbox) -> SlackChannel:
        return SlackChannel(
            inbox,
            bot_token=bot_token,
            app_token=app_token,
            signing_secret=signing_secret,
            api_base=api_base or peer.api_base,
            dev=dev,
            clock=clock,
            pause=waits,
        )

    async with served_platform(handle, store, make, pause, worded) as served:
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


def seen(value: object) -> str:
    """The words in a message's blocks, whatever they stand in, with one space between them."""
    if isinstance(value, dict):
        words = [value["text"]] if isinstance(value.get("text"), str) else []
        parts = [seen(one) for one in value.values() if isinstance(one, dict | list)]
        return " ".join(" ".join((*words, *parts)).split())
    if isinstance(value, list):
        return " ".join(filter(None, map(seen, value)))
    return ""


def button(posted: dict[str, Any], words: str) -> dict[str, Any]:
    """The button with these words, or it fails."""
    (found,) = (one for one in buttons(posted) if one["text"]["text"] == words)
    return found
