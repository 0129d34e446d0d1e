"""Which questions want the same answer, with the shipped texts; councils are real, as questions of
others are told apart by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers.answerer import Answerer
from bot.evaluation.verified import pairs
from bot.feedback.alike import Asked, alike, asked, opposed
from bot.feedback.grouping import grouped
from bot.questions import OpenQuestion
from tests.clock import START

DRONES = "Which councils use drones to inspect bridges in Cornwall?"
SAME = "What councils inspect bridges with drones in Cornwall?"


def both(answerer: Answerer, first: str, second: str) -> bool:
    """Whether two are alike; it is the same both ways."""
    one, other = asked(first, answerer), asked(second, answerer)
    found = alike(one, other)
    assert alike(other, one) == found
    return found


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (DRONES, DRONES),
        (DRONES, SAME),
        (DRONES, "Hello, which councils use drones to inspect bridges in Cornwall please?"),
        (
            "Which councils have a data ethics board?",
            "has anyone got a board that looks at data ethics",
        ),
        ("How many sensors are in Edinburgh's bins?", "number of bin sensors edinburgh fitted"),
    ],
)
def test_the_same_in_other_words(answerer: Answerer, first: str, second: str) -> None:
    assert both(answerer, first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (DRONES, DRONES.replace("Cornwall", "Leeds")),
        (DRONES, DRONES.replace(" in Cornwall", "")),
        (DRONES, DRONES.replace("Which councils use", "Which councils do not use")),
        (DRONES, DRONES.replace("Cornwall", "Wales")),
        ("What did Derby save in 2022?", "What did Derby save in 2023?"),
        ("What are the 3 missions of 2024?", "What are the 6 missions of 2024?"),
        ("When did the first panel meet in Camden?", "When did the second panel meet in Camden?"),
        ("How much did Derby's bot cost?", "How much did Derby's bot save?"),
        ("How much did Derby's bot cost?", "When did Derby's bot start?"),
        ("Who built Hey Geraldine?", "Who paid for Hey Geraldine?"),
        ("What does inclusion mean?", "What does connectivity mean?"),
        ("What do councils do about cyber?", "What should scrutiny ask about cyber?"),
        ("Why did Barnsley leave its supplier?", "Which supplier did Barnsley leave?"),
        ("is it any good?", "is it any good?"),
        ("", ""),
    ],
)
def test_only_close(answerer: Answerer, first: str, second: str) -> None:
    assert not both(answerer, first, second)


def test_the_pairs_that_may_be_looked_at(answerer: Answerer) -> None:
    """What `alike` was chosen on: it must not get worse."""
    given = [(pair.alike, both(answerer, pair.first, pair.second)) for pair in pairs("tuned")]
    assert not any(found for right, found in given if not right)
    assert sum(found for right, found in given if right) >= 8


def test_texts_built_alike_that_say_another_thing() -> None:
    assert opposed("who built the bins of leeds", "who sold the bins of leeds")
    assert opposed("who built the bins of leeds", "who built the smart bins of leeds")
    assert not opposed("who built the bins of leeds", "please tell us who built the bins of leeds")
    assert not opposed("bins in leeds, who built them", "the builder of the leeds bins")
    assert not opposed("", "")


def question(number: int, text: str) -> OpenQuestion:
    at = START - timedelta(minutes=number)
    return OpenQuestion("anytown", f"q-{number}", "", "", "", "", text, at)


def test_groups_hold_what_one_answer_answers(answerer: Answerer) -> None:
    texts = (SAME, "How much did Derby's bot cost?", DRONES, DRONES.replace("Cornwall", "Leeds"))
    found = [(question(number, one), asked(one, answerer)) for number, one in enumerate(texts)]
    groups = grouped(found)
    assert [one.ids for one in groups] == [("q-0", "q-2"), ("q-1",), ("q-3",)]
    assert groups[0].first.text == SAME, "the newest speaks for all"


def test_a_group_knows_what_was_wrong(answerer: Answerer) -> None:
    read = asked(DRONES, answerer)
    told = [replace(question(0, DRONES), cause="down", why="It is old."), question(1, DRONES)]
    told += [replace(told[0], id="q-2"), replace(told[0], id="q-3", why="It is wrong.")]
    (group,) = grouped([(one, read) for one in told])
    assert (group.wrong, group.reasons) == (3, ("It is old.", "It is wrong."))


def test_no_questions_and_a_great_many(answerer: Answerer) -> None:
    assert grouped([]) == []
    read = [asked(DRONES.replace("Cornwall", there), answerer) for there in ("Kent", "Leeds")]
    many: list[tuple[OpenQuestion, Asked]] = [
        (question(number, "?"), read[number % 2]) for number in range(500)
    ]
    assert [len(one.questions) for one in grouped(many)] == [250, 250]
