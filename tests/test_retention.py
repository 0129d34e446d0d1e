"""Questions and introductions are erased in time, and the audit log says so, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import Origin
from bot.questions import Verified
from bot.store import Question, Store
from bot.store.fits import Entry
from tests.clock import Clock
from tests.digesting import Channel
from tests.offering import OFFER, WISH, Person, post
from tests.tables import dump

OPEN = replace(OFFER, beyond=True, monthly=9)


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    kept = timedelta(days=10)
    opened = await Store.open(database_url, clock, questions_kept=kept, introductions_kept=2 * kept)
    yield opened
    await opened.close()


async def asks(store: Store, clock: Clock, community: str, text: str) -> None:
    question = Question(text, "answered", (), 41, clock.now)
    await store.remember(Origin(community, "C1", "", "U-canary"), "", question)


async def erased(store: Store, community: str) -> list[Entry]:
    """What its log tells of it."""
    return [one for one in await store.fits(community).audit() if one.action == "erased"]


async def test_each_community_is_told_of_what_was_erased(
    store: Store, clock: Clock, database_url: str
) -> None:
    peer = await (await Person.new(store, "U-canary")).offers(OPEN)
    asker = await Person.new(store, "U-asker", "york")
    await asker.offers(OPEN)
    await asker.asked(peer, replace(WISH, line="canary"))
    for community in ("leeds", "leeds", "york"):
        await asks(store, clock, community, "canary")
    clock.pass_by(days=10)
    await asks(store, clock, "leeds", "new")
    assert await store.retention.enforce() == 0
    assert await erased(store, "leeds") == await erased(store, "york") == []
    clock.pass_by(seconds=1)
    assert await store.retention.enforce() == 3
    assert await store.retention.enforce() == 0
    subjects = {"leeds": "question: 2 past 10 days", "york": "question: 1 past 10 days"}
    for community, subject in subjects.items():
        assert await erased(store, community) == [Entry(clock.now, "", "erased", subject)]
    clock.pass_by(days=10)
    assert await store.retention.enforce() == 2
    told = [one.subject for one in await erased(store, "york")]
    assert told == ["question: 1 past 10 days", "introduction: 1 past 20 days"]
    assert [one.subject for one in await erased(store, "leeds")][1:] == ["question: 1 past 10 days"]
    held = dump(database_url)
    assert held["introduction"] == held["question"] == []
    assert "canary" not in repr(held["audit"])


async def test_what_nobody_answered_is_kept_as_long_as_any_question(
    store: Store, clock: Clock, database_url: str
) -> None:
    for community in ("leeds", "york"):
        questions = store.open_questions(community)
        await questions.add("canary?", Channel(store, community=community).origin)
        clock.pass_by(seconds=1)
    clock.pass_by(days=10, seconds=-1)
    assert await store.purge() == 0
    assert await store.retention.enforce() == 1
    assert len(dump(database_url)["open_question"]) == 1
    clock.pass_by(seconds=1)
    assert await store.retention.enforce() == 1
    assert dump(database_url)["open_question"] == []
    for community in ("leeds", "york"):
        (entry,) = await erased(store, community)
        assert (entry.by, entry.subject) == ("", "open_question: 1 past 10 days")


async def test_a_verified_answer_can_be_verified_again_for_a_while(
    store: Store, clock: Clock, database_url: str
) -> None:
    robin, answers = await Person.new(store, "U-robin"), store.verified("leeds")
    until = clock.now.date() + timedelta(days=5)
    told = "canary?", "canary", ("case-1",), "Robin", robin.key
    assert await answers.keep(Verified("leeds", "v-1", *told, until, clock.now), b"1", "m-1")
    before = await store.community("leeds").revisions()
    clock.pass_by(days=5 + 90)
    assert await store.purge() == await store.retention.enforce() == 0
    assert len(await answers.all()) == 1
    clock.pass_by(days=1)
    assert await store.retention.enforce() == 1
    assert await answers.all() == dump(database_url)["verified"] == []
    assert (await store.community("leeds").revisions())[0] > before[0], "from every memory too"
    (entry,) = await erased(store, "leeds")
    assert (entry.by, entry.subject) == ("", "verified: 1 past 90 days")
    assert await store.purge() == 1, "and its author is forgotten"


async def test_usage_is_counted_for_a_year_and_a_month(
    store: Store, clock: Clock, database_url: str
) -> None:
    for community in ("leeds", "york"):
        await store.usage(community).count("answered")
        clock.pass_by(days=1)
    clock.pass_by(days=398)
    assert await store.purge() == 0
    clock.pass_by(days=1)
    assert await store.purge() == 1
    assert [row[0] for row in dump(database_url)["usage"]] == ["york"]
    assert await erased(store, "leeds") == [], "of which nothing needs to be told"


async def test_who_waits_or_looks_after_answers_is_known_as_long_as_they_do(
    store: Store, clock: Clock, database_url: str
) -> None:
    asker, expert = await Person.new(store, "U-asker"), await Person.new(store, "U-expert")
    questions, experts = store.open_questions("leeds"), store.experts("leeds")
    waits = await questions.add("who?", asker.origin, cause="passed on", asker=asker.key)
    assert await experts.ask(expert.key, "Robin")
    clock.pass_by(days=9)
    assert await store.purge() == 0
    assert await questions.close([waits], expert.key) == 1
    assert await store.purge() == 1
    assert await experts.remove(expert.key, "k-administrator")
    assert await store.purge() == 1
    assert dump(database_url)["person"] == []


async def test_who_set_up_a_digest_is_known_as_long_as_it_is_there(
    store: Store, clock: Clock, database_url: str
) -> None:
    robin, channel = await Person.new(store, "U-robin"), Channel(store)
    made = await channel.follows(by=robin.key)
    clock.pass_by(days=30)
    assert await store.purge() == 0
    assert await store.people("leeds").known_key("U-robin") == robin.key
    await channel.digests.stop(made.id, robin.key)
    assert await store.purge() == 1
    assert dump(database_url)["person"] == []


async def test_what_is_past_its_time_is_shown_no_more(store: Store, clock: Clock) -> None:
    robin, sam = await Person.new(store, "U-robin"), await Person.new(store, "U-sam")
    await sam.asked(await robin.offers(OPEN))
    await asks(store, clock, "leeds", "old")
    clock.pass_by(days=20)
    assert await store.questions("leeds", clock.now - timedelta(days=30)) == []
    for who in (robin, sam):
        held = await store.rights("leeds").held(who.name)
        assert held is not None
        assert len(held["introductions"]) == len(await who.peers.concerning(who.key)) == 1
    clock.pass_by(seconds=1)
    for who in (robin, sam):
        held = await store.rights("leeds").held(who.name)
        assert held is not None
        assert held["introductions"] == await who.peers.concerning(who.key) == []


async def test_nothing_is_told_of_a_community_in_which_nothing_was_past(
    store: Store, clock: Clock, database_url: str
) -> None:
    await asks(store, clock, "leeds", "old")
    clock.pass_by(days=11)
    await asks(store, clock, "york", "new")
    before = dump(database_url, "york")
    assert await store.retention.enforce() == 1
    assert dump(database_url, "york") == before


async def test_who_was_brought_together_is_forgotten_with_the_introduction(
    store: Store, clock: Clock, database_url: str
) -> None:
    robin, sam = await Person.new(store, "U-robin"), await Person.new(store, "U-sam")
    made = await sam.asked(await robin.offers(OPEN))
    assert await robin.answers(made, accepted=True)
    await post(store)
    await robin.leaves()
    clock.pass_by(days=21)
    assert await store.purge() == 0, "they are known as long as it is there"
    assert await store.retention.enforce() == 1
    assert await store.purge() == 2
    assert dump(database_url)["person"] == []
