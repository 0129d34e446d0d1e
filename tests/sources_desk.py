"""The command that brings texts in, as typed, in this process and without a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import __main__ as command
from bot.bringing import confirming, reviewing, workshop
from bot.sources.describing import Sure
from bot.sources.indexing import Indexing
from bot.texts import About
from indexer.build import BuildReport
from indexer.generation import index_folder
from tests import databases
from tests.bringing import Described


class Guessed(Described):
    """What describes texts, without a model."""

    def about(self, *given: object) -> About:
        about = super().about(*given)  # type: ignore[arg-type]
        return About(kind="report", title=about.title, year=2024, outcomes=("data", "value"))

    def sure(self, about: About, *_: object) -> Sure:
        return Sure(0.7, (0.9,) * len(about.outcomes))


class Desk:
    """The command in this process; nothing is built."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys
        self.home = folder.parent / "home"

    def run(self, *arguments: str, code: int = 0) -> tuple[list[str], list[str]]:
        """What it wrote and what it complained of, by line."""
        self._capsys.readouterr()
        found = command.main(arguments)
        written = self._capsys.readouterr()
        assert found == code, written.err
        return written.out.splitlines(), written.err.splitlines()

    def rows(self, *arguments: str, code: int = 0) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.run(*arguments, "--json", code=code)[0]]

    def file(self, name: str, text: str = "# Bins\n\nThey have sensors now.\n") -> str:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return str(path)


@pytest.fixture
def desk(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Desk:
    async def nothing_built(_: Indexing) -> list[BuildReport]:
        return []

    home, folder = tmp_path / "home", tmp_path / "docs"
    folder.mkdir()
    index_folder(home).mkdir(parents=True)
    (index_folder(home) / "current").write_text("an index\n", "utf-8")  # that nothing here opens
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTCOMES_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", databases.new(tmp_path))
    monkeypatch.setattr(Indexing, "all", nothing_built)
    monkeypatch.setattr(workshop, "describes", lambda *_: Guessed())
    monkeypatch.setattr(reviewing, "describes", lambda *_: Guessed())
    monkeypatch.setattr(confirming, "outcome_ids", lambda _: ["data", "value"])
    return Desk(folder, capsys)
