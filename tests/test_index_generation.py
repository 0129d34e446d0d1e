"""The folder of a built index: opened whole, or refused with what is wrong and what to run."""

import json
import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.build import build
from indexer.encoder import Encoder
from indexer.generation import (
    FORMAT,
    Generation,
    IndexUnusable,
    current_id,
    index_folder,
    open_current,
)
from indexer.search import Index
from knowledge.library import Library
from tests.conftest import Built


def damage(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.unlink()
    file.write_bytes(bytes(data))


def rebuilt(built: Built, encoder: Encoder) -> Generation:
    """A second generation, without the last case study."""
    library = replace(built.library, case_studies=built.library.case_studies[:-1])
    build(library, built.home, built.model, lambda: encoder)
    return open_current(built.home)


def test_an_index_opens_with_its_library_and_manifest(small_index: Built) -> None:
    index = Index.open(small_index.home)
    assert index.id == small_index.report.generation == current_id(small_index.home)
    assert index.library == small_index.library
    assert index.manifest.library_digest == small_index.library.digest
    assert index.manifest.passages == len(index.passages)
    assert index.manifest.weights_sha256 == small_index.model.weights_sha256
    assert "encoder/encoder.bin" in index.manifest.files


def test_no_index_yet_says_what_to_run(tmp_path: Path) -> None:
    assert current_id(tmp_path) is None
    with pytest.raises(IndexUnusable, match=r"no index in .* yet\. Run: outcomes index"):
        open_current(tmp_path / "nothing")


def test_a_home_that_is_a_file_says_so(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(IndexUnusable, match=r"not a folder\. Set OUTCOMES_HOME"):
        open_current(tmp_path / "home")


def test_another_model_than_asked_says_both(small_index: Built) -> None:
    with pytest.raises(IndexUnusable, match=r"all-MiniLM-L6-v2, but some/model is asked for"):
        open_current(small_index.home, model="some/model")


@pytest.mark.parametrize(
    "name",
    [
        "passages.vectors.faiss",
        "statements.vectors.npy",
        "passages.jsonl",
        "library.json",
        "lexical/data.csc.index.npy",
        "encoder/encoder.bin",
        "manifest.json",
    ],
)
def test_a_missing_file_is_named(built: Built, name: str) -> None:
    (open_current(built.home).folder / name).unlink()
    with pytest.raises(IndexUnusable, match=rf"\(.*{name} is missing\)\. Run: outcomes index"):
        open_current(built.home)


def test_a_changed_file_is_named(built: Built) -> None:
    damage(open_current(built.home).vectors)
    with pytest.raises(IndexUnusable, match=r"passages\.vectors\.faiss has been changed"):
        open_current(built.home)


@pytest.mark.parametrize("text", ["", "{", "[]", f'{{"format": {FORMAT}}}'])
def test_a_broken_manifest_is_named(built: Built, text: str) -> None:
    (open_current(built.home).folder / "manifest.json").write_text(text)
    with pytest.raises(IndexUnusable, match=r"manifest\.json cannot be read"):
        open_current(built.home)


def test_another_format_says_so(built: Built) -> None:
    file = open_current(built.home).folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 99}))
    with pytest.raises(IndexUnusable, match=f"of format 99, this version reads format {FORMAT}"):
        open_current(built.home)


def test_a_damaged_generation_leaves_the_last_good_one(
    built: Built, encoder: Encoder, caplog: pytest.LogCaptureFixture
) -> None:
    damage(rebuilt(built, encoder).passages)
    with caplog.at_level(logging.WARNING):
        assert Index.open(built.home).library == built.library
    assert "passages.jsonl has been changed" in caplog.text
    assert "Run: outcomes index" in caplog.text


def test_a_damaged_encoder_does_not_reach_the_earlier_generation(
    built: Built, encoder: Encoder
) -> None:
    damage(rebuilt(built, encoder).encoder / "encoder.bin")
    assert open_current(built.home).id == built.report.generation


def test_a_lost_pointer_leaves_the_newest_generation(built: Built, encoder: Encoder) -> None:
    newest = rebuilt(built, encoder).id
    (index_folder(built.home) / "current").unlink()
    assert open_current(built.home).id == newest


def test_what_a_killed_build_left_is_no_index(built: Built) -> None:
    left = index_folder(built.home) / ".building-20990101T000000Z"
    shutil.copytree(open_current(built.home).folder, left)
    assert open_current(built.home).id == built.report.generation
    shutil.rmtree(open_current(built.home).folder)
    with pytest.raises(IndexUnusable, match="no index"):
        open_current(built.home)


def test_only_the_last_two_generations_are_kept(built: Built, encoder: Encoder) -> None:
    texts = built.library.case_studies
    for kept in (2, 1, 3):
        library: Library = replace(built.library, case_studies=texts[:kept])
        build(library, built.home, built.model, lambda: encoder)
    folders = [path for path in index_folder(built.home).iterdir() if path.is_dir()]
    assert len(folders) == 2
    assert current_id(built.home) == max(folder.name for folder in folders)
