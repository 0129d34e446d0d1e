"""How sure an answer is: what it is weighed from, what is done with it, how it is learned."""

from __future__ import annotations

import json
import math

import pytest

from bot.answers.answerer import Answerer
from bot.answers.figures import counts, focused, numbers
from bot.answers.surety import FAMILIES, Signals, Surety
from bot.calibration import late
from bot.current import CurrentAnswerer


def learned(weight: float, bias: float, bound: float, sharpness: float = 5.0) -> Surety:
    """One signal, weighed so in every family."""
    family = {"names": ["covered"], "weights": [weight], "bias": bias}
    values = {
        "families": dict.fromkeys(FAMILIES, family),
        "bounds": dict.fromkeys(FAMILIES, bound),
        "sharpness": sharpness,
    }
    return Surety(json.dumps(values).encode())


def test_signals_are_weighed_into_a_probability() -> None:
    surety = learned(2.0, -1.0, 0.5)
    for covered in (0.0, 0.5, 1.0):
        expected = 1 / (1 + math.exp(-(2.0 * covered - 1.0)))
        assert surety.of(Signals("fact", {"covered": covered})) == pytest.approx(expected)


def test_an_answer_is_given_from_the_bound_on() -> None:
    surety = learned(2.0, -1.0, 0.5)
    assert surety.enough(Signals("cases", {"covered": 0.51}))
    assert not surety.enough(Signals("cases", {"covered": 0.49}))


@pytest.mark.parametrize(
    ("scores", "number"),
    [((2.0, 1.0, 0.9), 1), ((1.0, 0.99, 0.1), 2), ((1.0, 1.0, 1.0, 1.0), 3), ((1.0,), 1)],
)
def test_as_many_sentences_are_shown_as_hold_the_right_one(
    scores: tuple[float, ...], number: int
) -> None:
    assert learned(1.0, 0.0, 0.5).needed(scores, 0.9) == number


def test_what_was_learned_names_its_model_and_every_family(current: CurrentAnswerer) -> None:
    values = json.loads(current.index.extra("surety.json"))
    assert values["model"] == current.index.manifest.model
    assert set(values["families"]) == set(values["bounds"]) == set(FAMILIES)
    assert all(0.2 < bound < 0.95 for bound in values["bounds"].values())


def test_it_is_learned_anew_when_what_it_is_learned_from_changes(
    current: CurrentAnswerer,
) -> None:
    made = late()["surety.json"]
    assert current.index.manifest.extras["surety.json"] == made.digest


def test_an_answer_says_how_sure_it_is(answerer: Answerer) -> None:
    sure, _ = answerer.answer("How much does the Rochdale mesh cost per household?")
    unsure, _ = answerer.answer("What did Rochdale pay its mesh supplier in legal fees?")
    assert (sure.status, unsure.status) == ("answered", "unsure")
    assert sure.surety is not None
    assert unsure.surety is not None
    assert unsure.surety < sure.surety <= 1


@pytest.mark.parametrize(
    "text",
    [
        "What is the national target figure for the connectivity outcome?",
        "What percentage of councils report on all twelve outcomes every year?",
        "How many pages does the data outcome have?",
    ],
)
def test_an_outcomes_own_text_is_no_answer_to_a_figure(answerer: Answerer, text: str) -> None:
    assert answerer.answer(text)[0].status == "unsure"


def test_of_two_councils_the_last_is_asked_about(answerer: Answerer) -> None:
    reply, _ = answerer.answer("we know about Swindon, but what did Dudley's easy read AI cost?")
    assert reply.status == "unsure"
    assert "I don't have anything from Dudley" in reply.text


def test_the_askers_own_council_is_not_asked_about(answerer: Answerer) -> None:
    reply, _ = answerer.answer("how fast is Swindon's translation tool? I'm at Dudley")
    assert reply.status == "answered"
    assert "Swindon" in reply.text


@pytest.mark.parametrize(
    ("text", "question", "value"),
    [
        ("The plan was for 220 gateways, 110 in each county.", "how many gateways are there", 1.0),
        ("A single account covers 13 key services.", "how many residents signed up", 0.0),
        ("Over 200 people came to the day.", "how many attendees were there", 0.5),
        ("It costs 27 pence per household.", "how many households are on it", 0.0),
        ("It opened in March 2021.", "how many were there", 0.0),
    ],
)
def test_what_a_sentence_counts(text: str, question: str, value: float) -> None:
    assert counts(text, question) == value


def test_what_is_asked_for_by_name() -> None:
    assert focused("which court struck it down?", ()) == focused("what court struck it down", ())
    assert focused("how many gateways are there", ()) != frozenset()
    assert focused("who chairs the swindon group", ("swindon",)) == focused("who chairs", ())
    assert focused("damp sensors", ()) == frozenset()


def test_numbers_in_words_and_figures_are_the_same() -> None:
    assert numbers("the third round, 3rd of 1,200") == numbers("round 3 and 1,200")
    assert numbers("no number here") == frozenset()
