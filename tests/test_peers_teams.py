"""Officers who help each other in Teams from end to end, each in their own chat with the bot.

The people and their councils are invented (test data).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.current import CurrentAnswerer
from bot.rehearsal.teams import Sent, TeamsPeer, alone_by, by, inputs, officer
from bot.teams.posting import ANSWERED
from tests.peers_desk import SENSORS, WHAT, WISH, Town
from tests.peers_desk import town as opened
from tests.projects_desk import WHO_SENSES
from tests.projects_in_teams import buttons, said
from tests.projects_in_teams import form as form_of
from tests.teams_desk import peer, teams, words

__all__ = ["peer"]  # a fixture

Json = dict[str, Any]
ROBIN, SAM, KIM = "robin", "sam", "kim"
ASK = "Ask an officer at Kirklees Council"
ADDRESS = "robin@kirklees.example"


@dataclass
class Tenant:
    """A Teams with the bot in it, whose time can be moved."""

    peer: TeamsPeer
    url: str
    town: Town
    _cards: itertools.count[int] = field(default_factory=itertools.count)

    async def post(self) -> None:
        """Everything that waits to be sent."""
        while await self.town.app.outbox.send():
            pass

    async def hears(self, activity: Json, name: str) -> Sent:
        """What an officer reads in their own chat because of it."""
        before = len(self.peer.alone(name))
        assert (await self.peer.post(self.url, activity)).status == 200
        await self.peer.until(before + 1, name=name)
        assert len(self.peer.alone(name)) == before + 1
        return self.peer.alone(name)[-1]

    async def told(self, name: str, text: str) -> Sent:
        return await self.hears(self.peer.message(text, **alone_by(name)), name)

    async def presses(self, name: str, posted: Sent, label: str) -> Sent:
        """A button in an officer's own chat, and what is sent because of it."""
        pressed = self.peer.message("", value=buttons(posted)[label], **alone_by(name))
        answer = await self.hears(pressed, name)
        await self.post()
        return answer

    async def sends(self, who: str, posted: Sent, **filled: str) -> str:
        """What is wrong with a form; or what is said to it, once what it has sent is."""
        before = len(self.peer.alone(who))
        changes = {**alone_by(who), "replyToId": f"17000000{next(self._cards):05d}"}
        card = self.peer.executed(form_of(posted), filled, **changes)
        shown = json.loads((await self.peer.post(self.url, card)).body)["value"]
        if inputs(shown):
            return "\n".join(words(shown))
        await self.peer.until(before + 1, name=who)
        answer = said(self.peer.alone(who)[before])
        await self.post()
        return answer

    async def joins(self, name: str, **changes: str) -> str:
        filled = {**SENSORS, "reach": ADDRESS, **changes}
        return await self.sends(name, await self.told(name, "peers join"), **filled)

    async def asks(self, name: str, **changes: str) -> str:
        form = await self.presses(name, await self.told(name, f"peers {WHAT}"), ASK)
        assert "Robin" not in str(form.activity)
        return await self.sends(name, form, **{**WISH, **changes})


@pytest.fixture
async def tenant(
    peer: TeamsPeer, current: CurrentAnswerer, tmp_path: Path
) -> AsyncIterator[Tenant]:
    async with opened(current, tmp_path) as town:
        app = town.app
        async with teams(peer, app.store, app.assistant.handle) as served:
            app.outbox.channels["teams"] = served.platform
            yield Tenant(peer, f"{served.url}/api/messages", town)
    assert "traceback" not in json.dumps([one.activity for one in peer.messages]).lower()


