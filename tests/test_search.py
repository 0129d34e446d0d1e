"""Search: the right text first, exact restriction to documents, statements by meaning."""

import gc
import threading
from pathlib import Path

import bm25s
import numpy as np
import pytest

from indexer.encoder import Encoder
from indexer.lexical import Lexical, words, write_lexical
from indexer.retrieval import CorpusUnusable, evaluate
from indexer.search import Hit, Index, best, blend
from indexer.vectors import Array, Vectors
from tests.conftest import Built

RANDOM = np.random.default_rng(7)


@pytest.fixture(scope="module")
def index(small_index: Built) -> Index:
    return Index.open(small_index.home)


def search(index: Index, text: str, among: set[str] | None = None) -> list[Hit]:
    return index.search(text, index.encode([text])[0], among=among)


def unit_rows(count: int) -> Array:
    rows = RANDOM.standard_normal((count, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("did anyone put internet access into social housing?", "otherham-wifi"),
        ("machines that help older people in residential homes", "somewhere-care-robots"),
        ("rubbish collection with IoT in Wales", "anytown-bins"),
        ("Otherham", "otherham-wifi"),
        ("who launched the framework", "framework-2022"),
        ("what does the value outcome mean", "value"),
        ("open data", "data"),
    ],
)
def test_the_right_text_comes_first(index: Index, question: str, document: str) -> None:
    assert search(index, question)[0].passage.document == document


def test_a_hit_carries_its_own_cosine_and_bm25_score(index: Index) -> None:
    question = "free wi-fi on estates"
    vector = index.encode([question])[0]
    for hit in index.search(question, vector):
        assert hit.dense == pytest.approx(
            float(index.encode([hit.passage.searched])[0] @ vector), abs=1e-4
        )
        assert (hit.lexical > 0) == bool(set(words(question)) & set(words(hit.passage.searched)))


def test_hits_are_best_first_and_no_more_than_asked_for(index: Index) -> None:
    vector = index.encode(["wi-fi"])[0]
    hits = index.search("wi-fi", vector, limit=3)
    assert len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_search_among_documents_finds_all_of_theirs_and_nothing_else(index: Index) -> None:
    chosen = {"anytown-bins", "data"}
    found = {hit.passage.id for hit in search(index, "free wi-fi in Otherham", among=chosen)}
    assert found == {passage.id for passage in index.passages if passage.document in chosen}


def test_a_search_among_no_known_document_finds_nothing(index: Index) -> None:
    assert search(index, "free wi-fi", among={"nowhere"}) == []
    assert search(index, "free wi-fi", among=set()) == []


def test_a_question_without_a_word_of_the_texts_still_has_neighbours(index: Index) -> None:
    hits = search(index, "zzz qqq")
    assert hits
    assert all(hit.lexical == 0 for hit in hits)


def test_the_statement_that_holds_the_answer_scores_highest(index: Index) -> None:
    question = "what is the price per home?"
    vector = index.encode([question])[0]
    passage = next(p for p in index.passages if p.document == "otherham-wifi")
    scores = index.statement_scores([passage], vector)[passage.id]
    assert len(scores) == len(passage.statements)
    assert "27 pence" in passage.statements[int(np.argmax(scores))]


def test_threads_may_share_an_index(index: Index) -> None:
    questions = ["free wi-fi", "care robots", "bins in Wales", "open data"] * 5
    expected = {question: search(index, question) for question in questions}
    found: list[bool] = []
    threads = [
        threading.Thread(target=lambda q=q: found.append(search(index, q) == expected[q]))
        for q in questions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * len(questions)


def test_both_kinds_of_faiss_index_give_the_vectors_back(tmp_path: Path) -> None:
    rows = unit_rows(400)
    for flat_up_to in (1_000, 100):
        Vectors.build(rows, flat_up_to=flat_up_to).write(tmp_path / "vectors")
        vectors = Vectors.read(tmp_path / "vectors")
        near, cosines = vectors.search(rows[17], 5)
        assert (near[0], round(float(cosines[0]), 5)) == (17, 1.0)
        assert np.array_equal(vectors.matrix, rows)


def test_the_vectors_outlive_the_index_they_lie_in(tmp_path: Path) -> None:
    rows = unit_rows(4_000)
    Vectors.build(rows).write(tmp_path / "vectors")
    kept = Vectors.read(tmp_path / "vectors").matrix
    gc.collect()
    others = [unit_rows(4_000) for _ in range(4)]  # would be written where the index was freed
    assert np.array_equal(kept, rows)
    assert len(others) == 4


def test_a_graph_index_finds_nearly_all_an_exact_one_does() -> None:
    rows = unit_rows(2_000)
    exact, graph = Vectors.build(rows), Vectors.build(rows, flat_up_to=100)
    shared = [
        len(set(exact.search(query, 10)[0]) & set(graph.search(query, 10)[0]))
        for query in unit_rows(50)
    ]
    assert sum(shared) / 500 >= 0.95


def test_word_scores_are_those_of_bm25s(tmp_path: Path) -> None:
    texts = ["free wi-fi for estates", "estates and bins", "robots in care homes", "free bins free"]
    write_lexical(texts, tmp_path)
    counted = bm25s.BM25.load(str(tmp_path))
    for question in ("free bins", "estate robot", "free free estates"):
        theirs = counted.get_scores(words(question))
        assert np.allclose(Lexical.read(tmp_path).scores(question), theirs, atol=1e-6)


def test_words_are_stems_without_those_every_question_has() -> None:
    assert words("Which councils saved with AI?") == ["council", "save", "ai"]


def test_the_best_are_chosen_with_ties_in_their_own_order() -> None:
    scores = np.array([0.5, 0, 0.9, 0.5, 0.5], dtype=np.float32)
    assert best(scores, 3).tolist() == [2, 0, 3]
    assert best(scores, 10).tolist() == [2, 0, 3, 4]


def test_blending_adds_what_both_lists_give_and_keeps_what_one_does() -> None:
    near, cosines = np.array([4, 2]), np.array([0.9, 0.1], dtype=np.float32)
    shared, found = np.array([2, 7]), np.array([8.0, 2.0], dtype=np.float32)
    rows, scores = blend(near, cosines, shared, found, 0.6)
    assert rows.tolist() == [4, 2, 7]
    assert scores.tolist() == pytest.approx([0.6, 0.4, 0.0])


def test_a_collection_is_measured(tmp_path: Path, encoder: Encoder) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        '{"_id": "a", "title": "Wi-fi", "text": "Free wi-fi on estates."}\n'
        '{"_id": "b", "title": "", "text": "Robots help in care homes."}\n'
    )
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "1", "text": "internet for housing"}\n{"_id": "2", "text": "not judged"}\n'
    )
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n1\tmissing\t1\n")
    found = evaluate(tmp_path, encoder)
    assert found["recall@10"] == 0.5
    assert found["ndcg@10"] == pytest.approx(1 / (1 + 1 / np.log2(3)))
    assert (found["queries"], found["documents"]) == (1, 2)


def test_a_folder_that_is_no_collection_is_named(tmp_path: Path, encoder: Encoder) -> None:
    with pytest.raises(CorpusUnusable, match=r"corpus\.jsonl cannot be read"):
        evaluate(tmp_path, encoder)
