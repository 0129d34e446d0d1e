"""Where something was said in Teams: the kind of room, how it is posted in, and its link."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import pytest

from bot.conversation import Origin, RoomKind
from bot.rehearsal.teams import TENANT, TeamsPeer
from bot.showing import address
from bot.teams.activities import as_activity, origin

Json = dict[str, Any]
CHANNEL, POST = "19:channel@thread.tacv2", "1700000000001"
TEAM = "00000000-0000-4000-8000-00000000feed"  # test data, as all here
GROUP = {"id": "19:group@thread.v2", "conversationType": "groupChat", "tenantId": TENANT}
MEETING = {"id": "19:meeting_x@thread.v2", "conversationType": "groupChat", "tenantId": TENANT}
MESSAGES = "https://teams.microsoft.com/l/message"


@pytest.fixture
def peer() -> TeamsPeer:
    """Its activities alone; it serves nothing here."""
    made = TeamsPeer()
    made.service_url = "http://127.0.0.1:1/"
    return made


def met(activity: Json) -> Origin:
    return origin(as_activity(activity))


def channel(kind: object) -> Json:
    told = {"id": CHANNEL, **({"type": kind} if kind else {})}
    return {"tenant": {"id": TENANT}, "team": {"aadGroupId": TEAM}, "channel": told}


@pytest.mark.parametrize(
    ("kind", "room"),
    [
        ("standard", "channel"),
        ("private", "private"),
        ("shared", "shared"),
        ("Private", "private"),
        ("", "channel"),
        ("something new", "channel"),
        (5, "channel"),
    ],
)
def test_the_types_of_channels_are_told_apart(
    kind: object, room: RoomKind, peer: TeamsPeer
) -> None:
    where = met(peer.mention("digest", POST, channelData=channel(kind)))
    assert where.room == room
    assert where.place


def test_a_message_in_a_channel_is_linked_to_with_its_thread(peer: TeamsPeer) -> None:
    first = met(peer.mention("digest", POST, id=POST, channelData=channel("standard")))
    assert first.link == (
        f"{MESSAGES}/19%3Achannel%40thread.tacv2/{POST}"
        f"?tenantId={TENANT}&groupId={TEAM}&parentMessageId={POST}"
    )
    below = met(peer.mention("digest", POST, id="1700000000005"))
    assert below.link.startswith(f"{MESSAGES}/19%3Achannel%40thread.tacv2/1700000000005?")
    assert below.link.endswith(f"parentMessageId={POST}")
    assert "groupId" not in below.link
    for one in (first, below):
        assert address(one.link) == one.link


def test_what_a_button_sends_is_linked_to_by_its_card(peer: TeamsPeer) -> None:
    card = {"actions": [{"verb": "submit", "data": {"form": "digest"}}], "body": []}
    there = peer.mention("", POST)["conversation"]
    sent = {"id": "f:00000000-0000-4000-8000-000000000001", "conversation": there}
    submitted = met(peer.executed(card, {}, **sent))
    pressed = peer.overheard("", POST, value={"action": "open", "value": "digest:"}, **sent)
    assert submitted.link.startswith(f"{MESSAGES}/19%3Achannel%40thread.tacv2/1700000000100?")
    assert met(pressed).link.startswith(f"{MESSAGES}/19%3Achannel%40thread.tacv2/{POST}?")
    assert submitted.room == met(pressed).room == "channel"
    assert submitted.place == met(pressed).place == met(peer.mention("digest", POST)).place


def test_without_any_message_the_channel_or_the_chat_is_linked_to(peer: TeamsPeer) -> None:
    whole = {"id": CHANNEL, "conversationType": "channel"}
    data = channel("standard") | {"channel": {"id": CHANNEL, "name": "Digital & data"}}
    added = peer.message("", id="f:1", conversation=whole, channelData=data)
    assert met(added).link == (
        "https://teams.microsoft.com/l/channel/19%3Achannel%40thread.tacv2/Digital%20%26%20data"
        f"?tenantId={TENANT}&groupId={TEAM}"
    )
    chat = met(peer.message("", id="f:1", conversation=GROUP))
    assert chat.link == "https://teams.microsoft.com/l/chat/19%3Agroup%40thread.v2/conversations"


@pytest.mark.parametrize("chat", [GROUP, MEETING])
def test_group_chats_and_those_of_meetings_are_groups(chat: Json, peer: TeamsPeer) -> None:
    where = met(peer.mention("digest", conversation=chat, id="1700000000009"))
    assert where.room == "group"
    assert chat["id"] in where.place
    assert unquote(where.link) == (
        f'{MESSAGES}/{chat["id"]}/1700000000009?tenantId={TENANT}&context={{"contextType":"chat"}}'
    )
    assert address(where.link) == where.link


def test_a_chat_of_two_is_no_room(peer: TeamsPeer) -> None:
    where = met(peer.message("digest"))
    assert (where.room, where.place, where.link) == ("", "", "")


@pytest.mark.parametrize("in_channel", [False, True])
def test_a_dialog_has_no_place_since_the_bot_may_not_be_there(
    in_channel: bool, peer: TeamsPeer
) -> None:
    there = peer.mention("", POST)["conversation"] if in_channel else GROUP
    where = met(peer.picked("Damp sensors", there))
    assert (where.place, where.link, where.alone) == ("", "", True)
    assert where.room == ("channel" if in_channel else "group")


def test_hostile_ids_become_no_other_link(peer: TeamsPeer) -> None:
    evil = {"id": "19:x/../../@evil.example?a=b#c", "conversationType": "channel"}
    link = met(peer.mention("digest", conversation=evil, id="1")).link
    assert link.startswith(f"{MESSAGES}/19%3Ax%2F..%2F..%2F%40evil.example%3Fa%3Db%23c/1?")
    assert met(peer.mention("digest", conversation={**evil, "id": "https://x"})).link == ""
