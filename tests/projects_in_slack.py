"""Officers in Slack with the real assistant: what they type, press and send, and what they see."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest

from bot.app import App
from bot.rehearsal.slack import Acknowledged, SlackPeer
from bot.rehearsal.slack_payloads import (
    OFFICER,
    OTHER_TEAM,
    buttons,
    command,
    mention,
    press,
    submission,
)
from tests.projects_desk import DAMP, LAPTOPS
from tests.slack_desk import Bot, button, field_of, form, serving, tag_project

Json = dict[str, Any]
COLLEAGUE, AUTHOR, ADMIN = "U0COLLEAGUE", "U0AUTHOR", "U0ADMIN"  # test data
NAMED = "admin"  # whom the settings name, see the `app` fixture


@pytest.fixture
async def bot(peer: SlackPeer, app: App) -> AsyncIterator[Bot]:
    peer.admins = {ADMIN}
    async with serving(peer, app.store, app.assistant.handle) as served:
        app.administrators.platforms.append(served.channel.administers)
        yield served


async def alone(bot: Bot, acting: Awaitable[object]) -> Json:
    """What comes of it, which only whoever did it sees."""
    before, aloud = len(bot.peer.whispered), len(bot.peer.shown)
    await acting
    last = (await bot.whispered(before + 1))[-1]
    assert len(bot.peer.shown) == aloud
    return last


async def aloud(bot: Bot, acting: Awaitable[object]) -> Json:
    """What comes of it, which the whole channel sees."""
    before, quiet = len(bot.peer.shown), len(bot.peer.whispered)
    await acting
    last = (await bot.answered(before + 1))[-1]
    assert len(bot.peer.whispered) == quiet
    return last


async def asked(bot: Bot, text: str, **changes: object) -> Json:
    return await aloud(bot, bot.peer.event(mention(text, **changes)))


async def slashed(bot: Bot, text: str, person: str = OFFICER) -> Json:
    said = command(text, bot.peer.response_url(), user_id=person)
    return await alone(bot, bot.peer.command(said))


async def pressing(bot: Bot, posted: Json, words: str, person: str = OFFICER) -> Acknowledged:
    pressed = press(button(posted, words), bot.peer.response_url(), posted, user={"id": person})
    return await bot.peer.interaction(pressed)


async def opening(bot: Bot, posted: Json, words: str, person: str = OFFICER) -> Json:
    """The form behind a button."""
    count = len(bot.peer.views) + 1
    await pressing(bot, posted, words, person)
    return await form(bot.peer, count)


async def sending(bot: Bot, view: Json, person: str = OFFICER, **filled: str) -> Acknowledged:
    return await bot.peer.interaction(submission(view, filled, user={"id": person}))


async def tagged(bot: Bot) -> Json:
    return await alone(bot, bot.peer.command(tag_project(bot.peer, LAPTOPS)))


async def registered(bot: Bot, **changes: str) -> Json:
    """A project, in two steps; what its officer is told."""
    described = {name: changes.pop(name, value) for name, value in DAMP.items()}
    await bot.peer.command(tag_project(bot.peer))
    await sending(bot, await form(bot.peer), **described)
    return await alone(bot, sending(bot, await form(bot.peer), **changes))


def words(posted: Json) -> list[str]:
    """What can be pressed."""
    return [one["text"]["text"] for one in buttons(posted)]


def value(view: Json, name: str) -> object:
    """What stands in an input."""
    element = field_of(view, name)["element"]
    chosen = [one["value"] for one in element.get("initial_options", ())]
    return element.get("initial_value") or chosen


def above(view: Json) -> str:
    """What is written over the inputs of a form."""
    return json.dumps([one for one in view["blocks"] if one["type"] != "input"], ensure_ascii=False)


async def from_elsewhere(bot: Bot, posted: Json, label: str) -> None:
    """A button pressed in another workspace."""
    there = {"team": {"id": OTHER_TEAM}, "user": {"id": "U0FAR"}}
    pressed = press(button(posted, label), bot.peer.response_url(), posted, **there)
    await bot.peer.interaction(pressed)
