"""The Home tab in trouble: what fails, what Slack refuses, and what is too much."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.conversation import Action, Citation, Command, Form, Reply, Request
from bot.rehearsal.slack import APP_TOKEN, RATE_LIMITED, Fault, SlackPeer
from bot.rehearsal.slack_homes import MOST_BLOCKS, PUBLISH, SUGGEST, Homes, opened, press_at_home
from bot.rehearsal.slack_payloads import OFFICER, TEAM, Json, buttons, press, submission
from bot.slack import events, visits
from bot.slack.home import NOT_ALL, REFUSED_FOR, view
from bot.slack.places import Address
from bot.store import Store
from tests.serving import at_once
from tests.slack_desk import LONG, SOURCE, Bot, Desk, button, desk, form, peer, seen, serving

__all__ = ["desk", "peer"]  # fixtures

MINE = Reply(
    "answered",
    "You offer help [1]",
    (SOURCE,),
    actions=(Action("open", "Change", "offer"), Action("resume", "Resume"), Action("boom", "Go")),
    private=True,
)
URL = "https://hooks.slack.com/actions/T0/1/2"


@pytest.fixture
async def bot(peer: SlackPeer, store: Store, desk: Desk) -> AsyncIterator[Bot]:
    desk.answers["peers "] = MINE
    async with serving(peer, store, desk.handle, waits=at_once) as served:
        yield served


async def published(bot: Bot, count: int) -> Json:
    """The officer's Home, once it was published so often and nothing more is to come."""
    await bot.peer.until(lambda: len(bot.peer.homes.published) >= count)
    await bot.inbox.finish()
    assert bot.peer.homes.published == [OFFICER] * count
    return bot.peer.homes.shown[OFFICER]


