"""Texts that were brought in and wait for a person to say what they are."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from bot.cases import forms, wording
from bot.cases.desk import Desk
from bot.conversation import Action, Citation, Origin, Reply, Submitted
from bot.desks import refused, said
from bot.showing import address
from bot.texts import FOR_ALL, OwnText

SHOWN = 4  # at once, a button each and one for all


class Confirming(Desk):
    """All that are listed are confirmed in one step; each can be corrected first."""

    async def listed(self, origin: Origin, *, confirmed: int = 0) -> Reply:
        """The next of them, with what they are proposed to be."""
        if refusal := await self._unfit(origin):
            return refusal
        found, count = await self._store.texts(origin.community).unconfirmed(SHOWN)
        lines = [wording.unconfirmed(len(found), count, confirmed)]
        actions = [Action("texts-confirm", wording.CONFIRM_ALL, _marked(found))] if found else []
        sources = list[Citation]()
        for number, one in enumerate(found, 1):
            mark = ""
            if address(one.url):
                sources.append(_source(len(sources) + 1, one))
                mark = f" [{len(sources)}]"
            lines.append(f"{wording.text(number, one, self._names(one.about.outcomes))}{mark}")
            label = wording.CORRECT.format(number)
            actions.append(Action("open", label, f"{forms.TEXT}:{one.id}"))
        _, others = await self._store.texts(FOR_ALL).unconfirmed(1)
        if others:
            lines.append(wording.for_all(others))
        return Reply(
            "answered", "\n".join(lines), tuple(sources), actions=tuple(actions), private=True
        )

    async def confirm(self, value: str, origin: Origin) -> Reply:
        """Those that were listed, as they were listed; where they are not the same any more, they
        are shown again. Then the next."""
        if refusal := await self._unfit(origin):
            return refusal
        texts = self._store.texts(origin.community)
        names = value.partition(" ")[2].split()[:SHOWN]
        found = [one for name in names if (one := await texts.get(name))]
        if not found or _marked(found) != value:
            again = await self.listed(origin)
            return Reply(
                "clarify",
                f"{wording.CHANGED}\n\n{again.body}",
                again.citations,
                actions=again.actions,
                private=True,
            )
        by = await self._known_key(origin)
        confirmed = await texts.confirm({one.id: one.about for one in found}, by)
        return await self.listed(origin, confirmed=confirmed)

    async def open_form(self, name: str, origin: Origin) -> Reply:
        """The form with what a text is proposed to be."""
        if refusal := await self._unfit(origin):
            return refusal
        one = await self._store.texts(origin.community).get(name)
        if one is None:
            return refused(wording.TEXT_GONE)
        return self._asked(forms.correcting(one, self._answerer("").directory.outcomes))

    async def corrected(self, request: Submitted) -> Reply:
        """The form sent: that is what the text is."""
        origin = request.origin
        if refusal := await self._unfit(origin):
            return refusal
        outcomes = self._answerer("").directory.outcomes
        council = self._answerer("").directory.council
        about, faults = forms.corrected(request.values, outcomes, council, self._today)
        if faults:
            blank = forms.blank(forms.TEXT, request.key, outcomes)
            return self._faulty(blank, request, faults)
        by = await self._known_key(origin)
        done = await self._store.texts(origin.community).confirm({request.key: about}, by)
        return said(wording.TEXT_CONFIRMED) if done else refused(wording.TEXT_GONE)


def _source(number: int, one: OwnText) -> Citation:
    about = one.about
    quote = next((said for part in one.sections for said in part.statements), about.title)
    told = (about.title, one.url, quote, about.councils, about.year or None)
    return Citation(number, one.id, about.kind, *told, confirmed=False)


def _marked(found: Sequence[OwnText]) -> str:
    """What the listed texts, and what they are said to be, are known by: fits a button."""
    said_ = "\0".join(f"{one.id}\0{one.about}" for one in found)
    return " ".join((sha256(said_.encode()).hexdigest()[:16], *(one.id for one in found)))
