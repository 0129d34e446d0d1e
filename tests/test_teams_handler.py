"""What the handler hears, in botbuilder's own test adapter: no wire, no token."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from botbuilder.core.adapters import TestAdapter as Adapter
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount

from bot.attached import Attached
from bot.conversation import Action, Asked, Command, Origin, Pressed, Reply, Request
from bot.delivery import Heard, Room
from bot.teams.files import Upload
from bot.teams.listener import Officers


@dataclass
class Listening:
    """A reception that takes note."""

    heard: list[Heard] = field(default_factory=list)
    rooms: list[Room] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    async def accept(self, heard: Heard) -> bool:
        self.heard.append(heard)
        return True

    async def now(self, request: Request) -> Reply:
        return Reply("answered", "Now.")

    async def search(self, request: Request) -> Reply:
        return await self.now(request)

    async def home(self, origin: Origin) -> list[Reply]:
        return []

    async def prompts(self, origin: Origin) -> list[Action]:
        return []

    def post(self, heard: Heard, reply: Reply) -> None:
        self.heard.append(heard)

    async def joined(self, room: Room) -> None:
        self.rooms.append(room)

    async def left(self, community: str, channel: str) -> None:
        self.gone.append(channel)


@pytest.fixture
def listening() -> Listening:
    return Listening()


async def no_files(_: Sequence[Upload]) -> tuple[Attached, ...]:
    raise AssertionError("no file came")


async def received(listening: Listening, **said: object) -> Adapter:
    """The adapter after one activity of Test Officer's in a personal chat."""
    activity = Activity(
        **{
            "type": "message",
            "id": "1",
            "channel_id": "msteams",
            "service_url": "https://smba.example/",
            "from_property": ChannelAccount(id="29:officer", name="Test Officer"),
            "recipient": ChannelAccount(id="28:bot"),
            "conversation": ConversationAccount(id="a:1", conversation_type="personal"),
            "channel_data": {"tenant": {"id": "example"}},
            **said,
        }
    )
    adapter = Adapter(Officers(listening, no_files).on_turn)
    await adapter.receive_activity(activity)
    return adapter


OWN = {
    "channelId": "msteams",
    "serviceUrl": "https://smba.example/",
    "conversation": {"tenantID": "example"},
    "bot": {"id": "28:bot"},
    "user": {"id": "29:officer"},
    "own": True,
}
HERE = Origin("example", "a:1", "a:1", "29:officer", "teams", json.dumps(OWN), alone=True)


@pytest.mark.parametrize(
    ("said", "request_"),
    [
        ({"text": "who has damp sensors?"}, Asked("who has damp sensors?", HERE)),
        ({"text": " List "}, Command("list", "", HERE)),
        ({"text": "be quiet!"}, Command("quiet", "", HERE)),
        ({"text": "R&amp;D &lt;3"}, Asked("R&D <3", HERE)),
        ({"value": {"action": "about", "value": "a"}}, Pressed("about", "a", HERE)),
        ({"value": {"action": 5}, "text": "hello"}, Asked("hello", HERE)),
    ],
)
async def test_what_is_said_is_heard(
    said: dict[str, object], request_: Request, listening: Listening
) -> None:
    adapter = await received(listening, **said)
    (heard,) = listening.heard
    assert heard.request == request_
    assert (heard.key, heard.hearing) == ("a:1:1", "addressed")
    assert "Test Officer" not in heard.address
    assert adapter.activity_buffer == [], "nothing is said within the turn"


@pytest.mark.parametrize("kind", ["messageReaction", "messageUpdate", "messageDelete", "event"])
async def test_what_does_not_concern_it_is_not_heard(kind: str, listening: Listening) -> None:
    await received(listening, type=kind, text="hello")
    assert (listening.heard, listening.rooms) == ([], [])


async def test_coming_and_going_is_noted(listening: Listening) -> None:
    us = [ChannelAccount(id="28:bot")]
    await received(listening, type="conversationUpdate", members_added=us)
    await received(listening, type="installationUpdate", action="add")
    await received(listening, type="conversationUpdate", members_removed=us)
    assert [room.channel for room in listening.rooms] == ["a:1", "a:1"]
    assert listening.gone == ["a:1"]
