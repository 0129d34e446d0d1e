"""What is posted in Teams without being asked: where, once, paced, and what its faults mean."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from bot.conversation import Action, Citation, Reply
from bot.delivery import Gone, MaybeSent, NotSent, Publisher
from bot.rehearsal.teams import (
    ARCHIVED,
    BOT,
    DELETED,
    OFFICER,
    REMOVED,
    TENANT,
    Fault,
    TeamsPeer,
    by,
    officer,
)
from bot.teams.activities import as_activity, origin
from bot.teams.adapter import Refused
from bot.teams.listener import TeamsChannel
from tests.teams_desk import channel, peer
from tests.test_teams_handler import Listening

__all__ = ["peer"]  # a fixture

CHANNEL, GROUP = "19:channel@thread.tacv2", "19:group@thread.v2"
THREAD = f"{CHANNEL};messageid=1700000000001"
KEY = "subscription:2026-W10"
PROJECT = Citation(1, "a", "project", "Damp sensors", "https://a.example/", "It fell.")
DIGEST = Reply(
    "answered",
    "Value\n\n- Damp sensors, Fife, 2023 [1]",
    (PROJECT,),
    actions=(Action("open", "I can help", "answer:1"),),
    linked=True,
)


@dataclass
class Ticking:
    """A monotonic clock that only waiting moves."""

    now: float = 100.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@dataclass
class Bot:
    """The bot on Teams, and where it was spoken to."""

    peer: TeamsPeer
    channel: TeamsChannel
    clock: Ticking

    def place(self, activity: dict[str, Any]) -> str:
        return origin(as_activity(activity)).place

    @property
    def in_channel(self) -> str:
        return self.place(self.peer.mention("digest"))

    @property
    def in_group(self) -> str:
        chat = {"id": GROUP, "conversationType": "groupChat", "tenantId": TENANT}
        return self.place(self.peer.mention("digest", conversation=chat))


@pytest.fixture
async def bot(peer: TeamsPeer) -> AsyncIterator[Bot]:
    clock = Ticking()
    made = channel(peer, Listening(), tick=clock, pause=clock.wait)
    yield Bot(peer, made, clock)
    await made.close()


async def test_in_a_channel_it_is_a_new_post_whatever_thread_it_was_asked_for_in(bot: Bot) -> None:
    assert isinstance(bot.channel, Publisher)
    await bot.channel.publish(bot.in_channel, DIGEST, KEY)
    (post,) = bot.peer.posts(CHANNEL)
    assert (post.method, post.reply_to, len(bot.peer.sent)) == ("POST", "", 1)
    said = post.activity
    assert said["text"] == "Value\n\n- [Damp sensors](https://a.example/), Fife, 2023"
    assert said["entities"][0]["additionalType"] == ["AIGeneratedContent"]
    assert (said["from"], said["channelId"]) == ({"id": BOT}, "msteams")
    (card,) = said["attachments"]
    assert card["content"]["actions"][0]["data"] == {"action": "open", "value": "answer:1"}


async def test_in_a_group_chat_it_is_a_message(bot: Bot) -> None:
    await bot.channel.publish(bot.in_group, DIGEST, KEY)
    (message,) = bot.peer.posts(GROUP)
    assert (message.method, message.reply_to, len(bot.peer.sent)) == ("POST", "", 1)
    assert message.activity["text"].startswith("Value\n\n- [Damp sensors](")


async def test_a_place_is_a_thread_for_everyone_too(bot: Bot) -> None:
    await bot.channel.send(bot.in_channel, Reply("answered", "A colleague can help."))
    await bot.channel.send(bot.in_group, Reply("answered", "A colleague can help."))
    assert [(one.conversation, one.reply_to) for one in bot.peer.messages] == [
        (THREAD, ""),
        (GROUP, ""),
    ]
    with pytest.raises(Refused):
        await bot.channel.send(bot.in_channel, Reply("answered", "For one.", private=True))
    assert len(bot.peer.messages) == 2


@pytest.mark.parametrize("group", [False, True])
@pytest.mark.parametrize(
    ("fault", "raised", "least", "most"),
    [
        ((412, {}), NotSent, 1, 1.5),
        ((429, {"Retry-After": "600"}), NotSent, 600, 900),
        ((429, {"Retry-After": "999999"}), NotSent, 3600, 5400),
        ((429, {"Retry-After": "Mon, 2 Mar 2026 09:00:00 GMT"}), NotSent, 1, 1.5),
        ((502, {}), NotSent, 1, 1.5),
        ((503, {"Retry-After": "7"}), NotSent, 7, 10.5),
        ((504, {}), NotSent, 1, 1.5),
        ((403, {"Content-Type": "text/html"}), NotSent, 60, 60),
        ((404, {"Content-Type": "text/html"}), NotSent, 60, 60),
        ((403, {}), NotSent, 60, 60),
        ((500, {}), MaybeSent, 0, 0),
        (None, MaybeSent, 0, 0),
        ((413, {}), Refused, 0, 0),
        ((400, {}), Refused, 0, 0),
        ((302, {"Location": "https://elsewhere.example/"}), Refused, 0, 0),
    ],
)
async def test_what_failed_says_whether_it_was_posted_and_is_not_repeated(
    fault: Fault, raised: type[Exception], least: float, most: float, group: bool, bot: Bot
) -> None:
    bot.peer.faults = [fault]
    place = bot.in_group if group else bot.in_channel
    with pytest.raises(raised) as caught:
        await bot.channel.publish(place, DIGEST, KEY)
    assert (bot.peer.sent, bot.peer.faults) == ([], [])
    assert least <= getattr(caught.value, "seconds", 0) <= most
    await bot.channel.publish(place, DIGEST, KEY)
    assert len(bot.peer.messages) == 1


@pytest.mark.parametrize(("late", "raised"), [(None, MaybeSent), ((502, {}), NotSent)])
async def test_a_post_whose_answer_is_lost_stands_once(
    late: Fault, raised: type[Exception], bot: Bot
) -> None:
    """A 502 is tried again as Microsoft asks, so this is the window for a second one."""
    bot.peer.late_faults = [late]
    with pytest.raises(raised):
        await bot.channel.publish(bot.in_channel, DIGEST, KEY)
    assert len(bot.peer.posts(CHANNEL)) == 1
    assert await bot.channel.published(bot.in_channel, KEY, datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("closed", "in_channel", "in_group"),
    [
        (REMOVED, "I was taken out of the team", "I was taken out of the chat"),
        ((404, REMOVED[1]), "I was taken out of the team", "I was taken out of the chat"),
        (DELETED, "the channel is gone, or", "the chat is gone, or"),
        ((404, ""), "the channel is gone, or", "the chat is gone, or"),
        (ARCHIVED, "the channel is archived", "nobody may write in the chat"),
        ((403, "ConversationBlockedByUser"), "the channel's settings", "I am blocked"),
        ((403, "BotDisabledByAdmin"), "an administrator", "an administrator"),
        ((403, "NotEnoughPermissions"), "I may not post in the ch", "I may not post in the chat"),
    ],
)
async def test_where_nothing_can_be_posted_any_more_is_said_in_plain_words(
    closed: tuple[int, str], in_channel: str, in_group: str, bot: Bot
) -> None:
    bot.peer.closed = {CHANNEL: closed, GROUP: closed}
    with pytest.raises(Gone, match=in_channel):
        await bot.channel.publish(bot.in_channel, DIGEST, KEY)
    with pytest.raises(Gone, match=in_group):
        await bot.channel.publish(bot.in_group, DIGEST, KEY)
    assert bot.peer.sent == []
    assert await bot.channel.hindrance(bot.in_channel) == ""


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("SomethingNew", "SomethingNew"),
        ("NotFound", "NotFound"),
        ("ForbiddenOperationException", "ForbiddenOperationException"),
        ("<b>Blocked</b>", "no reason"),
        (cast("str", {"in JSON": "no code"}), "no reason"),
    ],
)
async def test_a_refusal_for_a_reason_unknown_ends_nothing(
    status: int, code: str, told: str, bot: Bot
) -> None:
    """A proxy may answer in JSON too."""
    bot.peer.closed = {CHANNEL: (status, code), GROUP: (status, code)}
    for place in (bot.in_channel, bot.in_group):
        with pytest.raises(NotSent, match=rf"answered {status} \({told}\)") as caught:
            await bot.channel.publish(place, DIGEST, KEY)
        assert caught.value.seconds == 60
    assert bot.peer.sent == []


async def test_what_goes_to_one_conversation_is_a_second_apart(bot: Bot) -> None:
    other = bot.place(bot.peer.mention("digest", "1700000000002"))
    places = [bot.in_channel, other, bot.in_group, bot.in_channel]
    for place in places:
        await bot.channel.publish(place, DIGEST, KEY)
    assert bot.clock.waits == [1.0, 1.0], "another thread is the same channel"
    bot.clock.now += 5
    await bot.channel.publish(bot.in_channel, DIGEST, KEY)
    assert bot.clock.waits == [1.0, 1.0]


async def test_a_thousand_conversations_wait_for_none_of_each_other(bot: Bot) -> None:
    kept = json.loads(bot.in_channel)
    places = []
    for number in range(1_000):
        kept["conversation"]["id"] = f"19:{number}@thread.tacv2"
        places.append(json.dumps(kept))
    await asyncio.gather(*(bot.channel.publish(place, DIGEST, KEY) for place in places))
    assert len({one.conversation for one in bot.peer.messages}) == 1_000
    assert bot.clock.waits == []
    bot.peer.most = 1
    with pytest.raises(NotSent, match="429"):
        await asyncio.gather(*(bot.channel.publish(bot.in_group, DIGEST, KEY) for _ in range(2)))


def test_a_place_names_nobody(bot: Bot) -> None:
    for place in (bot.in_channel, bot.in_group):
        assert BOT in place
        assert not [one for one in (OFFICER, *officer().values(), "Test") if one in place]
    changed = {**bot.peer.mention("again", locale="cy-GB"), **by("other")}
    assert bot.place(changed) == bot.in_channel, "it is the same for all that is said there"
