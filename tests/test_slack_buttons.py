"""Slack's commands, buttons and forms: private where they began in private."""

from __future__ import annotations

import json

import pytest

from bot.app import App
from bot.conversation import Action, Command, Reply
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    DIRECT,
    OFFICER,
    buttons,
    command,
    mention,
    press,
    submission,
)
from bot.slack.blocks import FOLLOWING, PRIVATE
from bot.store import Store
from tests.slack_desk import (
    LONG,
    SEEN_ALONE,
    Bot,
    Desk,
    bot,
    button,
    desk,
    form,
    peer,
    serving,
)

__all__ = ["bot", "desk", "peer"]  # fixtures


async def test_a_command_is_answered_to_the_asker_who_may_share_it(bot: Bot, desk: Desk) -> None:
    typed = command("damp sensors?", bot.peer.response_url())
    acknowledged = await bot.peer.command(typed)
    assert (acknowledged.status, acknowledged.body) == (200, "")
    (private,) = await bot.whispered(1)
    assert private["response_type"] == "ephemeral"
    assert PRIVATE in private["text"]
    assert bot.peer.shown == []
    assert bot.peer.called("assistant.threads.setStatus") == []

    share = button(private, "Share to channel")
    url = bot.peer.response_url()
    for _ in range(2):  # a double click
        await bot.peer.interaction(press(share, url, private))
    (shared,) = await bot.answered(1)
    assert shared["response_type"] == "in_channel"
    assert "damp sensors?" in shared["text"].split("\n")[0], "what was asked"
    assert PRIVATE not in shared["text"]
    assert buttons(shared) == []


async def test_what_is_shared_too_late_for_its_url_is_posted(bot: Bot) -> None:
    await bot.peer.command(command("damp sensors?", bot.peer.response_url()))
    (private,) = await bot.whispered(1)
    bot.peer.faults["response_url"].append(Fault("used_url", 404))
    share = press(button(private, "Share to channel"), bot.peer.response_url(), private)
    await bot.peer.interaction(share)
    (shared,) = await bot.answered(1)
    assert shared["channel"] == CHANNEL
    assert "thread_ts" not in shared


async def test_what_can_no_longer_be_shared_is_said_to_the_presser_alone(bot: Bot) -> None:
    share = {"action_id": "press:share:0", "value": "long-gone", "type": "button"}
    await bot.peer.interaction(press(share, bot.peer.response_url(), SEEN_ALONE))
    (private,) = await bot.whispered(1)
    assert "no longer kept" in private["text"]
    assert bot.peer.shown == []


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("", "", ""),
        ("help", "help", ""),
        ("ASK damp sensors?", "ask", "damp sensors?"),
        ("list councils with robots", "ask", "list councils with robots"),
        ("who has robots &amp; drones?", "ask", "who has robots & drones?"),
    ],
)
async def test_a_command_may_name_what_it_wants(
    bot: Bot, desk: Desk, typed: str, name: str, text: str
) -> None:
    await bot.peer.command(command(typed, bot.peer.response_url()))
    await bot.whispered(1)
    (request,) = desk.asked
    assert isinstance(request, Command)
    assert (request.name, request.text) == (name, text)


async def test_a_long_answer_ends_with_a_sentence_and_goes_on_in_its_thread(
    bot: Bot, desk: Desk
) -> None:
    desk.answers["tell me everything"] = Reply("answered", LONG)
    await bot.peer.event(mention("tell me everything"))
    (cut,) = await bot.answered(1)
    more = button(cut, "More")
    await bot.peer.interaction(press(more, bot.peer.response_url(), cut))
    _, rest = await bot.answered(2)
    assert rest["thread_ts"] == cut["thread_ts"]
    shown = cut["text"].removesuffix(FOLLOWING).strip()
    assert shown.endswith("read.")
    assert LONG.startswith(shown)
    assert rest["text"].split("\n")[0][:20] in LONG


