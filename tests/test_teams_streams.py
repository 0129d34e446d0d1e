"""Answers shown in Teams while they are made: over the wire, against a strict peer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot.conversation import Action, Citation, Reply, Request
from bot.delivery import NotSent, Reception, Stream, Streaming, Told
from bot.rehearsal.teams import TENANT, Fault, TeamsPeer, alone_by
from bot.rehearsal.teams_answers import Bubbles, stream_info
from bot.store import Store
from bot.teams.activities import as_activity
from bot.teams.addresses import address, own_address
from bot.teams.listener import TeamsChannel
from tests.serving import serving
from tests.teams_desk import channel
from tests.test_teams_digests import Ticking
from tests.test_teams_handler import Listening

CHAT = "a:personal"
SOURCE = Citation(1, "a", "case-study", "Damp sensors", "https://a.example/", "It fell.")
FIRST, SECOND = "Fife's *damp* fell by 3 < 4. [1]", "1. It <b>cost</b> £9 & more. [1]"
SHOWN = "Fife's &#42;damp&#42; fell by 3 &lt; 4. [1]"
BOTH = f"{SHOWN} 1. It &lt;b&gt;cost&lt;/b&gt; £9 &amp; more. [1]"
WHOLE = Reply(
    "answered",
    f"{FIRST} {SECOND}\n\n- “It fell.” [1]",
    (SOURCE,),
    actions=(Action("about", "More", "a"),),
    feedback="an-answer",
    worded=True,
)


@dataclass
class Chat:
    """The bot's chat with an officer, and the clock both keep."""

    peer: TeamsPeer
    channel: TeamsChannel
    clock: Ticking

    @property
    def address(self) -> str:
        return address(as_activity(self.peer.message("?")))

    async def begun(self, *, shown: bool = True) -> Stream:
        """A stream, its first sentence already read if `shown`."""
        stream = await self.channel.begin(self.address)
        assert stream
        if shown:
            await stream.add(FIRST)
            await self.peer.until_shown(SHOWN, CHAT)
        return stream

    async def ended(self, stream: Stream, reply: Reply = WHOLE) -> str:
        """Ended as the inbox ends it: again after NotSent, when it asks for that."""
        for _ in range(6):
            try:
                return (await stream.end(reply)).removeprefix(f"{CHAT}|")
            except NotSent as error:
                self.clock.now += error.seconds
        raise AssertionError("never sent")

    def stands(self) -> list[dict[str, Any]]:
        """What is read in the end; nothing is left half said."""
        assert self.peer.bubbles.open(CHAT) == []
        return self.peer.standing(CHAT)

    def stands_once(self, message: str) -> None:
        """The whole reply does, with all that belongs to it, under that id."""
        (said,) = self.stands()
        assert said["text"].startswith(f"{BOTH}\n\n- “It fell.” [1]")
        assert said["channelData"] == {"feedbackLoop": {"type": "default"}}
        assert said["entities"][0]["citation"][0]["appearance"]["name"] == "Damp sensors"
        assert len(said["attachments"]) == 1
        assert message.removeprefix(f"{CHAT}|") == self.peer.messages[-1].id


def made(reception: Reception, peer: TeamsPeer, clock: Ticking) -> TeamsChannel:
    return channel(peer, reception, tick=clock, pause=clock.wait)


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    clock = Ticking()
    async with TeamsPeer(bubbles=Bubbles(clock)) as peer:
        channel = made(Listening(), peer, clock)
        yield Chat(peer, channel, clock)
        await channel.close()


async def test_it_is_shown_sentence_by_sentence_and_stands_whole_in_the_end(chat: Chat) -> None:
    assert isinstance(chat.channel, Streaming)
    stream = await chat.begun()
    await stream.add(SECOND)
    await chat.peer.until_shown(BOTH, CHAT)
    message = (await stream.end(WHOLE)).removeprefix(f"{CHAT}|")
    chat.stands_once(message)
    first, second = chat.peer.shown(CHAT)
    info = {"type": "streaminfo", "streamType": "streaming", "streamSequence": 1}
    assert (first["text"], first["entities"]) == (SHOWN, [info])
    assert second["entities"] == [{**info, "streamId": message, "streamSequence": 2}]
    (last,) = chat.peer.messages
    label, closing = last.activity["entities"]
    assert label["additionalType"] == ["AIGeneratedContent"]
    assert closing == {"type": "streaminfo", "streamId": message, "streamType": "final"}
    assert chat.clock.waits == [1.5, 1.0], "not too often"


async def test_what_comes_meanwhile_is_shown_together(chat: Chat) -> None:
    stream = await chat.begun(shown=False)
    for number in range(40):
        await stream.add(f"Sentence {number}.")
    whole = " ".join(f"Sentence {number}." for number in range(40))
    await chat.peer.until_shown(whole, CHAT)
    await stream.end(Reply("answered", f"{whole} And more."))
    assert len(chat.peer.shown(CHAT)) == 1
    assert [one["text"] for one in chat.stands()] == [f"{whole} And more."]


