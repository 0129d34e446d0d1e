"""Of digests a community sees and changes its own alone; see `test_register_isolation`.

Which texts are published is the same for all; whatever posts digests does it for every community.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.store import Letter, Store, Subscriptions
from bot.store.issues import Issues
from bot.store.open_questions import OpenQuestions
from bot.store.published import Published
from tests.clock import START, Clock
from tests.digesting import CHOICES
from tests.isolation import Call, Caller, Known, Two, public
from tests.offering import reply
from tests.tables import dump


async def keep(us: Caller, them: Known) -> object:
    kept = await us.digests.keep(us.at(them), replace(CHOICES, outcomes=()), them.key)
    return kept.choices  # as it was given


def answer(us: Caller, them: Known) -> Letter:
    return Letter(us.name, them.key, reply("new"), platform="slack", place=them.question.place)


async def answered(us: Caller, them: Known) -> object:
    return await us.questions.answer(them.question.id, answer(us, them))


BEFORE = START - timedelta(days=99)
CALLS: dict[str, Call] = {
    "Subscriptions.of": lambda us, them: us.digests.of(them.digest.channel),
    "Subscriptions.named": lambda us, them: us.digests.named(them.digest.id),
    "Subscriptions.all": lambda us, them: us.digests.all(),
    "Subscriptions.keep": keep,
    "Subscriptions.pause": lambda us, them: us.digests.pause(them.digest.id, them.key, paused=True),
    "Subscriptions.stop": lambda us, them: us.digests.stop(them.digest.id, them.key),
    "Subscriptions.standing": lambda us, them: us.digests.standing(them.digest.id),
    "Subscriptions.send_now": lambda us, them: us.digests.send_now(
        them.digest.id, them.key, wanted=True
    ),
    "Subscriptions.last": lambda us, them: us.digests.last(them.digest.channel),
    "OpenQuestions.add": lambda us, them: us.questions.add("new", us.at(them)),
    "OpenQuestions.since": lambda us, them: us.questions.since(them.question.channel, BEFORE),
    "OpenQuestions.named": lambda us, them: us.questions.named(them.question.id),
    "OpenQuestions.answer": answered,
    "OpenQuestions.waits": lambda us, them: us.questions.waits(them.question.id),
    "OpenQuestions.waiting": lambda us, them: us.questions.waiting(),
    "OpenQuestions.embed": lambda us, them: us.questions.embed([(them.question, b"9", "m-9")]),
    "OpenQuestions.close": lambda us, them: us.questions.close(
        [them.question.id], them.key, [answer(us, them)]
    ),
    "Issues.begin": lambda us, them: us.store.issues.begin(us.issue(them), START),
    "Issues.postpone": lambda us, them: us.store.issues.postpone(us.issue(them), 60.0),
    "Issues.sent": lambda us, them: us.store.issues.sent(us.issue(them), START),
    "Issues.settle": lambda us, them: us.store.issues.settle(us.issue(them), "failed"),
    "Issues.end": lambda us, them: us.store.issues.end(us.issue(them), "gone"),
}
# What speaks of no community: all that are set up or due, and what is published.
OF_NONE = {
    *("Issues.subscriptions", "Issues.enter", "Issues.claim"),
    *("Published.note", "Published.since"),
}


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


def test_every_public_method_is_called() -> None:
    assert public(Subscriptions, OpenQuestions, Issues, Published) == set(CALLS) | OF_NONE
    assert not set(CALLS) & OF_NONE


async def test_no_query_gives_or_changes_what_is_anothers(
    store: Store, looking: Connection, clock: Clock
) -> None:
    faults, two = {}, await Two.new(store, looking, 100)
    for number, (name, call) in enumerate(CALLS.items()):
        if two.worn:
            two = await Two.new(store, looking, number)
        clock.pass_by(seconds=1)
        faults[name] = await two.faults(call)
    assert {name: found for name, found in faults.items() if found} == {}


async def test_what_is_published_belongs_to_no_community(store: Store, database_url: str) -> None:
    await store.published.note({"rochdale-mesh-network": "1"})
    before = dump(database_url)["published"]
    assert [row[0] for row in before] == ["*"]
    await store.forget("leeds")
    assert dump(database_url)["published"] == before
