"""The `outcomes` command as a script or a person uses it: real processes, the real index."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.running import ROOT, Finished, Outcomes

SWINDON = "how much did swindon save on translation"
KEYS = ["id", "question", "status", "text", "citations", "outcomes", "councils", "elapsed_ms"]
PEERS_KEYS = ["id", "question", "status", "text", "councils", "people", "elapsed_ms"]
# None of these may be loaded to answer: they are what building, not serving, needs.
HEAVY = {"torch", "sentence_transformers", "transformers", "sklearn", "scipy", "yaml", "pandas"}
MEGABYTES = 400


def explained(finished: Finished, *words: str) -> None:
    """It failed in one line on stderr that holds the words, and wrote nothing else."""
    assert finished.code == 1, finished
    assert finished.out == ""
    assert re.fullmatch(r"outcomes: [^\n]+\n", finished.err), finished.err
    assert "Traceback" not in finished.err
    for word in words:
        assert word in finished.err


def test_one_question_is_the_contracts_json_from_a_lean_process(outcomes: Outcomes) -> None:
    asked = outcomes.run("ask", SWINDON, "--json", flags=("-X", "importtime"), measured=True)
    assert asked.code == 0, asked.err
    answer = json.loads(asked.out)
    assert list(answer) == KEYS
    assert (answer["question"], answer["status"]) == (SWINDON, "answered")
    assert "£27" in answer["text"]
    first = answer["citations"][0]
    assert list(first) == ["n", "document", "kind", "title", "url", "quote"]
    assert (first["document"], first["kind"]) == ("swindon-translate", "case-study")
    assert first["url"].startswith("https://")
    assert answer["councils"] == ["Swindon Borough Council"]

    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in asked.err.splitlines()}
    assert {"bot", "onnxruntime", "faiss"} <= loaded
    assert not loaded & HEAVY
    assert asked.megabytes <= MEGABYTES


def test_a_batch_holds_its_threads_and_explains_what_it_cannot_read(
    outcomes: Outcomes, tmp_path: Path
) -> None:
    lines = (
        {"id": "a", "text": "tell me about the Rochdale mesh network", "thread": "t"},
        {"id": "b", "text": "\ud800 🙂 \x00"},
        {"id": "c", "text": "how much does it cost?", "thread": "t"},
    )
    file = tmp_path / "batch.jsonl"
    text = "\n".join([json.dumps(lines[0]), "not json", *map(json.dumps, lines[1:])])
    file.write_text(text, "utf-8")
    finished = outcomes.run("ask", "--batch", str(file), "--json")
    assert finished.code == 1
    assert re.fullmatch(r"outcomes: line 2: [^\n]+\n", finished.err)
    answers = {one["id"]: one for one in map(json.loads, finished.out.splitlines())}
    assert list(answers) == ["a", "b", "c"]
    assert answers["b"]["status"] == "invalid"
    assert answers["c"]["citations"][0]["document"] == "rochdale-mesh-network"


def test_a_batch_comes_from_standard_input_too(outcomes: Outcomes) -> None:
    line = json.dumps({"id": 1, "text": "List the twelve outcomes"})
    finished = outcomes.run("ask", "--batch", "-", typed=line + "\n")
    assert (finished.code, finished.err) == (0, "")
    assert len(json.loads(finished.out)["outcomes"]) == 12


def test_peers_are_the_contracts_json(outcomes: Outcomes) -> None:
    lines = ({"id": "a", "text": "We fit damp sensors in council homes"}, {"id": "b", "text": "🙂"})
    finished = outcomes.run("peers", "--batch", "-", typed="\n".join(map(json.dumps, lines)))
    assert (finished.code, finished.err) == (0, "")
    found, nothing = map(json.loads, finished.out.splitlines())
    assert list(found) == PEERS_KEYS == list(nothing)
    assert {tuple(one) for one in found["councils"]} == {("name", "documents", "why")}
    assert (found["people"], nothing["councils"]) == ([], [])


def test_a_conversation_is_held_line_by_line(outcomes: Outcomes) -> None:
    typed = "what does inclusion mean?\nand ethics?\n\nnever asked\n"
    finished = outcomes.run("ask", typed=typed)
    assert finished.code == 0
    assert finished.err == "Ask about digital outcomes. An empty line ends.\n"
    assert finished.out.count("\nSources\n[1] ") == 2
    assert "Inclusion means" in finished.out
    assert "Ethics means" in finished.out


def test_an_index_that_is_up_to_date_is_kept(outcomes: Outcomes) -> None:
    finished = outcomes.run("index", "--json")
    assert (finished.code, finished.err) == (0, "")
    assert json.loads(finished.out)["changed"] is False


def test_without_an_index_it_says_what_to_run(outcomes: Outcomes, tmp_path: Path) -> None:
    finished = outcomes.run("ask", "wifi", OUTCOMES_HOME=str(tmp_path / "none"))
    explained(finished, "There is no index", "outcomes index")


def test_a_database_that_cannot_be_opened_is_explained(outcomes: Outcomes) -> None:
    explained(outcomes.run("ask", "wifi", DATABASE_URL="nonsense"), "DATABASE_URL")


def test_a_setting_that_cannot_be_used_is_named(outcomes: Outcomes) -> None:
    (outcomes.folder / ".env").write_text("OUTCOMES_PORT=many\n", "utf-8")
    explained(outcomes.run("ask", "wifi"), "OUTCOMES_PORT", "'many'")


def test_a_batch_file_that_is_missing_or_not_text_is_named(
    outcomes: Outcomes, tmp_path: Path
) -> None:
    explained(outcomes.run("ask", "--batch", "none.jsonl"), "none.jsonl", "No such file")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    explained(outcomes.run("ask", "--batch", "binary"), "binary", "not UTF-8")


def test_texts_that_cannot_be_used_are_explained(outcomes: Outcomes, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    finished = outcomes.run("index", OUTCOMES_KNOWLEDGE="texts", OUTCOMES_HOME=str(tmp_path / "h"))
    explained(finished, "outcomes", "python -m knowledge check")


def test_texts_changed_since_the_index_are_said_to_be(outcomes: Outcomes, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    shutil.copytree(ROOT / "knowledge", texts, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for other in ("questions", "scope.yaml", "councils.csv"):
        path = texts / other
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    same = outcomes.run("ask", "hello", OUTCOMES_KNOWLEDGE=str(texts))
    assert (same.code, same.err) == (0, "")
    value = texts / "outcomes" / "value.md"
    value.write_text(value.read_text("utf-8").replace("title: Value", "title: Worth"), "utf-8")
    changed = outcomes.run("ask", "hello", OUTCOMES_KNOWLEDGE=str(texts))
    assert changed.code == 0
    assert "Run: outcomes index" in changed.err


def test_a_collection_that_is_none_is_explained(outcomes: Outcomes, tmp_path: Path) -> None:
    finished = outcomes.run("eval", "retrieval", "--corpus", str(tmp_path / "none"))
    explained(finished, "none is not a folder", "BEIR")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("ask", "one", "two"),
        ("ask", "wifi", "--batch", "x"),
        ("ask", "--nonsense"),
        ("ask", "--as", "ann", "wifi"),
        ("ask", "--as", "ann", "--batch", "x"),
        ("ask", "--as", "ann", "--json"),
        ("ask", "--as", "two words"),
        ("tag", "--as", "ann"),
        ("eval", "retrieval"),
        ("eval", "--corpus", "x"),
    ],
)
def test_bad_usage_is_told_apart_from_failure(
    outcomes: Outcomes, arguments: tuple[str, ...]
) -> None:
    finished = outcomes.run(*arguments)
    assert (finished.code, finished.out) == (2, "")
    assert "outcomes" in finished.err
    assert "Traceback" not in finished.err


@pytest.mark.parametrize("command", ["", "ask", "peers", "index", "serve", "eval", "bench"])
def test_every_command_has_help(outcomes: Outcomes, command: str) -> None:
    finished = outcomes.run(*command.split(), "--help")
    assert (finished.code, finished.err) == (0, "")
    assert "usage: outcomes" in finished.out
