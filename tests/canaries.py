"""An officer of whom there is something everywhere, each of their words a canary (test data)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from bot.conversation import Asked, Citation, Peer, Reply
from bot.delivery import Heard, Room
from bot.offers import Introduction, Offer, Wish
from bot.projects import Details
from bot.questions import Verified
from bot.store import Fit, Letter, Question, Store
from knowledge.library import Section
from tests.clock import START
from tests.digesting import CHOICES, Channel
from tests.holdings import suggested
from tests.offering import OFFER, Person, both, post, reply
from tests.registrations import registered

ID = "U-0RUBY"
THEIRS = Offer(
    *("CANARY-offer-name", "CANARY-offer-help", ("data",), "CANARY-offer-council"),
    reach="CANARY-offer-reach",
    beyond=True,
    monthly=9,
)
WISH = Wish(*(f"CANARY-wish-{one}" for one in ("line", "name", "council", "reach")))
LINE = "Which sensors last?"
TO_RUBY = Wish(LINE, *(f"CANARY-asker-{one}" for one in ("name", "council", "reach")))
PROJECT, DRAFT = (
    Details(f"{it}-title", f"{it}-words", f"{it}-council", f"{it}-link", "doing")
    for it in ("CANARY-project", "CANARY-draft")
)
ALONE = (
    *("CANARY-report", "CANARY-fit", "CANARY-context", "CANARY-answer"),
    *("CANARY-why", "CANARY-by", "CANARY-expert", "CANARY-attached", "CANARY-read"),
)
CASE = replace(
    suggested(""),
    title="CANARY-case-title",
    told="CANARY-case-told",
    council="CANARY-case-council",
    link="CANARY-case-link",
    file_name="CANARY-case-file",
)
FIELDS = {
    word
    for part in (THEIRS, WISH, TO_RUBY, PROJECT, DRAFT, CASE)
    for word in asdict(part).values()
    if "CANARY" in str(word)
} | set(ALONE)
OPEN = replace(OFFER, beyond=True, monthly=9)
HEARD = (f"press:C1:1.1:{ID}:press:ask:0", f"{ID}:1.2")


def together(one: Introduction) -> list[Letter]:
    letter = Letter(one.community, one.asker, reply(repr(one.wish)), one.id, one.peer)
    return [replace(letter, instead=tuple(both(one)))]


@dataclass(frozen=True)
class Ruby(Person):
    """Somebody of whom there is something everywhere."""

    async def lives(self) -> None:
        offer = await self.offers(THEIRS)
        made = [await self.asked(await one.offers(OPEN), WISH) for one in await self.crowd("peer")]
        put = [await one.asked(offer, TO_RUBY) for one in await self.crowd("asker")]
        await self.answers(put[0], accepted=True)
        await post(self.store)  # these two are settled; all that follows waits to be sent
        await self.peers.answer(
            self.key, put[1].id, accepted=True, write=lambda one, _: together(one)
        )
        peer = await Person.new(self.store, "U-peer-0")
        await peer.peers.answer(
            peer.key, made[0].id, accepted=True, write=lambda one, _: together(one)
        )
        for community in ("leeds", "york"):
            late = await Person.new(self.store, "U-late", community)
            await self.asked(await late.offers(OPEN), WISH)
            await late.leaves()
            asks = await Person.new(self.store, "U-asks", community)
            await asks.offers(OPEN)
            await asks.asked(offer, TO_RUBY)
        await self.asked(await (await Person.new(self.store, "U-last")).offers(OPEN), WISH)
        await self.registers(offer.id)
        await self.follows()
        await self.looks_after_answers()
        await self.suggests()
        await self.leaves_traces()

    async def crowd(self, name: str) -> list[Person]:
        crowd = [await Person.new(self.store, f"U-{name}-{number}") for number in range(2)]
        there = await Person.new(self.store, f"U-{name}-beyond", "york")
        await there.offers(OPEN)
        return [*crowd, there]

    async def registers(self, offer: str) -> None:
        register = self.store.community("leeds")
        project = await registered(self.store, "leeds", by=self.key, details=PROJECT, shared=True)
        await register.keep_draft(DRAFT, ("data",), self.key)
        draft = await register.keep_draft(DRAFT, ("data",), "k-other", self.key)
        await register.report("case-1", "CANARY-report", self.key)
        await self.store.fits("leeds").keep(Fit("base", "examples", b"CANARY-fit", 1))
        told = Citation(1, project.id, "project", PROJECT.title, "", PROJECT.description)
        peer = Peer(offer, THEIRS.council, THEIRS.help)
        for number, kept in enumerate(
            (
                Reply("answered", f"{PROJECT.title} [1]", (told,)),
                Reply("answered", "Peers", peers=(peer,)),
                Reply("help", DRAFT.title, citations=(replace(told, document=draft.id),)),
                Reply("answered", f"You offer: “{THEIRS.help}”", private=True),
                Reply("answered", f"You asked: “{WISH.line}”", private=True),
                Reply("answered", f'"person": "{ID}", "key": "{self.key}"', private=True),
            )
        ):
            for community in ("leeds", "york") if kept.peers else ("leeds",):
                await self.store.keep_reply(community, replace(kept, id=f"r-{number}"))

    async def follows(self) -> None:
        """Sets up a channel's digest, asks openly there, and answers another's question."""
        channel = Channel(self.store)
        origin = replace(channel.origin, person=ID)
        made = await channel.digests.keep(origin, CHOICES, self.key)
        await channel.digests.pause(made.id, self.key, paused=True)
        questions = self.store.open_questions("leeds")
        await questions.add("Who has tried voice bots?", origin)
        (asked,) = await questions.since(channel.name, START - timedelta(days=1))
        answer = Letter("leeds", self.key, reply("CANARY-answer"), platform="slack")
        assert await questions.answer(asked.id, replace(answer, place=asked.place))

    async def looks_after_answers(self) -> None:
        """Passes a question on, stands for an answer, and is asked whether it still holds."""
        waits, asker = self.store.open_questions("leeds"), self.key
        await waits.add("who?", self.origin, cause="passed on", why="CANARY-why", asker=asker)
        told = "v-1", "who?", "Otherham.", (), "CANARY-by", self.key
        one = Verified("leeds", *told, START.date(), START)
        letter = Letter("leeds", self.key, reply("CANARY-answer"))
        assert await self.store.verified("leeds").keep(one, b"1", "m-1", letters=[letter])
        assert await self.store.experts("leeds").ask(self.key, "CANARY-expert")

    async def suggests(self) -> None:
        """Three case studies: one waits, two are decided."""
        suggestions = self.store.suggestions("leeds")
        for name in ("c-1", "c-2", "c-3"):
            one = replace(CASE, id=name, by=self.key)
            assert await suggestions.add(one, b"CANARY-attached")
            read = (Section("Costs", "CANARY-read", 1),)
            assert await suggestions.looked(name, read, "Two pages were read.")
        assert await suggestions.answered("c-2", "accepted", "Yes.", "own-1", by="k-admin")
        assert await suggestions.answered("c-3", "declined", "It is here.", by="k-admin")

    async def leaves_traces(self) -> None:
        for key in HEARD:
            heard = Heard("slack", key, Asked("who?", self.origin), "{}")
            await self.store.ledger.accept(heard)
            await self.store.ledger.done(heard)
        chat = replace(self.origin, thread=self.origin.channel)
        await self.store.join(Room("leeds", chat.channel, "slack", "personal", ID))
        await self.store.remember(
            chat, "CANARY-context", Question("who?", "answered", (), 41, START)
        )

    async def erases(self, *, hand_over: bool = False) -> bool:
        chat = replace(self.origin, thread=self.origin.channel)
        rights = self.store.rights(self.community)
        return await rights.erase(chat, hand_over=hand_over, write=gone)


def gone(one: Introduction) -> list[Letter]:
    return [Letter(one.community, one.asker, reply(f"gone: “{one.wish.line}”"), one.id)]


async def ruby_of(store: Store) -> Ruby:
    known = Ruby(store, ID)
    return replace(known, key=await store.people("leeds").reached(known.origin))


def told(found: object, *more: str) -> set[str]:
    """What of her can be read in it."""
    held = repr(found)
    named = {one for one in (ID, *more) if re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", held)}
    return named | set(re.findall(r"CANARY-[a-z-]+", held))
