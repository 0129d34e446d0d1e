"""Digests on a platform that is served: a time that can be moved, and what is posted in it.
Everybody is invented (test data)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.digests import Subscription
from tests.peers_desk import Town

OPENLY = "Which councils use drones to inspect bridges in Cornwall?"
QUIETLY = "Did Cornwall say what drones for bridges cost? Ring Ann Testname on 01632 960 001."
ANSWER = {"words": "Ask our bridges team: they flew two.", "name": "Sam Testname"}
BUTTONS = ["Change", "Pause", "Preview", "Send now", "Stop"]


@dataclass(frozen=True)
class Press:
    """What posts digests and letters, once it is time."""

    town: Town
    community: str

    async def kept(self, channel: str) -> Subscription:
        """The digest of a channel."""
        found = await self.town.app.store.subscriptions(self.community).of(channel)
        assert found is not None, channel
        return found

    async def stands(self, channel: str) -> bool:
        """Whether a channel has a digest."""
        return bool(await self.town.app.store.subscriptions(self.community).of(channel))

    async def due(self, channel: str) -> None:
        """Post what is due once a channel's next digest is."""
        await self.town.app.assistant.finish()
        self.town.clock.pass_by(minutes=1)
        self.town.clock.now = max((await self.kept(channel)).next_due, self.town.clock.now)
        await self.town.app.sender.send()

    async def again(self, **later: float) -> None:
        """Post what is due after a while."""
        self.town.clock.pass_by(**later)
        await self.town.app.sender.send()

    async def letters(self) -> None:
        """Send all that is written to officers."""
        while await self.town.app.outbox.send():
            pass

    async def audited(self) -> list[str]:
        """What the log tells of digests, the oldest first."""
        entries = await self.town.app.store.fits(self.community).audit()
        return [one.action for one in entries if one.action.startswith("digest")]
