"""An answer that did not help, in Teams from end to end: said why, answered by somebody who stands
for it, told where it was asked, and given first from then on.

The people are invented (test data).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.app import App
from bot.rehearsal.teams import TENANT, Sent, TeamsPeer, chat_with
from tests.digest_desk import OPENLY
from tests.projects_in_teams import ADMIN, COLLEAGUE, Json, Office, buttons, form, person, said
from tests.teams_desk import known_as, peer, teams, words

__all__ = ["peer"]  # a fixture

ANSWER = "Anytown lends drones to its parks team for one day a week."
WRITTEN = {
    "answer": ANSWER,
    "sources": "https://anytown.example/drones",
    "name": "Robin, digital team",
}
REASON = "It is about another council."


@dataclass
class Tenant(Office):
    """A Teams with the bot in it, and all that it can send first."""

    app: App = field(kw_only=True)

    async def posted(self) -> list[Sent]:
        """Everything that waits to be sent."""
        before = len(self.peer.messages)
        while await self.app.outbox.send():
            pass
        return self.peer.messages[before:]

    async def thumb(self, on: Sent, reaction: str, told: str, who: str = COLLEAGUE) -> None:
        """Nobody is as fast as the note of which message an answer became."""
        for _ in range(1_000):
            if await self.app.store.ratings(TENANT).by_message(known_as(on)):
                break
            await asyncio.sleep(0.01)
        pressed = self.peer.thumb(on, reaction, told, **{"from": person(who)})
        done = await self.peer.post(self.url, pressed)
        assert (done.status, done.body) == (200, "{}")

    async def complains(self, on: Sent, told: str, who: str = COLLEAGUE) -> Sent:
        """What that officer reads alone because of a thumb down."""
        before = len(self.peer.messages)
        await self.thumb(on, "dislike", told, who)
        await self.peer.until(before + 1)
        noted = self.peer.messages[-1]
        assert noted.conversation == chat_with(person(who)["id"])
        return noted

    async def alone(self, text: str, who: str) -> Sent:
        """The answer in an officer's own chat."""
        chat = {"id": chat_with(person(who)["id"]), "conversationType": "personal"}
        return await self.told(text, **{"from": person(who), "conversation": chat})

    async def written(self, waiting: Sent, **filled: str) -> str:
        """The first question answered by the administrator; what they are told."""
        (asked,) = await self.presses(waiting, "Answer 1", ADMIN)
        _, saved = await self.ends(form(asked), ADMIN, **{**WRITTEN, **filled})
        return said(saved)


@pytest.fixture
async def tenant(peer: TeamsPeer, app: App) -> AsyncIterator[Tenant]:
    async with teams(peer, app.store, app.assistant.handle) as served:
        app.outbox.channels["teams"] = served.platform
        yield Tenant(peer, f"{served.url}/api/messages", served.inbox, app=app)
    assert "traceback" not in json.dumps([one.activity for one in peer.messages]).lower()


async def test_what_did_not_help_is_answered_by_somebody_who_stands_for_it(
    tenant: Tenant,
) -> None:
    unsure = await tenant.asked(OPENLY)
    noted = await tenant.complains(unsure, REASON)
    assert "the answer is posted here" in said(noted)

    refused = await tenant.alone("open", COLLEAGUE)
    assert buttons(refused) == {}
    waiting = await tenant.alone("open", ADMIN)
    assert OPENLY in said(waiting)
    (asked,) = await tenant.presses(waiting, "Answer 1", ADMIN)
    assert REASON in "\n".join(words(form(asked)))
    faulty = await tenant.sends(form(asked), ADMIN, **{**WRITTEN, "sources": ""})
    assert len(faulty["actions"]) == 1, "it is shown again, with what is wrong"
    _, saved = await tenant.ends(form(asked), ADMIN, **WRITTEN)
    assert "Saved" in said(saved)

    (told,) = await tenant.posted()
    assert told.conversation == unsure.conversation, "in the thread where it was asked"
    for part in (ANSWER, "Verified by Robin, digital team until", "anytown.example/drones"):
        assert part in said(told)

    again = await tenant.asked(OPENLY, **{"from": person(COLLEAGUE)})
    assert said(again).startswith("Verified by Robin, digital team until")
    assert "No question waits" in said(await tenant.alone("open", ADMIN))
    await tenant.thumb(again, "like", "")
    usage = await tenant.alone("usage", ADMIN)
    assert usage.activity["text"]


async def test_whoever_complains_alone_is_told_alone(tenant: Tenant) -> None:
    unsure = await tenant.alone(OPENLY, COLLEAGUE)
    noted = await tenant.complains(unsure, REASON)
    assert "Shall I tell you of an answer?" in said(noted)
    (kept,) = await tenant.presses(noted, "Tell me of an answer", COLLEAGUE)
    assert "I keep that it was you for up to 90 days" in said(kept)
    assert "Saved" in await tenant.written(await tenant.alone("open", ADMIN))
    (told,) = await tenant.posted()
    assert told.conversation == unsure.conversation
    assert ANSWER in said(told)


async def test_a_reason_that_is_too_long_comes_back_as_a_form(tenant: Tenant) -> None:
    unsure = await tenant.asked(OPENLY)
    again = await tenant.complains(unsure, "Wrong. " * 400)
    _, thanked = await tenant.ends(form(again), COLLEAGUE, reason=REASON)
    assert said(thanked).startswith("Thank you.")


async def test_an_answer_of_long_ago_is_said_so(tenant: Tenant) -> None:
    unsure: Sent = await tenant.asked(OPENLY)
    pressed: Json = tenant.peer.thumb(unsure, "dislike", REASON)
    (told,) = await tenant.hears({**pressed, "replyToId": "1600000000000"})
    assert said(told).startswith("I no longer have that answer")
