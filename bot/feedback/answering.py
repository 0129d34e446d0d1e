"""Questions that wait for an answer: listed, answered by somebody who stands for it, closed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from bot.conversation import Action, Origin, Reply, Submitted
from bot.desks import beginning, refused, said
from bot.feedback import forms, letters, wording
from bot.feedback.grouping import Group, grouped
from bot.feedback.verifying import SHOWN, Verifying
from bot.feedback.wordings import answering
from bot.questions import Verified


class Answering(Verifying):
    """In groups of those that one answer answers."""

    async def listed(self, value: str, origin: Origin) -> Reply:
        """The groups, from the one on that the value says; before all, what has expired."""
        if refusal := await self._unfit(origin):
            return refusal
        groups = await self._groups(origin)
        start = beginning(value, len(groups))
        shown = groups[start : start + SHOWN]
        lines, actions = [wording.OPEN_LEAD if shown else wording.NONE_OPEN], list[Action]()
        for number, group in enumerate(shown, start=start + 1):
            lines.append(wording.open_question(number, group))
            actions += [
                Action("open", wording.ANSWER.format(number), f"verify:{group.first.id}"),
                Action("not-for-us", wording.NOT_FOR_US.format(number), group.first.id),
            ]
        if len(groups) > start + SHOWN:
            actions.append(Action("waiting", wording.MORE, str(start + SHOWN)))
        if expired := await self._expired(origin):
            lines.append(wording.expired(expired))
        return said("\n\n".join(lines), *actions)

    async def open_form(self, name: str, origin: Origin) -> Reply:
        """The form for an answer to a group, by the id of one of its questions."""
        if refusal := await self._unfit(origin):
            return refusal
        group = await self._group(name, origin)
        if group is None:
            return refused(wording.NOT_OPEN)
        there = await self._there([group.first.text], origin)
        lead = wording.answering(group, there)
        if there is not None:
            form = await self._changing(there, origin, lead)
            return self._asked(replace(form, id="verify", key=f"{group.first.id}:{there.id}"))
        question = group.first.text[: forms.LONGEST_QUESTION]
        named = await self._name(origin)
        return self._asked(forms.verifying(group.first.id, question, named, self._today, lead))

    async def answered(self, request: Submitted) -> Reply:
        """The form sent: kept, and told to all who wait for it. Where meanwhile somebody else
        answered or closed them, it comes back with what was written in it, to be sent once more.
        Its key is the id of an open question, and of the answer that it takes the place of."""
        origin = request.origin
        if refusal := await self._unfit(origin):
            return refusal
        name, _, known = request.key.partition(":")
        group = await self._group(name, origin)
        before = await self._answers(origin).named(known) if known else None
        written = await self._checked(request, before)
        if written.faults:
            lead = wording.answering(group, before)
            form = forms.verifying(request.key, "", "", self._today, lead)
            return self._faulty(form, request, written.faults)
        texts = [written.question, *([group.first.text] if group else [])]
        there = await self._there(texts, origin)
        if (name and group is None) or (there and there.id != known):
            key = f"{group.first.id if group else ''}:{there.id if there else ''}"
            return self._kept_back(request, key, wording.meanwhile(there))
        kept = before.id if before else f"v-{secrets.token_urlsafe(9)}"
        return await self._kept(kept, written, origin, group.ids if group else ())

    async def ask_to_close(self, name: str, origin: Origin) -> Reply:
        """Asked back, with what is closed, as whoever waits is told that no answer comes."""
        if refusal := await self._unfit(origin):
            return refusal
        group = await self._group(name, origin)
        return self._close_asked(group) if group else refused(wording.NOT_OPEN)

    async def close(self, value: str, origin: Origin) -> Reply:
        """What was shown is closed, and nothing that came since; whoever waits for an answer is
        told that none comes. Where it is not the same any more, it is shown again."""
        if refusal := await self._unfit(origin):
            return refusal
        name, _, shown = value.partition(":")
        group = await self._group(name, origin)
        if group is None:
            return refused(wording.NOT_OPEN)
        group = group.since(name)
        if _marked(group) != shown:
            return self._close_asked(group)
        by = await self._store.people(origin.community).key(origin.person)
        told, questions = letters.none_coming(group.questions), self._store.open_questions
        closed = await questions(origin.community).close(group.ids, by, told)
        return said(wording.CLOSED) if closed else refused(wording.NOT_OPEN)

    def _close_asked(self, group: Group) -> Reply:
        told = len(letters.none_coming(group.questions))
        value = f"{group.first.id}:{_marked(group)}"
        close = Action("not-for-us-now", wording.CLOSE_NOW, value)
        return said(wording.close_asked(group, told), close)

    async def _there(self, texts: Sequence[str], origin: Origin) -> Verified | None:
        """The verified answer that there is to one of these questions."""
        answerer = await self._apart(self._answerer, origin.community)
        found = await self._answers(origin).all()
        return await self._apart(answering, texts, found, answerer)

    async def _groups(self, origin: Origin) -> list[Group]:
        return await self._apart(grouped, await self._waiting(origin))

    async def _group(self, name: str, origin: Origin) -> Group | None:
        return next((one for one in await self._groups(origin) if name in one.ids), None)

    async def _expired(self, origin: Origin) -> int:
        """How many verified answers are no longer given as their day has passed."""
        return sum(one.until < self._today for one, _, _ in await self._answers(origin).all())


def _marked(group: Group) -> str:
    """What a group's questions are known by, short enough for a button."""
    return sha256(" ".join(group.ids).encode()).hexdigest()[:16]
