"""Digests posted when they are due: each once, as far as its platform lets that be known."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from bot.conversation import Reply
from bot.delivery import Gone, MaybeSent, NotSent, Publisher
from bot.digest import wording
from bot.digests import Composed, Issue, Subscription
from bot.store import Letter, Store, StoreUnusable

AT_ONCE = 4  # being posted; a slow platform must not hold up all the others
SPACING = 0.25  # seconds between two posts of one process: platforms allow hundreds a minute
LONGEST_HOLD = 10.0  # seconds that a post waits for a platform that wants to be left alone
FINISHED_IN = 25.0  # seconds that what is being posted has when we stop
AGAIN_IN, LONGEST_WAIT = 30.0, 900.0  # seconds before a post is tried again
# What was being written while a digest was made is looked at again for the next one: better told
# twice than never.
OVERLAP = timedelta(seconds=5)

_log = logging.getLogger(__name__)
Compose = Callable[[Subscription, datetime], Awaitable[Composed]]


class Sender:
    """Posts what is due by the platforms that can. `publishers` are those, by name."""

    def __init__(
        self,
        store: Store,
        compose: Compose,
        publishers: Mapping[str, Publisher],
        clock: Callable[[], datetime],
        tick: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Random | None = None,
    ) -> None:
        self._store, self._compose, self._publishers = store, compose, publishers
        self._clock, self._tick, self._pause = clock, tick, pause
        self._chance = chance or Random()
        self._turn, self._stopping = asyncio.Lock(), False
        self._posting: set[asyncio.Task[None]] = set()
        self._free_at = 0.0
        self._shut: dict[tuple[str, str], float] = {}  # until when a platform wants no more posts

    async def send(self) -> int:
        """Everything that is due now; how many issues were taken up."""
        await self._store.issues.enter()
        count = 0
        served = {name: one.communities for name, one in self._publishers.items()}
        while not self._stopping and (issues := await self._store.issues.claim(served, AT_ONCE)):
            tasks = {asyncio.create_task(self._taken_up(one)) for one in issues}
            self._posting |= tasks
            for task in tasks:
                task.add_done_callback(self._posting.discard)
            await asyncio.wait(tasks)  # which go on where this is cancelled: see `finish`
            count += len(issues)
        return count

    async def finish(self, seconds: float = FINISHED_IN) -> None:
        """Begin no more, and let what is being posted be told of: half done, nobody could say
        whether it was."""
        self._stopping = True
        if self._posting:
            await asyncio.wait(self._posting, timeout=seconds)

    async def _taken_up(self, issue: Issue) -> None:
        """Its faults end here: what could not be noted is claimed again when the lease ends."""
        try:
            await self._settled(issue)
        except StoreUnusable as error:
            _log.error("What became of a digest could not be noted: %s", error)
        except Exception as error:  # one that cannot be made must not hold up the others
            await self._refused(issue, error)

    async def _refused(self, issue: Issue, error: Exception) -> None:
        """Tried again like what was not sent: a token may be put right meanwhile."""
        # Where, but not with what: an error's message may repeat an officer's words.
        frames = "".join(traceback.format_tb(error.__traceback__)[-1:])
        _log.error("A digest was refused: %s\n%s", type(error).__name__, frames)
        await self._postponed(issue, 0.0, unsettled=issue.unsettled)

    async def _settled(self, issue: Issue) -> None:
        publisher = self._publishers[issue.subscription.platform]
        try:
            if not issue.unsettled or await self._may_be_repeated(issue, publisher):
                await self._post(issue, publisher)
        except NotSent as error:  # of a look-up
            await self._unread(issue, error)
        except Gone as error:
            _log.warning("A digest ends: %s", error)
            told = _letter(issue, wording.ended(str(error), issue.subscription.link))
            await self._store.issues.end(issue, str(error), *told)

    async def _may_be_repeated(self, issue: Issue, publisher: Publisher) -> bool:
        """Whether an earlier try, which did not say how it ended, posted nothing."""
        begun = issue.begun_at or issue.due_at
        found = await publisher.published(issue.subscription.place, issue.key, begun)
        if found is None:
            await self._unsure(issue)
        elif found:
            await self._store.issues.sent(issue, begun - OVERLAP)
        return found is False

    async def _unread(self, issue: Issue, error: NotSent) -> None:
        """It cannot be looked up now; later, unless it is too late for it by then."""
        _log.warning("A digest cannot be looked up: %s", error)
        if self._clock() - issue.due_at > self._store.issues.grace:
            await self._unsure(issue)
        else:
            await self._postponed(issue, error.seconds, unsettled=True)

    async def _unsure(self, issue: Issue) -> None:
        _log.error("A digest may not have arrived, and is not repeated: %s", issue.key)
        told = _letter(issue, wording.there(wording.UNSURE, issue.subscription.link))
        await self._store.issues.settle(issue, "unsure", *told)

    async def _post(self, issue: Issue, publisher: Publisher) -> None:
        issues, until = self._store.issues, self._clock()
        if until - issue.due_at > issues.grace:
            await self._late(issue)
            return
        composed = await self._compose(issue.subscription, until)
        if composed.empty and not (issue.subscription.choices.when_empty or issue.wanted):
            await issues.settle(issue, "empty")
            return
        if not await self._free(issue):
            return
        if await issues.begin(issue, until):
            await self._published(issue, publisher, composed, until)

    async def _published(
        self, issue: Issue, publisher: Publisher, composed: Composed, until: datetime
    ) -> None:
        try:
            await publisher.publish(issue.subscription.place, composed.reply, issue.key)
        except NotSent as error:
            _log.warning("A digest waits: %s", error)
            self._shut[_who(issue)] = self._tick() + error.seconds
            await self._postponed(issue, error.seconds)
        except MaybeSent as error:
            _log.warning("A digest may have arrived: %s", error)
            await self._postponed(issue, 0.0, unsettled=True)
        else:
            await self._noted(issue, composed, until)

    async def _noted(self, issue: Issue, composed: Composed, until: datetime) -> None:
        """It was posted: whatever goes wrong now, it is looked up before it is posted again."""
        try:
            await self._store.issues.sent(issue, until - OVERLAP, composed.questions)
        except StoreUnusable:
            raise
        except Exception as error:
            await self._refused(replace(issue, unsettled=True), error)

    async def _late(self, issue: Issue) -> None:
        """Left out: nobody tried it in time, or nobody could post it."""
        if issue.attempts == 1:
            _log.warning("A digest is left out: it is too late for it")
            await self._store.issues.settle(issue, "skipped")
            return
        _log.error("A digest could not be posted in time: %s", issue.key)
        told = _letter(issue, wording.there(wording.FAILED, issue.subscription.link))
        await self._store.issues.settle(issue, "failed", *told)

    async def _postponed(self, issue: Issue, seconds: float, *, unsettled: bool = False) -> None:
        wait = max(seconds, self._wait(issue))
        await self._store.issues.postpone(issue, wait, unsettled=unsettled)

    async def _free(self, issue: Issue) -> bool:
        """Wait for its turn; where its platform wants no posts for longer, it is tried later."""
        if self._stopping:
            await self._store.issues.postpone(issue, 0.0)
            return False
        async with self._turn:
            now = self._tick()
            shut = self._shut.get(_who(issue), 0.0) - now
            if shut > LONGEST_HOLD:
                await self._store.issues.postpone(issue, shut)
                return False
            wait = max(self._free_at - now, shut, 0.0)
            self._free_at = now + wait + SPACING
        await self._pause(wait)
        return True

    def _wait(self, issue: Issue) -> float:
        """Longer with every try, and not the same for all that failed together."""
        usual = min(AGAIN_IN * 2.0 ** (issue.attempts - 1), LONGEST_WAIT)
        return usual * self._chance.uniform(0.8, 1.2)


def _who(issue: Issue) -> tuple[str, str]:
    return issue.subscription.platform, issue.subscription.community


def _letter(issue: Issue, words: str) -> list[Letter]:
    """To whoever set the digest up, if they are still known."""
    of = issue.subscription
    return [Letter(of.community, of.maker, Reply("answered", words))] if of.maker else []
