"""What happened in a week, gathered for one channel and made into its digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.answers.answerer import Answerer
from bot.apart import Apart
from bot.digest.composing import compose
from bot.digests import Choices, Composed, News, Subscription, Volunteer
from bot.offers import Profile, concealed
from bot.store import Store
from bot.weeks import period_at
from knowledge.library import CaseStudy, Library

ASKED_FOR = timedelta(weeks=4)  # how long an open question waits for a digest with room for it


class Editor:
    """Reads all of it from the database at that moment: where it is away there is no digest,
    rather than one without what happened, or with what was hidden meanwhile."""

    def __init__(self, answerer: Callable[[], Answerer], store: Store, apart: Apart) -> None:
        self._answerer, self._store, self._apart = answerer, store, apart
        self._noted = ""

    async def note(self) -> int:
        """Once for each library that is answered from, note what it holds, so that what comes
        or changes after it is news."""
        library = (await self._apart(self._answerer)).library
        if self._noted != library.digest:
            texts = {one.id: one.digest for one in library.case_studies}
            await self._store.published.note(texts)
            self._noted = library.digest
        return 0

    async def issue(self, of: Subscription, until: datetime) -> Composed:
        """A channel's digest as it would be posted at a moment, with the news since the last."""
        return await self.composed(of.community, of.channel, of.choices, of.told_until, until)

    async def composed(
        self, community: str, channel: str, choices: Choices, since: datetime, until: datetime
    ) -> Composed:
        """The same for any choices and any time."""
        library = (await self._apart(self._answerer)).library
        news = await self._news(community, channel, library, since, until)
        period = period_at(choices.schedule, until)
        return await self._apart(compose, news, library, choices, period, community)

    async def _news(
        self, community: str, channel: str, library: Library, since: datetime, until: datetime
    ) -> News:
        register = self._store.community(community)
        hidden, texts = await register.hidden(), await self._store.published.since(since)
        seen = [
            name
            for name in texts
            if name not in hidden and isinstance(library.get(name), CaseStudy)
        ]
        projects = await register.news(since)
        changed = {name for name in seen if not texts[name]}
        changed |= {one.id for one in projects if one.registered_at <= since}
        asked = await self._store.open_questions(community).since(channel, until - ASKED_FOR)
        return News(
            since,
            until,
            tuple(seen),
            tuple(projects),
            frozenset(changed),
            tuple(asked),
            await self._volunteers(community, since),
            await register.counts(),
        )

    async def _volunteers(self, community: str, since: datetime) -> tuple[Volunteer, ...]:
        """Those of this community who agreed to be named in it, and may be shown now."""
        peers = self._store.peers(community)
        if not (names := await peers.newly_named(since)):
            return ()
        willing = await peers.willing(names, "")
        newest = sorted(willing, key=lambda one: one.agreed_at, reverse=True)
        return tuple(_volunteer(one) for one in newest)


def _volunteer(one: Profile) -> Volunteer:
    """By name, but never with what leads to them."""
    offer = one.offer
    words = concealed(offer.help, replace(offer, name=""))
    return Volunteer(one.id, offer.name, offer.council, words, offer.outcomes)
