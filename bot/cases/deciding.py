"""Suggested case studies before the administrators: listed, accepted, asked about, declined."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.cases import forms, letters, wording
from bot.cases.accepting import accepted, officers
from bot.cases.desk import Desk
from bot.conversation import Action, Citation, Origin, Reply, Submitted
from bot.desks import refused, said
from bot.sources.ids import source_id, text_id
from bot.store import Letter
from bot.texts import Suggested

SHOWN = 2  # at once, three buttons each


class Deciding(Desk):
    """Whoever suggested one is not shown."""

    async def listed(self, value: str, origin: Origin) -> Reply:
        """Those that wait for a decision, the oldest first, from the one on that the value says."""
        if refusal := await self._unfit(origin):
            return refusal
        start = int(value) if value.isdecimal() and len(value) < 9 else 0
        suggestions = self._store.suggestions(origin.community)
        found, count = await suggestions.open(SHOWN, start)
        if start and not found:  # others were decided on meanwhile
            start, (found, count) = 0, await suggestions.open(SHOWN)
        if not found:
            return said(wording.NONE_OPEN)
        lines = [wording.listed(start + 1, start + len(found), count)]
        actions, sources = list[Action](), list[Citation]()
        for number, one in enumerate(found, start + 1):
            whole = await self._whole(one)
            body, cited = _renumbered(whole, len(sources) + 1)
            lines.append(f"{number}. {body}")
            sources += cited
            actions += letters.buttons(one, f" {number}" if count > 1 else "")
        if count > start + len(found):
            actions.append(Action("cases", wording.MORE, str(start + len(found))))
        return replace(said("\n\n".join(lines), *actions), citations=tuple(sources))

    async def accept(self, name: str, origin: Origin) -> Reply:
        """From now on a text of the community, by its own id however often it is accepted."""
        one, refusal = await self._open(name, origin)
        if one is None:
            return refusal
        if not one.reading and (one.link or one.file_name):
            return refused(wording.STILL_READING)
        text = await self._apart(accepted, one, self._answerer(""), self._clock())
        sources, texts = self._store.sources(one.community), self._store.texts(one.community)
        if await sources.get(text.source) is None:
            await sources.add(officers(one.community, self._clock()))
        await texts.put(text, "")
        told = letters.accepted(one)
        if await self._answered(one, "accepted", "", origin, text=text.id, told=told):
            return said(wording.ACCEPTED)
        now = await self._store.suggestions(one.community).get(one.id)
        if now is None or now.state != "accepted":  # another declined it at this moment
            await texts.drop(text.source, [text.location])
        return refused(wording.GONE)

    async def open_form(self, form: str, name: str, origin: Origin) -> Reply:
        """The form for a question, or for why it is declined."""
        one, refusal = await self._open(name, origin)
        if one is None:
            return refusal
        asking = form == forms.ASK
        made = forms.asking if asking else forms.declining
        return self._asked(made(one.id, one.title))

    async def asked(self, request: Submitted) -> Reply:
        """The question, to whoever suggested it."""
        one, refusal = await self._open(request.key, request.origin)
        if one is None:
            return refusal
        question, faults = forms.said(request.values, "question", needed=True)
        if faults:
            return self._faulty(forms.asking(one.id, one.title), request, faults)
        told = letters.asked(one, question)
        done = await self._answered(one, "asked", question, request.origin, told=told)
        return said(wording.ASKED) if done else refused(wording.GONE)

    async def declined(self, request: Submitted) -> Reply:
        """It is erased, and whoever suggested it is told."""
        one, refusal = await self._open(request.key, request.origin)
        if one is None:
            return refusal
        reason, faults = forms.said(request.values, "reason", needed=False)
        if faults:
            return self._faulty(forms.declining(one.id, one.title), request, faults)
        told = letters.declined(one, reason)
        if not await self._answered(one, "declined", reason, request.origin, told=told):
            return refused(wording.GONE)
        await self._left_over(one)
        return said(wording.DECLINED)

    async def _left_over(self, one: Suggested) -> None:
        """Drop the text of one that was being accepted as the program was ended."""
        texts = self._store.texts(one.community)
        if await texts.get(text_id(one.community, "", one.id)):
            await texts.drop(source_id(one.community, ""), [one.id])

    async def _answered(
        self,
        one: Suggested,
        state: Literal["asked", "accepted", "declined"],
        words: str,
        origin: Origin,
        *,
        told: list[Letter],
        text: str = "",
    ) -> bool:
        by = await self._known_key(origin)
        suggestions = self._store.suggestions(one.community)
        return await suggestions.answered(one.id, state, words, text, by=by, letters=told)

    async def _open(self, name: str, origin: Origin) -> tuple[Suggested | None, Reply]:
        """One that waits for a decision; else why there is none for the asker."""
        if refusal := await self._unfit(origin):
            return None, refusal
        one = await self._store.suggestions(origin.community).get(name)
        waits = one if one and one.state == "open" else None
        return waits, refused(wording.GONE)


def _renumbered(reply: Reply, number: int) -> tuple[str, list[Citation]]:
    """What one reply says, in a list of several."""
    cited = [replace(one, number=number) for one in reply.citations]
    return (reply.body.replace("[1]", f"[{number}]") if cited else reply.body), cited
