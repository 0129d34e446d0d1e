"""`outcomes eval`, as it is given: parts, what moved, guards, and the page of figures."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from bot.evaluation import Measure, Section
from bot.evaluation.command import add_to
from bot.evaluation.guards import Guard
from bot.evaluation.page import BEGIN, END, PageUnusable, about, figures, write
from bot.evaluation.verified import pairs
from bot.settings import Settings

GIVEN = "verified: given to questions alike"


@dataclass
class Command:
    """The command in this process, on the shipped texts."""

    settings: Settings
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)

    def run(self, *arguments: object) -> int:
        self.out.clear()
        self.err.clear()
        parser = argparse.ArgumentParser()
        add_to(parser.add_subparsers(), say=self.out.append, complain=self.err.append)
        given = parser.parse_args(["eval", *map(str, arguments)])
        return int(given.run(given, self.settings))


@pytest.fixture
def command(shipped_home: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """With a few of the pairs of each half: what all of them come to is tested elsewhere."""
    monkeypatch.setattr("bot.evaluation.parts.pairs", lambda split: pairs(split)[:10])
    return Command(replace(Settings.read({}), home=shipped_home))


def test_a_part_is_measured_alone(command: Command) -> None:
    assert command.run("verified", "--json") == 0
    assert command.err == []
    rows = [json.loads(line) for line in command.out]
    assert all(row.keys() == {"measure", "split", "value", "n"} for row in rows)
    assert {row["split"] for row in rows} == {"tuned", "untouched"}
    assert GIVEN in {row["measure"] for row in rows}


def test_what_moved_since_a_saved_run_is_all_that_is_printed(
    command: Command, tmp_path: Path
) -> None:
    assert command.run("verified", "--json") == 0
    file, rows = tmp_path / "run.json", [json.loads(line) for line in command.out]
    file.write_text("\n".join(command.out), "utf-8")
    assert command.run("verified", "--compare", file) == 0
    assert command.out == ["Nothing moved."]
    (one,) = [row for row in rows if (row["measure"], row["split"]) == (GIVEN, "tuned")]
    one["value"] = (one["value"] * one["n"] - 2) / one["n"]
    file.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert command.run("verified", "--compare", file) == 0
    (line,) = command.out
    assert line.startswith(f"{GIVEN} (tuned): ")
    assert line.endswith(f", +2 of {one['n']}")


def test_a_guarded_figure_that_dropped_fails_it(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    high = [Guard("verified answers", GIVEN, "tuned", "least", 1.01)]
    monkeypatch.setattr("bot.evaluation.guards.guards", lambda: high)
    assert command.run("verified") == 0
    assert command.err == []
    assert command.run("verified", "--guard") == 1
    (line,) = command.err
    assert line.startswith(f"{GIVEN} (verified answers, tuned half): ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("retrieval",),
        ("--corpus", "x"),
        ("retrieval", "--corpus", "x", "--guard"),
        ("tags", "--write", "x"),
    ],
)
def test_options_that_do_not_go_together_are_bad_usage(
    command: Command, arguments: tuple[str, ...]
) -> None:
    assert command.run(*arguments) == 2
    assert (command.out, len(command.err)) == ([], 1)


def test_a_run_that_cannot_be_compared_with_is_told_before_anything_is_measured(
    command: Command, tmp_path: Path
) -> None:
    assert command.run("--compare", tmp_path / "none.json") == 1
    assert command.out == []
    (line,) = command.err
    assert "none.json cannot be read" in line


SECTION = Section(
    "answers",
    (
        Measure("fact in the answer", "tuned", 0.8, 5),
        Measure("fact in the answer", "untouched", 1, 2),
    ),
)
TAGS = Section("tags", (Measure("MAP", "tuned", 0.927, 100, "mean"),), splits=False)


def test_the_page_takes_the_figures_in_the_place_of_those_before(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text(f"# Quality\n\n{BEGIN}\nold\n{END}\n\nHow it is done.\n", "utf-8")
    kept = [
        Guard("answers", "fact in the answer", "untouched", "least", 0.9),
        Guard("tags", "MAP", "tuned", "least", 0.88),
    ]
    told = about(date(2026, 3, 1), "all-MiniLM-L6-v2", 116, 191)
    write(page, figures([SECTION, TAGS], kept, told))
    text = page.read_text("utf-8")
    assert text.startswith("# Quality\n")
    assert text.endswith("How it is done.\n")
    assert "old" not in text
    assert "Measured on 1 March 2026: 116 texts in 191 passages, all-MiniLM-L6-v2; " in text
    assert (
        "| figure | untouched | tuned | guard |\n| --- | --- | --- | --- |\n"
        "| fact in the answer | 100.0% of 2 | 80.0% of 5 | at least 90.0% (untouched) |\n"
    ) in text
    assert "| figure | measured | guard |" in text
    assert "| MAP | 0.927 of 100 | at least 0.880 |" in text
    write(page, "new [1] \\1")
    assert page.read_text("utf-8").count(BEGIN) == 1
    assert "new [1] \\1" in page.read_text("utf-8")


def test_a_page_without_a_place_for_figures_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "other.md"
    page.write_text("# Other\n", "utf-8")
    with pytest.raises(PageUnusable, match="no place for the figures"):
        write(page, "figures")
    assert page.read_text("utf-8") == "# Other\n"
    with pytest.raises(PageUnusable, match="cannot be read"):
        write(tmp_path / "none.md", "figures")


def test_the_model_is_told_by_its_name_and_not_by_its_place() -> None:
    assert "models" not in about(date(2026, 3, 1), "/srv/models/bge-small", 1, 1)