async def test_what_was_not_shown_yet_is_in_the_end(chat: Chat) -> None:
    stream = await chat.begun()
    await stream.add(SECOND)
    chat.stands_once(await stream.end(WHOLE))


async def test_it_is_for_chats_of_two(chat: Chat) -> None:
    group = {"id": "19:group@thread.v2", "conversationType": "groupChat", "tenantId": TENANT}
    personal = as_activity(chat.peer.message("?"))
    for where in (
        address(as_activity(chat.peer.mention("?"))),
        address(as_activity(chat.peer.mention("?", conversation=group))),
        address(personal, apart=True),
        own_address(personal),
    ):
        assert await chat.channel.begin(where) is None


async def test_there_is_one_in_a_chat_at_a_time(chat: Chat) -> None:
    stream = await chat.begun()
    assert await chat.channel.begin(chat.address) is None
    elsewhere = address(as_activity(chat.peer.message("?", **alone_by("robin"))))
    assert await chat.channel.begin(elsewhere)
    await stream.end(WHOLE)
    assert await chat.channel.begin(chat.address)
    assert await chat.channel.begin(chat.address) is None
    chat.clock.now += 120
    assert await chat.channel.begin(chat.address), "Teams has ended what was left open"


async def test_where_nothing_was_shown_it_is_posted_as_any_other(chat: Chat) -> None:
    stream = await chat.begun(shown=False)
    chat.stands_once(await stream.end(WHOLE))
    assert len(chat.peer.messages) == 1
    assert len(chat.peer.messages[0].activity["entities"]) == 1


async def test_where_teams_allows_no_streams_it_is_posted_once(chat: Chat) -> None:
    chat.peer.bubbles.allowed = False
    stream = await chat.begun(shown=False)
    await stream.add(FIRST)
    await stream.add(SECOND)
    chat.stands_once(await chat.ended(stream))
    assert chat.peer.shown(CHAT) == []


async def test_after_the_officer_pressed_stop_nothing_more_is_said(chat: Chat) -> None:
    stream = await chat.begun()
    chat.peer.bubbles.stop(CHAT)
    assert await chat.ended(stream) == ""
    assert [one.activity["text"] for one in chat.peer.sent] == [SHOWN]
    later = await chat.channel.begin(chat.address)
    assert later
    chat.stands_once(await later.end(WHOLE))


async def test_one_stopped_between_two_updates_is_not_gone_on_with(chat: Chat) -> None:
    stream = await chat.begun()
    chat.peer.bubbles.stop(CHAT)
    await stream.add(SECOND)
    assert await chat.ended(stream) == ""
    assert len(chat.peer.sent) == 1


async def test_a_reply_that_begins_otherwise_takes_the_place_of_what_was_shown(
    chat: Chat,
) -> None:
    stream = await chat.begun()
    other = Reply("failed", "Something went wrong.")
    message = await chat.ended(stream, other)
    (said,) = chat.stands()
    assert said["text"] == "Something went wrong."
    assert {one.id for one in chat.peer.sent} == {message}


async def test_one_that_takes_too_long_is_put_right_in_its_place(chat: Chat) -> None:
    stream = await chat.begun()
    chat.clock.now += 120
    await stream.add(SECOND)
    message = await chat.ended(stream)
    chat.stands_once(message)
    assert chat.peer.messages[-1].method == "PUT"


@pytest.mark.parametrize("faults", [[429], [202], [0], [503, 429, 202, 0]])
async def test_an_update_that_is_not_taken_is_made_good(faults: list[int], chat: Chat) -> None:
    stream = await chat.begun()
    chat.peer.bubbles.faults = faults
    await stream.add(SECOND)
    await chat.peer.until_shown(BOTH, CHAT)
    chat.stands_once(await chat.ended(stream))
    assert chat.peer.bubbles.faults == []


async def test_a_first_update_that_is_refused_for_now_is_the_first_again(chat: Chat) -> None:
    chat.peer.bubbles.faults = [429, 503]
    stream = await chat.begun()
    assert chat.peer.shown(CHAT)[0]["entities"][0]["streamSequence"] == 1
    await stream.add(SECOND)
    chat.stands_once(await chat.ended(stream))


async def test_a_stream_whose_name_is_lost_does_not_keep_the_reply_back(chat: Chat) -> None:
    """Teams ends it itself after two minutes."""
    chat.peer.bubbles.faults = [0]
    stream = await chat.begun()
    message = await chat.ended(stream)
    (said,) = chat.peer.standing(CHAT)
    assert said["text"].startswith(BOTH)
    assert len(said["entities"]) == 1
    assert message == chat.peer.messages[0].id


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("fault", [None, (429, {"Retry-After": "3"}), (500, {}), (503, {})])
async def test_an_end_that_fails_for_now_is_tried_again_and_stands_once(
    fault: Fault, late: bool, chat: Chat
) -> None:
    stream = await chat.begun()
    if late:
        chat.peer.late_faults = [fault, fault]
    else:
        chat.peer.faults = [fault, fault]
    chat.stands_once(await chat.ended(stream))


