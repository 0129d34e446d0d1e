"""Activities posted as Teams posts them, and what goes back over the connector."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import App
from bot.conversation import (
    Reply,
)
from bot.rehearsal.teams import BOT, OFFICER, TENANT, TeamsPeer
from bot.store import Store
from tests.teams_desk import peer, teams, url
from tests.test_store import rows

__all__ = ["peer", "url"]  # fixtures


async def test_a_message_is_acknowledged_and_answered_behind_it(peer: TeamsPeer, url: str) -> None:
    asked = peer.message("damp&nbsp;sensors &amp; mould?")
    assert (await peer.post(url, asked)).status == 200
    await peer.until(1)
    typing, reply = peer.sent
    assert typing.activity["type"] == "typing"
    assert reply.activity["text"].startswith("damp sensors &amp; mould?: it fell. [1]")
    assert (reply.conversation, reply.reply_to) == ("a:personal", asked["id"])
    assert reply.activity["from"]["id"] == BOT
    assert reply.activity["recipient"]["id"] == OFFICER


async def test_the_ai_label_and_the_citations_reach_the_wire(peer: TeamsPeer, url: str) -> None:
    await peer.post(url, peer.message("sensors"))
    await peer.until(1)
    (label,) = peer.messages[0].activity["entities"]
    assert label["type"] == "https://schema.org/Message"
    assert label["additionalType"] == ["AIGeneratedContent"]
    (claim,) = label["citation"]
    assert claim["position"] == 1
    assert claim["appearance"]["name"] == "Damp sensors"
    assert claim["appearance"]["abstract"] == "It fell."
    (card,) = peer.messages[0].activity["attachments"]
    assert card["content"]["actions"][0]["data"] == {"action": "about", "value": "a"}


async def test_in_a_channel_it_answers_its_mention_below_the_post(
    peer: TeamsPeer, url: str
) -> None:
    await peer.post(url, peer.overheard("nobody asked you", "1700000000009"))
    await peer.post(url, peer.mention("who has damp sensors?"))
    await peer.until(1)
    (reply,) = peer.messages
    assert reply.conversation == "19:channel@thread.tacv2;messageid=1700000000001"
    assert reply.activity["text"].startswith("who has damp sensors?: it fell.")


async def test_a_team_that_lets_it_hear_more_is_followed_in_called_threads(
    peer: TeamsPeer, url: str
) -> None:
    post = "1700000000001"
    await peer.post(url, peer.mention("first"))
    await peer.until(1)
    await peer.post(url, peer.overheard("and then?", post))
    await peer.until(2)
    await peer.post(url, peer.overheard("not below that post", "1700000000002"))
    await peer.post(url, peer.mention("last"))
    await peer.until(3)
    said = [one.activity["text"].partition(":")[0] for one in peer.messages]
    assert said == ["first", "and then?", "last"]


async def test_in_a_group_chat_it_answers_when_it_is_named(peer: TeamsPeer, url: str) -> None:
    group = {"id": "19:group", "conversationType": "groupChat", "isGroup": True}
    await peer.post(url, peer.overheard("lunch?", "1", conversation=group))
    await peer.post(url, peer.mention("list", conversation=group))
    await peer.until(1)
    assert [one.activity["text"] for one in peer.messages] == ["command list"]


@pytest.mark.parametrize("said", ["Hi", "Hello", "Help"])
async def test_greetings_and_help_are_answered(
    said: str, peer: TeamsPeer, store: Store, app: App
) -> None:
    async with teams(peer, store, app.assistant.handle) as served:
        await peer.post(f"{served.url}/api/messages", peer.message(said))
        await peer.until(1)
    assert peer.messages[0].activity["text"].startswith("Hello. Ask me about the digital outcomes")


@pytest.mark.parametrize(
    ("said", "entities"),
    [
        ("<at>Test Colleague</at> what of this?", ["<at>Test Colleague</at>"]),
        ("Test Colleague what of this?", ["is", "Test", "Test Colleague"]),
        ("<at>Test Colleague</at> what of this?", []),
        ('<AT id="1">Test &amp; Colleague</AT> what of this?', ["<at></at>", ""]),
    ],
)
async def test_other_mentions_name_nobody(
    said: str, entities: list[str], peer: TeamsPeer, url: str
) -> None:
    asked = peer.mention(said)
    asked["entities"] += [
        {"type": "mention", "text": one, "mentioned": {"id": "29:b"}} for one in entities
    ]
    await peer.post(url, asked)
    await peer.until(1)
    assert peer.messages[0].activity["text"].startswith("someone what of this?: it")


async def test_retried_it_is_answered_once_also_after_a_restart(
    peer: TeamsPeer, store: Store
) -> None:
    asked = peer.message("once?")
    for _ in range(2):
        async with teams(peer, store) as served:
            url = f"{served.url}/api/messages"
            assert [(await peer.post(url, asked)).status for _ in range(3)] == [200] * 3
    assert len(peer.messages) == 1


async def test_bots_are_not_answered(peer: TeamsPeer, url: str) -> None:
    await peer.post(url, peer.message("hello", **{"from": {"id": BOT}}))
    await peer.post(url, peer.message("hello", **{"from": {"id": "29:x", "role": "bot"}}))
    await peer.post(url, peer.message("an officer"))
    await peer.until(1)
    assert len(peer.messages) == 1


async def test_a_button_is_answered_in_its_conversation(peer: TeamsPeer, url: str) -> None:
    pressed = peer.overheard("", "1700000000001", value={"action": "about", "value": "a"})
    del pressed["text"]
    await peer.post(url, pressed)
    await peer.until(1)
    assert peer.messages[0].activity["text"] == "pressed about a"


async def test_other_invokes_are_answered_within_their_turn(peer: TeamsPeer, url: str) -> None:
    other = peer.message("", type="invoke", name="signin/verifyState", value={})
    assert (await peer.post(url, other)).status == 501


async def test_where_it_is_installed_is_kept_and_forgotten(
    peer: TeamsPeer, url: str, store: Store
) -> None:
    added = peer.overheard("", "1", type="installationUpdate", action="add")
    added["conversation"]["id"] = "19:channel@thread.tacv2"
    await peer.post(url, added)
    joined = peer.message("", type="conversationUpdate", membersAdded=[{"id": BOT}, {"id": "29:b"}])
    await peer.post(url, joined)
    others = peer.message("", type="conversationUpdate", membersAdded=[{"id": "29:b"}])
    others["conversation"]["id"] = "a:other"
    await peer.post(url, others)
    rooms = {room.channel: room for room in await store.rooms(TENANT)}
    assert {name: room.kind for name, room in rooms.items()} == {
        "19:channel@thread.tacv2": "channel",
        "a:personal": "personal",
    }
    assert "Test Officer" not in str(rooms), "nobody's name is kept"
    await peer.post(url, {**added, "action": "remove"})
    assert [room.channel for room in await store.rooms(TENANT)] == ["a:personal"]


async def test_it_can_speak_first_where_it_was_installed(peer: TeamsPeer, store: Store) -> None:
    async with teams(peer, store) as served:
        added = peer.message("", type="installationUpdate", action="add")
        await peer.post(f"{served.url}/api/messages", added)
    async with teams(peer, store) as later:
        (room,) = await store.rooms(TENANT)
        await later.platform.send(room.address, Reply("help", "Good morning."))
    assert peer.messages[0].activity["text"] == "Good morning."


async def test_the_tenant_it_was_posted_in_is_the_community(
    peer: TeamsPeer, url: str, store: Store, tmp_path: Path
) -> None:
    guest: dict[str, object] = {"from": {"id": OFFICER, "tenantId": "home of the guest"}}
    await peer.post(url, peer.mention("who?", "1700000000001", **guest))
    await peer.until(1)
    assert rows(tmp_path / "outcomes.db", "SELECT community FROM heard") == [(TENANT,)]


async def test_a_failure_is_said_with_the_reference_that_is_in_the_log(
    peer: TeamsPeer, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await peer.post(url, peer.message("fail canary"))
    await peer.until(1)
    assert "Reference: ref-1234" in peer.messages[0].activity["text"]
    assert "ref-1234" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.parametrize("status", [412, 429, 502, 504])
async def test_what_teams_asks_to_try_again_is_sent_once_it_may_be(
    status: int, peer: TeamsPeer, url: str
) -> None:
    peer.faults = [(status, {"Retry-After": "1"}), (status, {})]
    await peer.post(url, peer.message("sensors"))
    await peer.until(1)
    assert len(peer.messages) == 1


async def test_what_may_have_arrived_is_not_sent_twice(
    peer: TeamsPeer, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    peer.faults = [None]
    await peer.post(url, peer.message("lost"))
    await peer.until(1)
    assert ["may not have got through" in one.activity["text"] for one in peer.messages] == [True]
    assert "may not have arrived" in caplog.text


async def test_what_the_connector_refuses_is_apologised_for(peer: TeamsPeer, url: str) -> None:
    peer.faults = [(400, {})]
    await peer.post(url, peer.message("sensors"))
    await peer.until(1)
    assert "Reference: ref-1234" in peer.messages[0].activity["text"]


async def test_without_authentication_only_peers_on_this_computer_are_talked_to(
    peer: TeamsPeer, store: Store
) -> None:
    async with teams(peer, store, app_id="") as served:
        url = f"{served.url}/api/messages"
        assert (await peer.post(url, peer.message("open?"), "")).status == 200
        await peer.until(1)
        outside = peer.message("away", serviceUrl="https://smba.example/")
        assert (await peer.post(url, outside, "")).status == 401


async def test_while_it_stops_teams_is_told_to_come_again(peer: TeamsPeer, store: Store) -> None:
    async with teams(peer, store) as served:
        await served.platform.stop()
        assert (await peer.post(f"{served.url}/api/messages", peer.message("?"))).status == 503


async def test_the_same_good_answer_as_on_the_page_and_a_follow_up(
    peer: TeamsPeer, store: Store, app: App
) -> None:
    async with teams(peer, store, app.assistant.handle) as served:
        url = f"{served.url}/api/messages"
        await peer.post(url, peer.mention("How much did Swindon save on translation?"))
        await peer.until(1)
        await peer.post(url, peer.mention("when was that?"))
        await peer.until(2)
    first, second = (one.activity for one in peer.messages)
    assert "£27" in first["text"]
    assert "https://socitm.net/" in first["text"]
    assert first["entities"][0]["citation"][0]["appearance"]["url"].startswith(
        "https://socitm.net/"
    )
    assert "Swindon" in second["text"]


async def test_many_at_once_are_each_answered_once(peer: TeamsPeer, url: str) -> None:
    asked = [peer.message(f"q{number}", id=str(number)) for number in range(40)]
    for one in asked:
        one["conversation"]["id"] = f"a:{one['id']}"
    answers = await asyncio.gather(*(peer.post(url, one) for one in asked))
    assert {one.status for one in answers} == {200}
    await peer.until(40)
    assert sorted(one.conversation for one in peer.messages) == sorted(f"a:{n}" for n in range(40))
