"""Digests posted by processes that are killed again and again: does each go out, and only once?"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as Time
from multiprocessing.process import BaseProcess
from random import Random

from bot.conversation import Origin
from bot.digests import Choices
from bot.rehearsal.crowd import Stumbled
from bot.rehearsal.digest_worker import Duty, Hurry, work
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_payloads import TEAM
from bot.rehearsal.slack_rooms import Rooms
from bot.slack.places import Address
from bot.store import Store
from bot.weeks import Schedule

TIMES = 30.0  # as fast as time: a lease of three minutes ends after six seconds
ENDS_WITHIN = 400.0  # seconds until all must be out; what is not out then is missing
KILLED_EVERY = (1.0, 3.0)  # seconds between two processes killed from outside, at random
FAULT_EVERY = 13  # calls of Slack's between two that go wrong
_LOADED_LATE = ("aiosqlite", "alembic.command", "psycopg")  # only when a database is opened
_DUE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday
_SCHEDULE = Schedule(0, Time(9, 0), "Europe/London")
_FAULTS = (
    ("chat.postMessage", Fault(dropped=True)),
    ("chat.postMessage", Fault("internal_error", 500)),
    ("chat.postMessage", Fault("ratelimited", 429, retry_after=2)),
    ("conversations.history", Fault("internal_error", 500)),
)


@dataclass(frozen=True, slots=True)
class Ordeal:
    """How many digests are due, and how many processes post them; by what chance one `dies` just
    before a post, and again just after it. `faulty` where Slack drops answers and refuses some.
    Where nobody `looks` what was posted, digests must be found doubled."""

    digests: int = 400
    processes: int = 4
    dies: float = 0.05
    faulty: bool = True
    looks: bool = True
    seed: int = 6


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of digests: how many channels got none, and how many more than one; how many
    the ledger does not have as sent. How many processes were killed, how often Slack was asked
    what it has, and for how many seconds it went on."""

    digests: int
    missing: int
    doubled: int
    unsent: int
    killed: int
    looked: int
    seconds: float


async def endured(database: str, ordeal: Ordeal) -> Tally:
    """Have an ordeal endured, in a database that is empty; Stumbled if a process ends otherwise."""
    channels = [f"C{number:06}" for number in range(ordeal.digests)]
    store = await Store.open(database, lambda: _DUE - timedelta(minutes=1))
    try:
        await subscribed(store, channels, _SCHEDULE)
        clock = Hurry(_DUE, time.monotonic(), TIMES)
        rooms = Rooms(limited=True, clock=lambda: clock.now().timestamp(), ticks=clock.seconds)
        async with SlackPeer(rooms=rooms) as peer:
            duty = Duty(database, peer.api_base, clock, ordeal.dies, ordeal.looks)
            crew = _Crew(duty, ordeal)
            await crew.until(_over(store, peer, channels), _faults(peer, ordeal))
            seconds = clock.seconds() / TIMES
        posted = [len(peer.published_in(channel)) for channel in channels]
        states = [await store.subscriptions(TEAM).last(channel) for channel in channels]
    finally:
        await store.close()
    return Tally(
        len(channels),
        posted.count(0),
        sum(count > 1 for count in posted),
        sum(state is None or state[0] != "sent" for state in states),
        crew.killed,
        len(peer.called("conversations.history")),
        seconds,
    )


async def subscribed(
    store: Store, channels: Sequence[str], schedule: Schedule, *, when_empty: bool = False
) -> None:
    """Set up a digest in each of these channels of Slack."""
    choices = Choices(schedule, when_empty=when_empty)
    for channel in channels:
        place = Address(channel).to_json()
        origin = Origin(TEAM, channel, platform="slack", room="channel", place=place)
        await store.subscriptions(TEAM).keep(origin, choices, "")


class _Crew:
    """Processes that post. Each that is killed is replaced by another at once."""

    def __init__(self, duty: Duty, ordeal: Ordeal) -> None:
        self.killed = 0
        self._duty, self._ordeal = duty, ordeal
        self._chance = Random(ordeal.seed)
        self._working: dict[int, BaseProcess] = {}
        self._wanted = True
        # Made by a small process that has all they need in memory already, so that one which
        # dies costs no time; it ends with this one.
        self._made_by = multiprocessing.get_context("forkserver")
        self._made_by.set_forkserver_preload([work.__module__, *_LOADED_LATE])

    async def until(self, over: asyncio.Task[None], *meanwhile: asyncio.Task[None]) -> None:
        """Post until something is over, and end every process then."""
        places = [
            asyncio.create_task(self._place(number)) for number in range(self._ordeal.processes)
        ]
        striking = asyncio.create_task(self._strike())
        try:
            await asyncio.wait({over, *places}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._wanted = False
            for one in (over, striking, *meanwhile):
                one.cancel()
            for process in self._working.values():
                process.kill()
            await asyncio.gather(over, striking, *meanwhile, return_exceptions=True)
            await asyncio.gather(*places)

    async def _place(self, number: int) -> None:
        for turn in itertools.count():
            seed = f"{self._ordeal.seed} {number} {turn}"
            process = self._made_by.Process(target=work, args=(self._duty, seed), daemon=True)
            process.start()
            self._working[number] = process
            await _ended(process)
            if not self._wanted:
                return
            if process.exitcode != -signal.SIGKILL:
                raise Stumbled(f"a process ended by itself ({process.exitcode})")
            self.killed += 1

    async def _strike(self) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(*KILLED_EVERY))
            self._working[self._chance.randrange(self._ordeal.processes)].kill()


async def _ended(process: BaseProcess) -> None:
    """Wait until it did. Not in a thread: two that ask how it ended would not both be told."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()
    loop.add_reader(process.sentinel, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(process.sentinel)
    process.join()


async def noted(store: Store, channels: Sequence[str]) -> None:
    """Wait until the ledger knows what became of every channel's digest: none is posted then."""
    digests, left = store.subscriptions(TEAM), list(channels)
    while left:
        states = [await digests.last(channel) for channel in left]
        settled = [state is not None and state[1] is not None for state in states]
        left = [channel for channel, done in zip(left, settled, strict=True) if not done]
        await asyncio.sleep(0.1)


def _over(store: Store, peer: SlackPeer, channels: Sequence[str]) -> asyncio.Task[None]:
    """Done when every digest is out and noted, or when it has been waited for long enough."""

    async def waiting() -> None:
        everywhere = peer.rooms.messages
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDS_WITHIN):
                await peer.until(lambda: len(everywhere) >= len(channels), ENDS_WITHIN)
                await noted(store, channels)

    return asyncio.create_task(waiting())


def _faults(peer: SlackPeer, ordeal: Ordeal) -> asyncio.Task[None]:
    """Has Slack fail now and then, in every way."""

    async def failing() -> None:
        for method, fault in itertools.cycle(_FAULTS if ordeal.faulty else ()):
            after = len(peer.calls) + FAULT_EVERY
            await _called(peer, after)
            peer.faults[method].append(fault)

    return asyncio.create_task(failing())


async def _called(peer: SlackPeer, times: int) -> None:
    await peer.until(lambda: len(peer.calls) >= times, ENDS_WITHIN)
