"""Teams' own thumbs below an answer: where they stand, and what an officer's comes to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.conversation import (
    Action,
    Asked,
    Pressed,
    Reply,
    Request,
    Submitted,
    complaint_with,
    praise,
)
from bot.rehearsal.teams import TENANT, Sent, TeamsPeer, by, chat_with, officer
from bot.store import Store
from bot.teams.activities import as_activity
from bot.teams.addresses import address, own_address
from tests.serving import Served
from tests.teams_desk import SOURCE, known_as, peer, teams

__all__ = ["peer"]  # a fixture

NAME = "an-answer"
ROBIN = by("robin")
ALONE = chat_with(officer("robin")["id"])


@dataclass
class Desk:
    """Answers that can be rated, and takes note of what is said of them."""

    said: list[Request] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    async def __call__(self, request: Request) -> Reply:
        match request:
            case Asked("plain"):
                return Reply("help", "Nothing to rate.")
            case Asked("more"):
                more = (Action("more", "More", "x"),)
                return Reply("answered", "It fell. [1]", (SOURCE,), actions=more, feedback=NAME)
            case Asked():
                return Reply("answered", "It fell. [1]", (SOURCE,), feedback=NAME)
        self.said.append(request)
        if self.faults:
            raise self.faults.pop()
        match request:
            case Pressed("helped", name, _) if name.endswith("|gone"):
                return Reply("invalid", "That answer is not kept any more.", private=True)
            case Submitted("wrong", values, _, _):
                return Reply("help", f"Noted: {values['reason']}", private=True)
        return Reply("help", "Thank you.", private=True)


@dataclass
class Town:
    """A Teams with the bot in it, that desk behind it."""

    peer: TeamsPeer
    desk: Desk
    served: Served

    @property
    def url(self) -> str:
        return f"{self.served.url}/api/messages"

    async def answered(self, said: dict[str, object]) -> Sent:
        before = len(self.peer.messages)
        await self.peer.post(self.url, said)
        await self.peer.until(before + 1)
        return self.peer.messages[-1]

    async def thumb(self, on: Sent, reaction: str, told: object = "") -> tuple[int, str]:
        done = await self.peer.post(self.url, self.peer.thumb(on, reaction, told, **ROBIN))
        return done.status, done.body


@pytest.fixture
async def town(peer: TeamsPeer, store: Store) -> AsyncIterator[Town]:
    desk = Desk()
    async with teams(peer, store, desk) as served:
        yield Town(peer, desk, served)


async def test_they_stand_below_what_can_be_rated_alone(town: Town) -> None:
    rated = await town.answered(town.peer.message("sensors"))
    assert rated.activity["channelData"] == {"feedbackLoop": {"type": "default"}}
    plain = await town.answered(town.peer.message("plain"))
    assert "channelData" not in plain.activity


async def test_a_thumb_up_names_the_message_and_says_nothing_more(town: Town) -> None:
    post = town.peer.mention("sensors", **ROBIN)
    answer = await town.answered(post)
    assert await town.thumb(answer, "like", "Just so.") == (200, "{}")
    (said,) = town.desk.said
    there = said.origin
    assert said == praise(f"@{known_as(answer)}", there)
    assert (there.community, there.thread) == (TENANT, post["conversation"]["id"])
    assert (there.person, there.alone) == (officer("robin")["aadObjectId"], False)
    assert town.peer.messages == [answer], "Teams has thanked for it"


async def test_an_answer_with_buttons_is_known_by_its_words(town: Town) -> None:
    """Teams names no message that holds both: the words are posted by themselves, once."""
    answer = await town.answered(town.peer.message("more", **ROBIN))
    await town.peer.until_seen(lambda: bool(town.peer.messages[-1].activity["attachments"]))
    words, buttons = (one for one in town.peer.sent if one.activity["type"] == "message")
    assert (words.activity["attachments"], buttons.activity.get("text")) == ([], None)
    assert (await town.thumb(answer, "like"))[0] == 200
    (said,) = town.desk.said
    assert said == praise(f"@{known_as(words)}", said.origin)


async def test_where_its_buttons_are_refused_the_words_stand_once(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.peer.faults = [(200, {}), (400, {})]
    await town.answered(town.peer.message("more", **ROBIN))
    await town.served.inbox.finish(5)
    assert [one.activity["text"][:8] for one in town.peer.messages] == ["It fell."]
    assert "without its buttons" in caplog.text


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("The figure is old.", "The figure is old."),  # as Microsoft documents it
        ({"feedbackText": " Old. "}, "Old."),
        ("", ""),
        ({"feedbackText": 5}, ""),
        ({}, ""),
        (None, ""),
        (["Old."], ""),
    ],
)
async def test_a_thumb_down_brings_the_reason(told: object, reason: str, town: Town) -> None:
    answer = await town.answered(town.peer.message("sensors"))
    assert await town.thumb(answer, "dislike", told) == (200, "{}")
    (said,) = town.desk.said
    assert said == complaint_with(f"@{known_as(answer)}", reason, said.origin)
    assert said.origin.alone


@pytest.mark.parametrize("told", ["nice", "{", '"nice"', "[" * 100_000])
async def test_a_reason_that_is_no_json_is_the_reason(told: str, town: Town) -> None:
    answer = await town.answered(town.peer.message("sensors"))
    pressed = town.peer.thumb(answer, "dislike")
    pressed["value"]["actionValue"]["feedback"] = told
    assert (await town.peer.post(town.url, pressed)).status == 200
    (said,) = town.desk.said
    assert said == complaint_with(f"@{known_as(answer)}", told, said.origin)


async def test_what_is_said_of_a_thumb_down_is_for_that_officer_alone(town: Town) -> None:
    answer = await town.answered(town.peer.mention("sensors"))
    await town.thumb(answer, "dislike", "Old.")
    await town.peer.until(2)
    noted = town.peer.messages[1]
    assert (noted.conversation, noted.activity["text"]) == (ALONE, "Noted: Old.")
    await town.thumb(answer, "dislike", "Old.")
    await town.thumb(answer, "dislike", "Wrong.")
    await town.peer.until(3)
    said = [one.activity["text"] for one in town.peer.messages[1:]]
    assert said == ["Noted: Old.", "Noted: Wrong."], "once for each reason, nothing in the thread"
    assert len(town.desk.said) == 3, "the last word counts, so each is handed on"


async def test_an_officer_who_cannot_be_written_to_is_heard_all_the_same(town: Town) -> None:
    answer = await town.answered(town.peer.mention("sensors"))
    town.peer.not_added = {officer("robin")["id"]}
    assert await town.thumb(answer, "dislike", "Old.") == (200, "{}")
    assert len(town.desk.said) == 1
    await town.answered(town.peer.mention("plain"))
    assert [one.activity["text"] for one in town.peer.messages[1:]] == ["Nothing to rate."]


async def test_an_answer_that_is_gone_is_said_so_of_a_thumb_up_too(town: Town) -> None:
    answer = await town.answered(town.peer.mention("sensors"))
    pressed = town.peer.thumb(answer, "like", **ROBIN)
    assert (await town.peer.post(town.url, {**pressed, "replyToId": "gone"})).status == 200
    await town.peer.until(2)
    assert [one["text"] for one in town.peer.standing(ALONE)] == [
        "That answer is not kept any more."
    ]


async def test_what_failed_is_apologised_for_and_may_be_sent_again(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await town.answered(town.peer.mention("sensors"))
    town.desk.faults = [ValueError("canary")]
    assert await town.thumb(answer, "dislike", "Old.") == (200, "{}")
    await town.peer.until(2)
    assert await town.thumb(answer, "dislike", "Old.") == (200, "{}")
    await town.peer.until(3)
    first, second = (one["text"] for one in town.peer.standing(ALONE))
    assert "Reference: ref-1234" in first
    assert second == "Noted: Old."
    assert "canary" not in caplog.text


MALFORMED: tuple[dict[str, object], ...] = (
    {"value": None},
    {"value": {}},
    {"value": "feedback"},
    {"value": {"actionName": "feedback"}},
    {"value": {"actionName": "feedback", "actionValue": []}},
    {"value": {"actionName": "feedback", "actionValue": {"reaction": "love"}}},
    {"value": {"actionName": "feedback", "actionValue": {"reaction": ["like"]}}},
    {"value": {"actionName": "other", "actionValue": {"reaction": "like"}}},
    {"replyToId": None},
    {"replyToId": ""},
)


async def test_one_that_cannot_be_read_is_refused_plainly(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await town.answered(town.peer.message("sensors"))
    for changes in MALFORMED:
        pressed = {**town.peer.thumb(answer, "dislike", "Old."), **changes}
        done = await town.peer.post(town.url, pressed)
        assert (done.status, done.body) == (400, "{}"), changes
    assert town.desk.said == []
    assert caplog.text.count("message/submitAction cannot be read") == len(MALFORMED)
    assert "Traceback" not in caplog.text


async def test_a_message_elsewhere_is_another_though_its_id_is_the_same(town: Town) -> None:
    answer = await town.answered(town.peer.mention("sensors", **ROBIN))
    elsewhere = {"id": "19:other@thread.tacv2;messageid=1", "conversationType": "channel"}
    pressed = town.peer.thumb(answer, "like")
    for changes in ({}, {"conversation": {**pressed["conversation"], **elsewhere}}):
        await town.peer.post(town.url, {**pressed, **changes})
    here, there = town.desk.said
    assert here == praise(f"@{known_as(answer)}", here.origin)
    assert there == praise(f"@19:other@thread.tacv2|{answer.id}", there.origin)


async def test_one_from_a_stranger_is_not_heard(town: Town) -> None:
    answer = await town.answered(town.peer.message("sensors"))
    done = await town.peer.post(town.url, town.peer.thumb(answer, "like"), "Bearer forged")
    assert (done.status, town.desk.said) == (401, [])


async def test_sending_tells_the_name_of_the_message(town: Town) -> None:
    said, reply = town.peer, Reply("answered", "For one.", feedback=NAME)
    channel = town.served.platform
    there = as_activity(said.mention("sensors", **ROBIN))
    for where in (address(there), address(there, apart=True), own_address(there)):
        assert await channel.send(where, reply) == known_as(said.messages[-1])
    private = Reply("answered", "For one.", private=True, feedback=NAME)
    message = await channel.send(address(there), private)
    alone, told = said.messages[-2:]
    assert (alone.conversation, known_as(alone)) == (ALONE, message), (
        "not that of what is said below it"
    )
    assert "channelData" not in told.activity
    said.not_added = {officer("robin")["id"]}
    assert await channel.send(address(there), private) == ""
    assert await channel.send(address(there, apart=True), reply) == ""
