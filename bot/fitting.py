"""outcomes tag fit: what each community's own confirmed projects teach about tags.

What a community confirmed reaches no other, unless its owner shared it. What is learned is taken
only if it does the shipped examples no harm.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

from bot.projects import Project
from bot.settings import Settings
from bot.store import Fit, Store, default_url
from indexer.newest import newest_index
from indexer.progress import bar
from indexer.search import Index
from indexer.tag_evaluation import mean_precision, shipped
from indexer.tag_training import Encoded, Example, joined, learn
from indexer.tagging import from_bytes, to_bytes

MOST_LOST = 0.02  # of the mean average precision on the shipped examples
MOST_EXAMPLES = 1000  # the newest; learning takes longer with each, and gains less

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fitted:
    """What became of one community's fit: "taken", "refused", "unchanged", "dropped" or
    "failed". `before`
    and `after` are the mean average precision on the shipped examples; 0 where none was made."""

    community: str
    projects: int
    result: str
    before: float = 0.0
    after: float = 0.0

    def __str__(self) -> str:
        told = f"{self.community}: {self.projects} projects, {self.result}"
        if not self.after:
            return told
        return f"{told}; MAP on the shipped examples {self.after:.3f}, {self.before:.3f} before"


class Shipped:
    """The shipped examples: encoded, and tried without any project, once for all communities."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._count = len(index.library.case_studies)

    @cached_property
    def examples(self) -> Encoded:
        return shipped(self.index.library, self.index.encode)

    @cached_property
    def alone(self) -> float:
        return mean_precision(self.examples, self._count)

    def beside(self, source: Encoded) -> float:
        """The mean average precision on them, with more examples to learn from."""
        return mean_precision(source, self._count)


class Fitting:
    """Learns for one community after the other."""

    def __init__(self, shipped: Shipped, store: Store) -> None:
        self._shipped, self._index, self._store = shipped, shipped.index, store

    async def fit(self, community: str) -> Fitted:
        """Learn from what is confirmed there, and take it if it does no harm."""
        fits, projects = self._store.fits(community), await self._projects(community)
        if not projects:
            await fits.drop()
            return Fitted(community, 0, "dropped")
        learned_from = [Example(one.id, one.details.told, one.outcome_ids) for one in projects]
        names, base = _digest(learned_from), self._index.tags
        kept = await fits.fit(base)
        if kept and kept.examples == names:
            return Fitted(community, len(projects), "unchanged")
        return await self._learned(community, learned_from, names)

    async def _learned(self, community: str, more: Sequence[Example], names: str) -> Fitted:
        fits = self._store.fits(community)
        source = joined(self._shipped.examples, more, self._index.encode)
        before, after = self._shipped.alone, self._shipped.beside(source)
        if before - after > MOST_LOST:
            reason = f"MAP {after:.3f} on the shipped examples, {before:.3f} before"
            _log.warning("What %d projects taught is not taken: %s", len(more), reason)
            await self._refused(community, reason, {one.id for one in more})
            return Fitted(community, len(more), "refused", before, after)
        await fits.keep(Fit(self._index.tags, names, to_bytes(learn(source)), len(more)))
        return Fitted(community, len(more), "taken", before, after)

    async def _refused(self, community: str, reason: str, there: set[str]) -> None:
        """The fit before stays, unless it was learned from what is not to be seen any more."""
        fits = self._store.fits(community)
        kept = await fits.fit(self._index.tags)
        shipped = {one.id for one in self._shipped.examples.examples}
        if kept and not set(from_bytes(kept.learned).examples) <= there | shipped:
            await fits.drop()
        await fits.refused(reason)

    async def _projects(self, community: str) -> list[Project]:
        """Those with outcomes that can be seen from there, the newest first."""
        register = self._store.community(community)
        found = [*await register.changed(0), *await register.beyond()]
        hidden = await register.hidden()
        seen = [
            one.project
            for one in found
            if one.project.outcomes and not one.project.withdrawn and one.project.id not in hidden
        ]
        newest = sorted(seen, key=lambda one: one.registered_at, reverse=True)
        return newest[:MOST_EXAMPLES]


def report(settings: Settings, *, as_lines: bool, say: Callable[[str], None]) -> None:
    """Fit every community that has projects; a line for each as soon as it is done."""
    asyncio.run(_all(settings, as_lines=as_lines, say=say))


async def _all(settings: Settings, *, as_lines: bool, say: Callable[[str], None]) -> None:
    index = newest_index(settings.home, settings.model or None, settings.database_url)
    store = await Store.open(settings.database_url or default_url(settings.home))
    try:
        fitting, communities = Fitting(Shipped(index), store), await store.communities()
        with bar("Learning", len(communities)) as advance:
            for community in communities:
                done = await _fitted(fitting, community)
                say(json.dumps(asdict(done)) if as_lines else str(done))
                advance(1)
        if not communities:
            say(json.dumps({"result": "nothing"}) if as_lines else "No project is registered yet.")
    finally:
        await store.close()


async def _fitted(fitting: Fitting, community: str) -> Fitted:
    """One community's trouble does not keep the others from learning."""
    try:
        return await fitting.fit(community)
    except Exception as error:
        _log.error("Nothing was learned for one community: %s", type(error).__name__)
        return Fitted(community, 0, "failed")


def _digest(examples: Sequence[Example]) -> str:
    told = [[one.id, one.text, one.outcomes] for one in examples]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()
