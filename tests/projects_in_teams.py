"""Officers in Teams with the real assistant: what they write, press and send, and what they see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.app import App
from bot.inbox import Inbox
from bot.rehearsal.teams import TENANT, Sent, TeamsPeer, inputs, officer
from tests.projects_desk import DAMP
from tests.teams_desk import teams, words

Json = dict[str, Any]
CHAT = "a:personal"
CHANNEL = "19:channel@thread.tacv2;messageid=1700000000001"
OFFICER, COLLEAGUE, AUTHOR = "officer", "colleague", "author"  # test data
ADMIN = "admin"  # named in the settings of `app`
ELSEWHERE = {"tenant": {"id": "00000000-0000-4000-8000-00000000ffff"}}  # test data


def person(name: str) -> Json:
    """An account as Teams names it."""
    known = officer(name)
    return {**known, "aadObjectId": ADMIN} if name == ADMIN else known


def room(name: str) -> Json:
    """A conversation as Teams names it."""
    kind = "channel" if name.startswith("19:") else "personal"
    return {"id": name, "conversationType": kind, "tenantId": TENANT}


@dataclass
class Office:
    """A Teams with the bot in it."""

    peer: TeamsPeer
    url: str
    inbox: Inbox
    cards: list[Json] = field(default_factory=list)

    async def hears(self, activity: Json, count: int = 1) -> list[Sent]:
        """What it posts to that."""
        before = len(self.peer.messages)
        assert (await self.peer.post(self.url, activity)).status == 200
        await self.peer.until(before + count)
        return self.peer.messages[before:]

    async def told(self, text: str, **changes: object) -> Sent:
        """Its answer in an officer's own chat."""
        return (await self.hears(self.peer.message(text, **changes)))[0]

    async def asked(self, text: str, **changes: object) -> Sent:
        """Its answer in a channel."""
        return (await self.hears({**self.peer.mention(text), **changes}))[0]

    async def presses(
        self, posted: Sent, words: str, who: str = OFFICER, count: int = 1
    ) -> list[Sent]:
        """The buttons of an answer come behind its words."""

        def standing() -> dict[str, Json]:
            return buttons(next(one for one in self.peer.messages if one.id == posted.id))

        await self.peer.until_seen(lambda: words in standing())
        pressed = self.peer.message(
            "",
            value=standing()[words],
            conversation=room(posted.conversation),
            **{"from": person(who)},
        )
        return await self.hears(pressed, count)

    async def sends(self, card: Json, who: str = OFFICER, **filled: str) -> Json:
        """The card that takes the place of a form that is sent off."""
        self.cards.append(card)
        changes = {"from": person(who), "replyToId": f"17000000{len(self.cards):05d}"}
        answer = await self.peer.post(self.url, self.peer.executed(card, filled, **changes))
        said = json.loads(answer.body)
        assert said["statusCode"] == 200
        shown: Json = said["value"]
        return shown

    async def ends(self, card: Json, who: str = OFFICER, **filled: str) -> tuple[str, Sent]:
        """What stands in the place of a form that was right, and the message behind it."""
        before = len(self.peer.messages)
        instead = words(await self.sends(card, who, **filled))
        await self.peer.until(before + 1)
        assert len(self.peer.messages) == before + 1
        return "\n".join(instead), self.peer.messages[-1]

    async def registers(self, **changes: str) -> Sent:
        """A project, in two steps; what its officer is told."""
        described = {name: changes.pop(name, value) for name, value in DAMP.items()}
        step = await self.sends(form(await self.told("tag")), **described)
        _, told = await self.ends(step, **changes)
        return told

    async def dialog(self, activity: Json) -> Json:
        """The dialog's card that an activity is answered with."""
        answer = await self.peer.post(self.url, activity)
        card: Json = json.loads(answer.body)["task"]["value"]["card"]["content"]
        return card

    async def quiet(self, count: int) -> None:
        """Nothing more is posted than that."""
        await asyncio.sleep(0.05)
        assert len(self.peer.messages) == count


def buttons(posted: Sent) -> dict[str, Json]:
    """What can be pressed below a message, by its words."""
    cards = [one["content"] for one in posted.activity["attachments"]]
    return {
        one["title"]: one["data"]
        for card in cards
        for one in card["actions"]
        if one["type"] == "Action.Submit"
    }


def form(posted: Sent) -> Json:
    """The form in a message."""
    (card,) = (one["content"] for one in posted.activity["attachments"])
    found: Json = card
    assert inputs(found)
    return found


def said(posted: Sent) -> str:
    text: str = posted.activity["text"]
    return text


@pytest.fixture
async def office(peer: TeamsPeer, app: App) -> AsyncIterator[Office]:
    async with teams(peer, app.store, app.assistant.handle) as served:
        yield Office(peer, f"{served.url}/api/messages", served.inbox)
