"""Forms in Slack that are sent: what is wrong with them, their next step, and their answer."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

from bot.conversation import Reply, Submitted
from bot.rehearsal.slack import Acknowledged, SlackPeer
from bot.rehearsal.slack_payloads import shortcut, submission
from bot.store import Store
from tests.slack_desk import (
    LONG,
    NO_TITLE,
    PROJECT,
    Bot,
    Desk,
    bot,
    desk,
    faulty,
    field_of,
    filled,
    form,
    peer,
    serving,
    tag_project,
)

__all__ = ["bot", "desk", "peer"]  # fixtures

SAID = {"user": "U0AUTHOR", "text": "We lend laptops", "ts": "1.1"}


async def registered(bot: Bot, first: dict[str, str], second: dict[str, str]) -> Acknowledged:
    """Both steps of the form, as an officer fills them in."""
    step = await bot.peer.interaction(submission(await form(bot.peer), first))
    assert json.loads(step.body)["response_action"] == "update"
    return await bot.peer.interaction(submission(await form(bot.peer), second))


async def test_a_project_is_registered_in_two_steps(bot: Bot, desk: Desk) -> None:
    await bot.peer.command(tag_project(bot.peer))
    filling = {"title": "Laptops", "description": "We lend <!channel> them", "stage": "doing"}
    picked = {"outcomes": "outcome-1,outcome-12", "shared": "yes"}
    closes = await registered(bot, filling, picked)
    assert (closes.status, closes.body) == (200, "")
    assert bot.peer.views == {}
    (private,) = await bot.whispered(1)
    assert "Registered draft-1+ for outcome-1,outcome-12, shared: yes." in private["text"]
    _, first, second = desk.asked
    assert isinstance(first, Submitted)
    assert first.values == {**filling, "council": "", "link": ""}
    assert first.key == "draft-1"
    assert isinstance(second, Submitted)
    assert second.key == "draft-1+"
    assert bot.peer.shown == []


async def test_what_is_wrong_is_said_at_the_field_and_keeps_what_was_typed(bot: Bot) -> None:
    await bot.peer.command(tag_project(bot.peer))
    view = await form(bot.peer)
    stays = await bot.peer.interaction(submission(view, {"title": " ", "description": "x"}))
    assert json.loads(stays.body) == {
        "response_action": "errors",
        "errors": {"field:title": NO_TITLE},
    }
    same = await form(bot.peer)
    goes_on = await bot.peer.interaction(submission(same, {"title": "Laptops", "description": "x"}))
    assert json.loads(goes_on.body)["response_action"] == "update"


async def test_where_there_is_more_to_say_the_form_is_shown_anew(bot: Bot, desk: Desk) -> None:
    wrong = faulty(filled(PROJECT, title="Tablets"), title="This title is taken.")
    said = "This title is taken. Sam Example registered it."  # test data
    desk.answers["draft-1"] = Reply("invalid", said, form=wrong)
    await bot.peer.command(tag_project(bot.peer))
    sent = submission(await form(bot.peer), {"title": "Tablets", "description": "x"})
    await bot.peer.interaction(sent)
    view = await form(bot.peer)
    assert said in json.dumps(view["blocks"][0])
    assert field_of(view, "title")["hint"]["text"] == "This title is taken."
    assert field_of(view, "title")["element"]["initial_value"] == "Tablets"


async def test_a_form_that_is_stale_comes_again_with_its_new_key(bot: Bot, desk: Desk) -> None:
    newer = replace(filled(PROJECT, title="By another"), key="draft-2")
    desk.answers["draft-1"] = Reply("clarify", "It was changed meanwhile.", form=newer)
    await bot.peer.command(tag_project(bot.peer))
    before = await form(bot.peer)
    await bot.peer.interaction(submission(before, {"title": "Mine", "description": "x"}))
    after = await form(bot.peer)
    assert "It was changed meanwhile." in json.dumps(after["blocks"][0])
    title = field_of(after, "title")["element"]
    assert title["initial_value"] == "By another"
    assert title["action_id"] != field_of(before, "title")["element"]["action_id"]
    await bot.peer.interaction(submission(after, {"title": "Mine", "description": "x"}))
    last = desk.asked[-1]
    assert isinstance(last, Submitted)
    assert last.key == "draft-2"


async def test_the_same_form_sent_twice_is_answered_once(bot: Bot, desk: Desk) -> None:
    desk.seconds = 0.2
    await bot.peer.command(tag_project(bot.peer))
    view = await form(bot.peer)
    first = submission(view, {"title": "Laptops", "description": "x"})
    answers = await asyncio.gather(*(bot.peer.interaction(first) for _ in range(2)))
    answers.append(await bot.peer.interaction(first))
    assert len({one.body for one in answers}) == 1
    last = submission(await form(bot.peer), {})
    answers = await asyncio.gather(*(bot.peer.interaction(last) for _ in range(2)))
    assert [(one.status, one.body) for one in answers] == [(200, "")] * 2
    await bot.whispered(1)
    assert len([one for one in desk.asked if isinstance(one, Submitted)]) == 2


async def test_a_form_outlasts_the_listener_that_opened_it(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with serving(peer, store, desk.handle):
        await peer.interaction(shortcut(SAID, peer.response_url()))
        await form(peer)
    async with serving(peer, store, desk.handle) as bot:
        closes = await registered(bot, {"title": "Laptops"}, {})
        assert (closes.status, closes.body) == (200, "")
        (private,) = await bot.whispered(1)
        assert "Registered draft-1+ for outcome-2,outcome-5, shared: no." in private["text"]


async def test_what_was_typed_outlasts_a_failure(bot: Bot, desk: Desk) -> None:
    desk.answers["draft-1"] = ValueError("canary")
    await bot.peer.command(tag_project(bot.peer))
    sent = submission(await form(bot.peer), {"title": "Laptops", "description": "x"})
    stays = json.loads((await bot.peer.interaction(sent)).body)
    assert stays["response_action"] == "errors"
    assert "ref-1234" in stays["errors"]["field:title"]
    del desk.answers["draft-1"]
    again = json.loads((await bot.peer.interaction(sent)).body)
    assert again["response_action"] == "update"
    await bot.inbox.finish()
    assert bot.peer.shown == bot.peer.whispered == []


async def test_four_thousand_characters_come_and_go_whole(bot: Bot, desk: Desk) -> None:
    text = LONG[:3999] + "!"
    await bot.peer.interaction(shortcut({**SAID, "text": text}, bot.peer.response_url()))
    view = await form(bot.peer)
    assert len(view["private_metadata"]) < 3000
    await bot.peer.interaction(submission(view, {"title": "Laptops"}))
    sent = desk.asked[-1]
    assert isinstance(sent, Submitted)
    assert sent.values["description"] == text
