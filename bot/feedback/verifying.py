"""A verified answer written: what of the form can be taken, and who is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.answerer import Answerer
from bot.conversation import Form, Origin, Reply, Submitted
from bot.desks import refused, said
from bot.feedback import forms, letters, wording
from bot.feedback.alike import Asked, alike, asked
from bot.feedback.desk import Desk
from bot.feedback.forms import Written
from bot.feedback.sources import looked_up, titled
from bot.feedback.wordings import vectors, worded
from bot.forms import again
from bot.questions import OpenQuestion, Verified
from bot.store.verified import VerifiedAnswers

SHOWN = 3  # at once, two buttons each
ANEW = ":"  # the key of the form for an answer to no question that is open
SUGGESTED = 2  # texts that a source may mean
_Read = list[tuple[OpenQuestion, Asked]]
_Anew = list[tuple[OpenQuestion, bytes, str]]


class Verifying(Desk):
    """For administrators and the officers they agreed to."""

    def _answers(self, origin: Origin) -> VerifiedAnswers:
        return self._store.verified(origin.community)

    async def _name(self, origin: Origin, one: Verified | None = None) -> str:
        """How an officer wants to be named: as in the answer, where it is theirs."""
        key = await self._known_key(origin)
        if one and key and key == one.author:
            return one.by
        expert = await self._expert(origin)
        return expert.name if expert else ""

    async def _checked(self, request: Submitted, one: Verified | None = None) -> Written:
        """What was filled in, its sources as they are kept; in the place of an answer, if any."""
        written = forms.written(request.values, self._today)
        if one and one.by and _same(written.name, one.by):
            own = await self._name(request.origin, one)
            faults = {} if _same(written.name, own) else {"name": wording.NOT_YOUR_NAME}
            written = replace(written, faults={**written.faults, **faults})
        answerer, shelf = await self._at_hand(request.origin.community)

        def suggest(text: str) -> Sequence[str]:
            named = answerer.named(text, shelf)
            return [title for one, title in named if answerer.library.get(one)][:SUGGESTED]

        sources, fault = await self._apart(looked_up, written.sources, answerer.library, suggest)
        faults = {"sources": fault, **written.faults} if fault else written.faults
        return replace(written, sources=sources, faults=faults)

    async def _kept(
        self, name: str, written: Written, origin: Origin, ids: Sequence[str] = ()
    ) -> Reply:
        """Keep it under an id. The open questions of these ids, and those alike, are answered
        with it: whoever waits for one is told."""
        answerer, shelf = await self._at_hand(origin.community)
        by = await self._reached(origin)
        before = await self._answers(origin).named(name)
        one = Verified(
            origin.community,
            name,
            written.question,
            written.answer,
            written.sources,
            written.name,
            by,
            written.until,
            self._clock(),
        )
        wanted = await self._apart(asked, one.question, answerer)
        waiting = await self._waiting(origin)
        found = [(one, read) for one, read in waiting if one.id in ids or alike(read, wanted)]
        answers = [open_ for open_, _ in found]
        one = await self._apart(worded, one, before, found, answerer)
        told = await self._apart(letters.telling, one, answers, answerer, shelf)
        kept = await self._answers(origin).keep(
            one,
            await self._apart(vectors, one, answerer),
            answerer.model,
            answered=[open_.id for open_ in answers],
            letters=told,
        )
        return said(wording.saved(one.until, len(told))) if kept else refused(wording.ERASED)

    async def _changing(self, one: Verified, origin: Origin, lead: str = "") -> Form:
        """The form with what stands in an answer now, but for the name of somebody else."""
        library = (await self._apart(self._answerer, origin.community)).library
        named = replace(one, by=await self._name(origin, one))
        return forms.changing(named, titled(one.sources, library), self._today, lead)

    def _kept_back(self, request: Submitted, key: str, why: str) -> Reply:
        """Not saved: the form of an answer again with what was written, to be sent once more."""
        form = forms.verifying(key, "", "", self._today, why)
        return Reply("invalid", why, form=again(form, request.values, {}), private=True)

    async def _waiting(self, origin: Origin) -> _Read:
        """The open questions, read. Those whose vector is of another model, or of none, are
        embedded anew."""
        questions = self._store.open_questions(origin.community)
        found, answerer = (
            await questions.waiting(),
            await self._apart(self._answerer, origin.community),
        )
        read, anew = await self._apart(_read, found, answerer)
        if anew:
            await questions.embed(anew)
        return read


def _same(name: str, other: str) -> bool:
    """Whether two names read the same."""
    return name.casefold().split() == other.casefold().split()


def _read(found: _Anew, answerer: Answerer) -> tuple[_Read, _Anew]:
    """Open questions read, and those among them that have a new vector."""
    read: _Read = []
    anew: _Anew = []
    for one, vector, model in found:
        known = vector if model == answerer.model else b""
        read.append((one, asked(one.text, answerer, known)))
        if not known:
            anew.append((one, read[-1][1].vector.tobytes(), answerer.model))
    return read, anew
