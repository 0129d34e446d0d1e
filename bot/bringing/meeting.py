"""Whether a community that is named is one this bot knows: a mistyped id would be an empty room."""

from __future__ import annotations

from collections.abc import Sequence

from bot.administrators import ALONE
from bot.bringing import wording
from bot.bringing.command import Job, NotBrought
from bot.store import Store
from bot.texts import Source


async def warn_unmet(job: Job, store: Store) -> None:
    """Say so where texts are brought in for a community of which nothing is known yet; it may
    join later."""
    community = job.given.community
    if community and community not in ALONE and not await store.met(community):
        job.complain(wording.UNMET.format(community))


async def sources_of(store: Store, community: str | None, source: str | None) -> Sequence[Source]:
    """Those of a community or of all, or the one named. Raises NotBrought where there is none of
    what was named."""
    every = await store.every_source()
    if source and source not in {one.id for one in every}:
        raise NotBrought(wording.NO_SOURCE.format(source))
    theirs = [one for one in every if community in (None, one.community)]
    if community and not theirs:
        raise NotBrought(wording.NONE_OF.format(community))
    found = [one for one in theirs if source in (None, one.id)]
    if source and not found:
        raise NotBrought(wording.NOT_OF.format(source, community))
    return found
