"""A channel that gets a digest from the real assistant, in a time that can be moved. Everybody
is invented (test data)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from bot.administrators import Administrators
from bot.app import App, wired
from bot.conversation import Origin, Reply
from bot.current import CurrentAnswerer
from bot.digests import Subscription
from bot.store import Store
from tests import databases
from tests.clock import Clock
from tests.projects_desk import Officer
from tests.walls import Walls

UNKNOWN = "Which councils use drones to inspect bridges in Cornwall?"
OPENLY = "Did Cornwall say what drones for bridges cost? Ring Ann Testname on 01632 960 001."


@dataclass(frozen=True)
class Place:
    """A channel with its officers, in a time that can be moved."""

    app: App
    clock: Clock
    walls: Walls

    def officer(self, name: str = "robin", channel: str = "C1", **changes: object) -> Officer:
        origin = Origin(
            *("anytown", channel, f"thread of {name}", name, "slack", f"to {name}"),
            room="channel",
            place=channel,
            link=f"https://example.org/{channel}/{name}",
        )
        return Officer(self.app.assistant.handle, replace(origin, **changes))  # type: ignore[arg-type]

    async def kept(self, channel: str = "C1") -> Subscription:
        found = await self.app.store.subscriptions("anytown").of(channel)
        assert found is not None
        return found

    async def week(self) -> list[Reply]:
        """What is posted when the next digest is due."""
        await self.app.assistant.finish()
        self.clock.pass_by(minutes=1)
        self.clock.now = max((await self.kept()).next_due, self.clock.now)
        before = len(self.walls.posted)
        await self.app.sender.send()
        return [reply for _, _, reply in self.walls.posted[before:]]


class opened:  # reads as one
    """A place; `anyone` says who looks after digests in it."""

    def __init__(self, current: CurrentAnswerer, folder: Path, *, anyone: bool = True) -> None:
        self._current, self._folder, self._anyone = current, folder, anyone

    async def __aenter__(self) -> Place:
        clock, walls = Clock(), Walls()
        self._store = await Store.open(databases.new(self._folder), clock)
        people = Administrators(("admin",))
        self._app = wired(self._current, self._store, people, clock, anyone_manages=self._anyone)
        self._app.publishers["slack"] = walls
        return Place(self._app, clock, walls)

    async def __aexit__(self, *_: object) -> None:
        await self._app.assistant.finish()
        await self._store.close()


async def set_up(who: Officer, **changes: str) -> Reply:
    return await who.sends((await who.writes("digest")).form, **changes)
