"""What figures come to: refusals, surety, quotes, the search alone, guards, what moved."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.answers.answerer import Answerer
from bot.conversation import Citation, Reply, Status
from bot.evaluation import Marked, Measure, Question, Section
from bot.evaluation.asked import QuestionsUnusable
from bot.evaluation.citations import Sources, citations
from bot.evaluation.comparison import NotComparable, as_lines, moves, saved
from bot.evaluation.figures import as_table
from bot.evaluation.guards import Guard, dropped, guards
from bot.evaluation.search import search
from bot.evaluation.shares import refusals
from bot.evaluation.surety import calibration_error
from bot.evaluation.verified import Pair, verified
from indexer.search import Index
from knowledge.library import Library
from knowledge.markdown import statements

FACT = Question("q", "fact", "?", ("answered",), "", ("a",), ("£27",))
MISSING = Question("m", "missing", "?", ("unsure",))
OUTSIDE = Question("o", "out-of-scope", "?", ("declined",))
VAGUE = Question("v", "vague", "?", ("clarify",))
CITED = Citation(1, "a", "case-study", "T", "https://a.org", "It cost £27.")


def reply(status: Status, text: str = "It cost £27.", surety: float | None = None) -> Reply:
    return Reply(status, text, (CITED,), surety=surety)


RIGHT = Marked(FACT, reply("answered"))
HALF = Marked(FACT, reply("answered", "It was cheap."))
ASIDE = Marked(FACT, replace(reply("answered"), citations=(replace(CITED, document="b"),)))
UNSURE = Marked(FACT, reply("unsure"))
BACK = Marked(FACT, Reply("clarify", "Which?"))
DECLINED = Marked(FACT, Reply("declined", "Not ours."))
SAID_SO = Marked(MISSING, reply("unsure"))
MADE_UP = Marked(MISSING, reply("answered"))
KEPT_OUT = Marked(OUTSIDE, Reply("declined", "Not ours."))
ASKED_BACK = Marked(VAGUE, Reply("clarify", "Which?"))


@pytest.mark.parametrize(
    ("one", "right"),
    [
        (RIGHT, True),
        (HALF, False),
        (ASIDE, False),
        (UNSURE, False),
        (DECLINED, False),
        (SAID_SO, True),
        (MADE_UP, False),
        (KEPT_OUT, True),
    ],
)
def test_what_is_partly_right_is_wrong(one: Marked, right: bool) -> None:
    assert one.right is right


def test_refusals_are_told_from_both_sides() -> None:
    some = [RIGHT, HALF, UNSURE, BACK, DECLINED, SAID_SO, MADE_UP, KEPT_OUT, ASKED_BACK]
    found = {one.measure: (one.value, one.n) for one in refusals(some, "tuned")}
    assert found["accuracy, partly right counted as wrong"] == (3 / 8, 8)
    assert found["answerable: wholly right"] == (1 / 5, 5)
    assert found["answerable: declined"] == (1 / 5, 5)
    assert found["answerable: unsure or asked back"] == (2 / 5, 5)
    assert found["unanswerable: declined or unsure"] == (2 / 3, 3)
    assert found["missing: declined or unsure"] == (1 / 2, 2)
    assert found["refusal precision"] == (2 / 5, 5)
    assert found["refusal recall"] == (2 / 3, 3)
    assert "surety: calibration error" not in found


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ([], 0.0),
        ([(1.0, True), (0.0, False)], 0.0),
        ([(0.75, True)] * 3 + [(0.75, False)], 0.0),
        ([(0.95, False)], 0.95),
        # Two tenths: of two at 0.2 none came true, of two at 0.9 one did.
        ([(0.2, False), (0.2, False), (0.9, True), (0.9, False)], 0.3),
    ],
)
def test_surety_is_off_by_what_did_not_come_true(
    told: list[tuple[float, bool]], error: float
) -> None:
    assert calibration_error(told) == pytest.approx(error)


def test_surety_is_of_those_replies_that_weighed_it() -> None:
    some = [
        Marked(FACT, reply("answered", surety=0.9)),
        Marked(MISSING, reply("answered", surety=0.9)),
        RIGHT,
    ]
    (error,) = [one for one in refusals(some, "tuned") if one.measure.startswith("surety")]
    assert error.value == pytest.approx(0.4)
    assert (error.n, error.unit) == (2, "mean")


def test_a_quote_that_does_not_stand_in_its_text_is_found(library: Library) -> None:
    text = library.case_studies[0]
    sentence = statements(text.sections[0].body)[0]
    real = Citation(1, text.id, "case-study", text.title, text.url, sentence)
    other = library.case_studies[1].id
    for wrong in (replace(real, quote=f"{sentence} twice"), replace(real, document=other)):
        said = [Reply("answered", f"“{one.quote}” [1]", (one,)) for one in (real, wrong)]
        found = citations([Marked(FACT, one) for one in said], Sources(library), "tuned")
        shares = {one.measure: (one.value, one.n) for one in found}
        assert shares["quotes that stand word for word in their text"] == (0.5, 2)
        assert shares["answers in which every number has its source"] == (1.0, 2)


@pytest.mark.parametrize("body", ["“It cost £27.”", "“It cost £27.” [1] [2]"])
def test_a_number_without_its_source_is_found(body: str, library: Library) -> None:
    found = citations([Marked(FACT, reply("answered", body))], Sources(library), "tuned")
    shares = {one.measure: one.value for one in found}
    assert shares["answers in which every number has its source"] == 0.0


def test_the_search_alone_is_asked_what_stands_by_itself(answerer: Answerer) -> None:
    index: Index = answerer._index
    opening = Question("1", "cases", "Rochdale mesh network", ("answered",), "t", ("none-such",))
    leaning = replace(opening, id="2", text="and the cost?", documents=("rochdale-mesh-network",))
    alone = replace(leaning, id="3", text="Rochdale mesh network", thread="")
    found = {one.measure: (one.value, one.n) for one in search(index, [opening, leaning], "tuned")}
    assert found["search alone: right document in first 10"] == (0.0, 1)
    found = {one.measure: (one.value, one.n) for one in search(index, [opening, alone], "tuned")}
    assert found["search alone: right document in first 1"] == (0.5, 2)


def test_pairs_are_counted_by_whether_they_are_alike(answerer: Answerer) -> None:
    said = "How many sensors are in Edinburgh's bins?"
    same, far = Pair("1", said, said, True), Pair("2", said, "Who paid for Leeds's wi-fi?", False)
    wrong = Pair("3", said, said, False)
    found = {one.measure: one.value for one in verified(answerer, [same, far, wrong], "tuned")}
    assert found["verified: given to questions alike"] == 1.0
    assert found["verified: kept from questions only close"] == 0.5
    assert found["verified: of those given, rightly"] == 0.5


FIRST = Measure("right document first", "untouched", 0.9, 10)
ERROR = Measure("surety: calibration error", "untouched", 0.04, 10, "mean")
SECTIONS = [Section("answers", (FIRST,)), Section("refusals", (ERROR,))]


@pytest.mark.parametrize(
    ("guard", "line"),
    [
        (Guard("answers", FIRST.measure, "untouched", "least", 0.9), ""),
        (Guard("answers", FIRST.measure, "untouched", "least", 0.91), "90.0%, at least 91.0%"),
        (Guard("answers", FIRST.measure, "tuned", "least", 0.1), "not measured any more"),
        (Guard("refusals", ERROR.measure, "untouched", "most", 0.04), ""),
        (Guard("refusals", ERROR.measure, "untouched", "most", 0.03), "0.040, at most 0.030"),
        (Guard("tags", "MAP", "tuned", "least", 2.0), ""),  # which was not measured this time
    ],
)
def test_a_figure_worse_than_its_guard_is_told(guard: Guard, line: str) -> None:
    lines = dropped(SECTIONS, [guard])
    assert len(lines) == bool(line)
    assert line in "".join(lines)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"section": "answers", "measure": "x", "split": "untouched"},
        {"section": "answers", "measure": "x", "split": "other", "least": 1},
        {"section": "answers", "measure": "x", "split": "tuned", "least": 1, "most": 2},
        {"section": "answers", "measure": "x", "split": "tuned", "least": "high"},
    ],
)
def test_a_guard_that_cannot_be_read_is_explained(
    row: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.evaluation.guards.rows", lambda _: [row])
    with pytest.raises(QuestionsUnusable, match="least or most"):
        guards()


def kept(tmp_path: Path, *rows: object) -> Path:
    file = tmp_path / "run.json"
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return file


def row(measure: str, value: float, n: int = 10) -> dict[str, object]:
    return {"measure": measure, "split": "untouched", "value": value, "n": n}


def test_only_what_moved_is_told_and_by_how_many(tmp_path: Path) -> None:
    before = saved(
        kept(
            tmp_path,
            row("z share", 0.8),
            row("still", 0.3333),
            row("gone", 0.5),
            row("more of them", 0.5, 4),
            row("time", 10),
            row("slow", 10),
            row("mean", 0.91),
        )
    )
    now = [
        Measure("z share", "untouched", 0.9, 10),
        Measure("still", "untouched", 1 / 3, 10),
        Measure("more of them", "untouched", 0.75, 8),
        Measure("time", "untouched", 12, 10, "ms"),
        Measure("slow", "untouched", 13, 10, "ms"),
        Measure("mean", "untouched", 0.912, 10, "mean"),
        Measure("a new one", "untouched", 1.0, 3),
    ]
    assert list(as_lines(moves(before, now, whole=True), json_lines=False)) == [
        "a new one (untouched): new, 100.0% of 3",
        "gone (untouched): gone, was 0.5 of 10",
        "mean (untouched): 0.910 -> 0.912, +0.002",
        "more of them (untouched): 50.0% -> 75.0%, +25.0 points, of 4 before, 8 now",
        "slow (untouched): 10.0 ms -> 13.0 ms, +3",
        "z share (untouched): 80.0% -> 90.0%, +10.0 points, +1 of 10",
    ]
    part = moves(before, now, whole=False)
    assert "gone" not in {one.measure for one in part}
    told = [json.loads(line) for line in as_lines(part, json_lines=True)]
    assert told[-1] == {
        **{"measure": "z share", "split": "untouched"},
        **{"before": 0.8, "after": 0.9, "difference": 0.1, "questions": 1, "n": 10},
    }


def test_where_nothing_moved_it_says_so(tmp_path: Path) -> None:
    before = saved(kept(tmp_path, row("still", 0.9)))
    now = [Measure("still", "untouched", 0.9, 10)]
    assert list(as_lines(moves(before, now, whole=True), json_lines=False)) == ["Nothing moved."]
    assert list(as_lines(moves(before, now, whole=True), json_lines=True)) == []


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"measure": "x"}', "\xff"])
def test_a_file_that_is_no_saved_run_is_explained(text: str, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(NotComparable, match="outcomes eval --json"):
        saved(file)


def test_figures_are_shown_in_the_unit_they_have() -> None:
    section = Section("speed", (FIRST, replace(ERROR, value=12.34, unit="ms")))
    assert list(as_table(section)) == [
        "speed, untouched half",
        "  90.0% of 10           right document first",
        "  12.3 ms, n = 10       surety: calibration error",
    ]
