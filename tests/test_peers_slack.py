"""Officers who help each other in Slack from end to end: asked and introduced by Slack's own means.

The people and their councils are invented (test data).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.current import CurrentAnswerer
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import CHANNEL, OFFICER, command, mention
from bot.slack.blocks import LONGEST_LABEL
from tests.peers_desk import SENSORS, WHAT, WISH, Town
from tests.peers_desk import town as opened
from tests.projects_desk import DAMP, WHO_SENSES
from tests.projects_in_slack import (
    Json,
    above,
    alone,
    aloud,
    opening,
    pressing,
    registered,
    sending,
    slashed,
    value,
    words,
)
from tests.slack_desk import Bot, form, peer, serving

__all__ = ["peer"]  # a fixture

ROBIN, SAM, KIM = OFFICER, "U0SAM", "U0KIM"
ASK = "Ask an officer at Kirklees Council"
ADDRESS = "robin@kirklees.example"


@dataclass
class Workspace:
    """A Slack with the bot in it, whose time can be moved."""

    bot: Bot
    town: Town

    async def post(self) -> None:
        """Everything that waits to be sent."""
        while await self.town.app.outbox.send():
            pass

    async def opens(self, text: str, person: str) -> Json:
        """The form that a command is answered with."""
        count = len(self.bot.peer.views) + 1
        await self.bot.peer.command(command(text, self.bot.peer.response_url(), user_id=person))
        return await form(self.bot.peer, count)

    async def joins(self, person: str, **changes: str) -> Json:
        view = await self.opens("peers join", person)
        filled = {**SENSORS, "reach": ADDRESS, **changes}
        return await alone(self.bot, sending(self.bot, view, person, **filled))

    async def finds(self, person: str) -> Json:
        return await slashed(self.bot, f"peers {WHAT}", person)

    async def asks(self, person: str, posted: Json | None = None, **changes: str) -> Json:
        view = await opening(self.bot, posted or await self.finds(person), ASK, person)
        assert "Robin" not in str(view)
        told = await alone(self.bot, sending(self.bot, view, person, **{**WISH, **changes}))
        await self.post()
        return told

    async def in_chat(self, person: str, acting: Awaitable[object]) -> Json:
        """What is said to that in the bot's chat with a person, and nowhere else."""
        told = await aloud(self.bot, acting)
        assert told == self.chat(person)[-1]
        return told

    async def presses(self, person: str, posted: Json, label: str) -> Json:
        """A button in the bot's chat with a person, and what is sent because of it."""
        told = await self.in_chat(person, pressing(self.bot, posted, label, person))
        await self.post()
        return told

    def chat(self, *people: str) -> list[Json]:
        return self.bot.peer.posted_to(*people)


def in_public(peer: SlackPeer) -> list[Json]:
    """What a whole channel sees; what is posted by a response url names none."""
    return [one for one in peer.shown if one.get("channel", CHANNEL) == CHANNEL]


@asynccontextmanager
async def workspace(
    peer: SlackPeer, current: CurrentAnswerer, folder: Path, url: str = ""
) -> AsyncIterator[Workspace]:
    async with opened(current, folder, url) as town:
        app = town.app
        async with serving(peer, app.store, app.assistant.handle) as served:
            app.outbox.channels["slack"] = app.outbox.together["slack"] = served.channel
            yield Workspace(served, town)
    said = json.dumps([peer.shown, peer.whispered]).lower()
    assert "traceback" not in said
    assert not [one for one in in_public(peer) if "Testname" in str(one)]


@pytest.fixture
async def slack(
    peer: SlackPeer, current: CurrentAnswerer, tmp_path: Path
) -> AsyncIterator[Workspace]:
    async with workspace(peer, current, tmp_path) as made:
        yield made


@pytest.fixture
async def slack_on_both(
    peer: SlackPeer, current: CurrentAnswerer, tmp_path: Path, database_url: str
) -> AsyncIterator[Workspace]:
    async with workspace(peer, current, tmp_path, database_url) as made:
        yield made


