"""Texts that were brought in: whether they can be looked at, answered from, and what waits."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from bot.checks import Finding, ok, unset, unsure, wrong
from bot.settings import Settings
from bot.sources.revisions import Revisions
from bot.sources.wording import counted
from bot.store import StoreUnusable, checks, default_url
from bot.store.checks import Held
from bot.texts import FOR_ALL, Source
from indexer.generation import IndexUnusable, current_id, open_current, own_home

SOURCES, OWN = "sources of texts", "own texts"
_SHOWN = 5  # faults of a kind, each by a line
_LONGEST = 200  # characters of what a source's last look came to


async def findings(settings: Settings) -> list[Finding]:
    """Of a database that is there and of this version; of any other that is told elsewhere."""
    address = settings.database_url or default_url(settings.home)
    try:
        file = checks.file_of(address)
        if file and not file.exists():
            return []
        held = await checks.held(address)
    except StoreUnusable:
        return []
    if held is None:
        return []
    if not held.sources:
        return [unset(OWN, "none was brought in", "To answer from yours too: outcomes add")]
    indexes = await asyncio.to_thread(_of_indexes, settings, held)
    return [*_of_sources(held.sources), *indexes, _of_texts(held)]


def _of_sources(sources: Sequence[Source]) -> list[Finding]:
    failed = [one for one in sources if one.failed]
    found = [
        wrong(
            SOURCES,
            f"{one.location} could not be looked at: {one.said[:_LONGEST]}",
            f"Put that right, then run: outcomes sources refresh {one.id}",
        )
        for one in failed[:_SHOWN]
    ]
    if left := len(failed) - len(found):
        what = f"{left} more could not be looked at either"
        found.append(wrong(SOURCES, what, "outcomes sources lists them all"))
    return found


def _of_indexes(settings: Settings, held: Held) -> list[Finding]:
    """Each community's own index, as far as this computer built it."""
    home, newest = settings.home, current_id(settings.home) or ""
    behind = set(Revisions(home).behind(held.revisions, newest))
    found = [
        finding
        for community in sorted(held.texts)
        for finding in _of_index(settings, community, behind=community in behind)
    ]
    if len(found) > _SHOWN:
        more = f"{len(found) - _SHOWN} more communities' indexes are not in order"
        found[_SHOWN:] = [unsure(OWN, more, "Run: outcomes index")]
    return found


def _of_index(settings: Settings, community: str, *, behind: bool) -> Iterator[Finding]:
    whose = "for every community" if community == FOR_ALL else f"of {community}"
    home = own_home(settings.home, community)
    if current_id(home) is not None or not behind:
        try:
            generation = open_current(home, model=settings.model or None)
        except IndexUnusable:
            what = f"the index {whose} cannot be used, and it is answered from without it"
            yield wrong(OWN, what, "Run: outcomes index")
            return
        if generation.id != current_id(home):
            what = f"the newest index {whose} is damaged, and an earlier one serves"
            yield wrong(OWN, what, "Run: outcomes index")
            return
    if behind:
        what = f"the index {whose} is behind the texts"
        do = "While the bot is served it follows in a minute or two; else run: outcomes index"
        yield unsure(OWN, what, do)


def _of_texts(held: Held) -> Finding:
    number, sources = sum(held.texts.values()), len(held.sources)
    what = f"{counted(number, 'text')} of {counted(sources, 'source')}"
    if not held.waiting:
        return ok(OWN, f"{what}, all confirmed" if number else what)
    do = "outcomes sources review shows what they seem to be"
    return ok(OWN, f"{what}; {held.waiting} of them to be confirmed", do)
