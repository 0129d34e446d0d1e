"""Help offered, changed, paused and taken back; all of it at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.conversation import Action, Origin, Reply, Submitted
from bot.days import day_written
from bot.desks import refused, said
from bot.offers import Introduction, Offer, Profile
from bot.peers import forms, letters, wording
from bot.peers.desk import OFFER_HELP, Desk
from bot.store import Letter

MOST_OUTCOMES = 4  # chosen for an officer who chose none
FOR_GOOD = datetime(datetime.max.year, 1, 1, tzinfo=UTC)  # read in any zone of the database
_EDIT = Action("open", wording.EDIT, "offer:")
_PAUSE = Action("open", wording.PAUSE, "pause:")
_RESUME = Action("resume", wording.RESUME)
_LEAVE = Action("leave", wording.LEAVE)


class Joining(Desk):
    """An officer's own offer."""

    async def open_offer(self, origin: Origin) -> Reply:
        """The form, filled in with what is offered already."""
        if not origin.person:
            return refused(wording.NOBODY)
        own, (answerer, shelf) = await self._own(origin), await self._at_hand(origin.community)
        council = (await self._seeker(origin, shelf)).council
        known = own.offer if own else None
        return self._asked(forms.offering(answerer.directory.outcomes, known, council))

    async def offered(self, request: Submitted) -> Reply:
        """The form sent: join, or change what is offered."""
        origin, outcomes = request.origin, self._answerer("").directory.outcomes
        if not origin.person:
            return refused(wording.NOBODY)
        offer, faults = forms.offered(request.values, outcomes)
        if faults:
            return self._faulty(forms.offering(outcomes, None), request, faults)
        if not offer.outcomes:
            offer = await self._tagged(offer, origin)
        answerer = self._answerer("")
        vector = (await self._apart(answerer.encoded, offer.help)).tobytes()
        by = await self._store.people(origin.community).reached(origin)
        made = (offer, wording.CONSENT, vector, answerer.model)
        profile = await self._peers(origin).join(by, *made)
        if profile is None:
            return refused(wording.AWAY)
        paused = profile.paused_until and profile.paused_until > self._clock()
        return self._shown(profile, wording.SAVED_PAUSED if paused else wording.JOINED)

    async def mine(self, origin: Origin) -> Reply:
        """What the asker offers; what peers are, where that is nothing."""
        own = await self._own(origin)
        if own is None:
            offer = (OFFER_HELP,) if origin.person else ()
            return Reply("help", wording.ABOUT, actions=offer, private=True)
        return self._shown(own, wording.YOURS)

    async def open_pause(self, origin: Origin) -> Reply:
        """Asks until when."""
        if await self._own(origin) is None:
            return refused(wording.NOT_JOINED, OFFER_HELP)
        return self._asked(forms.pausing())

    async def pause(self, request: Submitted) -> Reply:
        """Until the day given."""
        until = forms.paused(request.values.get("until", ""), self._clock().date())
        if until is None:
            return self._faulty(forms.pausing(), request, {"until": wording.NOT_A_DATE})
        return await self.paused(until, request.origin)

    async def pause_until(self, words: str, origin: Origin) -> Reply:
        """The same for a day given in words."""
        today = self._clock().date()
        said = re.sub(r"^(?:requests |me )?(?:un)?till? ", "", words)
        day = day_written(said, today)
        until = forms.paused(day.isoformat(), today) if day else None
        return await self.paused(until, origin) if until else refused(wording.NOT_A_DATE)

    async def paused(self, until: date, origin: Origin) -> Reply:
        """Nobody finds or asks them from now on."""
        moment = datetime.combine(until, time(), UTC)
        if await self._paused(origin, moment) is None:
            return refused(wording.NOT_JOINED, OFFER_HELP)
        return said(wording.PAUSED.format(wording.day(moment)), _RESUME)

    async def stop(self, origin: Origin) -> Reply:
        """Paused until they come back."""
        await self._paused(origin, FOR_GOOD)
        return said(wording.STOPPED, _RESUME, _LEAVE)

    async def resume(self, origin: Origin) -> Reply:
        """Be found and asked again."""
        if await self._paused(origin, None) is None:
            return refused(wording.NOT_JOINED, OFFER_HELP)
        return said(wording.RESUMED, _EDIT, _PAUSE)

    async def ask_to_leave(self, origin: Origin) -> Reply:
        """Nothing is erased by a slip."""
        if await self._own(origin) is None:
            return refused(wording.NOT_JOINED, OFFER_HELP)
        now = Action("leave-now", wording.LEAVE_NOW)
        return said(wording.LEAVE_ASKED, now, _PAUSE)

    async def leave(self, origin: Origin) -> Reply:
        """The offer is erased, and who waits for an answer is told."""
        key = await self._known_key(origin)
        own = await self._own(origin)
        if own is None or not await self._peers(origin).leave(key, closing):
            return refused(wording.NOT_JOINED, OFFER_HELP)
        self._shelves.drop(own.id)
        return said(wording.LEFT)

    async def _paused(self, origin: Origin, until: datetime | None) -> Profile | None:
        key = await self._known_key(origin)
        return await self._peers(origin).pause(key, until) if key else None

    async def _tagged(self, offer: Offer, origin: Origin) -> Offer:
        answerer, shelf = await self._at_hand(origin.community)
        found = (await self._apart(answerer.tag, offer.help, shelf)).suggestions
        likely = tuple(one.outcome.id for one in found if one.selected)
        return replace(offer, outcomes=likely[:MOST_OUTCOMES])

    def _shown(self, profile: Profile, lead: str) -> Reply:
        now, until = self._clock(), profile.paused_until
        outcomes = self._names(profile.offer.outcomes) or "No outcome"
        told = f"{lead}\n\n{wording.offered(profile, outcomes, now)}"
        waits = _RESUME if until and until > now else _PAUSE
        return said(told, _EDIT, waits, _LEAVE)


def closing(one: Introduction) -> list[Letter]:
    """Tells whoever waits for an answer that none will come."""
    return [letters.to_asker(one, wording.UNAVAILABLE)]
