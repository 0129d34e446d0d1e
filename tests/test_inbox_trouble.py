"""What fails between hearing and answering: said, tried again, or given up, never in silence."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import Reply, Request
from bot.delivery import Heard, MaybeSent, NotSent
from bot.sending import MOST_SENDS
from bot.store import Entry, Store, StoreUnusable
from tests.clock import Clock
from tests.post import Open, Post, clock, heard, inbox, post, store

__all__ = ["clock", "inbox", "post", "store"]  # fixtures


async def test_what_fails_is_said_with_the_reference_that_is_in_the_log(
    inbox: Open, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(request: Request) -> Reply:
        raise ValueError(str(request))

    box = inbox(fails)
    await box.accept(heard("canary"))
    await box.finish()
    ((_, reply),) = post.sent
    assert (reply.status, "ref-1234" in reply.body) == ("failed", True)
    assert "ref-1234" in caplog.text
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text, "an officer's words"
    assert (await box.now(heard("canary").request)).status == "failed"


async def test_what_was_not_sent_is_sent_again_when_it_may_be(inbox: Open, post: Post) -> None:
    pauses: list[float] = []
    post.faults = [NotSent("busy", 30), NotSent("busy", 0)]
    box = inbox(pauses=pauses)
    await box.accept(heard())
    await box.finish()
    assert (post.said, post.tries) == (["damp sensors?"], 3)
    assert pauses == [30, 2]


async def test_while_its_platform_is_away_an_answer_waits(
    inbox: Open, post: Post, clock: Clock
) -> None:
    post.faults = [NotSent("down") for _ in range(MOST_SENDS)]
    box = inbox()
    await box.accept(heard())
    await box.finish()
    assert (post.tries, post.sent) == (MOST_SENDS, [])
    clock.pass_by(seconds=121)
    later = inbox()
    later.start()
    await post.until(1)
    await later.finish()
    assert post.said == ["damp sensors?"]


async def test_what_never_gets_through_is_given_up_and_logged(
    inbox: Open, post: Post, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    post.faults = [NotSent("down") for _ in range(MOST_SENDS)]
    box = inbox()
    await box.accept(heard())
    await box.finish()
    clock.pass_by(seconds=7 * 3600)
    post.faults = [NotSent("down") for _ in range(MOST_SENDS)]
    later = inbox()
    later.start()
    await post.until(1)
    await later.finish()
    assert "Reference: ref-1234" in post.said[0]
    assert "ref-1234" in caplog.text


async def test_what_may_have_been_sent_is_not_sent_again(
    inbox: Open, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.faults = [MaybeSent("timed out")]
    box = inbox()
    await box.accept(heard())
    await box.finish()
    assert post.tries == 2, "the answer once, and a word that it may not have got through"
    assert "may not have got through" in post.said[0]
    assert "may not have arrived, reference ref-1234" in caplog.text


async def test_what_another_platform_left_is_left_to_it(
    inbox: Open, post: Post, store: Store, clock: Clock
) -> None:
    await store.ledger.accept(replace(heard(key="other"), platform="elsewhere"))
    await store.ledger.accept(heard(key="ours"))
    clock.pass_by(seconds=31)
    box = inbox()
    box.start()
    await post.until(1)
    await box.finish()
    assert [address for address, _ in post.sent] == ["to ours"]
    (left,) = await store.ledger.take(["elsewhere"])
    assert left.heard.key == "other"


async def test_one_entry_that_cannot_be_read_stops_no_other(
    inbox: Open, post: Post, store: Store, clock: Clock, tmp_path: Path
) -> None:
    await store.ledger.accept(heard(key="bad"))
    await store.ledger.accept(heard(key="good"))
    with closing(sqlite3.connect(tmp_path / "outcomes.db")) as other, other:
        other.execute("UPDATE heard SET delivery = '{}' WHERE key = 'bad'")
    clock.pass_by(seconds=31)
    box = inbox()
    box.start()
    await post.until(1)
    await box.finish()
    assert [address for address, _ in post.sent] == ["to good"]


async def test_a_follow_up_right_behind_its_mention_is_heard(inbox: Open, post: Post) -> None:
    box = inbox()
    taken = await asyncio.gather(
        box.accept(replace(heard(key="k1"), hearing="called")),
        box.accept(replace(heard("and in Wales?", key="k2"), hearing="overheard")),
    )
    await box.finish()
    assert all(taken)
    assert post.said == ["damp sensors?", "and in Wales?"]


async def test_what_is_stored_late_is_noted_behind_that(
    inbox: Open, post: Post, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_enter, noted = asyncio.Event(), asyncio.Event()
    accept, done = store.ledger.accept, store.ledger.done

    async def late(one: Heard) -> bool:
        await may_enter.wait()
        return await accept(one)

    async def noting(one: Heard) -> None:
        noted.set()
        await done(one)

    monkeypatch.setattr(store.ledger, "accept", late)
    monkeypatch.setattr(store.ledger, "done", noting)
    monkeypatch.setattr("bot.inbox.ACCEPTED_IN", 0.05)
    box = inbox()
    assert await box.accept(heard())
    await post.until(1)
    with suppress(TimeoutError):
        await asyncio.wait_for(noted.wait(), 0.3)
    assert not noted.is_set(), "there is nothing yet that could be noted as answered"
    may_enter.set()
    await box.finish()
    clock.pass_by(seconds=31)
    assert await store.ledger.take(["fake"]) == []


async def test_a_look_that_takes_being_cancelled_for_a_fault_ends_too(
    inbox: Open, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, looks = asyncio.Event(), 0

    async def cut(_: list[str]) -> list[Entry]:
        nonlocal looks
        looks += 1
        began.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            if looks > 1:
                raise
            raise StoreUnusable("the connection was cut") from None
        return []

    monkeypatch.setattr("bot.inbox.SWEEP_EVERY", 0.01)
    monkeypatch.setattr(store.ledger, "take", cut)
    box = inbox()
    box.start()
    await began.wait()
    async with asyncio.timeout(20):
        await box.finish()
    assert not [one for one in asyncio.all_tasks() if "_again" in repr(one)]
    assert looks == 1


async def test_a_form_sent_twice_is_answered_once(inbox: Open, post: Post) -> None:
    box = inbox()
    for _ in range(2):
        box.post(heard(), Reply("answered", "once"))
    await box.finish()
    assert post.said == ["once"]


async def test_what_was_emptied_is_not_left_in_the_databases_log(
    inbox: Open, tmp_path: Path
) -> None:
    box = inbox()
    await box.accept(heard("canary in the mine?"))
    await box.finish()
    assert "canary" not in everything_in(tmp_path)


def everything_in(folder: Path) -> str:
    return "".join(one.read_bytes().decode("latin-1") for one in folder.glob("outcomes.db*"))


async def test_what_a_platform_refuses_is_apologised_for(inbox: Open, post: Post) -> None:
    post.faults = [RuntimeError("invalid_blocks")]
    box = inbox()
    await box.accept(heard())
    await box.finish()
    assert "ref-1234" in post.said[0]
