"""Sentences out of a stream of pieces, and what no check lets through whatever a passage says."""

from __future__ import annotations

from random import Random

import pytest

from bot.writing.checks import LONGEST, Checks
from bot.writing.passages import Given
from bot.writing.sentences import Sentence, Sentences, sentence
from bot.writing.support import Passage
from indexer.passages import Passage as Indexed

TOLD = (
    "Anytown fitted 75 sensors in damp homes, e.g. in Mill St. flats. [1] Otherham did not. [2]"
    "[3]\n- It cost £1.5m [1].\nWho paid? [2] The end"
)
_TEXT = (
    "Anytown Council fitted 75 sensors.",
    "It cost £40,000.",
    "Otherham has none.",
    "Write to jo@anytown.example or see www.anytown.example for more.",
)


def read(*pieces: str) -> list[Sentence]:
    gathered = Sentences()
    found = [one for piece in pieces for one in gathered.add(piece)]
    return [*found, *gathered.rest()]


def test_each_comes_with_its_citations_however_it_was_cut() -> None:
    whole = read(TOLD)
    assert [one.text for one in whole] == [
        "Anytown fitted 75 sensors in damp homes, e.g. in Mill St. flats. [1]",
        "Otherham did not. [2] [3]",
        "It cost £1.5m. [1]",
        "Who paid? [2]",
        "The end",
    ]
    chance = Random(1)
    for _ in range(50):
        places = sorted(chance.sample(range(1, len(TOLD)), 12))
        starts, ends = (0, *places), (*places, len(TOLD))
        assert read(*(TOLD[a:b] for a, b in zip(starts, ends, strict=True))) == whole


def test_one_is_whole_as_soon_as_the_next_begins() -> None:
    gathered = Sentences()
    assert gathered.add("Anytown fitted sensors.") == []
    assert gathered.add(" [1]") == []
    assert gathered.add(" O") == [Sentence("Anytown fitted sensors.", (1,))]


@pytest.fixture
def checks() -> Checks:
    indexed = Indexed("a#1", "a", "case-study", "What happened", " ".join(_TEXT), _TEXT, "")
    given = Given(1, "Damp sensors in Anytown", indexed, Passage(_TEXT, ("Anytown",)))
    return Checks([given], ["Otherham has none."], lambda *_: 1.0)


def test_what_the_passage_says_passes_once(checks: Checks) -> None:
    said = sentence("In Anytown, 75 sensors were fitted in damp homes. [1]")
    assert not checks.passed(sentence("Sensors were fitted in damp homes 75. [1]"))
    assert checks.passed(sentence("Anytown fitted 75 sensors. [1]"))
    assert not checks.passed(sentence("Anytown fitted 75 sensors [1].")), "said before"
    assert said.cited == (1,)


@pytest.mark.parametrize(
    "said",
    [
        "Anytown fitted 75 sensors.",
        "Anytown fitted 75 sensors. [2]",
        "Anytown fitted 75 sensors. [1] [2]",
        "It cost £40,000. [1]",
        "Otherham has none. [1]",
        "anytown fitted 75 sensors. [1]",
        "Anytown fitted 75 sensors [1]",
        "Write to jo@otherham.example. [1]",
        "See www.otherham.example for more. [1]",
        "Anytown fitted [75 sensors](https://otherham.example). [1]",
        "Anytown fitted <@U1> 75 sensors. [1]",
        "Anytown fitted *75* sensors. [1]",
        "Anytown fitted 75 sensors 👍. [1]",
        "Anytown fitted 75½ sensors. [1]",
        "Anytown fitted 75\u202e sensors. [1]",
        f"Anytown fitted 75 sensors{' in damp homes' * (LONGEST // 10)}. [1]",
        "",
        "[1]",
    ],
)
def test_what_is_cited_wrongly_or_not_plain_does_not_pass(said: str, checks: Checks) -> None:
    assert not checks.passed(sentence(said))


def test_what_is_not_alike_enough_does_not_pass() -> None:
    indexed = Indexed("a#1", "a", "case-study", "What happened", " ".join(_TEXT), _TEXT, "")
    given = Given(1, "Damp sensors", indexed, Passage(_TEXT))
    said = sentence("Anytown Council fitted 75 sensors. [1]")
    assert not Checks([given], [], lambda *_: 0.54).passed(said)
    assert Checks([given], [], lambda *_: 0.56).passed(said)
