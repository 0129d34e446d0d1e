"""The encoder that builds and the exported one that serves give the same vectors."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.encoder import Encoder
from indexer.generation import IndexUnusable, checksum, open_current
from indexer.model import SHIPPED, SHIPPED_SHA256, Model, ModelUnusable, find_model, model_name
from indexer.passages import Passage, passages
from indexer.query import PROBE, WEIGHTS, EncoderDamaged, QueryEncoder
from indexer.search import Index
from knowledge.library import Library
from tests.conftest import Built

QUESTIONS = (
    "who else is doing ai in adult social care?",
    "£1.15m saved — in Ynys Môn & elsewhere",
    "word " * 600,
    "",
    "🚲",
)


@pytest.fixture(scope="module")
def query(small_index: Built) -> QueryEncoder:
    return QueryEncoder(open_current(small_index.home).encoder)


@pytest.fixture
def copied(model: Model, tmp_path: Path) -> Path:
    """The shipped model's folder with the weights linked, to be changed."""
    folder = tmp_path / "model"
    shutil.copytree(model.folder, folder, copy_function=os.link)
    return folder


def rewrite(file: Path, values: dict[str, object]) -> None:
    file.unlink()
    file.write_text(json.dumps(values))


def said(*statements: str, context: str = "") -> Passage:
    return Passage("a#1", "a", "case-study", "", " ".join(statements), statements, context)


def test_questions_have_the_vectors_sentence_transformers_gives(
    encoder: Encoder, query: QueryEncoder
) -> None:
    assert np.allclose(query.encode(QUESTIONS), encoder.bare(QUESTIONS), atol=1e-5)


def test_encoding_many_keeps_their_order_and_shows_progress(encoder: Encoder) -> None:
    texts = [f"council number {number} " + "and on " * (number % 3) for number in range(150)]
    shown: list[int] = []

    class Progress:
        def __enter__(self) -> object:
            return shown.append

        def __exit__(self, *_: object) -> None: ...

    rows = encoder.encode(texts, lambda _title, _total: Progress())  # type: ignore[arg-type,return-value]
    assert sum(shown) == len(texts)
    assert np.allclose(rows[77], encoder.bare([texts[77]])[0], atol=1e-5)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_texts_of_any_length_side_by_side_have_the_vectors_sentence_transformers_gives(
    encoder: Encoder,
) -> None:
    texts = [text for number in range(9) for text in (*QUESTIONS, "and so on " * 5 * number)]
    assert np.allclose(encoder.encode(texts), encoder.bare(texts), atol=1e-5)


def test_passages_have_the_vectors_sentence_transformers_gives(
    encoder: Encoder, small_library: Library
) -> None:
    cut = passages(small_library, encoder.model.token_counter(), encoder.model.window)
    rows, statements = encoder.encode_passages(cut)
    assert np.allclose(rows, encoder.bare([one.searched for one in cut]), atol=1e-5)
    assert len(statements) == sum(len(one.statements) for one in cut)
    assert np.allclose(np.linalg.norm(statements, axis=1), 1, atol=1e-5)


def test_a_statement_is_the_mean_of_its_tokens_in_the_passage(encoder: Encoder) -> None:
    passage = said("It was cheap.", "It ran.", context="Free.")
    _, statements = encoder.encode_passages([passage])
    tokens: Any = encoder.bare.sentences.encode(passage.searched, output_value="token_embeddings")
    # Start, "free", ".", then four tokens and three, then the end.
    for found, place in zip(statements, (slice(3, 7), slice(7, 10)), strict=True):
        mean = tokens[place].numpy().mean(axis=0)
        assert np.allclose(found, mean / np.linalg.norm(mean), atol=1e-5)


def test_a_statement_the_window_cut_off_has_the_vector_of_its_passage(encoder: Encoder) -> None:
    passage = said("It ran.", "It went " + "on and " * encoder.model.window + "on.", "It ended.")
    (row,), (kept, _, lost) = encoder.encode_passages([passage])
    assert np.allclose(lost, row, atol=1e-6)
    assert not np.allclose(kept, row, atol=0.01)


def test_no_passages_give_no_rows(encoder: Encoder) -> None:
    rows, statements = encoder.encode_passages([])
    assert rows.shape == statements.shape == (0, 384)


