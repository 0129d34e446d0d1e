"""Two communities that are alike, each with a row in every table, and what one could call with
the ids and keys of the other. Everybody is invented (test data)."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Connection

from bot import texts
from bot.conversation import Asked, Origin, Reply
from bot.delivery import Heard, Room
from bot.digests import Issue, Subscription
from bot.offers import Introduction, Profile
from bot.projects import Draft, Project
from bot.questions import OpenQuestion, Verified
from bot.store import Addressed, Fit, Introductions, Question, Reports, Store, Subscriptions
from bot.store.experts import Experts
from bot.store.fits import Fits
from bot.store.ledger import Ledger
from bot.store.open_questions import OpenQuestions
from bot.store.people import People
from bot.store.ratings import Ratings
from bot.store.rights import Rights
from bot.store.sources import Sources
from bot.store.suggestions import Suggestions
from bot.store.texts import OwnTexts
from bot.store.usage import Usage
from bot.store.verified import VerifiedAnswers
from bot.texts import OwnText, Suggested
from tests import holdings
from tests.clock import START
from tests.digesting import CHOICES
from tests.installing import KEY, installation
from tests.offering import OFFER, PLATFORMS, WISH, Person
from tests.registrations import DETAILS, what
from tests.tables import Dump, dump_by


@dataclass(frozen=True)
class Known:
    """All by which a community's things are known. `mark` stands in what it alone wrote."""

    mark: str
    origin: Origin
    heard: Heard
    key: str
    draft: Draft
    project: Project
    asker: Person
    offer: Profile
    wish: Introduction  # put to the peer by the asker, and not answered
    met: Introduction  # asked for by the same, and accepted by somebody else
    letter: Addressed
    question: OpenQuestion
    issue: Issue  # of their digest, claimed and begun
    verified: Verified  # until the day before
    text: OwnText  # not confirmed; its source is `s-` and the mark
    suggested: Suggested

    @property
    def digest(self) -> Subscription:
        return self.issue.subscription

    @property
    def ids(self) -> set[str]:
        theirs = self.draft.id, self.project.id, self.offer.id, self.wish.id, self.met.id
        told = self.digest.id, self.question.id, self.verified.id, self.text.id, self.suggested.id
        return {self.origin.community, self.mark, self.key, self.asker.key, *theirs, *told}


@dataclass(frozen=True)
class Caller:
    """A community with all that it can call."""

    name: str
    store: Store

    @property
    def people(self) -> People:
        return self.store.people(self.name)

    @property
    def register(self) -> Reports:
        return self.store.community(self.name)

    @property
    def fits(self) -> Fits:
        return self.store.fits(self.name)

    @property
    def ledger(self) -> Ledger:
        return self.store.ledger

    @property
    def peers(self) -> Introductions:
        return self.store.peers(self.name)

    @property
    def rights(self) -> Rights:
        return self.store.rights(self.name)

    @property
    def digests(self) -> Subscriptions:
        return self.store.subscriptions(self.name)

    @property
    def questions(self) -> OpenQuestions:
        return self.store.open_questions(self.name)

    @property
    def ratings(self) -> Ratings:
        return self.store.ratings(self.name)

    @property
    def verified(self) -> VerifiedAnswers:
        return self.store.verified(self.name)

    @property
    def experts(self) -> Experts:
        return self.store.experts(self.name)

    @property
    def sources(self) -> Sources:
        return self.store.sources(self.name)

    @property
    def texts(self) -> OwnTexts:
        return self.store.texts(self.name)

    @property
    def suggestions(self) -> Suggestions:
        return self.store.suggestions(self.name)

    @property
    def usage(self) -> Usage:
        return self.store.usage(self.name)

    def letter(self, known: Known) -> Addressed:
        return replace(known.letter, community=self.name)

    def issue(self, known: Known) -> Issue:
        return replace(known.issue, subscription=replace(known.digest, community=self.name))

    def at(self, known: Known) -> Origin:
        """Its own community, and for all else the other's place and person."""
        return replace(known.origin, community=self.name)

    def hears(self, known: Known, before: str = "M") -> Heard:
        asked = Asked("who?", self.at(known))
        return replace(known.heard, key=f"{before}-{known.mark}", request=asked)


def question(text: str, name: str = "") -> Question:
    return Question(text, "answered", ("rochdale-mesh-network",), 41, START, name)


