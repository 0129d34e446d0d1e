"""Passages searched in files and in PostgreSQL: the same answers from both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from indexer.engine import Array, Engine, EngineAway
from indexer.generation import IndexUnusable, index_folder, open_current
from indexer.lexical import MOST
from indexer.local import Local
from indexer.postgres.shared import Shared
from indexer.search import Hit, Index, fused
from tests.postgres import Postgres

Kind = Literal["files", "postgresql"]
KINDS: tuple[Kind, ...] = ("files", "postgresql")
QUESTIONS = (
    "what did Rochdale do about its mesh network?",
    "open data",
    "how much does free wi-fi cost for a flat?",
    "which councils used robots in care homes",
    "digital digital inclusion",
    "zzz qqq",
    "",
)
RANDOM = np.random.default_rng(11)
WIDTH = 48


@pytest.fixture(scope="module")
def address(postgres: Postgres) -> Iterator[str]:
    """A database that the shipped index is published in, not to be written to."""
    made = postgres.empty()
    yield made
    postgres.drop(made)


@pytest.fixture(scope="module")
def shared(address: str) -> Iterator[Shared]:
    with Shared.open(address) as opened:
        yield opened


@pytest.fixture(scope="module")
def whole(shipped_home: Path) -> Index:
    return Index.open(shipped_home)


@pytest.fixture(scope="module", params=KINDS)
def index(
    request: pytest.FixtureRequest, shipped_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Index:
    """The shipped index; in the database as a computer with an empty home has it."""
    if request.param == "files":
        return Index.open(shipped_home)
    shared: Shared = request.getfixturevalue("shared")
    return taken(shared, shipped_home, tmp_path_factory.mktemp("empty"))


@pytest.fixture
def publish(empty_database: str) -> Iterator[Shared]:
    with Shared.open(empty_database) as opened:
        yield opened


def taken(shared: Shared, home: Path, empty: Path) -> Index:
    generation = open_current(home)
    shared.publish(generation)
    published = shared.current(generation.manifest.model)[""]
    return Index(shared.fetch(published, empty), engine=shared.engine(published))


def ask(index: Index, text: str, among: set[str] | None = None, limit: int = 20) -> list[Hit]:
    return index.search(text, index.encode([text])[0], limit, among)


def alike(found: list[Hit], expected: list[Hit]) -> None:
    """The same hits in the same order, each score as near as half precision comes."""
    assert [hit.passage.id for hit in found] == [hit.passage.id for hit in expected]
    for one, other in zip(found, expected, strict=True):
        assert one.lexical == other.lexical, "BM25 is exact"
        assert one.dense == pytest.approx(other.dense, abs=1e-3)
        assert one.score == pytest.approx(other.score, abs=1e-3)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_finds_the_same(index: Index, whole: Index, question: str) -> None:
    found, expected = ask(index, question), ask(whole, question)
    alike(found, expected)
    vector = index.encode([question])[0]
    passages = [hit.passage for hit in found]
    scores = index.statement_scores(passages, vector)
    expected_scores = whole.statement_scores(passages, vector)
    for one in passages:
        assert scores[one.id] == pytest.approx(expected_scores[one.id], abs=1e-3)
        assert len(scores[one.id]) == len(one.statements)
    assert index.statement_scores([], vector) == {}


def test_a_search_among_documents_finds_all_of_theirs_and_no_other(
    index: Index, whole: Index
) -> None:
    every = sorted({passage.document for passage in index.passages})
    for among in (set(every[:1]), set(every[3:40:5]), set(every) - {every[0]}, set(every)):
        theirs = sum(passage.document in among for passage in index.passages)
        found = ask(index, "how do residents get online?", among, limit=1000)
        assert len(found) == theirs
        alike(found, ask(whole, "how do residents get online?", among, limit=1000))
    assert ask(index, "wi-fi", {"nowhere"}) == ask(index, "wi-fi", set()) == []


def test_of_very_many_allowed_those_nearest_are_scored_and_no_other(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.search.EACH_UP_TO", 10)
    text = "free wi-fi for residents"
    among = {passage.document for passage in index.passages} - {
        ask(index, text)[0].passage.document
    }
    assert {hit.passage.document for hit in ask(index, text, among, 100)} <= among
    assert len(ask(index, text, among, 100)) == 100
    few = set(sorted(among)[:20])
    theirs = sum(passage.document in few for passage in index.passages)
    assert len(ask(index, text, few, 1000)) == theirs, "none is lost where they are not nearest"


def test_a_page_is_as_long_as_asked_for(index: Index) -> None:
    vector = index.encode(["wi-fi"])[0]
    for limit in (1, 7, len(index.passages)):
        assert len(index.nearest(vector, limit)) == limit
    assert len(index.nearest(vector, 10_000)) == len(index.passages)


def test_what_is_fetched_is_all_but_what_is_searched(
    shared: Shared, shipped_home: Path, tmp_path: Path
) -> None:
    index = taken(shared, shipped_home, tmp_path)
    names = {path.name for path in (index_folder(tmp_path) / index.id).iterdir()}
    assert {"encoder", "extras", "library.json", "passages.jsonl", "fetched"} <= names
    assert not names & {"passages.vectors.faiss", "statements.vectors.npy", "lexical"}
    assert open_current(tmp_path).manifest == open_current(shipped_home).manifest
    with pytest.raises(IndexUnusable, match="Set DATABASE_URL to that, or run: outcomes index"):
        Index.open(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_the_same_comes_in_its_own_order(
    kind: Kind, request: pytest.FixtureRequest
) -> None:
    twice = np.repeat(unit_rows(3), 2, axis=0)
    texts = ["bins", "bins", "bins and trees", "trees", "and", ""]
    rows, scores = fused(engine_of(kind, request, twice, texts), "bins", twice[0])
    assert rows[:2].tolist() == [0, 1]
    assert scores[0] == pytest.approx(scores[1], abs=1e-3)
    assert sorted(rows.tolist()) == list(range(6))


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_in_very_many_passages_is_counted_where_it_weighs_most(
    kind: Kind, request: pytest.FixtureRequest
) -> None:
    many = MOST + 40
    texts = ["bins and a good many other words besides"] * (many - 20) + ["bins"] * 20
    found = engine_of(kind, request, np.repeat(unit_rows(1), many, axis=0), texts).words("bins")
    assert np.count_nonzero(found) == MOST
    assert found[-20:].min() > found[:-20].max() > 0, "those that are short"


def test_one_that_was_swept_says_so_and_not_that_nothing_fits(publish: Shared) -> None:
    rows = unit_rows(5)
    before = publish.publish_rows("", rows, ["damp"] * 5)
    assert len(before.nearest(rows[0], 3)[0]) == 3
    publish.publish_rows("", rows, ["damp"] * 5)
    publish.sweep(0.0)
    with pytest.raises(EngineAway, match="not in the database any more"):
        before.nearest(rows[0], 3)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("percent", [1, 10, 100])
def test_a_community_small_or_large_loses_no_hits(many: Many, kind: Kind, percent: int) -> None:
    """Each has a fair share of what is nearest: what is filtered out must not take its places."""
    engine, rows = many.engines[kind][percent], many.rows[percent]
    right = asked = 0
    for query in many.queries:
        exact = np.argsort(-(rows @ query), kind="stable")[:10]
        found, cosines = engine.nearest(query, 10)
        assert len(found) == min(10, len(rows)), "a full page"
        assert list(cosines) == sorted(cosines, reverse=True)
        right += len(set(found.tolist()) & set(exact.tolist()))
        asked += len(exact)
    assert right / asked >= 0.95


@dataclass(frozen=True)
class Many:
    """Communities with so many per cent of the rows, and what is asked of them."""

    rows: dict[int, Array]
    engines: dict[Kind, dict[int, Engine]]
    queries: Array


@pytest.fixture(scope="module")
def many(postgres: Postgres) -> Iterator[Many]:
    """20,000 rows of one, of which others have a tenth and a hundredth; all in one database."""
    every = unit_rows(20_000)
    rows = {percent: every[:: 100 // percent].copy() for percent in (1, 10, 100)}
    address = postgres.empty()
    with Shared.open(address) as shared:
        served = {
            percent: shared.publish_rows(str(percent), some, ["bins"] * len(some))
            for percent, some in rows.items()
        }
        files: dict[int, Engine] = {percent: _near_alone(some) for percent, some in rows.items()}
        queries = every[:2_000:50] + 0.05 * RANDOM.standard_normal((40, WIDTH))
        unit = (queries / np.linalg.norm(queries, axis=1, keepdims=True)).astype(np.float32)
        yield Many(rows, {"files": files, "postgresql": dict(served)}, unit)
    postgres.drop(address)


def _near_alone(rows: Array) -> Engine:
    return Local.build(rows, ["bins"] * len(rows))


def engine_of(kind: Kind, request: pytest.FixtureRequest, rows: Array, texts: list[str]) -> Engine:
    if kind == "files":
        return Local.build(rows, texts)
    shared: Shared = request.getfixturevalue("publish")
    return shared.publish_rows("some", rows, texts)


def unit_rows(count: int) -> Array:
    """Vectors in groups, as those of texts are."""
    centres = RANDOM.standard_normal((max(count // 50, 1), WIDTH))
    rows = centres[RANDOM.integers(0, len(centres), count)]
    rows = (rows + 0.7 * RANDOM.standard_normal((count, WIDTH))).astype(np.float32)
    unit: Array = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
