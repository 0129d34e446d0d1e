"""What every desk about suggested case studies works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot import desks
from bot.answers.answerer import Answerer
from bot.apart import Apart
from bot.cases import wording
from bot.cases.showing import shown
from bot.conversation import Origin, Reply
from bot.desks import refused
from bot.shelves import Shelves
from bot.store import Store
from bot.texts import Suggested


@dataclass(frozen=True, slots=True)
class Means:
    """What desks are given. `answerer` is that of a community, of the shipped texts for ""."""

    answerer: Callable[[str], Answerer]
    store: Store
    shelves: Shelves
    administers: Callable[[Origin], Awaitable[bool]]
    apart: Apart
    clock: Callable[[], datetime]


class Desk(desks.Desk):
    """What the three desks have in common."""

    def __init__(self, means: Means) -> None:
        super().__init__(means.answerer, means.store, means.shelves, means.apart)
        self._administers, self._clock = means.administers, means.clock

    @property
    def _today(self) -> date:
        return self._clock().date()

    async def _unfit(self, origin: Origin) -> Reply | None:
        """Why somebody may not decide; None where they may. How to write to an administrator is
        kept for a while, since they are told of what comes next."""
        if not origin.person:
            return refused(wording.NOBODY)
        if not await self._administers(origin):
            return refused(wording.ADMINISTRATORS_ONLY)
        await self._store.people(origin.community).reached(origin)
        return None

    async def _whole(self, one: Suggested) -> Reply:
        """A suggestion as administrators see it, without buttons."""
        answerer, shelf = await self._at_hand(one.community)
        texts = self._store.texts(one.community)
        alike = [text.about.title for name in one.doubles if (text := await texts.get(name))]
        return await self._apart(shown, one, answerer, shelf, self._names(one.outcomes), alike)
