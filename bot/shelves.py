"""Every community's shelf, kept in memory and held against the database before each answer."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.answers.answerer import Answerer
from bot.answers.outcomes import OutcomeRanker
from bot.answers.shelf import EMPTY, Shelf, Vector
from bot.projects import Project
from bot.store import Store, StoreUnusable, Vectored

_log = logging.getLogger(__name__)
MOST_KEPT = 200  # communities in memory; one that is not there is read again
_Held = dict[str, tuple[Project, Vector]]


@dataclass
class _Kept:
    """A community's shelf and what it was made of: by which index, at which revisions."""

    index: tuple[str, str] = ("", "")
    revisions: tuple[int, int] = (0, 0)
    own: _Held = field(default_factory=dict)
    beyond: _Held = field(default_factory=dict)
    shelf: Shelf = EMPTY
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Shelves:
    """Reads what changed since the last look: what another process registered too."""

    def __init__(self, store: Store, answerer: Callable[[], Answerer]) -> None:
        self._store, self._answerer = store, answerer
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def of(self, community: str) -> Shelf:
        """The community's shelf as it stands in the database; as it was last known, where that
        cannot be read."""
        kept = self._kept.setdefault(community, _Kept())
        self._kept.move_to_end(community)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        try:
            async with kept.lock:
                await self._put_in_order(community, kept)
        except StoreUnusable as error:
            _log.error("Answering with the projects known so far: %s", error)
        return kept.shelf

    async def _put_in_order(self, community: str, kept: _Kept) -> None:
        answerer, register = self._answerer(), self._store.community(community)
        index, revisions = (answerer.model, answerer.tags), await register.revisions()
        if (index, revisions) == (kept.index, kept.revisions):
            return
        if index != kept.index or revisions[0] < kept.revisions[0]:  # or it was forgotten
            kept.own, kept.revisions = {}, (0, -1)
        changed = await register.changed(kept.revisions[0])
        for one in changed:
            kept.own.pop(one.project.id, None)
        there = [one for one in changed if not one.project.withdrawn]
        kept.own |= await self._vectors(there, answerer)
        if revisions[1] != kept.revisions[1]:
            kept.beyond = await self._vectors(await register.beyond(), answerer)
        fit = await self._store.fits(community).fit(answerer.tags)
        ranker = await asyncio.to_thread(OutcomeRanker, fit.learned) if fit else None
        kept.shelf = Shelf.of({**kept.beyond, **kept.own}, await register.hidden(), ranker)
        kept.index, kept.revisions = index, revisions

    async def _vectors(self, found: Sequence[Vectored], answerer: Answerer) -> _Held:
        """Their vectors; those that another model made are made anew, and kept."""
        held: _Held = {}
        for one in found:
            if one.model == answerer.model:
                held[one.project.id] = one.project, np.frombuffer(one.vector, dtype=np.float32)
                continue
            vector = await asyncio.to_thread(answerer.encoded, one.project.details.told)
            held[one.project.id] = one.project, vector
            theirs = self._store.community(one.project.community)
            await theirs.embed(one.project.id, vector.tobytes(), answerer.model)
        return held
