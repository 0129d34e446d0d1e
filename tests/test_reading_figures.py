"""How much of others' documents is read: the guard, and what its figures are made of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.evaluation.figures import Measure, Section
from bot.evaluation.guards import dropped, guards
from bot.evaluation.texts import FOUND, Read, in_order, measured, read, texts
from bot.rehearsal.papers import papers
from bot.rehearsal.papers_known import Paper, Said
from indexer.parsing.parsed import Parsed
from knowledge import library

SECTION = "texts"


@pytest.fixture(scope="module")
def made() -> list[Paper]:
    return papers()


def test_the_papers_are_the_same_each_time_and_no_two_alike(made: list[Paper]) -> None:
    assert made == papers()
    assert made != papers("another seed")
    assert [sum(one.kind == kind for one in made) for kind in ("pdf", "word", "web")] == [8, 6, 6]
    assert len({one.name for one in made}) == 20
    for one in made:
        assert 50 <= len(one.said) <= 160
        assert len({said.text for said in one.said}) == len(one.said)


def test_almost_all_of_what_councils_publish_is_read() -> None:
    found = texts()
    kept = [one for one in guards() if one.section == SECTION]
    assert {one.measure for one in kept} >= {f"{FOUND}, all", f"{FOUND}, PDFs"}
    assert dropped([Section(SECTION, tuple(found), splits=False)], kept) == []
    (whole,) = (one for one in found if one.measure == f"{FOUND}, all")
    assert whole.value >= 0.98
    assert whole.n > 1000


@pytest.mark.parametrize(
    ("known", "there", "found"),
    [
        ("abc", "abc", [0, 1, 2]),
        ("abc", "xaybzc", [1, 3, 5]),
        ("abc", "ac", [0, -1, 1]),
        ("abcd", "dabc", [1, 2, 3, -1]),
        ("abc", "cab", [1, 2, -1]),
        ("abc", "aabbcc", [0, 2, 4]),
        ("aa", "a", [-1, 0]),
        ("abc", "", [-1, -1, -1]),
    ],
)
def test_sentences_are_counted_in_their_order(known: str, there: str, found: list[int]) -> None:
    at = in_order(known, there)
    assert [one >= 0 for one in at] == [one >= 0 for one in found]
    kept = [one for one in at if one >= 0]
    assert kept == sorted(set(kept))
    assert all(there[place] == one for place, one in zip(at, known, strict=True) if place >= 0)


PAPER = Paper(
    name="a.pdf",
    kind="pdf",
    media="application/pdf",
    content=b"",
    said=(Said("One is here.", 1), Said("Two is there.", 1), Said("Three is last.", 2)),
    aside=("A note.",),
    rows=(("Calls", "12", "£9"),),
    headings=("What we did",),
    furniture=("Page 1 of 2", "Menu of the council"),
    pages=3,
    blank=1,
)
RIGHT = Parsed(
    title="A",
    sections=(
        library.Section("What we did", "One is here. Two is there.\nA note.", page=1, literal=True),
        library.Section("", "Calls | 12 | £9\n• Three is last.", page=2, literal=True),
    ),
    pages=3,
    notes=("1 of 3 pages hold no text",),
)


def body(text: str) -> Parsed:
    return replace(RIGHT, sections=(library.Section("What we did", text, page=1, literal=True),))


def figures(parsed: Parsed) -> dict[str, Measure]:
    return {one.measure: one for one in measured([read((PAPER, parsed))])}


def of(parsed: Parsed) -> Read:
    return read((PAPER, parsed))


def test_what_is_read_as_it_stands_has_all_figures() -> None:
    found = figures(RIGHT)
    assert (found[f"{FOUND}, all"].value, found[f"{FOUND}, all"].n) == (1, 3)
    assert found["page numbers right, of sentences found in PDFs"].value == 1
    assert found["rows of tables on one line"].value == 1
    assert found["headings that head a section"].value == 1
    assert found["notes and boxes found once"].value == 1
    assert found["menus, banners, headers and footers kept"].value == 0
    assert found["PDFs whose scanned pages are named rightly"].value == 1


@pytest.mark.parametrize(
    ("text", "missed"),
    [
        ("One is here. Two is\nthere. Three is last.", ["Two is there."]),
        ("One is here. Page 1 of 2 Two is there. Three is last.", ["Two is there."]),
        ("One is here.1 Two is there. Three is last.", ["One is here.", "Two is there."]),
        ("Two is there. Three is last.\nOne is here.", ["One is here."]),
        ("One is\u00a0here.  Two is there.\nThree is last.", []),
    ],
)
def test_a_sentence_counts_only_whole_and_in_its_place(text: str, missed: list[str]) -> None:
    assert of(body(text)).missed == missed


def test_what_is_wrong_is_told() -> None:
    worse = of(
        body("One is here.\nCalls\n12 £9\nPage 1 of 2\nThe Menu of the council is\nThree is last.")
    )
    assert worse.kept == ["Page 1 of 2", "Menu of the council"]
    assert worse.lost_rows == [("Calls", "12", "£9")]
    assert worse.lost_asides == ["A note."]
    assert worse.wrong_pages == ["Three is last."]
    assert of(replace(RIGHT, notes=())).blank_named is False
    assert of(replace(RIGHT, sections=RIGHT.sections[1:])).lost_headings == ["What we did"]
    assert of(body("A note. A note.")).lost_asides == ["A note."]


def test_pages_that_hold_text_are_not_named() -> None:
    scanned = replace(PAPER, blank=0)
    assert read((scanned, replace(RIGHT, notes=()))).blank_named
    assert not read((scanned, RIGHT)).blank_named
