"""What is built for one community: borrowed, kept small, and nothing left of what was removed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.apart import Apart
from bot.digest.editor import Editor
from bot.digests import Choices
from bot.shelves import Shelves
from bot.store import Store, default_url
from bot.texts import FOR_ALL, About, OwnText, Source
from bot.weeks import Schedule
from indexer import making
from indexer.build_failures import BuildFailed
from indexer.encoder import Encoder
from indexer.generation import current_id, index_folder, open_current, own_home
from indexer.making import drop_own, run_own
from knowledge.library import Brought, Library
from tests.clock import START
from tests.own_texts import CASE, GUIDANCE, REPORT, beside
from tests.own_town import Town, opened
from tests.test_shelves import Away

SALT = "1,900 tonnes less salt"
HERONS = "When do wardens count herons?"
CHAMPION = "What does Linking Digital to Lives say about trust?"


@pytest.fixture
def town(
    shipped_home: Path,
    library: Library,
    tmp_path: Path,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., Town]:
    """Towns whose builds share one encoder."""
    monkeypatch.setattr(making, "_loaded", lambda *_: encoder)

    def made(most_open: int = 8) -> Town:
        return opened(tmp_path / "town", shipped_home, library, most_open)

    return made


def never(*_: object) -> Encoder:
    raise AssertionError("nothing was new")


def held(home: Path) -> str:
    """Everything that lies below a folder, as text."""
    files = (path for path in home.rglob("*") if path.is_file())
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def built_again(here: Town, monkeypatch: pytest.MonkeyPatch, *texts: object) -> tuple[bool, int]:
    monkeypatch.setattr(making, "_loaded", never)
    report = here.build("T1", *texts)  # type: ignore[arg-type]
    return report.changed, report.embedded


def test_only_what_is_new_is_embedded_and_nothing_is_copied(town: Callable[..., Town]) -> None:
    here = town()
    report = here.build("T1ANYTOWN", REPORT, CASE)
    assert report.embedded == len(REPORT.sections) + len(CASE.sections)
    assert report.reused == report.passages - report.embedded
    made = open_current(own_home(here.home, "T1ANYTOWN"))
    assert not made.encoder.exists()
    assert not made.extras.exists()
    assert "T1ANYTOWN" not in str(made.folder.relative_to(here.home))


def test_no_encoder_is_loaded_where_no_text_is_new(
    town: Callable[..., Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = town()
    here.build("T1", REPORT, CASE)
    first = here.folders("T1")
    assert built_again(here, monkeypatch, REPORT, CASE) == (False, 0)
    assert here.folders("T1") == first
    confirmed = replace(CASE, brought=Brought(confirmed=True))
    assert built_again(here, monkeypatch, REPORT, confirmed) == (True, 0)
    assert '"confirmed": true' in open_current(own_home(here.home, "T1")).library.read_text()
    assert built_again(here, monkeypatch, confirmed) == (True, 0)


def test_nothing_of_a_removed_text_stays_on_the_disk(
    town: Callable[..., Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = town()
    here.build("T1", REPORT, CASE)
    assert SALT in held(here.home / "own")
    built_again(here, monkeypatch, REPORT)
    assert SALT not in held(here.home / "own")
    assert len(here.folders("T1")) == 1
    drop_own(own_home(here.home, "T1"))
    assert not own_home(here.home, "T1").exists()
    drop_own(own_home(here.home, "T1"))


def test_a_build_that_is_cut_off_leaves_what_there_was(
    town: Callable[..., Town], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = town()
    here.build("T1", REPORT)
    home = own_home(here.home, "T1")
    before = current_id(home)
    monkeypatch.setattr(making, "_loaded", never)
    with pytest.raises(AssertionError):
        here.build("T1", REPORT, CASE)
    aside = index_folder(home) / ".building-killed"
    aside.mkdir()
    (aside / "library.json").write_text(SALT, "utf-8")
    assert open_current(home).id == before
    assert built_again(here, monkeypatch, REPORT) == (False, 0)
    assert SALT not in held(home)


def test_a_base_of_other_weights_is_refused(town: Callable[..., Town]) -> None:
    here = town()
    base = open_current(here.home)
    other = replace(base, manifest=replace(base.manifest, weights_sha256="0" * 64))
    with pytest.raises(BuildFailed, match="Run: outcomes index"):
        run_own(beside(here.library, CASE), own_home(here.home, "T1"), other)


@pytest.mark.parametrize("fault", ["damaged", "of another model", "without a manifest"])
def test_a_spoilt_one_is_answered_without_and_said_once(
    town: Callable[..., Town], caplog: pytest.LogCaptureFixture, fault: str
) -> None:
    here = town()
    here.build("T1", GUIDANCE)
    folder = open_current(own_home(here.home, "T1")).folder
    if fault == "damaged":
        (folder / "passages.jsonl").write_text("spoilt", "utf-8")
    elif fault == "of another model":
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        manifest["weights_sha256"] = "0" * 64
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    else:
        (folder / "manifest.json").unlink()
    for _ in range(3):
        assert here.answerer("T1") is here.answerer("")
    assert [one.name for one in caplog.records].count("bot.current") == 1
    here.build("T1", GUIDANCE)
    assert here.answerer("T1").library.get(GUIDANCE.id)


def test_a_new_one_is_taken_up_and_one_that_is_gone_is_let_go(town: Callable[..., Town]) -> None:
    here = town()
    base = here.answerer("T1")
    here.build(FOR_ALL, GUIDANCE)
    assert here.current("T1") is base, "looked for at most once a second"
    for_all = here.answerer("T1")
    assert for_all is here.answerer("T2") is not base
    here.build("T1", GUIDANCE, CASE)
    own = here.answerer("T1")
    assert own.library.get(CASE.id)
    assert here.answerer("T2") is for_all
    assert here.current.index.library.get(CASE.id) is None
    drop_own(own_home(here.home, "T1"))
    assert here.answerer("T1") is for_all
    drop_own(own_home(here.home, FOR_ALL))
    assert here.answerer("T1") is base


def test_it_stays_usable_when_the_shipped_index_is_built_anew(
    town: Callable[..., Town], shipped_home: Path
) -> None:
    here = town()
    here.build("T1", GUIDANCE)
    before = here.answerer("T1")
    shipped = index_folder(shipped_home)
    index_folder(here.home).unlink()
    newer = index_folder(here.home) / "29990101T000000Z"
    shutil.copytree(shipped / str(current_id(shipped_home)), newer)
    (index_folder(here.home) / "current").write_text(newer.name, "utf-8")
    after = here.answerer("T1")
    assert here.current.generation == newer.name
    assert after is not before
    assert after.generation == before.generation
    assert after.answer(HERONS)[0].citations[0].document == GUIDANCE.id


def test_only_so_many_are_kept_in_memory(town: Callable[..., Town]) -> None:
    here = town(most_open=2)
    here.build("T1", GUIDANCE)
    for name in ("T2", "T3"):
        shutil.copytree(own_home(here.home, "T1"), own_home(here.home, name))
    first = here.answerer("T1")
    assert here.answerer("T2") is here.answerer("T2")
    assert here.answerer("T1") is first
    here.answerer("T3")
    here.answerer("T2")
    assert here.answerer("T1") is not first, "opened again"


async def test_what_was_removed_is_hidden_at_once(town: Callable[..., Town], store: Store) -> None:
    here, shelves = town(), Shelves(store)
    source = Source(id="s1", community="T1", kind="file", location="/a", added_at=START)
    await store.sources("T1").add(source)
    for_all = replace(source, id="s2", community=FOR_ALL)
    await store.sources(FOR_ALL).add(for_all)
    await store.texts("T1").put(_stored(REPORT.id, source), "")
    await store.texts(FOR_ALL).put(_stored(GUIDANCE.id, for_all), "")
    here.build("T1", REPORT, GUIDANCE)
    answerer = here.answerer("T1")

    async def ids() -> set[str]:
        shelf = await shelves.of("T1", answerer)
        replies = [answerer.answer(text, None, shelf)[0] for text in (HERONS, CHAMPION)]
        found = [answerer.find(text, shelf) for text in ("herons", "linking digital to lives")]
        cited = {one.document for reply in (*replies, *found) for one in reply.citations}
        return cited & {REPORT.id, GUIDANCE.id}

    assert await ids() == {REPORT.id, GUIDANCE.id}
    await store.texts("T1").drop("s1", ["a.pdf"])
    assert await ids() == {GUIDANCE.id}
    await store.sources(FOR_ALL).remove("s2")
    assert await ids() == set()
    assert (await shelves.of("T1", answerer)).hidden == {REPORT.id, GUIDANCE.id}
    await shelves.finish()


async def test_while_it_is_not_known_what_was_removed_nothing_brought_in_is_given(
    town: Callable[..., Town], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The program starts while the database is away, and later the index is built anew."""
    here, store = town(), await Away.open(default_url(tmp_path))
    assert isinstance(store, Away)
    source = Source(id="s1", community="T1", kind="file", location="/a", added_at=START)
    await store.sources("T1").add(source)
    await store.texts("T1").put(_stored(REPORT.id, source), "")
    here.build("T1", REPORT, CASE)
    shelves, answerer = Shelves(store), here.answerer("T1")
    doubles = {name for *_, name in CASE.brought.doubles} if CASE.brought else set[str]()
    store.away = True
    for wanted in ({REPORT.id, CASE.id, *doubles}, {CASE.id, *doubles}):
        shelf = await shelves.of("T1", answerer)
        assert shelf.hidden == wanted
        store.away = False
    assert "left out of answers" in caplog.text
    store.away = True
    here.build("T1", REPORT, GUIDANCE)
    shelf = await shelves.of("T1", here.answerer("T1"))
    assert GUIDANCE.id in shelf.hidden, "it may have been removed by now"
    assert REPORT.id not in shelf.hidden
    assert (await shelves.of("T2", here.current("T2"))).hidden == set()
    await shelves.finish()
    await store.close()


