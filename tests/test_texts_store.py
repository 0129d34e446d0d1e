"""Texts that were brought in and their sources, kept on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.conversation import Citation, Reply
from bot.store import Store, StoreUnusable, default_url
from bot.texts import FOR_ALL, About, Known
from knowledge.library import Section
from tests.clock import START, Clock
from tests.holdings import ABOUT, brought, own_text, source
from tests.registrations import actions
from tests.tables import dump

HOUR = timedelta(hours=1)
OTHER = About(kind="report", title="Something else")


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened_ = await Store.open(database_url, clock)
    yield opened_
    await opened_.close()


async def ids(store: Store, community: str = "leeds") -> list[str]:
    return [one.id async for one in store.texts(community).all()]


async def revision(store: Store, community: str = "leeds") -> int:
    return (await store.community(community).revisions())[2]


def unread(location: str, digest: str, reason: str = "it is locked") -> Known:
    return Known(location=location, validator="9:9", digest=digest, reason=reason)


async def test_a_text_comes_back_as_it_was_put(store: Store) -> None:
    texts = store.texts("leeds")
    assert not await texts.put(own_text(), "1:1"), "of no source"
    made = await brought(store, "own-1")
    assert await texts.get("own-1") == made
    assert [one async for one in texts.all()] == [made]
    assert await texts.of("s-1") == [replace(made, sections=())]
    assert await texts.unconfirmed(5) == ([made], 1)
    known = Known(location="own-1.pdf", validator="1:1", digest=made.digest, text="own-1")
    assert await texts.known("s-1") == {"own-1.pdf": known}
    assert await texts.known("s-2") == {}


async def test_what_a_database_refuses_is_left_out(store: Store) -> None:
    await store.sources("leeds").add(source())
    about = replace(ABOUT, title="a\0b", councils=("c\0d",), outcomes=("e\ud800",))
    odd = replace(own_text(about=about), notes=("f\0g",), sections=(Section("h\0i", "\ud800j"),))
    assert await store.texts("leeds").put(odd, "1:1")
    kept = await store.texts("leeds").get("own-1")
    assert kept is not None
    assert kept.about == replace(ABOUT, title="ab", councils=("cd",), outcomes=("e?",))
    assert (kept.notes, kept.sections) == (("fg",), (Section("hi", "?j"),))


async def test_what_a_person_confirmed_stays_when_the_bytes_change(
    store: Store, clock: Clock, database_url: str
) -> None:
    made, texts = await brought(store, "own-1"), store.texts("leeds")
    told = replace(ABOUT, title="As Robin put it right", year=2023)
    clock.pass_by(days=1)
    assert await texts.confirm({"own-1": told, "own-9": told}, "k-robin") == 1
    changed = replace(made, about=OTHER, digest="new", sections=(Section("New", "Words."),))
    assert await texts.put(replace(changed, read_at=clock.now), "2:2")
    stays = replace(changed, about=told, confirmed_at=clock.now, read_at=clock.now)
    assert await texts.get("own-1") == stays
    clock.pass_by(days=1)
    assert await texts.confirm({"own-1": OTHER}, "k-robin") == 1
    again = await texts.get("own-1")
    assert again == replace(stays, about=OTHER), "it is not new once more"
    assert await texts.unconfirmed(5) == ([], 0)
    assert (await actions(store, "leeds"))[1:] == ["text confirmed", "text confirmed"]
    assert not any("sensors" in repr(row) for row in dump(database_url)["own_text"])


async def test_of_what_was_not_confirmed_all_is_new(store: Store) -> None:
    made, texts = await brought(store, "own-1"), store.texts("leeds")
    changed = replace(made, about=OTHER, confirmed_at=START)
    assert await texts.put(changed, "2:2")
    assert await texts.get("own-1") == changed


async def test_every_text_is_given_though_few_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.texts.AT_ONCE", 2)
    for number in (4, 2, 0, 3, 1):
        await brought(store, f"own-{number}")
        if number % 2:
            await store.texts("leeds").unread(unread(f"z-{number}", "d"), "s-1")
    assert await ids(store) == [f"own-{number}" for number in range(5)]


async def test_each_change_of_what_is_seen_is_counted_and_no_look(store: Store) -> None:
    texts, counts = store.texts("leeds"), [await revision(store)]

    async def counted() -> int:
        counts.append(await revision(store))
        return counts[-1] - counts[-2]

    await store.sources("leeds").add(source())
    assert await counted() == 0
    await brought(store, "own-1")
    assert await counted() >= 1, "begins anywhere"
    for name in ("own-2", "own-3"):
        await brought(store, name)
        assert await counted() == 1
    await texts.touch("s-1", {"own-1.pdf": "2:2"})
    await texts.touch("s-1", {})
    await texts.unread(unread("new.pdf", "d"), "s-1")
    await texts.unread(unread("own-1.pdf", ""), "s-1")
    assert await store.sources("leeds").claim("s-1", HOUR)
    assert await texts.drop("s-1", []) == await texts.confirm({}) == 0
    assert await counted() == 0
    await texts.unread(unread("own-1.pdf", "d"), "s-1")
    assert await counted() == 1
    await texts.confirm({"own-2": ABOUT, "own-3": ABOUT})
    assert await counted() == 1
    await texts.drop("s-1", ["own-2.pdf"])
    assert await counted() == 1
    await store.sources("leeds").remove("s-1")
    assert await counted() == 1
    assert await store.text_revisions() == {"leeds": counts[-1]}
    assert await revision(store, "york") == 0


async def test_what_was_found_unchanged_is_known_by_what_tells_so_now(store: Store) -> None:
    texts = store.texts("leeds")
    for name in ("own-1", "own-2"):
        await brought(store, name)
    await texts.unread(unread("own-1.pdf", "", "it took too long"), "s-1")
    await texts.unread(unread("bad.pdf", "d", "it is locked"), "s-1")
    known = await texts.known("s-1")
    assert (known["own-1.pdf"].text, known["own-1.pdf"].reason) == ("own-1", "it took too long")
    await texts.touch("s-1", {"own-1.pdf": "2:2", "bad.pdf": "3:3", "not-there.pdf": "4:4"})
    told = {one: (it.validator, it.reason) for one, it in (await texts.known("s-1")).items()}
    assert told == {
        "bad.pdf": ("3:3", "it is locked"),
        "own-1.pdf": ("2:2", ""),
        "own-2.pdf": ("1:1", ""),
    }


async def test_what_cannot_be_read_says_why_and_holds_no_text(
    store: Store, database_url: str
) -> None:
    made, texts = await brought(store, "own-1"), store.texts("leeds")
    assert await texts.unread(unread("own-1.pdf", "", "the server is down"), "s-1")
    assert await texts.get("own-1") == made
    assert await texts.unread(unread("own-1.pdf", "new", "it is locked"), "s-1")
    known = Known(location="own-1.pdf", validator="9:9", digest="new", reason="it is locked")
    assert await texts.known("s-1") == {"own-1.pdf": known}
    assert await texts.unread(unread("own-1.pdf", "", "the server is down"), "s-1")
    known = replace(known, digest="", reason="the server is down")
    assert await texts.known("s-1") == {"own-1.pdf": known}
    assert "sensors" not in repr(dump(database_url)["own_text"])
    assert await texts.get("own-1") is None
    assert await ids(store) == []
    assert await texts.of("s-1") == []
    assert await texts.unconfirmed(5) == ([], 0)
    assert await texts.put(made, "3:3")
    assert await texts.get("own-1") == made
    assert not await texts.unread(unread("x", "d"), "s-9")


async def test_what_is_for_all_is_seen_everywhere_and_is_nobodys(
    store: Store, clock: Clock
) -> None:
    own, shared = await brought(store, "own-1"), await brought(store, "own-0", FOR_ALL)
    leeds, york = store.texts("leeds"), store.texts("york")
    assert await leeds.ids() == {"own-0", "own-1"}
    assert await york.ids() == {"own-0"}
    assert await york.get("own-0") == shared
    assert await york.get("own-1") is None
    assert await ids(store) == [own.id]
    assert await ids(store, FOR_ALL) == [shared.id]
    assert await ids(store, "york") == []
    counted = await store.text_revisions()
    assert await revision(store) == counted["leeds"] + counted[FOR_ALL]
    assert await revision(store, "york") == counted[FOR_ALL]
    assert await york.confirm({"own-0": OTHER, "own-1": OTHER}, "k-york") == 0
    clock.pass_by(days=1)
    await store.texts(FOR_ALL).confirm({"own-0": ABOUT})
    clock.pass_by(days=1)
    await leeds.confirm({"own-1": ABOUT})
    told = [("own-1", START + timedelta(days=2)), ("own-0", START + timedelta(days=1))]
    assert await leeds.confirmed_since(START) == told
    assert await leeds.confirmed_since(START + timedelta(days=1)) == told[:1]
    assert await york.confirmed_since(START) == told[1:]
    await leeds.confirm({"own-1": replace(ABOUT, kind="report")})
    assert await leeds.confirmed_since(START) == told[1:], "which is no case study"


async def test_those_that_wait_longest_are_confirmed_first(store: Store) -> None:
    await store.sources("leeds").add(source())
    for number in range(3):
        one = replace(own_text(f"own-{number}"), read_at=START - number * HOUR)
        await store.texts("leeds").put(one, "")
    first, count = await store.texts("leeds").unconfirmed(2)
    assert ([one.id for one in first], count) == (["own-2", "own-1"], 3)


def quoting(name: str, document: str) -> Reply:
    return Reply(
        "answered", "Told [1]", (Citation(1, document, "case-study", "", "", ""),), id=name
    )


async def replies(store: Store, community: str = "leeds") -> set[str]:
    names = [f"r-{number}" for number in range(5)]
    return {name for name in names if await store.kept_reply(community, name)}


async def test_with_a_text_go_the_kept_replies_that_give_it(store: Store) -> None:
    for number in range(5):
        made = await brought(store, f"own-{number}", of=f"s-{number}")
        await store.keep_reply("leeds", quoting(f"r-{number}", made.id))
        await store.keep_reply("york", quoting(f"r-{number}", "rochdale-mesh-network"))
    texts = store.texts("leeds")
    assert await texts.drop("s-0", ["own-0.pdf", "not-there.pdf"]) == 1
    assert await store.sources("leeds").remove("s-1", "k-admin") == 1
    assert await texts.put(replace(own_text("own-2", of="s-2"), digest="new"), "2:2")
    assert await texts.unread(unread("own-3.pdf", "new"), "s-3")
    assert await replies(store) == {"r-4"}
    assert len(await replies(store, "york")) == 5


@pytest.mark.parametrize("community", ["leeds", FOR_ALL])
async def test_with_many_go_all_replies_where_they_are_seen(store: Store, community: str) -> None:
    for number in range(21):
        await brought(store, f"own-{number}", community)
    for place in ("leeds", "york"):
        await store.keep_reply(place, quoting("r-1", "rochdale-mesh-network"))
    assert await store.sources(community).remove("s-1") == 21
    assert await replies(store) == set()
    assert await replies(store, "york") == ({"r-1"} if community == "leeds" else set())


async def test_no_byte_of_a_text_is_left_in_the_file(tmp_path: Path, clock: Clock) -> None:
    store = await Store.open(default_url(tmp_path), clock)
    texts, canary = store.texts("leeds"), b"CANARY"

    def found() -> bool:
        return any(canary in part.read_bytes() for part in tmp_path.iterdir())

    async def put(word: str) -> None:
        about = replace(ABOUT, title=word)
        told = tuple(Section(word, f"{word} was done. " * 2000, 1) for _ in range(5))
        one = replace(own_text(), about=about, sections=told, sketch=word.encode())
        assert await texts.put(one, "1:1")

    await store.sources("leeds").add(source())
    erasing: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: put("Other"),
        lambda: texts.drop("s-1", ["own-1.pdf"]),
        lambda: texts.unread(unread("own-1.pdf", "new"), "s-1"),
        lambda: store.sources("leeds").remove("s-1"),
    )
    for number, erase in enumerate(erasing):
        await put("CANARY")
        assert found(), number
        await erase()
        assert not found(), number
    await store.close()


async def test_a_write_that_fails_changes_nothing(store: Store, database_url: str) -> None:
    made, texts = await brought(store, "own-1"), store.texts("leeds")
    await brought(store, "own-2")
    await store.keep_reply("leeds", quoting("r-1", "own-1"))
    before = dump(database_url)

    async def fails(at: str, call: Awaitable[object]) -> None:
        def fail(*given: object) -> None:
            if at in str(given[2]):
                raise StoreUnusable("killed")

        engine = store._database.writer.sync_engine
        event.listen(engine, "before_cursor_execute", fail)
        try:
            with pytest.raises(StoreUnusable, match="killed"):
                await call
        finally:
            event.remove(engine, "before_cursor_execute", fail)
        assert dump(database_url) == before

    changed = replace(made, digest="new", sections=())
    await fails("DELETE FROM reply", texts.put(changed, "2:2"))
    await fails("DELETE FROM reply", texts.unread(unread("own-1.pdf", "new"), "s-1"))
    await fails("DELETE FROM reply", texts.drop("s-1", ["own-1.pdf"]))
    await fails("INSERT INTO audit", texts.confirm({"own-1": OTHER}))
    await fails("INSERT INTO audit", store.sources("leeds").remove("s-1"))
