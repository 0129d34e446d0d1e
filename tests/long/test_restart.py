"""A crowd on both platforms across a restart: what was begun is finished, and the rest is answered
by the next process: each once."""

from __future__ import annotations

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.rehearsal.crowd import credentials
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import mention
from bot.rehearsal.teams import TENANT, TeamsPeer
from bot.server import STOPS_IN
from tests.running import Outcomes
from tests.test_platforms import with_settings
from tests.test_shutdown import SWINDON, running

EACH = 40


async def told(
    slack: SlackPeer, teams: TeamsPeer, address: str, crowd: Sequence[tuple[Any, Any]], retry: int
) -> None:
    slack.events, token = f"{address}/slack/events", f"Bearer {teams.token()}"
    heard, read = await asyncio.gather(
        asyncio.gather(*(slack.event(event, retry=retry) for event, _ in crowd)),
        asyncio.gather(*(teams.post(f"{address}/api/messages", one, token) for _, one in crowd)),
    )
    assert {one.status for one in heard} | {one.status for one in read} == {200}


def conversation(number: int) -> dict[str, str]:
    return {"id": f"a:{number}", "conversationType": "personal", "tenantId": TENANT}


async def test_a_crowd_is_answered_once_across_a_restart(outcomes: Outcomes) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        crowd = [
            (mention(SWINDON), teams.message(SWINDON, conversation=conversation(number)))
            for number in range(EACH)
        ]
        command = with_settings(outcomes, credentials(slack, teams))
        async with running(command) as (process, address):
            await told(slack, teams, address, crowd, 0)
            await slack.until(lambda: bool(slack.shown), 30)
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            assert await asyncio.to_thread(process.wait, STOPS_IN + 10) == 0
            assert time.monotonic() - began < STOPS_IN + 10
        async with running(command) as (process, address):
            await told(slack, teams, address, crowd, 1)  # as platforms do that were not sure
            await slack.until(lambda: len(slack.shown) >= EACH, 60)
            await teams.until(EACH, 60)
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, STOPS_IN + 10) == 0
        places = [one["thread_ts"] for one in slack.shown]
        places += [one.conversation for one in teams.messages]
        assert set(Counter(places).values()) == {1}
        assert len(places) == 2 * EACH
        assert not [one for one in slack.shown if "I was stopped" in one["text"]]
