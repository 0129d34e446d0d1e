"""Hundreds of officers ask on both platforms at once: how soon is each told that it was heard,
and is each answered once?"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import IO, Any, Protocol

from bot.rehearsal.slack import BOT_TOKEN, SIGNING_SECRET, SlackPeer
from bot.rehearsal.slack_payloads import mention
from bot.rehearsal.teams import APP_ID, TENANT, TeamsPeer

STARTS_WITHIN = 60.0
ENDS_WITHIN = 120.0
_ADDRESS = re.compile(r"http://\S+?(?=/\s)")


class Stumbled(Exception):
    """The crowd could not be served; says what went wrong."""


class Told(Protocol):
    """What the bot answered the platform at once."""

    @property
    def status(self) -> int: ...
    @property
    def seconds(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Rush:
    """Seconds until each was acknowledged; how many were answered, and how many more than once;
    seconds until the last answer."""

    slack: list[float]
    teams: list[float]
    answered: int
    doubled: int
    seconds: float


async def rush(settings: Mapping[str, str], questions: Sequence[str], each: int) -> Rush:
    """`each` questions on each platform at once, to a bot started for it with these settings;
    then every one again, as a platform does that missed the acknowledgement."""
    async with SlackPeer() as slack, TeamsPeer() as teams:
        asked = [questions[number % len(questions)] for number in range(each)]
        events = [mention(text) for text in asked]
        activities = [_activity(teams, number, text) for number, text in enumerate(asked)]
        async with serving({**settings, **credentials(slack, teams)}) as served:
            slack.events = f"{served.address}/slack/events"
            url = f"{served.address}/api/messages"
            token = f"Bearer {teams.token()}"
            began = time.perf_counter()
            told = await _together(
                [slack.event(one) for one in events],
                [teams.post(url, one, token) for one in activities],
            )
            await _all_answered(slack, teams, each)
            seconds = time.perf_counter() - began
            await _together(
                [slack.event(one, retry=1) for one in events],
                [teams.post(url, one, token) for one in activities],
            )
        places = [
            *(str(one["thread_ts"]) for one in slack.shown),
            *(one.conversation for one in teams.messages),
        ]
        return Rush(*told, len(set(places)), len(places) - len(set(places)), seconds)


async def _together(
    slack: Sequence[Awaitable[Told]], teams: Sequence[Awaitable[Told]]
) -> tuple[list[float], list[float]]:
    """Both at once, neither first; seconds each."""
    both = [one for pair in zip(slack, teams, strict=True) for one in pair]
    told = await asyncio.gather(*both)
    if refused := {one.status for one in told} - {200}:
        raise Stumbled(f"it answered {refused} to what it should have accepted")
    return [one.seconds for one in told[::2]], [one.seconds for one in told[1::2]]


async def _all_answered(slack: SlackPeer, teams: TeamsPeer, each: int) -> None:
    try:
        await asyncio.gather(
            slack.until(lambda: len(slack.shown) >= each, ENDS_WITHIN),
            teams.until(each, ENDS_WITHIN),
        )
    except TimeoutError as error:
        left = 2 * each - len(slack.shown) - len(teams.messages)
        raise Stumbled(f"{left} were not answered within {ENDS_WITHIN:g} seconds") from error


def _activity(teams: TeamsPeer, number: int, text: str) -> dict[str, Any]:
    conversation = {"id": f"a:{number}", "conversationType": "personal", "tenantId": TENANT}
    return teams.message(text, conversation=conversation)


def credentials(slack: SlackPeer, teams: TeamsPeer) -> dict[str, str]:
    return {
        "OUTCOMES_DEV": "1",
        "OUTCOMES_PORT": "0",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_APP_TOKEN": "",
        "SLACK_API_BASE": slack.api_base,
        "MICROSOFT_APP_ID": APP_ID,
        "MICROSOFT_APP_PASSWORD": "example",
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "MICROSOFT_OPENID_METADATA": teams.metadata,
    }


@dataclass(frozen=True, slots=True)
class Serving:
    """A process that serves both platforms, at `address`."""

    address: str
    process: asyncio.subprocess.Process


@asynccontextmanager
async def serving(
    settings: Mapping[str, str], log: IO[str] | None = None
) -> AsyncIterator[Serving]:
    """`outcomes serve` as a process of its own, once it serves both platforms; what it logs goes
    to `log`, or to where we write."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE,
        stderr=log,
    )
    try:
        assert process.stdout
        said = ""
        async with asyncio.timeout(STARTS_WITHIN):
            while said.count("served") < 2:
                line = (await process.stdout.readline()).decode()
                if not line:
                    raise Stumbled("it did not start; run outcomes serve by itself to see why")
                said += line
        found = _ADDRESS.search(said)
        if not found:
            raise Stumbled("it did not say where it serves")
        yield Serving(found[0].rstrip("/"), process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