async def test_of_two_that_are_the_same_a_digest_lists_what_is_answered_from(
    town: Callable[..., Town], store: Store
) -> None:
    here, texts = town(), store.texts("T1")
    source = Source(id="s1", community="T1", kind="file", location="/a", added_at=START)
    await store.sources("T1").add(source)
    titles = {CASE.id: "Gritting by sensors", "own-smarter": "Smarter gritting"}
    for name in titles:
        await texts.put(replace(_stored(name, source), location=name), "")
    about = {name: About(kind="case-study", title=title) for name, title in titles.items()}
    assert await texts.confirm(about) == 2
    editor = Editor(here.answerer, store, Apart())
    week, choices = timedelta(weeks=1), Choices(Schedule(0, time(9), "Europe/London"))

    async def listed() -> list[str]:
        made = await editor.composed("T1", "C1", choices, START - week, START + week)
        return sorted(title for title in titles.values() if title in made.reply.body)

    assert await listed() == sorted(titles.values()), "while no index knows of it"
    here.build("T1", CASE)
    assert await listed() == ["Gritting by sensors"]
    await texts.drop("s1", [CASE.id])
    assert await listed() == ["Smarter gritting"]


def _stored(name: str, source: Source) -> OwnText:
    return OwnText(
        id=name,
        source=source.id,
        community=source.community,
        location="a.pdf",
        url="",
        about=About(kind="report", title="A report"),
        sections=REPORT.sections,
        digest="0" * 64,
        read_at=START,
    )
