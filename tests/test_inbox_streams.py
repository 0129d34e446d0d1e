"""Replies shown while they are made: by the platforms that can, and whole in the end, once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.conversation import Reply, Request
from bot.delivery import MaybeSent, NotSent, Told, Worded
from bot.inbox import Inbox
from bot.store import Question, Store, utc_now
from tests.clock import Clock
from tests.post import HERE, QUOTE, Open, Post, clock, echo, heard, inbox, post, store

__all__ = ["clock", "inbox", "post", "store"]  # fixtures

FIRST, SECOND = "Damp fell. [1]", "It fell fast. [1]"


@dataclass
class Live(Post):
    """A platform that can stream; what happened, in order. `ends` are raised at an end, first."""

    happened: list[str] = field(default_factory=list)
    ends: list[Exception] = field(default_factory=list)
    begins: Exception | None = None
    adds: Exception | None = None
    streams: bool = True

    async def begin(self, address: str) -> Live | None:
        self.happened.append(f"begin {address}")
        if self.begins:
            raise self.begins
        return self if self.streams else None

    async def add(self, text: str) -> None:
        self.happened.append(text)
        if self.adds:
            raise self.adds

    async def end(self, reply: Reply) -> str:
        self.happened.append("end")
        if self.ends:
            raise self.ends.pop(0)
        self.sent.append(("stream", reply))
        self._arrived.set()
        return "streamed message"


@pytest.fixture
def live(inbox: Open) -> Live:
    return Live()


def wording(*sentences: str, then: Exception | None = None, status: str = "answered") -> Worded:
    """Tells of these sentences, and whether they were seen."""

    async def worded(request: Request, told: Told) -> Reply:
        seen = [await told(one) for one in sentences]
        if then:
            raise then
        body = " ".join([*sentences, *(str(one) for one in seen)])
        return Reply(status, body, (QUOTE,))  # type: ignore[arg-type]

    return worded


async def answered(inbox: Open, live: Post, worded: Worded, **changes: object) -> None:
    box = inbox(worded=worded)
    box.channels["fake"] = live
    await box.accept(replace(heard(), **changes))  # type: ignore[arg-type]
    await box.finish()


async def test_each_sentence_is_shown_and_the_whole_takes_their_place(
    inbox: Open, live: Live
) -> None:
    await answered(inbox, live, wording(FIRST, SECOND))
    assert live.happened == ["begin to k1", FIRST, SECOND, "end"]
    assert live.said == [f"{FIRST} {SECOND} True True"]
    assert live.tries == 0


async def test_nothing_is_begun_before_there_is_something_to_show(inbox: Open, live: Live) -> None:
    await answered(inbox, live, wording())
    assert (live.happened, live.tries) == ([], 1)


async def test_without_a_writer_nothing_is_streamed(inbox: Open, live: Live) -> None:
    box = inbox()
    box.channels["fake"] = live
    await box.accept(heard())
    await box.finish()
    assert (live.happened, live.said) == ([], ["damp sensors?"])


@pytest.mark.parametrize("changes", [{"private": True}])
async def test_what_is_for_the_asker_alone_is_not_streamed(
    changes: dict[str, object], inbox: Open, live: Live
) -> None:
    await answered(inbox, live, wording(FIRST), **changes)
    assert live.happened == []
    assert live.said == [f"{FIRST} False"]


async def test_a_platform_that_cannot_stream_posts_the_whole(inbox: Open, post: Post) -> None:
    await answered(inbox, post, wording(FIRST))
    assert post.said == [f"{FIRST} False"]


async def test_an_address_that_cannot_be_streamed_to_gets_the_whole(
    inbox: Open, live: Live
) -> None:
    live.streams = False
    await answered(inbox, live, wording(FIRST, SECOND))
    assert live.happened == ["begin to k1"]
    assert live.said == [f"{FIRST} {SECOND} False False"]


async def test_where_showing_fails_the_whole_comes_all_the_same(
    inbox: Open, live: Live, caplog: pytest.LogCaptureFixture
) -> None:
    live.begins = RuntimeError("refused")
    await answered(inbox, live, wording(FIRST, SECOND))
    assert live.happened == ["begin to k1"]
    assert live.said == [f"{FIRST} {SECOND} False False"]
    assert "RuntimeError" in caplog.text
    assert "Damp" not in caplog.text


async def test_a_stream_that_breaks_is_still_ended(inbox: Open, live: Live) -> None:
    live.adds = RuntimeError("broken")
    await answered(inbox, live, wording(FIRST, SECOND))
    assert live.happened == ["begin to k1", FIRST, "end"]
    assert live.said == [f"{FIRST} {SECOND} True False"], "the first may have been seen"


async def test_an_answer_that_fails_half_way_ends_its_stream_with_an_apology(
    inbox: Open, live: Live
) -> None:
    await answered(inbox, live, wording(FIRST, then=ValueError("odd")))
    ((where, reply),) = live.sent
    assert (where, reply.status) == ("stream", "failed")


@pytest.mark.parametrize(
    ("ends", "happened", "where"),
    [
        ([NotSent("busy"), NotSent("busy")], ["end"] * 3, ["stream"]),
        ([MaybeSent("timed out")], ["end"], ["to k1"]),
        ([RuntimeError("expired")], ["end"], ["to k1"]),
        ([NotSent("busy"), RuntimeError("expired")], ["end"] * 2, ["to k1"]),
    ],
)
async def test_what_cannot_be_ended_is_sent_in_the_usual_way_once(
    ends: Sequence[Exception], happened: list[str], where: list[str], inbox: Open, live: Live
) -> None:
    live.ends = list(ends)
    await answered(inbox, live, wording(FIRST))
    assert live.happened[2:] == happened
    assert [address for address, _ in live.sent] == where
    unknown = isinstance(ends[-1], MaybeSent)
    assert ("may not have got through" in live.said[0]) == unknown, "never posted again then"


async def test_a_process_that_dies_while_it_shows_leaves_the_answer_to_the_next(
    inbox: Open, live: Live, clock: Clock
) -> None:
    shown = asyncio.Event()

    async def never(request: Request, told: Told) -> Reply:
        await told(FIRST)
        shown.set()
        await asyncio.Event().wait()
        raise AssertionError

    dying = inbox(worded=never)
    dying.channels["fake"] = live
    await dying.accept(heard())
    async with asyncio.timeout(5):
        await shown.wait()
    await dying.finish(0)
    assert live.sent == []
    clock.pass_by(seconds=31)
    following = inbox(echo)
    following.channels["fake"] = live
    following.start()
    await live.until(1)
    await following.finish()
    assert live.said == ["damp sensors?"], "whole, and once"


async def test_what_officers_may_rate_is_noted_by_the_message_it_became(
    inbox: Open, post: Post, store: Store
) -> None:
    async def rated(_: Request) -> Reply:
        return Reply("answered", "yes", feedback="name-1")

    asked = Question("damp sensors?", "answered", (), 1, utc_now(), "name-1")
    await store.remember(HERE, "{}", asked)
    box = inbox(rated)
    await box.accept(heard())
    await box.finish()
    assert await store.ratings(HERE.community).by_message("message 1") == "name-1"


async def test_a_message_is_noted_though_its_question_is_written_later(
    post: Post, store: Store
) -> None:
    async def rated(_: Request) -> Reply:
        return Reply("answered", "yes", feedback="name-1")

    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            question = Question("damp sensors?", "answered", (), 1, utc_now(), "name-1")
            await store.remember(HERE, "{}", question)

    box = Inbox(rated, store, pause=pause)
    box.channels["fake"] = post
    await box.accept(heard())
    await box.finish()
    assert await store.ratings(HERE.community).by_message("message 1") == "name-1"
    assert len(pauses) == 2
