"""Forms in Slack: opened at once by a command, a message or a button, then filled."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

from bot.conversation import Action, Command, Marked, Pressed, Reply
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_payloads import (
    BOT,
    CHANNEL,
    OFFICER,
    TEAM,
    buttons,
    command,
    mention,
    press,
    shortcut,
    submission,
)
from bot.slack.modals import INSTEAD, WAIT
from bot.store import Store
from tests.slack_desk import (
    SEEN_ALONE,
    Bot,
    Desk,
    bot,
    button,
    desk,
    field_of,
    form,
    peer,
    serving,
    tag_project,
)

__all__ = ["bot", "desk", "peer"]  # fixtures

SAID = {"user": "U0AUTHOR", "text": "We lend <!channel> laptops &amp; more", "ts": "1.1"}
OPEN = {"action_id": "press:open:0", "value": "project:draft-1", "type": "button"}


def opened(peer: SlackPeer) -> list[str]:
    return [one["trigger_id"] for one in peer.called("views.open")]


async def failing(peer: SlackPeer, method: str, error: str) -> None:
    peer.faults[method].append(Fault(error))


@pytest.mark.parametrize("name", ["/tag-project", "/outcomes"])
async def test_a_command_without_text_opens_the_form(bot: Bot, desk: Desk, name: str) -> None:
    typed = command("tag" if name == "/outcomes" else "", bot.peer.response_url(), command=name)
    acknowledged = await bot.peer.command(typed)
    assert (acknowledged.status, acknowledged.body) == (200, "")
    view = await form(bot.peer)
    assert view["title"]["text"] == "Register a project"
    assert opened(bot.peer) == [typed["trigger_id"]]
    (request,) = desk.asked
    assert isinstance(request, Command)
    assert (request.name, request.text) == ("tag", "")
    await bot.inbox.finish()
    assert bot.peer.shown == bot.peer.whispered == []


async def test_a_command_with_text_is_answered_to_the_asker_alone(bot: Bot, desk: Desk) -> None:
    await bot.peer.command(tag_project(bot.peer, "We lend laptops &amp; more"))
    (private,) = await bot.whispered(1)
    assert [one["text"]["text"] for one in buttons(private)] == [
        "Confirm",
        "Change",
        "Share to channel",
    ]
    (request,) = desk.asked
    assert isinstance(request, Command)
    assert (request.name, request.text) == ("tag", "We lend laptops & more")
    change = press(button(private, "Change"), bot.peer.response_url(), private)
    await bot.peer.interaction(change)
    await form(bot.peer)
    assert desk.asked[-1] == Pressed("open", "draft:7", desk.asked[-1].origin)


async def test_a_message_is_picked_out_and_fills_the_form(bot: Bot, desk: Desk) -> None:
    picked = shortcut(SAID, bot.peer.response_url())
    acknowledged = await bot.peer.interaction(picked)
    assert (acknowledged.status, acknowledged.body) == (200, "")
    view = await form(bot.peer)
    (request,) = desk.asked
    assert isinstance(request, Marked)
    assert (request.text, request.author) == ("We lend laptops & more", "U0AUTHOR")
    assert (request.origin.community, request.origin.person) == (TEAM, OFFICER)
    assert field_of(view, "description")["element"]["initial_value"] == "We lend laptops & more"


@pytest.mark.parametrize(
    "changes",
    [{"callback_id": "another"}, {"type": "shortcut", "channel": None, "message": None}],
)
async def test_other_shortcuts_are_acknowledged_and_left_alone(
    bot: Bot, desk: Desk, changes: dict[str, Any]
) -> None:
    answer = await bot.peer.interaction(shortcut(SAID, bot.peer.response_url(), **changes))
    assert (answer.status, answer.body) == (200, "")
    await bot.inbox.finish()
    assert desk.asked == []
    assert opened(bot.peer) == []


async def test_what_is_no_form_is_said_where_the_form_was_awaited(bot: Bot) -> None:
    await bot.peer.interaction(shortcut({**SAID, "text": ""}, bot.peer.response_url()))
    await bot.peer.until(lambda: bool(bot.peer.called("views.update")))
    (view,) = bot.peer.views.values()
    assert "That message has no text." in json.dumps(view["blocks"])
    assert (view["close"]["text"], "submit" in view) == ("Close", False)
    await bot.inbox.finish()
    assert bot.peer.whispered == []


async def test_the_form_opens_in_time_although_the_answer_takes_long(bot: Bot, desk: Desk) -> None:
    desk.seconds = 1.0
    began = time.monotonic()
    acknowledged = await bot.peer.command(tag_project(bot.peer))
    assert acknowledged.seconds < 0.5
    await bot.peer.until(lambda: bool(bot.peer.views))
    assert time.monotonic() - began < 0.8, "before the answer is there"
    (waiting,) = bot.peer.views.values()
    assert waiting["title"]["text"] == WAIT
    assert (await form(bot.peer))["title"]["text"] == "Register a project"


async def test_a_form_about_to_open_when_it_stops_is_opened(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    desk.seconds = 0.5
    async with serving(peer, store, desk.handle) as bot:
        await peer.command(tag_project(peer))
        await bot.channel.stop()
        assert (await form(peer))["title"]["text"] == "Register a project"


async def test_whoever_presses_twice_can_send_either(bot: Bot, desk: Desk) -> None:
    twice = [press(OPEN, bot.peer.response_url(), SEEN_ALONE) for _ in range(2)]
    await asyncio.gather(*map(bot.peer.interaction, twice))
    await form(bot.peer, 2)
    await bot.peer.until(lambda: all("submit" in one for one in bot.peer.views.values()))
    assert len(set(opened(bot.peer))) == 2
    for view in list(bot.peer.views.values()):
        await bot.peer.interaction(submission(view, {"title": "Laptops", "description": "x"}))
    assert {one["callback_id"] for one in bot.peer.views.values()} == {"form:outcomes"}
    await bot.inbox.finish()
    assert bot.peer.shown == bot.peer.whispered == []


async def test_the_same_press_sent_again_changes_nothing(bot: Bot) -> None:
    pressed = press(OPEN, bot.peer.response_url(), SEEN_ALONE)
    for _ in range(2):
        assert (await bot.peer.interaction(pressed)).status == 200
        await form(bot.peer)
    await bot.peer.until(lambda: len(opened(bot.peer)) == 2)
    await bot.channel.stop()
    await bot.inbox.finish()
    assert len(bot.peer.views) == 1
    assert bot.peer.shown == bot.peer.whispered == []


async def test_where_the_form_cannot_open_a_button_opens_the_same(
    bot: Bot, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await failing(bot.peer, "views.open", "expired_trigger_id")
    await bot.peer.command(tag_project(bot.peer))
    (private,) = await bot.whispered(1)
    assert "expired_trigger_id" in caplog.text
    again = button(private, "Open the form")
    assert again["value"] == "project:draft-1"
    await bot.peer.interaction(press(again, bot.peer.response_url(), private))
    await form(bot.peer)
    assert desk.asked[-1] == Pressed("open", "project:draft-1", desk.asked[-1].origin)


async def test_a_form_that_cannot_open_in_a_channel_concerns_its_presser_alone(
    bot: Bot, desk: Desk
) -> None:
    await failing(bot.peer, "views.open", "expired_trigger_id")
    await bot.peer.event(mention("ask"))
    (posted,) = await bot.answered(1)
    await bot.peer.interaction(press(button(posted, "Open the form"), "", posted))
    (private,) = await bot.whispered(1)
    assert (private["channel"], private["user"]) == (CHANNEL, OFFICER)
    assert private["thread_ts"] == posted["thread_ts"]
    assert len(bot.peer.shown) == 1


async def test_what_cannot_be_shown_in_the_modal_is_sent(bot: Bot, desk: Desk) -> None:
    await failing(bot.peer, "views.update", "invalid_arguments")
    await bot.peer.command(tag_project(bot.peer))
    (private,) = await bot.whispered(1)
    assert button(private, "Open the form")
    (view,) = bot.peer.views.values()
    assert INSTEAD in json.dumps(view["blocks"])

    desk.answers["edit:1"] = Reply("help", "Not yours.", actions=(Action("project", "See", "1"),))
    await bot.peer.interaction(press({**OPEN, "value": "edit:1"}, "", SEEN_ALONE))
    await bot.peer.until(lambda: "Not yours." in json.dumps(list(bot.peer.views.values())[-1]))
    _, sent = await bot.whispered(2)
    assert "Not yours." in sent["text"]
    assert button(sent, "See")


async def test_who_closes_the_modal_wants_no_form(bot: Bot) -> None:
    await failing(bot.peer, "views.update", "not_found")
    await bot.peer.command(tag_project(bot.peer))
    await bot.peer.until(lambda: bool(bot.peer.called("views.update")))
    await bot.channel.stop()
    await bot.inbox.finish()
    assert bot.peer.shown == bot.peer.whispered == []


async def test_an_answer_that_fails_is_apologised_for_in_the_modal(
    bot: Bot, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers["edit:1"] = ValueError("canary")
    await bot.peer.interaction(press({**OPEN, "value": "edit:1"}, "", SEEN_ALONE))
    await bot.peer.until(lambda: bool(bot.peer.called("views.update")))
    assert "ref-1234" in json.dumps(list(bot.peer.views.values()))
    assert "canary" not in caplog.text


async def test_a_message_of_a_bot_has_no_author(bot: Bot, desk: Desk) -> None:
    machine = {"text": "Form answered", "ts": "1.1", "bot_id": "B0OTHER", "user": BOT}
    await bot.peer.interaction(shortcut(machine, bot.peer.response_url()))
    await form(bot.peer)
    assert desk.asked == [Marked("Form answered", "", desk.asked[0].origin)]
