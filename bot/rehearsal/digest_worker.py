"""A process that posts digests as the server does, and dies of it now and then."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.conversation import Reply, Request
from bot.delivery import Publisher
from bot.digest import Sender
from bot.digests import Composed, Subscription
from bot.inbox import Inbox
from bot.rehearsal.slack import BOT_TOKEN
from bot.slack.listener import SlackChannel
from bot.store import Store, StoreUnusable

LOOKS_EVERY = 5.0  # seconds between looks for digests that are due, as the server has it


@dataclass(frozen=True, slots=True)
class Hurry:
    """Time that runs `times` as fast, the same in every process of this computer: it was `since`
    when the computer's own seconds were `began`. All waits are the usual ones, and pass sooner."""

    since: datetime
    began: float
    times: float

    def now(self) -> datetime:
        return self.since + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        return (time.monotonic() - self.began) * self.times

    async def pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.times)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a process is to do: post what is due in a `database` to the Slack at `api_base`. It
    `dies` by that chance before each post, and again after it. Where it does not look it takes
    nothing for posted, so that what it cannot know is posted again."""

    database: str
    api_base: str
    clock: Hurry
    dies: float
    looks: bool = True


class Deadly:
    """A publisher that its process dies of. See `delivery.Publisher`."""

    def __init__(self, publisher: Publisher, chance: Random, dies: float, *, looks: bool) -> None:
        self._publisher, self._chance = publisher, chance
        self._dies, self._looks = dies, looks

    @property
    def communities(self) -> Collection[str] | None:
        return self._publisher.communities

    async def publish(self, place: str, reply: Reply, key: str) -> None:
        self._perhaps_die()
        await self._publisher.publish(place, reply, key)
        self._perhaps_die()

    async def published(self, place: str, key: str, since: datetime) -> bool | None:
        return await self._publisher.published(place, key, since) if self._looks else False

    async def hindrance(self, place: str) -> str:
        return await self._publisher.hindrance(place)

    def _perhaps_die(self) -> None:
        if self._chance.random() < self._dies:
            os.kill(os.getpid(), signal.SIGKILL)


def work(duty: Duty, seed: str) -> None:
    """Until killed, or alone: whoever started it is gone."""
    logging.disable(logging.WARNING)  # which tell of the faults that are asked for
    asyncio.run(_working(duty, Random(seed)))


async def _working(duty: Duty, chance: Random) -> None:
    clock, parent = duty.clock, multiprocessing.parent_process()
    store = await Store.open(duty.database, clock.now)
    channel = SlackChannel(
        Inbox(_unheard, store),
        bot_token=BOT_TOKEN,
        app_token="",
        signing_secret="",
        api_base=duty.api_base,
        dev=True,
        clock=clock.seconds,
        pause=clock.pause,
    )
    await channel.start()
    publishers = {"slack": Deadly(channel, chance, duty.dies, looks=duty.looks)}
    sender = Sender(store, _composed, publishers, clock.now, clock.seconds, clock.pause, chance)
    while parent and parent.is_alive():
        with suppress(StoreUnusable):  # too busy: the next look may fare better
            await sender.send()
        await clock.pause(LOOKS_EVERY)


async def _composed(of: Subscription, _: datetime) -> Composed:
    """The same for every channel but for its name: what is posted once is not in question here."""
    return Composed(Reply("answered", f"News of {of.channel} (test data)."), (), empty=False)


async def _unheard(_: Request) -> Reply:
    raise NotImplementedError("nothing is heard here")
