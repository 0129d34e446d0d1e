"""Two processes on one database: a thread is answered in order, and each question once, whichever
of them hears it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answers.followup import Context
from bot.conversation import Asked, Origin, Reply, Request
from bot.delivery import Heard, NotSent
from bot.entering import Entering
from bot.inbox import LOOKS_HELD, SWEEP_EVERY, Inbox
from bot.sending import MOST_SENDS
from bot.store import Entry, Question, Store, StoreUnusable
from bot.store.database import Database
from bot.store.ledger import LEASE
from bot.tasks import Tasks
from bot.threads import Threads
from tests.clock import START, Clock
from tests.post import Post, heard

Leap = dict[str, float]


@dataclass
class Process:
    """One with an assistant that remembers what its thread was asked before, and answers only when
    it may."""

    store: Store
    post: Post
    may: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.threads = Threads(self.store)
        self.inbox = Inbox(
            self.handle, self.store, pause=self._at_once, written=self.threads.settled
        )
        self.inbox.channels["fake"] = self.post

    async def handle(self, request: Request) -> Reply:
        assert isinstance(request, Asked)
        await self.may.wait()
        before = await self.threads.context(request.origin)
        said = f"{before.text}, then {request.text}" if before else request.text
        asked = Question(request.text, "answered", (), 1, START)
        self.threads.keep(request.origin, Context(said, "fact", (), ()), asked, self._nothing)
        return Reply("answered", said)

    async def _at_once(self, _: float) -> None:
        """It is tried again at once."""

    async def _nothing(self) -> None:
        """There is nothing to be done behind it."""


@dataclass
class Looks:
    """What a process looked for at each look at what is due; `faults` are raised first."""

    process: Process
    faults: int = 0
    platforms: list[list[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._take = self.process.store.ledger.take

    async def take(self, platforms: list[str]) -> list[Entry]:
        self.platforms.append(platforms)
        if len(self.platforms) <= self.faults:
            raise StoreUnusable("the database is away")
        return await self._take(platforms)

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.platforms) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def processes(database_url: str, clock: Clock) -> AsyncIterator[tuple[Process, Process]]:
    stores = [await Store.open(database_url, clock) for _ in range(2)]
    post = Post()
    first, second = (Process(one, post) for one in stores)
    second.may.set()
    yield first, second
    for one in (first, second):
        await one.inbox.finish(0)
        await one.threads.written()
        await one.store.close()


async def test_the_next_of_a_thread_waits_for_another_process(
    processes: tuple[Process, Process],
) -> None:
    first, second = processes
    assert await first.inbox.accept(heard("one", "k1"))
    assert await second.inbox.accept(heard("two", "k2"))
    assert await second.inbox.accept(heard("elsewhere", "k3", thread="200.1"))
    await second.post.until(1)
    assert second.post.said == ["elsewhere"], "only its own thread waits"
    first.may.set()
    await second.post.until(3)
    assert second.post.said == ["elsewhere", "one", "one, then two"]


async def test_whoever_comes_to_its_turn_too_early_lets_the_one_before_it_go(
    processes: tuple[Process, Process],
) -> None:
    """Entered one after the other, and come to their turns the other way round, which may happen
    within one process: neither waits for the other."""
    store, order = processes[0].store, list[str]()
    entering = Entering(store, Tasks())
    both = [heard(key, key) for key in ("first", "second")]

    async def answered(one: Heard) -> None:
        async with entering.turn(Entry(one, sending=False, attempts=0)):
            order.append(one.key)
            await entering.done(one)
        entering.leave(one)

    for one in both:
        assert await entering.enter(one, 5)
    late = [asyncio.create_task(answered(both[1]))]
    await asyncio.sleep(0.05)
    late.append(asyncio.create_task(answered(both[0])))
    async with asyncio.timeout(5):
        await asyncio.gather(*late)
    assert order == ["first", "second"]


async def test_what_is_not_written_yet_is_waited_for(
    processes: tuple[Process, Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = processes
    may_write, remember = asyncio.Event(), first.store.remember

    async def slowly(origin: Origin, context: str, question: Question) -> None:
        await may_write.wait()
        await remember(origin, context, question)

    looks, waits = 0, second.store.ledger.waits

    async def looking(one: Heard) -> bool:
        nonlocal looks
        looks += first.post.said == ["one"]
        return await waits(one)

    monkeypatch.setattr(first.store, "remember", slowly)
    monkeypatch.setattr(second.store.ledger, "waits", looking)
    first.may.set()
    assert await first.inbox.accept(heard("one", "k1"))
    assert await second.inbox.accept(heard("two", "k2"))
    async with asyncio.timeout(20):
        while looks < 3 and len(second.post.said) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    may_write.set()
    await second.post.until(2)
    assert second.post.said == ["one", "one, then two"]


async def test_sent_to_both_it_is_answered_once(processes: tuple[Process, Process]) -> None:
    first, second = processes
    first.may.set()
    taken = await asyncio.gather(*(one.inbox.accept(heard()) for one in processes))
    assert sorted(taken) == [False, True]
    for one in processes:
        await one.inbox.finish()
    assert second.post.said == ["damp sensors?"]


async def test_what_waits_for_its_platform_holds_up_nothing(
    processes: tuple[Process, Process],
) -> None:
    first, second = processes
    assert await first.store.ledger.accept(heard("one", "k1"))
    assert await first.store.ledger.postpone(heard("one", "k1"))
    assert await second.inbox.accept(heard("two", "k2"))
    await second.post.until(1)
    assert second.post.said == ["two"]


async def test_what_a_dead_process_left_goes_before_what_waits_for_it(
    processes: tuple[Process, Process], clock: Clock
) -> None:
    first, second = processes
    assert await first.inbox.accept(heard("one", "k1"))
    await first.inbox.finish(0)  # as one that is killed leaves it
    assert await second.inbox.accept(heard("two", "k2"))
    async with asyncio.timeout(20):
        while second.post.signs != ["to k1", "to k2"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    clock.pass_by(seconds=LEASE.total_seconds())
    second.inbox.start()
    await second.post.until(2)
    assert second.post.said == ["one", "one, then two"]


async def test_nothing_is_remembered_of_what_waits_for_its_platform(
    processes: tuple[Process, Process],
) -> None:
    first, second = processes
    assert await first.store.ledger.accept(heard("one", "k1"))
    assert await second.inbox.accept(heard("two", "k2"))
    assert second.store.ledger.ahead._waiting
    second.post.faults = [NotSent("down") for _ in range(MOST_SENDS)]
    await first.store.ledger.done(heard("one", "k1"))
    await second.inbox.finish()
    assert (second.post.tries, second.post.sent) == (MOST_SENDS, [])
    assert not second.store.ledger.ahead._waiting


async def test_after_a_failed_look_owners_come_first(
    processes: tuple[Process, Process], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LEASE.total_seconds() + SWEEP_EVERY <= LOOKS_HELD * SWEEP_EVERY
    first, second = processes
    looks = Looks(second, faults=2)
    monkeypatch.setattr("bot.inbox.SWEEP_EVERY", 0.01)
    monkeypatch.setattr(second.store.ledger, "take", looks.take)
    assert await first.store.ledger.accept(heard("one", "k1"))
    clock.pass_by(seconds=LEASE.total_seconds())
    second.inbox.start()
    await second.post.until(1)
    held = LOOKS_HELD + 1  # of which the first failed again
    assert looks.platforms[: 2 + held] == [["fake"], *([[]] * held), ["fake"]]


def _woken(one: Process, monkeypatch: pytest.MonkeyPatch) -> Looks:
    """It looks for what is due, often."""
    looks = Looks(one)
    monkeypatch.setattr("bot.inbox.SWEEP_EVERY", 0.02)
    monkeypatch.setattr(one.store.ledger, "take", looks.take)
    return looks


@pytest.mark.parametrize("leap", [{"days": 3}, {"days": -1}])
async def test_a_clock_that_leaps_makes_no_second_answer(
    processes: tuple[Process, Process], clock: Clock, monkeypatch: pytest.MonkeyPatch, leap: Leap
) -> None:
    first, second = processes
    looks = _woken(second, monkeypatch)
    assert await first.inbox.accept(heard("one", "k1"))
    clock.pass_by(**leap)
    second.inbox.start()
    await looks.until(3)
    first.may.set()
    assert await first.inbox.accept(heard("two", "k2"))
    await first.post.until(2)
    await first.inbox.finish()
    assert [said.rpartition(", then ")[2] for said in first.post.said] == ["one", "two"]


async def test_the_one_who_has_it_keeps_it_when_the_clock_leaps(
    processes: tuple[Process, Process], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = processes
    looks = _woken(first, monkeypatch)
    monkeypatch.setattr(first.store.ledger, "renew", _never_in_time)
    assert await first.inbox.accept(heard("one", "k1"))
    clock.pass_by(days=3)
    first.inbox.start()
    await looks.until(3)
    first.may.set()
    await first.post.until(1)
    await first.inbox.finish()
    assert first.post.said == ["one"]
    clock.pass_by(seconds=LEASE.total_seconds())
    assert await first.store.ledger.take(["fake"]) == []


async def _never_in_time(_: object) -> None:
    """The look came first."""


async def test_what_could_not_be_noted_is_answered_once(
    processes: tuple[Process, Process], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = processes
    looks, writing, away = Looks(second), Database.writing, True

    def perhaps(database: Database) -> AbstractAsyncContextManager[AsyncConnection]:
        if away:
            raise StoreUnusable("the database is away")
        return writing(database)

    assert await first.inbox.accept(heard("one", "k1"))
    monkeypatch.setattr("bot.inbox.SWEEP_EVERY", 0.05)
    monkeypatch.setattr("bot.inbox.NOTED_IN", 0.05)
    monkeypatch.setattr(second.store.ledger, "take", looks.take)
    monkeypatch.setattr(Database, "writing", perhaps)
    first.may.set()
    await first.post.until(1)
    clock.pass_by(seconds=LEASE.total_seconds())
    first.inbox._taking = False  # so that the other alone would take it up
    for one in processes:
        one.inbox.start()
    await looks.until(2)
    away = False
    await looks.until(len(looks.platforms) + 2 * LOOKS_HELD)
    await first.inbox.finish()
    await second.inbox.finish()
    assert looks.platforms[-1] == ["fake"]
    assert first.post.said == ["one"]
    clock.pass_by(seconds=LEASE.total_seconds())
    assert await second.store.ledger.take(["fake"]) == [], "noted in the end"
