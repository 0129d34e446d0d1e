"""Every request about feedback, open questions and verified answers, to its desk."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.apart import Apart
from bot.conversation import Action, Command, Form, Origin, Pressed, Reply, Submitted
from bot.feedback import forms, giving, wording
from bot.feedback.answering import Answering
from bot.feedback.experts import ExpertsDesk
from bot.feedback.keeping import Keeping
from bot.feedback.rating import BY_MESSAGE, Rating, offered
from bot.feedback.usage import UsageDesk
from bot.forms import away
from bot.shelves import Shelves
from bot.store import Question, Store, StoreUnusable
from bot.subjects import Subject

SUBJECT = Subject(
    commands=("open", "verified", "experts", "usage"),
    buttons=(
        *("pass-on", "waiting", "not-for-us", "not-for-us-now"),
        *("verified", "verified-given", "verify-again", "verified-end", "verified-end-now"),
        *("experts", "expert-agree", "expert-remove", "expert-leave"),
    ),
    opens=("wrong", "verify", "verified", "expert"),
    forms=("wrong", "verify", "verified", "expert"),
)
_OF_INTRODUCTIONS = (":yes", ":no")  # whether one of these helped is for the peers' desk
_EXPERTS = {"": "", "list": "", "join": "join", "leave": "leave"}

_log = logging.getLogger(__name__)
_Request = Command | Pressed | Submitted


class Reviewer:
    """Five desks: ratings, open questions, verified answers, experts, usage."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        administers: Callable[[Origin], Awaitable[bool]],
        apart: Apart,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._apart, self._clock = store, apart, clock
        given = (answerer, store, shelves, administers, apart, clock)
        self._rating = Rating(*given)
        self._answering, self._keeping = Answering(*given), Keeping(*given)
        self._experts, self._usage = ExpertsDesk(*given), UsageDesk(*given)

    def concerned(self, request: object) -> bool:
        """Whether a request is about any of it. A command with words behind it is a question:
        "open digital planning"."""
        match request:
            case Command("experts", text, _):
                return text.strip().lower() in _EXPERTS
            case Command(_, text, _) if text.strip():
                return False
            case Pressed("helped", value, _):
                return value.startswith(BY_MESSAGE) or not value.endswith(_OF_INTRODUCTIONS)
            case _:
                return SUBJECT.holds(request)

    async def handle(self, request: _Request) -> Reply:
        """The reply."""
        try:
            return await self._handled(request)
        except StoreUnusable as error:
            _log.error("Feedback cannot be reached: %s", error)
        return away(request, wording.AWAY, self._blank)

    async def beside(
        self, reply: Reply, question: str, answerer: Answerer, shelf: Shelf
    ) -> tuple[Reply, bool]:
        """An answer with the verified one above it, and whether there is one. One that is not
        sure offers a verified answer to a question that may be meant."""
        if not question or not shelf.verified:
            return reply, False
        today = self._clock().date()
        found = await self._apart(giving.found, question, answerer, shelf, today)
        if found.alike:
            first = await self._apart(giving.given, found.alike, question, answerer, shelf)
            return giving.above(first, reply), True
        if found.close and reply.status == "unsure":
            label = wording.may_be_meant(found.close.question)
            offer = Action("verified-given", label, found.close.id)
            return replace(reply, actions=(*reply.actions, offer)), False
        return reply, False

    def rated(self, reply: Reply, name: str, origin: Origin) -> Reply:
        """An answer that can be rated and, where it is not sure, passed on."""
        return offered(reply, name, origin)

    async def noted(
        self, asked: Question, text: str, origin: Origin, *, verified: bool = False
    ) -> None:
        """What an answer adds to the counts; one that is not sure is open, where others saw it
        asked. `text` is the question as others can read it."""
        if asked.status == "unsure" and origin.place and not origin.alone:
            await self.open(text, origin, asked.name)
        if not origin.person:
            return
        what = (asked.status, "verified") if verified else (asked.status,)
        await self._store.usage(origin.community).count(*what)

    async def open(self, text: str, origin: Origin, name: str) -> None:
        """Keep a question that others saw asked and that nobody could answer."""
        await self._rating.open(text, origin, name=name)

    async def due(self) -> int:
        """Ask whether verified answers still hold whose day has passed; of how many."""
        return await self._keeping.due()

    async def _handled(self, request: _Request) -> Reply:
        match request:
            case Command(name, text, origin):
                return await self._command(name, text, origin)
            case Pressed("open", value, origin):
                return await self._opened(value, origin)
            case Pressed(action, value, origin):
                return await self._pressed(action, value, origin)
            case Submitted():
                return await self._submitted(request)

    async def _command(self, name: str, text: str, origin: Origin) -> Reply:
        match name, _EXPERTS.get(text.strip().lower(), ""):
            case "open", _:
                return await self._answering.listed("", origin)
            case "verified", _:
                return await self._keeping.listed("", origin)
            case "experts", "join":
                return await self._experts.open_join(origin)
            case "experts", "leave":
                return await self._experts.leave(origin)
            case "experts", _:
                return await self._experts.shown("", origin)
            case _:
                return await self._usage.shown(origin)

    async def _opened(self, value: str, origin: Origin) -> Reply:
        form, _, name = value.partition(":")
        match form:
            case "wrong":
                return await self._rating.wrong(name, origin)
            case "verify":
                return await self._answering.open_form(name, origin)
            case "verified":
                return await self._keeping.open_change(name, origin)
            case _:
                return await self._experts.open_join(origin)

    async def _pressed(self, action: str, value: str, origin: Origin) -> Reply:
        match action:
            case "helped":
                return await self._rating.helped(value, origin)
            case "verified-given":
                return await self._keeping.given(value, origin)
            case "pass-on":
                return await self._rating.pass_on(value, origin)
            case "expert-agree" | "expert-remove":
                return await self._experts.decided(value, origin, agreed=action == "expert-agree")
            case "experts":
                return await self._experts.shown(value, origin)
            case "expert-leave":
                return await self._experts.leave(origin)
            case _:
                return await self._looked_after(action, value, origin)

    async def _looked_after(self, action: str, value: str, origin: Origin) -> Reply:
        match action:
            case "waiting":
                return await self._answering.listed(value, origin)
            case "not-for-us":
                return await self._answering.ask_to_close(value, origin)
            case "not-for-us-now":
                return await self._answering.close(value, origin)
            case "verify-again":
                return await self._keeping.verify_again(value, origin)
            case "verified-end":
                return await self._keeping.ask_to_end(value, origin)
            case "verified-end-now":
                return await self._keeping.end(value, origin)
            case _:
                return await self._keeping.listed(value, origin)

    async def _submitted(self, request: Submitted) -> Reply:
        match request.form:
            case "wrong":
                return await self._rating.said_why(request)
            case "verify":
                return await self._answering.answered(request)
            case "verified":
                return await self._keeping.changed(request)
            case _:
                return await self._experts.joined(request)

    def _blank(self, request: Submitted) -> Form:
        return forms.blank(request.form, request.key, self._clock().date())
