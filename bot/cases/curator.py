"""Every request about suggested case studies and unconfirmed texts, to its desk."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from bot.cases import forms, wording
from bot.cases.confirming import Confirming
from bot.cases.deciding import Deciding
from bot.cases.desk import Means
from bot.cases.suggesting import Suggesting
from bot.conversation import Command, Form, Origin, Pressed, Reply, Submitted
from bot.forms import away
from bot.sources.fetching import Fetcher
from bot.sources.manners import Manners
from bot.store import StoreUnusable
from bot.subjects import Subject

SUBJECT = Subject(
    commands=("suggest-case", "cases", "texts"),
    buttons=("cases", "case-accept", "texts", "texts-confirm"),
    opens=(forms.SUGGEST, forms.ASK, forms.DECLINE, forms.TEXT),
    forms=(forms.SUGGEST, forms.ASK, forms.DECLINE, forms.TEXT),
)

_log = logging.getLogger(__name__)


class Curator:
    """Three desks: case studies suggested, decided on, and texts confirmed."""

    def __init__(self, means: Means, fetcher: Callable[[], Fetcher] | None) -> None:
        """`fetcher` as `Assistant` takes it."""
        self._answerer = means.answerer
        self._suggesting = Suggesting(means, fetcher or partial(Fetcher, (), Manners()))
        self._deciding, self._confirming = Deciding(means), Confirming(means)

    def concerned(self, request: object) -> bool:
        """Whether a request is about any of it. The lists take no words: those are a question."""
        match request:
            case Command("cases" | "texts", text, _) if text.strip():
                return False
            case _:
                return SUBJECT.holds(request)

    async def handle(self, request: Command | Pressed | Submitted) -> Reply:
        """The reply."""
        try:
            return await self._handled(request)
        except StoreUnusable as error:
            _log.error("What was suggested cannot be reached: %s", error)
        return away(request, wording.AWAY, self._blank)

    async def due(self) -> int:
        """Read what came with suggestions and is not read yet; how many that were."""
        return await self._suggesting.read_all()

    async def settle(self) -> None:
        """Wait for what is being read."""
        await self._suggesting.settle()

    async def _handled(self, request: Command | Pressed | Submitted) -> Reply:
        match request:
            case Command(forms.SUGGEST, text, origin, files):
                return await self._suggesting.begin(text, origin, files)
            case Command("cases", _, origin):
                return await self._deciding.listed("", origin)
            case Command(_, _, origin):
                return await self._confirming.listed(origin)
            case Pressed("open", value, origin):
                return await self._opened(value, origin)
            case Pressed(action, value, origin):
                return await self._pressed(action, value, origin)
            case Submitted():
                return await self._submitted(request)

    async def _opened(self, value: str, origin: Origin) -> Reply:
        form, _, name = value.partition(":")
        match form:
            case forms.SUGGEST:
                return await self._suggesting.open_form(name, origin)
            case forms.TEXT:
                return await self._confirming.open_form(name, origin)
            case _:
                return await self._deciding.open_form(form, name, origin)

    async def _pressed(self, action: str, value: str, origin: Origin) -> Reply:
        match action:
            case "case-accept":
                return await self._deciding.accept(value, origin)
            case "texts-confirm":
                return await self._confirming.confirm(value, origin)
            case "texts":
                return await self._confirming.listed(origin)
            case _:
                return await self._deciding.listed(value, origin)

    async def _submitted(self, request: Submitted) -> Reply:
        match request.form:
            case forms.SUGGEST:
                return await self._suggesting.suggested(request)
            case forms.ASK:
                return await self._deciding.asked(request)
            case forms.DECLINE:
                return await self._deciding.declined(request)
            case _:
                return await self._confirming.corrected(request)

    def _blank(self, request: Submitted) -> Form:
        if request.form == forms.SUGGEST:
            return self._suggesting.stay(request)
        return forms.blank(request.form, request.key, self._answerer("").directory.outcomes)
