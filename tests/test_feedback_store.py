"""What officers say of answers, what is left open, who looks after it, and what is counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.conversation import Origin
from bot.questions import Expert, OpenQuestion
from bot.store import Letter, Question, RatedQuestion, Store
from bot.store.open_questions import MOST_WAITING
from tests.clock import START, Clock
from tests.digesting import Channel
from tests.offering import Person, post, reply
from tests.registrations import actions
from tests.tables import dump

ASKED = Question("Who has chatbots?", "unsure", (), 41, START, "n-1")


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def asks(store: Store, question: Question = ASKED, community: str = "leeds") -> None:
    await store.remember(Channel(store, community=community).origin, "", question)


async def test_the_last_word_on_an_answer_counts(store: Store) -> None:
    await asks(store)
    await asks(store, replace(ASKED, name="n-2"))
    ratings = store.ratings("leeds")
    unsaid = RatedQuestion("n-1", ASKED.text, "unsure", "", "", START)
    assert await ratings.question("n-1") == unsaid
    assert await ratings.rate("n-1", "down")
    assert await ratings.rate("n-1", "down", "It moved.")
    assert await ratings.rate("n-1", "down")
    down = replace(unsaid, verdict="down", reason="It moved.")
    assert await ratings.question("n-1") == down, "the reason stays when it is pressed again"
    assert await ratings.rate("n-1", "up")
    assert await ratings.question("n-1") == replace(unsaid, verdict="up")
    assert await ratings.rate("n-1", "down")
    assert await ratings.question("n-1") == replace(unsaid, verdict="down")
    assert await ratings.question("n-2") == replace(unsaid, name="n-2")


async def test_what_is_gone_or_has_no_name_is_not_rated(store: Store, clock: Clock) -> None:
    await asks(store, replace(ASKED, name=""))
    await asks(store)
    ratings = store.ratings("leeds")
    assert not await ratings.rate("", "down")
    assert not await ratings.rate("n-9", "down")
    assert not await store.ratings("york").rate("n-1", "down")
    assert await ratings.question("") is None
    clock.pass_by(days=90, seconds=1)
    assert await ratings.question("n-1") is None
    assert await store.retention.enforce() == 2
    assert not await ratings.rate("n-1", "up")


async def test_an_answer_is_found_by_the_message_it_was_posted_as(
    store: Store, database_url: str
) -> None:
    await asks(store)
    await asks(store, community="york")
    ratings = store.ratings("leeds")
    assert await ratings.by_message("") == await ratings.by_message("m-1") == ""
    assert not await ratings.posted("n-9", "m-9"), "not kept yet, perhaps"
    assert await ratings.posted("n-1", "m-1")
    assert await ratings.by_message("m-1") == "n-1"
    assert await store.ratings("york").by_message("m-1") == ""
    assert "m-1" not in repr(dump(database_url)), "it leads nobody to the message"


async def test_no_message_leads_to_who_was_erased(store: Store, database_url: str) -> None:
    robin, ratings = await Person.new(store, "U-robin"), store.ratings("leeds")
    openly = Channel(store).origin
    for name, origin in (("n-1", robin.origin), ("n-2", openly)):
        await store.remember(origin, "", replace(ASKED, name=name))
        await ratings.posted(name, f"m-{name}")
    assert await robin.erases()
    assert await ratings.by_message("m-n-1") == ""
    assert await ratings.by_message("m-n-2") == "n-2", "where all saw it, it is nobody's"


async def test_an_open_question_is_kept_once_and_filled_in(store: Store, clock: Clock) -> None:
    questions, channel = store.open_questions("leeds"), Channel(store)
    origin = channel.origin
    add = partial(questions.add, ASKED.text, origin, name="n-1")
    made = await add(vector=b"1", model="m-1")
    clock.pass_by(days=1)
    assert await add() == made
    assert await add(cause="down", why="It moved.") == made
    assert await add(cause="passed on", asker="k-1") == made
    there = "leeds", made, origin.channel, origin.platform, origin.place, origin.link
    kept = OpenQuestion(*there, ASKED.text, START, "unsure", "It moved.", "k-1")
    assert await questions.waiting() == [(kept, b"1", "m-1")]
    assert await questions.since(origin.channel, START - timedelta(days=1)) == [kept]


async def test_what_was_closed_is_open_again_for_what_is_new(store: Store) -> None:
    questions, robin = store.open_questions("leeds"), await Person.new(store, "U-robin")
    add = partial(questions.add, "who?", robin.origin, name="n-1", cause="down")
    assert await questions.close([await add()], "k-expert") == 1
    await add()
    assert await questions.waiting() == []
    assert not await questions.waits("q-n-1")
    await add(why="It moved.")
    assert await questions.waits("q-n-1")
    ((waits, *_),) = await questions.waiting()
    assert waits.why == "It moved."
    assert await questions.close([waits.id], "k-expert") == 1
    await add(asker=robin.key)
    ((waits, *_),) = await questions.waiting()
    assert (waits.why, waits.asker) == ("It moved.", robin.key)


async def test_nobody_takes_the_place_of_who_waits(store: Store) -> None:
    questions, robin = store.open_questions("leeds"), await Person.new(store, "U-robin")
    add = partial(questions.add, "who?", name="n-1", cause="passed on")
    await add(robin.origin, asker=robin.key)
    await add(robin.origin, asker="k-other")
    await add(Channel(store).origin)
    ((waits, *_),) = await questions.waiting()
    assert (waits.asker, waits.place) == (robin.key, "")


async def test_what_is_shared_is_answered_where_it_was(store: Store) -> None:
    questions, robin = store.open_questions("leeds"), await Person.new(store, "U-robin")
    openly = Channel(store).origin
    await questions.add("who?", robin.origin, name="n-1", cause="down")
    await questions.add("who?", openly, name="n-1")
    ((waits, *_),) = await questions.waiting()
    assert (waits.channel, waits.place, waits.link) == (openly.channel, openly.place, openly.link)


async def test_what_is_not_listed_is_for_its_digest_alone(store: Store) -> None:
    questions, origin = store.open_questions("leeds"), Channel(store).origin
    add = partial(questions.add, "who?", origin, name="n-1")
    await add(listed=False)
    assert await questions.waiting() == []
    assert not await questions.waits("q-n-1")
    assert len(await questions.since(origin.channel, START - timedelta(days=1))) == 1
    await add(cause="passed on")
    assert len(await questions.waiting()) == 1
    await add(listed=False)
    assert len(await questions.waiting()) == 1, "it stays passed on"


async def test_of_what_was_asked_alone_no_place_is_kept(store: Store) -> None:
    questions, robin = store.open_questions("leeds"), await Person.new(store, "U-robin")
    alone = replace(robin.origin, place="a chat", link="https://chat.example/D-robin")
    await questions.add("who?", alone, cause="passed on", asker=robin.key)
    ((kept, *_),) = await questions.waiting()
    assert (kept.channel, kept.place, kept.link, kept.asker) == ("", "", "", robin.key)
    for channel in ("", alone.channel):
        assert await questions.since(channel, START - timedelta(days=1)) == []


async def test_a_digest_tells_nothing_of_an_answer_that_was_found_wrong(store: Store) -> None:
    questions, origin = store.open_questions("leeds"), Channel(store).origin
    await questions.add("who?", origin, cause="down")
    assert await questions.since(origin.channel, START - timedelta(days=1)) == []
    assert len(await questions.waiting()) == 1


async def test_a_thumb_down_by_a_slip_leaves_no_open_question(store: Store) -> None:
    questions, ratings = store.open_questions("leeds"), store.ratings("leeds")
    origin = Channel(store).origin
    for name, why in (("n-1", ""), ("n-2", "It moved.")):
        await asks(store, replace(ASKED, name=name))
        await ratings.rate(name, "down", why)
        await questions.add(name, origin, name=name, cause="down", why=why)
    await asks(store, replace(ASKED, name="n-3"))
    await questions.add("n-3", origin, name="n-3")
    for name in ("n-1", "n-2", "n-3"):
        await ratings.rate(name, "up")
    left = [(one.text, one.place) for one, *_ in await questions.waiting()]
    assert sorted(left) == [("n-3", origin.place)]


async def test_where_others_rate_too_nobody_takes_back_what_did_not_help(store: Store) -> None:
    questions, ratings = store.open_questions("leeds"), store.ratings("leeds")
    await asks(store)
    assert await ratings.rate("n-1", "up", alone=False)
    assert await ratings.rate("n-1", "down", "It moved.")
    await questions.add("n-1", Channel(store).origin, name="n-1", cause="down", why="It moved.")
    assert await ratings.rate("n-1", "up", alone=False)
    rated = await ratings.question("n-1")
    assert rated is not None
    assert (rated.verdict, rated.reason) == ("down", "It moved.")
    assert len(await questions.waiting()) == 1


async def test_a_reason_taken_back_leaves_what_was_passed_on(store: Store) -> None:
    questions, ratings = store.open_questions("leeds"), store.ratings("leeds")
    robin = await Person.new(store, "U-robin")
    await asks(store)
    add = partial(questions.add, "who?", robin.origin, name="n-1")
    await add(cause="passed on", asker=robin.key)
    await ratings.rate("n-1", "down", "It moved.")
    await add(cause="down", why="It moved.")
    await ratings.rate("n-1", "up")
    ((waits, *_),) = await questions.waiting()
    assert (waits.why, waits.asker) == ("", robin.key)


async def test_the_newest_wait_and_are_embedded_anew(store: Store, clock: Clock) -> None:
    questions, origin = store.open_questions("leeds"), Channel(store).origin
    for number in range(MOST_WAITING + 1):
        clock.pass_by(seconds=1)
        await questions.add(str(number), origin)
    found = await questions.waiting()
    assert [one.text for one, *_ in found] == [str(one) for one in range(MOST_WAITING, 0, -1)]
    await questions.embed([(one, b"9", "m-9") for one, *_ in found[:1]])
    assert [(*of,) for _, *of in await questions.waiting()][:2] == [(b"9", "m-9"), (b"", "")]


async def test_what_is_not_for_us_is_closed_once(store: Store, database_url: str) -> None:
    questions, robin = store.open_questions("leeds"), await Person.new(store, "U-robin")
    waits = [
        await questions.add(text, robin.origin, cause="passed on", asker=robin.key)
        for text in ("one?", "two?", "three?")
    ]
    letter = Letter("leeds", robin.key, reply("not for us"))
    assert await questions.close([*waits[:2], "q-9"], "k-expert", [letter]) == 2
    assert await questions.close(waits[:2], "k-expert", [letter]) == 0
    assert await post(store) == ["not for us"]
    assert [one.text for one, *_ in await questions.waiting()] == ["three?"]
    closed = await questions.named(waits[0])
    assert closed is not None
    assert closed.asker == "", "nobody waits to be told any more"
    (entry,) = dump(database_url)["audit"]
    assert entry[3:] == ("k-expert", "open questions closed", " ".join(sorted(waits[:2])))


async def test_an_administrator_agrees_to_who_looks_after_answers(
    store: Store, clock: Clock
) -> None:
    robin, sam = await Person.new(store, "U-robin"), await Person.new(store, "U-sam")
    experts = store.experts("leeds")
    assert not await experts.agree(robin.key, "k-admin"), "who did not ask to"
    assert await experts.ask(robin.key, "Robin")
    clock.pass_by(days=1)
    assert await experts.ask(sam.key, "Sam")
    assert not await experts.is_named(robin.key)
    letter = Letter("leeds", robin.key, reply("agreed"))
    assert await experts.agree(robin.key, "k-admin", [letter])
    assert not await experts.agree(robin.key, "k-admin", [letter])
    assert await post(store) == ["agreed"]
    assert await experts.is_named(robin.key)
    assert not await store.experts("york").is_named(robin.key)
    assert await experts.ask(robin.key, "Robin, housing")
    first, second = await experts.all()
    assert first == Expert(robin.key, "Robin, housing", True, START), "named all the same"
    assert (second.key, second.named) == (sam.key, False)
    assert await experts.remove(robin.key, robin.key)
    assert not await experts.remove(robin.key, robin.key)
    assert not await experts.is_named(robin.key)
    assert await actions(store, "leeds") == ["expert agreed", "expert removed"]


async def test_who_was_erased_looks_after_nothing(store: Store) -> None:
    robin, experts = await Person.new(store, "U-robin"), store.experts("leeds")
    assert await experts.ask(robin.key, "Robin")
    assert await experts.agree(robin.key, "k-admin")
    assert await robin.erases()
    assert not await experts.is_named(robin.key)
    assert not await experts.ask(robin.key, "Robin")
    assert await experts.all() == []


async def test_what_several_processes_count_is_counted_once_each(
    store: Store, another: Store, clock: Clock
) -> None:
    counts = store.usage("leeds"), another.usage("leeds")
    both = (("answered", "helped"), ("helped", "answered"))
    await asyncio.gather(*(one.count(*of) for one in counts for of in both for _ in range(5)))
    clock.pass_by(days=1)
    await counts[0].count("helped", "answered")
    await store.usage("york").count("answered")
    today = clock.now.date()
    assert await counts[0].since(today - timedelta(days=1)) == {"answered": 21, "helped": 21}
    assert await counts[0].since(today) == {"answered": 1, "helped": 1}
    assert await counts[0].since(today + timedelta(days=1)) == {}


async def test_what_is_counted_says_no_more_than_that(store: Store, database_url: str) -> None:
    await store.usage("leeds").count("answered")
    assert dump(database_url)["usage"] == [("leeds", START.date(), "answered", 1)]


@pytest.mark.parametrize("alone", [True, False])
async def test_a_question_that_was_declined_is_rated_without_its_text(
    store: Store, database_url: str, *, alone: bool
) -> None:
    origin = Origin("leeds", "C-1", "1", "U-robin", "slack", alone=alone)
    await store.remember(origin, "", Question("", "declined", (), 41, START, "n-1"))
    assert await store.ratings("leeds").rate("n-1", "down")
    found = await store.ratings("leeds").question("n-1")
    assert found == RatedQuestion("n-1", "", "declined", "down", "", START)
    assert "U-robin" not in repr(dump(database_url))
