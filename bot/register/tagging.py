"""Outcomes suggested for a project, corrected by its officer, and the project registered."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace

from bot.answers.language import LONGEST
from bot.conversation import Action, Form, Origin, Reply, Submitted
from bot.projects import Details, Draft, Project, described
from bot.register import forms, wording
from bot.register.office import Office
from bot.store import Registration, StoreUnusable

_log = logging.getLogger(__name__)


class Tagging(Office):
    """From a text or a form to a registered project."""

    async def tag(self, text: str, origin: Origin) -> Reply:
        """The outcomes a project serves, to be confirmed; the form, where there is no text."""
        if not text.strip() and origin.person:
            return Reply("help", wording.DESCRIBE, form=forms.describing(), private=True)
        if len(text) > LONGEST:
            return Reply("invalid", wording.TOO_LONG_TO_TAG)
        reply = await self._suggested(text, origin)
        if not reply.suggestions or not origin.person:
            return reply
        try:
            draft = await self._drafted(self._described(text), reply, origin)
        except StoreUnusable as error:
            _log.error("A draft could not be kept: %s", error)
            return replace(reply, body=f"{reply.body}\n\n{wording.NOT_KEPT}")
        confirm = (Action("confirm", wording.CONFIRM, draft.id),) if draft.outcomes else ()
        words = wording.CHANGE if draft.outcomes else wording.CHOOSE
        actions = (*confirm, Action("open", words, f"draft:{draft.id}"))
        body = f"{reply.body}\n\n{wording.NOT_REGISTERED}" if confirm else reply.body
        return replace(reply, body=body, actions=actions)

    async def marked(self, text: str, author: str, origin: Origin) -> Reply:
        """The form for a message that was picked out, filled in with it."""
        if not any(sign.isalnum() for sign in text):
            return Reply("invalid", wording.NO_TEXT, private=True)
        reply = await self._suggested(text[:LONGEST], origin)
        known = self._described(text[:LONGEST])
        draft = await self._drafted(known, reply, origin, author)
        form = self._form(draft, reply)
        if len(text) > LONGEST:
            form = replace(form, lead=f"{wording.CUT}\n\n{form.lead}")
        return self._asked(form)

    async def open_draft(self, name: str, origin: Origin) -> Reply:
        """Everything of a suggestion, to be corrected."""
        draft = await self._suggestion(name, origin)
        if isinstance(draft, Reply):
            return draft
        told = draft.details.told[:LONGEST]
        return self._asked(self._form(draft, await self._suggested(told, origin)))

    async def confirm(self, name: str, origin: Origin) -> Reply:
        """Register a suggestion as it is."""
        draft = await self._suggestion(name, origin)
        if isinstance(draft, Reply):
            return draft
        what = await self._registration(draft.details, draft.outcomes, shared=False)
        return await self._keep(draft, what, origin)

    async def described(self, request: Submitted) -> Reply:
        """The first form: its faults, or the outcomes to choose from."""
        said = forms.filled(request.form, request.values, self._answerer("").directory.outcomes)
        if said.faults:
            return self._faulty(forms.describing(), request, said.faults)
        reply = await self._suggested(said.details.told[:LONGEST], request.origin)
        draft = await self._drafted(said.details, reply, request.origin)
        form = forms.choosing(draft.id, self._answerer("").directory.outcomes, draft.outcomes)
        return self._asked(forms.explained(form, reply.body, reply.citations))

    async def registered(self, request: Submitted) -> Reply:
        """The form that registers: its faults, or the project."""
        found = await self._mine(request.key, request.origin)
        if found is None:
            found = await self._afresh(request)
        if isinstance(found, Reply):
            return found
        said = forms.filled(request.form, request.values, self._answerer("").directory.outcomes)
        if said.faults:
            return await self._reasoned(request, found, said.faults)
        known = said.details if request.form == "register" else found.details
        what = await self._registration(known, said.outcomes, shared=said.shared)
        if isinstance(found, Draft):
            return await self._keep(found, what, request.origin, request)
        return await self._kept(found, what, request.origin, wording.ALREADY, request)

    async def _keep(
        self, draft: Draft, what: Registration, origin: Origin, request: Submitted | None = None
    ) -> Reply:
        project = await self._register(origin).register(draft, what)
        lead = wording.REGISTERED_FOR if draft.author else wording.REGISTERED
        return await self._kept(project, what, origin, lead, request)

    async def _kept(
        self,
        project: Project,
        what: Registration,
        origin: Origin,
        lead: str,
        request: Submitted | None,
    ) -> Reply:
        """The project as it is registered; where a form says otherwise, that is not lost."""
        if project.withdrawn and request:
            return self._still_here(request, wording.NO_PROJECT)
        if project.withdrawn:
            return Reply("invalid", wording.NO_PROJECT, private=True)
        if request and not self._stands(project, what):
            return self._beside(project, request.values, wording.ALREADY_OTHERWISE)
        return await self._whole(project, origin, lead)

    async def _reasoned(
        self, request: Submitted, found: Draft | Project, faults: Mapping[str, str]
    ) -> Reply:
        """The form with its faults, and the reasons that stood above it."""
        reply = await self._suggested(found.details.told[:LONGEST], request.origin)
        blank = forms.blank(request.form, request.key, self._answerer("").directory.outcomes)
        form = forms.explained(blank, reply.body, reply.citations) if reply.suggestions else blank
        return self._faulty(form, request, faults)

    async def _suggestion(self, name: str, origin: Origin) -> Draft | Reply:
        """The asker's own draft, or why there is none to go on with."""
        found = await self._mine(name, origin)
        if isinstance(found, Project):
            return await self._whole(found, origin, wording.ALREADY)
        return found or Reply("invalid", wording.NO_DRAFT, private=True)

    async def _mine(self, name: str, origin: Origin) -> Draft | Project | Reply | None:
        """The asker's own draft, or the project made of it; None where it is past its time."""
        by = await self._known_key(origin)
        draft = await self._register(origin).draft(name)
        if draft is not None:
            mine = by == draft.by
            return draft if mine else Reply("invalid", wording.NOT_YOURS, private=True)
        project = await self._register(origin).project(name)
        if project is None or by in (project.owner, project.registered_by):
            return project
        return Reply("invalid", wording.NOT_YOURS, private=True)

    async def _afresh(self, request: Submitted) -> Draft | Reply:
        """The draft of a form that outlived it, where the form holds all of the project. The form
        names it, so that it is still registered once; and the community, so that no form can
        name another's project."""
        if request.form != "register":
            return Reply("invalid", wording.NO_DRAFT, form=forms.describing(), private=True)
        named = f"{request.origin.community}\n{request.key}".encode("utf-8", "surrogatepass")
        name = f"p-{hashlib.blake2b(named, digest_size=12).hexdigest()}"
        return Draft(name, Details("", ""), await self._key(request.origin))

    async def _drafted(
        self, known: Details, reply: Reply, origin: Origin, author: str = ""
    ) -> Draft:
        likely = [one.outcome.id for one in reply.suggestions if one.selected]
        by = await self._key(origin)
        other = author and author != origin.person
        wrote = await self._key(replace(origin, person=author)) if other else ""
        return await self._register(origin).keep_draft(known, likely, by, wrote)

    def _described(self, text: str) -> Details:
        return described(text, self._answerer("").directory.council(text))

    def _form(self, draft: Draft, reply: Reply) -> Form:
        outcomes = self._answerer("").directory.outcomes
        form = forms.registering(draft.id, draft.details, outcomes, draft.outcomes)
        return forms.explained(form, reply.body, reply.citations)
