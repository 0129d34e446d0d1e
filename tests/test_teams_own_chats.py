"""Officers written to of the bot's own accord: alone, later, wherever they were met."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.conversation import Action, Origin, Reply, Request
from bot.delivery import MaybeSent, NotSent
from bot.rehearsal.teams import TENANT, Fault, TeamsPeer, alone_by, by, officer
from bot.store import Store
from bot.teams.adapter import Refused
from tests.serving import Served
from tests.teams_desk import FORM, answer, peer, teams

__all__ = ["peer"]  # a fixture

Json = dict[str, Any]
GROUP = {"id": "19:group", "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
ASKS = Reply(
    "answered",
    "A colleague asks for your help.",
    actions=(Action("accept", "Accept", "1"), Action("not-now", "Not now", "1")),
    private=True,
)


@dataclass
class Desk:
    """A bot that remembers from where it was spoken to."""

    peer: TeamsPeer
    store: Store
    met: asyncio.Queue[Origin] = field(default_factory=asyncio.Queue)

    async def handle(self, request: Request) -> Reply:
        self.met.put_nowait(request.origin)
        return await answer(request)

    async def meets(self, *activities: Json) -> list[Origin]:
        """Where each of them came from, as the bot sees it."""
        met = []
        async with teams(self.peer, self.store, self.handle) as served, asyncio.timeout(20):
            for one in activities:
                assert (await self.peer.post(f"{served.url}/api/messages", one)).status == 200
                met.append(await self.met.get())
        return met


@pytest.fixture
async def desk(peer: TeamsPeer, store: Store) -> Desk:
    return Desk(peer, store)


@pytest.fixture
async def served(peer: TeamsPeer, store: Store) -> AsyncIterator[Served]:
    """Another process than the one that was spoken to."""
    async with teams(peer, store) as made:
        yield made


async def own(desk: Desk, name: str) -> str:
    (met,) = await desk.meets({**desk.peer.mention("hello"), **by(name)})
    desk.peer.sent.clear()
    return met.address


async def test_an_officer_has_one_address_wherever_they_speak(desk: Desk) -> None:
    peer = desk.peer
    card = {"actions": [{"verb": "submit", "data": {"form": FORM.id}}], "body": []}
    pressed = {"action": "about", "value": "a"}
    picked = {**peer.picked("Sensors"), "from": officer("one")}
    met = await desk.meets(
        peer.message("hello", **alone_by("one")),
        peer.message("", value=pressed, **alone_by("one")),
        picked,
        {**peer.mention("hello", "1700000000001"), **by("one"), "locale": "cy-GB"},
        {**peer.mention("hello", "1700000000002", conversation=GROUP), **by("one")},
        {**peer.overheard("", "1700000000001", value=pressed), **by("one")},
        peer.executed(card, {}, conversation=GROUP, **by("one")),
        {**peer.mention("hello"), **by("two")},
    )
    *ones, two = met
    assert [one.alone for one in met] == [True, True, True, False, False, False, False, False]
    assert {one.platform for one in met} == {"teams"}
    assert {one.person for one in ones} == {officer("one")["aadObjectId"]}
    assert {one.address for one in ones} == {ones[0].address}
    assert two.address != ones[0].address
    assert not [part for part in ("Test", "19:", "17000", "GB") if part in ones[0].address]
    assert json.loads(ones[0].address)["conversation"] == {"tenantID": TENANT}


async def test_in_a_dialog_in_a_channel_the_officer_is_alone(desk: Desk) -> None:
    channel = desk.peer.mention("")["conversation"]
    (met,) = await desk.meets(desk.peer.picked("Sensors", channel))
    assert (met.alone, met.channel) == (True, "19:channel@thread.tacv2")


async def test_who_is_not_named_has_no_address(desk: Desk) -> None:
    (met,) = await desk.meets({**desk.peer.mention("hello"), "from": {"id": ""}})
    assert (met.person, met.address) == ("", "")


async def test_each_is_written_to_in_their_own_chat_also_after_a_restart(
    desk: Desk, peer: TeamsPeer, store: Store
) -> None:
    one, two = await own(desk, "one"), await own(desk, "two")
    async with teams(peer, store, desk.handle) as served:
        await served.platform.send(one, ASKS)
        await served.platform.send(two, Reply("answered", "It is agreed."))
        await served.platform.send(one, Reply("answered", "Did it help?"))
    assert [each.activity["text"] for each in peer.alone("one")] == [ASKS.body, "Did it help?"]
    assert [each.activity["text"] for each in peer.alone("two")] == ["It is agreed."]
    assert len(peer.messages) == 3, "nothing is said anywhere else"
    request = peer.alone("one")[0]
    assert (request.reply_to, request.activity["recipient"]["id"]) == ("", officer("one")["id"])
    (card,) = request.activity["attachments"]
    accept = card["content"]["actions"][0]["data"]

    (met,) = await desk.meets(peer.message("", value=accept, **alone_by("one")))
    assert (met.alone, met.address) == (True, one)
    await peer.until(3, name="one")
    assert peer.alone("one")[2].activity["text"] == "pressed accept 1"


@pytest.mark.parametrize("private", [True, False])
async def test_who_has_not_added_it_is_not_written_to_anywhere(
    private: bool, desk: Desk, peer: TeamsPeer, served: Served
) -> None:
    reply = Reply("answered", "A colleague asks.", private=private)
    one = await own(desk, "one")
    peer.not_added = {officer("one")["id"]}
    with pytest.raises(Refused):
        await served.platform.send(one, reply)
    assert peer.sent == []

    peer.not_added.clear()
    await served.platform.send(one, reply)
    peer.not_added = {officer("one")["id"]}  # removed, or blocked
    with pytest.raises(Refused):
        await served.platform.send(one, reply)
    assert len(peer.messages) == len(peer.alone("one")) == 1


@pytest.mark.parametrize(
    ("opening", "posting", "raised"),
    [
        ([(429, {"Retry-After": "7"})], [], NotSent),
        ([None], [], NotSent),
        ([(400, {})], [], Refused),
        ([], [(503, {})], NotSent),
        ([], [None], MaybeSent),
        ([], [(404, {})], Refused),
    ],
)
async def test_what_failed_says_whether_to_try_again(
    opening: list[Fault],
    posting: list[Fault],
    raised: type[Exception],
    desk: Desk,
    peer: TeamsPeer,
    served: Served,
) -> None:
    one = await own(desk, "one")
    peer.chat_faults, peer.faults = opening, posting
    with pytest.raises(raised):
        await served.platform.send(one, ASKS)
    assert peer.messages == []
