"""A look at a source that cannot see, ask for or read everything: what is kept, and how long."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sources import looks, refreshing
from bot.sources.refreshing import HELD_FOR
from bot.store import Store
from indexer.parsing import Sandbox
from tests.bringing import DAY, Bringing, three_files
from tests.clock import START, Clock
from tests.test_refreshing import added, counts, small_site
from tests.test_sites import index, site, sitemap


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three_files(tmp_path)


async def test_a_file_whose_share_is_away_stays(bringing: Bringing, folder: Path) -> None:
    """The folder that a share was mounted at is still there, and empty."""
    alone = folder / "plans" / "bins.md"
    source = await bringing.add("file", alone)
    await bringing.look(source)
    alone.unlink()
    look = await bringing.look(source)
    assert "out of reach" in look.fault
    assert len(await bringing.texts(source)) == 1


async def test_what_lay_on_a_share_within_a_folder_stays_until_somebody_asks(
    bringing: Bringing, folder: Path, clock: Clock
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.look(source)
    (folder / "plans" / "bins.md").unlink()
    os.utime(folder / "plans", (clock().timestamp() - 60,) * 2)  # nobody erased anything in it
    for _ in range(4):
        look = await bringing.look(source)
        assert counts(look) == (0, 2, 0, 1, 0)
    assert look.source.said == (
        "2 texts; 1 could not be read; 1 could not be read this time and kept as before"
    )
    assert counts(await bringing.look(source, again=True))[-1] == 1
    assert set(await bringing.texts(source)) == {"wifi.md"}


async def test_most_of_a_folder_goes_with_the_third_look_alone(
    bringing: Bringing, folder: Path
) -> None:
    for number in range(10):
        (folder / f"{number}.md").write_text(f"# Road {number}\n\nIt was mapped.\n", "utf-8")
    source = await bringing.add("folder", folder)
    assert (await bringing.look(source)).read == 12
    for number in range(7):
        (folder / f"{number}.md").unlink()
    for _ in range(2):
        look = await bringing.look(source)
        assert (look.gone, look.unreadable, len(await bringing.texts(source))) == (0, 7, 12)
    assert (await bringing.look(source)).gone == 7
    (folder / "7.md").unlink()
    assert (await bringing.look(source)).gone == 1, "one that is gone is gone at once"


async def test_what_could_not_be_read_now_keeps_its_text_for_two_looks(
    bringing: Bringing, folder: Path, sandbox: Sandbox, store: Store
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.look(source)
    (text,) = [one for one in (await bringing.texts(source)).values() if "Wi-fi" in one.about.title]
    told = replace(text.about, title="Wi-fi, as a person says")
    assert await store.texts("T1").confirm({text.id: told}) == 1
    (folder / "wifi.md").write_text("# Wi-fi\n\nIt reaches 700 flats.\n", "utf-8")
    usual, sandbox.limits = sandbox.limits, replace(sandbox.limits, seconds=0, grace=0)
    try:
        for _ in range(2):
            look = await bringing.look(source)
            assert counts(look) == (0, 2, 1, 0, 0)
            assert (await bringing.texts(source))["wifi.md"].digest == text.digest
        assert counts(await bringing.look(source)) == (0, 2, 1, 0, 0)
        assert set(await bringing.texts(source)) == {"plans/bins.md"}
        assert counts(await bringing.look(source)) == (0, 3, 0, 0, 0), "it is not tried for ever"
    finally:
        sandbox.limits = usual
    assert counts(await bringing.look(source, again=True))[0] == 1
    back = (await bringing.texts(source))["wifi.md"]
    assert (back.about, back.id) == (told, text.id)
    assert back.confirmed_at


async def test_a_file_that_is_half_copied_comes_back_as_it_was_confirmed(
    bringing: Bringing, folder: Path, store: Store
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.look(source)
    text = (await bringing.texts(source))["wifi.md"]
    whole = (folder / "wifi.md").read_bytes()
    assert await store.texts("T1").confirm({text.id: text.about}) == 1
    (folder / "wifi.md").write_bytes(b"\0\1\2" * 100)
    await bringing.look(source)
    assert "wifi.md" not in await bringing.texts(source)
    assert await store.texts("T1").confirmed_since(START - DAY) == []
    (folder / "wifi.md").write_bytes(whole)
    await bringing.look(source)
    assert (await bringing.texts(source))["wifi.md"].confirmed_at


async def test_another_version_of_what_reads_reads_anew(
    bringing: Bringing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.look(source)
    for module in (looks, refreshing):
        monkeypatch.setattr(module, "VERSION", 1_000)
    assert counts(await bringing.look(source)) == (2, 0, 1, 0, 0)
    assert counts(await bringing.look(source)) == (0, 3, 0, 0, 0)


async def test_a_file_that_is_too_large_is_not_even_looked_into(
    bringing: Bringing, folder: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> object:
        raise AssertionError("it was read")

    source = await bringing.add("file", folder / "wifi.md")
    monkeypatch.setattr(sandbox, "limits", replace(sandbox.limits, size=10))
    monkeypatch.setattr("hashlib.file_digest", read)
    assert counts(await bringing.look(source)) == (0, 0, 1, 0, 0)
    assert (await bringing.known(source))["wifi.md"].reason == "larger than 0.01 kB"
    assert counts(await bringing.look(source)) == (0, 1, 0, 0, 0)


async def test_a_fault_of_one_source_is_said_and_ends_nothing(
    bringing: Bringing, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def about(*_: object) -> object:
        raise ZeroDivisionError(" ".join(("words", "of", "a text")))

    source = await bringing.add("folder", folder)
    bringing.described.about = about  # type: ignore[assignment,method-assign]
    look = await bringing.look(source)
    assert "a fault of this program (ZeroDivisionError)" in look.fault
    assert look.source.due_at
    assert source.id in caplog.text
    assert "words of a text" not in caplog.text


async def test_a_look_that_takes_long_goes_on_holding_its_source(
    bringing: Bringing, folder: Path, store: Store, clock: Clock
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.due(source, clock())
    claims, described = [], bringing.described.about

    def about(*given: object) -> object:
        clock.pass_by(minutes=50)
        claiming = store.sources("T1").claim(source.id, DAY)
        claims.append(asyncio.run_coroutine_threadsafe(claiming, loop).result())
        return described(*given)  # type: ignore[arg-type]

    loop = asyncio.get_running_loop()
    assert await store.sources("T1").claim(source.id, HELD_FOR)
    bringing.described.about = about  # type: ignore[assignment,method-assign]
    for name in ("0", "1", "2"):
        (folder / f"{name}.md").write_text(f"# Road {name}\n\nIt was mapped.\n", "utf-8")
    assert (await bringing.look(source)).read == 5
    assert claims == [False] * 5


def feed(*urls: str) -> str:
    items = "".join(f"<item><link>{url}</link></item>" for url in urls)
    return f"<rss><channel>{items}</channel></rss>"


@pytest.mark.parametrize("way", ["a feed", "a sitemap that is missing"])
async def test_a_page_that_is_not_listed_any_more_is_asked_for(
    bringing: Bringing, way: str
) -> None:
    """A feed lists its newest alone; and a list that is missing says nothing of its pages."""
    async with site(small_site()) as served:
        if way == "a feed":
            served.files["/sitemap.xml"] = feed("{site}/a", "{site}/b")
        else:
            served.files["/sitemap.xml"] = index("{site}/1.xml", "{site}/2.xml")
            served.files |= {"/1.xml": sitemap("{site}/a"), "/2.xml": sitemap("{site}/b")}
        source = await added(bringing, served)
        assert (await bringing.look(source)).read == 2
        served.files["/2.xml"] = 404
        if way == "a feed":
            served.files["/sitemap.xml"] = feed("{site}/a")
        look = await bringing.look(source)
        assert (look.fault, counts(look)[2:]) == ("", (0, 0, 0))
        assert len(await bringing.texts(source)) == 2
        served.files["/b"] = 410
        assert (await bringing.look(source)).gone == 1
        assert set(await bringing.texts(source)) == {f"{served.address}/a"}


async def test_a_page_that_is_not_for_everyone_any_more_goes_with_the_third_look(
    bringing: Bringing,
) -> None:
    async with site(small_site()) as served:
        source = await added(bringing, served)
        await bringing.look(source)
        served.files["/b"] = 403
        left = []
        for _ in range(3):
            assert (await bringing.look(source)).unreadable == 1
            left.append(len(await bringing.texts(source)))
        assert left == [2, 2, 1]


async def test_what_a_sitemap_calls_unchanged_is_asked_for_once_a_week(
    bringing: Bringing, clock: Clock
) -> None:
    async with site(small_site()) as served:
        source = await added(bringing, served)
        clock.pass_by(days=1)  # the day after its last change
        await bringing.look(source)
        asked = []
        for _ in range(8):
            served.asked.clear()
            clock.pass_by(days=1)
            assert counts(await bringing.look(source)) == (0, 2, 0, 0, 0)
            asked.append(served.asked.count("/a"))
        assert asked == [0, 0, 0, 0, 0, 0, 1, 0]
        served.files["/sitemap.xml"] = sitemap("{site}/a", "{site}/b").replace("03-02", "03-11")
        served.asked.clear()
        await bringing.look(source)
        assert {"/a", "/b"} <= set(served.asked)
        served.asked.clear()
        await bringing.look(source, again=True)
        assert {"/a", "/b"} <= set(served.asked), "somebody wants to know"


async def test_an_address_too_long_for_the_database_is_named(bringing: Bringing) -> None:
    async with site(small_site()) as served:
        long = "{site}/" + "a" * 1600
        served.files["/sitemap.xml"] = sitemap("{site}/a", long)
        source = await added(bringing, served)
        look = await bringing.look(source)
        assert (look.fault, counts(look)) == ("", (1, 0, 0, 0, 0))
        assert "1 text is left out" in look.source.said
        assert f"{served.address}/aaa" in look.source.said
