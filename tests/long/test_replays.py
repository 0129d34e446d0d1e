"""A thousand replays to two processes on one PostgreSQL, and to those that follow them."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from aiohttp import ClientSession, DummyCookieJar, TCPConnector

from bot.rehearsal.crowd import credentials
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import TEAM, buttons, command, press
from bot.rehearsal.teams import TeamsPeer
from bot.store import Store
from tests.postgres import Postgres
from tests.replaying import Replay, Signed, effects, interaction, requests
from tests.running import Outcomes
from tests.test_platforms import lines
from tests.whole import much

ASKED, PROJECTS = 70, 14  # requests that ask; presses that register a project
TIMES = much(
    12, 3
)  # times that each is sent again, a third of them to processes that were started anew
PATIENCE = 120.0
ADDRESS = re.compile(r"http://\S+?(?=/\s)")


@asynccontextmanager
async def processes(outcomes: Outcomes, settings: dict[str, str]) -> AsyncIterator[list[str]]:
    """Two that serve both platforms, by their addresses; stopped as an administrator stops them."""
    given = replace(outcomes, settings={**outcomes.settings, **settings})
    started = [given.start("serve") for _ in range(2)]
    try:
        yield [ADDRESS.findall(await lines(one, 3))[0] for one in started]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            await asyncio.to_thread(one.communicate, timeout=PATIENCE)


async def drafted(slack: SlackPeer, replay: Replay, number: int) -> list[Signed]:
    """So many projects described, each a press of Confirm away from being registered."""
    pressed = []
    for at in range(number):
        text = f"Lending of laptops number {at} to residents without one, from our libraries"
        sent = command(text, slack.response_url(), command="/tag-project")
        slack.events = f"{replay.addresses[at % len(replay.addresses)]}/slack/events"
        assert (await slack.command(sent)).status == 200
        await slack.until(lambda at=at: len(slack.whispered) > at, PATIENCE)  # type: ignore[misc]
        shown = slack.whispered[-1]
        (confirm,) = (one for one in buttons(shown) if one["text"]["text"] == "Confirm")
        payload = press(confirm, slack.response_url(), shown)
        pressed.append(interaction("confirm", str(confirm["value"]), payload, 60.0))
    return pressed


async def titles(database_url: str) -> list[str]:
    """Of every project that is registered there."""
    store = await Store.open(database_url)
    try:
        projects, _ = await store.community(TEAM).listed(0, 100)
        return sorted(one.details.title for one in projects)
    finally:
        await store.close()


async def settle(slack: SlackPeer, teams: TeamsPeer, asked: Sequence[Signed]) -> None:
    """Until each has an answer; whatever comes twice comes before the next is stopped."""
    there = [one for one in asked if one.path == "/slack/events"]
    others = [one for one in asked if one not in there]
    await slack.until(lambda: all(effects(there, slack, teams).values()), PATIENCE)
    await teams.until_seen(lambda: all(effects(others, slack, teams).values()), PATIENCE)


async def test_a_thousand_replays_have_one_effect_each(
    outcomes: Outcomes, postgres: Postgres, figure: Callable[[str], None], tmp_path: Path
) -> None:
    address = postgres.database()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(SlackPeer())
        teams = await stack.enter_async_context(TeamsPeer())
        settings = {**credentials(slack, teams), "DATABASE_URL": address}
        session = await stack.enter_async_context(
            ClientSession(connector=TCPConnector(limit=40), cookie_jar=DummyCookieJar())
        )
        replay = Replay(session, [])
        async with processes(outcomes, settings) as replay.addresses:
            pressed = await drafted(slack, replay, PROJECTS)
            asked = [*requests(slack, teams, ASKED)]
            every = [*asked, *pressed]
            await replay.at_once(every, 1 + TIMES // 3)
            await settle(slack, teams, asked)
            await replay.one_by_one(every, TIMES // 3)
        async with processes(outcomes, settings) as replay.addresses:
            await replay.at_once(every, TIMES // 3)
    registered = await titles(address)
    postgres.drop(address)
    sent = replay.sent - len(every)
    doubled = {one: n for one, n in effects(asked, slack, teams).items() if n != 1}
    figure(f"{sent} replays of {len(every)} requests, {len(doubled)} with other than one effect")
    figure(f"answered with {json.dumps(dict(replay.statuses))}; {len(registered)} projects")
    assert sent >= much(1_000, 250)
    assert set(replay.statuses) <= {200, 401}  # those that were too old by then
    assert doubled == {}
    assert len(registered) == len(set(registered)) == PROJECTS
