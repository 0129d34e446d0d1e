"""A source looked at: only what changed is read, what is gone goes, what is out of reach stays."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sources.reading import in_order
from bot.store import Store
from bot.texts import Source
from indexer.parsing import Sandbox
from tests.bringing import DAY, Bringing, three_files
from tests.clock import Clock
from tests.test_sites import Site, site, sitemap


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return three_files(tmp_path)


def counts(look: object) -> tuple[int, ...]:
    names = ("read", "unchanged", "unreadable", "later", "gone")
    return tuple(getattr(look, name) for name in names)


async def test_only_what_changed_is_read_and_what_is_gone_goes(
    bringing: Bringing, folder: Path, clock: Clock
) -> None:
    source = await bringing.add("folder", folder, link="https://files.example/docs/")
    look = await bringing.look(source)
    assert counts(look) == (2, 0, 1, 0, 0)
    first = await bringing.texts(source)
    assert {one.location: one.url for one in first.values()} == {
        "plans/bins.md": "https://files.example/docs/plans/bins.md",
        "wifi.md": "https://files.example/docs/wifi.md",
    }
    assert first["wifi.md"].about.title == "Wi-fi in Anytown"
    assert len(first["wifi.md"].sketch) == 512
    assert look.source.said == "2 texts: 2 new; 1 could not be read"
    assert look.source.due_at == clock() + DAY

    look = await bringing.look(source)
    assert (counts(look), bringing.described.names) == ((0, 3, 0, 0, 0), [])

    (folder / "wifi.md").write_text("# Wi-fi in Anytown\n\nIt reaches 700 flats.\n", "utf-8")
    os.utime(folder / "plans" / "bins.md", ns=(1, 1))  # another time, the same bytes
    look = await bringing.look(source)
    assert (counts(look), bringing.described.names) == ((1, 2, 0, 0, 0), ["wifi.md"])
    assert (await bringing.known(source))["plans/bins.md"].validator.startswith("1:")
    changed = await bringing.texts(source)
    assert {one.id for one in changed.values()} == {one.id for one in first.values()}
    assert changed["wifi.md"].digest != first["wifi.md"].digest

    (folder / "plans" / "bins.md").unlink()
    os.utime(folder / "plans", (clock().timestamp() + 60,) * 2)  # as erasing does
    (folder / "broken.pdf").unlink()
    look = await bringing.look(source)
    assert counts(look) == (0, 1, 0, 0, 1)
    assert set(await bringing.known(source)) == {"wifi.md"}


async def test_what_cannot_be_read_is_named_and_tried_again_once_it_changed_or_is_asked_for(
    bringing: Bringing, folder: Path
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.look(source)
    known = (await bringing.known(source))["broken.pdf"]
    assert "PDF" in known.reason
    assert counts(await bringing.look(source)) == (0, 3, 0, 0, 0)
    assert counts(await bringing.look(source, again=True)) == (0, 2, 1, 0, 0)
    # What stood there before is not answered from once its place holds no text.
    (folder / "wifi.md").write_bytes(b"\x00\x01\x02" * 100)
    look = await bringing.look(source)
    assert counts(look) == (0, 2, 1, 0, 0)
    assert set(await bringing.texts(source)) == {"plans/bins.md"}
    (folder / "wifi.md").write_text("# Back\n\nIt is a text again.\n", "utf-8")
    assert counts(await bringing.look(source)) == (1, 2, 0, 0, 0)


async def test_unchanged_files_load_neither_what_describes_nor_a_parser(
    bringing: Bringing, folder: Path
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.look(source)

    class Closed(Sandbox):
        def read(self, *_: object) -> object:  # type: ignore[override]
            raise AssertionError("a parser was wanted")

    def describing() -> object:
        raise AssertionError("the model was wanted")

    bringing.sandbox = Closed()
    look = await bringing.look(source, describing=describing)  # type: ignore[arg-type]
    assert counts(look) == (0, 3, 0, 0, 0)


async def test_a_folder_that_is_away_or_empty_keeps_its_texts_and_is_tried_again_ever_later(
    bringing: Bringing, folder: Path, clock: Clock
) -> None:
    source = await bringing.add("folder", folder)
    await bringing.look(source)
    away = folder.with_name("away")
    os.rename(folder, away)
    waits = []
    for _ in range(9):
        look = await bringing.look(source)
        assert look.fault == "there is no such folder"
        assert look.source.failed
        assert look.source.due_at
        waits.append((look.source.due_at - clock()) / timedelta(minutes=1))
        clock.now = look.source.due_at
    assert waits == [10, 10, 20, 40, 80, 160, 320, 640, 1280]
    os.mkdir(folder)
    look = await bringing.look(source)
    assert "outcomes sources remove" in look.fault
    assert len(await bringing.texts(source)) == 2
    os.rmdir(folder)
    os.rename(away, folder)
    look = await bringing.look(source)
    assert (look.fault, look.source.failed, counts(look)) == ("", False, (0, 3, 0, 0, 0))
    assert look.source.due_at == clock() + DAY


async def test_a_single_file_that_is_gone_is_gone_from_answers(
    bringing: Bringing, folder: Path
) -> None:
    source = await bringing.add("file", folder / "wifi.md", link="https://x.example/w", every=None)
    assert counts(await bringing.look(source)) == (1, 0, 0, 0, 0)
    (text,) = (await bringing.texts(source)).values()
    assert text.url == "https://x.example/w"
    (folder / "wifi.md").unlink()
    look = await bringing.look(source)
    assert counts(look) == (0, 0, 0, 0, 1)
    assert look.source.due_at is None
    assert await bringing.texts(source) == {}


async def test_a_file_whose_folder_is_away_stays(bringing: Bringing, folder: Path) -> None:
    source = await bringing.add("file", folder / "wifi.md")
    await bringing.look(source)
    os.rename(folder, folder.with_name("away"))
    look = await bringing.look(source)
    assert look.fault
    assert len(await bringing.texts(source)) == 1


PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body>"
LONG = "The council put sensors into every bin, and crews drive past those that are not full. "


def small_site() -> dict[str, str | bytes | int]:
    return {
        "/sitemap.xml": sitemap("{site}/a", "{site}/b"),
        "/a": PAGE.format("Bins in Anytown", LONG * 3),
        "/b": PAGE.format("Roads in Otherham", "Roads were mapped from lorries by night. " * 6),
    }


async def added(bringing: Bringing, served: Site) -> Source:
    bringing.internal = (served.address.removeprefix("http://"),)
    return await bringing.add("site", f"{served.address}/sitemap.xml")


async def test_a_page_that_is_gone_goes_and_one_out_of_reach_stays(bringing: Bringing) -> None:
    async with site(small_site()) as served:
        source = await added(bringing, served)
        assert counts(await bringing.look(source)) == (2, 0, 0, 0, 0)
        a, b = f"{served.address}/a", f"{served.address}/b"
        assert {name: one.url for name, one in (await bringing.texts(source)).items()} == {
            a: a,
            b: b,
        }
        whole = dict(served.files)
        served.files.update({"/a": 503, "/b": 404})
        look = await bringing.look(source)
        assert counts(look) == (0, 0, 0, 1, 1)
        assert set(await bringing.texts(source)) == {a}
        assert (await bringing.known(source))[a].reason
        assert (
            look.source.said == "1 text: 1 gone; 1 could not be read this time and kept as before"
        )
        assert counts(await bringing.look(source)) == (0, 0, 1, 1, 0)
        assert "answers 404" in (await bringing.known(source))[b].reason, "it is listed still"
        served.files.update(whole)
        look = await bringing.look(source)
        assert counts(look) == (1, 1, 0, 0, 0)
        assert not (await bringing.known(source))[a].reason


@pytest.mark.parametrize("trouble", [500, 404, "no sitemap at all"])
async def test_a_site_whose_sitemap_fails_keeps_its_texts(
    bringing: Bringing, trouble: str | int
) -> None:
    async with site(small_site()) as served:
        source = await added(bringing, served)
        await bringing.look(source)
        served.files["/sitemap.xml"] = trouble
        if isinstance(trouble, str):
            served.files["/sitemap.xml"] = "<urlset><unclosed"
        look = await bringing.look(source)
        assert look.fault
        assert look.source.failed
        assert len(await bringing.texts(source)) == 2


async def test_a_source_removed_while_it_is_looked_at_gets_no_text(
    bringing: Bringing, folder: Path, store: Store
) -> None:
    source = await bringing.add("folder", folder)
    described = bringing.described.about

    def about(*given: object) -> object:
        asyncio.run_coroutine_threadsafe(store.sources("T1").remove(source.id), loop).result()
        return described(*given)  # type: ignore[arg-type]

    loop = asyncio.get_running_loop()
    bringing.described.about = about  # type: ignore[assignment,method-assign]
    look = await bringing.look(source)
    assert look.read == 0
    assert await store.texts("T1").ids() == frozenset()


async def test_what_is_made_side_by_side_comes_in_order_and_never_far_ahead() -> None:
    begun, waiting = [], {number: asyncio.Event() for number in range(6)}

    async def make(number: int) -> int:
        begun.append(number)
        await waiting[number].wait()
        return number

    made = in_order(range(6), make, 2)
    first = asyncio.ensure_future(anext(made))
    waiting[1].set()
    waiting[2].set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert begun == [0, 1, 2]
    assert not first.done()
    for event in waiting.values():
        event.set()
    assert [await first, *[number async for number in made]] == list(range(6))
