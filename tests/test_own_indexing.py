"""Communities' own indexes beside the store: built of what it holds, and gone with what it lost."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sources.due import Refreshes
from bot.sources.indexing import Indexing
from bot.store import Store
from bot.texts import FOR_ALL
from indexer import making
from indexer.build_failures import BuildFailed
from indexer.bulk import FEW
from indexer.generation import IndexUnusable, index_folder, open_current, own_home
from indexer.ledger_place import NAME
from indexer.passages import Passage
from indexer.progress import silent
from indexer.vectors import Vectors
from indexer.workers import AT_ONCE
from knowledge.library import Library, Section
from tests import databases
from tests.clock import Clock
from tests.conftest import Built
from tests.holdings import ABOUT, own_text, source
from tests.small_encoder import Ended, SmallEncoder, row

WORDS = "It fell by a third"  # stands in every text of holdings


@pytest.fixture
def home(tmp_path: Path, small_index: Built) -> Path:
    """With an index of few texts in the place of the shipped one; nothing here writes to it."""
    made = tmp_path / "home"
    made.mkdir()
    index_folder(made).symlink_to(index_folder(small_index.home))
    return made


@pytest.fixture
def encoding(monkeypatch: pytest.MonkeyPatch) -> Callable[..., SmallEncoder]:
    """From now on builds use this encoder."""

    def made(most: int | None = None) -> SmallEncoder:
        encoder = SmallEncoder(most)
        monkeypatch.setattr(making, "_loaded", lambda *_: encoder)
        return encoder

    return made


async def bring(store: Store, name: str = "own-1", community: str = "leeds", **given: str) -> None:
    await store.sources(community).add(source(community))
    text = own_text(name, community, about=replace(ABOUT, title=f"Sensors, {name}"))
    url = given.get("url", text.url)
    assert await store.texts(community).put(replace(text, url=url, sketch=b""), "1:1")


async def bring_long(store: Store, passages: int) -> None:
    """One text of so many passages."""
    await store.sources("leeds").add(source())
    sections = tuple(
        Section(f"Part {number}", f"It has {number} sensors.", literal=True)
        for number in range(passages)
    )
    assert await store.texts("leeds").put(replace(own_text("own-9"), sections=sections), "1:1")


async def index(store: Store, home: Path) -> list[int]:
    """As `outcomes sources refresh` does it; how many passages were embedded in each build."""
    made = await Indexing(store, home, None, silent).all()
    return [one.embedded for one in made]


def held(home: Path) -> str:
    """Everything below `own/`, as text."""
    files = (path for path in (home / "own").rglob("*") if path.is_file())
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def library(home: Path, community: str = "leeds") -> Library:
    made = open_current(own_home(home, community))
    return Library.from_json(made.library.read_text("utf-8"))


async def test_nothing_stays_of_a_community_that_is_forgotten(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder], clock: Clock
) -> None:
    encoding()
    await bring(store)
    await bring(store, "own-2", "york")
    assert len(await index(store, home)) == 2
    await store.forget("leeds")
    refreshes = Refreshes(store, home, clock, lambda *_: None, (sys.executable, "-c", ""))
    assert await refreshes._behind(), "so what serves has it done"
    assert await index(store, home) == []
    assert not own_home(home, "leeds").exists()
    assert WORDS in held(home), "York's"
    assert not await refreshes._behind()


async def test_a_database_that_is_begun_anew_is_indexed_as_it_is(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder], tmp_path: Path
) -> None:
    encoding()
    await bring(store)
    await bring(store, "own-2", "york")
    await index(store, home)
    (tmp_path / "anew").mkdir()
    anew = await Store.open(databases.new(tmp_path / "anew"))
    try:
        await bring(anew, "own-3")  # counted as often as the one before
        assert len(await index(anew, home)) == 1
        assert not own_home(home, "york").exists()
        assert library(home).get("own-3")
        assert not library(home).get("own-1")
        await anew.forget("leeds")
        await index(anew, home)
        assert WORDS not in held(home)
    finally:
        await anew.close()


async def test_what_is_removed_is_erased_without_an_index_of_the_shipped_texts(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder]
) -> None:
    encoding()
    await bring(store)
    await bring(store, "own-2")
    await bring(store, "own-3", "york")
    await index(store, home)
    index_folder(home).unlink()
    await bring(store, "own-4", "york")
    await store.texts("leeds").drop("s-1", ["own-2.pdf"])
    with pytest.raises(IndexUnusable, match="Run: outcomes index"):
        await index(store, home)
    assert not own_home(home, "leeds").exists(), "it cannot be built without the one that went"
    assert own_home(home, "york").exists(), "of York's none was removed"
    await store.sources("york").remove("s-1")
    await store.sources("leeds").remove("s-1")
    assert await index(store, home) == []
    assert WORDS not in held(home)


async def test_what_the_disk_does_not_let_go_is_said_and_tried_again(
    store: Store,
    home: Path,
    encoding: Callable[..., SmallEncoder],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoding()
    await bring(store)
    await bring(store, "own-2")
    await index(store, home)
    with monkeypatch.context() as stuck:
        stuck.setattr("shutil.rmtree", lambda *_, **__: None)
        await store.texts("leeds").drop("s-1", ["own-2.pdf"])
        with pytest.raises(BuildFailed, match="cannot be removed"):
            await index(store, home)
        await store.sources("leeds").remove("s-1")
        await bring(store, "own-3", "york")
        with pytest.raises(BuildFailed, match="cannot be removed"):
            await index(store, home)
        assert library(home, "york").get("own-3"), "built all the same"
    assert await index(store, home) == []
    assert not own_home(home, "leeds").exists()


async def test_a_build_that_was_ended_goes_on_from_there_and_leaves_nothing(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder]
) -> None:
    count = FEW + 5
    await bring_long(store, count)
    encoding(most=2 * AT_ONCE)
    with pytest.raises(Ended):
        await index(store, home)
    assert "sensors" not in held(home), "vectors alone"
    ledger = index_folder(own_home(home, "leeds")) / NAME
    assert ledger.exists()
    encoder = encoding()
    assert await index(store, home) == [count - 2 * AT_ONCE]
    assert encoder.embedded == count - 2 * AT_ONCE
    made = open_current(own_home(home, "leeds"))
    vectors = Vectors.read(made.vectors).matrix
    cut = [one for one in made.passages.read_text("utf-8").splitlines() if '"own-9' in one]
    assert len(cut) == count
    for line, found in zip(cut, vectors[-count:], strict=True):
        assert abs(found - row(Passage.from_json(line).searched)).max() < 1e-6
    assert not ledger.exists()


async def test_one_that_cannot_be_opened_is_built_anew(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder]
) -> None:
    encoding()
    await bring(store)
    await index(store, home)
    assert await index(store, home) == []
    open_current(own_home(home, "leeds")).passages.write_text("spoilt", "utf-8")
    assert len(await index(store, home)) == 1
    assert library(home).get("own-1")
    shutil.rmtree(own_home(home, "leeds"))
    assert len(await index(store, home)) == 1
    assert library(home).get("own-1")


async def test_texts_for_all_are_embedded_once(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder]
) -> None:
    encoder = encoding()
    await bring(store, "own-1", FOR_ALL)
    await bring(store, "own-2", "york")
    both = await index(store, home)
    one = len(own_text().sections)
    assert both == [one, one]
    assert encoder.embedded == 2 * one


async def test_a_page_that_is_shipped_is_cited_once(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder]
) -> None:
    encoding()
    shipped = Library.from_json(open_current(home).library.read_text("utf-8")).case_studies[0]
    address = shipped.url.replace("https://www.", "http://").rstrip("/")
    await bring(store, "own-1", url=f"{address}/#main")
    await bring(store, "own-2", url=f"{address}-2")
    await index(store, home)
    assert library(home).get("own-1") is None
    assert library(home).get("own-2")
    assert library(home).get(shipped.id) == shipped


async def test_doubles_are_named_with_their_ids_and_the_confirmed_one_is_kept(
    store: Store, home: Path, encoding: Callable[..., SmallEncoder]
) -> None:
    encoding()
    await bring(store)
    told = bytes(range(128)) * 4
    for name, year in (("own-1", 2023), ("own-2", 2025)):
        text = own_text(name)
        about = replace(text.about, year=year)
        text = replace(text, about=about, published="", sketch=told)
        assert await store.texts("leeds").put(text, "1:1")
        if name == "own-1":
            assert await store.texts("leeds").confirm({name: about}) == 1
    await index(store, home)
    kept = library(home).get("own-1")
    assert kept
    assert kept.brought
    assert [one[2] for one in kept.brought.doubles] == ["own-2"]
    assert library(home).get("own-2") is None
