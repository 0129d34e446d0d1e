"""How well peers are found on the half of the questions that was tuned on."""

from __future__ import annotations

from random import Random

import pytest

from bot.answers.answerer import Answerer
from bot.evaluation import SPLITS
from bot.evaluation import questions as ordinary
from bot.evaluation.peers import (
    Asked,
    Directory,
    Never,
    asked,
    directory,
    measures,
    questions,
    spread,
)
from knowledge.library import Library
from tests.guarding import worse


@pytest.fixture(scope="module")
def officers(answerer: Answerer, library: Library) -> Directory:
    return directory(answerer, library.case_studies)


@pytest.fixture(scope="module")
def found(answerer: Answerer, officers: Directory) -> list[Asked]:
    return asked(answerer, officers, questions("tuned"))


def test_three_officers_are_made_of_each_case_study_and_marked_as_such(
    officers: Directory, library: Library
) -> None:
    assert len(officers.profiles) == 3 * len(library.case_studies)
    assert all(one.offer.name.startswith("Test officer ") for one in officers.profiles)
    assert set(officers.case.values()) == {one.id for one in library.case_studies}


def test_no_guarded_figure_of_peers_got_worse(
    found: list[Asked], answerer: Answerer, officers: Directory
) -> None:
    others = asked(answerer, officers, questions("untouched"))
    assert worse("peers", [*measures(found, "tuned"), *measures(others, "untouched")]) == []


def test_nobody_is_named_in_why(found: list[Asked]) -> None:
    shown = [named for one in found for named in one.found.people]
    assert shown
    assert not any(named.profile.offer.name in named.why for named in shown)


def test_officers_of_one_case_study_take_turns(answerer: Answerer, officers: Directory) -> None:
    some = [
        one for one in questions("tuned") if one.id in ("peer-gwynedd-wales", "peer-hackney-months")
    ]
    fair = spread(answerer, officers, some, [Random(number) for number in range(6)])
    never = spread(answerer, officers, some, [Never()])
    assert sum(fair) / len(fair) < sum(never) / len(never)


def test_questions_for_peers_are_no_ordinary_ones_and_name_texts_there_are(
    library: Library,
) -> None:
    for split in SPLITS:
        mine = questions(split)
        assert not {one.id for one in mine} & {one.id for one in ordinary(split)}
        assert all(library.get(case) for one in mine for case in one.cases)
        assert {one.kind for one in mine} == {"peer", "nobody"}