async def test_one_is_asked_and_accepts_each_in_their_own_chat(tenant: Tenant) -> None:
    peer = tenant.peer
    form = await tenant.hears({**peer.mention("peers join"), **by(ROBIN)}, ROBIN)
    assert any("What you agree to:" in line for line in words(form_of(form)))
    await peer.until(2)
    (told,) = [one for one in peer.messages if one not in peer.alone(ROBIN)]
    assert said(told) == ANSWERED, "all that is said in the channel"
    faulty = await tenant.sends(ROBIN, form, **{**SENSORS, "name": " "})
    assert "Give your name." in faulty
    joined = await tenant.sends(ROBIN, form, **SENSORS, reach=ADDRESS)
    assert joined.startswith("You can be asked from now on.")
    assert list(buttons(peer.alone(ROBIN)[-1])) == ["Edit", "Pause", "Leave"]

    found = await tenant.told(SAM, f"peers {WHAT}")
    assert ASK in buttons(found)
    assert not [one for one in ("Robin", ADDRESS) if one in str(found.activity)]
    asked = await tenant.asks(SAM)
    assert asked.startswith("I have passed your line on to the officer at Kirklees Council")

    request = peer.alone(ROBIN)[-1]
    assert WISH["line"] in said(request)
    assert list(buttons(request)) == ["Accept", "Not now", "Stop these"]
    before = len(peer.alone(SAM))
    await tenant.presses(ROBIN, request, "Accept")
    accepted, to_robin = peer.alone(ROBIN)[-2:]
    assert said(accepted) == "Thank you. I am introducing you now."
    assert f"You and {WISH['name']} (Wigan Council) agreed to talk." in said(to_robin)
    (to_sam,) = peer.alone(SAM)[before:]
    assert said(to_sam).startswith("Robin Testname (Kirklees Council) agreed to talk to you.")
    assert ADDRESS.partition("@")[2] in said(to_sam)
    assert "not open any more" in said(await tenant.presses(ROBIN, request, "Accept"))

    tenant.town.clock.pass_by(days=14)
    assert await tenant.town.app.assistant.due() == 1
    await tenant.post()
    question = peer.alone(SAM)[-1]
    assert "Did it help?" in said(question)
    assert "Thank you." in said(await tenant.presses(SAM, question, "Yes"))


async def test_who_removed_the_bot_or_declines_stays_unknown_and_can_be_forgotten(
    tenant: Tenant,
) -> None:
    peer = tenant.peer
    await tenant.joins(ROBIN)
    before = len(peer.messages)
    await peer.post(tenant.url, {**peer.mention(WHO_SENSES), **by(KIM)})
    await peer.until_seen(lambda: len(peer.messages) > before and ASK in buttons(peer.messages[-1]))
    in_channel = peer.messages[-1]
    assert "Officers who agreed to be asked" in said(in_channel)
    assert "Robin" not in str(in_channel.activity)

    peer.not_added = {officer(ROBIN)["id"]}
    await tenant.asks(SAM)
    unreached = said(peer.alone(SAM)[-1])
    assert "could not pass your line on to the officer at Kirklees Council" in unreached
    peer.not_added = set()

    value = buttons(in_channel)[ASK]
    form = await tenant.hears({**peer.overheard("", "1700000000001", value=value), **by(KIM)}, KIM)
    await tenant.sends(KIM, form, **{**WISH, "name": "Kim Testname"})
    stopped = await tenant.presses(ROBIN, peer.alone(ROBIN)[-1], "Stop these")
    assert list(buttons(stopped)) == ["Resume", "Leave"]
    declined = said(peer.alone(KIM)[-1])
    assert "The officer at Kirklees Council cannot help just now." in declined
    for told in (unreached, declined):
        assert not [one for one in ("Robin", ADDRESS) if one in told]
    assert ASK not in buttons(await tenant.told("lee", f"peers {WHAT}"))

    held = await tenant.told(ROBIN, "my-data")
    assert "Kim Testname asked you (declined)" in said(held)
    assert list(buttons(held)) == ["Export", "Delete my data"]
    assert "Robin Testname" in said(await tenant.presses(ROBIN, held, "Export"))
    sure = await tenant.presses(ROBIN, held, "Delete my data")
    erased = await tenant.presses(ROBIN, sure, "Delete it all")
    assert said(erased).startswith("Everything of yours is deleted here.")
    assert "I hold nothing" in said(await tenant.told(ROBIN, "my-data"))
    in_public = [one for one in peer.messages if not one.conversation.startswith("a:")]
    assert [said(one) for one in in_public] == [said(in_channel), ANSWERED]
