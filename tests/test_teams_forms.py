"""Forms on cards in Teams: shown, sent off, shown again with their faults, and answered once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.conversation import Field, Form, Reply, Request, Submitted
from bot.rehearsal.teams import TeamsPeer, inputs, officer
from bot.store import Store
from bot.teams.invokes import SENT
from tests import schemas
from tests.teams_desk import ALONE, answer, peer, teams, url, words
from tests.test_renderers import CARD_SCHEMA

__all__ = ["peer", "url"]  # fixtures

Card = dict[str, Any]


async def opened(peer: TeamsPeer, url: str, button: bool = False) -> Card:
    """The card of the last message: the form for a question, or that of a button for a project."""
    count = len(peer.messages)
    pressed = peer.message("", value={"action": "open", "value": ""})
    await peer.post(url, pressed if button else peer.message("form"))
    await peer.until(count + 1)
    (card,) = peer.messages[-1].activity["attachments"]
    found: Card = card["content"]
    return found


async def sent(peer: TeamsPeer, url: str, card: Card, **fields: str) -> dict[str, Any]:
    """What Teams is told to do with a card that was sent off."""
    posted = await peer.post(url, peer.executed(card, fields))
    assert posted.status == 200
    told: dict[str, Any] = json.loads(posted.body)
    if told["type"].endswith("adaptive"):
        assert schemas.faults(told["value"], CARD_SCHEMA) == []
    return told


async def test_a_form_is_sent_filled_in_and_replaced(peer: TeamsPeer, url: str) -> None:
    card = await opened(peer, url)
    wrong = await sent(peer, url, card, question="")
    assert wrong["type"] == "application/vnd.microsoft.card.adaptive"
    assert words(wrong["value"]) == ["Ask", "Write a question."]
    assert len(peer.messages) == 1
    done = await sent(peer, url, wrong["value"], question="who?")
    assert words(done["value"]) == ["ask: who?"]
    await peer.until(2)
    assert peer.messages[1].activity["text"] == "ask: who?"


async def test_a_button_opens_a_form_that_goes_on_step_by_step(peer: TeamsPeer, url: str) -> None:
    card = await opened(peer, url, button=True)
    assert inputs(card)["field:stage"] == "idea"

    faulty = (await sent(peer, url, card, description="Sensors\nin attics"))["value"]
    assert words(faulty) == [
        "Tag a project",
        "Look at one field again.",
        "A project needs a title.",
    ]
    assert [one.get("id") for one in faulty["body"][2:4]] == [None, "field:title"]
    assert inputs(faulty)["field:description"] == "Sensors\nin attics"

    step = (await sent(peer, url, faulty, title="Damp"))["value"]
    assert words(step) == [
        "Its outcomes",
        "Likely, because of what others did:",
        "• Data: “It fell.” [1]",
        "[1] Damp sensors (Fife)",
    ]
    assert inputs(step) == {"field:outcomes": "data,value"}

    done = await sent(peer, url, step, outcomes="data,inclusion")
    assert words(done["value"]) == ["Registered: Damp, data,inclusion."]
    await peer.until(2)
    assert peer.messages[1].activity["text"] == "Registered: Damp, data,inclusion."


async def test_a_date_is_read_back_from_a_card_and_from_a_dialog(
    peer: TeamsPeer, store: Store
) -> None:
    until = Field("until", "Until", "date", required=False, value="2026-12-24")
    form = Form("pause", "Pause", (until,))

    async def pauses(request: Request) -> Reply:
        if isinstance(request, Submitted):
            return Reply("answered", f"Until: {request.values['until']}.")
        return Reply("help", "Until when?", form=form)

    async with teams(peer, store, pauses) as served:
        url = f"{served.url}/api/messages"
        for count, said in ((2, "2026-12-25"), (4, "")):
            card = await opened(peer, url)
            assert inputs(card) == {"field:until": "2026-12-24"}
            done = await sent(peer, url, card, until=said)
            assert words(done["value"]) == [f"Until: {said}."]
            await peer.until(count)
        task = json.loads((await peer.post(url, peer.picked("x"))).body)["task"]["value"]
        card = task["card"]["content"]
        kept = json.loads((await peer.post(url, peer.in_dialog(card, {}))).body)["task"]["value"]
        assert words(kept["card"]["content"]) == ["Until: 2026-12-24."]


async def test_a_form_that_is_too_old_comes_again_and_says_why(peer: TeamsPeer, url: str) -> None:
    card = await opened(peer, url, button=True)
    card["actions"][0]["data"]["formKey"] = "stale"
    again = (await sent(peer, url, card, title="Damp"))["value"]
    assert words(again) == ["Tag a project", "This form was open for long. Send it again."]
    assert again["actions"][0]["data"] == {"form": "project", "formKey": "fresh"}
    assert inputs(again)["field:title"] == "Damp"


async def test_a_form_is_answered_once_however_often_it_is_sent(peer: TeamsPeer, url: str) -> None:
    card = await opened(peer, url)
    clicks = [peer.executed(card, {"question": "who?"}, id=f"f:{n}") for n in range(4)]
    answers = await asyncio.gather(*(peer.post(url, one) for one in clicks))
    assert {one.status for one in answers} == {200}
    assert len({one.body for one in answers}) == 1
    await sent(peer, url, card, question="what?")
    await peer.until(3)
    await sent(peer, url, card, question="who?")
    said = [one.activity["text"] for one in peer.messages[1:]]
    assert sorted(said) == ["ask: what?", "ask: who?"]


async def test_two_clicks_at_once_are_one_request(peer: TeamsPeer, store: Store) -> None:
    asked: list[Request] = []

    async def slow(request: Request) -> Reply:
        if isinstance(request, Submitted):
            asked.append(request)
            await asyncio.sleep(0.2)
        return await answer(request)

    async with teams(peer, store, slow) as served:
        url = f"{served.url}/api/messages"
        card = await opened(peer, url)
        await asyncio.gather(*(sent(peer, url, card, question="who?") for _ in range(3)))
        await peer.until(2)
    assert len(asked) == 1


async def test_the_same_of_another_officer_or_another_card_is_answered_too(
    peer: TeamsPeer, url: str
) -> None:
    card = await opened(peer, url)
    same: dict[str, str] = {"question": "who?"}
    await peer.post(url, peer.executed(card, same))
    await peer.post(url, peer.executed(card, same, **{"from": officer("colleague")}))
    await peer.post(url, peer.executed(card, same, replyToId="1700000000999"))
    for number in range(2):  # it is not known on which card
        nameless = peer.executed(card, same, replyToId=None, id=None if number else "f:1")
        await peer.post(url, nameless)
    await peer.until(6)


async def test_a_form_is_answered_after_a_restart(peer: TeamsPeer, store: Store) -> None:
    async with teams(peer, store) as served:
        card = await opened(peer, f"{served.url}/api/messages", button=True)
    async with teams(peer, store) as served:
        url = f"{served.url}/api/messages"
        step = (await sent(peer, url, card, title="Damp"))["value"]
    async with teams(peer, store) as served:
        await sent(peer, f"{served.url}/api/messages", step)
        await peer.until(2)
    assert peer.messages[1].activity["text"] == "Registered: Damp, data,value."


async def test_what_fails_leaves_the_card_with_what_was_filled_in(
    peer: TeamsPeer, url: str
) -> None:
    card = await opened(peer, url)
    failed = await sent(peer, url, card, question="fail")
    assert failed["type"] == "application/vnd.microsoft.activity.message"
    assert "Reference: ref-1234" in failed["value"]
    assert len(peer.messages) == 1


@pytest.mark.parametrize(
    "reply",
    [
        ALONE,
        Reply("answered", "One. [1]", ALONE.citations),
        Reply("answered", "x" * 400),
        Reply("answered", ""),
    ],
)
async def test_what_cannot_stand_on_the_card_follows(
    reply: Reply, peer: TeamsPeer, store: Store
) -> None:
    async def reads(request: Request) -> Reply:
        return reply if isinstance(request, Submitted) else await answer(request)

    async with teams(peer, store, reads) as served:
        url = f"{served.url}/api/messages"
        card = await opened(peer, url)
        assert words((await sent(peer, url, card, question="who?"))["value"]) == [SENT]
        await peer.until(2)


async def test_the_card_says_how_an_answer_with_sources_begins(
    peer: TeamsPeer, store: Store
) -> None:
    said = "Registered. Both of you can edit it."

    async def registers(request: Request) -> Reply:
        cited = Reply("answered", f"{said}\n\nDamp: “It fell.” [1]", ALONE.citations)
        return cited if isinstance(request, Submitted) else await answer(request)

    async with teams(peer, store, registers) as served:
        url = f"{served.url}/api/messages"
        card = await opened(peer, url)
        assert words((await sent(peer, url, card, question="who?"))["value"]) == [said]


async def test_what_is_no_form_of_ours_is_refused(peer: TeamsPeer, url: str) -> None:
    card = await opened(peer, url)
    other, bare, empty = (peer.executed(card, {}) for _ in range(3))
    other["value"]["action"]["verb"] = "other"
    bare["value"] = "no object"
    empty["value"]["action"]["data"] = "no object"
    for one in (other, bare, empty):
        assert json.loads((await peer.post(url, one)).body)["statusCode"] == 400


async def test_a_time_that_a_client_sends_with_seconds_arrives_without(
    peer: TeamsPeer, store: Store
) -> None:
    asked = Form("digest", "Digest", (Field("at", "At", "time", value="09:30"),))
    got: list[str] = []

    async def handle(request: Request) -> Reply:
        if isinstance(request, Submitted):
            got.append(request.values["at"])
            return Reply("answered", "Set.")
        return Reply("help", "When?", form=asked)

    async with teams(peer, store, handle) as served:
        url = f"{served.url}/api/messages"
        card = await opened(peer, url)
        assert inputs(card) == {"field:at": "09:30"}
        for said in ("10:15", "11:45:00"):
            await sent(peer, url, card, at=said)
    assert got == ["10:15", "11:45"]
