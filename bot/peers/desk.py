"""What every desk about peers works with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.apart import Apart
from bot.conversation import Action, Form, Origin, Reply, Submitted
from bot.forms import again
from bot.offers import Profile, Seeker
from bot.peers import wording
from bot.shelves import Shelves
from bot.store import Introductions, Store


class Desk:
    """A person is known here by a random key; only the store knows whose it is."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        apart: Apart,
        clock: Callable[[], datetime],
        chance: Random,
    ) -> None:
        self._answerer, self._store, self._shelves = answerer, store, shelves
        self._apart, self._clock, self._chance = apart, clock, chance

    def _peers(self, origin: Origin) -> Introductions:
        return self._store.peers(origin.community)

    async def _key(self, origin: Origin) -> str:
        """The asker's random key, "" where there is none yet."""
        if not origin.person:
            return ""
        return await self._store.people(origin.community).known_key(origin.person)

    async def _own(self, origin: Origin) -> Profile | None:
        key = await self._key(origin)
        return await self._peers(origin).own(key) if key else None

    async def _at_hand(self, origin: Origin) -> tuple[Answerer, Shelf]:
        """What answers now, and the community's shelf for it."""
        answerer = await self._apart(self._answerer, origin.community)
        return answerer, await self._shelves.of(origin.community, answerer)

    async def _seeker(self, origin: Origin, shelf: Shelf) -> Seeker:
        """The asker as their own offer and projects tell of them."""
        key = await self._key(origin)
        if not key:
            return Seeker(origin.community)
        theirs = [one for one in shelf.profiles if _is(one, origin.community, key)]
        owned = [
            one for one in shelf.projects if one.community == origin.community and one.owner == key
        ]
        councils = [
            *(one.offer.council for one in theirs),
            *(one.details.council for one in owned if one.details.council),
        ]
        outcomes = [*(theirs[0].offer.outcomes if theirs else ())]
        outcomes += [outcome for one in owned for outcome in one.outcome_ids]
        council = councils[0] if councils else ""
        return Seeker(origin.community, key, council, tuple(dict.fromkeys(outcomes)))

    def _names(self, outcomes: tuple[str, ...]) -> str:
        names = {one.value: one.label for one in self._answerer("").directory.outcomes}
        return ", ".join(names.get(one, one) for one in outcomes)

    def _asked(self, form: Form) -> Reply:
        return Reply("help", wording.FILL_IN, form=form, private=True)

    def _faulty(self, form: Form, request: Submitted, faults: dict[str, str]) -> Reply:
        shown = again(form, request.values, faults)
        return Reply("invalid", wording.FAULTY, form=shown, private=True)


OFFER_HELP = Action("open", wording.JOIN, "offer:")


def said(body: str, *actions: Action) -> Reply:
    """Something for the asker alone."""
    return Reply("answered", body, actions=actions, private=True)


def refused(body: str, *actions: Action) -> Reply:
    """Why something cannot be done."""
    return Reply("invalid", body, actions=actions, private=True)


def _is(profile: Profile, community: str, key: str) -> bool:
    return profile.community == community and profile.key == key
