"""What Slack sends, read: how a message is meant, whose it is, and what was written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.conversation import Asked, Command, Marked, Origin, Pressed, Submitted
from bot.delivery import Heard
from bot.rehearsal.slack_payloads import (
    BOT,
    CHANNEL,
    DIRECT,
    MENTION,
    OFFICER,
    OTHER_TEAM,
    TEAM,
    command,
    direct,
    event,
    mention,
    message,
    press,
    shortcut,
    submission,
)
from bot.slack.events import (
    asks_for_form,
    carried,
    commanded,
    inputs,
    marked,
    pressed,
    said,
    submitted,
    words,
)
from bot.slack.places import Address

THREAD = "1763000000.000001"
URL = "https://hooks.slack.com/actions/T0/1/2"
SEEN = {"ts": "1.1", "response_type": "ephemeral"}
OPEN = {"action_id": "press:open:0", "value": "ask", "type": "button"}
BUTTON = {"action_id": "press:more:2", "value": "kept:2500", "type": "button"}


def address(heard: Heard | None) -> Address:
    assert heard
    return Address.from_json(heard.address)


def origin(thread: str = "", *, alone: bool = False, closed: bool = False) -> Origin:
    directly = Address(OFFICER, person=OFFICER, community=TEAM).to_json()
    place = Address(CHANNEL, thread, community=TEAM).to_json()
    there = OFFICER, "slack", directly, alone, "channel", place
    return Origin(TEAM, CHANNEL, thread, *there, closed=closed)  # type: ignore[arg-type]


def test_a_mention_is_a_call_into_a_thread() -> None:
    body = mention("damp sensors?", ts="10.1", event_id="Ev1")
    heard = said(body, BOT)
    assert heard
    assert heard.request == Asked("damp sensors?", origin("10.1", closed=True))
    assert (heard.platform, heard.key, heard.event) == ("slack", f"{CHANNEL}:10.1", "Ev1")
    assert (heard.hearing, heard.private) == ("called", False)
    place = Address(CHANNEL, "10.1", OFFICER, sign=True, team=TEAM, community=TEAM)
    assert address(heard) == place


@pytest.mark.parametrize(
    ("body", "hearing", "thread", "sign"),
    [
        (mention("x", ts="1.1", thread_ts=THREAD), "called", THREAD, True),
        (mention("quiet", ts="1.1"), "called", "1.1", True),
        (mention("x", ts="1.1", subtype="file_share"), "called", "1.1", True),
        (direct("x", ts="1.1"), "addressed", "1.1", True),
        (direct("x", ts="1.1", thread_ts=THREAD), "addressed", THREAD, True),
        (direct("x", ts="1.1", channel_type=None), "addressed", "1.1", True),
        (direct(f"{MENTION} x", ts="1.1"), "addressed", "1.1", True),
        (message("x", thread_ts=THREAD), "overheard", THREAD, False),
        (message("x", thread_ts=THREAD, subtype="thread_broadcast"), "overheard", THREAD, False),
        (message("x", thread_ts=THREAD, channel_type="mpim"), "overheard", THREAD, False),
        (message("x", thread_ts=THREAD, channel_type="group"), "overheard", THREAD, False),
    ],
)
def test_how_a_message_is_meant(
    body: dict[str, Any], hearing: str, thread: str, sign: bool
) -> None:
    heard = said(body, BOT)
    assert heard
    assert heard.hearing == hearing
    assert (address(heard).thread, address(heard).sign) == (thread, sign)
    talk = heard.request.origin.channel if hearing == "addressed" else thread
    assert heard.request.origin.thread == talk, "a chat with the bot alone is one conversation"


@pytest.mark.parametrize(
    "body",
    [
        message("at the top of a channel"),
        message("the first of a thread", ts=THREAD, thread_ts=THREAD),
        message(f"{MENTION} comes as a mention too", thread_ts=THREAD),
        message("x", thread_ts=THREAD, subtype="message_changed"),
        message("x", thread_ts=THREAD, subtype="bot_message"),
        message("x", thread_ts=THREAD, bot_id="B0OTHER"),
        direct("my own", user=BOT),
        direct("a reminder", user="USLACKBOT"),
        direct("nobody", user=None),
        mention("from a program", app_id="A0OTHER"),
        event("reaction_added", "x"),
        event("assistant_thread_started", "x"),
        direct("x", channel=None),
        direct("x", ts=None),
        direct("x", team_id=""),
        {"event": "nonsense"},
        {},
    ],
)
def test_what_is_not_for_us_is_not_heard(body: dict[str, Any]) -> None:
    assert said(body, BOT) is None


def test_before_slack_said_who_we_are_the_event_does() -> None:
    heard = said(mention("damp sensors?"), "")
    assert heard
    assert heard.request == Asked("damp sensors?", heard.request.origin)
    assert said(direct("my own", user=BOT), "") is None


def test_a_guest_is_of_the_workspace_the_message_was_posted_in() -> None:
    guest = {"team": OTHER_TEAM, "user_team": OTHER_TEAM, "source_team": OTHER_TEAM}
    heard = said(mention("x", **guest), BOT)
    assert heard
    assert heard.request.origin.community == TEAM
    assert address(heard).team == OTHER_TEAM
    pressing = press(BUTTON, URL, {"ts": "1.1"}, user={"id": "U9", "team_id": OTHER_TEAM})
    button = pressed(pressing)
    assert button
    assert button.request.origin.community == TEAM
    assert address(button).team == OTHER_TEAM
    organisation = pressed({**pressing, "team": None, "enterprise": {"id": "E1"}})
    assert organisation
    assert organisation.request.origin.community == "E1"


@pytest.mark.parametrize(
    ("typed", "name", "text"),
    [
        ("", "", ""),
        ("  ", "", ""),
        ("Help", "help", ""),
        ("ask who has robots?", "ask", "who has robots?"),
        ("who has robots?", "ask", "who has robots?"),
        ("list councils", "ask", "list councils"),
        ("asking for a friend", "ask", "asking for a friend"),
    ],
)
def test_what_a_command_asks_for(typed: str, name: str, text: str) -> None:
    body = command(typed, URL)
    heard = commanded(body)
    assert heard
    assert heard.request == Command(name, text, origin(alone=True))
    assert heard.private
    assert address(heard) == Address(CHANNEL, person=OFFICER, url=URL, community=TEAM)
    assert heard.key == commanded(body).key  # type: ignore[union-attr]
    assert heard.key != commanded(command(typed, URL)).key  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["", "We lend laptops", "help", "list"])
def test_what_is_typed_to_tag_a_project_is_the_project(typed: str) -> None:
    heard = commanded(command(typed, URL, command="/tag-project"))
    assert heard
    assert heard.request == Command("tag", typed, origin(alone=True))
    assert heard.private
    assert asks_for_form(heard) is (typed == "")


MESSAGE = {"user": "U0AUTHOR", "text": f"{MENTION} We lend *laptops*", "ts": "1.1"}


@pytest.mark.parametrize(
    ("changes", "text", "author", "thread"),
    [
        ({}, "We lend *laptops*", "U0AUTHOR", ""),
        ({"thread_ts": "1.1"}, "We lend *laptops*", "U0AUTHOR", ""),
        ({"thread_ts": THREAD}, "We lend *laptops*", "U0AUTHOR", THREAD),
        ({"text": "", "files": [{"id": "F1"}]}, "", "U0AUTHOR", ""),
        ({"text": None}, "", "U0AUTHOR", ""),
        ({"user": None, "bot_id": "B0OTHER", "subtype": "bot_message", "text": "x"}, "x", "", ""),
        ({"user": BOT, "bot_id": "B0OUTCOMES", "text": "x"}, "x", "", ""),
    ],
)
def test_a_message_is_picked_out(
    changes: dict[str, Any], text: str, author: str, thread: str
) -> None:
    body = shortcut({**MESSAGE, **changes}, URL)
    heard = marked(body, BOT)
    assert heard
    assert heard.request == Marked(text, author, origin(thread, alone=True))
    assert heard.private
    assert asks_for_form(heard)
    assert address(heard) == Address(CHANNEL, thread, OFFICER, url=URL, community=TEAM)
    again = marked(shortcut({**MESSAGE, **changes}, URL), BOT)
    assert again
    assert heard.key == marked(body, BOT).key != again.key  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "body",
    [
        {},
        shortcut(MESSAGE, URL, callback_id="another"),
        shortcut(MESSAGE, URL, type="shortcut"),
        shortcut(MESSAGE, URL, channel=None),
        shortcut(MESSAGE, URL, team=None),
        shortcut({"text": "x"}, URL),
    ],
)
def test_other_shortcuts_are_not_ours(body: dict[str, Any]) -> None:
    assert marked(body, BOT) is None


def test_a_button_in_a_channel_is_answered_in_its_thread() -> None:
    heard = pressed(press(BUTTON, URL, {"ts": "1.1", "channel": CHANNEL}))
    assert heard
    assert heard.request == Pressed("more", "kept:2500", origin("1.1"))
    assert not heard.private
    assert address(heard) == Address(CHANNEL, "1.1", OFFICER, sign=True, team=TEAM, community=TEAM)
    inside = pressed(press(BUTTON, URL, {"ts": "1.1", "thread_ts": THREAD, "channel": DIRECT}))
    assert address(inside) == Address(DIRECT, THREAD, OFFICER, sign=True, team=TEAM, community=TEAM)


def test_a_button_only_the_asker_sees_is_answered_to_the_asker() -> None:
    alone = {"ts": "1.1", "response_type": "ephemeral"}
    heard = pressed(press(BUTTON, URL, alone))
    assert heard
    assert heard.private
    assert address(heard) == Address(CHANNEL, "", OFFICER, url=URL, team=TEAM, community=TEAM)
    share = pressed(press({"action_id": "press:share:1", "value": "k"}, URL, alone))
    assert address(share) == replace(address(heard), shared=True)


def test_a_press_is_told_from_the_next_but_not_from_its_own_repetition() -> None:
    once, again = (press(BUTTON, URL, {"ts": "1.1"}) for _ in range(2))
    keys = [heard.key for body in (once, once, again) if (heard := pressed(body))]
    assert keys[0] == keys[1] != keys[2]
    share = {"action_id": "press:share:1", "value": "k"}
    shares = [pressed(press(share, URL, {"ts": "1.1"})) for _ in range(2)]
    assert len({heard.key for heard in shares if heard}) == 1, "a double click"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"actions": []},
        press({"action_id": "of another", "value": ""}, URL, {"ts": "1.1"}),
        press({"action_id": "press:", "value": ""}, URL, {"ts": "1.1"}),
        press(BUTTON, URL, {"ts": "1.1"}, team=None),
    ],
)
def test_other_buttons_are_not_ours(body: dict[str, Any]) -> None:
    assert pressed(body) is None


def test_a_button_may_ask_for_a_form() -> None:
    form, more = ({**BUTTON, "action_id": f"press:{name}:0"} for name in ("open", "more"))
    asked = [pressed(press(one, URL, {"ts": "1.1"})) for one in (form, more)]
    assert [heard is not None and asks_for_form(heard) for heard in asked] == [True, False]


def test_a_form_comes_back_with_where_it_was_opened_and_its_key() -> None:
    opening = pressed(press(OPEN, URL, {"ts": "1.1", "thread_ts": THREAD}))
    assert opening
    view = {"callback_id": "form:ask", "private_metadata": carried(opening, "draft-1")}
    heard = submitted(submission(view, {"question": "robots?"}))
    assert heard
    assert heard.request == Submitted("ask", {"question": "robots?"}, origin(THREAD), "draft-1")
    assert address(heard) == Address(CHANNEL, THREAD, OFFICER, sign=True, team=TEAM, community=TEAM)
    assert not heard.private


def test_what_a_form_carries_is_what_slack_can_carry() -> None:
    opening = pressed(press(OPEN, URL, SEEN))
    assert opening
    assert len(carried(opening, "k" * 2_500)) <= 3_000
    with pytest.raises(ValueError, match="key is too long"):
        carried(opening, "k" * 3_000)


def test_the_inputs_of_a_form_are_named() -> None:
    blocks = [{"type": "rich_text"}, {"type": "input", "block_id": "field:a"}, None]
    assert inputs({"view": {"blocks": blocks}}) == ["field:a"]
    assert inputs({"view": {"blocks": 1}}) == inputs({}) == []


@pytest.mark.parametrize("metadata", ["", "{}", "[]", '{"channel": "C1", "more": 1}', "null", "1"])
def test_a_form_that_is_not_ours_is_left_alone(metadata: str) -> None:
    view = {"callback_id": "form:ask", "private_metadata": metadata}
    assert submitted(submission(view, {"question": "robots?"})) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("damp sensors?", "damp sensors?"),
        (f"{MENTION} damp sensors?", "damp sensors?"),
        (f"{MENTION}: damp sensors?", "damp sensors?"),
        (f"hello {MENTION}, damp sensors?", "hello , damp sensors?"),
        (f"<@{BOT}|outcomes> damp sensors?", "damp sensors?"),
        (MENTION, ""),
        ("R&amp;D &lt;b&gt; &amp;lt;", "R&D <b> &lt;"),
        ("ask <@U0OTHER> about it", "ask someone about it"),
        ("ask <@U0OTHER|Sam Example> about it", "ask Sam Example about it"),
        ("see <#C1|housing>", "see #housing"),
        ("see <#C1>", "see a channel"),
        ("see <https://a.example/x|this page>", "see this page"),
        ("see <https://a.example/x?a=1&amp;b=2>", "see https://a.example/x?a=1&b=2"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("<!here> damp <!subteam^S1|@housing>", "damp"),
        ("on <!date^1392734382^{date}|18 February>", "on 18 February"),
        ("thanks :pray: :+1::skin-tone-2:", "thanks"),
        (":wave:", ""),
        ("at 10:30:45 by ratio 1:two:3", "at 10:30:45 by ratio 1:two:3"),
        ("two\nlines  here", "two\nlines here"),
    ],
)
def test_what_an_officer_wrote(written: str, meant: str) -> None:
    assert words(written, BOT) == meant
