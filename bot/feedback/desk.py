"""What every desk about feedback works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.apart import Apart
from bot.conversation import Action, Form, Origin, Reply, Submitted
from bot.feedback import wording
from bot.forms import again
from bot.questions import Expert
from bot.shelves import Shelves
from bot.store import Store


class Desk:
    """A person is known here by a random key; only the store knows whose it is."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        administers: Callable[[Origin], Awaitable[bool]],
        apart: Apart,
        clock: Callable[[], datetime],
    ) -> None:
        self._answerer, self._store, self._shelves = answerer, store, shelves
        self._administers, self._apart, self._clock = administers, apart, clock

    @property
    def _today(self) -> date:
        return self._clock().date()

    async def _known_key(self, origin: Origin) -> str:
        """The asker's random key, "" where there is none."""
        if not origin.person:
            return ""
        return await self._store.people(origin.community).known_key(origin.person)

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

    async def _at_hand(self, origin: Origin) -> tuple[Answerer, Shelf]:
        """What answers now, and the community's shelf for it."""
        answerer = await self._apart(self._answerer, origin.community)
        return answerer, await self._shelves.of(origin.community, answerer)

    def _asked(self, form: Form) -> Reply:
        return Reply("help", wording.FILL_IN, form=form, private=True)

    def _faulty(self, form: Form, request: Submitted, faults: dict[str, str]) -> Reply:
        shown = again(form, request.values, faults)
        return Reply("invalid", wording.FAULTY, form=shown, private=True)


def beginning(value: str, many: int) -> int:
    """Where a list of so many goes on; past its end, at the first."""
    start = int(value) if value.isdecimal() and len(value) < 9 else 0
    return start if start < many else 0


def said(body: str, *actions: Action) -> Reply:
    """Something for the asker alone."""
    return Reply("answered", body, actions=actions, private=True)


def refused(body: str, *actions: Action) -> Reply:
    """Why something cannot be done."""
    return Reply("invalid", body, actions=actions, private=True)
