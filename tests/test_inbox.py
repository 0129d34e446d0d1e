"""From what a platform heard to the reply it is given: once, in order, and never in silence."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.conversation import Asked, Command, Reply, Request, Submitted
from bot.inbox import SCREENFUL
from bot.speech import spoken
from bot.store import Store
from tests.clock import Clock
from tests.post import HERE, QUOTE, Open, Post, clock, echo, heard, inbox, post, store

__all__ = ["clock", "inbox", "post", "store"]  # fixtures


async def test_a_question_is_answered_where_it_was_asked(inbox: Open, post: Post) -> None:
    box = inbox()
    assert await box.accept(heard())
    await box.finish()
    assert post.sent == [("to k1", Reply("answered", "damp sensors?"))]
    assert post.signs == ["to k1"]


async def test_retried_and_doubled_it_is_answered_once(
    inbox: Open, post: Post, store: Store
) -> None:
    box = inbox()
    doubles = [heard(), replace(heard(), event="Ev 2"), replace(heard(), key="other")]
    assert [await box.accept(one) for one in doubles] == [True, False, False]
    await box.finish()
    after_a_restart = inbox()
    assert [await after_a_restart.accept(one) for one in doubles] == [False] * 3
    await after_a_restart.finish()
    assert post.said == ["damp sensors?"]


async def test_what_a_dead_process_left_is_answered_by_the_next(
    inbox: Open, post: Post, clock: Clock
) -> None:
    async def never(_: Request) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    dying = inbox(never)
    await dying.accept(heard())
    await dying.finish(0)
    assert post.sent == []

    clock.pass_by(seconds=31)
    following = inbox()
    following.start()
    await post.until(1)
    await following.finish()
    assert post.said == ["damp sensors?"]
    clock.pass_by(seconds=31)
    assert await following._store.ledger.take(["fake", "slack"]) == []


async def test_what_was_stopped_while_sending_is_not_repeated(
    inbox: Open, post: Post, store: Store, clock: Clock
) -> None:
    await store.ledger.accept(heard())
    await store.ledger.sending(heard())
    clock.pass_by(seconds=31)
    box = inbox()
    box.start()
    await post.until(1)
    await box.finish()
    ((_, reply),) = post.sent
    assert reply.status == "failed"
    assert "stopped" in reply.body
    assert "ask again" in reply.body


async def test_an_answer_that_kills_its_process_is_given_up(
    inbox: Open, post: Post, store: Store, clock: Clock
) -> None:
    await store.ledger.accept(heard())
    for _ in range(5):
        clock.pass_by(seconds=31)
        await store.ledger.take(["fake", "slack"])
    clock.pass_by(seconds=31)
    box = inbox()
    box.start()
    await post.until(1)
    await box.finish()
    assert post.sent[0][1].status == "failed"


async def test_a_thread_is_answered_in_order(inbox: Open, post: Post) -> None:
    async def slowest_first(request: Request) -> Reply:
        assert isinstance(request, Asked)
        await asyncio.sleep(0.1 if request.text == "0" else 0)
        return Reply("answered", request.text)

    box = inbox(slowest_first)
    for number in range(5):
        await box.accept(heard(str(number), key=str(number)))
    await box.finish()
    assert post.said == ["0", "1", "2", "3", "4"]


async def test_one_bad_conversation_never_holds_up_the_others(inbox: Open, post: Post) -> None:
    async def hangs(request: Request) -> Reply:
        if request.origin.thread == "bad":
            await asyncio.Event().wait()
        return Reply("answered", request.origin.thread)

    box = inbox(hangs)
    for number in range(20):
        await box.accept(heard(key=f"bad {number}", thread="bad"))
    began = time.perf_counter()
    for number in range(20):
        await box.accept(heard(key=f"good {number}", thread=f"good {number}"))
    await post.until(20)
    assert all(body.startswith("good") for body in post.said)
    assert time.perf_counter() - began < 5


async def test_one_slow_platform_call_never_holds_up_other_threads(inbox: Open, post: Post) -> None:
    class Stuck(Post):
        async def send(self, address: str, reply: Reply) -> str:
            if address == "to stuck":
                await asyncio.Event().wait()
            return await super().send(address, reply)

        async def working(self, address: str) -> None:
            if address == "to stuck":
                await asyncio.Event().wait()

    box, stuck = inbox(), Stuck()
    box.channels["fake"] = stuck
    await box.accept(heard(key="stuck", thread="1"))
    for number in range(10):
        await box.accept(heard(key=str(number), thread=f"2.{number}"))
    await stuck.until(10)


async def test_only_a_followed_thread_is_overheard(inbox: Open, post: Post, store: Store) -> None:
    asked: list[Request] = []

    async def handle(request: Request) -> Reply:
        asked.append(request)
        return Reply("answered", "yes")

    box = inbox(handle)
    overheard = replace(heard(key="k0"), hearing="overheard")
    assert not await box.accept(overheard)
    assert asked == []
    assert await box.accept(replace(heard(key="k1"), hearing="called"))
    assert await box.accept(replace(heard(key="k2"), hearing="overheard"))
    await store.ledger.hush(HERE, quiet=True)
    assert not await inbox(handle).accept(replace(heard(key="k3"), hearing="overheard"))
    await box.finish()
    assert len(asked) == 2


@pytest.mark.parametrize("status", ["declined", "help", "invalid"])
async def test_officers_talking_to_each_other_are_left_alone(
    status: str, inbox: Open, post: Post
) -> None:
    async def handle(_: Request) -> Reply:
        return Reply(status, "not mine")  # type: ignore[arg-type]

    box = inbox(handle)
    await box.accept(replace(heard(key="k1"), hearing="called"))
    await box.accept(replace(heard("what is for lunch?", key="k2"), hearing="overheard"))
    quiet = replace(heard(key="k3"), request=Command("quiet", "", HERE), hearing="overheard")
    await box.accept(quiet)
    await box.finish()
    assert [address for address, _ in post.sent] == ["to k1", "to k3"]


async def test_in_a_thread_only_what_is_meant_for_the_bot_is_answered_or_kept(
    inbox: Open, post: Post, store: Store
) -> None:
    box = inbox()
    await box.accept(replace(heard(key="k1"), hearing="called"))
    for number, chatter in enumerate(("ok will do", "I will ask her", "did you see this?")):
        overheard = replace(heard(chatter, key=f"c{number}"), hearing="overheard")
        assert not await box.accept(overheard)
    told = spoken("find the form on the intranet", HERE, overheard=True)  # to a colleague
    assert not await box.accept(replace(heard(key="c9"), request=told, hearing="overheard"))
    await box.accept(replace(heard("and in Wales?", key="k2"), hearing="overheard"))
    listed = spoken("list sources on damp", HERE, overheard=True)
    await box.accept(replace(heard(key="k3"), request=listed, hearing="overheard"))
    await box.finish()
    assert [address for address, _ in post.sent] == ["to k1", "to k2", "to k3"]
    assert await store.ledger.accept(heard("ok will do", key="c0")), "nothing of it was kept"


async def test_it_says_once_that_it_reads_a_thread(inbox: Open, post: Post) -> None:
    box = inbox()
    for key in ("k1", "k2"):
        await box.accept(replace(heard(key=key), hearing="called"))
        await box.finish()
    await box.accept(heard(key="k3", thread="alone"))
    await box.finish()
    assert [reply.following for _, reply in post.sent] == [True, False, False]


async def test_those_who_come_in_go_before_the_answers(inbox: Open, post: Post) -> None:
    answered: list[str] = []

    async def handle(request: Request) -> Reply:
        answered.append(request.origin.thread)
        return await echo(request)

    box = inbox(handle)
    with box._door.entering():
        await box.accept(heard(key="k1"))
        await asyncio.sleep(0.05)
        assert answered == []
    await post.until(1)
    with box._door.entering():
        began = time.perf_counter()
        await box.accept(heard(key="k2", thread="2"))
        await post.until(2)
        assert time.perf_counter() - began < 2, "but not for ever"


async def test_private_and_long_answers_can_be_read_again(
    inbox: Open, post: Post, store: Store
) -> None:
    async def handle(request: Request) -> Reply:
        assert isinstance(request, Command)
        return Reply("answered", request.text, (QUOTE,))

    box = inbox(handle)
    long = Command("ask", "x" * (SCREENFUL + 1), HERE)
    short = Command("who", "has damp sensors?", HERE)
    await box.accept(replace(heard(key="long"), request=long))
    await box.accept(replace(heard(key="short"), request=short))
    await box.accept(replace(heard(key="private"), request=short, private=True))
    await box.finish()
    ids = [reply.id for _, reply in post.sent]
    assert [bool(one) for one in ids] == [True, False, True]
    private = await store.kept_reply("leeds", ids[2])
    assert private
    assert private.heading == "who has damp sensors?"


async def test_a_list_of_texts_can_be_shared_and_what_is_shown_to_one_for_a_look_cannot(
    inbox: Open, post: Post, store: Store
) -> None:
    async def handle(request: Request) -> Reply:
        assert isinstance(request, Command)
        return Reply("answered", "x", (QUOTE,), linked=True, private=request.name == "digest")

    box = inbox(handle)
    for name in ("find", "digest"):
        request = Command(name, "damp sensors", HERE)
        await box.accept(replace(heard(key=name), request=request, private=True))
        await box.finish()
    found, digest = (reply for _, reply in post.sent)
    kept = await store.kept_reply("leeds", found.id)
    assert kept
    assert kept.linked
    assert kept.heading == "Texts on damp sensors"
    assert digest.id == ""


async def test_an_answer_to_a_form_can_be_read_on_too(
    inbox: Open, post: Post, store: Store
) -> None:
    box = inbox()
    form = replace(heard(), request=Submitted("ask", {"question": "who?"}, HERE), private=True)
    box.post(form, Reply("answered", "x" * (SCREENFUL + 1), (QUOTE,), heading="who?"))
    await box.finish()
    kept = await store.kept_reply("leeds", post.sent[0][1].id)
    assert kept
    assert kept.heading == "who?"


async def test_a_locked_database_delays_no_acknowledgement_and_loses_no_answer(
    inbox: Open, post: Post, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    box = inbox()
    with closing(sqlite3.connect(tmp_path / "outcomes.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = time.perf_counter()
        assert await box.accept(heard())
        assert time.perf_counter() - began < 3
        assert not await box.accept(heard()), "a retry meanwhile"
        other.execute("ROLLBACK")
    await box.finish()
    assert post.said == ["damp sensors?"]
    assert "could not be stored" in caplog.text


async def test_stopping_answers_what_was_accepted(inbox: Open, post: Post) -> None:
    release = asyncio.Event()

    async def slow(request: Request) -> Reply:
        await release.wait()
        return await echo(request)

    box = inbox(slow)
    for number in range(30):
        await box.accept(heard(key=str(number), thread=str(number)))
    stopping = asyncio.create_task(box.finish())
    await asyncio.sleep(0)
    release.set()
    await stopping
    assert len(post.sent) == 30


async def test_in_its_turn_a_slow_answer_becomes_an_apology(inbox: Open) -> None:
    async def never(_: Request) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    began = time.perf_counter()
    reply = await inbox(never).now(heard().request)
    assert reply.status == "failed"
    assert time.perf_counter() - began < 3


async def test_the_log_says_what_is_left_for_the_next_start(
    inbox: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)

    async def never(_: Request) -> Reply:
        with suppress(ValueError):
            await asyncio.Event().wait()
        raise AssertionError

    box = inbox(never)
    await box.accept(heard())
    await box.finish(0.01)
    assert "1 answers are left for the next start" in caplog.text