async def test_it_is_published_at_each_opening_also_by_socket_mode(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with serving(peer, store, desk.handle, app_token=APP_TOKEN) as served:
        await peer.until(lambda: bool(peer.sockets))
        for count in (1, 2):
            await peer.push("events_api", opened("home"))
            await published(served, count)


async def test_openings_at_once_are_published_one_after_another_and_no_more_than_needed(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    gate, asked = asyncio.Event(), itertools.count(1)

    async def held(request: Request) -> Reply:
        await gate.wait()
        if isinstance(request, Command) and request.name == "peers":
            return Reply("answered", f"Asked {next(asked)} times.")
        return await desk.handle(request)

    async with serving(peer, store, held) as served:
        for _ in range(20):
            await peer.event(opened("home"))
        gate.set()
        assert "Asked 2 times." in seen(await published(served, 2))


async def test_what_fails_says_so_in_its_section_with_a_reference_that_is_in_the_log(
    bot: Bot, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers["peers "] = ValueError("canary")
    await bot.peer.event(opened("home"))
    shown = seen(await published(bot, 1))
    assert "Reference: ref-1234" in shown
    assert "Digests I manage" in shown
    assert "ref-1234" in caplog.text
    assert "canary" not in caplog.text + shown


async def test_a_view_that_slack_refuses_gives_way_to_one_that_says_so(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.peer.faults[PUBLISH].append(Fault("invalid_arguments"))
    await bot.peer.event(opened("home"))
    await bot.peer.until(lambda: len(bot.peer.called(PUBLISH)) == 2)
    shown = seen(bot.peer.homes.shown[OFFICER])
    found = re.search(r"Sorry, I could not .* Reference: ([0-9a-f]{8})\.", shown)
    assert found
    assert found[1] in caplog.text
    assert "Slack refused views.publish: invalid_arguments" in caplog.text


async def test_where_the_tab_is_off_the_log_says_so_and_the_chat_goes_on(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.peer.event(opened("home"))
    shown = await published(bot, 1)
    bot.peer.faults[PUBLISH] += [Fault("not_enabled")] * 2
    await bot.peer.interaction(press_at_home(button(shown, "Resume"), shown))
    await bot.answered(1)
    await bot.peer.until(lambda: len(bot.peer.called(PUBLISH)) == 3)
    await bot.peer.until(lambda: "Nor could a Home tab" in caplog.text)
    assert "Slack refused views.publish: not_enabled" in caplog.text


@pytest.mark.parametrize("fault", [RATE_LIMITED, Fault("internal_error"), Fault("x", 503)])
async def test_what_slack_does_not_take_now_is_published_again(bot: Bot, fault: Fault) -> None:
    bot.peer.faults[PUBLISH] += [replace(fault)] * 2
    await bot.peer.event(opened("home"))
    await published(bot, 1)
    assert len(bot.peer.called(PUBLISH)) == 3


async def test_an_answer_that_cannot_be_posted_leaves_no_old_home(bot: Bot, desk: Desk) -> None:
    await bot.peer.event(opened("home"))
    shown = await published(bot, 1)
    desk.answers["peers "] = Reply("answered", "Resumed.", private=True)
    bot.peer.faults["chat.postMessage"] += [Fault("messages_tab_disabled")] * 2
    await bot.peer.interaction(press_at_home(button(shown, "Resume"), shown))
    await bot.peer.until(lambda: "Resumed." in seen(bot.peer.homes.shown[OFFICER]))
    assert bot.peer.shown == []


async def test_a_form_sent_twice_answers_once(bot: Bot, desk: Desk) -> None:
    await bot.peer.event(opened("home"))
    shown = await published(bot, 1)
    await bot.peer.interaction(press_at_home(button(shown, "Change"), shown))
    sent = submission(await form(bot.peer), {"title": "A title", "description": "Words"})
    assert "update" in (await bot.peer.interaction(sent)).body
    outcomes = submission(await form(bot.peer), {})
    await bot.peer.interaction(outcomes)
    await bot.peer.interaction(outcomes)
    (told,) = await bot.answered(1)
    assert told["channel"] == bot.peer.chats.of([OFFICER])
    assert not bot.peer.whispered


async def test_a_form_that_slack_will_not_open_comes_to_the_chat(bot: Bot) -> None:
    await bot.peer.event(opened("home"))
    shown = await published(bot, 1)
    bot.peer.faults["views.open"].append(Fault("expired_trigger_id"))
    await bot.peer.interaction(press_at_home(button(shown, "Change"), shown))
    (told,) = await bot.answered(1)
    assert button(told, "Open the form")
    assert told["channel"] == bot.peer.chats.of([OFFICER])


@pytest.mark.parametrize(
    "changes",
    [
        {"event": {"type": "app_home_opened", "tab": "home"}},
        {"event": {"type": "app_home_opened", "tab": "messages", "user": OFFICER}},
        {"event": {"type": "app_home_opened", "tab": "about", "user": OFFICER, "channel": "D1"}},
        {"event": {"type": "app_home_opened", "tab": None, "user": OFFICER, "channel": "D1"}},
        {"team_id": None},
        {"event": {"type": "app_context_changed", "user": OFFICER}},
        {"event": {"type": "assistant_thread_started", "assistant_thread": {"user_id": OFFICER}}},
    ],
)
async def test_what_is_not_known_is_acknowledged_and_no_more(bot: Bot, changes: Json) -> None:
    assert (await bot.peer.event(opened("home", **changes))).status == 200
    await bot.inbox.finish()
    assert not bot.peer.homes.published
    assert not bot.peer.homes.suggested
    assert not bot.peer.shown


async def test_where_slack_suggests_nothing_it_is_left_alone_for_an_hour(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    hours = [0.0]
    async with serving(peer, store, desk.handle, clock=lambda: hours[0]):
        peer.faults[SUGGEST].append(Fault("missing_scope"))
        await peer.event(opened("messages"))
        await peer.until(lambda: len(peer.called(SUGGEST)) == 1)
        await peer.event(opened("messages"))
        await peer.event(opened("home"))
        await peer.until(lambda: bool(peer.homes.published))
        assert len(peer.called(SUGGEST)) == 1
        hours[0] = REFUSED_FOR
        await peer.event(opened("messages"))
        await peer.until(lambda: bool(peer.homes.suggested))


async def test_a_chat_that_takes_no_suggestions_leaves_them_to_the_others(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with serving(peer, store, desk.handle):
        peer.faults[SUGGEST].append(Fault("channel_not_found"))
        await peer.event(opened("messages"))
        await peer.until(lambda: len(peer.called(SUGGEST)) == 1)
        await peer.event(opened("messages"))
        await peer.until(lambda: bool(peer.homes.suggested))


def test_a_button_of_home_is_its_persons_and_goes_nowhere_else() -> None:
    shown = {"id": "V1", "type": "home", "app_installed_team_id": TEAM, "blocks": []}
    resume = {"type": "button", "action_id": "press:resume:0", "value": ""}
    body = press_at_home(resume, shown)
    heard = visits.pressed(body)
    assert heard
    origin = heard.request.origin
    assert (origin.community, origin.person, origin.alone) == (TEAM, OFFICER, True)
    assert (origin.place, origin.room, origin.link) == ("", "", "")
    assert Address.from_json(heard.address).direct
    assert events.pressed(body) is None
    assert visits.pressed(body) == heard
    assert visits.pressed(press_at_home(resume, shown)) != heard  # pressed once more
    assert visits.pressed(press(resume, URL, {"ts": "1.1"})) is None
    assert visits.pressed({**body, "view": {**shown, "type": "modal"}}) is None
    for part in ("actions", "user", "view"):
        assert visits.pressed({**body, part: None}) is None


def accepted(sections: list[Reply]) -> Json:
    """The view, as Slack takes it."""
    made = view(sections)
    assert Homes().refused(PUBLISH, {"user_id": OFFICER, "view": made}) == ""
    assert len(made["blocks"]) <= MOST_BLOCKS  # type: ignore[arg-type]
    return made


def test_what_there_is_no_room_for_is_told_of() -> None:
    many = [replace(MINE, heading=f"Section {number}") for number in range(60)]
    made = accepted(many)
    assert "Section 0" in seen(made)
    assert "Section 59" not in seen(made)
    assert seen(made).endswith(NOT_ALL)
    long = accepted([replace(MINE, heading=f"S{n}", body=f"{LONG * 3} [1]") for n in range(24)])
    assert len(json.dumps(long)) < 250_000


def test_nothing_in_it_is_a_mark_a_mention_or_a_disguised_link() -> None:
    hostile = "<!channel> <@U1> *bold* <https://evil.example|here> @here &amp;"
    source = Citation(1, "x", "project", hostile, "javascript:alert(1)", hostile)
    made = accepted([Reply("answered", f"{hostile} [1]", (source,), heading=hostile)])
    assert "mrkdwn" not in json.dumps(made)
    assert '"link"' not in json.dumps(made)
    assert hostile in seen(made)


def test_nothing_is_rated_there_and_an_empty_one_is_still_a_view() -> None:
    assert "rate" not in json.dumps(accepted([replace(MINE, feedback="abc")]))
    accepted([Reply("answered", "", heading="Empty", form=Form("ask", "Ask", ()))])
    accepted([Reply("answered", "x" * 9_000, heading="h" * 900)])


def test_buttons_that_say_the_same_are_read_aloud_apart() -> None:
    made = accepted([replace(MINE, heading="My projects"), replace(MINE, heading="My digests")])
    read = [one["accessibility_label"] for one in buttons(made) if one["text"]["text"] == "Change"]
    assert read == ["Change: My projects", "Change: My digests"]
    long = accepted([replace(MINE, heading="h" * 200)])
    assert {len(one["accessibility_label"]) for one in buttons(long)} == {75}


async def test_it_waits_for_what_is_about_to_be_published(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async def slow(request: Request) -> Reply:
        await asyncio.sleep(0.1)
        return await desk.handle(request)

    async with serving(peer, store, slow):
        await peer.event(opened("home"))
    assert peer.homes.published == [OFFICER]


async def test_no_word_of_it_is_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bot.peer.faults[PUBLISH] += [Fault("invalid_arguments"), Fault("x", 503)]
    await bot.peer.event(opened("home"))
    await bot.peer.until(lambda: len(bot.peer.called(PUBLISH)) == 3)
    assert "You offer help" not in caplog.text
    assert OFFICER not in caplog.text
