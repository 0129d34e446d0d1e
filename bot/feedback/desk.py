"""What every desk about feedback works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot import desks
from bot.answers.answerer import Answerer
from bot.apart import Apart
from bot.conversation import Origin, Reply
from bot.desks import refused
from bot.feedback import wording
from bot.questions import Expert
from bot.shelves import Shelves
from bot.store import Store


class Desk(desks.Desk):
    """What the desks about feedback have in common."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        administers: Callable[[Origin], Awaitable[bool]],
        apart: Apart,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(answerer, store, shelves, apart)
        self._administers, self._clock = administers, clock

    @property
    def _today(self) -> date:
        return self._clock().date()

    async def _reached(self, origin: Origin) -> str:
        """The asker's random key, made where there is none, with how to write to them."""
        return await self._store.people(origin.community).reached(origin)

    async def _expert(self, origin: Origin) -> Expert | None:
        """The asker, if they look after answers or ask to."""
        key = await self._known_key(origin)
        everyone = await self._store.experts(origin.community).all() if key else []
        return next((one for one in everyone if one.key == key), None)

    async def _unfit(self, origin: Origin) -> Reply | None:
        """Why somebody may not look after answers; None where they may."""
        if not origin.person:
            return refused(wording.NOBODY)
        if await self._administers(origin):
            return None
        key = await self._known_key(origin)
        named = bool(key) and await self._store.experts(origin.community).is_named(key)
        return None if named else refused(wording.NOT_ALLOWED)
