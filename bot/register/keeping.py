"""Registered projects found, shown, changed and withdrawn."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answers.language import LONGEST
from bot.conversation import Action, Origin, Reply, Submitted
from bot.projects import Project
from bot.register import forms, wording
from bot.register.office import Office
from bot.store import Stale

_NUMBER = re.compile(r"[0-9]{1,9}")
LISTED = 5  # projects at once; Teams shows six buttons


class Keeping(Office):
    """What is there already."""

    async def more(self, value: str, origin: Origin) -> Reply:
        """The next page of a list: what its button holds."""
        offset, _, said = value.partition(":")
        return await self.listed(said, origin, int(offset) if _NUMBER.fullmatch(offset) else 0)

    async def listed(self, text: str, origin: Origin, offset: int = 0) -> Reply:
        """The newest projects; those of an outcome, of the asker, or that the words name."""
        said = text.strip()
        if len(said) > LONGEST:
            return Reply("invalid", wording.TOO_LONG, private=True)
        register, answerer = self._store.community(origin.community), self._answerer("")
        outcome = answerer.directory.outcome(said) if said else ""
        mine = said.lower() in wording.MINE
        if said and not outcome and not mine:
            answerer, shelf = await self._at_hand(origin.community)
            return await self._apart(answerer.search, said, shelf, LISTED)
        owner = await self._known_key(origin) if mine else ""
        if mine and not owner:
            return Reply("answered", wording.NONE_OF_YOURS, private=True)
        found, count = await register.listed(offset, LISTED, outcome=outcome, owner=owner)
        if not found:
            words = wording.NONE_OF_YOURS if mine else wording.none_listed(outcome)
            words = wording.NO_MORE if count else words
            return Reply("answered", words, private=mine)
        more = Action("projects", wording.NEXT, f"{offset + LISTED}:{said}")
        reply = answerer.listed(found, wording.counted(offset, len(found), count))
        left = count > offset + LISTED
        return replace(reply, actions=(*reply.actions, *((more,) if left else ())), private=mine)

    async def project(self, name: str, origin: Origin) -> Reply:
        project = await self._register(origin).project(name)
        hidden = project is None or project.hidden
        if project is None or (hidden and not await self._may_change(project, origin)):
            return Reply("invalid", wording.NO_PROJECT, private=True)
        return await self._whole(project, origin, "")

    async def open_edit(self, name: str, origin: Origin) -> Reply:
        project = await self._changeable(name, origin)
        return project if isinstance(project, Reply) else self._asked(self._editing(project))

    async def edited(self, request: Submitted) -> Reply:
        """The form that changes a project: its faults, or the project as it stands now."""
        name, _, revision = request.key.partition("@")
        project = await self._changeable(name, request.origin)
        if isinstance(project, Reply):
            return self._still_here(request, project.body)
        said = forms.filled(request.form, request.values, self._answerer("").directory.outcomes)
        if said.faults:
            return self._faulty(self._editing(project), request, said.faults)
        what = await self._registration(said.details, said.outcomes, shared=said.shared)
        seen = replace(project, revision=int(revision) if _NUMBER.fullmatch(revision) else -1)
        try:
            by = await self._key(request.origin)
            after = await self._register(request.origin).change(seen, by, what)
        except Stale as error:
            if error.project.withdrawn:
                return self._still_here(request, wording.NO_PROJECT)
            if self._stands(error.project, what):
                return Reply("answered", wording.UNCHANGED, private=True)
            return self._beside(error.project, request.values, wording.STALE)
        return await self._whole(after, request.origin, wording.CHANGED)

    async def ask_to_withdraw(self, name: str, origin: Origin) -> Reply:
        project = await self._changeable(name, origin)
        if isinstance(project, Reply):
            return project
        now = Action("withdraw-now", wording.WITHDRAW_NOW, project.id)
        words = wording.WITHDRAW_ASKED.format(project.details.title)
        return Reply("clarify", words, actions=(now,), private=True)

    async def withdraw(self, name: str, origin: Origin) -> Reply:
        project = await self._changeable(name, origin)
        if isinstance(project, Reply):
            return project
        by = await self._key(origin)
        await self._register(origin).withdraw(name, by)
        words = wording.WITHDRAWN.format(project.details.title)
        return Reply("answered", words, private=True)

    async def _changeable(self, name: str, origin: Origin) -> Project | Reply:
        project = await self._register(origin).project(name)
        if project is None:
            return Reply("invalid", wording.NO_PROJECT, private=True)
        if not await self._may_change(project, origin):
            return Reply("invalid", wording.NOT_THEIRS, private=True)
        return project
