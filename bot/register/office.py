"""What every desk of the register works with, and how a project is shown whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot import desks
from bot.answers.answerer import Answerer
from bot.answers.registered import label
from bot.apart import Apart
from bot.conversation import Action, Citation, Form, Origin, Outcome, Reply, Submitted
from bot.forms import again
from bot.projects import Details, Project
from bot.register import forms, wording
from bot.shelves import Shelves
from bot.store import Registration, Reports, Store


class Office(desks.Desk):
    """What every desk of the register has in common."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        administers: Callable[[Origin], Awaitable[bool]],
        apart: Apart,
    ) -> None:
        super().__init__(answerer, store, shelves, apart)
        self._administers = administers

    def _register(self, origin: Origin) -> Reports:
        return self._store.community(origin.community)

    async def _key(self, origin: Origin) -> str:
        """The asker's random key, made where there is none."""
        return await self._store.people(origin.community).key(origin.person)

    async def _suggested(self, text: str, origin: Origin) -> Reply:
        answerer, shelf = await self._at_hand(origin.community)
        return await self._apart(answerer.tag, text, shelf)

    async def _registration(
        self, known: Details, outcomes: tuple[str, ...], *, shared: bool
    ) -> Registration:
        answerer = self._answerer("")
        vector = await self._apart(answerer.encoded, known.told)
        return Registration(known, outcomes, shared, vector.tobytes(), answerer.model)

    async def _whole(self, project: Project, origin: Origin, lead: str) -> Reply:
        """All of a project, with what the asker may do with it; of a hidden one, to them alone."""
        told, names = project.details, self._named()
        words = " ".join(told.description.split())  # one paragraph, so that all of it is quoted
        quote = Citation(
            1,
            project.id,
            "project",
            told.title,
            told.link,
            words,
            (told.council,) if told.council else (),
        )
        lines = (
            lead,
            wording.HIDDEN_NOW if project.hidden else "",
            f"{label(project)}\n“{words}” [1]",
            wording.about(project, origin.community),
        )
        return Reply(
            "answered",
            "\n\n".join(filter(None, lines)),
            (quote,),
            tuple(Outcome(one, names.get(one, one)) for one in project.outcome_ids),
            actions=await self._offered(project, origin),
            private=project.hidden,
        )

    def _editing(self, project: Project) -> Form:
        key, outcomes = f"{project.id}@{project.revision}", self._answerer("").directory.outcomes
        known, chosen = project.details, project.outcome_ids
        return forms.editing(key, known, outcomes, chosen, shared=project.shared)

    def _stands(self, project: Project, what: Registration) -> bool:
        """Whether a project is already what it is to be."""
        same = project.details == what.details and project.shared == what.shared
        return same and set(project.outcome_ids) == set(what.outcomes)

    def _beside(self, project: Project, values: Mapping[str, str], why: str) -> Reply:
        """What an officer wrote, with how the project stands above it; nothing is lost."""
        names = self._named()
        outcomes = ", ".join(names.get(one, one) for one in project.outcome_ids)
        lead = f"{why}\n\n{label(project)}\n“{project.details.description}”\n{outcomes}"
        form = replace(self._editing(project), lead=lead)
        return Reply("help", wording.NOT_YET, form=again(form, values, {}), private=True)

    def _still_here(self, request: Submitted, why: str) -> Reply:
        """The form that cannot be sent any more, with what was written in it."""
        blank = forms.blank(request.form, request.key, self._answerer("").directory.outcomes)
        form = again(blank, request.values, {})
        return Reply("invalid", f"{why} {wording.STILL_HERE}", form=form, private=True)

    async def _offered(self, project: Project, origin: Origin) -> tuple[Action, ...]:
        if not await self._may_change(project, origin):
            return (Action("open", wording.REPORT, f"report:{project.id}"),)
        edit = Action("open", wording.EDIT, f"edit:{project.id}")
        return edit, Action("withdraw", wording.WITHDRAW, project.id)

    async def _may_change(self, project: Project, origin: Origin) -> bool:
        """Its owner, who registered it, and the administrators of its community."""
        if project.community != origin.community or not origin.person:
            return False
        by = await self._known_key(origin)
        return by in (project.owner, project.registered_by) or await self._administers(origin)
