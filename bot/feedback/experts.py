"""Officers who look after answers: they ask to, an administrator agrees, they leave."""

from __future__ import annotations

from bot.conversation import Action, Origin, Reply, Submitted
from bot.desks import beginning, refused, said
from bot.feedback import forms, wording
from bot.feedback.desk import Desk
from bot.questions import Expert
from bot.store import Letter

SHOWN = 3  # at once, two buttons each


class ExpertsDesk(Desk):
    """Anyone may ask; administrators see who did."""

    async def shown(self, value: str, origin: Origin) -> Reply:
        """The list to an administrator, from the one on that the value says; else where the asker
        stands."""
        if not origin.person:
            return refused(wording.NOBODY)
        if await self._administers(origin):
            return await self._listed(value, origin)
        return self._standing(await self._expert(origin))

    async def open_join(self, origin: Origin) -> Reply:
        """The form, with what they agree to."""
        if not origin.person:
            return refused(wording.NOBODY)
        expert = await self._expert(origin)
        return self._asked(forms.joining(expert.name if expert else ""))

    async def joined(self, request: Submitted) -> Reply:
        """The form sent."""
        origin = request.origin
        if not origin.person:
            return refused(wording.NOBODY)
        name, faults = forms.joined(request.values)
        if faults:
            return self._faulty(forms.joining(""), request, faults)
        key, experts = await self._reached(origin), self._store.experts(origin.community)
        if not await experts.ask(key, name):
            return refused(wording.ERASED)
        named = await experts.is_named(key)
        return said(wording.EXPERT_CHANGED if named else wording.EXPERT_ASKED)

    async def leave(self, origin: Origin) -> Reply:
        """By themselves, at once."""
        key = await self._known_key(origin)
        left = bool(key) and await self._store.experts(origin.community).remove(key, key)
        return said(wording.EXPERT_LEFT) if left else refused(wording.NO_EXPERT)

    async def decided(self, key: str, origin: Origin, *, agreed: bool) -> Reply:
        """An administrator agrees to somebody or removes them."""
        if not await self._administers(origin):
            return refused(wording.ADMINISTRATORS_ONLY)
        by = await self._store.people(origin.community).key(origin.person)
        experts = self._store.experts(origin.community)
        if agreed:
            told = Letter(origin.community, key, Reply("answered", wording.EXPERT_AGREED))
            done = await experts.agree(key, by, [told]) or await experts.is_named(key)
        else:
            done = await experts.remove(key, by)
        if not done:
            return refused(wording.EXPERT_GONE)
        return said(wording.AGREED if agreed else wording.REMOVED)

    async def _listed(self, value: str, origin: Origin) -> Reply:
        """Those who ask first, as they wait for a decision."""
        everyone = await self._store.experts(origin.community).all()
        if not everyone:
            return said(f"{wording.NO_EXPERTS} {wording.EXPERTS_ABOUT}")
        ordered = sorted(everyone, key=lambda one: one.named)
        start = beginning(value, len(ordered))
        lines, actions = [wording.EXPERTS_LEAD], list[Action]()
        for number, one in enumerate(ordered[start : start + SHOWN], start=start + 1):
            lines.append(wording.expert_line(number, one))
            if not one.named:
                actions.append(Action("expert-agree", wording.AGREE.format(number), one.key))
            actions.append(Action("expert-remove", wording.REMOVE.format(number), one.key))
        if len(ordered) > start + SHOWN:
            actions.append(Action("experts", wording.MORE, str(start + SHOWN)))
        return said("\n".join(lines), *actions)

    def _standing(self, expert: Expert | None) -> Reply:
        if expert is None:
            return said(wording.EXPERTS_ABOUT, Action("open", wording.JOIN, "expert:"))
        words = wording.EXPERT_IS if expert.named else wording.EXPERT_WAITS
        return said(words.format(expert.name), Action("expert-leave", wording.LEAVE))
