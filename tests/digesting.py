"""Channels that a digest is set up in, past all desks. Everything is invented (test data)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Any

from bot.conversation import Origin
from bot.digests import Choices, Issue, Subscription
from bot.store import Store, Subscriptions
from bot.weeks import Schedule
from tests.tables import rows

LONDON = "Europe/London"
CHOICES = Choices(Schedule(1, time(9, 30), LONDON), ("data",))  # Tuesdays; tests begin on a Monday
PLATFORMS: dict[str, None] = {"slack": None, "teams": None}  # in any community


def at(text: str) -> datetime:
    """A moment in UTC: 2026-03-02 09:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def weekly(day: int, clock: str = "09:30", zone: str = LONDON) -> Choices:
    """To be posted on a weekday, 0 for Monday."""
    return Choices(Schedule(day, time.fromisoformat(clock), zone))


@dataclass(frozen=True)
class Channel:
    """A channel whose officers have a digest, with what they can call."""

    store: Store
    name: str = "C-1"
    community: str = "leeds"
    platform: str = "slack"

    @property
    def origin(self) -> Origin:
        return Origin(
            *(self.community, self.name, "100.1", "U-robin", self.platform),
            place=f"in {self.name}",
            link=f"https://chat.example/{self.name}",
        )

    @property
    def digests(self) -> Subscriptions:
        return self.store.subscriptions(self.community)

    def by(self, store: Store) -> Channel:
        """The same, as another process has it."""
        return replace(self, store=store)

    async def follows(self, choices: Choices = CHOICES, by: str = "") -> Subscription:
        return await self.digests.keep(self.origin, choices, by)

    async def digest(self) -> Subscription:
        found = await self.digests.of(self.name)
        assert found is not None
        return found

    async def due(self) -> list[Issue]:
        """What is claimed now, with what became due before that; of this channel."""
        await self.store.issues.enter()
        claimed = await self.store.issues.claim(PLATFORMS, 10_000)
        here = self.community, self.name
        of = [(one, one.subscription) for one in claimed]
        return [one for one, its in of if (its.community, its.channel) == here]

    async def comes(self) -> Issue:
        """The one that does, posted and noted as sent."""
        (one,) = await self.due()
        assert await self.store.issues.begin(one, one.due_at)
        await self.store.issues.sent(one, one.due_at)
        return one


def weeks(url: str, channel: str = "C-1") -> list[tuple[Any, ...]]:
    """Every issue of a channel, in order: its week, and what became of it."""
    query = "SELECT period, state FROM issue WHERE channel = :channel ORDER BY period"
    return rows(url, query, channel=channel)


def keys(issues: Sequence[Issue]) -> list[str]:
    return sorted(one.key for one in issues)
