"""What fails between hearing and answering: said, tried again, or given up, never in silence."""

from __future__ import annotations

import pytest

from bot.conversation import Reply, Request
from bot.delivery import MaybeSent, NotSent
from bot.inbox import MOST_SENDS
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
