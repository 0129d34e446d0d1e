"""Of what is said of answers, and of those that somebody stands for, a community sees and changes
its own alone; see `test_register_isolation`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.store import Letter, Store
from bot.store.experts import Experts
from bot.store.ratings import Ratings
from bot.store.usage import Usage
from bot.store.verified import VerifiedAnswers
from tests.clock import START, Clock
from tests.isolation import Call, Caller, Known, Two, public
from tests.offering import reply


def letters(us: Caller, them: Known) -> list[Letter]:
    place = Letter(us.name, them.key, reply("new"), platform="slack", place=them.question.place)
    return [place, Letter(us.name, them.key, reply("new"))]


async def keep(us: Caller, them: Known, author: str) -> object:
    changed = replace(them.verified, answer="new", author=author)
    return await us.verified.keep(
        changed, b"9", "m-9", answered=[them.question.id], letters=letters(us, them)
    )


CALLS: dict[str, Call] = {
    "Ratings.question": lambda us, them: us.ratings.question(f"n-{them.mark}"),
    "Ratings.rate": lambda us, them: us.ratings.rate(f"n-{them.mark}", "down", "it is old"),
    "Ratings.posted": lambda us, them: us.ratings.posted(f"n-{them.mark}", "m-new"),
    "Ratings.by_message": lambda us, them: us.ratings.by_message(f"m-{them.mark}"),
    "VerifiedAnswers.all": lambda us, them: us.verified.all(),
    "VerifiedAnswers.named": lambda us, them: us.verified.named(them.verified.id),
    "VerifiedAnswers.keep": lambda us, them: keep(us, them, them.key),
    "VerifiedAnswers.end": lambda us, them: us.verified.end(them.verified.id, them.key),
    "VerifiedAnswers.embed": lambda us, them: us.verified.embed([(them.verified, b"9", "m-9")]),
    "VerifiedAnswers.reminded": lambda us, them: us.verified.reminded(
        them.verified.id, letters(us, them)
    ),
    "Experts.ask": lambda us, them: us.experts.ask(them.key, "new"),
    "Experts.all": lambda us, them: us.experts.all(),
    "Experts.is_named": lambda us, them: us.experts.is_named(them.key),
    "Experts.agree": lambda us, them: us.experts.agree(them.asker.key, them.key),
    "Experts.remove": lambda us, them: us.experts.remove(them.key, them.key),
    "Usage.count": lambda us, them: us.usage.count("new"),
    "Usage.since": lambda us, them: us.usage.since(START.date() - timedelta(days=1)),
}
MORE: dict[str, Call] = {
    "VerifiedAnswers.keep of nobody": lambda us, them: keep(us, them, ""),
}


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


def test_every_public_method_is_called() -> None:
    assert public(Ratings, VerifiedAnswers, Experts, Usage) == set(CALLS)


async def test_no_query_gives_or_changes_what_is_anothers(
    store: Store, looking: Connection, clock: Clock
) -> None:
    faults, two = {}, await Two.new(store, looking, 100)
    for number, (name, call) in enumerate({**CALLS, **MORE}.items()):
        if two.worn:
            two = await Two.new(store, looking, number)
        clock.pass_by(seconds=1)
        faults[name] = await two.faults(call)
    assert {name: found for name, found in faults.items() if found} == {}
