"""What every desk about suggested case studies works with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.apart import Apart
from bot.cases import wording
from bot.cases.showing import shown
from bot.conversation import Action, Form, Origin, Reply, Submitted
from bot.forms import again
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


class Desk:
    """A person is known here by a random key; only the store knows whose it is."""

    def __init__(self, means: Means) -> None:
        self._answerer, self._store, self._shelves = means.answerer, means.store, means.shelves
        self._administers, self._apart, self._clock = means.administers, means.apart, means.clock

    @property
    def _today(self) -> date:
        return self._clock().date()

    async def _known_key(self, origin: Origin) -> str:
        """The asker's random key, "" where there is none."""
        if not origin.person:
            return ""
        return await self._store.people(origin.community).known_key(origin.person)

    async def _unfit(self, origin: Origin) -> Reply | None:
        """Why somebody may not decide; None where they may. How to write to an administrator is
        kept for a while, since they are told of what comes next."""
        if not origin.person:
            return refused(wording.NOBODY)
        if not await self._administers(origin):
            return refused(wording.ADMINISTRATORS_ONLY)
        await self._store.people(origin.community).reached(origin)
        return None

    async def _at_hand(self, community: str) -> tuple[Answerer, Shelf]:
        """What answers there now, and the community's shelf for it."""
        answerer = await self._apart(self._answerer, community)
        return answerer, await self._shelves.of(community, answerer)

    async def _whole(self, one: Suggested) -> Reply:
        """A suggestion as administrators see it, without buttons."""
        answerer, shelf = await self._at_hand(one.community)
        texts = self._store.texts(one.community)
        alike = [text.about.title for name in one.doubles if (text := await texts.get(name))]
        return await self._apart(shown, one, answerer, shelf, self._named(one.outcomes), alike)

    def _named(self, outcomes: tuple[str, ...]) -> str:
        names = {one.value: one.label for one in self._answerer("").directory.outcomes}
        return ", ".join(names.get(one, one) for one in outcomes)

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
