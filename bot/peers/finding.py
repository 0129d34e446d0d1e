"""Peers found: by a few words, and at the end of an answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from bot.answers.answerer import Answerer
from bot.answers.peers import Named
from bot.answers.shelf import Shelf
from bot.conversation import Action, Origin, Peer, Reply
from bot.offers import Seeker
from bot.peers import wording
from bot.peers.desk import OFFER_HELP, Desk
from bot.store import StoreUnusable

SHOWN, BESIDE = 3, 2
_WHICH = {1: "an", 2: "a second", 3: "a third"}  # of one council, of as many as are shown

_log = logging.getLogger(__name__)


class Finding(Desk):
    """Whoever is shown was confirmed by the database in that moment; nobody else is."""

    async def find(self, text: str, origin: Origin) -> Reply:
        """Councils that did it, and officers who agreed to be asked about it."""
        answerer, shelf = await self._at_hand(origin.community)
        seeker = await self._seen(origin, shelf)
        chance = Random(self._chance.random())
        found = await self._apart(answerer.peers, text, shelf, seeker, chance)
        if found.reply.status in ("clarify", "declined", "invalid", "help"):
            return found.reply
        people = await self._confirmed(found.people, origin)
        if not people:
            actions = (*found.reply.actions, *((OFFER_HELP,) if origin.person else ()))
            body = f"{found.reply.body}\n\n{wording.NO_PEERS}"
            return replace(found.reply, body=body, actions=actions)
        lead = found.lead or wording.PEERS
        return _with(replace(found.reply, status="answered"), people[:SHOWN], lead, origin)

    async def beside(
        self, reply: Reply, question: str, origin: Origin, answerer: Answerer, shelf: Shelf
    ) -> Reply:
        """An answer on what councils did, with officers who surely can say more; as it is where
        they cannot be looked up."""
        if not shelf.profiles or reply.status != "answered" or not reply.councils:
            return reply
        try:
            seeker = await self._seen(origin, shelf)
            chance = Random(self._chance.random())
            near = await self._apart(answerer.volunteers, question, shelf, seeker, chance)
            people = await self._confirmed(near, origin)
        except StoreUnusable as error:
            _log.error("Answering without peers: %s", error)
            return reply
        return _with(reply, people[:BESIDE], wording.PEERS, origin) if people else reply

    async def _seen(self, origin: Origin, shelf: Shelf) -> Seeker:
        """The asker; where others read along, without what I know of them."""
        seeker = await self._seeker(origin, shelf)
        return seeker if origin.alone else Seeker(seeker.community, seeker.key)

    async def _confirmed(self, near: Sequence[Named], origin: Origin) -> list[Named]:
        names = [one.profile.id for one in near]
        willing = await self._peers(origin).willing(names, origin.person) if names else []
        now = {one.id: one for one in willing}
        return [
            one
            for one in near
            if (seen := now.get(one.profile.id)) and seen.agreed_at == one.profile.agreed_at
        ]


def without_peers(reply: Reply) -> Reply:
    """A reply to be shared: who may be asked is looked up for each who asks, and what the asker
    has in common with a council is theirs."""
    body = reply.body
    if reply.peers:
        body = body.rpartition("\n\n")[0]  # they stand last
    for one in reply.alike:
        parts = one.why.split("; ")
        for start in range(1, len(parts)):
            body = body.replace(f" ({'; '.join(parts[start:])})", "")
    return replace(reply, body=body, peers=(), alike=())


def _with(reply: Reply, people: Sequence[Named], lead: str, origin: Origin) -> Reply:
    """The reply with the officers below it, each with a button to ask them."""
    named = _labels(people)
    lines = [
        f"- {label[0].upper()}{label[1:]} {one.why}"
        for label, one in zip(named, people, strict=True)
    ]
    buttons = tuple(
        Action("open", f"Ask {label}", f"introduce:{one.profile.id}")
        for label, one in zip(named, people, strict=True)
    )
    body = "\n\n".join(filter(None, (reply.body, "\n".join((lead, *lines)))))
    peers = tuple(Peer(one.profile.id, one.profile.offer.council, one.why) for one in people)
    actions = (*reply.actions, *(buttons if origin.person else ()))
    return replace(reply, body=body, actions=actions, peers=peers)


def _labels(people: Sequence[Named]) -> list[str]:
    """An officer by their council; which one comes first, since long labels are cut."""
    seen: dict[str, int] = {}
    labels = []
    for one in people:
        council = wording.at(one.profile.offer.council)
        seen[council] = seen.get(council, 0) + 1
        labels.append(f"{_WHICH[seen[council]]} officer at {council}")
    return labels
