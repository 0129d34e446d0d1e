"""`outcomes serve` with Slack and Teams: what it says, many at once, and stopping in the middle."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.evaluation import questions
from bot.rehearsal.crowd import credentials, rush
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import mention
from bot.rehearsal.teams import TeamsPeer
from bot.store import default_url
from tests.running import Outcomes, Process

EACH = 200
PATIENCE = 30.0
SWINDON = "How much did Swindon save on translation?"


def with_settings(outcomes: Outcomes, more: dict[str, str]) -> Outcomes:
    return replace(outcomes, settings={**outcomes.settings, **more})


async def lines(process: Process, count: int) -> str:
    """The first lines it says, read in a thread."""
    assert process.stdout
    return "".join([await asyncio.to_thread(process.stdout.readline) for _ in range(count)])


@pytest.mark.alone  # what it measures is the time of a machine that does nothing else
async def test_hundreds_at_once_are_acknowledged_in_time_and_answered_once(
    shipped_home: Path, tmp_path: Path
) -> None:
    settings = {"OUTCOMES_HOME": str(shipped_home), "DATABASE_URL": default_url(tmp_path)}
    texts = [one.text for one in questions("tuned") if one.clear and not one.thread]
    told = await rush(settings, texts, EACH)
    assert (told.answered, told.doubled) == (2 * EACH, 0)
    assert float(np.quantile(told.slack, 0.99)) < 1
    assert float(np.quantile(told.teams, 0.99)) < 1


async def test_both_give_the_same_answer_and_say_at_start_what_is_served(
    outcomes: Outcomes,
) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        process = with_settings(outcomes, credentials(slack, teams)).start("serve")
        try:
            said = await lines(process, 3)
            assert "Slack: served as @outcomes in Example Council, by HTTP" in said
            assert "Teams: served at /api/messages" in said
            address = said.split()[5].rstrip("/")
            slack.events = f"{address}/slack/events"
            await slack.event(mention(SWINDON))
            await teams.post(f"{address}/api/messages", teams.mention(SWINDON))
            await asyncio.gather(slack.until(lambda: bool(slack.shown)), teams.until(1))
        finally:
            process.terminate()
            _, logged = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert "£27" in slack.shown[0]["text"]
    assert "£27" in teams.messages[0].activity["text"]
    assert (process.returncode, "Traceback" in logged, "translation" in logged) == (0, False, False)


@pytest.mark.parametrize("asked_to", [signal.SIGTERM, signal.SIGINT])
async def test_stopping_finishes_what_was_accepted(outcomes: Outcomes, asked_to: int) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        process = with_settings(outcomes, credentials(slack, teams)).start("serve")
        try:
            address = (await lines(process, 3)).split()[5].rstrip("/")
            slack.events = f"{address}/slack/events"
            told = await asyncio.gather(*(slack.event(mention(SWINDON)) for _ in range(30)))
            assert {one.status for one in told} == {200}
        finally:
            process.send_signal(asked_to)
            await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert process.returncode == 0
    assert len(set(threads(slack))) == len(slack.shown) == 30


async def test_what_a_killed_process_accepted_is_answered_by_the_next(outcomes: Outcomes) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        command = with_settings(outcomes, credentials(slack, teams))
        process = command.start("serve")
        try:
            slack.events = f"{(await lines(process, 3)).split()[5]}slack/events"
            told = await asyncio.gather(*(slack.event(mention(SWINDON)) for _ in range(20)))
        finally:
            process.kill()
            await asyncio.to_thread(process.communicate)
        assert [one.status for one in told] == [200] * 20
        assert len(slack.shown) < 20, "killed too late to show anything"
        following = command.start("serve")
        try:
            await slack.until(lambda: len(set(threads(slack))) == 20, 60)
        finally:
            following.kill()
            await asyncio.to_thread(following.communicate)
    # Where it was killed while sending it says so, whether or not the answer had arrived.
    answers = [one["thread_ts"] for one in slack.shown if "I was stopped" not in one["text"]]
    assert len(answers) == len(set(answers))


def threads(slack: SlackPeer) -> list[str]:
    return [one["thread_ts"] for one in slack.shown]


async def test_credentials_that_are_refused_end_it_with_a_line(outcomes: Outcomes) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        given = {**credentials(slack, teams), "SLACK_BOT_TOKEN": "xoxb-wrong"}
        no_teams = {"MICROSOFT_APP_PASSWORD": "", "MICROSOFT_OPENID_METADATA": ""}
        command = with_settings(outcomes, {**given, **no_teams})
        finished = await asyncio.to_thread(command.run, "serve")
    assert finished.code == 1
    assert finished.err.count("\n") == 1
    assert "SLACK_BOT_TOKEN" in finished.err


async def test_a_platform_that_refuses_us_takes_no_other_with_it(outcomes: Outcomes) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        command = with_settings(outcomes, credentials(slack, teams))
        process = command.start("serve", SLACK_BOT_TOKEN="xoxb-wrong")
        try:
            said = await lines(process, 3)
            url = f"{said.split()[5].rstrip('/')}/api/messages"
            await teams.post(url, teams.message(SWINDON))
            await teams.until(1)
        finally:
            process.terminate()
            await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert "Teams: served" in said
    assert "Not served: Slack" in said
    assert "SLACK_BOT_TOKEN" in said


async def test_one_platform_alone_is_served_and_the_other_named(outcomes: Outcomes) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        given = credentials(slack, teams)
        slack_alone = {name: value for name, value in given.items() if "MICROSOFT" not in name}
        command = with_settings(outcomes, slack_alone)
        process = command.start("serve", MICROSOFT_APP_ID="only-this")
        try:
            said = await lines(process, 3)
        finally:
            process.terminate()
            await asyncio.to_thread(process.communicate, timeout=PATIENCE)
    assert "Slack: served" in said
    assert "Teams: not served, MICROSOFT_APP_PASSWORD and MICROSOFT_APP_TENANT_ID missing" in said
