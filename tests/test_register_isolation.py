"""Two communities register the same project and never see each other's: over every query.

Each public method is called for one community with the ids and keys of the other. Nothing of the
other's may come back, and none of its rows may change. Called by the other itself, the same
must find or change something, or the call would prove nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import Connection

from bot.conversation import Asked, Origin, Reply
from bot.delivery import Heard, Room
from bot.projects import Draft, Project
from bot.store import Fit, Question, Registration, Reports, Stale, Store, Vectored
from bot.store.fits import Fits
from bot.store.ledger import Ledger
from bot.store.models import metadata
from bot.store.people import People
from tests.clock import START, Clock
from tests.registrations import DETAILS, what
from tests.tables import Dump, dump_by, opened


@dataclass(frozen=True)
class Known:
    """All by which a community's things are known. `mark` stands in what it alone wrote."""

    mark: str
    origin: Origin
    heard: Heard
    key: str
    draft: Draft
    project: Project

    @property
    def ids(self) -> set[str]:
        return {self.origin.community, self.mark, self.key, self.draft.id, self.project.id}


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

    def at(self, known: Known) -> Origin:
        """Its own community, and for all else the other's place and person."""
        return replace(known.origin, community=self.name)

    def hears(self, known: Known, before: str = "M") -> Heard:
        asked = Asked("who?", self.at(known))
        return replace(known.heard, key=f"{before}-{known.mark}", request=asked)


def question(text: str) -> Question:
    return Question(text, "answered", ("rochdale-mesh-network",), 41, START)


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
    known = Known(mark, here, heard, key, draft, project)
    await _remembered(us, known)
    return known


async def _remembered(us: Caller, known: Known) -> None:
    mark, sent = known.mark, us.hears(known, "S")
    await us.store.remember(known.origin, mark, question(mark))
    await us.store.keep_reply(us.name, Reply("answered", mark, id=f"r-{mark}"))
    await us.store.join(Room(us.name, known.origin.channel, "slack", "channel", mark))
    await us.ledger.accept(known.heard)
    await us.ledger.accept(replace(sent, event=""))
    await us.ledger.sending(sent)


def registration(known: Known) -> Registration:
    return replace(what(known.mark), vector=b"1234", model="m-2")


async def register(caller: Caller, known: Known) -> object:
    made = await caller.register.register(known.draft, registration(known))
    return replace(made, id="", owner="", registered_by="", outcomes=())  # as they were given


async def change(caller: Caller, known: Known) -> object:
    before = replace(known.project, community=caller.name, outcomes=(), owner="", registered_by="")
    try:
        made = await caller.register.change(before, "", what("ethics"))
    except Stale as error:
        return error.project == before
    return made


Call = Callable[[Caller, Known], Awaitable[object]]
CALLS: dict[str, Call] = {
    "People.key": lambda us, them: us.people.key(them.origin.person),
    "People.known_key": lambda us, them: us.people.known_key(them.origin.person),
    "Reports.project": lambda us, them: us.register.project(them.project.id),
    "Reports.listed": lambda us, them: us.register.listed(0, 9),
    "Reports.revisions": lambda us, them: us.register.revisions(),
    "Reports.changed": lambda us, them: us.register.changed(-1),
    "Reports.beyond": lambda us, them: us.register.beyond(them.project.id),
    "Reports.keep_draft": lambda us, them: us.register.keep_draft(DETAILS, (), ""),
    "Reports.draft": lambda us, them: us.register.draft(them.draft.id),
    "Reports.register": register,
    "Reports.change": change,
    "Reports.withdraw": lambda us, them: us.register.withdraw(them.project.id, them.key),
    "Reports.embed": lambda us, them: us.register.embed([Vectored(them.project, b"1234", "m-2")]),
    "Reports.report": lambda us, them: us.register.report(them.project.id, "words", them.key),
    "Reports.reports": lambda us, them: us.register.reports(9),
    "Reports.close": lambda us, them: us.register.close(f"case-{them.mark}", them.key),
    "Reports.hide": lambda us, them: us.register.hide(them.project.id, them.key),
    "Reports.show": lambda us, them: us.register.show(f"case-{them.mark}", them.key),
    "Reports.hidden": lambda us, them: us.register.hidden(),
    "Fits.keep": lambda us, them: us.fits.keep(Fit("base", "examples", b"1", 1)),
    "Fits.refused": lambda us, them: us.fits.refused("MAP 0.1"),
    "Fits.drop": lambda us, them: us.fits.drop(),
    "Fits.fit": lambda us, them: us.fits.fit(f"base-{them.mark}"),
    "Fits.audit": lambda us, them: us.fits.audit(),
    "Store.context": lambda us, them: us.store.context(us.at(them)),
    "Store.remember": lambda us, them: us.store.remember(us.at(them), "context", question("q")),
    "Store.questions": lambda us, them: us.store.questions(us.name, START),
    "Store.keep_reply": lambda us, them: us.store.keep_reply(
        us.name, Reply("answered", "", id="r-new")
    ),
    "Store.kept_reply": lambda us, them: us.store.kept_reply(us.name, f"r-{them.mark}"),
    "Store.join": lambda us, them: us.store.join(
        Room(us.name, them.origin.channel, "slack", "channel", "new")
    ),
    "Store.leave": lambda us, them: us.store.leave(us.name, them.origin.channel),
    "Store.rooms": lambda us, them: us.store.rooms(us.name),
    "Store.forget": lambda us, them: us.store.forget(us.name),
    "Ledger.accept": lambda us, them: us.ledger.accept(us.hears(them)),
    "Ledger.sending": lambda us, them: us.ledger.sending(us.hears(them)),
    "Ledger.waiting": lambda us, them: us.ledger.waiting(us.hears(them, "S")),
    "Ledger.done": lambda us, them: us.ledger.done(us.hears(them)),
    "Ledger.renew": lambda us, them: us.ledger.renew([us.hears(them)]),
    "Ledger.postpone": lambda us, them: us.ledger.postpone(us.hears(them)),
    "Ledger.follows": lambda us, them: us.ledger.follows(us.at(them)),
    "Ledger.called_into": lambda us, them: us.ledger.called_into(us.at(them)),
    "Ledger.hush": lambda us, them: us.ledger.hush(us.at(them), quiet=True),
}
MORE: dict[str, Call] = {
    "Reports.listed by outcome": lambda us, them: us.register.listed(0, 9, outcome=them.mark),
    "Reports.listed by owner": lambda us, them: us.register.listed(0, 9, owner=them.key),
    "Reports.beyond of all": lambda us, them: us.register.beyond(),
    "Reports.show what is not hidden": lambda us, them: us.register.show(them.project.id, ""),
}
# What speaks of no community: opening, closing, erasing in time, what is counted for all.
OF_NONE = {
    *("Store.open", "Store.close", "Store.purge", "Store.communities"),
    *("Ledger.take", "Ledger.settle", "Reports.shared_no_longer"),
}
# By these, and no other, what is shared is seen elsewhere.
SHARED = {"Reports.project", "Reports.beyond", "Reports.beyond of all"}


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


