"""Registered projects in answers: found beside the published texts, and told apart from them.

The projects are test data: invented, whatever council they name.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.answerer import Answerer
from bot.answers.shelf import EMPTY, Shelf
from bot.conversation import Citation, Reply
from bot.projects import Details, described
from knowledge.markdown import plain
from tests.registrations import shelved

TOLD = {
    "hedgehogs": Details(
        "Hedgehog count",
        "Volunteers count hedgehogs in parks with a phone app. The parks team then knows where to "
        "leave gaps in fences.",
        "Testham Borough Council",
        "https://testham.example/hedgehogs",
        "doing",
    ),
    "damp": Details(
        "Damp sensors in sheltered homes",
        "Sensors in 80 sheltered homes warn of damp and mould before it is seen.",
        "Testham Borough Council",
    ),
    "tablets": Details(
        "Tablets for unpaid carers",
        "We lend refurbished tablets to unpaid carers in Leeds.",
        "Leeds City Council",
    ),
    "admissions": Details(
        "Chatbot for school admissions",
        "A chatbot answers parents' questions about school admissions in the evening.",
        "Cardiff Council",
        stage="idea",
    ),
}


@pytest.fixture(scope="module")
def shelf(answerer: Answerer) -> Shelf:
    return shelved(answerer, TOLD)


def asked(answerer: Answerer, question: str, shelf: Shelf) -> Reply:
    return answerer.answer(question, None, shelf)[0]


def registered(reply: Reply) -> list[Citation]:
    return [one for one in reply.citations if one.kind == "project"]


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("any hedgehog projects?", "hedgehogs"),
        ("who counts hedgehogs", "hedgehogs"),
        ("Who has tried damp sensors?", "damp"),
        ("who lends tablets to carers?", "tablets"),
        ("tablets for carers", "tablets"),
        ("has anyone built a chatbot for school admissions?", "admissions"),
        ("What have you got from Welsh councils?", "admissions"),
    ],
)
def test_a_question_finds_the_project_that_speaks_to_it(
    answerer: Answerer, shelf: Shelf, question: str, name: str
) -> None:
    reply = asked(answerer, question, shelf)
    assert reply.status == "answered"
    assert [one.document for one in registered(reply)] == [name]
    assert name in [one.value for one in reply.actions if one.id == "project"]


@pytest.mark.parametrize(
    "question",
    [
        "What does inclusion mean?",
        "How much did Swindon save on translation?",
        "what are the twelve outcomes",
        "who won the football",
        "Which outcomes does our project serve? We lend laptops to care leavers",
        "hedgehogs in Scotland",
    ],
)
def test_other_questions_are_answered_as_if_there_were_none(
    answerer: Answerer, shelf: Shelf, question: str
) -> None:
    assert asked(answerer, question, shelf) == asked(answerer, question, EMPTY)


def test_it_stands_apart_from_what_is_published(answerer: Answerer, shelf: Shelf) -> None:
    reply = asked(answerer, "Who has tried damp sensors?", shelf)
    published, _, ours = reply.body.partition("Registered by officers, not published:")
    (cited,) = registered(reply)
    assert f"[{cited.number}]" in ours
    assert f"[{cited.number}]" not in published
    assert [one.kind for one in reply.citations][:-1] == ["case-study"] * (cited.number - 1)
    assert published.strip() in asked(answerer, "Who has tried damp sensors?", EMPTY).body


def test_where_nothing_is_published_it_says_so(answerer: Answerer, shelf: Shelf) -> None:
    assert asked(answerer, "any hedgehog projects?", EMPTY).status in ("declined", "unsure")
    reply = asked(answerer, "any hedgehog projects?", shelf)
    assert reply.body.startswith("I have no published text on that.")
    (cited,) = reply.citations
    assert cited.url == "https://testham.example/hedgehogs"
    assert cited.councils == ("Testham Borough Council",)
    assert "Hedgehog count (Testham Borough Council, under way)" in reply.body


@pytest.mark.parametrize("question", ["any hedgehog projects?", "Who has tried damp sensors?"])
def test_a_quote_is_an_unbroken_run_of_the_project_and_stands_in_the_text(
    answerer: Answerer, shelf: Shelf, question: str
) -> None:
    reply = asked(answerer, question, shelf)
    for cited in registered(reply):
        assert cited.quote in plain(TOLD[cited.document].description)
        assert cited.quote in reply.text


def test_the_words_asked_choose_the_sentence(answerer: Answerer, shelf: Shelf) -> None:
    (cited,) = registered(asked(answerer, "who leaves gaps in fences for hedgehogs?", shelf))
    assert cited.quote == "The parks team then knows where to leave gaps in fences."


def test_what_is_hidden_is_in_no_answer(answerer: Answerer, shelf: Shelf) -> None:
    question = "Who has tried damp sensors?"
    (first, *_) = asked(answerer, question, shelf).citations
    hiding = replace(shelf, hidden=frozenset({first.document}))
    reply = asked(answerer, question, hiding)
    assert first.document not in [one.document for one in reply.citations]
    assert reply.status == "answered"
    about, _ = answerer.about(first.document, hiding)
    assert about.status == "clarify"
    tagged = answerer.tag("We put damp sensors into temporary homes", hiding)
    reasons = [one.document for each in tagged.suggestions for one in each.because]
    assert first.document not in reasons


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("We are putting damp sensors into 500 homes so that repairs come first.", "Putting damp "
         "sensors into 500 homes"),
        ("A scheme that lends laptops to care leavers", "A scheme that lends laptops to care "
         "leavers"),
        ("Our housing team has built a chatbot, so tenants can report at night", "A chatbot"),
        ("hi all, we want to use robots for bins", "Use robots for bins"),
        ("Drones.", "Drones"),
        ("our app maps potholes", "Our app maps potholes"),
    ],
)  # fmt: skip
def test_the_opening_of_a_text_makes_the_title(text: str, title: str) -> None:
    assert described(text) == Details(title, text)


def test_a_long_opening_is_cut_at_a_word() -> None:
    title = described("sensors tell crews which of the gullies to clean first " * 5).title
    assert title.endswith("…")
    assert len(title) <= 81
    assert title.startswith("Sensors tell crews")
