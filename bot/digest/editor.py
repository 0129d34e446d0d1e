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
from bot.texts import OwnText
from bot.weeks import period_at
from knowledge.library import Brought, CaseStudy, Library

MOST_OWN = 50  # own case studies that are read for one digest, which shows eight at most
ASKED_FOR = timedelta(weeks=4)  # how long an open question waits for a digest with room for it


class Editor:
    """Reads all of it from the database at that moment: where it is away there is no digest,
    rather than one without what happened, or with what was hidden meanwhile."""

    def __init__(self, answerer: Callable[[str], Answerer], store: Store, apart: Apart) -> None:
        self._answerer, self._store, self._apart = answerer, store, apart
        self._noted = ""

    async def note(self) -> int:
        """Once for each library that is answered from, note what it holds, so that what comes
        or changes after it is news."""
        library = (await self._apart(self._answerer, "")).library
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
        library = (await self._apart(self._answerer, community)).library
        own = await self._own(community, since, library)
        there = (one for one in library.case_studies if one.id not in own)
        library = replace(library, case_studies=(*there, *own.values()))
        news = await self._news(community, channel, library, since, until)
        news = replace(news, texts=(*own, *(one for one in news.texts if one not in own)))
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

    async def _own(self, community: str, since: datetime, library: Library) -> dict[str, CaseStudy]:
        """What this community brought in, or everybody is to see, and a person confirmed since
        then, the newest first: as it stands in the database, as an index with it may be yet to
        come. Where one is known to be the same as another, only that which is answered from."""
        texts, kept = self._store.texts(community), _kept(library)
        hidden = await self._store.community(community).hidden()

        async def seen(name: str) -> OwnText | None:
            one = await texts.get(name) if name and name not in hidden else None
            return one if one and one.confirmed_at else None

        new = [name for name, _ in await texts.confirmed_since(since) if name not in hidden]
        found = [await seen(name) for name in new[:MOST_OWN] if not await seen(kept.get(name, ""))]
        return {one.id: _case_study(one) for one in found if one}

    async def _volunteers(self, community: str, since: datetime) -> tuple[Volunteer, ...]:
        """Those of this community who agreed to be named in it, and may be shown now."""
        peers = self._store.peers(community)
        if not (names := await peers.newly_named(since)):
            return ()
        willing = await peers.willing(names, "")
        newest = sorted(willing, key=lambda one: one.agreed_at, reverse=True)
        return tuple(_volunteer(one) for one in newest)


def _kept(library: Library) -> dict[str, str]:
    """For each double in a library the text that is answered from instead, by id."""
    brought = [(one.id, one.brought) for one in library.texts if one.brought]
    return {double: name for name, one in brought for *_, double in one.doubles}


def _case_study(one: OwnText) -> CaseStudy:
    """As much of a text as a digest tells."""
    about = one.about
    return CaseStudy(
        id=one.id,
        title=about.title,
        url=one.url,
        other_urls=(),
        sections=one.sections,
        digest=one.digest,
        brought=Brought(confirmed=True),
        councils=about.councils,
        region="",
        nation="",
        council_type="",
        year=about.year,
        publisher="",
        outcomes=about.outcomes,
        publisher_outcomes=(),
        publisher_label="",
    )


def _volunteer(one: Profile) -> Volunteer:
    """By name, but never with what leads to them."""
    offer = one.offer
    words = concealed(offer.help, replace(offer, name=""))
    return Volunteer(one.id, offer.name, offer.council, words, offer.outcomes)
