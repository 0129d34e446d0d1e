"""A bot that many workspaces of a Slack install, for the tests of what stays apart there."""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.conversation import Handle
from bot.inbox import Inbox
from bot.rehearsal.slack import SIGNING_SECRET, SlackPeer
from bot.rehearsal.slack_payloads import Json, mention
from bot.rehearsal.slack_workspaces import CLIENT_ID, CLIENT_SECRET, Visited
from bot.sealing import Seal
from bot.slack.installing import OAuth
from bot.slack.listener import SlackChannel
from bot.store import Store
from tests import databases
from tests.clock import Clock
from tests.installing import KEY
from tests.serving import serving
from tests.slack_desk import Desk

ANYTOWN, OTHERHAM, SOMEWHERE = "T0ANYTOWN", "T0OTHERHAM", "T0SOMEWHERE"
TOWNS = (ANYTOWN, OTHERHAM)


def place_in(team: str) -> str:
    return f"C{team[1:]}"


def officer_in(team: str) -> str:
    return f"U{team[1:]}"


def there(team: str) -> dict[str, Any]:
    """What changes in an event that is of this workspace."""
    person = officer_in(team)
    return {"team_id": team, "team": team, "channel": place_in(team), "user": person}


def asks(team: str, text: str) -> Json:
    """Somebody there mentions the bot."""
    said = mention(text, **there(team))
    said["event"]["text"] = f"<@U{team[1:]}BOT> {text}"
    return said


def free_port() -> int:
    """One that nobody listens on; where Slack leads back to has to be known before."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Towns:
    """The bot that is served, the Slack that it is served in, and its address."""

    peer: SlackPeer
    inbox: Inbox
    channel: SlackChannel
    said: str
    base: str

    async def install(self, *teams: str) -> list[Visited]:
        return [await self.peer.install(self.base, team) for team in teams]

    async def answered(self, count: int) -> list[dict[str, Any]]:
        """What it posted for everyone, once there is that much."""
        await self.peer.until(lambda: len(self.peer.shown) >= count)
        assert len(self.peer.shown) == count
        return self.peer.shown


@asynccontextmanager
async def towns(
    peer: SlackPeer,
    store: Store,
    handle: Handle,
    *,
    allowed: Collection[str] = TOWNS,
    keys: Collection[str] = (KEY,),
    ticks: Callable[[], float] = time.monotonic,
    now: Callable[[], float] = time.time,
) -> AsyncIterator[Towns]:
    """The bot, served in this Slack. `ticks` counts seconds, `now` those since 1970."""
    for team in (*TOWNS, SOMEWHERE):
        if team not in peer.workspaces.known:
            peer.workspaces.add(team, channels={place_in(team)}, people={officer_in(team)})
    made: list[SlackChannel] = []
    port = free_port()
    kept, seal = store.installations(list(keys)), Seal(list(keys), now)
    address = f"http://127.0.0.1:{port}"
    oauth = OAuth(CLIENT_ID, CLIENT_SECRET, address, allowed, kept, seal)

    def make(inbox: Inbox) -> SlackChannel:
        channel = SlackChannel(
            inbox,
            bot_token="",
            app_token="",
            signing_secret=SIGNING_SECRET,
            api_base=peer.api_base,
            dev=True,
            clock=ticks,
            oauth=oauth,
        )
        made.append(channel)
        return channel

    async with serving(handle, store, make, port=port) as served:
        peer.events = f"{served.url}/slack/events"
        yield Towns(peer, served.inbox, made[0], served.said, served.url)


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(databases.new(tmp_path), clock)
    yield opened
    await opened.close()


@pytest.fixture
async def served(peer: SlackPeer, store: Store, desk: Desk) -> AsyncIterator[Towns]:
    async with towns(peer, store, desk.handle) as one:
        yield one
