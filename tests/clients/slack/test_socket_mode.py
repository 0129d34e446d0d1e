"""The same by Socket Mode, with a language model that words the answers: shown while they are
made, and nothing lost or said twice while connections come and go."""

from __future__ import annotations

import asyncio

import pytest

from tests.clients.abilities import SLACK, can
from tests.clients.slack.emulate import BOT
from tests.clients.slack.ways import Linked
from tests.clients.slack.workspace import Workspace, words

pytestmark = pytest.mark.asyncio(loop_scope="session")
ASKED = "Which councils use damp sensors?"
PROJECT = {"title": "Wi-fi in libraries", "description": "Free wi-fi in our libraries for all."}


def way(linked: Workspace) -> Linked:
    assert isinstance(linked.between.way, Linked)
    return linked.between.way


@can("See an answer while it is made", SLACK)
async def test_an_answer_is_shown_while_it_is_made(linked: Workspace) -> None:
    await way(linked).connected(1)
    ts = await linked.mentions("robin", ASKED)
    answer = await linked.aloud()
    ((name, pieces),) = linked.between.documented.streamed
    assert (answer["ts"], answer["thread_ts"]) == (name, ts)
    assert len(pieces) > 1, "more than one sentence was shown before the end"
    kept = await linked.kept(answer)
    assert kept["blocks"] == answer["blocks"]
    assert "Sources" in words(kept)
    assert "language model" in words(kept)


async def test_a_command_a_form_and_what_is_wrong_with_it(linked: Workspace) -> None:
    await way(linked).connected(1)
    await linked.types("sam", "", "/tag-project")
    form = await linked.form("Tag a project")
    assert (await linked.sends("sam", form, title=" ")).keys() >= {"title"}
    assert await linked.sends("sam", form, **PROJECT) == {}
    assert (
        await linked.sends("sam", await linked.form("Its outcomes"), outcomes="connectivity") == {}
    )
    told = await linked.alone("sam")
    assert "Registered" in words(told)
    await linked.presses("sam", told, "Withdraw")
    await linked.presses("sam", await linked.alone("sam"), "Withdraw it")
    assert "ithdrawn" in words(await linked.alone("sam"))


async def test_nothing_is_lost_or_said_twice_when_slack_wants_another_connection(
    linked: Workspace,
) -> None:
    socket = way(linked)
    first = await socket.connected(1)
    opened = socket.opened
    await first.send_json({"type": "disconnect", "reason": "refresh_requested"})
    text = f"<@{BOT}> thank you"
    names = [await linked.says("kim", text) for _ in range(3)]
    mentions = [linked.mention("kim", text, ts, linked.channel()) for ts in names]
    pushed = socket.push("events_api", mentions[0], first)  # on the one that is to go
    _, second = await asyncio.gather(pushed, socket.connected(opened + 1))
    assert second is not first
    for mention in mentions:  # the first one again, as after an acknowledgement that got lost
        assert "payload" not in await socket.push("events_api", mention, retry_attempt=1)
    answers = [await linked.aloud() for _ in names]
    assert sorted(one["thread_ts"] for one in answers) == sorted(names)
    await first.close()
    await second.close()  # without a word before
    await socket.connected(opened + 2)
    await linked.writes("kim", "thank you")
    assert "welcome" in words(await linked.in_chat("kim"))
    assert len(linked.between.called("apps.connections.open")) == socket.opened
    for ts in names:
        thread = await linked.between.emulate.thread(linked.channel(), ts)
        assert [one["user"] == BOT for one in thread] == [False, True]
