"""Every community's shelf, kept in memory and held against the database before each answer."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

import numpy as np

from bot.answers.answerer import Answerer
from bot.answers.outcomes import OutcomeRanker
from bot.answers.shelf import EMPTY, Shelf, Vector
from bot.offers import Profile
from bot.projects import Project
from bot.questions import Verified
from bot.store import Offered, Store, StoreUnusable, Vectored

MOST_KEPT = 200  # communities in memory; one that is not there is read again
PATIENCE = 1.5  # seconds that an answer waits for its shelf to be put in order
AT_ONCE = 50  # projects embedded anew between two writes

_log = logging.getLogger(__name__)
_Old = TypeVar("_Old")
_Held = dict[tuple[str, str], tuple[Project, Vector]]


@dataclass
class _Kept:
    """A community's shelf and what it was made of: by which index, at which revisions. `gone` are
    the texts it brought in that its index still holds, and the database, of which `there` are the
    ids, no longer; None where those were never read."""

    index: tuple[str, str] = ("", "")
    revisions: tuple[int, int] = (0, -1)
    texts: tuple[str, int] = ("", -1)  # the generation they are in, and their revision
    hidden: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    there: frozenset[str] | None = None
    own: _Held = field(default_factory=dict)
    beyond: _Held = field(default_factory=dict)
    peers: Sequence[tuple[Profile, Vector]] = ()
    verified: Sequence[tuple[Verified, Vector]] = ()
    day: date = date.min  # of which the answers on the shelf are
    shelf: Shelf = EMPTY
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    late: asyncio.Task[None] | None = None


class Shelves:
    """Reads what changed since the last look: what another process registered too."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._renewing: dict[str, asyncio.Task[None]] = {}

    async def of(self, community: str, answerer: Answerer) -> Shelf:
        """The community's shelf as it stands in the database, for one answerer's vectors; as it
        was last known, where that cannot be read or takes too long."""
        kept = self._kept.setdefault(community, _Kept())
        self._kept.move_to_end(community)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        if kept.late is None or kept.late.done():
            kept.late = None
            looking = asyncio.create_task(self._look(community, kept, answerer))
            done, _ = await asyncio.wait({looking}, timeout=PATIENCE)
            if not done:
                _log.error("Answering with the projects known so far: the database is slow")
                kept.late = looking
        shelf = Shelf(hidden=kept.shelf.hidden)  # its vectors mean nothing to another model
        if kept.index[0] in ("", answerer.model):
            shelf = _standing(kept, self._store.today)
        return shelf if kept.texts[0] == answerer.generation else _closed(shelf, kept, answerer)

    def drop(self, offer: str) -> None:
        """Take an offer that was erased out of memory, wherever it could be found."""
        for kept in self._kept.values():
            kept.peers = [(one, row) for one, row in kept.peers if one.id != offer]
            kept.shelf = kept.shelf.without(offer)

    async def settle(self) -> None:
        """Wait for what is being embedded anew."""
        await asyncio.gather(*self._renewing.values())

    async def finish(self) -> None:
        """Leave what is being embedded anew for the next start."""
        late = [kept.late for kept in self._kept.values() if kept.late]
        left = [*self._renewing.values(), *late]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _look(self, community: str, kept: _Kept, answerer: Answerer) -> None:
        try:
            async with kept.lock:
                await self._put_in_order(community, kept, answerer)
        except StoreUnusable as error:
            _log.error("Answering with the projects known so far: %s", error)

    async def _put_in_order(self, community: str, kept: _Kept, answerer: Answerer) -> None:
        register, index = self._store.community(community), (answerer.model, answerer.tags)
        *counted, revision = await register.revisions()
        if (answerer.generation, revision) != kept.texts:
            kept.gone = await self._gone(community, kept, answerer)
            kept.texts = answerer.generation, revision
            kept.shelf = replace(kept.shelf, hidden=kept.hidden | kept.gone)
        revisions = counted[0], counted[1]
        if (index, revisions) == (kept.index, kept.revisions):
            return
        if index != kept.index or revisions[0] < kept.revisions[0]:  # or it was forgotten
            kept.own, kept.revisions = {}, (0, -1)
        changed = await register.changed(kept.revisions[0])
        for one in changed:
            kept.own.pop((community, one.project.id), None)
        kept.own |= self._vectors([one for one in changed if not one.project.withdrawn], answerer)
        if revisions[1] != kept.revisions[1]:
            kept.beyond = self._vectors(await register.beyond(), answerer)
        kept.peers = self._offered(await self._store.peers(community).offered(), answerer)
        fit = await self._store.fits(community).fit(answerer.tags)
        ranker = await asyncio.to_thread(OutcomeRanker, fit.learned) if fit else None
        found = [*kept.own.values(), *kept.beyond.values()]
        kept.verified = await self._verified(community, answerer)
        kept.hidden = frozenset(await register.hidden())
        kept.shelf = Shelf.of(found, kept.hidden | kept.gone, ranker, kept.peers)
        kept.day = date.min
        kept.index, kept.revisions = index, revisions

    async def _gone(self, community: str, kept: _Kept, answerer: Answerer) -> frozenset[str]:
        """What was brought in and removed since the index was built: hidden at once."""
        if not (brought := _brought(answerer)):
            return brought
        kept.there = await self._store.texts(community).ids()
        return brought - kept.there

    def _vectors(self, found: Sequence[Vectored], answerer: Answerer) -> _Held:
        """Those with a vector of the model. The others are embedded anew behind this, and are
        on the shelf when that is done."""
        old = (one.project.community for one in found if one.model != answerer.model)
        self._renew_all(set(old), answerer)
        return {
            (one.project.community, one.project.id): (
                one.project,
                np.frombuffer(one.vector, dtype=np.float32),
            )
            for one in found
            if one.model == answerer.model
        }

    def _offered(
        self, found: Sequence[Offered], answerer: Answerer
    ) -> list[tuple[Profile, Vector]]:
        """The same for peers."""
        old = (one.profile.community for one in found if one.model != answerer.model)
        self._renew_all(set(old), answerer)
        return [
            (one.profile, np.frombuffer(one.vector, dtype=np.float32))
            for one in found
            if one.model == answerer.model
        ]

    async def _verified(self, community: str, answerer: Answerer) -> list[tuple[Verified, Vector]]:
        """The same for verified answers, whether their day has passed or not."""
        found = await self._store.verified(community).all()
        self._renew_all({community for *_, model in found if model != answerer.model}, answerer)
        return [
            (one, np.frombuffer(vector, dtype=np.float32).reshape(len(one.asked), -1))
            for one, vector, model in found
            if model == answerer.model
        ]

    def _renew_all(self, communities: set[str], answerer: Answerer) -> None:
        for community in communities - self._renewing.keys():
            task = asyncio.create_task(self._renew(community, answerer))
            self._renewing[community] = task

    async def _renew(self, community: str, answerer: Answerer) -> None:
        """Embed what another model embedded, and have every shelf read again."""
        try:
            await self._renew_projects(community, answerer)
            await self._renew_offers(community, answerer)
            await self._renew_verified(community, answerer)
        except StoreUnusable as error:
            _log.error("Projects, offers and answers could not be embedded anew: %s", error)
        finally:
            self._renewing.pop(community, None)
            for kept in self._kept.values():
                kept.index = ("", "") if kept.index[0] == answerer.model else kept.index

    async def _renew_projects(self, community: str, answerer: Answerer) -> None:
        register = self._store.community(community)
        old = [
            one
            for one in await register.changed(0)
            if one.model != answerer.model and not one.project.withdrawn
        ]
        for some in _parts(old):
            texts = [one.project.details.told for one in some]
            vectors = await asyncio.to_thread(answerer.encoded_all, texts)
            made = zip(some, vectors, strict=True)
            await register.embed(
                [replace(one, vector=row.tobytes(), model=answerer.model) for one, row in made]
            )

    async def _renew_offers(self, community: str, answerer: Answerer) -> None:
        peers = self._store.peers(community)
        old = [
            one
            for one in await peers.offered()
            if one.model != answerer.model and one.profile.community == community
        ]
        for some in _parts(old):
            texts = [one.profile.offer.help for one in some]
            vectors = await asyncio.to_thread(answerer.encoded_all, texts)
            made = zip(some, vectors, strict=True)
            await peers.embed_offers(
                [replace(one, vector=row.tobytes(), model=answerer.model) for one, row in made]
            )

    async def _renew_verified(self, community: str, answerer: Answerer) -> None:
        answers = self._store.verified(community)
        old = [one for one, _, model in await answers.all() if model != answerer.model]
        for some in _parts(old):
            texts = [text for one in some for text in one.asked]
            rows = iter(await asyncio.to_thread(answerer.encoded_all, texts))
            made = [(one, b"".join(next(rows).tobytes() for _ in one.asked)) for one in some]
            await answers.embed([(one, vectors, answerer.model) for one, vectors in made])


def _standing(kept: _Kept, today: date) -> Shelf:
    """The shelf with the answers that are stood for today: no change of anything tells when one
    is no longer."""
    if kept.day != today:
        standing = [(one, row) for one, row in kept.verified if one.until >= today]
        kept.shelf, kept.day = kept.shelf.standing(standing), today
    return kept.shelf


def _brought(answerer: Answerer) -> frozenset[str]:
    """The ids of all texts in an index that were brought in, and of their doubles."""
    own = [one for one in answerer.library.texts if one.brought]
    doubles = {name for one in own if one.brought for *_, name in one.brought.doubles}
    return frozenset(doubles.union(one.id for one in own))


def _closed(shelf: Shelf, kept: _Kept, answerer: Answerer) -> Shelf:
    """The shelf for an index that was not held against the database yet: what is not known to be
    there any more may have been removed, and is hidden until that is known."""
    if not (unsure := _brought(answerer) - (kept.there or frozenset())):
        return shelf
    _log.error(
        "%d texts that were brought in are left out of answers until the database says which of "
        "them are still there", len(unsure),
    )  # fmt: skip
    return replace(shelf, hidden=shelf.hidden | unsure)


def _parts(found: Sequence[_Old]) -> Iterator[Sequence[_Old]]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]
