"""What officers say of an answer: that it helped, that it did not, that somebody should answer."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial

from bot.conversation import Action, Form, Origin, Reply, Submitted
from bot.desks import refused
from bot.digest.masking import masked
from bot.feedback import forms, giving, rating_wording, wording
from bot.feedback.alike import asked
from bot.feedback.desk import Desk
from bot.questions import Cause, Verdict
from bot.store import RatedQuestion
from bot.store.open_questions import OpenQuestions, named_after
from bot.store.ratings import Ratings

BY_MESSAGE = "@"  # what a name begins with that is the platform's id of the posted answer
MOST_SAID = 10_000  # that are known not to be counted twice


class Rating(Desk):
    """An answer is known by its `Reply.feedback`, or by the message that it was posted as."""

    async def helped(self, value: str, origin: Origin) -> Reply:
        """The thumb up."""
        rated, ratings = await self._rated(value, origin), self._ratings(origin)
        if not rated or not await ratings.rate(rated.name, "up", alone=not _openly(origin)):
            return refused(rating_wording.NO_ANSWER_KEPT)
        await self._count("up", rated, origin)
        return _short(rating_wording.THANKED)

    async def wrong(self, value: str, origin: Origin) -> Reply:
        """The thumb down: it counts at once, and what was wrong may be said after it. Nothing is
        kept of who pressed it."""
        rated = await self._rated(value, origin)
        if not rated or not await self._ratings(origin).rate(rated.name, "down"):
            return refused(rating_wording.NO_ANSWER_KEPT)
        await self._count("down", rated, origin)
        await self._complained(rated, "", origin, listed=not _openly(origin) or _publicly(origin))
        alone = rated.text and not _openly(origin)
        noted = rating_wording.COMPLAINED_ALONE if alone else rating_wording.COMPLAINED
        return Reply("help", noted, form=self._form(rated, origin), private=True)

    async def said_why(self, request: Submitted) -> Reply:
        """The form sent, or the thumb down with its reason at once."""
        origin, name = request.origin, request.key
        rated = await self._rated(name, origin)
        if not rated:
            return refused(rating_wording.NO_ANSWER_KEPT)
        reason, faults = forms.complained(request.values)
        if faults:
            return self._faulty(self._form(rated, origin), request, faults)
        why = await self._apart(masked, reason)
        if not await self._ratings(origin).rate(rated.name, "down", why):
            return refused(rating_wording.NO_ANSWER_KEPT)
        told = not name.startswith(BY_MESSAGE)  # by our own form, what sending it means
        await self._count("down", rated, origin, again=told)
        if not rated.text and not reason:
            return _short(rating_wording.KEPT_ONLY)
        asker = await self._asker(origin) if told else ""
        listed = told or not _openly(origin) or _publicly(origin)
        await self._complained(rated, why, origin, asker=asker, listed=listed)
        return await self._thanked(rated, origin, asker=asker, listed=listed)

    async def pass_on(self, name: str, origin: Origin) -> Reply:
        """A question that stands in no list yet, for those who look after answers; or the answer
        that there is meanwhile."""
        if not origin.person:
            return refused(wording.NOBODY)
        rated = await self._rated(name, origin)
        text = await self._text(rated, origin) if rated else ""
        if not rated or not text:
            return refused(rating_wording.NOTHING_TO_PASS_ON)
        if rated.verdict != "down" and (answer := await self._answered(text, origin)):
            return answer
        asker, waited = await self._asker(origin), await self._waits(rated, origin)
        more = {"name": rated.name, "asker": asker}
        await self.open(text, origin, cause="passed on", listed=True, **more)
        if not waited:
            await self._store.usage(origin.community).count("passed on")
        if _openly(origin):
            return _short(rating_wording.PASSED_ON_OPENLY)
        return _short(rating_wording.passed_on(self._ratings(origin).days))

    async def open(
        self,
        text: str,
        origin: Origin,
        *,
        name: str = "",
        cause: Cause = "unsure",
        why: str = "",
        asker: str = "",
        listed: bool | None = None,
    ) -> None:
        """Keep a question that nobody could answer, without personal details. By itself it is
        `listed` only where everybody could read it."""
        answerer = await self._apart(self._answerer, origin.community)
        told = await self._apart(masked, text)
        read = await self._apart(asked, told, answerer)
        await self._questions(origin).add(
            told,
            origin,
            name=name,
            cause=cause,
            why=why,
            asker=asker,
            listed=_publicly(origin) if listed is None else listed,
            vector=read.vector.tobytes(),
            model=answerer.model,
        )

    async def _thanked(
        self, rated: RatedQuestion, origin: Origin, *, asker: str, listed: bool
    ) -> Reply:
        """What becomes of a complaint, and what is kept of whoever made it."""
        days, passing = self._ratings(origin).days, partial(Action, "pass-on", value=rated.name)
        if not listed:
            return _short(rating_wording.KEPT_HERE, passing(label=rating_wording.PASS_ON))
        if _openly(origin):
            waits = await self._waits(rated, origin)
            return _short(rating_wording.TOLD_OPENLY if waits else rating_wording.KEPT_ONLY)
        if asker:
            return _short(rating_wording.told_alone(days))
        if _reachable(origin):
            return _short(rating_wording.told_unknown(days), passing(label=rating_wording.TELL_ME))
        return _short(rating_wording.TOLD_NOBODY)

    async def _complained(
        self, rated: RatedQuestion, why: str, origin: Origin, *, asker: str = "", listed: bool
    ) -> None:
        """Of a declined question nothing was kept: it is what they write now, if anything."""
        text, reason = (rated.text, why) if rated.text else (why, "")
        if text:
            more = {"name": rated.name, "why": reason, "asker": asker}
            await self.open(text, origin, cause="down", listed=listed, **more)

    def _form(self, rated: RatedQuestion, origin: Origin) -> Form:
        """For why it was wrong; it says before it is sent what is kept of whoever sends it."""
        waits = _reachable(origin) and not _openly(origin)
        lead = rating_wording.send_alone(self._ratings(origin).days) if waits else ""
        return forms.complaining(rated.name, kept=bool(rated.text), lead=lead)

    async def _asker(self, origin: Origin) -> str:
        """The key of somebody to be told of an answer alone; "" where it is posted openly."""
        waits = _reachable(origin) and not _openly(origin)
        return await self._reached(origin) if waits else ""

    async def _answered(self, text: str, origin: Origin) -> Reply | None:
        """The verified answer that there is by now."""
        answerer, shelf = await self._at_hand(origin.community)
        found = await self._apart(giving.found, text, answerer, shelf, self._today)
        if found.alike is None:
            return None
        reply = await self._apart(giving.given, found.alike, text, answerer, shelf)
        await self._store.usage(origin.community).count("verified")
        return replace(reply, heading=text, private=True)

    async def _text(self, rated: RatedQuestion, origin: Origin) -> str:
        """A question; one that was declined as it was written with the complaint."""
        kept = await self._questions(origin).named(named_after(rated.name))
        return rated.text or (kept.text if kept else "")

    async def _waits(self, rated: RatedQuestion, origin: Origin) -> bool:
        return await self._questions(origin).waits(named_after(rated.name))

    async def _rated(self, value: str, origin: Origin) -> RatedQuestion | None:
        ratings, name = self._ratings(origin), value
        if value.startswith(BY_MESSAGE):
            name = await ratings.by_message(value.removeprefix(BY_MESSAGE))
        return await ratings.question(name) if name else None

    async def _count(
        self, what: Verdict, rated: RatedQuestion, origin: Origin, *, again: bool = False
    ) -> None:
        """Each change of what somebody says, once. Who said it where others say it too stands in
        memory alone; `again` where it was counted when the form was opened."""
        if again or not _openly(origin):
            new = rated.verdict != what
        else:
            who = origin.community, rated.name, origin.person
            new = self._said.pop(who, "") != what
            self._said[who] = what
            if len(self._said) > MOST_SAID:
                del self._said[next(iter(self._said))]
        if new:
            await self._store.usage(origin.community).count(what)

    @cached_property
    def _said(self) -> dict[tuple[str, str, str], Verdict]:
        """What was said last, the newest at the end."""
        return {}

    def _questions(self, origin: Origin) -> OpenQuestions:
        return self._store.open_questions(origin.community)

    def _ratings(self, origin: Origin) -> Ratings:
        return self._store.ratings(origin.community)


def offered(reply: Reply, name: str, origin: Origin) -> Reply:
    """An answer that can be rated. One that is not sure is passed on by itself where everybody
    could read the question; elsewhere its asker says so."""
    named = replace(reply, feedback=name)
    if reply.status != "unsure" or not (_openly(origin) or _reachable(origin)):
        return named
    if _publicly(origin):
        return replace(named, body=f"{reply.body}\n\n{rating_wording.PASSED_ON_OPENLY}")
    return replace(named, actions=(*reply.actions, Action("pass-on", rating_wording.PASS_ON, name)))


def _openly(origin: Origin) -> bool:
    """Whether others saw it asked, and can read the answer there."""
    return bool(origin.place) and not origin.alone


def _publicly(origin: Origin) -> bool:
    """Whether everybody of the community could read it."""
    return _openly(origin) and origin.room == "channel" and not origin.closed


def _reachable(origin: Origin) -> bool:
    """Whether somebody can be written to later."""
    return bool(origin.person and origin.address)


def _short(body: str, *actions: Action) -> Reply:
    return Reply("answered", body, actions=actions, private=True)
