"""What is held of an officer: shown to them, given to them, and deleted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.conversation import Action, Origin, Reply, Submitted
from bot.desks import refused, said
from bot.peers import forms, wording
from bot.peers.desk import Desk
from bot.peers.joining import closing
from bot.store import Held

_EXPORT = Action("my-data", wording.EXPORT, "export")
_ERASE_NOW = Action("erase-now", wording.ERASE_NOW)


class OwnData(Desk):
    """Of whoever asks, and of nobody else."""

    async def shown(self, origin: Origin) -> Reply:
        """In words."""
        held = await self._held(origin)
        if held is None:
            return said(wording.NOTHING_HELD)
        # By their key it is erased with them, where it is long and kept to be read on.
        erase = Action("open", wording.ERASE, f"erase:{held['person']['key']}")
        return said("\n\n".join(_told(held)), _EXPORT, erase)

    async def exported(self, origin: Origin) -> Reply:
        """As JSON, whole."""
        held = await self._held(origin)
        if held is None:
            return said(wording.NOTHING_HELD)
        parts = (
            json.dumps({name: part}, ensure_ascii=False, default=_plain)
            for name, part in held.items()
        )
        return said("\n\n".join((wording.EXPORTED, *parts)))

    async def ask_to_erase(self, origin: Origin) -> Reply:
        """Nothing is erased by a slip; of projects it is asked what becomes of them."""
        held = await self._held(origin)
        if held is None:
            return said(wording.NOTHING_HELD)
        if any(one["yours"] for one in held["projects"]):
            return self._asked(forms.erasing())
        return said(wording.ERASE_ASKED, _ERASE_NOW, _EXPORT)

    async def erased_with(self, request: Submitted) -> Reply:
        """The same, with what becomes of projects."""
        chosen = request.values.get("projects", "")
        if chosen not in ("withdraw", "hand-over"):
            return self._faulty(forms.erasing(), request, {"projects": wording.CHOOSE})
        return await self._erased(request.origin, hand_over=chosen == "hand-over")

    async def erased(self, origin: Origin) -> Reply:
        """Everything, where there is no project; else it is asked first."""
        held = await self._held(origin)
        if held and any(one["yours"] for one in held["projects"]):
            return self._asked(forms.erasing())
        return await self._erased(origin, hand_over=False)

    async def _erased(self, origin: Origin, *, hand_over: bool) -> Reply:
        own = await self._own(origin)
        rights = self._store.rights(origin.community)
        if not await rights.erase(origin, hand_over=hand_over, write=closing):
            return refused(wording.NOTHING_HELD)
        if own:
            self._shelves.drop(own.id)
        return said(wording.ERASED)

    async def _held(self, origin: Origin) -> Held | None:
        if not origin.person:
            return None
        return await self._store.rights(origin.community).held(origin.person)


def _told(held: Held) -> Iterator[str]:
    """What an officer wants to know of it, a paragraph a part."""
    yield wording.HELD
    offer = held["offer"]
    if offer:
        reach = f", reached by {offer['reach']}" if offer["reach"] else ", reached in chat only"
        agreed = wording.day(offer["agreed_at"])
        yield (
            f"Your offer of help, as {offer['name']} at {offer['council']}{reach}, "
            f"agreed to on {agreed}:\n“{offer['help']}”"
        )
    if held["introductions"]:
        asked = "\n".join(f"- {_introduction(one)}" for one in held["introductions"])
        yield f"Introductions:\n{asked}"
    if held["projects"]:
        titles = "\n".join(f"- {one['title']}" for one in held["projects"])
        yield f"Projects that you own or registered:\n{titles}"
    counts = [(len(held[name]), words) for name, words in wording.COUNTED.items()]
    if lines := [f"- {words}: {count}" for count, words in counts if count]:
        yield "\n".join(("Besides:", *lines))


def _introduction(one: dict[str, Any]) -> str:
    on = wording.day(one["asked_at"])
    who = (
        f"you asked an officer at {wording.at(one['peer_council'])}"
        if one["you"] == "asked"
        else f"{one['name']} asked you"
    )
    helped = {True: "; it helped", False: "; it did not help", None: ""}[one["helped"]]
    return f"{on}, {who} ({one['state']}{helped}): “{one['line']}”"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