async def test_a_button_of_a_private_answer_is_answered_privately(bot: Bot, desk: Desk) -> None:
    follow = Reply("clarify", "Which?", actions=(Action("other", "Another", "x"),))
    desk.answers["which?"] = follow
    await bot.peer.command(command("which?", bot.peer.response_url()))
    (private,) = await bot.whispered(1)
    pressed = press(button(private, "Another"), bot.peer.response_url(), private)
    await bot.peer.interaction(pressed)
    _, answer = await bot.whispered(2)
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
    assert bot.peer.shown == []


async def test_a_form_is_opened_corrected_and_answered_where_it_was_opened(
    bot: Bot, desk: Desk
) -> None:
    await bot.peer.event(mention("ask"))
    (posted,) = await bot.answered(1)
    opening = press(button(posted, "Open the form"), bot.peer.response_url(), posted)
    assert (await bot.peer.interaction(opening)).status == 200
    view = await form(bot.peer)
    (opened,) = bot.peer.called("views.open")
    assert opened["trigger_id"] == opening["trigger_id"]

    stays = await bot.peer.interaction(submission(view, {"question": " "}))
    again = json.loads(stays.body)
    assert again["response_action"] == "update"
    assert "Type a question first." in json.dumps(again["view"])
    assert again["view"]["private_metadata"] == view["private_metadata"]

    closes = await bot.peer.interaction(submission(view, {"question": "damp sensors?"}))
    assert (closes.status, closes.body) == (200, "")
    _, answer = await bot.answered(2)
    assert (answer["channel"], answer["thread_ts"]) == (CHANNEL, posted["thread_ts"])
    assert answer["text"].startswith("On damp sensors?")
    assert desk.asked[-1].origin.person == OFFICER


async def test_a_form_from_a_private_message_is_answered_privately(bot: Bot) -> None:
    await bot.peer.command(command("", bot.peer.response_url()))
    (private,) = await bot.whispered(1)
    opening = press(button(private, "Open the form"), bot.peer.response_url(), private)
    await bot.peer.interaction(opening)
    view = await form(bot.peer)
    await bot.peer.interaction(submission(view, {"question": "damp sensors?"}))
    _, answer = await bot.whispered(2)
    assert answer["text"].startswith("On damp sensors?")


async def test_a_private_answer_that_comes_too_late_comes_as_a_direct_message(bot: Bot) -> None:
    bot.peer.faults["response_url"].append(Fault("expired_url", 404))
    await bot.peer.command(command("damp sensors?", bot.peer.response_url()))
    (posted,) = await bot.answered(1)
    assert posted["channel"] == DIRECT
    assert bot.peer.whispered == []


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com.example/1",
        "http://hooks.slack.com/1",
        "https://slack.com@127.0.0.1/1",
        "https://hooks.slack.com:8443/1",
        "http://169.254.169.254/latest",
        "https://[",
        "",
    ],
)
async def test_nothing_is_sent_to_an_address_that_is_not_slacks(
    bot: Bot, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = len(bot.peer.calls)
    await bot.peer.command(command("damp sensors?", url or "nowhere"))
    await bot.inbox.finish()
    assert bot.peer.calls[before:] == []
    assert "ref-1234" in caplog.text


async def test_in_production_a_response_url_on_this_computer_is_refused(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with serving(peer, store, desk.handle, dev=False) as bot:
        await peer.command(command("damp sensors?", peer.response_url()))
        await bot.inbox.finish()
    assert desk.asked
    assert peer.whispered == []


async def test_real_answers_are_private_shared_and_asked_for_by_form(
    app: App, peer: SlackPeer
) -> None:
    async with serving(peer, app.store, app.assistant.handle) as bot:
        question = "How much did Swindon save on translation?"
        await peer.command(command(question, peer.response_url()))
        (private,) = await bot.whispered(1)
        share = press(button(private, "Share to channel"), peer.response_url(), private)
        await peer.interaction(share)
        (shared,) = await bot.answered(1)
        assert shared["text"].startswith(question)
        assert "£27" in shared["text"]

        await peer.command(command("", peer.response_url()))
        *_, offered = await bot.whispered(2)
        opening = press(button(offered, "Open the form"), peer.response_url(), offered)
        await peer.interaction(opening)
        view = await form(peer)
        await peer.interaction(submission(view, {"question": question}))
        *_, answer = await bot.whispered(3)
        assert "£27" in answer["text"]
