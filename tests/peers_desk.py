"""Officers who offer help and ask for it, with the real assistant. All of them are invented
(test data)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from bot.administrators import Administrators
from bot.app import App, wired
from bot.conversation import Origin, Reply
from bot.current import CurrentAnswerer
from bot.store import Store
from tests import databases
from tests.clock import Clock
from tests.projects_desk import Officer

HERE, ELSEWHERE = "anytown", "farshire"
SENSORS = {
    "help": "We put damp sensors into 500 council homes and learned to read what they say.",
    "outcomes": "data,services",
    "council": "Kirklees Council",
    "name": "Robin Testname",
}
WISH = {
    "line": "We begin with damp sensors: which ones last?",
    "name": "Sam Testname",
    "council": "Wigan Council",
}
WHAT = "damp sensors in council homes"


@dataclass(frozen=True)
class Town:
    """An assistant whose time can be moved."""

    app: App
    clock: Clock

    def officer(self, name: str, community: str = HERE, platform: str = "page") -> Officer:
        origin = Origin(community, "C1", f"thread of {name}", name, platform, name)
        return Officer(self.app.assistant.handle, origin)

    async def post_of(self, who: Officer) -> Sequence[Reply]:
        """What waits for somebody; it is given once."""
        return await self.app.outbox.collect(who.origin)

    async def offer_of(self, who: Officer) -> str:
        """The id of what somebody offers."""
        store, community = self.app.store, who.origin.community
        key = await store.people(community).known_key(who.origin.person)
        own = await store.peers(community).own(key)
        assert own is not None
        return own.id


@asynccontextmanager
async def town(current: CurrentAnswerer, folder: Path, url: str = "") -> AsyncIterator[Town]:
    clock = Clock()
    store = await Store.open(url or databases.new(folder), clock)
    administrators = Administrators(("admin",))
    app = wired(current, store, administrators, clock, Random(1))
    yield Town(app, clock)
    await app.assistant.finish()
    await store.close()


async def joins(who: Officer, **changes: str) -> Reply:
    form = (await who.writes("peers join")).form
    return await who.sends(form, **{**SENSORS, **changes})


async def asks(who: Officer, offer: str, **changes: str) -> Reply:
    form = (await who.does("open", f"introduce:{offer}")).form
    return await who.sends(form, **{**WISH, **changes})


async def found(who: Officer, what: str = WHAT) -> list[str]:
    """The offers that somebody is shown."""
    return [one.id for one in (await who.writes(f"peers {what}")).peers]


def elsewhere(who: Officer, community: str = ELSEWHERE) -> Officer:
    """The same name in another community: somebody else."""
    return replace(who, origin=replace(who.origin, community=community))
