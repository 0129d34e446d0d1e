"""Ten thousand requests to each webhook and to the page, almost right and not right at all, to a
bot that is served: none unhandled, none answered in the 500s, none answered that must not be, and
the process grows no larger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal.crowd import credentials
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.teams import TeamsPeer
from tests.fuzz_page import to_page
from tests.fuzz_serving import Shot, Target, targeted
from tests.fuzz_shots import NEVER, Aimed
from tests.fuzz_slack import to_slack
from tests.fuzz_teams import ToTeams
from tests.fuzzing import examples
from tests.running import Outcomes

SETTLED = 2_000  # requests after which it is to hold no more memory than then
GROWN = 48.0  # megabytes at most
# What says no: not signed, not from here, not such a method, too long, of a kind not taken.
REFUSALS = {0, 400, 401, 403, 404, 405, 411, 413, 415, 417, 431}
NOT_OFFERED = 501  # as the Bot Framework has it, to an invoke that a bot does not answer


@dataclass
class Place:
    """A bot that is served, and the platforms it is served in."""

    slack: SlackPeer
    teams: TeamsPeer
    target: Target


@pytest.fixture
async def place(outcomes: Outcomes) -> AsyncIterator[Place]:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        opened = targeted(outcomes, credentials(slack, teams), services=2)
        target = await asyncio.to_thread(opened.__enter__)
        try:
            yield Place(slack, teams, target)
        finally:
            await asyncio.to_thread(opened.__exit__, None, None, None)


async def test_slack_events(place: Place, figure: Callable[[str], None]) -> None:
    base = f"http://127.0.0.1:{place.slack.port}/response"
    await _fired(place, to_slack(base), "slack", figure)


async def test_teams_messages(place: Place, figure: Callable[[str], None]) -> None:
    await _fired(place, ToTeams(place.teams).shots(), "teams", figure)


async def test_the_page_and_what_is_beside_it(place: Place, figure: Callable[[str], None]) -> None:
    await _fired(place, to_page(place.target.port), "page", figure)


async def _fired(
    place: Place,
    shots: st.SearchStrategy[Aimed],
    name: str,
    figure: Callable[[str], None],
) -> None:
    """All of them, one after another; then it is to serve as before and to end as it should."""
    target = place.target
    held: list[float] = []

    @examples
    @given(shots)
    def fire(aimed: Aimed) -> None:
        status, body = target.hit(aimed.shot)
        judged(target, aimed, status, body)
        if sum(target.statuses.values()) in (SETTLED, SETTLED + 1):
            held.append(target.megabytes)

    await asyncio.to_thread(fire)
    sent = sum(target.statuses.values())
    grown = target.megabytes - held[0]
    wrong = sum(count for status, count in target.statuses.items() if _failed(status))
    figure(
        f"{name}: {sent} requests, {wrong} answered in the 500s, {len(target.unhandled())} "
        f"unhandled; memory {held[0]:.0f} MB, {grown:+.0f} MB by the end; "
        f"{dict(sorted(target.statuses.items()))}"
    )
    assert target.hit(Shot("/healthz", b"", {}, "GET"))[0] == 200
    assert grown < GROWN
    assert not _answered_never(place)
    target.process.terminate()
    assert await asyncio.to_thread(target.process.wait, 40) == 0
    assert not target.unhandled(), "".join(target.log)


def judged(target: Target, aimed: Aimed, status: int, body: bytes) -> None:
    """Raises AssertionError with what is wrong with this answer."""
    assert target.alive, "".join(target.log)
    assert not target.unhandled(), target.unhandled()[0]
    assert not _failed(status), (status, body)
    assert status != NOT_OFFERED or _invoke(aimed.shot.body)
    if aimed.refused:
        assert status in REFUSALS, (status, body)


def _failed(status: int) -> bool:
    return status >= 500 and status != NOT_OFFERED


def _invoke(body: bytes) -> bool:
    found = json.loads(body)
    return isinstance(found, dict) and found.get("type") == "invoke"


def _answered_never(place: Place) -> list[object]:
    """What was said to those who were not to be answered."""
    calls: list[object] = [(one.method, one.arguments) for one in place.slack.calls]
    sent: list[object] = [(one.conversation, one.activity) for one in place.teams.sent]
    return [one for one in (*calls, *sent) if NEVER in json.dumps(one)]