@dataclass
class Two:
    """Two communities, new and alike, of which ours is the first."""

    us: Caller
    them: Caller
    ours: Known
    theirs: Known
    looking: Connection

    @classmethod
    async def new(
        cls, store: Store, looking: Connection, number: int, *, shared: bool = False
    ) -> Two:
        us, them = (Caller(f"{name}-{number}", store) for name in ("leeds", "york"))
        ours = await settled(store, us.name, f"plain-{number}", shared=False)
        theirs = await settled(store, them.name, f"canary-{number}", shared=shared)
        await them.register.hide("rochdale-mesh-network", theirs.key)  # once more than we
        return cls(us, them, ours, theirs, looking)

    def rows(self) -> Dump:
        return dump_by(self.looking, self.them.name)

    async def faults(self, call: Call) -> set[str]:
        """What a call of ours did to them; and whether it does nothing even for them."""
        before = self.rows()
        found = repr(await call(self.us, self.theirs))
        faults = {"gives what is theirs" for one in self.theirs.ids if one in found}
        faults |= {"changes their rows"} if self.rows() != before else set()
        idle = repr(await call(self.them, self.theirs)) == found and self.rows() == before
        return faults | ({"proves nothing"} if idle else set())


@pytest.fixture
def looking(store: Store, database_url: str) -> Iterator[Connection]:
    with opened(database_url) as connection:
        yield connection


def public(*classes: type) -> set[str]:
    return {
        f"{one.__name__}.{name}"
        for one in classes
        for name, _ in inspect.getmembers(one, inspect.iscoroutinefunction)
        if not name.startswith("_")
    }


def test_every_public_method_is_called() -> None:
    assert public(People, Reports, Fits, Store, Ledger) == set(CALLS) | OF_NONE
    assert not set(CALLS) & OF_NONE


async def test_each_community_has_a_row_in_every_table(store: Store, looking: Connection) -> None:
    two = await Two.new(store, looking, 1)
    assert two.ours.project.details == two.theirs.project.details
    for caller in (two.us, two.them):
        found = dump_by(looking, caller.name)
        assert {name for name, rows in found.items() if rows} == set(metadata.tables)


@pytest.mark.parametrize("shared", [False, True])
async def test_no_query_gives_or_changes_what_is_anothers(
    store: Store, looking: Connection, clock: Clock, *, shared: bool
) -> None:
    faults = {}
    for number, (name, call) in enumerate({**CALLS, **MORE}.items()):
        if shared and not name.startswith("Reports."):
            continue  # what knows nothing of sharing
        two = await Two.new(store, looking, number, shared=shared)
        clock.pass_by(seconds=1)
        faults[name] = await two.faults(call)
        if name in SHARED:
            faults[name] -= {"proves nothing", "gives what is theirs" if shared else ""}
    assert {name: found for name, found in faults.items() if found} == {}
