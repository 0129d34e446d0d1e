"""Where in Slack something was said: the kind of place, how to post there, and what leads there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation import Command, Origin, RoomKind
from bot.delivery import Heard
from bot.rehearsal.slack_payloads import (
    BOT,
    CHANNEL,
    DIRECT,
    OFFICER,
    TEAM,
    command,
    direct,
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
    marked,
    pressed,
    said,
    submitted,
    told_public,
)
from bot.slack.places import Address, link
from bot.slack.sign_in import site

SITE = "https://example-council.slack.com/"
HERE = f"{SITE}archives/{CHANNEL}"
THREAD = "1763000000.000001"
BELOW = f"?thread_ts={THREAD}&cid={CHANNEL}"
GROUP = "C0GROUP1"
URL = "https://hooks.slack.com/actions/T0/1/2"
EPHEMERAL = {"ts": "1.1", "response_type": "ephemeral"}
OPEN = {"action_id": "press:open:0", "value": "digest:", "type": "button"}
SHARE = {**OPEN, "action_id": "press:share:0", "value": "kept"}
PICKED = {"user": OFFICER, "text": "We lend laptops", "ts": "1.1"}


def named(name: str, channel: str = CHANNEL) -> dict[str, str]:
    return {"id": channel, "name": name}


def filled(opening: Heard | None) -> Heard | None:
    """The form that was opened, sent."""
    assert opening
    view = {"callback_id": "form:digest", "private_metadata": carried(opening, "7")}
    return submitted(submission(view, {"at": "09:30"}), SITE)


def heard(body: dict[str, Any]) -> Heard | None:
    """Any payload, as the listener reads it."""
    match body.get("type"):
        case "event_callback":
            return said(body, BOT, SITE)
        case "block_actions":
            return pressed(body, SITE)
        case "message_action":
            return marked(body, BOT, SITE)
        case _:
            return commanded(body, SITE)


def origin(found: Heard | None) -> Origin:
    assert found
    return found.request.origin


@pytest.mark.parametrize(
    ("body", "thread", "leads"),
    [
        (mention("x", ts="1.1"), "1.1", f"{HERE}/p11"),
        (mention("x", ts="2.1", thread_ts=THREAD), THREAD, f"{HERE}/p21{BELOW}"),
        (message("x", ts="2.1", thread_ts=THREAD), THREAD, f"{HERE}/p21{BELOW}"),
        (command("digest", URL), "", HERE),
        (command("digest", URL, channel_name="privategroup"), "", HERE),
        (press(OPEN, URL, {"ts": "2.1"}), "2.1", f"{HERE}/p21"),
        (press(OPEN, URL, {"ts": "2.1", "thread_ts": THREAD}), THREAD, f"{HERE}/p21{BELOW}"),
        (press(OPEN, URL, EPHEMERAL), "", HERE),
        (press(SHARE, URL, EPHEMERAL), "", HERE),
        (
            press(SHARE, URL, {**EPHEMERAL, "thread_ts": THREAD}),
            THREAD,
            f"{HERE}/p1763000000000001",
        ),
        (shortcut(PICKED, URL), "", f"{HERE}/p11"),
        (shortcut({**PICKED, "thread_ts": THREAD}, URL), THREAD, f"{HERE}/p11{BELOW}"),
    ],
)
def test_a_channel_can_be_posted_in_later_and_led_to(
    body: dict[str, Any], thread: str, leads: str
) -> None:
    found = origin(heard(body))
    assert (found.community, found.channel, found.room) == (TEAM, CHANNEL, "channel")
    everyone = Address(CHANNEL, thread, community=TEAM)
    assert Address.from_json(found.place) == everyone, "for everyone, by nobody"
    assert found.link == leads


@pytest.mark.parametrize(
    "body",
    [
        message("x", channel=GROUP, channel_type="mpim", thread_ts=THREAD),
        command("digest", URL, channel_id=GROUP, channel_name="mpdm-sam--robin--kim-1"),
        press(OPEN, URL, EPHEMERAL, channel=named("mpdm-sam--robin-1", GROUP)),
        shortcut(PICKED, URL, channel=named("mpdm-sam--robin-1", GROUP)),
    ],
)
def test_a_group_message_is_told_from_a_channel(body: dict[str, Any]) -> None:
    found = heard(body)
    assert origin(found).room == "group"
    assert origin(found).place
    assert origin(filled(found)).room == "group", "also what a form opened there says"


@pytest.mark.parametrize(
    ("body", "public"),
    [
        (message("x", thread_ts=THREAD), True),
        (message("x", channel_type="group", thread_ts=THREAD), False),
        (direct("x"), False),
        (mention("x"), None),
    ],
)
def test_every_message_says_whether_all_can_read_it_but_no_mention(
    body: dict[str, Any], public: bool | None
) -> None:
    assert told_public(body) == (body["event"]["channel"], public)


@pytest.mark.parametrize(
    ("body", "closed"),
    [
        (mention("x"), True),
        (command("x", URL), False),
        (command("x", URL, channel_name="privategroup"), True),
        (press(SHARE, URL, EPHEMERAL, channel=named("town-hall", CHANNEL)), False),
        (press(SHARE, URL, EPHEMERAL, channel=named("privategroup", CHANNEL)), True),
    ],
)
def test_a_channel_is_closed_unless_slack_says_otherwise(
    body: dict[str, Any], closed: bool
) -> None:
    assert origin(heard(body)).closed is closed
    assert not said(mention("x"), BOT, public=True).request.origin.closed  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "room"),
    [
        (mention("digest"), "shared"),
        (message("x", thread_ts=THREAD), "shared"),
        (message("x", channel=GROUP, channel_type="mpim", thread_ts=THREAD), "shared"),
        (direct("x"), ""),
    ],
)
def test_what_people_of_other_organisations_read_is_told_apart(
    body: dict[str, Any], room: RoomKind
) -> None:
    found = origin(heard({**body, "is_ext_shared_channel": True}))
    here = origin(heard(body))
    assert here.room != "shared"
    assert found == replace(here, room=room), "it is answered in the same place"


@pytest.mark.parametrize(
    "body",
    [
        direct("x"),
        direct("x", channel_type=None),
        command("digest", URL, channel_id=DIRECT, channel_name="directmessage"),
        press(OPEN, URL, {"ts": "1.1", "channel": DIRECT}),
        press(OPEN, URL, {**EPHEMERAL, "channel": DIRECT}),
        shortcut(PICKED, URL, channel=named("directmessage", "D0TWOOFUS")),
    ],
)
def test_a_chat_of_two_is_nobody_elses(body: dict[str, Any]) -> None:
    found = heard(body)
    for one in (origin(found), origin(filled(found))):
        assert (one.room, one.place, one.link) == ("", "", "")
        assert one.channel.startswith("D")


def test_a_form_says_where_it_was_opened() -> None:
    asked = origin(filled(heard(command("digest", URL))))
    assert (asked.room, asked.link) == ("channel", HERE)
    assert Address.from_json(asked.place) == Address(CHANNEL, community=TEAM)
    inside = origin(filled(heard(press(OPEN, URL, {"ts": "2.1", "thread_ts": THREAD}))))
    assert (inside.room, inside.link) == ("channel", f"{HERE}/p1763000000000001")
    assert Address.from_json(inside.place) == Address(CHANNEL, THREAD, community=TEAM)


@pytest.mark.parametrize("kept", ["", "shared", "nonsense", 7, None])
def test_a_form_opened_before_kinds_were_kept_is_of_a_channel(kept: object) -> None:
    asking = heard(command("digest", URL))
    assert asking
    metadata = Address.from_json(asking.address).to_json(key="7").rstrip("}")
    view = {
        "callback_id": "form:digest",
        "private_metadata": f'{metadata},"room":{json.dumps(kept)}}}',
    }
    assert origin(submitted(submission(view, {}), SITE)).room == "channel"


@pytest.mark.parametrize(
    ("at", "channel", "ts", "leads"),
    [
        (SITE, CHANNEL, "1764000000.000123", f"{HERE}/p1764000000000123"),
        (SITE, CHANNEL, "", HERE),
        (SITE, CHANNEL, "1.1/../x", HERE),
        (SITE, f"{CHANNEL}/../x", "1.1", ""),
        (SITE, "", "1.1", ""),
        ("", CHANNEL, "1.1", ""),
    ],
)
def test_a_link_is_made_of_what_slack_names_only(
    at: str, channel: str, ts: str, leads: str
) -> None:
    assert link(at, channel, ts) == leads


@pytest.mark.parametrize(
    ("text", "opens"),
    [
        ("", True),
        ("set up", True),
        ("Change ", True),
        ("list", False),
        ("pause", False),
        ("preview", False),
    ],
)
def test_which_of_a_digests_commands_are_forms(text: str, opens: bool) -> None:
    typed = commanded(command(f"digest {text}", URL))
    assert typed
    assert isinstance(typed.request, Command)
    assert typed.request.name == "digest"
    assert asks_for_form(typed) is opens


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        (SITE, SITE),
        ("https://example-council.slack.com", SITE),
        ("https://example.enterprise.slack.com/", "https://example.enterprise.slack.com/"),
        ("http://example-council.slack.com/", ""),
        ("https://example-council.slack.com.evil.example/", ""),
        ("https://example-council.slack.com/x", ""),
        ("https://example-council.slack.com?x", ""),
        ("https://sam@example-council.slack.com/", ""),
        ("https://127.0.0.1/", ""),
        ("", ""),
    ],
)
def test_links_lead_into_slack_alone(told: str, ours: str) -> None:
    assert site(told) == ours
