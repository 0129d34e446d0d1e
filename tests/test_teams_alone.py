"""What is for an officer alone: in their own chat with the bot, never in front of others."""

from __future__ import annotations

import asyncio

import pytest

from bot.rehearsal.teams import BOT, OFFICER, TENANT, Fault, TeamsPeer, officer
from bot.store import Store
from bot.teams.posting import ANSWERED, NOT_ALONE
from tests.teams_desk import peer, teams, url

__all__ = ["peer", "url"]  # fixtures

THREAD = "19:channel@thread.tacv2;messageid=1700000000001"
CHAT = f"a:with {OFFICER}"


def posted(peer: TeamsPeer) -> list[tuple[str, str]]:
    """Where each message went, and how it begins."""
    return [(one.conversation, one.activity["text"].partition(" [1]")[0]) for one in peer.messages]


def mine(name: str = "officer") -> str:
    return f"For {officer(name)['aadObjectId']}."


async def test_in_a_chat_with_the_bot_it_is_posted_there(peer: TeamsPeer, url: str) -> None:
    await peer.post(url, peer.message("alone"))
    await peer.until(1)
    assert posted(peer) == [("a:personal", mine())]
    assert peer.opened == []


async def test_from_a_channel_it_goes_to_the_officers_own_chat(peer: TeamsPeer, url: str) -> None:
    asked = peer.mention("alone")
    await peer.post(url, asked)
    await peer.until(2)
    assert posted(peer) == [(CHAT, mine()), (THREAD, ANSWERED)]
    alone, told = peer.messages
    assert (alone.reply_to, told.reply_to) == ("", asked["id"])
    assert alone.activity["recipient"]["id"] == OFFICER
    assert peer.opened == [
        {
            "isGroup": False,
            "bot": {"id": BOT},
            "members": [{"id": OFFICER}],
            "tenantId": TENANT,
            "channelData": {"tenant": {"id": TENANT}},
        }
    ]
    await peer.post(url, peer.mention("alone"))
    await peer.until(4)
    assert len(peer.opened) == 1


async def test_a_button_pressed_in_a_channel_opens_its_form_alone(
    peer: TeamsPeer, url: str
) -> None:
    value = {"action": "open", "value": ""}
    await peer.post(url, peer.overheard("", "1700000000001", value=value))
    await peer.until(2)
    form, told = peer.messages
    assert (form.conversation, told.conversation) == (CHAT, THREAD)
    (card,) = form.activity["attachments"]
    assert card["content"]["actions"][0]["data"] == {"form": "project", "formKey": "draft-1"}
    assert told.activity["attachments"] == []


async def test_two_officers_in_a_channel_each_get_their_own(peer: TeamsPeer, url: str) -> None:
    asked = ({**peer.mention("alone"), "from": officer(name)} for name in ("one", "two"))
    await asyncio.gather(*(peer.post(url, one) for one in asked))
    await peer.until(4)
    assert sorted(posted(peer)) == [
        (THREAD, ANSWERED),
        (THREAD, ANSWERED),
        ("a:with 29:example-one", mine("one")),
        ("a:with 29:example-two", mine("two")),
    ]


async def test_in_a_group_chat_it_is_the_same(peer: TeamsPeer, url: str) -> None:
    group = {"id": "19:group", "conversationType": "groupChat", "isGroup": True}
    await peer.post(url, peer.mention("alone", conversation=group))
    await peer.until(2)
    assert posted(peer) == [(CHAT, mine()), ("19:group", ANSWERED)]


@pytest.mark.parametrize("status", [403, 404])
async def test_where_teams_does_not_let_it_nothing_private_is_said(
    status: int, peer: TeamsPeer, url: str
) -> None:
    peer.chat_faults = [(status, {})]
    await peer.post(url, peer.mention("alone"))
    await peer.until(1)
    assert posted(peer) == [(THREAD, NOT_ALONE)]
    await peer.post(url, peer.mention("alone"))
    await peer.until(3)
    assert posted(peer)[1:] == [(CHAT, mine()), (THREAD, ANSWERED)]


async def test_an_officer_who_blocked_it_is_told_in_the_thread(peer: TeamsPeer, url: str) -> None:
    await peer.post(url, peer.mention("alone"))
    await peer.until(2)
    peer.faults = [(403, {})]
    await peer.post(url, peer.mention("alone"))
    await peer.until(3)
    assert posted(peer)[2] == (THREAD, NOT_ALONE)
    await peer.post(url, peer.mention("alone"))
    await peer.until(5)
    assert len(peer.opened) == 2, "it is opened anew"


@pytest.mark.parametrize("fault", [None, (429, {"Retry-After": "1"}), (500, {}), (503, {})])
async def test_a_chat_that_was_not_opened_is_opened_again(
    fault: Fault, peer: TeamsPeer, url: str
) -> None:
    peer.chat_faults = [fault]
    await peer.post(url, peer.mention("alone"))
    await peer.until(2)
    assert posted(peer) == [(CHAT, mine()), (THREAD, ANSWERED)]


async def test_what_was_not_posted_in_the_chat_is_posted_once(peer: TeamsPeer, url: str) -> None:
    peer.faults = [(429, {}), (503, {})]
    await peer.post(url, peer.mention("alone"))
    await peer.until(2)
    assert posted(peer) == [(CHAT, mine()), (THREAD, ANSWERED)]


async def test_what_may_be_in_the_chat_is_not_posted_again(peer: TeamsPeer, url: str) -> None:
    peer.faults = [None]
    await peer.post(url, peer.mention("alone"))
    await peer.until(1)
    ((where, said),) = posted(peer)
    assert where == THREAD
    assert "may not have got through" in said


@pytest.mark.parametrize("fault", [None, (429, {}), (400, {})])
async def test_what_fails_behind_the_answer_posts_it_no_second_time(
    fault: Fault, peer: TeamsPeer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    async with teams(peer, store) as served:
        peer.faults = [(200, {}), fault]
        await peer.post(f"{served.url}/api/messages", peer.mention("alone"))
        await peer.until(1)
    assert posted(peer) == [(CHAT, mine())]
    assert "Not said in its thread" in caplog.text


async def test_a_connector_that_names_no_chat_is_apologised_for(peer: TeamsPeer, url: str) -> None:
    peer.chat_faults = [(400, {})]
    await peer.post(url, peer.mention("alone"))
    await peer.until(1)
    ((where, said),) = posted(peer)
    assert where == THREAD
    assert "ref-1234" in said
