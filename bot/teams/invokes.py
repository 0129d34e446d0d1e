"""What Teams waits for: forms on cards, thumbs, dialogs of our action on a message, searches."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import replace

from botbuilder.core import InvokeResponse
from botbuilder.schema import Activity

from bot.conversation import Reply, Submitted
from bot.delivery import Heard, Reception
from bot.showing import shortened
from bot.teams.activities import Malformed, marked, rated, submitted, submitted_in_dialog
from bot.teams.addresses import DIALOGS
from bot.teams.cards import CARD, attachment, form_card, note_card
from bot.teams.searching import results, searched

SENT = "Thank you. My answer follows."
LONGEST_NOTE = 200
LONGEST_TITLE = 60
_WRONG = ("invalid", "failed", "declined")
_CITED = re.compile(r"\[\d+\]")
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"

_log = logging.getLogger(__name__)
_Json = dict[str, object]


class Invokes:
    """Answers within the turn. What a form came to is posted behind it."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._making: dict[str, asyncio.Task[Reply]] = {}
        self._known = {
            "adaptiveCard/action": self._card,
            "message/submitAction": self._rated,
            f"{DIALOGS}fetchTask": self._opened,
            f"{DIALOGS}submitAction": self._in_dialog,
            f"{DIALOGS}query": self._searched,
        }

    async def answer(self, activity: Activity) -> InvokeResponse:
        """501 for what is not offered here, 400 for what cannot be read."""
        known = self._known.get(activity.name)
        try:
            body = await known(activity) if known else None
        except Malformed as error:
            _log.warning("Teams: %s cannot be read: %s", activity.name, error)
            return InvokeResponse(status=400, body={})
        return InvokeResponse(status=501) if body is None else InvokeResponse(status=200, body=body)

    async def _rated(self, activity: Activity) -> _Json:
        """Teams takes an empty answer alone, and thanks for a thumb itself. What is said of a
        thumb down stands in no form here, so it is posted; so is what went wrong."""
        heard = rated(activity)
        reply = await self._made(heard)
        if isinstance(heard.request, Submitted) or reply.status in _WRONG:
            said = replace(heard, key=f"{heard.key}:{reply.status}")  # it may fare better again
            self._reception.post(said, reply)
        return {}

    async def _card(self, activity: Activity) -> _Json:
        """What stands in the card's place from now on. Where it failed the card stays, with all
        that was filled in."""
        filled = submitted(activity)
        if filled is None:
            return _instead(_ERROR, {"code": "BadRequest", "message": "Unknown button."}, 400)
        reply = await self._made(filled)
        if reply.form:
            return _instead(CARD, form_card(reply.form, _wrong(reply, filled)))
        if reply.status == "failed":
            return _instead(_MESSAGE, reply.body)
        self._reception.post(filled, reply)
        return _instead(CARD, note_card(_came_of(reply)))

    async def _opened(self, activity: Activity) -> _Json | None:
        request = marked(activity)
        return _dialog(await self._reception.now(request)) if request else None

    async def _in_dialog(self, activity: Activity) -> _Json | None:
        """The next dialog; the last holds the whole answer, since it may be the only place where
        the bot can show it."""
        filled = submitted_in_dialog(activity)
        if filled is None:
            return None
        reply = await self._made(filled)
        if not reply.form and reply.status != "failed":
            self._reception.post(filled, reply)
        return _dialog(reply, filled)

    async def _searched(self, activity: Activity) -> _Json | None:
        """Shown to whoever searches, and nowhere else: the bot may not be in that conversation."""
        search = searched(activity)
        return results(await self._reception.search(search.request), search) if search else None

    async def _made(self, filled: Heard) -> Reply:
        """Made once for a form that is sent again while its answer is being made."""
        making = self._making.get(filled.key)
        if making is None:
            making = asyncio.create_task(self._reception.now(filled.request))
            self._making[filled.key] = making
            making.add_done_callback(lambda _: self._making.pop(filled.key))
        return await asyncio.shield(making)


def _wrong(reply: Reply, filled: Heard | None = None) -> str:
    """What is said above a form that is shown again, or instead of the next step, which speaks
    for itself."""
    if reply.form is None:
        return ""
    asked = filled.request.form if filled and isinstance(filled.request, Submitted) else None
    return reply.body if reply.status in _WRONG or reply.form.id == asked else ""


def _came_of(reply: Reply) -> str:
    """How the answer begins, where that is short and no quote without its source."""
    beginning = reply.body.strip().partition("\n")[0]
    told = 0 < len(beginning) <= LONGEST_NOTE and not _CITED.search(beginning)
    return beginning if told and not reply.private else SENT


def _instead(kind: str, value: object, status: int = 200) -> _Json:
    return {"statusCode": status, "type": kind, "value": value}


def _dialog(reply: Reply, filled: Heard | None = None) -> _Json:
    """The form of a reply, or its words. These are a card too: Teams has a kind of dialog for
    mere text, but shows it empty when it is the first, or calls it an error."""
    form = reply.form
    if form:
        title, height = form.title, "large"
        card = form_card(form, _wrong(reply, filled), dialog=True)
    else:
        title, height = "Outcomes", "medium"
        card = note_card(reply.text, reply.citations)
    shown = {"title": shortened(title, LONGEST_TITLE) or "Outcomes", "height": height}
    value = {**shown, "width": "medium", "card": attachment(card)}
    return {"task": {"type": "continue", "value": value}}
