"""A folder of many documents looked at again: what the bench says of it, on a few."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot import benchmark_texts
from bot.settings import Settings
from bot.store import default_url
from tests.running import Outcomes

COUNT = 30


def test_what_the_bench_says_of_a_folder_is_so(outcomes: Outcomes, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    benchmark_texts.written(folder, COUNT)
    assert len({one.read_text("utf-8") for one in folder.iterdir()}) == COUNT
    settings = replace(
        Settings.read(outcomes.settings, tmp_path), database_url=default_url(tmp_path)
    )
    first = benchmark_texts.looked(settings, folder)
    assert (first.read, first.unchanged, first.parsed) == (COUNT, 0, True)
    again = benchmark_texts.looked(settings, folder)
    assert (again.read, again.unchanged, again.parsed) == (0, COUNT, False)
    (folder / "0.txt").write_text("Another sentence stands here now (test data).\n", "utf-8")
    changed = benchmark_texts.looked(settings, folder)
    assert (changed.read, changed.unchanged, changed.parsed) == (1, COUNT - 1, True)


def test_a_filled_store_is_as_one_that_was_read_in(outcomes: Outcomes, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    benchmark_texts.written(folder, COUNT)
    settings = replace(
        Settings.read(outcomes.settings, tmp_path), database_url=default_url(tmp_path)
    )
    benchmark_texts.filled(settings, folder)
    look = benchmark_texts.looked(settings, folder)
    assert (look.read, look.unchanged, look.parsed) == (0, COUNT, False)