async def settled(store: Store, name: str, mark: str, *, shared: bool) -> Known:
    """A community with a row in every table. What it registers is the same everywhere."""
    us, here = Caller(name, store), Origin(name, f"C-{mark}", "100.1", f"U-{mark}")
    key, register = await us.people.key(here.person), us.register
    draft = await register.keep_draft(DETAILS, (mark,), key)
    described = await register.keep_draft(DETAILS, (), key)
    project = await register.register(described, what(mark, shared=shared))
    await register.hide(f"case-{mark}", key)
    await register.report(f"case-{mark}", mark, key)
    await us.fits.keep(Fit(f"base-{mark}", mark, mark.encode(), 40))
    heard = Heard("slack", f"M-{mark}", Asked(mark, here), "{}", f"E-{mark}", "called")
    peer, asker = [await Person.new(store, one, name) for one in (here.person, f"asks-{mark}")]
    offer = await peer.offers(replace(OFFER, help=mark, beyond=shared, named=True))
    other = await Person.new(store, f"peer-{mark}", name)
    met = await asker.asked(await other.offers(replace(OFFER, help=mark)))
    await other.answers(met, accepted=True)
    wish = await asker.asked(offer, replace(WISH, line=mark))
    (letter,) = (
        one
        for one in await store.letters.take(PLATFORMS, 10_000)
        if one.community == name and peer.origin.address in one.addresses
    )
    peers, digests = (asker, offer, wish, met, letter), await _digests(us, here, mark, key)
    answer = await _answers(us, mark, key, asker.key)
    brought = await _texts(us, mark, key)
    known = Known(mark, here, heard, key, draft, project, *peers, *digests, answer, *brought)
    await _remembered(us, known)
    return known


async def _digests(us: Caller, here: Origin, mark: str, key: str) -> tuple[OpenQuestion, Issue]:
    """What is told in a channel's digest, and one week's of it, on its way."""
    channel = replace(here, place=f"place-{mark}", link=f"https://{mark}.example/", platform=mark)
    await us.questions.add(mark, channel, why=mark, asker=key, vector=b"1", model="m-1")
    (asked,) = await us.questions.since(here.channel, START - timedelta(days=1))
    digest = await us.digests.keep(channel, CHOICES, key)
    assert await us.digests.send_now(digest.id, key, wanted=False) == "taken"
    (issue,) = await us.store.issues.claim({mark: None})
    assert await us.store.issues.begin(issue, issue.due_at)
    return asked, issue


async def _answers(us: Caller, mark: str, key: str, asker: str) -> Verified:
    """What somebody stands for, who looks after answers; another asks to."""
    yesterday = START.date() - timedelta(days=1)
    told = us.name, f"v-{mark}", mark, mark, (f"case-{mark}",), mark, key
    one = Verified(*told, yesterday, START)
    assert await us.verified.keep(one, b"1", "m-1")
    for who in (key, asker):
        assert await us.experts.ask(who, mark)
    assert await us.experts.agree(key, key)
    await us.usage.count(mark)
    return one


async def _texts(us: Caller, mark: str, key: str) -> tuple[OwnText, Suggested]:
    """One that was brought in, of a location beside which nothing could be read, and one that
    somebody suggested."""
    brought = await holdings.brought(us.store, f"own-{mark}", us.name, f"s-{mark}")
    locked = texts.Known(location=f"{mark}.docx", validator=mark, digest=mark, reason=mark)
    assert await us.texts.unread(locked, brought.source)
    told = holdings.suggested(key, f"c-{mark}", us.name)
    assert await us.suggestions.add(told, mark.encode())
    return brought, told


async def _remembered(us: Caller, known: Known) -> None:
    mark, sent = known.mark, us.hears(known, "S")
    await us.store.remember(known.origin, mark, question(mark, f"n-{mark}"))
    await us.ratings.posted(f"n-{mark}", f"m-{mark}")
    await us.store.keep_reply(us.name, Reply("answered", mark, id=f"r-{mark}"))
    await us.store.join(Room(us.name, known.origin.channel, "slack", "channel", mark))
    await us.store.installations([KEY]).keep(installation(us.name, mark))
    await us.ledger.accept(known.heard)
    await us.ledger.accept(replace(sent, event=""))
    await us.ledger.sending(sent)


Call = Callable[[Caller, Known], Awaitable[object]]


@dataclass
class Two:
    """Two communities, new and alike, of which ours is the first."""

    us: Caller
    them: Caller
    ours: Known
    theirs: Known
    looking: Connection
    beside: tuple[str, ...] = ()
    worn: bool = False  # whether a call changed anything

    @classmethod
    async def new(
        cls, store: Store, looking: Connection, number: int, *, shared: bool = False
    ) -> Two:
        us, them = (Caller(f"{name}-{number}", store) for name in ("leeds", "york"))
        ours = await settled(store, us.name, f"plain-{number}", shared=False)
        theirs = await settled(store, them.name, f"canary-{number}", shared=shared)
        await them.register.hide("rochdale-mesh-network", theirs.key)  # once more than we
        return cls(us, them, ours, theirs, looking)

    def rows(self) -> list[Dump]:
        """Theirs, and those of whoever they met."""
        return [dump_by(self.looking, one) for one in (self.them.name, *self.beside)]

    async def faults(self, call: Call) -> set[str]:
        """What a call of ours did to them; and whether it does nothing even for them."""
        before, ours = self.rows(), dump_by(self.looking, self.us.name)
        found = repr(await call(self.us, self.theirs))
        faults = {"gives what is theirs" for one in self.theirs.ids if one in found}
        faults |= {"changes their rows"} if self.rows() != before else set()
        idle = repr(await call(self.them, self.theirs)) == found and self.rows() == before
        self.worn = self.rows() != before or dump_by(self.looking, self.us.name) != ours
        return faults | ({"proves nothing"} if idle else set())


def public(*classes: type) -> set[str]:
    return {
        f"{one.__name__}.{name}"
        for one in classes
        for name, _ in inspect.getmembers(one, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }
