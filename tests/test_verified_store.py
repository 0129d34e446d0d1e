"""Answers that somebody stands for: kept, given until their day, told of, and ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.conversation import Origin, Reply
from bot.questions import Verified
from bot.store import Letter, Question, Store
from tests.clock import START, Clock
from tests.digesting import Channel
from tests.offering import Person, post, reply
from tests.registrations import actions

DAY = START.date()
ONE = Verified(
    *("leeds", "v-1", "Who has chatbots?", "Otherham has, “since May”.", ("otherham-wifi",)),
    *("Robin", "", DAY + timedelta(days=30), START),
)
V = (b"1234", "m-1")


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


async def revision(store: Store, community: str = "leeds") -> int:
    return (await store.community(community).revisions())[0]


async def test_one_is_kept_changed_and_ended(store: Store, clock: Clock) -> None:
    answers, robin = store.verified("leeds"), await Person.new(store, "U-robin")
    one, before = replace(ONE, author=robin.key), await revision(store)
    assert await answers.keep(one, *V)
    assert await answers.named("v-1") == one
    assert await answers.all() == [(one, *V)]
    assert await revision(store) > before, "so that every process gives it"
    clock.pass_by(days=1)
    other = replace(one, id="v-2", sources=("https://otherham.example/",), written_at=clock.now)
    changed = replace(one, answer="Nobody.", until=DAY + timedelta(days=60), sources=())
    assert await answers.keep(other, *V)
    assert await answers.keep(changed, b"9999", "m-2")
    assert await answers.all() == [(other, *V), (changed, b"9999", "m-2")]
    before = await revision(store)
    assert await answers.end("v-1", robin.key)
    assert not await answers.end("v-1", robin.key)
    assert await answers.named("v-1") is None
    assert await revision(store) > before
    told = [*["answer verified"] * 3, "verified answer ended"]
    assert await actions(store, "leeds") == told


async def test_it_is_kept_in_its_own_community_whatever_it_says(store: Store) -> None:
    assert await store.verified("york").keep(ONE, *V)
    assert await store.verified("leeds").all() == []
    assert await store.verified("york").named("v-1") == replace(ONE, community="york")


async def test_a_changed_question_is_not_embedded_as_it_was(store: Store) -> None:
    answers, changed = store.verified("leeds"), replace(ONE, question="Which robots?")
    await answers.keep(ONE, *V)
    await answers.embed([(ONE, b"9999", "m-2")])
    assert await answers.all() == [(ONE, b"9999", "m-2")]
    await answers.keep(changed, *V)
    await answers.embed([(ONE, b"9999", "m-2")])
    assert await answers.all() == [(changed, *V)]


async def test_vectors_are_of_the_wordings_they_were_made_of(store: Store, clock: Clock) -> None:
    answers = store.verified("leeds")
    await answers.keep(ONE, *V)
    clock.pass_by(minutes=1)
    more = replace(ONE, wordings=("Who chats?", "What talks?"), written_at=clock.now)
    await answers.keep(more, b"123456781234", "m-1")
    await answers.embed([(ONE, b"9999", "m-2")])
    assert await answers.named("v-1") == more
    assert await answers.all() == [(more, b"123456781234", "m-1")]


def told(author: Person, asker: Person, origin: Origin) -> list[Letter]:
    there = Letter("leeds", author.key, reply("in its thread"), platform=origin.platform)
    return [
        replace(there, place=origin.place),
        Letter("leeds", asker.key, reply("to who asked alone")),
    ]


async def test_who_asked_and_where_is_told_of_the_answer_once(store: Store) -> None:
    robin, sam, kim = [await Person.new(store, f"U-{one}") for one in ("robin", "sam", "kim")]
    questions, origin = store.open_questions("leeds"), Channel(store).origin
    ids = [
        await questions.add("Who has chatbots?", origin),
        await questions.add("Chatbots?", sam.origin, cause="passed on", asker=sam.key),
    ]
    left = await questions.add("Who has robots?", origin)
    for author, name in ((robin, "v-1"), (kim, "v-2")):
        one, letters = replace(ONE, id=name, author=author.key), told(author, sam, origin)
        assert await store.verified("leeds").keep(one, *V, answered=ids, letters=letters)
    assert await post(store) == ["in its thread", "to who asked alone"]
    assert [one.id for one, *_ in await questions.waiting()] == [left]
    assert len(await store.verified("leeds").all()) == 2, "both stand"
    answered = await questions.named(ids[1])
    assert answered is not None
    assert answered.asker == ""


async def test_two_experts_answer_in_the_same_moment(store: Store, another: Store) -> None:
    sam, origin = await Person.new(store, "U-sam"), Channel(store).origin
    experts = [await Person.new(store, f"U-{number}") for number in range(2)]
    for number in range(6):
        waits = await store.open_questions("leeds").add(str(number), origin)
        await asyncio.gather(
            *(
                where.verified("leeds").keep(
                    replace(ONE, id=f"{who.name}-{number}", author=who.key),
                    *V,
                    answered=[waits],
                    letters=told(who, sam, origin),
                )
                for where, who in zip((store, another), experts, strict=True)
            )
        )
        assert len(await post(store)) == 2, "the letters of one"


async def test_one_answers_what_another_closes_in_the_same_moment(
    store: Store, another: Store
) -> None:
    robin, origin = await Person.new(store, "U-robin"), Channel(store).origin
    questions, experts = another.open_questions("leeds"), another.experts("leeds")
    one = replace(ONE, author=robin.key)
    for _ in range(10):
        ids = [await questions.add("who?", origin) for _ in range(3)]
        await experts.ask(robin.key, "Robin")
        closed, *_ = await asyncio.gather(
            questions.close(ids, "k-other", told(robin, robin, origin)),
            store.verified("leeds").keep(one, *V, answered=ids, letters=told(robin, robin, origin)),
            questions.answer(ids[0], told(robin, robin, origin)[0]),
            experts.agree(robin.key, "k-admin"),
            store.experts("leeds").remove(robin.key, robin.key),
        )
        assert closed in (0, 2, 3)
        assert await questions.waiting() == []


async def test_nothing_is_kept_of_somebody_who_is_erased_meanwhile(store: Store) -> None:
    robin, origin = await Person.new(store, "U-robin"), Channel(store).origin
    waits = await store.open_questions("leeds").add("who?", origin)
    assert await robin.erases()
    letters, one = told(robin, robin, origin), replace(ONE, author=robin.key)
    assert not await store.verified("leeds").keep(one, *V, answered=[waits], letters=letters)
    assert await store.verified("leeds").all() == []
    assert len(await store.open_questions("leeds").waiting()) == 1
    assert await post(store) == []


async def test_when_its_day_has_passed_its_author_is_told_once(
    store: Store, another: Store, clock: Clock
) -> None:
    robin = await Person.new(store, "U-robin")
    answers, here = store.verified("leeds"), replace(ONE, author=robin.key)
    there = replace(ONE, community="york", until=ONE.until + timedelta(days=1))
    assert await answers.keep(here, *V)
    assert await store.verified("york").keep(there, *V)
    letter = [Letter("leeds", robin.key, reply("verify again?"))]
    clock.pass_by(days=30, hours=14)
    await answers.reminded("v-1", letter)
    assert await store.expired() == [], "it stands on its last day too"
    clock.pass_by(days=1)
    assert await store.expired() == [here]
    for where in (store, another, store):
        await where.verified("leeds").reminded("v-1", letter)
    assert await post(store) == ["verify again?"]
    assert await store.expired() == []
    assert await answers.all() == [(here, *V)], "it can be verified again"
    clock.pass_by(days=1)
    assert await store.expired() == [there]
    again = replace(here, until=clock.now.date() + timedelta(days=2))
    assert await answers.keep(again, *V)
    assert await store.expired() == [there]
    clock.pass_by(days=3)
    assert await store.expired() == [there, again], "and is told of anew"


async def test_what_was_ended_is_read_on_no_more(store: Store) -> None:
    answers = store.verified("leeds")
    for community in ("leeds", "york"):
        for name, body in (("r-1", f"Verified by Robin: {ONE.answer}"), ("r-2", "Another.")):
            await store.keep_reply(community, Reply("answered", body, id=name))
    await answers.keep(ONE, *V)
    assert await store.kept_reply("leeds", "r-1") is not None
    await answers.end("v-1", "k-robin")
    assert await store.kept_reply("leeds", "r-1") is None
    assert await store.kept_reply("leeds", "r-2") is not None
    assert await store.kept_reply("york", "r-1") is not None


async def test_an_answer_outlives_who_stood_for_it(store: Store) -> None:
    robin = await Person.new(store, "U-robin")
    answers, one = store.verified("leeds"), replace(ONE, author=robin.key)
    other = replace(ONE, id="v-2", author=(await Person.new(store, "U-sam")).key, by="Sam")
    assert await answers.keep(one, *V)
    assert await answers.keep(other, *V)
    asked = Question("who?", "answered", (), 41, START, "n-1")
    for name in ("n-1", "n-2"):
        await store.remember(robin.origin, "", replace(asked, name=name))
        assert await store.ratings("leeds").rate(name, "down", "It moved.")
    await store.open_questions("leeds").add(
        "who?", robin.origin, name="n-1", cause="down", asker=robin.key, why="It moved."
    )
    await store.experts("leeds").ask(robin.key, "Robin")
    held = await store.rights("leeds").held("U-robin")
    assert held is not None
    assert held["expert"] == [{"name": "Robin", "named": False, "asked_at": START}]
    assert held["open_questions"] == [{"text": "who?", "why": "It moved.", "asked_at": START}]
    named = ("question", "answer", "by", "until", "written_at")
    assert held["verified_answers"] == [{name: getattr(one, name) for name in named}]
    before = await revision(store)
    assert await robin.erases()
    assert await revision(store) > before, "so that no process names them any more"
    assert await answers.named("v-1") == replace(one, author="", by="")
    assert await answers.named("v-2") == other
    ((left, *_),) = await store.open_questions("leeds").waiting()
    assert (left.text, left.asker, left.why) == ("who?", "", "")
    rated = [await store.ratings("leeds").question(name) for name in ("n-1", "n-2")]
    assert [one.reason for one in rated if one] == ["", "It moved."], (
        "theirs; of whom, nobody knows"
    )


async def test_a_community_that_is_forgotten_leaves_none(store: Store) -> None:
    robin, origin = await Person.new(store, "U-robin"), Channel(store).origin
    for community in ("leeds", "york"):
        await store.verified(community).keep(ONE, *V)
        await store.open_questions(community).add("who?", replace(origin, community=community))
        await store.usage(community).count("answered")
    await store.experts("leeds").ask(robin.key, "Robin")
    await store.forget("leeds")
    assert await store.verified("leeds").all() == []
    assert await store.experts("leeds").all() == []
    assert await store.open_questions("leeds").waiting() == []
    assert await store.usage("leeds").since(DAY) == {}
    assert len(await store.verified("york").all()) == 1
    assert await store.usage("york").since(DAY) == {"answered": 1}
