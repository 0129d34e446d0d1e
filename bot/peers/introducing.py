"""A wish put to a peer, their answer, and the introduction."""

from __future__ import annotations

from bot.conversation import Origin, Reply, Submitted
from bot.desks import refused, said
from bot.offers import Introduction, Profile
from bot.peers import forms, letters, wording
from bot.peers.desk import OFFER_HELP, Desk
from bot.store import Refusal
from bot.store.introductions import OPEN_FOR

_REFUSED: dict[Refusal, str] = {
    "gone": wording.GONE,
    "own": wording.OWN,
    "unwilling": wording.NOT_NOW_ASKED,
    "many": wording.MANY,
    "not beyond": wording.NOT_BEYOND,
}


class Introducing(Desk):
    """With the consent of both."""

    async def open_wish(self, offer: str, origin: Origin) -> Reply:
        """The form for a line to a peer, if they may be asked."""
        if not origin.person:
            return refused(wording.NOBODY)
        if there := await self._peers(origin).open(await self._known_key(origin), offer):
            return self._asked_before(there)
        peer = await self._willing(offer, origin)
        if peer is None:
            return refused(wording.NOT_NOW_ASKED)
        own = await self._own(origin)
        known = own.offer if own else None
        if peer.community != origin.community and not (known and known.beyond):
            return refused(wording.NOT_BEYOND, OFFER_HELP)
        return self._asked(forms.wishing(offer, wording.asking(peer.offer), known))

    async def wished(self, request: Submitted) -> Reply:
        """The form sent: the line goes to the peer, once."""
        origin, offer = request.origin, request.key
        if not origin.person:
            return refused(wording.NOBODY)
        peer = await self._willing(offer, origin)
        beyond = peer is not None and peer.community != origin.community
        wish, faults = forms.wished(request.values, beyond=beyond)
        if faults:
            lead = wording.asking(peer.offer) if peer else ""
            return self._faulty(forms.wishing(offer, lead), request, faults)
        by = await self._store.people(origin.community).reached(origin)
        began = self._clock()
        made = await self._peers(origin).ask(by, origin.person, offer, wish, letters.request)
        if isinstance(made, str):
            return refused(_REFUSED[made], *((OFFER_HELP,) if made == "not beyond" else ()))
        if made.asked_at < began:
            return self._asked_before(made)
        return said(wording.ASKED.format(wording.at(made.council)))

    def _asked_before(self, one: Introduction) -> Reply:
        council = wording.at(one.council)
        return said(wording.ASKED_BEFORE.format(council, wording.day(one.asked_at)))

    async def waiting(self, origin: Origin) -> Reply:
        """The oldest request that waits for the asker's answer, and how many there are."""
        own = await self._own(origin)
        if own is None:
            return refused(wording.NOT_JOINED, OFFER_HELP)
        theirs = [
            one
            for one in await self._peers(origin).concerning(own.key)
            if (one.peer_community, one.peer) == (origin.community, own.key)
            and one.state == "asked"
            and one.asked_at + OPEN_FOR > self._clock()
        ]
        if not theirs:
            return said(wording.NO_REQUESTS)
        oldest = theirs[-1]
        lead = wording.WAITING.format(len(theirs)) if len(theirs) > 1 else ""
        asked = letters.asked(oldest, own)
        return said("\n\n".join(filter(None, (lead, asked.body))), *asked.actions)

    async def accept(self, name: str, origin: Origin) -> Reply:
        """Bring both together."""
        key = await self._known_key(origin)
        answered = await self._peers(origin).answer(
            key,
            name,
            accepted=True,
            write=lambda one, own: letters.introduction(one, own.offer, origin.platform),
        )
        return said(wording.ACCEPTED) if answered else refused(wording.NOT_YOURS)

    async def decline(self, name: str, origin: Origin) -> bool:
        """The asker is told that it does not suit, and not by whom; False where it is not open."""
        key = await self._known_key(origin)
        return await self._peers(origin).answer(
            key,
            name,
            accepted=False,
            write=lambda one, _: [letters.to_asker(one, wording.NOT_THIS_TIME)],
        )

    async def not_now(self, name: str, origin: Origin) -> Reply:
        """The same, said to the peer."""
        declined = await self.decline(name, origin)
        return said(wording.DECLINED) if declined else refused(wording.NOT_YOURS)

    async def helped(self, value: str, origin: Origin) -> Reply:
        """Keep the yes or no."""
        name, _, word = value.rpartition(":")
        key = await self._known_key(origin)
        kept = await self._peers(origin).helped(key, name, yes=word == "yes")
        return said(wording.THANKED) if kept else refused(wording.NOT_YOURS)

    async def due(self) -> int:
        """What time does; see `store.due`."""
        return await self._store.due.passed(letters.expired, letters.follow_up)

    async def _willing(self, offer: str, origin: Origin) -> Profile | None:
        found = await self._peers(origin).willing([offer], origin.person)
        return found[0] if found else None