async def test_one_is_asked_accepts_and_both_meet_in_a_group(slack_on_both: Workspace) -> None:
    slack, bot = slack_on_both, slack_on_both.bot
    view = await slack.opens("peers join", ROBIN)
    assert "What you agree to:" in above(view)
    await sending(bot, view, ROBIN, **{**SENSORS, "name": " "})
    assert bot.peer.wrong == {"field:name": "Give your name."}
    joined = await alone(bot, sending(bot, view, ROBIN, **SENSORS))
    assert joined["text"].startswith("You can be asked from now on.")
    assert words(joined) == ["Edit", "Pause", "Leave"]
    assert value(await opening(bot, joined, "Edit", ROBIN), "help") == SENSORS["help"]

    found = await slack.finds(SAM)
    assert "Robin" not in str(found)
    assert ASK in words(found)
    assert all(len(one) < LONGEST_LABEL for one in words(found))
    told = await slack.asks(SAM, found)
    assert told["text"].startswith(
        "I have passed your line on to the officer at Kirklees Council, and will tell"
    )
    assert "Robin" not in str(told)

    (request,) = slack.chat(ROBIN)
    assert WISH["line"] in request["text"]
    assert words(request) == ["Accept", "Not now", "Stop these"]
    assert slack.chat(SAM) == []
    accepted = await slack.in_chat(ROBIN, pressing(bot, request, "Accept", ROBIN))
    assert accepted["text"] == "Thank you. I am introducing you now."
    await slack.post()
    (both,) = slack.chat(ROBIN, SAM)
    for part in (SENSORS["name"], SENSORS["help"], WISH["name"], WISH["line"], "agreed to talk"):
        assert part in both["text"]
    assert slack.chat(SAM) == []
    late = await slack.presses(ROBIN, request, "Accept")
    assert "not open any more" in late["text"]
    assert len(slack.chat(ROBIN, SAM)) == 1

    slack.town.clock.pass_by(days=14)
    assert await slack.town.app.assistant.due() == 1
    await slack.post()
    (question,) = slack.chat(SAM)
    assert "Did it help?" in question["text"]
    assert "Thank you." in (await slack.presses(SAM, question, "Yes"))["text"]


async def test_from_an_answer_in_a_channel_and_without_groups_all_is_told_alone(
    slack: Workspace,
) -> None:
    bot, peer = slack.bot, slack.bot.peer
    await slack.joins(ROBIN)
    answer = await aloud(bot, peer.event(mention(WHO_SENSES, user=KIM)))
    assert "Officers who agreed to be asked" in answer["text"]
    assert not [one for one in ("Robin", ADDRESS) if one in str(answer)]
    told = await slack.asks(SAM, answer, reach="sam@wigan.example")
    assert (told["user"], told["response_type"]) == (SAM, "ephemeral")

    peer.chats.lacking = {"mpim:write"}
    (request,) = slack.chat(ROBIN)
    await slack.presses(ROBIN, request, "Accept")
    (to_sam,), to_robin = slack.chat(SAM), slack.chat(ROBIN)[-1]
    assert to_sam["text"].startswith(f"{SENSORS['name']} (Kirklees Council) agreed to talk to you.")
    assert ADDRESS in to_sam["text"]
    assert f"You and {WISH['name']} (Wigan Council) agreed to talk." in to_robin["text"]
    assert "sam@wigan.example" in to_robin["text"]
    assert peer.chats.groups == {}

    found = await slack.finds(KIM)
    shared = await aloud(bot, pressing(bot, found, "Share to channel", KIM))
    assert "Councils that did this" in shared["text"]
    assert not [one for one in ("Kirklees", "agreed to be asked") if one in str(shared)]
    peer.chats.unknown = {ROBIN}
    await slack.asks(KIM, found)
    (unreached,) = slack.chat(KIM)
    assert "could not pass your line on to the officer at Kirklees Council" in unreached["text"]
    assert "Robin" not in str(unreached)
    assert in_public(peer) == [answer, shared], "nothing else was said in a channel"


async def test_who_declines_stops_or_leaves_stays_unknown_and_nothing_of_them_is_left(
    slack: Workspace,
) -> None:
    bot = slack.bot
    await registered(bot)
    await slack.joins(ROBIN, council="Kirklees Council")
    await slack.asks(SAM)
    declined = await slack.presses(ROBIN, slack.chat(ROBIN)[0], "Not now")
    assert "without your name" in declined["text"]
    await slack.asks(KIM, name="Kim Testname")
    stopped = await slack.presses(ROBIN, slack.chat(ROBIN)[-1], "Stop these")
    assert "You get no more requests" in stopped["text"]
    assert words(stopped) == ["Resume", "Leave"]
    for person in (SAM, KIM):
        (told,) = slack.chat(person)
        assert "The officer at Kirklees Council cannot help just now." in told["text"]
        assert WISH["line"] in told["text"]
        assert "Robin" not in str(told)
        assert ASK not in words(await slack.finds(person))
    await slack.presses(ROBIN, stopped, "Resume")

    held = await slashed(bot, "my-data", ROBIN)
    assert SENSORS["help"] in held["text"]
    assert f"{WISH['name']} asked you (declined)" in held["text"]
    assert DAMP["title"] in held["text"]
    assert words(held) == ["Export", "Delete my data"], "nothing to share"
    exported = (await alone(bot, pressing(bot, held, "Export", ROBIN)))["text"]
    assert ADDRESS in exported
    assert SENSORS["name"] in exported
    view = await slack.opens("my-data delete", ROBIN)
    assert "It cannot be undone." in above(view)
    await sending(bot, view, ROBIN)
    assert bot.peer.wrong.keys() == {"field:projects"}
    erased = await alone(bot, sending(bot, view, ROBIN, projects="withdraw"))
    assert erased["text"].startswith("Everything of yours is deleted here.")
    assert "I hold nothing" in (await slashed(bot, "my-data", ROBIN))["text"]
    assert "No project is registered here yet." in (await slashed(bot, "projects", SAM))["text"]
    assert ASK not in words(await slack.finds("U0LEE"))
