"""Every request about peers and one's own data, to the desk that answers it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import datetime
from random import Random

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.apart import Apart
from bot.conversation import Command, Form, Origin, Pressed, Reply, Submitted
from bot.forms import away
from bot.peers import forms, wording
from bot.peers.finding import Finding
from bot.peers.introducing import Introducing
from bot.peers.joining import Joining
from bot.peers.own_data import OwnData
from bot.shelves import Shelves
from bot.store import Store, StoreUnusable
from bot.subjects import Subject

FORMS = ("offer", "pause", "introduce", "erase")
SUBJECT = Subject(
    commands=("peers", "my-data"),
    buttons=(
        *("peers", "resume", "leave", "leave-now", "accept", "not-now", "stop-requests"),
        *("helped", "my-data", "erase-now"),
    ),
    opens=FORMS,
    forms=FORMS,
)

# What officers write for each; behind "pause" a day may stand.
_SAID = {
    "join": "join|join us|join in|sign up|edit|change|offer|offer help",
    "leave": "leave|leave it|leave peers|leave the peers|leave the list|quit|stop|stop it"
    "|stop asking me|stop requests|unsubscribe|opt out|remove me|sign off|off",
    "resume": "resume|resume requests|unpause|start again|come back|on",
    "requests": "requests|request|my requests|open requests|show requests",
    "pause": "pause|pause me|pause it|pause requests|snooze",
}
_MEANT = {words: name for name, said in _SAID.items() for words in said.split("|")}
_FILLER = re.compile(r"\b(?:please|pls|now|thanks|thank you|ta|cheers)\b")

_log = logging.getLogger(__name__)
_Request = Command | Pressed | Submitted


class Broker:
    """Four desks: joining, finding, introducing, and one's own data."""

    def __init__(
        self,
        answerer: Callable[[str], Answerer],
        store: Store,
        shelves: Shelves,
        apart: Apart,
        clock: Callable[[], datetime],
        chance: Random,
    ) -> None:
        self._answerer = answerer
        given = (answerer, store, shelves, apart, clock, chance)
        self._joining, self._finding = Joining(*given), Finding(*given)
        self._introducing, self._own_data = Introducing(*given), OwnData(*given)

    def concerned(self, request: object) -> bool:
        """Whether a request is about peers or one's own data."""
        return SUBJECT.holds(request)

    async def handle(self, request: _Request) -> Reply:
        """The reply."""
        try:
            return await self._handled(request)
        except StoreUnusable as error:
            _log.error("Peers cannot be reached: %s", error)
        return away(request, wording.AWAY, self._blank)

    async def beside(
        self, reply: Reply, question: str, origin: Origin, answerer: Answerer, shelf: Shelf
    ) -> Reply:
        """An answer with officers who can say more; see `finding`."""
        return await self._finding.beside(reply, question, origin, answerer, shelf)

    async def due(self) -> int:
        """What time does to introductions; how many it concerned."""
        return await self._introducing.due()

    async def _handled(self, request: _Request) -> Reply:
        match request:
            case Command("peers", text, origin):
                return await self._peers(text, origin)
            case Command(_, text, origin):
                return await self._data(text, origin)
            case Pressed("open", value, origin):
                return await self._opened(value, origin)
            case Pressed(action, value, origin):
                return await self._pressed(action, value, origin)
            case Submitted():
                return await self._submitted(request)

    async def _peers(self, text: str, origin: Origin) -> Reply:
        bare = " ".join(_FILLER.sub(" ", text.lower().rstrip(" .!?")).split())
        word, _, more = bare.partition(" ")
        match _MEANT.get(bare, bare):
            case "":
                return await self._joining.mine(origin)
            case "join":
                return await self._joining.open_offer(origin)
            case "leave":
                return await self._joining.ask_to_leave(origin)
            case "resume":
                return await self._joining.resume(origin)
            case "requests":
                return await self._introducing.waiting(origin)
            case "pause":
                return await self._joining.open_pause(origin)
            case _ if word == "pause":
                return await self._joining.pause_until(more, origin)
            case _:
                return await self._finding.find(text, origin)

    async def _data(self, text: str, origin: Origin) -> Reply:
        match text.strip().lower():
            case "delete":
                return await self._own_data.ask_to_erase(origin)
            case "export":
                return await self._own_data.exported(origin)
            case _:
                return await self._own_data.shown(origin)

    async def _opened(self, value: str, origin: Origin) -> Reply:
        form, _, name = value.partition(":")
        match form:
            case "offer":
                return await self._joining.open_offer(origin)
            case "pause":
                return await self._joining.open_pause(origin)
            case "introduce":
                return await self._introducing.open_wish(name, origin)
            case _:
                return await self._own_data.ask_to_erase(origin)

    async def _pressed(self, action: str, value: str, origin: Origin) -> Reply:
        match action:
            case "peers" | "my-data":
                return await self._handled(Command(action, value, origin))
            case "resume":
                return await self._joining.resume(origin)
            case "leave":
                return await self._joining.ask_to_leave(origin)
            case "leave-now":
                return await self._joining.leave(origin)
            case "erase-now":
                return await self._own_data.erased(origin)
            case _:
                return await self._answered(action, value, origin)

    async def _answered(self, action: str, value: str, origin: Origin) -> Reply:
        match action:
            case "accept":
                return await self._introducing.accept(value, origin)
            case "not-now":
                return await self._introducing.not_now(value, origin)
            case "stop-requests":
                await self._introducing.decline(value, origin)
                return await self._joining.stop(origin)
            case _:
                return await self._introducing.helped(value, origin)

    async def _submitted(self, request: Submitted) -> Reply:
        match request.form:
            case "offer":
                return await self._joining.offered(request)
            case "pause":
                return await self._joining.pause(request)
            case "introduce":
                return await self._introducing.wished(request)
            case _:
                return await self._own_data.erased_with(request)

    def _blank(self, request: Submitted) -> Form:
        match request.form:
            case "offer":
                return forms.offering(self._answerer("").directory.outcomes, None)
            case "pause":
                return forms.pausing()
            case "introduce":
                return forms.wishing(request.key, "")
            case _:
                return forms.erasing()
