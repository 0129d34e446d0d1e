"""What every desk about peers works with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from bot import desks
from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.apart import Apart
from bot.conversation import Action, Origin
from bot.offers import Profile, Seeker
from bot.peers import wording
from bot.shelves import Shelves
from bot.store import Introductions, Store


class Desk(desks.Desk):
    """What the desks about peers have in common."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        apart: Apart,
        clock: Callable[[], datetime],
        chance: Random,
    ) -> None:
        super().__init__(answerer, store, shelves, apart)
        self._clock, self._chance = clock, chance

    def _peers(self, origin: Origin) -> Introductions:
        return self._store.peers(origin.community)

    async def _own(self, origin: Origin) -> Profile | None:
        key = await self._known_key(origin)
        return await self._peers(origin).own(key) if key else None

    async def _seeker(self, origin: Origin, shelf: Shelf) -> Seeker:
        """The asker as their own offer and projects tell of them."""
        key = await self._known_key(origin)
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


OFFER_HELP = Action("open", wording.JOIN, "offer:")


def _is(profile: Profile, community: str, key: str) -> bool:
    return profile.community == community and profile.key == key
