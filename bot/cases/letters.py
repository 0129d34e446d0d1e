"""What is written to administrators of what was suggested, and to officers of what they decide."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.cases import forms, wording
from bot.conversation import Action, Reply
from bot.delivery import Room
from bot.store import Letter
from bot.texts import Suggested


def buttons(one: Suggested, mark: str = "") -> tuple[Action, ...]:
    """What an administrator may say to it; `mark` tells those of several apart."""
    return (
        Action("case-accept", f"{wording.ACCEPT}{mark}", one.id),
        Action("open", f"{wording.ASK}{mark}", f"{forms.ASK}:{one.id}"),
        Action("open", f"{wording.DECLINE}{mark}", f"{forms.DECLINE}:{one.id}"),
    )


def telling(
    one: Suggested, whole: Reply, keys: Iterable[str], rooms: Iterable[Room]
) -> list[Letter]:
    """To administrators, with the `whole` of it: to some by their keys, to others where the bot has
    a chat with them. What goes there goes in the name of whoever suggested it, and so is not kept
    where they were erased meanwhile."""
    lead = wording.AGAIN if one.said else wording.NEW
    body, actions = f"{lead}\n\n{whole.body}", buttons(one)
    reply = replace(whole, body=body, actions=actions, private=False)
    letters = [Letter(one.community, key, reply) for key in keys]
    there = (
        Letter(one.community, one.by, reply, platform=room.platform, place=room.address)
        for room in rooms
    )
    return [*letters, *there]


def accepted(one: Suggested) -> list[Letter]:
    """To whoever suggested it."""
    return _told(one, wording.told_accepted(one))


def asked(one: Suggested, question: str) -> list[Letter]:
    """The same, with a way back to the form."""
    answer = Action("open", wording.ANSWER, f"{forms.SUGGEST}:{one.id}")
    return _told(one, wording.told_asked(one, question), answer)


def declined(one: Suggested, reason: str) -> list[Letter]:
    """The same."""
    return _told(one, wording.told_declined(one, reason))


def _told(one: Suggested, words: str, *actions: Action) -> list[Letter]:
    return [Letter(one.community, one.by, Reply("answered", words, actions=actions))]
