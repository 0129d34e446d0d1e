"""Slack in trouble: what fails, is refused, comes twice or all at once, and what the log keeps."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sqlite3
import time
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.rehearsal.slack import APP_TOKEN, BOT_TOKEN, RATE_LIMITED, Acknowledged, Fault, SlackPeer
from bot.rehearsal.slack_payloads import (
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
from bot.store import Store
from tests.slack_desk import SEEN_ALONE, Bot, Desk, bot, desk, form, peer, serving

__all__ = ["bot", "desk", "peer"]  # fixtures


async def test_a_failure_is_said_with_a_reference_that_is_in_the_log(
    bot: Bot, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.answers["canary"] = ValueError("canary")
    await bot.peer.event(mention("canary"))
    (posted,) = await bot.answered(1)
    assert "ref-1234" in posted["text"]
    assert "ref-1234" in caplog.text
    assert "canary" not in caplog.text + posted["text"]
    assert "Traceback" not in posted["text"]


async def test_a_rate_limit_is_waited_out(bot: Bot) -> None:
    bot.peer.faults["chat.postMessage"] += [replace(RATE_LIMITED, retry_after=0)] * 2
    await bot.peer.event(mention("damp sensors?"))
    await bot.answered(1)
    assert len(bot.peer.called("chat.postMessage")) == 3


async def test_a_rate_limit_of_a_private_answer_is_waited_out_too(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    peer.faults["response_url"].append(Fault("rate_limited", 429, retry_after=7))
    async with serving(peer, store, desk.handle, pause=pause) as bot:
        await peer.command(command("damp sensors?", peer.response_url()))
        await bot.whispered(1)
    assert waited == [7]


async def test_while_slack_is_away_nothing_is_lost(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    """What posts the events stays, and the Web API is a Slack that goes and comes back."""
    api, again, back = SlackPeer(), SlackPeer(), asyncio.Event()
    async with AsyncExitStack() as stack:

        async def pause(_: float) -> None:
            if not back.is_set():
                again.port = api.port
                await stack.enter_async_context(again)
                back.set()

        async with api:
            served = serving(peer, store, desk.handle, api_base=api.api_base, pause=pause)
            await stack.enter_async_context(served)
        assert (await peer.event(mention("damp sensors?"))).status == 200
        async with asyncio.timeout(5):
            await back.wait()
        await again.until(lambda: bool(again.shown))
    assert (len(api.shown), len(again.shown)) == (0, 1)


async def test_a_lost_connection_is_not_posted_twice(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.peer.faults["chat.postMessage"].append(Fault(dropped=True))
    await bot.peer.event(mention("damp sensors?"))
    answer, word = await bot.answered(2)
    assert answer["text"].startswith("On damp sensors?")
    assert "may not have got through" in word["text"]
    assert "may not have arrived, reference ref-1234" in caplog.text


@pytest.mark.parametrize("fault", [Fault("x", 503), Fault("internal_error"), Fault("", 502)])
async def test_what_slack_may_have_posted_is_not_posted_again(bot: Bot, fault: Fault) -> None:
    bot.peer.faults["chat.postMessage"].append(fault)
    await bot.peer.event(mention("damp sensors?"))
    (word,) = await bot.answered(1)
    assert "may not have got through" in word["text"]
    assert len(bot.peer.called("chat.postMessage")) == 2


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long"])
async def test_where_the_blocks_are_refused_the_text_is_posted(bot: Bot, error: str) -> None:
    bot.peer.faults["chat.postMessage"].append(Fault(error))
    await bot.peer.event(mention("damp sensors?"))
    (posted,) = await bot.answered(1)
    assert "blocks" not in posted
    assert posted["text"].startswith("On damp sensors?")
    bot.peer.faults["response_url"].append(Fault(error, 400))
    await bot.peer.command(command("damp sensors?", bot.peer.response_url()))
    (private,) = await bot.whispered(1)
    assert "blocks" not in private


async def test_what_slack_refuses_is_in_the_log_with_slacks_word_for_it(
    peer: SlackPeer, store: Store, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    peer.channels = {"C0ELSEWHERE"}
    async with serving(peer, store, desk.handle) as bot:
        await peer.event(mention("damp sensors?"))
        await bot.inbox.finish()
    assert peer.shown == []
    assert "channel_not_found" in caplog.text
    assert "ref-1234" in caplog.text


async def test_everything_is_acknowledged_whatever_the_database_does(
    bot: Bot, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "outcomes.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.perf_counter()
        answers = await asyncio.gather(
            bot.peer.event(mention("damp sensors?")),
            bot.peer.event(direct("sewers?")),
            bot.peer.event(message("overheard", thread_ts="1763000000.000001")),
            bot.peer.command(command("robots?", bot.peer.response_url())),
        )
        assert time.perf_counter() - began < 3
        assert [one.status for one in answers] == [200] * 4
        other.execute("ROLLBACK")
    await bot.answered(2)
    assert len(bot.peer.whispered) == 1


async def test_two_hundred_at_once_are_each_answered_once(bot: Bot) -> None:
    bodies = [mention(f"question {number}") for number in range(200)]
    answers: list[Acknowledged] = await asyncio.gather(*(map(bot.peer.event, bodies)))
    assert {one.status for one in answers} == {200}
    assert max(one.seconds for one in answers) < 3
    posted = await bot.answered(200)
    threads = {one["thread_ts"] for one in posted}
    assert threads == {body["event"]["ts"] for body in bodies}


async def test_no_words_of_an_officer_are_in_the_log(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for name in ("slack_sdk", "slack_bolt", "aiohttp", "bot"):
        caplog.set_level(logging.DEBUG, logger=name)
    peer, words = bot.peer, "canary-words"
    await peer.event(mention(words))
    await peer.event(direct(words, subtype="message_changed"))
    await peer.event(event("reaction_added", words))
    await peer.command(command(words, peer.response_url(), command="/other"))
    await peer.interaction({"type": "message_action", "callback_id": words, "team": {"id": TEAM}})
    await peer.interaction(shortcut({"text": words, "ts": "1.1"}, peer.response_url()))
    await peer.interaction(submission(await form(peer), {"title": words, "description": words}))
    await peer.interaction(submission(await form(peer), {}))
    await peer.interaction({"type": "view_closed", "view": {"callback_id": words}})
    await peer.interaction({"type": "block_suggestion", "value": words, "action_id": "a"})
    await peer.interaction(press({"action_id": words, "value": words}, "", SEEN_ALONE))
    await peer.deliver(words, {"Content-Type": "application/json"})
    await peer.deliver(f'{{"text": "{words}"}}', {}, secret="another")
    bot.peer.faults["chat.postMessage"].append(Fault("msg_too_long"))
    await peer.event(mention(words))
    await bot.inbox.finish()
    assert len(peer.shown) == 2
    assert words not in caplog.text
    assert BOT_TOKEN not in caplog.text
    assert APP_TOKEN not in caplog.text


def damaged(value: object, chance: random.Random, canary: str) -> object:
    """A payload with some of its parts missing or of another kind."""
    if chance.random() < 0.08:
        return chance.choice((None, 1, "", [], {}, [1], {"a": canary}, canary, True))
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if chance.random() > 0.04}
        return {name: damaged(one, chance, canary) for name, one in kept.items()}
    if isinstance(value, list):
        return [damaged(one, chance, canary) for one in value]
    return value


async def test_what_is_not_shaped_as_slack_shapes_it_does_no_harm(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    chance, peer = random.Random(7), bot.peer
    pressed = press({"action_id": "press:more:0", "value": "a"}, "", {"ts": "1.1"})
    view = {"type": "modal", "callback_id": "form:ask", "private_metadata": "{}"}
    picked = shortcut({"text": "canary", "ts": "1.1"}, "")
    blocks = [{"type": "input", "block_id": f"field:{name}"} for name in ("title", "question")]
    values = {"more:1:20:title": {"a": {"value": "canary"}}, "field:title": {"a": {}}}
    sent = submission({**view, "callback_id": "form:project", "blocks": []}, {"title": "canary"})
    sent["view"] |= {"blocks": blocks, "state": {"values": values}}
    for _ in range(150):
        for whole in (mention("canary"), message("canary", thread_ts="1.1")):
            body = json.dumps(damaged(whole, chance, "canary"))
            answer = await peer.deliver(body, {"Content-Type": "application/json"})
            assert answer.status in (200, 400)
        for whole in (pressed, picked, sent, submission(view, {"question": "canary"})):
            posted = urlencode({"payload": json.dumps(damaged(whole, chance, "canary"))})
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            assert (await peer.deliver(posted, kind)).status in (200, 400)
    await bot.inbox.finish()
    assert "canary" not in caplog.text
