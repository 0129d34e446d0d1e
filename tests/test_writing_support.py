"""Which sentences of a language model a passage carries: by hand, and out of the shipped texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
import yaml

from bot.rehearsal.inventions import FAITHFUL, INVENTED, Material
from bot.writing.passages import own_names
from bot.writing.sentences import sentence
from bot.writing.support import Passage, carried
from bot.writing.tokens import tokens
from indexer.passages import passages
from knowledge.library import Library

Carries = Callable[[str, Passage], bool]
_BY_HAND: dict[str, dict[str, list[str]]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "worded.yaml").read_text("utf-8")
)


def _by_hand(kind: str) -> list[tuple[str, str]]:
    return [(document, said) for document, all_ in _BY_HAND[kind].items() for said in all_]


def _passages(library: Library) -> dict[str, list[Passage]]:
    """By text, cut as for a short window, which needs no model."""
    found: dict[str, list[Passage]] = {}
    for one in passages(library, lambda text: len(text.split()), 150):
        text = library.get(one.document)
        assert text
        found.setdefault(one.document, []).append(Passage(one.statements, own_names(text)))
    return found


@pytest.fixture(scope="module")
def cut(library: Library) -> dict[str, list[Passage]]:
    return _passages(library)


@pytest.mark.parametrize(("document", "said"), _by_hand("carried"))
def test_what_a_text_says_in_fewer_words_is_carried(
    document: str, said: str, cut: dict[str, list[Passage]]
) -> None:
    assert any(carried(said, one) for one in cut[document])


@pytest.mark.parametrize(("document", "said"), _by_hand("refused"))
def test_what_is_true_in_other_words_or_order_is_refused_too(
    document: str, said: str, cut: dict[str, list[Passage]]
) -> None:
    """The price of refusing what only looks so; one that is carried one day moves up."""
    assert not any(carried(said, one) for one in cut[document])


@pytest.mark.parametrize(("document", "said"), _by_hand("invented"))
def test_what_it_does_not_say_is_not(
    document: str, said: str, cut: dict[str, list[Passage]]
) -> None:
    assert not any(carried(said, one) for one in cut[document])


def _let_through(
    cut: dict[str, list[Passage]], carries: Carries, every: int
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Of what was made of every so many of the shipped sentences: faithful ones carried and not,
    made up ones carried."""
    chance, kept, lost, out = Random(1), Counter[str](), Counter[str](), Counter[str]()
    everything = [one for all_ in cut.values() for one in all_ if len(one.sentences) > 1]
    for passage in everything:
        other = tuple(said for one in chance.sample(everything, 3) for said in one.sentences)
        for told in passage.sentences[::every]:
            of = Material(told, passage.sentences, ". ".join(passage.names), other)
            for name, make in FAITHFUL.items():
                if said := make(of, chance):
                    ok = carries(sentence(said).claim, passage)
                    (kept if ok else lost)[name] += 1
            for name, make in INVENTED.items():
                said = make(of, chance)
                if said and said not in passage.sentences:
                    out[name] += carries(sentence(said).claim, passage)
    return kept, lost, out


def test_of_the_shipped_sentences_nothing_made_up_is_carried_and_most_that_is_faithful(
    cut: dict[str, list[Passage]],
) -> None:
    kept, lost, out = _let_through(cut, carried, 5)
    assert not out.total(), out
    assert set(INVENTED) - set(out) <= {"taken_for_done"}, "nearly every way was tried"
    assert kept.total() > 300
    assert lost.total() < kept.total() / 20, lost


def _by_words(said: str, passage: Passage) -> bool:
    """A looser rule: four words in five stand in the passage, in whatever order."""
    held = {token.form for one in passage.sentences for token in tokens(one)}
    told = [token.form for token in tokens(said)]
    return sum(form in held for form in told) >= 0.8 * len(told)


def test_by_the_words_alone_much_of_what_is_made_up_would_be_carried(
    cut: dict[str, list[Passage]],
) -> None:
    _, _, out = _let_through(cut, _by_words, 15)
    assert out.total() > 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("£1.2m", "£1.2 million"),
        ("£40,000", "£40k"),
        ("45 per cent", "forty-five per cent"),
        ("45%", "45 percent"),
        ("twelve", "12"),
        ("the 3rd", "the third"),
        ("a hundred and two thousand", "a hundred and 2,000"),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert [token.form for token in tokens(one)] == [token.form for token in tokens(other)]


@pytest.mark.parametrize(
    ("one", "other"), [("£40", "40"), ("40%", "40"), ("40", "400"), ("4th", "4"), ("£60%", "60%")]
)
def test_another_unit_is_another_figure(one: str, other: str) -> None:
    assert tokens(one)[0].form != tokens(other)[0].form
