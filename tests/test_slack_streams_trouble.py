"""Slack's streams in trouble: whatever breaks, the whole answer stands there once."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from bot import sending
from bot.rehearsal.slack import RATE_LIMITED, Fault
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    OFFICER,
    TEAM,
    mention,
)
from bot.rehearsal.slack_streams import expire
from bot.slack.places import Address
from bot.slack.streaming import REFUSED_FOR
from tests.slack_desk import Bot, desk, peer
from tests.slack_telling import ANSWER, COST, FELL, QUOTE, Teller, asked, once, teller, telling

__all__ = ["desk", "peer", "teller", "telling"]  # fixtures

REWORDED = replace(ANSWER, body=f"{COST}\n\n{FELL}\n\n- {QUOTE}")
GONE, CONFLICT = Fault("message_not_in_streaming_state"), Fault("streaming_state_conflict")
LOST, BROKEN = Fault(dropped=True), Fault("internal_error")


REFUSALS = (
    Fault("missing_scope"),
    Fault("channel_type_not_supported"),
    Fault("unknown_method"),
    Fault("user_not_found"),
    replace(RATE_LIMITED, retry_after=600),
    BROKEN,
)


async def test_where_slack_will_not_stream_it_is_posted_once(telling: Bot) -> None:
    for number, fault in enumerate(REFUSALS, 1):
        telling.peer.faults["chat.startStream"].append(fault)
        await telling.peer.event(mention("damp?", channel=f"C0ROOM{number}"))
        once((await telling.answered(number))[-1])
        assert len(telling.peer.called("chat.startStream")) == number
        assert len(telling.peer.called("chat.postMessage")) == number


async def test_a_channel_that_refused_is_left_alone_for_a_while(
    telling: Bot, teller: Teller
) -> None:
    starts = [(0.0, CHANNEL, 1), (REFUSED_FOR - 1, CHANNEL, 1), (0.0, "C0ELSEWHERE", 2)]
    telling.peer.faults["chat.startStream"].append(Fault("channel_type_not_supported"))
    for number, (now, channel, tried) in enumerate([*starts, (REFUSED_FOR, CHANNEL, 3)], 1):
        teller.now = now
        await telling.peer.event(mention("damp?", channel=channel))
        once((await telling.answered(number))[-1])
        assert len(telling.peer.called("chat.startStream")) == tried


async def test_a_stream_that_nobody_can_name_holds_no_word(telling: Bot) -> None:
    """Slack did begin it, and the connection broke before it said so."""
    telling.peer.faults["chat.startStream"].append(LOST)
    await telling.peer.event(mention("damp?"))
    lost, posted = await telling.answered(2)
    assert lost["blocks"] == []
    once(posted)


BREAKS: tuple[list[tuple[str, Fault]], ...] = (
    [("chat.appendStream", GONE)],
    [("chat.appendStream", LOST)],
    [("chat.appendStream", BROKEN)],
    [("chat.appendStream", Fault("stopped_by_user"))],
    [("chat.appendStream", Fault("", 503))],
    [("chat.stopStream", GONE)],
    [("chat.stopStream", LOST)],
    [("chat.stopStream", LOST), ("chat.stopStream", LOST)],
    [("chat.stopStream", BROKEN), ("chat.stopStream", BROKEN)],
    [("chat.stopStream", RATE_LIMITED), ("chat.stopStream", RATE_LIMITED)],
    [("chat.stopStream", Fault("invalid_blocks"))],
    [("chat.appendStream", LOST), ("chat.update", LOST)],
    [("chat.appendStream", LOST), ("chat.update", RATE_LIMITED)],
    [("chat.appendStream", LOST), ("chat.update", Fault("cant_update_message"))],
    [("chat.appendStream", LOST), ("chat.update", CONFLICT), ("chat.update", CONFLICT)],
    [("chat.appendStream", LOST), *[("chat.update", CONFLICT)] * 3],
    [
        ("chat.stopStream", LOST),
        ("chat.update", Fault("edit_window_closed")),
        ("chat.delete", LOST),
    ],
)


async def test_a_stream_that_breaks_leaves_the_whole_answer_once(telling: Bot) -> None:
    for number, faults in enumerate(BREAKS, 1):
        for method, fault in faults:
            telling.peer.faults[method].append(fault)
        await telling.peer.event(mention("damp?"))
        once((await telling.answered(number))[-1])
        assert not any(telling.peer.faults.values()), "all of it came to pass"


async def test_a_text_that_is_too_long_for_a_stream_arrives_too(
    telling: Bot, teller: Teller
) -> None:
    teller.sentences = (FELL, "and dry " * 1_600)
    once(await asked(telling))
    assert len(telling.peer.called("chat.appendStream")) == 2


@pytest.mark.parametrize("blocks", ["invalid_blocks", "msg_blocks_too_long"])
async def test_where_all_blocks_are_refused_the_text_stays(telling: Bot, blocks: str) -> None:
    telling.peer.faults["chat.stopStream"].append(Fault(blocks))
    telling.peer.faults["chat.update"].append(Fault(blocks))
    posted = await asked(telling)
    assert posted["blocks"] == []
    assert posted["text"].count(FELL) == posted["text"].count("Damp sensors") == 1


@pytest.mark.parametrize("method", ["chat.startStream", "chat.appendStream"])
async def test_a_slow_slack_is_not_waited_for_but_heard_out(
    telling: Bot, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "SHOWN_IN", 0.01)
    telling.peer.faults[method].append(Fault("ratelimited", 429, seconds=0.05))
    once(await asked(telling))


async def test_a_stream_that_slack_ends_by_itself_is_replaced(telling: Bot) -> None:
    stream = await telling.channel.begin(Address(CHANNEL, "1.1", OFFICER, team=TEAM).to_json())
    assert stream
    await stream.add(FELL)
    (posted,) = telling.peer.shown
    expire(posted)
    await stream.add(COST)
    assert await stream.end(ANSWER) == posted["ts"]
    once(posted)


async def test_ended_twice_it_stands_there_once(telling: Bot) -> None:
    """As whoever was told that it may be tried again does."""
    stream = await telling.channel.begin(Address(CHANNEL, "1.1", OFFICER, team=TEAM).to_json())
    assert stream
    await stream.add(FELL)
    name = await stream.end(ANSWER)
    assert await stream.end(ANSWER) == name
    (posted,) = telling.peer.shown
    once(posted)


async def test_whatever_breaks_the_answer_stands_there_once(
    telling: Bot, teller: Teller, caplog: pytest.LogCaptureFixture
) -> None:
    chance, kinds = random.Random(7), (LOST, BROKEN, RATE_LIMITED, Fault("", 502))
    more = {"append": (GONE,), "update": (Fault("cant_update_message"), CONFLICT)}
    for number in range(20):
        teller.reply = chance.choice((ANSWER, REWORDED))
        for method in ("appendStream", "stopStream", "update", "delete"):
            faults = (*kinds, *more.get(method, ()))
            telling.peer.faults[f"chat.{method}"].extend(chance.sample(faults, chance.randrange(3)))
        await telling.peer.event(mention("damp?"))
        posted = (await telling.answered(number + 1))[-1]
        telling.peer.faults.clear()
        once(posted)
        assert posted.get("streaming_state", "completed") == "completed"
    assert "Traceback" not in caplog.text
