"""The whole of it: communities settled, served by one process, asked at random, and read."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answers.answerer import Answerer
from bot.rehearsal.communities import CANARY, COMMUNITIES, Town, settled
from bot.rehearsal.communities_requests import Crowd, Told
from bot.rehearsal.crowd import credentials, serving
from bot.rehearsal.slack import Call, SlackPeer
from bot.rehearsal.slack_workspaces import CLIENT_ID, CLIENT_SECRET
from bot.rehearsal.teams import Sent, TeamsPeer
from bot.sealing import new_key
from bot.store import Store
from bot.store.figures import Figures

AT_ONCE = 20  # requests between two looks whether all is answered
QUIET_WITHIN = 60.0
_SLACK = re.compile(r"\b[CDU]0C(\d\d)")
_TEAMS = re.compile(r"(?:19:|29:example-)c(\d\d)")
_Json = dict[str, Any]


@dataclass
class Seen:
    """What was sent, and to whom: `foreign` are canaries of others with where they were read,
    `own` those of one's own, by what they stand in, and `shared` those that their community shares.
    A canary in what was sent to nobody known is foreign."""

    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    looked: int = 0
    own: Counter[str] = field(default_factory=Counter)
    shared: Counter[str] = field(default_factory=Counter)
    foreign: list[str] = field(default_factory=list)
    misused: int = 0  # times that a workspace's token was used for another's places

    def look(self, town: int | None, sent: object, where: str) -> None:
        """Read something that was sent."""
        self.looked += 1
        for number, what in CANARY.findall(json.dumps(sent)):
            if int(number) == town:
                self.own[what] += 1
            elif what == "shared":
                self.shared[number] += 1
            else:
                self.foreign.append(f"{number} {what} in {town}, {where}")


async def held(
    settings: Mapping[str, str],
    store: Store,
    answerer: Answerer,
    requests: int,
    log: Path,
    indexed: Callable[[], Awaitable[object]],
    seed: int = 10,
) -> Seen:
    """So many requests to a process with these settings, which have this store's database;
    `indexed` builds communities' own indexes, once their texts are there."""
    towns = [Town(number) for number in range(COMMUNITIES)]
    for town in towns:
        await settled(store, answerer, town)
    await indexed()
    async with SlackPeer() as slack, TeamsPeer() as teams:
        port = _free_port()
        with log.open("w", encoding="utf-8") as file:
            chosen = {**settings, **_many(slack, teams, towns, port)}
            async with serving(chosen, file) as served:
                slack.events = f"{served.address}/slack/events"
                for town in (one for one in towns if one.slack):
                    _workspace(slack, town)
                    installed = await slack.install(served.address, town.name)
                    assert installed.status == 200, installed.page
                crowd = Crowd(towns, slack, teams, served.address, seed)
                return await _asked(crowd, slack, teams, store, requests)


def _workspace(slack: SlackPeer, town: Town) -> None:
    people = [town.person(one) for one in "ab"]
    slack.workspaces.add(town.name, channels=[town.channel], people=people)


def _many(slack: SlackPeer, teams: TeamsPeer, towns: Sequence[Town], port: int) -> dict[str, str]:
    return {
        **credentials(slack, teams),
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": CLIENT_ID,
        "SLACK_CLIENT_SECRET": CLIENT_SECRET,
        "OUTCOMES_TOKEN_KEYS": new_key(),
        "OUTCOMES_COMMUNITIES": " ".join(one.name for one in towns),
        "OUTCOMES_ADDRESS": f"http://127.0.0.1:{port}",
        "OUTCOMES_PORT": str(port),
    }


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def _asked(
    crowd: Crowd, slack: SlackPeer, teams: TeamsPeer, store: Store, requests: int
) -> Seen:
    seen, figures = Seen(), store.figures
    while seen.requests < requests:
        some = [crowd.next() for _ in range(min(AT_ONCE, requests - seen.requests))]
        answers: list[Told] = await asyncio.gather(*(asking for _, asking in some))
        seen.requests += len(some)
        for (town, _), answer in zip(some, answers, strict=True):
            seen.statuses[answer.status] += 1
            _look(seen, crowd, town.number, answer.body, "answer")
        await _quiet(figures)
        _read(seen, crowd, slack, teams)
    await asyncio.sleep(1)
    _read(seen, crowd, slack, teams)
    seen.misused = len(slack.workspaces.foreign)
    return seen


async def _quiet(figures: Figures) -> None:
    """Until nothing waits for an answer."""
    async with asyncio.timeout(QUIET_WITHIN):
        while (await figures.waiting()).questions:  # noqa: ASYNC110 - another process answers
            await asyncio.sleep(0.05)


def _read(seen: Seen, crowd: Crowd, slack: SlackPeer, teams: TeamsPeer) -> None:
    calls, posted = slack.calls[:], teams.sent[:]
    slack.calls.clear()
    teams.sent.clear()
    for call in calls:
        _look(seen, crowd, _of_slack(crowd, call), call.arguments, call.method)
    for one in posted:
        _look(seen, crowd, _of_teams(one), one.activity, "activity")


def _look(seen: Seen, crowd: Crowd, town: int | None, sent: object, where: str) -> None:
    if isinstance(sent, str):
        with suppress(ValueError):
            sent = json.loads(sent)
    crowd.learn(sent)
    if sent:
        seen.look(town, sent, where)


def _of_slack(crowd: Crowd, call: Call) -> int | None:
    """The workspace that a call of Slack's shows something in."""
    given = call.arguments
    for name in ("url", "trigger_id"):
        if given.get(name) in crowd.at:
            return crowd.at[given[name]]
    names = ("channel", "channel_id", "user_id", "user", "users")
    places = " ".join(str(given.get(name, "")) for name in names)
    carried = (given.get("view") or {}) if isinstance(given.get("view"), dict) else {}
    found = _SLACK.search(places) or _SLACK.search(str(carried.get("private_metadata", "")))
    return int(found[1]) if found else None


def _of_teams(sent: Sent) -> int | None:
    found = _TEAMS.search(sent.conversation)
    return int(found[1]) if found else None
