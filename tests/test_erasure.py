"""Somebody who has themselves erased leaves no word and no id: not in a table, not in a file.

Every field that a person can write holds a canary of its own. All are invented (test data).
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.conversation import Asked, Citation, Peer, Reply
from bot.delivery import Heard, Room
from bot.offers import Introduction, Offer, Wish
from bot.projects import Details
from bot.questions import Verified
from bot.store import Fit, Letter, Question, Store, default_url
from tests.clock import START, Clock
from tests.digesting import CHOICES, Channel
from tests.offering import OFFER, Person, both, post, reply
from tests.registrations import DETAILS, drafted, registered, what
from tests.tables import Dump, dump

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
    *("CANARY-why", "CANARY-by", "CANARY-expert"),
)
FIELDS = {
    word
    for part in (THEIRS, WISH, TO_RUBY, PROJECT, DRAFT)
    for word in asdict(part).values()
    if "CANARY" in str(word)
} | set(ALONE)
OPEN = replace(OFFER, beyond=True, monthly=9)
HEARD = (f"press:C1:1.1:{ID}:press:ask:0", f"{ID}:1.2")


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


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


async def test_no_table_holds_a_word_or_an_id_afterwards(store: Store, database_url: str) -> None:
    ruby = await ruby_of(store)
    await ruby.lives()
    offer = await ruby.peers.own(ruby.key)
    assert offer is not None
    assert told(dump(database_url), ruby.key) == FIELDS | {ID, ruby.key}
    assert await ruby.erases()
    held = dump(database_url)
    log = held.pop("audit")
    assert told(held, ruby.key) == set()
    assert told(log, ruby.key) == {ruby.key}
    assert all(not held[name] for name in ("introduction", "draft", "report", "fit", "heard"))
    assert not await ruby.erases(), "nothing is known of them any more"
    assert await store.rights("leeds").held(ID) is None
    # Two whose wish was open, one with an answer that was on its way; not who had one.
    assert await post(store) == [f"gone: “{LINE}”"] * 4


async def test_no_byte_of_it_is_left_in_the_file(tmp_path: Path, clock: Clock) -> None:
    url, file = default_url(tmp_path / "var"), tmp_path / "var" / "outcomes.db"
    store = await Store.open(url, clock)
    ruby = await ruby_of(store)
    await ruby.lives()

    def parts() -> dict[str, bytes]:
        return {part.name: part.read_bytes() for part in file.parent.iterdir()}

    def readable() -> set[str]:
        return {where for where, held in parts().items() if told(held)}

    assert readable()
    assert await ruby.erases()
    assert {*parts()} == {"outcomes.db", "outcomes.db-wal", "outcomes.db-shm"}
    assert readable() == set()
    assert not any(f"29:{ID}".encode() in held for held in parts().values())
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert readable() == set()
        connection.execute("VACUUM")
        assert readable() == set()
    await store.close()


async def test_a_digest_outlives_who_set_it_up(
    store: Store, clock: Clock, database_url: str
) -> None:
    ruby, channel = await ruby_of(store), Channel(store)
    made = await channel.follows(by=ruby.key)
    elsewhere = await Channel(store, community="york").follows(by=ruby.key)
    other = await Channel(store, "C-2").follows(by="k-other")
    held = await store.rights("leeds").held(ID)
    assert held is not None
    assert held["digests"] == [{"id": made.id, "channel": "C-1", "made_at": START}]
    assert await ruby.erases()
    kept = [replace(made, maker="", link=""), elsewhere, other]
    assert {one.id: one for one in await store.issues.subscriptions()} == {
        one.id: one for one in kept
    }
    clock.pass_by(days=1, minutes=30)
    (issue,) = await channel.due()
    assert issue.subscription.maker == ""
    letter = Letter("leeds", ruby.key, reply("it failed"))
    await store.issues.settle(issue, "failed", letter)
    assert dump(database_url)["letter"] == [], "to nobody, though it was claimed before"


async def others(store: Store) -> None:
    """Somebody whose id begins alike, here, and somebody with the same id elsewhere."""
    for who in (await Person.new(store, f"{ID}2"), await Person.new(store, ID, "york")):
        peer = await who.offers(replace(OPEN, help=f"what {who.community} offers"))
        asks = await Person.new(store, "U-any", who.community)
        await who.asked(await asks.offers(OPEN))
        await (await Person.new(store, "U-more", who.community)).asked(peer)
        register = store.community(who.community)
        await registered(store, who.community, by=who.key)
        await drafted(store, who.community, by=who.key)
        await register.report("case-1", "It moved.", who.key)
        heard = Heard("slack", f"press:C1:1.1:{who.name}:x", Asked("?", who.origin), "{}")
        await store.ledger.accept(heard)
        await store.ledger.done(heard)
        await store.keep_reply(who.community, Reply("answered", peer.id, id="r-other"))
        await Channel(store, f"C-{who.name}", who.community).follows(by=who.key)
        await store.join(Room(who.community, f"D-{who.name}", "slack", "personal", "{}"))


def without_counts(found: Dump) -> Dump:
    """Without what only grows: the log, and revisions; and without the answers kept in Leeds for
    "More": any of them may quote whoever is erased there, so all of them go."""
    kept = [row for row in found["reply"] if row[0] != "leeds"]
    counts = ("audit", "register")
    return {name: rows for name, rows in found.items() if name not in counts} | {"reply": kept}


async def test_of_others_nothing_is_touched(store: Store, database_url: str) -> None:
    await others(store)
    before = dump(database_url)
    ruby = await ruby_of(store)
    await ruby.offers(THEIRS)
    await registered(store, "leeds", by=ruby.key, details=PROJECT)
    assert await ruby.erases()
    after = dump(database_url)
    withdrawn = [row for row in after["project"] if row not in before["project"]]
    assert len(withdrawn) == 1
    after["project"] = [row for row in after["project"] if row not in withdrawn]
    assert without_counts(after) == without_counts(before)


async def test_a_project_that_is_handed_over_stays(store: Store, database_url: str) -> None:
    ruby, leeds = await ruby_of(store), store.community("leeds")
    await ruby.lives()
    alone = (await leeds.listed(0, 1))[0][0]
    for name, by, author in (("hers", "k-7", ruby.key), ("theirs", ruby.key, "k-7")):
        draft = await leeds.keep_draft(DETAILS, (), by, author)
        await leeds.register(draft, what("data", details=replace(DETAILS, link=name)))
    before = await leeds.revisions()
    assert await ruby.erases(hand_over=True)
    assert (await leeds.revisions())[0] > before[0]
    kept = {
        one.details.link: (one.owner, one.registered_by) for one in (await leeds.listed(0, 9))[0]
    }
    assert kept == {
        PROJECT.link: ("", ""),
        "hers": ("k-7", "k-7"),
        "theirs": ("k-7", ""),
    }
    stays = await leeds.project(alone.id)
    assert stays is not None
    assert stays.details == PROJECT
    held = dump(database_url)
    held.pop("audit")
    assert told(held, ruby.key) == {*(word for word in FIELDS if "project" in word), "CANARY-fit"}


async def test_two_who_were_brought_together_stay_apart(
    store: Store, clock: Clock, database_url: str
) -> None:
    ruby, sam = await ruby_of(store), await Person.new(store, "U-sam")
    await sam.asked(await ruby.offers(THEIRS))
    assert await ruby.erases()
    ruby = await ruby_of(store)
    again = await ruby.offers(THEIRS)
    assert await sam.sees(again) == set(), "who comes back with a new key too"
    clock.pass_by(days=90)
    assert await sam.sees(again) == {again.id}
    clock.pass_by(seconds=1)
    await store.purge()
    assert dump(database_url)["pair"] == []


@pytest.mark.parametrize("leaving", ["the asker", "the peer"])
async def test_an_answer_in_the_same_moment_leaves_nothing_either(
    store: Store, another: Store, database_url: str, leaving: str
) -> None:
    for number in range(8):
        ruby = await ruby_of(store)
        other = await Person.new(another, f"U-{number}", "york")
        asker, peer = (ruby, other) if leaving == "the asker" else (other, ruby)
        await asker.offers(THEIRS if asker is ruby else OPEN)
        offer = await peer.offers(THEIRS if peer is ruby else OPEN)
        one = await asker.asked(offer, WISH if asker is ruby else TO_RUBY)
        by = peer.by(another)
        await asyncio.gather(by.answers(one, accepted=True), ruby.erases())
        held = dump(database_url)
        assert told({**held, "audit": []}, ruby.key) == set()
        assert not held["introduction"]
        expected = [] if leaving == "the asker" else [f"gone: “{LINE}”"]
        assert await post(store) == expected
