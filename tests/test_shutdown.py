"""Told to stop, it finishes what it has begun; what it has not the next answers: each once."""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.conversation import Reply, Request
from bot.rehearsal.crowd import credentials
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_payloads import mention
from bot.rehearsal.teams import TeamsPeer
from bot.store import Store
from tests.post import Open, Post, clock, echo, heard, inbox, post, store
from tests.running import Outcomes, Process
from tests.test_platforms import lines, with_settings

__all__ = ["clock", "inbox", "post", "store"]  # fixtures

SWINDON = "How much did Swindon save on translation?"


async def test_what_is_not_begun_waits_for_the_next_start(inbox: Open, post: Post) -> None:
    begun, may_end = 0, asyncio.Event()
    both = asyncio.Event()

    async def slow(request: Request) -> Reply:
        nonlocal begun
        begun += 1
        if begun == 2:
            both.set()
        await may_end.wait()
        return await echo(request)

    stopping = inbox(slow)
    others = [heard(key=f"k{number}", thread=f"t{number}") for number in range(7)]
    for one in others:
        assert await stopping.accept(one)
    await both.wait()
    stopping._begin_no_more()
    may_end.set()
    await stopping.finish()
    assert (begun, len(post.sent)) == (2, 2), "what was begun is finished, and no more is begun"

    following = inbox()
    following.start()  # at once, though a lease lasts longer
    await post.until(7)
    await following.finish()
    assert [count for _, count in Counter(where for where, _ in post.sent).items()] == [1] * 7
    assert not [said for said in post.said if "stopped" in said]


@asynccontextmanager
async def running(command: Outcomes) -> AsyncIterator[tuple[Process, str]]:
    process = command.start("serve")
    try:
        yield process, (await lines(process, 3)).split()[5].rstrip("/")
    finally:
        process.kill()
        await asyncio.to_thread(process.communicate)


async def test_what_it_leaves_is_anothers_at_once(inbox: Open, post: Post, store: Store) -> None:
    stopping, following = inbox(), inbox()
    stopping._begin_no_more()
    assert await stopping.accept(heard())
    async with asyncio.timeout(20):
        while not (taken := await store.ledger.take(["fake"])):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    following._tasks.begin(following._answer(taken[0]))
    await following.finish()
    await stopping.finish()
    assert await store.ledger.take(["fake"]) == [], "answered, and not to be taken up again"
    assert post.said == ["damp sensors?"]


async def test_told_again_it_ends_at_once(outcomes: Outcomes) -> None:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        command = with_settings(outcomes, credentials(slack, teams))
        slack.faults["chat.postMessage"].append(Fault(seconds=120))
        async with running(command) as (process, address):
            slack.events = f"{address}/slack/events"
            assert (await slack.event(mention(SWINDON))).status == 200
            await slack.until(lambda: bool(slack.called("chat.postMessage")), 30)
            process.send_signal(signal.SIGTERM)
            assert process.stderr
            while "Stopping" not in (await asyncio.to_thread(process.stderr.readline)):
                assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 5) == -signal.SIGTERM
