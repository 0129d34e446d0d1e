"""Building: only what changed is embedded, failures are explained, one build at a time."""

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from indexer.build import BuildReport, Extra, build
from indexer.build_failures import BuildFailed
from indexer.embedded import Array, Embedded, Encode, embedded_by
from indexer.encoder import Encoder
from indexer.generation import FORMAT, IndexUnusable, current_id, index_folder, open_current
from indexer.model import Model
from indexer.passages import Passage
from indexer.progress import Progress, silent
from indexer.search import Index
from knowledge.library import Library, Section
from tests.conftest import TEXTS, Built

ROOT = Path(__file__).parent.parent


def never() -> Encoder:
    raise AssertionError("nothing needed to be embedded")


def again(built: Built, library: Library, encoder: Encoder) -> BuildReport:
    return build(library, built.home, built.model, lambda: encoder)


def first_case_says(library: Library, body: str) -> Library:
    case, *others = library.case_studies
    section = Section("What happened", body, 1)
    changed = replace(case, sections=(section, *case.sections[1:]), digest=body)
    return replace(library, case_studies=(changed, *others))


class FullDisk:
    """An encoder whose export finds no space left."""

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Array:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)

    def encode_passages(
        self, cut: Sequence[Passage], progress: Progress = silent
    ) -> tuple[Array, Array]:
        statements = [statement for passage in cut for statement in passage.statements]
        return self.encode([passage.searched for passage in cut]), self.encode(statements)

    def export(self, folder: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_first_build_embeds_every_passage_once(small_index: Built) -> None:
    report = small_index.report
    index = Index.open(small_index.home)
    assert (report.changed, report.embedded, report.reused) == (True, len(index.passages), 0)
    assert report.statements == sum(len(passage.statements) for passage in index.passages)
    assert report.documents == len(small_index.library.texts)
    assert report.export_seconds > 0


def test_nothing_changed_keeps_the_generation_without_loading_the_model(built: Built) -> None:
    report = build(built.library, built.home, built.model, never)
    assert (report.changed, report.embedded) == (False, 0)
    assert report.reused == report.passages
    assert report.generation == built.report.generation == current_id(built.home)
    assert report.seconds < 2


def test_only_changed_passages_are_embedded(built: Built, encoder: Encoder) -> None:
    library = first_case_says(built.library, "The sensors saved £1.15m in a year. Crews like it.")
    report = again(built, library, encoder)
    assert (report.embedded, report.export_seconds) == (1, 0)
    assert report.reused == report.passages - 1


def test_the_same_words_cut_into_other_statements_are_embedded_again(
    built: Built, encoder: Encoder
) -> None:
    passage = next(one for one in Index.open(built.home).passages if len(one.statements) > 1)
    whole = replace(passage, statements=(passage.text,))
    vectors = Embedded(lambda: encoder, silent, embedded_by(open_current(built.home)))
    _, statements = vectors.embed([passage, whole])
    assert (vectors.embedded, vectors.reused) == (1, 1)
    assert len(statements) == len(passage.statements) + 1


def test_an_incremental_build_gives_the_vectors_of_a_full_one(
    built: Built, encoder: Encoder
) -> None:
    library = first_case_says(built.library, "Something else is said here. It is short.")
    again(built, library, encoder)
    index = Index.open(built.home)
    question = index.encode(["bins"])[0]
    for passage in index.passages:
        (row,), statements = encoder.encode_passages([passage])
        (hit,) = [hit for hit in index.search("bins", question, 99) if hit.passage.id == passage.id]
        assert hit.dense == pytest.approx(float(row @ question), abs=1e-4)
        assert np.allclose(
            index.statement_scores([passage], question)[passage.id],
            statements @ question,
            atol=1e-4,
        )


def test_a_removed_text_is_gone_at_once_and_embeds_nothing(built: Built) -> None:
    library = replace(built.library, case_studies=built.library.case_studies[:1])
    report = build(library, built.home, built.model, never)
    index = Index.open(built.home)
    assert report.changed
    assert "otherham-wifi" not in {passage.document for passage in index.passages}
    assert index.library.get("otherham-wifi") is None


def test_force_embeds_everything_again(built: Built, encoder: Encoder) -> None:
    report = build(built.library, built.home, built.model, lambda: encoder, force=True)
    assert (report.changed, report.embedded, report.reused) == (True, built.report.embedded, 0)


def test_other_weights_reuse_nothing(built: Built, encoder: Encoder) -> None:
    other = replace(built.model, weights_sha256="0" * 64)
    report = build(built.library, built.home, other, lambda: encoder)
    assert (report.embedded, report.reused) == (built.report.embedded, 0)


def test_an_index_of_an_earlier_format_is_built_again(built: Built, encoder: Encoder) -> None:
    file = open_current(built.home).folder / "manifest.json"
    file.write_text(file.read_text().replace(f'"format": {FORMAT}', f'"format": {FORMAT - 1}'))
    with pytest.raises(IndexUnusable, match=f"of format {FORMAT - 1}"):
        Index.open(built.home)
    report = again(built, built.library, encoder)
    assert (report.changed, report.reused) == (True, 0)
    assert Index.open(built.home).library == built.library


def test_a_damaged_index_is_built_again(built: Built, encoder: Encoder) -> None:
    open_current(built.home).library.write_text("")
    report = again(built, built.library, encoder)
    assert report.changed
    assert Index.open(built.home).library == built.library


def test_an_extra_is_computed_once_and_again_only_when_it_changes(
    built: Built, encoder: Encoder
) -> None:
    made: list[str] = []

    def extra(digest: str) -> dict[str, Extra]:
        def make(encode: Encode) -> bytes:
            made.append(digest)
            return f"{digest} {encode(['one', 'two']).shape}".encode()

        return {"scope.json": Extra(digest, make)}

    def report(digest: str, library: Library) -> BuildReport:
        return build(library, built.home, built.model, lambda: encoder, extras=extra(digest))

    smaller = replace(built.library, case_studies=built.library.case_studies[:1])
    reports = [
        report(digest, library)
        for digest, library in [
            ("a", built.library), ("a", built.library), ("a", smaller), ("b", smaller)
        ]
    ]  # fmt: skip
    assert [report.changed for report in reports] == [True, False, True, True]
    assert [report.extras_seconds > 0 for report in reports] == [True, False, True, True]
    assert all(report.extras_seconds < report.seconds for report in reports)
    assert made == ["a", "b"]
    assert Index.open(built.home).extra("scope.json") == b"b (2, 384)"
    assert "extras/scope.json" in open_current(built.home).manifest.files


def test_generations_are_named_by_the_clock(built: Built) -> None:
    def clock() -> datetime:
        return datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

    texts = built.library.case_studies
    ids = [
        build(
            replace(built.library, case_studies=texts[:kept]),
            built.home, built.model, never, clock=clock,
        ).generation
        for kept in (2, 1)
    ]  # fmt: skip
    assert ids == ["20260301T093000Z", "20260301T093000Z-1"]
    assert open_current(built.home).manifest.built == "2026-03-01T09:30:00Z"


def test_a_killed_builds_leftovers_are_cleared_away(built: Built, encoder: Encoder) -> None:
    left = index_folder(built.home) / ".building-20260101T000000Z"
    left.mkdir()
    (left / "passages.jsonl").write_text("half")
    again(built, built.library, encoder)
    assert not left.exists()


def test_a_full_disk_is_explained_and_leaves_the_last_index(built: Built) -> None:
    with pytest.raises(BuildFailed, match=r"disk of .* is full\. Free some space"):
        build(built.library, built.home, built.model, FullDisk, force=True)
    assert open_current(built.home).id == built.report.generation
    assert not list(index_folder(built.home).glob(".building-*"))


def test_a_home_that_cannot_be_written_is_explained(
    small_library: Library, model: Model, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildFailed, match=r"cannot be written .* Set OUTCOMES_HOME"):
        build(small_library, tmp_path / "file" / "home", model, never)


def test_two_builds_at_once_are_refused(built: Built) -> None:
    with (index_folder(built.home) / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildFailed, match="Another build is running"):
            build(built.library, built.home, built.model, never)


def command(**settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", "index"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_explains_a_failure_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = command(OUTCOMES_KNOWLEDGE=str(TEXTS), OUTCOMES_HOME=str(tmp_path / "file" / "home"))
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.count("\n") == 1
    assert "cannot be written" in told.stderr


def test_the_command_names_the_first_fault_of_the_texts(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    (texts / "outcomes").mkdir(parents=True)
    told = command(OUTCOMES_HOME=str(tmp_path), OUTCOMES_KNOWLEDGE=str(texts))
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "and 2 more; run: python -m knowledge check" in told.stderr


def test_the_command_reads_the_model_from_the_settings(tmp_path: Path) -> None:
    told = command(OUTCOMES_HOME=str(tmp_path), OUTCOMES_MODEL="nobody/nothing")
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert "nobody/nothing" in told.stderr
