"""Two communities register the same project and never see each other's: over every query.

Each public method is called for one community with the ids and keys of the other. Nothing of the
other's may come back, and none of its rows may change. Called by the other itself, the same
must find or change something, or the call would prove nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.conversation import Reply
from bot.delivery import Room
from bot.store import Fit, Registration, Reports, Stale, Store, Vectored
from bot.store.fits import Fits
from bot.store.ledger import Ledger
from bot.store.models import metadata
from bot.store.people import People
from tests.clock import START, Clock
from tests.isolation import Call, Caller, Known, Two, public, question
from tests.registrations import DETAILS, what
from tests.tables import dump_by


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


async def waits(caller: Caller, known: Known) -> object:
    """Whether the same thread's question, asked before, is ahead of another one."""
    another = replace(caller.hears(known, "N"), event="")
    await caller.ledger.accept(another)
    return await caller.ledger.waits(another)


CALLS: dict[str, Call] = {
    "People.key": lambda us, them: us.people.key(them.origin.person),
    "People.reached": lambda us, them: us.people.reached(us.at(them)),
    "People.known_key": lambda us, them: us.people.known_key(them.origin.person),
    "People.reachable": lambda us, them: us.people.reachable(),
    "Reports.project": lambda us, them: us.register.project(them.project.id),
    "Reports.listed": lambda us, them: us.register.listed(0, 9),
    "Reports.revisions": lambda us, them: us.register.revisions(),
    "Reports.changed": lambda us, them: us.register.changed(-1),
    "Reports.news": lambda us, them: us.register.news(START - timedelta(days=1)),
    "Reports.counts": lambda us, them: us.register.counts(),
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
    "Ledger.once": lambda us, them: us.ledger.once(us.hears(them)),
    "Ledger.waits": waits,
    "Ledger.release": lambda us, them: us.ledger.release([us.hears(them)]),
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
    "Ledger.finish",
    "Store.met",  # says of a community that whoever runs the bot names whether it is known
    *("Store.open", "Store.close", "Store.purge", "Store.communities", "Store.expired"),
    *("Store.every_source", "Store.text_revisions", "Store.unread_suggestions"),
    *("Ledger.take", "Ledger.settle", "Reports.shared_no_longer"),
}
# By these, and no other, what is shared is seen elsewhere.
SHARED = {"Reports.project", "Reports.beyond", "Reports.beyond of all", "Reports.news"}


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


def test_every_public_method_is_called() -> None:
    assert public(People, Reports, Fits, Store, Ledger) == set(CALLS) | OF_NONE
    assert not set(CALLS) & OF_NONE


async def test_each_community_has_a_row_in_every_table(store: Store, looking: Connection) -> None:
    two = await Two.new(store, looking, 1)
    assert two.ours.project.details == two.theirs.project.details
    for caller in (two.us, two.them):
        found = dump_by(looking, caller.name)
        # Of no community: what pairs are hashed with, which texts are published, and which states
        # were used to install the app.
        everywhere = {"secret", "published", "used_state"}
        assert {name for name, rows in found.items() if rows} == {*metadata.tables} - everywhere


@pytest.mark.parametrize("shared", [False, True])
async def test_no_query_gives_or_changes_what_is_anothers(
    store: Store, looking: Connection, clock: Clock, *, shared: bool
) -> None:
    faults, two = {}, await Two.new(store, looking, 100, shared=shared)
    for number, (name, call) in enumerate({**CALLS, **MORE}.items()):
        if shared and not name.startswith("Reports."):
            continue  # what knows nothing of sharing
        if two.worn:
            two = await Two.new(store, looking, number, shared=shared)
        clock.pass_by(seconds=1)
        faults[name] = await two.faults(call)
        if name in SHARED:
            faults[name] -= {"proves nothing", "gives what is theirs" if shared else ""}
    assert {name: found for name, found in faults.items() if found} == {}
