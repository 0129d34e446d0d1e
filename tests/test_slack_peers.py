"""What officers who help each other need of Slack: written to alone, brought together, and asked
for a form in time. The people are invented."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from bot.conversation import Action, Command, Origin, Reply
from bot.delivery import Heard, MaybeSent, NotSent, Together
from bot.rehearsal.slack import RATE_LIMITED, Fault
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    DIRECT,
    OFFICER,
    TEAM,
    buttons,
    command,
    direct,
    mention,
    message,
    press,
    shortcut,
    submission,
)
from bot.slack import events
from bot.slack.places import Address
from bot.slack.posting import Refused
from tests.slack_desk import SEEN_ALONE, Bot, Desk, bot, button, desk, field_of, form, peer

__all__ = ["bot", "desk", "peer"]  # fixtures

HELPER = "U0HELPER"
TOGETHER = Reply("answered", "You two agreed to talk.")
ASKED = Reply(
    "answered",
    "An officer asks about damp sensors.",
    actions=(Action("open", "Accept", "project:7"), Action("stop", "Stop these", "7")),
    private=True,
)
URL = "https://hooks.slack.com/actions/T0/1/2"


def directly(person: str) -> str:
    """How somebody is written to, as an origin has it."""
    heard = events.said(mention("x", user=person), "")
    assert heard
    return heard.request.origin.address


def pressed(name: str, shown: dict[str, Any]) -> Heard | None:
    return events.pressed(press({"action_id": f"press:{name}:0", "value": "k"}, URL, shown))


def sent(shown: dict[str, Any]) -> Heard | None:
    """A form that was opened by a button there, filled in."""
    opening = pressed("open", shown)
    assert opening
    view = {"callback_id": "form:ask", "private_metadata": events.carried(opening, "")}
    return events.submitted(submission(view, {"question": "x"}))


HERE, GROUP = {"ts": "1.1", "channel": CHANNEL}, {"channel": "C0GROUP", "channel_type": "mpim"}
CHAT = {"ts": "1.1", "channel": DIRECT}


@pytest.mark.parametrize(
    ("heard", "alone"),
    [
        (events.said(direct("x"), ""), True),
        (events.said(direct("x", thread_ts="1.1", channel_type=None), ""), True),
        (events.said(mention("x"), ""), False),
        (events.said(mention("x", channel="C0GROUP"), ""), False),
        (events.said(message("x", thread_ts="1.1"), ""), False),
        (events.said(message("x", thread_ts="1.1", **GROUP), ""), False),
        (events.said(message("x", thread_ts="1.1", **{**GROUP, "channel": "D0"}), ""), False),
        (events.commanded(command("x", URL)), True),
        (events.marked(shortcut({"text": "x", "ts": "1.1", "user": HELPER}, URL), ""), True),
        (pressed("more", SEEN_ALONE), True),
        (pressed("share", SEEN_ALONE), False),
        (pressed("more", CHAT), True),
        (pressed("more", {**HERE, "thread_ts": "1.0"}), False),
        (pressed("more", {"ts": "1.1", "channel": "G0GROUP"}), False),
        (sent(SEEN_ALONE), True),
        (sent(CHAT), True),
        (sent(HERE), False),
    ],
)
def test_who_else_sees_what_was_said(heard: Heard | None, alone: bool) -> None:
    assert heard
    origin = heard.request.origin
    assert origin.alone is alone
    assert (origin.community, origin.person, origin.platform) == (TEAM, OFFICER, "slack")
    assert Address.from_json(origin.address) == Address(OFFICER, person=OFFICER, community=TEAM)


def test_without_a_person_there_is_nobody_to_write_to() -> None:
    heard = events.commanded(command("x", URL, user_id=None))
    assert heard
    assert heard.request.origin.address == ""


@pytest.mark.parametrize(
    ("name", "texts", "opens"),
    [
        ("peers", ("join", "edit", "pause", " Pause "), True),
        ("peers", ("", "leave", "resume", "pause 2026-12-24", "damp sensors", "join us"), False),
        ("my-data", ("delete",), True),
        ("my-data", ("", "export"), False),
        ("tag", ("",), True),
        ("tag", ("We lend laptops", "join"), False),
        ("help", ("", "delete"), False),
    ],
)
def test_which_commands_are_answered_with_a_form(
    name: str, texts: tuple[str, ...], opens: bool
) -> None:
    asked = [Heard("slack", "k", Command(name, text, Origin(TEAM)), "") for text in texts]
    assert [events.asks_for_form(one) for one in asked] == [opens] * len(texts)


@pytest.mark.parametrize("typed", ["peers join", "Peers Edit", "my-data delete"])
async def test_a_command_opens_its_form_at_once(bot: Bot, desk: Desk, typed: str) -> None:
    await bot.peer.command(command(typed, bot.peer.response_url()))
    view = await form(bot.peer)
    assert field_of(view, "until")["element"]["initial_date"] == "2026-12-24"
    assert [one.origin.alone for one in desk.asked] == [True]
    await bot.inbox.finish()
    assert bot.peer.shown == bot.peer.whispered == []


async def test_what_needs_no_form_after_all_is_said_where_the_form_was_awaited(
    bot: Bot, desk: Desk
) -> None:
    desk.answers["peers pause"] = Reply("invalid", "You have not offered to help.")
    await bot.peer.command(command("peers pause", bot.peer.response_url()))
    await bot.peer.until(lambda: bool(bot.peer.called("views.update")))
    (view,) = bot.peer.views.values()
    assert "You have not offered to help." in json.dumps(view["blocks"])
    await bot.inbox.finish()
    assert bot.peer.shown == bot.peer.whispered == []


async def test_who_is_written_to_answers_by_buttons_in_that_chat(bot: Bot, desk: Desk) -> None:
    await bot.channel.send(directly(HELPER), ASKED)
    (asked,) = bot.peer.posted_to(HELPER)
    assert bot.peer.posted_to(OFFICER) == bot.peer.whispered == []
    assert [one["text"]["text"] for one in buttons(asked)] == ["Accept", "Stop these"]
    (call,) = bot.peer.called("chat.postMessage")
    assert (call["channel"], "thread_ts" in call) == (HELPER, False)

    helper = {"id": HELPER, "team_id": TEAM}
    for words in ("Stop these", "Accept"):
        await bot.peer.interaction(press(button(asked, words), URL, asked, user=helper))
    view = await form(bot.peer)
    filled = {"title": "Laptops", "description": "x"}
    await bot.peer.interaction(submission(view, filled, user=helper))
    view = await form(bot.peer)
    await bot.peer.interaction(submission(view, {}, user=helper))
    await bot.answered(3)
    _, stopped, accepted = bot.peer.posted_to(HELPER)
    assert "Ask me." in stopped["text"]
    assert "Registered" in accepted["text"]
    assert bot.peer.whispered == [], "which would be gone at the next start of Slack"
    assert {one.origin.alone for one in desk.asked} == {True}
    assert {one.origin.address for one in desk.asked} == {directly(HELPER)}


async def together(bot: Bot, *people: str) -> None:
    channel: Together = bot.channel
    await channel.together([directly(person) for person in people], TOGETHER)


async def test_officers_are_brought_together_in_one_group(bot: Bot) -> None:
    await together(bot, OFFICER, HELPER)
    await together(bot, HELPER, OFFICER)
    await together(bot, HELPER, "U0THIRD")
    assert bot.peer.called("conversations.open")[0] == {"users": f"{OFFICER},{HELPER}"}
    first, again = bot.peer.posted_to(HELPER, OFFICER)
    assert first["channel"] == again["channel"]
    assert TOGETHER.body in first["text"]
    assert len(bot.peer.posted_to("U0THIRD", HELPER)) == 1
    assert bot.peer.posted_to(HELPER) == bot.peer.posted_to(OFFICER, "U0THIRD") == []


@pytest.mark.parametrize(
    "faults",
    [[Fault(dropped=True)], [Fault("", 503)], [Fault("fatal_error")], [RATE_LIMITED] * 2],
    ids=["dropped", "unavailable", "failed", "limited"],
)
async def test_a_group_that_may_have_opened_can_be_opened_again(
    bot: Bot, faults: list[Fault]
) -> None:
    bot.peer.faults["conversations.open"] += faults
    with pytest.raises(NotSent):
        await together(bot, OFFICER, HELPER)
    assert bot.peer.shown == []
    await together(bot, OFFICER, HELPER)
    assert len(bot.peer.posted_to(OFFICER, HELPER)) == 1
    assert len(bot.peer.chats.groups) == 1


async def test_what_may_have_been_posted_to_a_group_is_not_posted_again(bot: Bot) -> None:
    bot.peer.faults["chat.postMessage"].append(Fault(dropped=True))
    with pytest.raises(MaybeSent):
        await together(bot, OFFICER, HELPER)
    assert len(bot.peer.posted_to(OFFICER, HELPER)) == 1


async def test_whom_slack_does_not_bring_together(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bot.peer.chats.unknown = {"U0GONE"}
    with pytest.raises(Refused, match="user_not_found"):
        await together(bot, OFFICER, "U0GONE")
    with pytest.raises(Refused, match="channel_not_found"):
        await bot.channel.send(directly("U0GONE"), ASKED)
    nobody = Address(CHANNEL).to_json()
    with pytest.raises(Refused):
        await bot.channel.together([directly(OFFICER), nobody], TOGETHER)
    bot.peer.chats.lacking = {"mpim:write"}
    with pytest.raises(Refused, match="missing_scope"):
        await together(bot, OFFICER, HELPER)
    assert "Slack refused conversations.open: missing_scope" in caplog.text
    assert OFFICER not in caplog.text
    assert bot.peer.shown == []
