"""What is for one pair of eyes alone in Slack, and whom Slack has as an administrator."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from bot.conversation import Origin, Reply
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    DIRECT,
    OFFICER,
    OTHER_TEAM,
    TEAM,
    direct,
    mention,
)
from bot.slack.blocks import PRIVATE
from bot.slack.people import KNOWN_FOR
from bot.store import Store
from tests.slack_desk import SOURCE, Bot, Desk, bot, button, desk, peer, serving

__all__ = ["bot", "desk", "peer"]  # fixtures

SECRET = Reply("answered", "Yours alone. [1]", (SOURCE,), private=True)
PLACE = Origin(TEAM, CHANNEL, "", OFFICER)


async def test_in_a_channel_only_the_asker_sees_it_in_the_thread(bot: Bot, desk: Desk) -> None:
    desk.answers["mine?"] = SECRET
    asked = mention("mine?")
    await bot.peer.event(asked)
    (private,) = await bot.whispered(1)
    assert (private["channel"], private["user"]) == (CHANNEL, OFFICER)
    assert private["thread_ts"] == asked["event"]["ts"]
    assert PRIVATE in private["text"]
    assert bot.peer.shown == []
    signs = [one["status"] for one in bot.peer.called("assistant.threads.setStatus")]
    assert signs[-1] == "", "the sign of working is taken away"


async def test_in_a_chat_with_the_bot_it_is_a_message(bot: Bot, desk: Desk) -> None:
    desk.answers["mine?"] = SECRET
    await bot.peer.event(direct("mine?"))
    (posted,) = await bot.answered(1)
    assert posted["channel"] == DIRECT
    assert bot.peer.called("chat.postEphemeral") == []


async def test_where_slack_will_not_show_it_to_one_alone_it_is_sent_to_them(
    bot: Bot, desk: Desk
) -> None:
    desk.answers["mine?"] = SECRET
    bot.peer.absent = {OFFICER}
    await bot.peer.event(mention("mine?"))
    (posted,) = await bot.answered(1)
    assert posted["channel"] == DIRECT
    assert "thread_ts" not in posted
    assert bot.peer.whispered == []


async def test_where_that_fails_too_it_is_said_in_the_log(
    bot: Bot, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers["mine?"] = SECRET
    bot.peer.absent = {OFFICER}
    bot.peer.faults["chat.postMessage"] += [Fault("messages_tab_disabled")] * 2
    await bot.peer.event(mention("mine?"))
    await bot.inbox.finish()
    assert bot.peer.shown == bot.peer.whispered == []
    assert "messages_tab_disabled" in caplog.text
    assert "ref-1234" in caplog.text


async def test_its_blocks_may_be_refused(bot: Bot, desk: Desk) -> None:
    desk.answers["mine?"] = SECRET
    bot.peer.faults["chat.postEphemeral"].append(Fault("invalid_blocks"))
    await bot.peer.event(mention("mine?"))
    (private,) = await bot.whispered(1)
    assert "blocks" not in private
    assert PRIVATE in private["text"]


async def test_a_private_form_is_behind_a_button_where_slack_gave_no_trigger(
    bot: Bot, desk: Desk
) -> None:
    await bot.peer.event(mention("tag"))
    (private,) = await bot.whispered(1)
    assert button(private, "Open the form")["value"] == "project:draft-1"
    assert bot.peer.shown == []


# Administrators


async def administers(bot: Bot, origin: Origin = PLACE) -> bool:
    return await bot.channel.administers(origin)


async def test_whom_slack_has_as_an_administrator(bot: Bot) -> None:
    assert not await administers(bot)
    bot.peer.admins = {"U0ADMIN"}
    assert await administers(bot, Origin(TEAM, CHANNEL, "", "U0ADMIN"))


@pytest.mark.parametrize(
    "origin",
    [
        Origin(OTHER_TEAM, CHANNEL, "", OFFICER),
        Origin("", CHANNEL, "", OFFICER),
        Origin(TEAM, CHANNEL),
        Origin(TEAM, CHANNEL, "", "29:teams-user"),
        Origin(TEAM, CHANNEL, "", f"{OFFICER}&user=U0ADMIN"),
    ],
)
async def test_slack_is_not_asked_about_people_of_elsewhere(bot: Bot, origin: Origin) -> None:
    bot.peer.admins = {OFFICER, ""}
    assert not await administers(bot, origin)
    assert bot.peer.called("users.info") == []


MEMBER = {"enterprise_id": "E0ORG", "teams": [TEAM]}


@pytest.mark.parametrize(
    ("known", "here", "above"),
    [
        ({"is_owner": True}, True, False),
        ({"is_admin": True, "team_id": OTHER_TEAM}, False, False),
        ({"is_admin": True, "team_id": OTHER_TEAM, "enterprise_user": MEMBER}, True, False),
        ({"is_admin": True, "enterprise_user": {**MEMBER, "is_owner": True}}, True, True),
        ({"enterprise_user": {**MEMBER, "teams": None}}, False, False),
        ({"is_admin": None, "is_owner": None, "team_id": None}, False, False),
    ],
)
async def test_an_administrator_is_one_of_this_community(
    peer: SlackPeer, store: Store, desk: Desk, known: dict[str, object], here: bool, above: bool
) -> None:
    peer.organisation, peer.people = "E0ORG", {OFFICER: known}
    async with serving(peer, store, desk.handle) as bot:
        assert await administers(bot) is here
        assert await administers(bot, Origin("E0ORG", CHANNEL, "", OFFICER)) is above


@pytest.fixture
async def timed(
    peer: SlackPeer, store: Store, desk: Desk
) -> AsyncIterator[tuple[Bot, list[float]]]:
    """A bot with a clock that stands where it is put."""
    now = [0.0]
    async with serving(peer, store, desk.handle, clock=lambda: now[0]) as served:
        yield served, now


async def test_slacks_word_holds_for_five_minutes(timed: tuple[Bot, list[float]]) -> None:
    bot, now = timed
    bot.peer.admins = {OFFICER}
    assert await administers(bot)
    bot.peer.admins = set()
    now[0] = KNOWN_FOR - 1
    assert await administers(bot)
    now[0] = KNOWN_FOR + 1
    assert not await administers(bot)
    assert len(bot.peer.called("users.info")) == 2


@pytest.mark.parametrize(
    "fault",
    [Fault("missing_scope"), Fault("", 500), Fault(seconds=1.5), Fault("user_not_found")],
    ids=["no scope", "broken", "slow", "unknown"],
)
async def test_where_slack_does_not_say_nobody_is(
    bot: Bot, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bot.peer.admins = {OFFICER}
    bot.peer.faults["users.info"].append(fault)
    assert not await administers(bot)
    assert "Slack did not say who administers" in caplog.text
    assert fault.error in caplog.text
    assert OFFICER not in caplog.text
    assert await administers(bot), "it is asked again"


async def test_before_slack_said_who_we_are_nobody_is(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    peer.admins = {OFFICER}
    peer.faults["auth.test"].append(Fault("fatal_error"))
    async with serving(peer, store, desk.handle) as bot:
        assert not await administers(bot)
