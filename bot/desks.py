"""What every desk works with, whatever it answers requests about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.apart import Apart
from bot.conversation import Action, Form, Origin, Reply, Submitted
from bot.forms import FAULTY, FILL_IN, again
from bot.shelves import Shelves
from bot.store import Store


class Desk:
    """A person is known here by a random key; only the store knows whose it is. `answerer` is that
    of a community, or for "" of the shipped texts."""

    def __init__(
        self, answerer: Callable[[str], Answerer], store: Store, shelves: Shelves, apart: Apart
    ) -> None:
        self._answerer, self._store = answerer, store
        self._shelves, self._apart = shelves, apart

    async def _known_key(self, origin: Origin) -> str:
        """The asker's random key, "" where there is none: then nothing is theirs."""
        if not origin.person:
            return ""
        return await self._store.people(origin.community).known_key(origin.person)

    async def _at_hand(self, community: str) -> tuple[Answerer, Shelf]:
        """What answers there now, and the community's shelf for it."""
        answerer = await self._apart(self._answerer, community)
        return answerer, await self._shelves.of(community, answerer)

    def _names(self, outcomes: Iterable[str]) -> str:
        """Outcomes by their names, as a list in a sentence."""
        names = self._named()
        return ", ".join(names.get(one, one) for one in outcomes)

    def _named(self) -> dict[str, str]:
        return {one.value: one.label for one in self._answerer("").directory.outcomes}

    def _asked(self, form: Form) -> Reply:
        return Reply("help", FILL_IN, form=form, private=True)

    def _faulty(self, form: Form, request: Submitted, faults: Mapping[str, str]) -> Reply:
        shown = again(form, request.values, faults)
        return Reply("invalid", FAULTY, form=shown, private=True)


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
