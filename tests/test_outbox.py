"""The outbox: what is sent first is sent, whatever platforms and the database do meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.conversation import Origin, Reply
from bot.delivery import MaybeSent, NotSent
from bot.outbox import AGAIN_IN, LONGEST_WAIT, MOST_UNSURE, Outbox
from bot.server import again
from bot.store import Store, default_url
from tests.clock import Clock
from tests.offering import OFFER, WISH, Person

Said = list[tuple[tuple[str, ...], str]]


class Banned(Exception):
    """The platform's word that it will never post this."""


@dataclass
class Postman:
    """A platform: raises what it is told to, first of all, and keeps what it was given and took."""

    name: str = "slack"
    faults: list[Exception] = field(default_factory=list)
    tried: int = 0
    took: Said = field(default_factory=list)

    async def working(self, address: str) -> None:
        raise AssertionError("nobody waits for it")

    async def send(self, address: str, reply: Reply) -> str:
        await self.together([address], reply)
        return ""

    async def together(self, addresses: Sequence[str], reply: Reply) -> None:
        self.tried += 1
        if self.faults:
            raise self.faults.pop(0)
        self.took.append((tuple(addresses), reply.body))


@dataclass
class Post:
    """An outbox with one platform, and two officers who have something to tell each other."""

    store: Store
    clock: Clock
    postman: Postman
    outbox: Outbox
    robin: Person
    sam: Person

    async def is_asked(self) -> None:
        """Robin gets a letter."""
        await self.sam.asked(await self.robin.offers(OFFER))

    async def sends(self, count: int = 1, **later: float) -> None:
        """Take up so many letters, after that time."""
        self.clock.pass_by(**later)
        assert await self.outbox.send() == count


@pytest.fixture
async def post(tmp_path: Path, clock: Clock) -> AsyncIterator[Post]:
    store = await Store.open(default_url(tmp_path), clock)
    robin, sam = [await Person.new(store, name) for name in ("U-robin", "U-sam")]
    postman = Postman()
    yield Post(store, clock, postman, outbox(store, postman), robin, sam)
    await store.close()


def outbox(store: Store, *postmen: Postman) -> Outbox:
    made = Outbox(store)
    made.channels |= {one.name: one for one in postmen}
    made.together |= {one.name: one for one in postmen}
    return made


async def test_it_is_sent_once_to_whom_it_is_for(post: Post) -> None:
    await post.is_asked()
    await post.sends(1)
    await post.sends(0, days=1)
    ((addresses, words),) = post.postman.took
    assert addresses == (post.robin.origin.address,)
    assert WISH.line in words


async def test_what_was_not_sent_is_tried_again_ever_later(post: Post) -> None:
    await post.is_asked()
    post.postman.faults = [NotSent("limited", 90.0), *[NotSent("away")] * 9]
    await post.sends(1)
    await post.sends(0, seconds=89)
    await post.sends(1, seconds=1)
    for number in range(1, 9):
        wait = min(AGAIN_IN * 2**number, LONGEST_WAIT)
        await post.sends(0, seconds=wait - 1)
        await post.sends(1, seconds=1)
    assert post.postman.took == []
    await post.sends(1, seconds=LONGEST_WAIT)
    assert len(post.postman.took) == 1
    await post.sends(0, days=1)


async def test_without_word_from_the_platform_it_is_sent_three_times_at_most(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.is_asked()
    post.postman.faults = [MaybeSent("the connection broke")] * 9
    for _ in range(MOST_UNSURE):
        await post.sends(1, hours=1)
    await post.sends(0, days=1)
    assert post.postman.tried == MOST_UNSURE == 3
    assert caplog.text.count("A letter may not have arrived: the connection broke") == 3
    assert WISH.line not in caplog.text


async def test_what_is_refused_gives_way_to_what_is_sent_instead(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    await post.is_asked()
    post.postman.faults = [Banned("user_not_found")]
    await post.sends(1)
    assert post.postman.took == []
    await post.sends(1)
    assert post.postman.took == [((post.sam.origin.address,), "unreached")]
    await post.sends(0, days=1)
    assert "A letter was refused, another is sent instead: Banned" in caplog.text
    (over,) = await post.robin.peers.concerning(post.robin.key)
    assert (over.state, over.wish.reach) == ("closed", ""), "it waits for no answer any more"

    kim = await Person.new(post.store, "U-kim")
    await kim.asked(await post.robin.offers(OFFER))
    post.postman.faults = [Banned("gone"), Banned("gone too")]
    await post.sends(1)
    await post.sends(1)
    await post.sends(0, days=1)
    assert "A letter was refused, it is erased: Banned" in caplog.text
    assert WISH.line not in caplog.text


async def test_a_letter_that_fails_keeps_no_other_back(post: Post) -> None:
    await post.is_asked()
    kim = await Person.new(post.store, "U-kim")
    await kim.asked(await post.sam.offers(OFFER))
    post.postman.faults = [NotSent("away")]
    await post.sends(2)
    assert [addresses for addresses, _ in post.postman.took] == [(post.sam.origin.address,)]
    await post.sends(1, seconds=AGAIN_IN)
    assert post.postman.took[1][0] == (post.robin.origin.address,)


async def test_a_platform_that_is_not_served_keeps_its_letters(post: Post) -> None:
    await post.is_asked()
    teams = Postman("teams")
    for elsewhere in (outbox(post.store), outbox(post.store, teams)):
        assert await elsewhere.send() == 0
    await post.sends(1, days=13)
    assert (len(post.postman.took), teams.tried) == (1, 0)


async def test_letters_outlive_the_program(post: Post, tmp_path: Path) -> None:
    await post.is_asked()
    post.postman.faults = [NotSent("away")]
    await post.sends(1)
    await post.store.close()
    post.clock.pass_by(hours=1)
    store, postman = await Store.open(default_url(tmp_path), post.clock), Postman()
    assert await outbox(store, postman).send() == 1
    assert WISH.line in postman.took[0][1]
    await store.close()


async def test_while_the_database_is_away_it_is_looked_up_again_and_again(
    post: Post, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await post.is_asked()
    await post.store.close()  # its connections, which are made anew
    file, aside = tmp_path / "outcomes.db", tmp_path / "aside.db"
    file.rename(aside)
    file.write_text("This is no database. " * 100)
    looked, sent = asyncio.Event(), asyncio.Event()

    async def looks() -> int:
        looked.set()
        if count := await post.outbox.send():
            sent.set()
        return count

    chore = asyncio.create_task(again(looks, 0.01, "Letters could not be looked up"))
    async with asyncio.timeout(20):
        for _ in range(2):
            await looked.wait()
            looked.clear()
        page = Origin("leeds", person="robin", platform="page", address="robin")
        assert await post.outbox.collect(page) == []
        await post.store.close()
        aside.replace(file)
        await sent.wait()
    chore.cancel()
    with suppress(asyncio.CancelledError):
        await chore
    assert len(post.postman.took) == 1
    assert "Letters could not be looked up" in caplog.text
    assert "What waits for somebody cannot be looked for" in caplog.text
