"""Growth: what is made from the seed, and the page's table and plot."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from bot import __main__ as command
from bot import benchmark_plot, benchmark_rows
from bot.benchmark_growth import Grown
from indexer.generation import index_folder
from knowledge.library import Library
from tests.postgres import Postgres


def grown(engine: str, size: int, p50: float) -> Grown:
    return Grown(engine, size, p50, 2 * p50, p50 / 2, p50, 0.98, 200, 50, 3, "2026-01-05")


def test_vectors_are_the_same_again_of_unit_length_and_none_is_a_question() -> None:
    rows, asked = benchmark_rows.vectors(300), benchmark_rows.asked(20)
    assert np.array_equal(rows, benchmark_rows.vectors(300))
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert float((asked @ rows.T).max()) < 0.99


def test_what_is_nearest_is_what_all_cosines_say(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, asked = benchmark_rows.vectors(300), benchmark_rows.asked(20)
    monkeypatch.setattr(benchmark_rows, "_AT_ONCE", 70)  # so that it goes over several parts
    expected = np.argsort(-(asked @ rows.T), axis=1)[:, :10]
    assert np.array_equal(np.sort(benchmark_rows.nearest(rows, asked, 10)), np.sort(expected))


def test_words_are_those_of_the_texts_the_usual_ones_most_often(small_library: Library) -> None:
    known = benchmark_rows.vocabulary(small_library)
    words = " ".join(benchmark_rows.texts(200, known)).split()
    assert len(words) == 200 * 60
    assert set(words) <= set(known)
    assert words.count(known[0]) > words.count(known[50]) > 0


def test_the_table_and_the_plot_are_put_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / benchmark_plot.PAGE
    page.write_text("before\n<!-- growth -->\nold\n<!-- /growth -->\nafter\n", "utf-8")
    rows = [grown("faiss", 10_000, 9.0), grown("faiss", 1_000_000, 22.5)]
    for _ in range(2):
        benchmark_plot.write(rows, tmp_path)
    text = page.read_text("utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n")  # noqa: PT018
    assert "old" not in text
    assert text.count("| FAISS, 1,000,000 | 22.5, 45.0 ms | 11.2 ms | 0.980 |") == 1
    drawn = (tmp_path / benchmark_plot.PLOT).read_text("utf-8")
    described = ElementTree.fromstring(drawn).find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert "FAISS 9.0 ms among 10,000, 22.5 ms among 1,000,000" in str(described.text)


@pytest.mark.parametrize("engine", ["faiss", "postgresql"])
def test_each_engine_is_built_asked_and_kept(
    engine: str,
    shipped_home: Path,
    postgres: Postgres,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    index_folder(tmp_path).symlink_to(index_folder(shipped_home))
    monkeypatch.setenv("OUTCOMES_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", postgres.database())
    given = ["bench", "growth", "--engine", engine, "--sizes", "1000", "--json"]
    assert command.main(given) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    figures = {one["figure"]: one["value"] for one in told}
    assert figures["recall@10 of the vector search"] == 1.0
    assert figures["whole question, p50"] > figures["its search alone, p50"] > 0
    assert all(one["holds"] for one in told[-2:])
    kept = (tmp_path / "growth.json").read_text("utf-8")
    assert command.main(given) == 0
    assert (tmp_path / "growth.json").read_text("utf-8") == kept, "not measured twice"


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(benchmark_plot.PageUnusable, match="cannot be read"):
        benchmark_plot.write([grown("faiss", 10_000, 9.0)], tmp_path)
    (tmp_path / benchmark_plot.PAGE).write_text("nothing", "utf-8")
    with pytest.raises(benchmark_plot.PageUnusable, match="<!-- growth -->"):
        benchmark_plot.write([grown("faiss", 10_000, 9.0)], tmp_path)


def test_sizes_that_are_none_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["bench", "growth", "--sizes", "many"])
    assert "write numbers of passages" in capsys.readouterr().err