def test_no_questions_give_no_rows(query: QueryEncoder) -> None:
    assert query.encode([]).shape == (0, 384)


def test_an_encoder_that_gives_other_vectors_is_refused(built: Built) -> None:
    folder = open_current(built.home).encoder
    probe = json.loads((folder / PROBE).read_text())
    rewrite(folder / PROBE, probe | {"text": "something else"})
    with pytest.raises(EncoderDamaged, match="outcomes index --force"):
        QueryEncoder(folder)


def test_weights_written_over_in_use_are_noticed_and_named_once(
    built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    folder = open_current(built.home).encoder
    shutil.copytree(folder, folder.with_name("copy"))
    served = QueryEncoder(folder.with_name("copy"))
    weights = folder.with_name("copy") / WEIGHTS
    with weights.open("r+b") as stream:
        stream.write(b"\0" * 4096)
    for _ in range(2):
        with pytest.raises(EncoderDamaged, match="changed while they are in use"):
            served.encode(["wifi"])
    (told,) = caplog.messages
    assert "outcomes index --force" in told


def test_weights_replaced_or_removed_in_use_stay_with_who_opened_them(built: Built) -> None:
    folder = open_current(built.home).encoder
    shutil.copytree(folder, folder.with_name("copy"))
    served = QueryEncoder(folder.with_name("copy"))
    before, weights = served.encode(["wifi"]), folder.with_name("copy") / WEIGHTS
    weights.with_name("newer").write_bytes(b"something else")
    weights.with_name("newer").rename(weights)
    assert np.array_equal(served.encode(["wifi"]), before)
    weights.unlink()
    assert np.array_equal(served.encode(["wifi"]), before)


def test_an_index_with_such_an_encoder_is_unusable(built: Built) -> None:
    generation = open_current(built.home)
    probe = generation.encoder / PROBE
    rewrite(probe, json.loads(probe.read_text()) | {"text": "something else"})
    files = generation.manifest.files | {f"encoder/{PROBE}": checksum(probe)}
    manifest = replace(generation.manifest, files=files)
    (generation.folder / "manifest.json").write_text(manifest.to_json())
    with pytest.raises(IndexUnusable, match="outcomes index --force"):
        Index.open(built.home)


def test_the_shipped_model_is_the_published_one(model: Model) -> None:
    assert (model.name, model.weights_sha256, model.window) == (SHIPPED, SHIPPED_SHA256, 256)


def test_a_folder_is_named_by_its_full_path(copied: Path) -> None:
    assert find_model(os.path.relpath(copied)).name == str(copied)
    assert model_name(None) == model_name(f"sentence-transformers/{SHIPPED}") == SHIPPED
    assert model_name("some/name") == "some/name"


def test_a_model_with_another_pooling_is_refused(copied: Path) -> None:
    rewrite(
        copied / "1_Pooling" / "config.json", {"embedding_dimension": 384, "pooling_mode": "cls"}
    )
    with pytest.raises(ModelUnusable, match=r"pools by cls.*mean pooling"):
        Encoder(find_model(str(copied)))


def test_a_model_with_another_part_is_refused(copied: Path) -> None:
    modules = json.loads((copied / "modules.json").read_text())
    rewrite(copied / "modules.json", modules[:1])
    with pytest.raises(ModelUnusable, match="mean pooling"):
        Encoder(find_model(str(copied)))


def test_a_model_without_weights_or_tokenizer_is_refused(copied: Path) -> None:
    (copied / "model.safetensors").unlink()
    with pytest.raises(ModelUnusable, match="no weights"):
        find_model(str(copied))
    (copied / "tokenizer.json").unlink()
    with pytest.raises(ModelUnusable, match=r"no tokenizer\.json"):
        find_model(str(copied))


def test_an_unknown_model_is_refused_without_asking_the_network() -> None:
    with pytest.raises(ModelUnusable, match="OUTCOMES_MODEL"):
        find_model("nobody/nothing-of-this-name")


def test_what_serves_imports_neither_torch_nor_what_builds() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "import indexer.search"],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    imported = {line.split("|")[-1].strip().split(".")[0] for line in told.splitlines()}
    assert "onnxruntime" in imported
    assert not imported & {"torch", "sentence_transformers", "transformers", "yaml", "bm25s"}
    assert "indexer.build" not in told
    assert "indexer.encoder" not in told
