"""Texts as values, and Markdown as a reader sees it."""

import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from knowledge.library import CaseStudy, Library, Outcome
from knowledge.markdown import plain, statements
from knowledge.reader import load

TEXTS = Path(__file__).parent / "data" / "knowledge"


@pytest.fixture(scope="module")
def library() -> Library:
    return load(TEXTS)


def test_library_comes_back_from_json(library: Library) -> None:
    copy = Library.from_json(library.to_json())
    assert copy == library
    assert copy.digest == library.digest


def test_texts_know_their_kind_and_are_found_by_id(library: Library) -> None:
    kinds = {text.id: text.kind for text in library.texts}
    assert kinds == {
        "data": "outcome",
        "value": "outcome",
        "framework-2022": "framework",
        "anytown-bins": "case-study",
    }
    assert library.get("value") is library.outcomes[1]
    assert library.get("nowhere") is None


def test_a_case_study_tells_judged_outcomes_from_published_ones(library: Library) -> None:
    (case,) = library.case_studies
    assert isinstance(case, CaseStudy)
    assert (case.year, case.publisher_outcomes, case.judged_outcomes) == (
        2023,
        ("data",),
        ("value",),
    )


def test_section_line_is_where_the_heading_stands(library: Library) -> None:
    lines = (TEXTS / "outcomes" / "data.md").read_text().splitlines()
    for section in library.outcomes[0].sections:
        assert lines[section.line - 1] == f"## {section.heading}"


def test_digest_changes_with_any_text(library: Library) -> None:
    changed: Outcome = replace(library.outcomes[0], digest="0" * 64)
    other = replace(library, outcomes=(changed, *library.outcomes[1:]))
    fewer = replace(library, outcomes=library.outcomes[1:])
    assert len({library.digest, other.digest, fewer.digest}) == 3


def test_texts_cannot_be_changed(library: Library) -> None:
    with pytest.raises(FrozenInstanceError):
        library.outcomes[0].title = "Other"  # type: ignore[misc]


def test_the_types_bring_no_yaml() -> None:
    code = "import sys, knowledge.library, knowledge.markdown; print('yaml' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("**Data** is *good* and _kept_ in `code`.", "Data is good and kept in code."),
        ("See [the guide](https://example.org/a_b).", "See the guide."),
        ("One line\ngoes on here.\n\nAnother.", "One line goes on here.\nAnother."),
        ("- First\n- second\n  goes on", "First\nsecond goes on"),
        ("Words above:\n- an item", "Words above:\nan item"),
        ("A snake_case_name and 2 * 3.", "A snake_case_name and 2 * 3."),
        ("", ""),
    ],
)
def test_plain_drops_the_marks(markdown: str, seen: str) -> None:
    assert plain(markdown) == seen


@pytest.mark.parametrize(
    "sentence",
    [
        "It saved £1.15m in a year.",
        "Some uses, e.g. Excel, i.e. sheets, went first.",
        "Cllr. Neil Prior, Dr. Able and Mrs. B. Baker spoke.",
        "19. March was the day.",
        "Neil Williams, head of GOV.UK, took over.",
        "St George's House and St. George's Day are not one.",
        "It prepared for Awaab's Law, which sets limits.",
        "A four-year £7m deal with ICS.AI followed.",
        "Benchmarking with LG Inform is free.",
        "The time to fix fell from 1.7 to 0.84 days.",
        "See No. 10 for that.",
        "Where are our gaps? (our suggestion)",
    ],
)
def test_one_sentence_stays_one_statement(sentence: str) -> None:
    assert statements(f"- {sentence}") == (sentence,)
    assert statements(f"{sentence} Then more.") == (sentence, "Then more.")


def test_sentences_are_split_in_order() -> None:
    markdown = "It cost £3m. 43 per cent knew! 'Why?' they asked. \"Who?\" (Nobody.)\n\n- An item"
    assert statements(markdown) == (
        "It cost £3m.",
        "43 per cent knew!",
        "'Why?' they asked.",
        '"Who?"',
        "(Nobody.)",
        "An item",
    )
