"""Case studies that officers suggest, kept on either database until and after they are decided."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Literal

import pytest

from bot.store import Letter, Reachable, Store, default_url
from bot.store.fits import Entry
from bot.texts import Suggested
from tests.clock import START, Clock
from tests.holdings import SECTIONS, brought, suggested
from tests.offering import Person, nothing, post, reply
from tests.registrations import actions
from tests.tables import dump

Decided = Literal["accepted", "declined"]


@pytest.fixture
async def store(database_url: str, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, clock)
    yield opened
    await opened.close()


def told(to: Person, words: str) -> list[Letter]:
    return [Letter(to.community, to.key, reply(words))]


async def kept(store: Store, who: Person, name: str = "c-1") -> Suggested:
    made = suggested(who.key, name, who.community)
    assert await store.suggestions(who.community).add(made, b"CANARY of " + name.encode())
    return made


async def test_it_comes_back_as_it_was_suggested(store: Store, robin: Person, sam: Person) -> None:
    suggestions, made = store.suggestions("leeds"), suggested(robin.key)
    assert await suggestions.add(made, b"file", told(sam, "one is suggested"))
    assert await post(store) == ["one is suggested"]
    assert await suggestions.get("c-1") == made
    assert await suggestions.file("c-1") == b"file"
    assert await suggestions.open(5) == ([made], 1)
    assert await suggestions.get("c-9") is None
    assert await suggestions.file("c-9") == b""
    assert not await suggestions.add(suggested("k-nobody", "c-2"), b"", told(sam, "none"))
    assert await suggestions.get("c-2") is None
    assert await post(store) == []
    assert await actions(store, "leeds") == ["case study suggested"]


async def test_the_oldest_wait_first_and_some_at_once(store: Store, robin: Person) -> None:
    suggestions = store.suggestions("leeds")
    for number in range(3):
        made = suggested(robin.key, f"c-{number}")
        early = replace(made, suggested_at=START - timedelta(hours=number))
        assert await suggestions.add(early, b"")
    assert await suggestions.answered("c-1", "asked", "Which year?", by="k-admin")
    for limit, start, names in ((9, 0, ["c-2", "c-0"]), (1, 1, ["c-0"]), (1, 2, [])):
        found, count = await suggestions.open(limit, start)
        assert ([one.id for one in found], count) == (names, 2)


async def test_one_process_tells_what_was_read(store: Store, another: Store, robin: Person) -> None:
    made, suggestions = await kept(store, robin), store.suggestions("leeds")
    york = await Person.new(store, "U-york", "york")
    elsewhere = await kept(store, york, "c-0")
    assert await store.unread_suggestions() == [elsewhere, made]
    looked = await asyncio.gather(
        *(
            one.suggestions("leeds").looked("c-1", SECTIONS, "Read.", ("own-9",), told(robin, "x"))
            for one in (store, another)
        )
    )
    assert sorted(looked) == [False, True]
    assert await post(store) == ["x"]
    found = replace(made, doubles=("own-9",), reading="Read.")
    assert await suggestions.get("c-1") == replace(found, read=SECTIONS)
    assert await suggestions.open(1) == ([found], 1), "without what was read"
    assert await store.unread_suggestions() == [elsewhere]
    again = replace(found, told="In other words.", state="open")
    assert await suggestions.change(again, None)
    assert await store.unread_suggestions() == [elsewhere, replace(again, reading="")]


async def test_it_is_filled_in_again_by_whoever_suggested_it(
    store: Store, robin: Person, sam: Person
) -> None:
    made, suggestions = await kept(store, robin), store.suggestions("leeds")
    assert await suggestions.answered(
        "c-1", "asked", "Which year?", by=sam.key, letters=told(robin, "which year?")
    )
    assert await post(store) == ["which year?"]
    asked = await suggestions.get("c-1")
    assert asked == replace(made, state="asked", said="Which year?")
    changed = replace(asked, told="It was in 2024.", state="open", outcomes=("data",))
    assert not await suggestions.change(replace(changed, by=sam.key), b"", told(sam, "no"))
    assert await suggestions.change(changed, None, told(sam, "changed"))
    assert await post(store) == ["changed"]
    assert await suggestions.get("c-1") == changed
    assert await suggestions.file("c-1") == b"CANARY of c-1"
    assert await suggestions.change(changed, b"other")
    assert await suggestions.file("c-1") == b"other"


@pytest.mark.parametrize("state", ["accepted", "declined"])
async def test_it_is_decided_once_and_its_file_goes(
    store: Store, another: Store, robin: Person, sam: Person, database_url: str, state: Decided
) -> None:
    made, suggestions = await kept(store, robin), store.suggestions("leeds")
    assert await suggestions.looked("c-1", SECTIONS, "Read.")
    answers = await asyncio.gather(
        *(
            one.suggestions("leeds").answered(
                "c-1", state, "So.", "own-5", by=sam.key, letters=told(robin, "decided")
            )
            for one in (store, another)
        )
    )
    assert sorted(answers) == [False, True]
    assert await post(store) == ["decided"]
    found = await suggestions.get("c-1")
    assert found == replace(
        made, state=state, said="So.", text="own-5", doubles=(), reading="Read."
    )
    assert await suggestions.file("c-1") == b""
    assert not await suggestions.change(made, b"again")
    assert not await suggestions.looked("c-1", SECTIONS, "Read.")
    assert not await suggestions.answered("c-1", "asked", "More?", by=sam.key)
    assert await suggestions.open(5) == ([], 0)
    assert await store.unread_suggestions() == []
    assert "CANARY" not in repr(dump(database_url)["suggestion"])
    assert await actions(store, "leeds") == ["case study suggested", f"suggestion {state}"]


async def test_no_byte_of_a_decided_file_is_left(tmp_path: Path, clock: Clock) -> None:
    store = await Store.open(default_url(tmp_path), clock)
    robin = await Person.new(store, "U-robin")
    suggestions, attached = store.suggestions("leeds"), b"CANARY attached" * 5000

    def found() -> bool:
        return any(b"CANARY" in part.read_bytes() for part in tmp_path.iterdir())

    async def change() -> None:
        assert await suggestions.change(suggested(robin.key, "c-1"), b"other")

    async def decide() -> None:
        assert await suggestions.answered("c-2", "declined", "No.", by="k-admin")

    async def wait() -> None:
        clock.pass_by(days=91)
        assert await store.retention.enforce() == 2

    for number, erase in enumerate((change, decide, wait), start=1):
        assert await suggestions.add(suggested(robin.key, f"c-{number}"), attached)
        assert found()
        await erase()
        assert not found(), number
    await store.close()


async def test_what_nobody_decides_is_kept_a_year_its_file_a_quarter(
    store: Store, robin: Person, clock: Clock, database_url: str
) -> None:
    made, suggestions = await kept(store, robin), store.suggestions("leeds")
    assert await suggestions.looked("c-1", SECTIONS, "Read.")
    clock.pass_by(days=60)
    assert await suggestions.change(made, None)
    clock.pass_by(days=90)
    assert await store.purge() == await store.retention.enforce() == 0
    clock.pass_by(seconds=1)
    assert await store.retention.enforce() == 1
    assert await store.retention.enforce() == 0
    assert await suggestions.file("c-1") == b""
    assert await suggestions.get("c-1") == made
    clock.pass_by(days=275, seconds=-1)
    assert await store.purge() == await store.retention.enforce() == 0
    assert await store.people("leeds").known_key("U-robin") == robin.key
    clock.pass_by(seconds=1)
    assert await store.retention.enforce() == 1
    assert dump(database_url)["suggestion"] == []
    entry = (await store.fits("leeds").audit())[-1]
    assert entry == Entry(clock.now, "", "erased", "suggestion: 1 past 365 days")
    assert await store.purge() == 1, "and whoever suggested it is forgotten"


async def test_what_was_decided_is_kept_a_year(store: Store, robin: Person, clock: Clock) -> None:
    await kept(store, robin)
    clock.pass_by(days=80)
    assert await store.suggestions("leeds").answered("c-1", "accepted", "", "own-1", by="k")
    clock.pass_by(days=365)
    assert await store.retention.enforce() == 0
    assert await store.purge() == 0
    clock.pass_by(seconds=1)
    assert await store.retention.enforce() == 1


async def test_an_officer_sees_and_erases_what_they_suggested(
    store: Store, robin: Person, sam: Person, database_url: str
) -> None:
    made, suggestions = await kept(store, robin), store.suggestions("leeds")
    other = await kept(store, sam, "c-2")
    text = await brought(store, "own-1")
    assert await suggestions.answered("c-1", "accepted", "Thank you.", text.id, by=sam.key)
    held = await store.rights("leeds").held("U-robin")
    assert held is not None
    assert held["suggestions"] == [
        {
            "title": made.title,
            "told": made.told,
            "council": made.council,
            "link": made.link,
            "file_name": made.file_name,
            "outcomes": ["inclusion"],
            "suggested_at": START,
            "state": "accepted",
            "said": "Thank you.",
            "text": "own-1",
        }
    ]
    assert await store.rights("leeds").erase(robin.origin, hand_over=False, write=nothing)
    assert await suggestions.get("c-1") is None
    assert await suggestions.get("c-2") == other
    assert await store.texts("leeds").get("own-1") == text, "a text that it became stays"
    assert robin.key not in repr({**dump(database_url), "audit": []})
    assert not await suggestions.add(made, b"", told(sam, "late")), "they are nobody any more"


async def test_who_can_be_written_to(store: Store, robin: Person, sam: Person) -> None:
    quiet = await store.people("leeds").key("U-quiet")
    found = await store.people("leeds").reachable()
    assert {(one.person, one.key) for one in found} == {("U-robin", robin.key), ("U-sam", sam.key)}
    assert found == sorted(found, key=lambda one: one.key)
    assert Reachable(robin.key, "U-robin", robin.origin.platform) in found
    assert quiet not in repr(found)
    assert await store.people("york").reachable() == []
