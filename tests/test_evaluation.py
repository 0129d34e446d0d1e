"""The evaluation set is sound, its marking is right, and the answers reach what is asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.conversation import Citation, Kind, Outcome, Reply, Status
from bot.current import CurrentAnswerer
from bot.evaluation import SPLITS, Marked, Question, Split, measures, questions
from bot.evaluation.citations import Sources, citations
from bot.evaluation.figures import Unit
from bot.evaluation.guards import guards
from bot.evaluation.search import search
from bot.evaluation.shares import answers, refusals
from bot.evaluation.verified import pairs, verified
from indexer.encoder import Encoder
from indexer.retrieval import evaluate
from knowledge.library import Library
from tests.guarding import HELD, HELD_LONG, worse
from tests.running import ROOT

VERY_SHORT = 8  # the empty message or "AI" can only be written one way
STATUSES = {"answered", "unsure", "clarify", "declined", "help", "invalid"}


@pytest.fixture(scope="module")
def both() -> dict[Split, list[Question]]:
    return {split: questions(split) for split in SPLITS}


def question(
    kind: str = "fact",
    status: Status = "answered",
    documents: tuple[str, ...] = ("a",),
    holds: tuple[str, ...] = (),
    avoid: tuple[str, ...] = (),
) -> Question:
    return Question("q", kind, "?", (status,), "", documents, holds, avoid)


def reply(status: Status = "answered", text: str = "It cost £27.", *documents: str) -> Reply:
    kind: Kind = "case-study"
    citations = tuple(
        Citation(number, document, kind, "T", "https://a.org", "Q")
        for number, document in enumerate(documents, start=1)
    )
    return Reply(status, text, citations, (Outcome("value", "Value"),))


def test_no_question_is_in_both_halves(both: Mapping[Split, Sequence[Question]]) -> None:
    def said(split: Split) -> set[str]:
        alone = (one for one in both[split] if not one.thread and len(one.text) > VERY_SHORT)
        return {" ".join(one.text.lower().split()) for one in alone}

    assert said("tuned") & said("untouched") == set()
    ids = [one.id for half in both.values() for one in half]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    threads = [{one.thread for one in half if one.thread} for half in both.values()]
    assert not threads[0] & threads[1]


def test_there_are_enough_of_every_kind(both: Mapping[Split, Sequence[Question]]) -> None:
    every = [one for half in both.values() for one in half]
    kinds = Counter(one.kind for one in every)
    assert len(every) >= 150
    assert kinds["missing"] >= 30
    assert kinds["out-of-scope"] >= 20
    assert len({one.thread for one in every if one.thread}) >= 15
    assert {one.kind for one in both["tuned"]} == {one.kind for one in both["untouched"]}


def test_what_the_questions_expect_exists(
    both: Mapping[Split, Sequence[Question]], library: Library
) -> None:
    texts = {text.id for text in library.texts}
    outcomes = {outcome.id for outcome in library.outcomes}
    for one in [one for half in both.values() for one in half]:
        assert one.text.strip() or one.kind == "invalid", one.id
        assert set(one.status), one.id
        assert set(one.status) <= STATUSES, one.id
        assert set(one.documents) <= texts, one.id
        assert set(one.outcomes) <= outcomes, one.id


@pytest.mark.parametrize(
    ("asked", "given", "marks"),
    [
        (question(), reply("answered", "x", "a", "b"), "first any status"),
        (question(), reply("answered", "x", "b", "a"), "any status"),
        (question(), reply("answered", "x", "b", "b", "c", "a"), "any status"),
        (question(), reply("answered", "x", "b", "c", "d", "e", "f", "a"), "status"),
        (question(), reply("unsure", "x"), ""),
    ],
)
def test_the_right_document_is_looked_for_in_order(
    asked: Question, given: Reply, marks: str
) -> None:
    one = Marked(asked, given)
    found = {"first": one.first_right, "any": one.any_right, "status": one.as_expected}
    assert " ".join(name for name, good in found.items() if good) == marks


@pytest.mark.parametrize(
    ("holds", "text", "good"),
    [
        (("£27", "7p"), "It cost £27, 7p a page", True),
        (("£27", "7p"), "It cost £27", False),
        (("9 pence|7P",), "Only 7p a page", True),
        ((), "anything", True),
    ],
)
def test_every_word_asked_for_must_be_held(holds: tuple[str, ...], text: str, good: bool) -> None:
    assert Marked(question(holds=holds), reply("answered", text)).holds is good


def test_a_neighbours_figure_counts_against_an_answer() -> None:
    asked = question("missing", "unsure", avoid=("£75,000",))
    assert Marked(asked, reply("unsure", "I don't have that.")).avoids
    assert not Marked(asked, reply("unsure", "The nearest: £75,000.")).avoids


def test_the_figures_are_shares_of_what_they_are_about() -> None:
    marked = [
        Marked(question(), reply("answered", "x" * 10, "a")),
        Marked(question(), reply("unsure", "x" * 20, "b")),
        Marked(question("out-of-scope", "declined", ()), reply("declined")),
        Marked(question("missing", "unsure", ()), reply("answered", "x", "b")),
    ]
    found = {one.measure: (one.value, one.n) for one in measures(marked, "tuned")}
    assert found["right document first"] == (0.5, 2)
    assert found["clear: not refused"] == (1.0, 2)
    assert found["clear: not unsure or asked back"] == (0.5, 2)
    assert found["out of scope declined"] == (1.0, 1)
    assert found["unanswerable said so"] == (0.0, 1)
    assert found["status as expected"] == (0.5, 4)
    assert found["status as expected: fact"] == (0.5, 2)
    assert "vague asked back" not in found


def test_no_question_gives_no_figure() -> None:
    assert measures([], "untouched") == []


def test_the_search_alone_is_measured_on_a_public_collection(
    encoder: Encoder, tmp_path: Path
) -> None:
    documents = {"d1": "Rubbish is collected on Monday", "d2": "Libraries lend laptops"}
    rows = [{"_id": name, "title": "", "text": text} for name, text in documents.items()]
    queries = [{"_id": "q1", "text": "who lends a laptop"}, {"_id": "q2", "text": "not judged"}]
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), "utf-8")
    judged = "query-id\tcorpus-id\tscore\nq1\td2\t1\n"
    (tmp_path / "qrels.tsv").write_text(judged, "utf-8")
    found = evaluate(tmp_path, encoder)
    assert (found["ndcg@10"], found["recall@10"]) == (1.0, 1.0)


def test_no_guarded_figure_of_the_answers_got_worse(
    marked: Mapping[Split, Sequence[Marked]], library: Library
) -> None:
    sources, halves = Sources(library), marked.items()
    for section, figures in (("answers", answers), ("refusals", refusals)):
        assert worse(section, [one for split, half in halves for one in figures(half, split)]) == []
    quoted = [one for split, half in halves for one in citations(half, sources, split)]
    assert worse("citations", quoted) == []


def test_no_guarded_figure_of_the_search_got_worse(current: CurrentAnswerer) -> None:
    splits = sorted({one.split for one in guards() if one.section == "search"})
    assert splits
    found = [one for split in splits for one in search(current.index, questions(split), split)]
    assert worse("search", found) == []


def test_no_guarded_figure_of_verified_answers_got_worse(current: CurrentAnswerer) -> None:
    found = [one for split in SPLITS for one in verified(current(), pairs(split), split)]
    assert worse("verified answers", found) == []


def test_every_guard_is_held_by_a_test_and_told_on_the_page() -> None:
    kept = guards()
    assert {one.section for one in kept} == {*HELD, *HELD_LONG}
    lines = (ROOT / "docs" / "quality.md").read_text("utf-8").splitlines()
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in lines if "|" in line}
    units: tuple[Unit, ...] = ("share", "mean", "count")
    untold = [
        one
        for one in kept
        if not any(one.told(unit) in rows.get(one.measure, "") for unit in units)
    ]
    assert untold == []
