"""Every request about projects, to the desk that answers it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from bot.answers.answerer import Answerer
from bot.apart import Apart
from bot.conversation import Command, Form, Marked, Origin, Pressed, Reply, Submitted
from bot.forms import away
from bot.register import forms, wording
from bot.register.keeping import Keeping
from bot.register.moderation import Moderation
from bot.register.tagging import Tagging
from bot.shelves import Shelves
from bot.store import Store, StoreUnusable
from bot.subjects import Subject

DRAFTED = ("draft", "register", "outcomes")
SUBJECT = Subject(
    commands=("tag", "projects", "report", "reports", "hidden"),
    buttons=(
        *("confirm", "project", "projects", "withdraw", "withdraw-now"),
        *("hide", "keep", "show"),
    ),
    opens=("project", "edit", "report", *DRAFTED),  # a channel's own are the form's id
    forms=("project", "outcomes", "register", "edit", "report"),
)

_log = logging.getLogger(__name__)


class Registrar:
    """Three desks: tagging, keeping what is registered, and moderation."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        administers: Callable[[Origin], Awaitable[bool]],
        apart: Apart,
    ) -> None:
        self._answerer = answerer
        given = (answerer, store, shelves, administers, apart)
        self._tagging, self._keeping = Tagging(*given), Keeping(*given)
        self._moderation = Moderation(*given)

    def concerned(self, request: object) -> bool:
        """Whether a request is about projects."""
        return isinstance(request, Marked) or SUBJECT.holds(request)

    async def visible(self, reply: Reply, origin: Origin) -> bool:
        """Whether everything that a kept reply cites may still be shown here."""
        return await self._moderation.visible(reply, origin)

    async def handle(
        self, request: Command | Pressed | Submitted | Marked, about: Sequence[str] = ()
    ) -> Reply:
        """The reply. `about` are the texts that the thread's last answer rests on."""
        try:
            return await self._handled(request, about)
        except StoreUnusable as error:
            _log.error("The register cannot be reached: %s", error)
        return away(request, wording.AWAY, self._blank)

    async def _handled(
        self, request: Command | Pressed | Submitted | Marked, about: Sequence[str]
    ) -> Reply:
        match request:
            case Command(name, text, origin):
                return await self._command(name, text, origin, about)
            case Marked(text, author, origin):
                return await self._tagging.marked(text, author, origin)
            case Pressed("open", value, origin):
                return await self._opened(value, origin)
            case Pressed(action, value, origin):
                return await self._pressed(action, value, origin)
            case Submitted():
                return await self._submitted(request)

    async def _command(self, name: str, text: str, origin: Origin, about: Sequence[str]) -> Reply:
        match name:
            case "tag":
                return await self._tagging.tag(text, origin)
            case "projects":
                return await self._keeping.listed(text, origin)
            case "report":
                return await self._moderation.which(text, origin, about)
            case "reports":
                return await self._moderation.reports(origin)
            case _:
                return await self._moderation.hidden(origin)

    async def _opened(self, value: str, origin: Origin) -> Reply:
        kind, _, name = value.partition(":")
        match kind:
            case _ if kind in DRAFTED:
                return await self._tagging.open_draft(name, origin)
            case "edit":
                return await self._keeping.open_edit(name.partition("@")[0], origin)
            case "report":
                return await self._moderation.open_report(name, origin)
            case _:
                return await self._tagging.tag("", origin)

    async def _pressed(self, action: str, value: str, origin: Origin) -> Reply:
        match action:
            case "confirm":
                return await self._tagging.confirm(value, origin)
            case "projects":
                return await self._keeping.more(value, origin)
            case "withdraw":
                return await self._keeping.ask_to_withdraw(value, origin)
            case "withdraw-now":
                return await self._keeping.withdraw(value, origin)
            case "hide" | "keep" | "show":
                return await self._moderation.decided(action, value, origin)
            case _:
                return await self._keeping.project(value, origin)

    def _blank(self, request: Submitted) -> Form:
        return forms.blank(request.form, request.key, self._answerer("").directory.outcomes)

    async def _submitted(self, request: Submitted) -> Reply:
        match request.form:
            case "project":
                return await self._tagging.described(request)
            case "edit":
                return await self._keeping.edited(request)
            case "report":
                return await self._moderation.reported(request)
            case _:
                return await self._tagging.registered(request)
