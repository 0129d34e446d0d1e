"""Questions in Slack, where they are asked and what is said about them."""

from __future__ import annotations

import pytest

from tests.clients.abilities import SLACK, can
from tests.clients.slack.emulate import BOT, DEPOT
from tests.clients.slack.workspace import Workspace, labels, words

pytestmark = pytest.mark.asyncio(loop_scope="session")
ASKED = "Which councils use damp sensors?"
LOOKING = "is looking through the texts…"


@can("Ask, and get quotes with their sources", SLACK)
@can("Follow up in the same thread", SLACK)
async def test_a_mention_is_answered_in_its_thread_and_so_is_what_follows(slack: Workspace) -> None:
    ts = await slack.mentions("robin", ASKED)
    answer = await slack.aloud()
    assert answer["thread_ts"] == ts
    read = words(answer)
    for part in (
        "“Small NB-IoT sensors",
        "Sources [1]",
        "Kingston upon Thames (2022)",
        "This helped",
    ):
        assert part in read
    assert (await slack.kept(answer))["blocks"] == answer["blocks"]
    assert {"channel_id": slack.channel(), "thread_ts": ts, "status": LOOKING} in (
        slack.between.documented.signed
    )

    await slack.says("sam", "And in Scotland?", ts)  # no mention: the thread is followed
    more = await slack.aloud()
    assert more["thread_ts"] == ts
    assert "Aberdeenshire" in words(more)
    assert "Kingston" not in words(more)

    await slack.says("kim", "Thanks, see you at lunch.", ts)
    await slack.says("kim", "What does inclusion mean?")  # outside it nothing is read
    thread = await slack.between.emulate.thread(slack.channel(), ts)
    assert [one["user"] == BOT for one in thread] == [False, True, False, True, False]


@can("Ask, and get quotes with their sources", SLACK)
async def test_a_message_to_the_bot_is_answered_and_its_own_are_not(slack: Workspace) -> None:
    for question, part in (("What does inclusion mean?", "Inclusion"), ("thank you", "welcome")):
        asked = await slack.writes("robin", question)
        answer = await slack.in_chat("robin")
        assert part in words(answer)
        assert answer["thread_ts"] == asked
    # What the bot says comes back to it as an event, and without the id that marks it as a bot's.
    own = [one["event"] for one in slack.between.delivered if one["event"].get("user") == BOT]
    assert own
    assert not any("bot_id" in one or "app_id" in one for one in own)
    chat = await slack.chat("robin")
    for first in await slack.between.emulate.history(chat, "xoxp-robin"):
        thread = await slack.between.emulate.thread(chat, first["ts"], "xoxp-robin")
        assert [one["user"] == BOT for one in thread] == [False, True]


@can("Ask, and get quotes with their sources", SLACK)
async def test_a_command_is_answered_alone_and_shared_when_wanted(slack: Workspace) -> None:
    await slack.types("robin", ASKED)
    alone = await slack.alone("robin")
    assert "Only you can see this." in words(alone)
    assert "Sources [1]" in words(alone)
    history = await slack.between.emulate.history(slack.channel())
    assert not [one for one in history if one["user"] == BOT]

    await slack.presses("robin", alone, "Share to channel")
    shared = await slack.aloud()
    assert "Only you can see this." not in words(shared)
    assert ASKED in words(shared)
    assert (await slack.kept(shared))["blocks"] == shared["blocks"]


@can("Ask for help", SLACK)
async def test_help_says_what_can_be_done(slack: Workspace) -> None:
    await slack.types("sam", "help")
    told = words(await slack.alone("sam"))
    for name in ("tag", "projects", "peers", "digest", "find", "my-data"):
        assert name in told


@can("Find texts to share", SLACK)
async def test_texts_are_found_and_shared(slack: Workspace) -> None:
    await slack.types("sam", "find damp sensors")
    found = await slack.alone("sam")
    assert "Kingston upon Thames" in words(found)
    assert "Share to channel" in labels(found)
    await slack.presses("sam", found, "Share to channel")
    assert "Kingston upon Thames" in words(await slack.aloud())


async def test_an_event_that_comes_again_is_answered_once(slack: Workspace) -> None:
    depot = slack.channel(DEPOT)
    ts = await slack.mentions("kim", "What does data mean?", depot)
    assert "Data" in words(await slack.aloud(depot))
    mention = slack.mention("kim", f"<@{BOT}> What does data mean?", ts, depot)
    await slack.between.way.send("events_api", mention)  # as Slack does that missed the answer
    await slack.mentions("kim", "What does value mean?", depot)
    assert "Value" in words(await slack.aloud(depot))
    thread = await slack.between.emulate.thread(depot, ts)
    assert [one["user"] == BOT for one in thread] == [False, True]
