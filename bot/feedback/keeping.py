"""Verified answers looked after: listed, changed, verified again, ended; asked about in time."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation import Action, Origin, Reply, Submitted
from bot.desks import beginning, refused, said
from bot.feedback import forms, giving, letters, wording
from bot.feedback.verifying import ANEW, SHOWN, Verifying
from bot.feedback.wordings import vectors
from bot.questions import Verified


class Keeping(Verifying):
    """Whoever looks after answers looks after all of them."""

    async def listed(self, value: str, origin: Origin) -> Reply:
        """All of them, from the one on that the value says; first those that nobody is given any
        more."""
        if refusal := await self._unfit(origin):
            return refusal
        found = [one for one, _, _ in await self._answers(origin).all()]
        everything = sorted(found, key=lambda one: one.until >= self._today)
        start = beginning(value, len(everything))
        shown = everything[start : start + SHOWN]
        if not shown:
            return said(wording.NO_VERIFIED)
        lines, actions = [wording.VERIFIED_LEAD], list[Action]()
        for number, one in enumerate(shown, start=start + 1):
            lines.append(wording.verified_line(number, one, self._today))
            actions += self._offered(one, number)
        if len(everything) > start + SHOWN:
            actions.append(Action("verified", wording.MORE, str(start + SHOWN)))
        return said("\n\n".join(lines), *actions)

    async def given(self, name: str, origin: Origin) -> Reply:
        """One that somebody says they meant; for everyone."""
        answerer, shelf = await self._at_hand(origin.community)
        one = next((one for one in shelf.verified if one.id == name), None)
        if one is None or not giving.standing(one, answerer, shelf, self._today):
            return refused(wording.NOT_GIVEN)
        reply = await self._apart(giving.given, one, one.question, answerer, shelf)
        await self._store.usage(origin.community).count("verified")
        return replace(reply, heading=one.question)

    async def open_change(self, name: str, origin: Origin) -> Reply:
        """The form with what stands there now."""
        if refusal := await self._unfit(origin):
            return refusal
        one = await self._answers(origin).named(name)
        if one is None:
            return refused(wording.GONE)
        return self._asked(await self._changing(one, origin, wording.given_as_well(one)))

    async def changed(self, request: Submitted) -> Reply:
        """The form sent: its words are in the place of those there were."""
        if refusal := await self._unfit(request.origin):
            return refusal
        one = await self._answers(request.origin).named(request.key)
        if one is None:
            return self._kept_back(request, ANEW, wording.ENDED_MEANWHILE)
        written = await self._checked(request, one)
        if written.faults:
            form = forms.blank("verified", request.key, self._today)
            return self._faulty(form, request, written.faults)
        return await self._kept(request.key, written, request.origin)

    async def verify_again(self, name: str, origin: Origin) -> Reply:
        """It still holds, for as long again as one usually does. Who did not write it says in the
        form how they want to be named: from then on they stand for it."""
        if refusal := await self._unfit(origin):
            return refusal
        one = await self._answers(origin).named(name)
        if one is None:
            return refused(wording.GONE)
        if await self._reached(origin) != one.author:
            return await self.open_change(name, origin)
        again = replace(one, until=self._today + forms.USUALLY)
        answerer = await self._apart(self._answerer, origin.community)
        kept = await self._apart(vectors, one, answerer)
        if not await self._answers(origin).keep(again, kept, answerer.model):
            return refused(wording.ERASED)
        return said(wording.VERIFIED_AGAIN.format(wording.day(again.until)))

    async def ask_to_end(self, name: str, origin: Origin) -> Reply:
        """Asked back, since its words are erased."""
        if refusal := await self._unfit(origin):
            return refusal
        one = await self._answers(origin).named(name)
        if one is None:
            return refused(wording.GONE)
        end = Action("verified-end-now", wording.END_NOW, one.id)
        return said(wording.END_ASKED.format(one.question), end)

    async def end(self, name: str, origin: Origin) -> Reply:
        """Gone for good."""
        if refusal := await self._unfit(origin):
            return refusal
        by = await self._store.people(origin.community).key(origin.person)
        ended = await self._answers(origin).end(name, by)
        return said(wording.ENDED) if ended else refused(wording.GONE)

    async def due(self) -> int:
        """Ask of each whose day has passed whether it still holds, once."""
        past = await self._store.expired()
        for one in past:
            told = letters.still(one, await self._asked_of(one))
            await self._store.verified(one.community).reminded(one.id, told)
        return len(past)

    async def _asked_of(self, one: Verified) -> list[str]:
        """Whoever wrote it; where that is nobody, or somebody who is not named among those who
        look after answers, as an administrator need not be, they are asked too."""
        everyone = await self._store.experts(one.community).all()
        named = [expert.key for expert in everyone if expert.named]
        if one.author in named:
            return [one.author]
        return [one.author, *named] if one.author else named

    def _offered(self, one: Verified, number: int) -> tuple[Action, ...]:
        end = Action("verified-end", wording.END.format(number), one.id)
        if one.until < self._today:
            return Action("verify-again", wording.AGAIN.format(number), one.id), end
        return Action("open", wording.CHANGE.format(number), f"verified:{one.id}"), end
