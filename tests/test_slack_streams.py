"""Answers shown in Slack while they are made, as Slack's streams."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.conversation import Reply
from bot.delivery import Streaming
from bot.rehearsal.model import KEY, MODEL, played
from bot.rehearsal.slack import RATE_LIMITED, SlackPeer
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    DIRECT,
    OFFICER,
    OTHER_TEAM,
    TEAM,
    command,
    direct,
    mention,
)
from bot.settings import LanguageModel
from bot.slack.blocks import PRIVATE, message
from bot.slack.feedback import UP
from bot.slack.places import Address
from bot.writing.answering import Answering
from bot.writing.wording import MARK
from tests.slack_desk import Bot, desk, peer, seen, serving
from tests.slack_telling import ANSWER, COST, FELL, QUOTE, Teller, asked, once, teller, telling

__all__ = ["desk", "peer", "teller", "telling"]  # fixtures

REWORDED = replace(ANSWER, body=f"{COST}\n\n{FELL}\n\n- {QUOTE}")
STREAMING = ("chat.startStream", "chat.appendStream", "chat.stopStream")


async def test_sentences_are_appended_and_the_rest_ends_them(telling: Bot) -> None:
    assert isinstance(telling.channel, Streaming)
    event = mention("damp?", user_team=OTHER_TEAM)
    await telling.peer.event(event)
    (posted,) = await telling.answered(1)
    once(posted)
    (start,), appends, (stop,) = (telling.peer.called(method) for method in STREAMING)
    assert start == {
        "channel": CHANNEL,
        "thread_ts": event["event"]["ts"],
        "recipient_user_id": OFFICER,
        "recipient_team_id": OTHER_TEAM,
    }
    assert [one["markdown_text"].strip() for one in appends] == [FELL, COST]
    assert stop.keys() == {"channel", "ts", "blocks"}
    assert FELL not in seen(stop["blocks"])
    assert posted["text"].strip() == f"{FELL} {COST}"
    assert telling.peer.called("chat.postMessage") == telling.peer.called("chat.update") == []


async def test_in_a_chat_of_two_too(telling: Bot) -> None:
    await telling.peer.event(direct("damp?"))
    (posted,) = await telling.answered(1)
    once(posted)
    assert posted["channel"] == DIRECT
    assert telling.peer.called("chat.startStream")[0]["recipient_user_id"] == OFFICER


async def test_what_was_not_streamed_in_time_comes_with_the_rest(telling: Bot) -> None:
    telling.peer.faults["chat.appendStream"] += [RATE_LIMITED] * 2
    once(await asked(telling))
    assert telling.peer.called("chat.update") == []


async def test_an_answer_that_came_out_another_takes_its_place(
    telling: Bot, teller: Teller
) -> None:
    teller.reply = REWORDED
    posted = await asked(telling)
    once(posted)
    (changed,) = telling.peer.called("chat.update")
    assert changed["ts"] == posted["ts"]
    assert (changed["parse"], changed["link_names"]) == ("none", False)
    assert posted["text"] == message(replace(REWORDED, following=True))["text"]
    assert telling.peer.called("chat.postMessage") == []


@pytest.mark.parametrize(
    "changes",
    [{"heading": "damp?"}, {"linked": True}, {"body": FELL[:-5]}],
    ids=["with its question", "with links", "cut short"],
)
async def test_what_does_not_go_on_from_there_is_shown_anew(
    telling: Bot, teller: Teller, changes: dict[str, Any]
) -> None:
    teller.sentences, teller.reply = (FELL,), replace(ANSWER, **changes)
    posted = await asked(telling)
    assert posted["blocks"] == message(replace(teller.reply, following=True))["blocks"]


async def test_an_answer_that_was_streamed_whole_needs_no_blocks(
    telling: Bot, teller: Teller
) -> None:
    teller.reply = Reply("answered", f"{FELL}\n{COST}")
    await telling.peer.event(direct("damp?"))
    (posted,) = await telling.answered(1)
    (stop,) = telling.peer.called("chat.stopStream")
    assert "blocks" not in stop
    assert seen(posted["blocks"]) == f"{FELL} {COST}"


MARKED = (
    "Ask <!channel> for it.",
    "Ask @everyone for it.",
    "It is *very* dry.",
    "It is _very_ dry.",
    "It is `dry`.",
    "See [this](https://evil.example).",
    "See [this] for more.",
    "See www.evil.example for it.",
    "See evil.example for it.",
    "Rock &amp; roll.",
    "It is :fire: hot.",
    "# It is dry.",
    "1. It is dry.",
    "- It is dry.",
    "A \\ is read too.",
)


async def test_what_slack_could_read_marks_in_is_not_streamed(telling: Bot, teller: Teller) -> None:
    """From there on it all comes at the end, where Slack reads none."""
    for number, marked in enumerate(MARKED, 1):
        teller.sentences = (FELL, marked, COST)
        teller.reply = replace(ANSWER, body=f"{FELL} {marked} {COST}\n\n{QUOTE}")
        await telling.peer.event(mention("damp?"))
        posted = (await telling.answered(number))[-1]
        once(posted)
        words = marked.removeprefix("- ")
        assert [one["type"] for one in posted["blocks"] if words in seen(one)] == ["rich_text"]
    appends = telling.peer.called("chat.appendStream")
    assert [one["markdown_text"].strip() for one in appends] == [FELL] * len(MARKED)


async def test_where_nothing_can_be_streamed_it_is_posted(telling: Bot, teller: Teller) -> None:
    teller.sentences = ("*First.*", *teller.sentences)
    once(await asked(telling))
    assert telling.peer.called("chat.startStream") == []


# For one pair of eyes


async def test_what_only_the_asker_sees_is_never_streamed(telling: Bot) -> None:
    await telling.peer.command(command("damp?", telling.peer.response_url()))
    await telling.whispered(1)
    assert telling.peer.called("chat.startStream") == []


async def test_what_turns_out_private_is_taken_away_and_whispered(
    telling: Bot, teller: Teller
) -> None:
    teller.reply = replace(ANSWER, private=True)
    await telling.peer.event(mention("damp?"))
    (private,) = await telling.whispered(1)
    assert PRIVATE in private["text"]
    assert FELL in private["text"]
    assert telling.peer.shown == []


@pytest.mark.parametrize(
    "address",
    [
        Address(OFFICER, person=OFFICER, team=TEAM),
        Address(CHANNEL, "1.1", OFFICER, url="https://hooks.slack.com/1", team=TEAM),
        Address(CHANNEL, "1.1", OFFICER),
        Address(CHANNEL, "1.1", team=TEAM),
    ],
    ids=["in no thread", "by a response url", "from nobody knows where", "for nobody"],
)
async def test_where_slack_could_not_stream_it_is_not_asked(telling: Bot, address: Address) -> None:
    assert await telling.channel.begin(address.to_json()) is None


async def test_nothing_stands_there_before_the_first_sentence(telling: Bot) -> None:
    address = Address(CHANNEL, "1.1", OFFICER, team=TEAM).to_json()
    stream = await telling.channel.begin(address)
    assert stream
    assert telling.peer.calls[1:] == []
    assert await stream.end(ANSWER) == telling.peer.shown[0]["ts"]
    assert telling.peer.called("chat.startStream") == []
    await stream.add("Too late.")
    assert len(telling.peer.shown) == 1


# With the real assistant


async def test_what_a_model_words_is_streamed_above_its_quotes(app: App, peer: SlackPeer) -> None:
    async with played(4) as model:
        model.plays = ["good"]
        settings = LanguageModel(f"{model.url}/v1", MODEL, KEY)
        answering = Answering(app.assistant.handle, lambda: app.answerer.index, settings)
        worded = answering.worded
        async with serving(peer, app.store, answering.handle, worded=worded) as served:
            await peer.event(mention("How much did Swindon save on translation?"))
            (posted,) = await served.answered(1)
        await answering.close()
    appends = peer.called("chat.appendStream")
    streamed = "".join(one["markdown_text"] for one in appends).strip()
    words = seen(posted["blocks"])
    assert len(appends) > 1
    assert words.startswith(f"{streamed} {MARK}")
    assert "£27" in words
    assert words.count(UP) == 1
    assert peer.called("chat.update") == peer.called("chat.postMessage") == []
