"""From what a platform heard to the reply it is given: once, in order, and never in silence."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.conversation import Asked, Citation, Command, Origin, Reply, Request
from bot.delivery import Heard, MaybeSent, NotSent
from bot.inbox import MOST_SENDS, SCREENFUL, Inbox
from bot.store import Store, default_url
from tests.test_store import Clock

HERE = Origin("leeds", "C1", "100.1", "U1")
QUOTE = Citation(1, "a", "case-study", "A", "https://a.example/", "It fell.")


def heard(text: str = "damp sensors?", key: str = "k1", **changes: object) -> Heard:
    origin = replace(HERE, **changes)  # type: ignore[arg-type]
    return Heard("fake", key, Asked(text, origin), f"to {key}", f"Ev {key}")


async def echo(request: Request) -> Reply:
    assert isinstance(request, Asked)
    return Reply("answered", request.text)


@dataclass
class Post:
    """A platform that records what it is given; `faults` are raised first, one a send."""

    sent: list[tuple[str, Reply]] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    tries: int = 0
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, count: int) -> None:
        """Wait, not forever, for that many replies."""
        async with asyncio.timeout(20):
            while len(self.sent) < count:
                self._arrived.clear()
                await self._arrived.wait()

    async def working(self, address: str) -> None:
        self.signs.append(address)

    async def send(self, address: str, reply: Reply) -> None:
        self.tries += 1
        if self.faults:
            raise self.faults.pop(0)
        self.sent.append((address, reply))
        self._arrived.set()

    @property
    def said(self) -> list[str]:
        return [reply.body for _, reply in self.sent]


Open = Callable[..., Inbox]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(default_url(tmp_path), clock)
    yield opened
    await opened.close()


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
async def inbox(store: Store, post: Post) -> AsyncIterator[Open]:
    opened: list[Inbox] = []

    def open_(
        handle: Callable[[Request], Awaitable[Reply]] = echo,
        pauses: list[float] | None = None,
    ) -> Inbox:
        async def pause(seconds: float) -> None:
            (pauses if pauses is not None else []).append(seconds)

        opened.append(Inbox(handle, store, lambda: "ref-1234", pause))
        opened[-1].channels["fake"] = post
        return opened[-1]

    yield open_
    for one in opened:
        await one.finish(0)


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
    assert await following._store.ledger.take() == []


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
        await store.ledger.take()
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
        async def send(self, address: str, reply: Reply) -> None:
            if address == "to stuck":
                await asyncio.Event().wait()
            await super().send(address, reply)

        async def working(self, address: str) -> None:
            if address == "to stuck":
                await asyncio.Event().wait()

    box, stuck = inbox(), Stuck()
    box.channels["fake"] = stuck
    await box.accept(heard(key="stuck", thread="1"))
    for number in range(10):
        await box.accept(heard(key=str(number), thread=f"2.{number}"))
    await stuck.until(10)


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


async def test_what_never_gets_through_is_given_up_and_logged(
    inbox: Open, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.faults = [NotSent("down") for _ in range(99)]
    box = inbox()
    await box.accept(heard())
    await box.finish()
    assert post.tries == MOST_SENDS + 1, "and once the apology"
    assert "ref-1234" in caplog.text


async def test_what_may_have_been_sent_is_not_sent_again(
    inbox: Open, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.faults = [MaybeSent("timed out")]
    box = inbox()
    await box.accept(heard())
    await box.finish()
    assert (post.tries, post.sent) == (1, [])
    assert "may not have arrived, reference ref-1234" in caplog.text


async def test_what_a_platform_refuses_is_apologised_for(inbox: Open, post: Post) -> None:
    post.faults = [RuntimeError("invalid_blocks")]
    box = inbox()
    await box.accept(heard())
    await box.finish()
    assert "ref-1234" in post.said[0]


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
    await box.accept(replace(heard("see you at lunch", key="k2"), hearing="overheard"))
    quiet = replace(heard(key="k3"), request=Command("quiet", "", HERE), hearing="overheard")
    await box.accept(quiet)
    await box.finish()
    assert [address for address, _ in post.sent] == ["to k1", "to k3"]


@pytest.mark.parametrize("status", ["unsure", "clarify"])
async def test_in_a_thread_only_a_question_is_told_that_nothing_is_known(
    status: str, inbox: Open, post: Post
) -> None:
    async def handle(_: Request) -> Reply:
        return Reply(status, "I don't have that.")  # type: ignore[arg-type]

    box = inbox(handle)
    await box.accept(replace(heard(key="k1"), hearing="called"))
    await box.accept(replace(heard("I will ask her", key="k2"), hearing="overheard"))
    await box.accept(replace(heard("and in Wales?", key="k3"), hearing="overheard"))
    await box.finish()
    assert [address for address, _ in post.sent] == ["to k1", "to k3"]


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