async def test_an_end_that_is_refused_is_put_right_in_its_place(chat: Chat) -> None:
    """Teams' clock need not be ours."""
    stream = await chat.begun()
    chat.peer.bubbles.tick = lambda: chat.clock.now + 200
    chat.stands_once(await chat.ended(stream))
    assert chat.peer.messages[-1].method == "PUT"


async def test_an_end_that_is_dropped_does_not_keep_the_reply_back(chat: Chat) -> None:
    stream = await chat.begun()
    chat.peer.bubbles.faults = [202]
    message = await chat.ended(stream)
    chat.clock.now += 120
    chat.stands_once(message)


async def test_where_nothing_can_be_put_right_the_reply_is_posted(chat: Chat) -> None:
    stream = await chat.begun()
    chat.peer.faults = [(403, {}), (403, {})]
    message = await chat.ended(stream)
    said = chat.peer.messages[-1]
    assert (said.method, said.id, len(chat.peer.messages)) == ("POST", message, 1)
    assert [one["type"] for one in said.activity["entities"]] == ["https://schema.org/Message"]


async def test_the_inbox_shows_what_is_worded_in_chats_of_two_alone(
    chat: Chat, store: Store
) -> None:
    async def worded(_: Request, told: Told) -> Reply:
        await told(FIRST)
        if not chat.peer.messages:
            await chat.peer.until_shown(SHOWN, CHAT)
        await told(SECOND)
        return WHOLE

    async def handle(_: Request) -> Reply:
        raise AssertionError("not asked")

    def made_here(inbox: Reception) -> TeamsChannel:
        return made(inbox, chat.peer, chat.clock)

    async with serving(handle, store, made_here, worded=worded) as served:
        url = f"{served.url}/api/messages"
        await chat.peer.post(url, chat.peer.message("What of damp?"))
        await chat.peer.until(1)
        (first, *_) = [one.id for one in chat.peer.sent if stream_info(one.activity)]
        chat.stands_once(first)
        await chat.peer.post(url, chat.peer.mention("What of damp?"))
        await chat.peer.until(2)
    (said,) = chat.peer.standing("19:channel@thread.tacv2;messageid=1700000000001")
    assert [one["type"] for one in said["entities"]] == ["https://schema.org/Message"]


async def test_the_peer_takes_nothing_that_teams_would_not(chat: Chat) -> None:
    def update(text: str, **info: object) -> dict[str, Any]:
        return {"type": "typing", "text": text, "entities": [{"type": "streaminfo", **info}]}

    first = {"streamType": "streaming", "streamSequence": 1}
    take = chat.peer.bubbles.take
    assert take("19:channel@thread.tacv2", update("A", **first), "1")[0] == 400
    assert take(CHAT, update("A", streamType="streaming", streamSequence=2), "1")[0] == 400
    assert take(CHAT, update("", **first), "1")[0] == 400
    assert take(CHAT, {**update("A", **first), "channelData": {}}, "1")[0] == 400
    informing = {"streamType": "informative", "streamSequence": 1}
    assert take(CHAT, update("Looking", **informing), "1") == (201, {"id": "1"})
    assert take(CHAT, update("A", **first), "2")[0] == 403, "one a chat"
    second = {"streamType": "streaming", "streamSequence": 2, "streamId": "1"}
    assert take(CHAT, update("A fox", **second), "3")[0] == 429, "too fast"
    chat.clock.now += 1
    assert take(CHAT, update("A fox", **second), "3") == (202, {})
    chat.clock.now += 1
    status, told = take(CHAT, update("A fox jumps", **second), "3")
    assert (status, "error" in told) == (202, True), "out of order"
    chat.clock.now += 1
    assert take(CHAT, update("B", **{**second, "streamSequence": 3}), "3")[0] == 403
    final = {"streamType": "final", "streamId": "1"}
    chat.clock.now += 1
    assert take(CHAT, update("A fox", **final), "3")[0] == 400, "no message"
    last = {**update("A fox jumps", **final), "type": "message"}
    numbered = {**update("A fox", **final, streamSequence=4), "type": "message"}
    assert take(CHAT, numbered, "3")[0] == 400
    assert take(CHAT, last, "3") == (202, {})
    chat.clock.now += 1
    assert take(CHAT, last, "3")[0] == 403
    assert take(CHAT, replace_id(last, "9"), "3")[0] == 400


def replace_id(activity: dict[str, Any], name: str) -> dict[str, Any]:
    return {**activity, "entities": [{**activity["entities"][0], "streamId": name}]}
