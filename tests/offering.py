"""Help offered and asked for in the store, past all desks. Everybody is invented (test data)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.conversation import Origin, Reply
from bot.offers import Introduction, Offer, Profile, Wish
from bot.store import Introductions, Letter, Refusal, Store, Write
from tests.tables import rows

OFFER = Offer("Robin Testname", "We put damp sensors into homes.", ("data",), "Anytown (test data)")
WISH = Wish("Which sensors last?", "Sam Testname", "Othertown (test data)")
PLATFORMS = ("slack", "teams", "page")


@dataclass(frozen=True)
class Person:
    """Somebody in a community, with what they can call."""

    store: Store
    name: str
    community: str = "leeds"
    platform: str = "slack"
    key: str = field(default="", compare=False)

    @classmethod
    async def new(cls, store: Store, name: str, community: str = "leeds") -> Person:
        known = cls(store, name, community)
        return replace(known, key=await store.people(community).reached(known.origin))

    @property
    def origin(self) -> Origin:
        address = json.dumps({"user": {"id": f"29:{self.name}"}})
        return Origin(self.community, f"D-{self.name}", "", self.name, self.platform, address, True)

    @property
    def peers(self) -> Introductions:
        return self.store.peers(self.community)

    def by(self, store: Store) -> Person:
        """The same, as another process has them."""
        return replace(self, store=store)

    async def offers(self, offer: Offer = OFFER) -> Profile:
        made = await self.peers.join(self.key, offer, "agreed", b"1234", "m-1")
        assert made is not None
        return made

    async def sees(self, *others: Profile) -> set[str]:
        """Whom of them they may be shown."""
        names = [one.id for one in others]
        return {one.id for one in await self.peers.willing(names, self.name)}

    async def asks(self, peer: Profile, wish: Wish = WISH) -> Introduction | Refusal:
        return await self.peers.ask(self.key, self.name, peer.id, wish, request)

    async def asked(self, peer: Profile, wish: Wish = WISH) -> Introduction:
        """The same, where it is passed on."""
        made = await self.asks(peer, wish)
        assert isinstance(made, Introduction), made
        return made

    async def answers(self, one: Introduction, *, accepted: bool) -> bool:
        write = both if accepted else said_to_asker("declined")
        answer = self.peers.answer
        return await answer(self.key, one.id, accepted=accepted, write=lambda it, _: write(it))

    async def leaves(self) -> bool:
        return await self.peers.leave(self.key, said_to_asker("left"))

    async def erases(self, *, hand_over: bool = False) -> bool:
        rights = self.store.rights(self.community)
        return await rights.erase(self.origin, hand_over=hand_over, write=said_to_asker("gone"))


def request(one: Introduction, peer: Profile) -> Sequence[Letter]:
    """The wish, to the peer; back to the asker where it cannot be sent."""
    back = Letter(one.community, one.asker, reply("unreached"), one.id)
    words = f"{one.wish.name} {one.wish.reach}: “{one.wish.line}”; you: “{peer.offer.help}”"
    return [Letter(one.peer_community, one.peer, reply(words), one.id, instead=(back,))]


def said_to_asker(words: str) -> Write:
    def write(one: Introduction) -> Sequence[Letter]:
        told = reply(f"{words}: “{one.wish.line}”")
        return [Letter(one.community, one.asker, told, one.id)]

    return write


def both(one: Introduction) -> Sequence[Letter]:
    return [*said_to_asker("accepted")(one), *to_peer(one)]


def to_peer(one: Introduction) -> Sequence[Letter]:
    words = f"talk to {one.wish.name}: “{one.wish.line}”"
    return [Letter(one.peer_community, one.peer, reply(words), one.id)]


def nothing(_one: object, *_more: object) -> Sequence[Letter]:
    return []


def reply(words: str) -> Reply:
    return Reply("answered", words)


async def post(store: Store) -> list[str]:
    """What is sent now, to all; it is gone then."""
    sent = []
    for letter in await store.letters.take(PLATFORMS):
        await store.letters.sent(letter)
        sent.append(letter.reply.body)
    return sorted(sent)


def states(url: str) -> list[object]:
    """The states of all introductions, in the order they were asked for."""
    return [state for (state,) in rows(url, "SELECT state FROM introduction ORDER BY asked_at")]
