"""Between the platforms and the assistant: what was heard is kept, then answered once.

Accepting writes to the ledger and returns; the answer is made and sent behind it. A thread is
answered in order, and none waits for another's sending. What a process leaves behind when it
dies is taken up from the ledger by the next.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace

from bot.conversation import Action, Asked, Handle, Origin, Reply, Request
from bot.delivery import Channel, Heard, Room, Worded
from bot.entering import Entering
from bot.failures import (
    apology,
    handling,
    interrupted,
    log_failure,
    new_reference,
    reference_of,
)
from bot.headings import question
from bot.home import home, prompts
from bot.sending import NOTED_IN, Live, Sending
from bot.speech import meant_for_us
from bot.store import Entry, Store, StoreUnusable
from bot.tasks import Tasks, TooLate
from bot.turns import Called, Door, Name, Recent, names

SCREENFUL = 2500  # characters; a platform may cut what is longer, so it is kept to be read on
ACCEPTED_IN = 2.0  # seconds; the platforms want to be told within three
FOLLOWED_IN = 0.5  # seconds of them to find out whether a thread is followed
# What of that time each has used before it is entered.
SPENT = {"addressed": 0.0, "called": FOLLOWED_IN, "overheard": 2 * FOLLOWED_IN}
ANSWERED_IN = 30.0  # seconds that one answer may take, however hard the question
SIGN_WITHIN = 1.0  # seconds that an answer waits for the sign that it is being made
SWEEP_EVERY = 5.0  # seconds between looks for what is due again
# Looks that take nothing after one that failed, longer together than a lease: when the database
# is back, whoever works on what is due by then keeps it first.
LOOKS_HELD = 4
AT_ONCE = 2  # answers being made; more would only share the same cores
SLOT_FOR = 0.5  # seconds after which an answer that hangs no longer counts among them
MOST_STARTS = 5  # of the same answer; if a process died of it that often, it is the cause
NOT_FOR_US = ("declined", "help", "invalid")  # said by officers to each other, in a thread

_log = logging.getLogger(__name__)


class _Left(Exception):
    """It was not begun before it was to stop, and waits in the ledger."""


def _reference_of(heard: Heard) -> str:
    return reference_of(heard.request.origin.community, heard.key)


async def _nothing(_: Origin) -> None:
    """There is nothing to wait for."""


def _left_alone(heard: Heard, reply: Reply) -> bool:
    """Whether officers in a followed thread were talking to each other after all."""
    overheard = heard.hearing == "overheard" and isinstance(heard.request, Asked)
    return overheard and reply.status in NOT_FOR_US


def _read_from_now(heard: Heard, reply: Reply) -> bool:
    """Whether to say that the thread is read from now on."""
    return heard.begins and reply.status not in ("declined", "failed")


class Inbox:
    """The `Reception` of every listener. `channels` are the platforms' ways out, by name.

    `handle` answers within a turn. Where answers are worded, which takes seconds, `worded` makes
    those that may come later, and is told what to show of them meanwhile. `shown` answers what
    nobody asked in words: what stands on a page or is found while somebody types; left out,
    `handle` does. `written` waits until what a thread remembers of its last answer is."""

    def __init__(
        self,
        handle: Handle,
        store: Store,
        reference: Callable[[], str] = new_reference,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        worded: Worded | None = None,
        shown: Handle | None = None,
        written: Callable[[Origin], Awaitable[None]] = _nothing,
    ) -> None:
        self.channels: dict[str, Channel] = {}
        self._handle, self._worded, self._store = handle, worded, store
        self._shown, self._written = shown or handle, written
        self._homes = asyncio.Semaphore(AT_ONCE)
        self._reference = reference
        self._slots, self._recent = asyncio.Semaphore(AT_ONCE), Recent()
        self._door, self._called = Door(), Called()
        self._working: dict[Name, Entry] = {}
        self._left = self._held = 0
        self._tasks = Tasks()
        self._entering = Entering(store, self._tasks)
        self._sending = Sending(store, self.channels, self._tasks, reference, pause)
        self._sweeping: asyncio.Task[None] | None = None
        self._taking = self._beginning = self._looking = True

    async def accept(self, heard: Heard) -> bool:
        """Store it, and have it answered later. See `delivery.Reception`."""
        with handling(_reference_of(heard)):
            return await self._accepted(heard)

    async def _accepted(self, heard: Heard) -> bool:
        with self._door.entering(), self._called.into(heard):
            if heard.hearing == "overheard" and not await self._concerns(heard):
                return False
            if heard.hearing == "called":
                heard = replace(heard, begins=not await self._known(heard))
            if not self._recent.hear(heard) or not await self._entered(heard):
                return False
        self._tasks.begin(self._answer(Entry(heard, sending=False, attempts=0)))
        return True

    async def _entered(self, heard: Heard) -> bool:
        try:
            return await self._entering.enter(heard, ACCEPTED_IN - SPENT[heard.hearing])
        except BaseException:
            self._recent.forget(heard)
            raise

    async def _concerns(self, heard: Heard) -> bool:
        """Whether something overheard is for the bot; all else is dropped unread."""
        request = heard.request
        if isinstance(request, Asked) and not meant_for_us(request.text):
            return False
        called = await self._called.settled(request.origin, FOLLOWED_IN)
        return await self._looked_up(self._store.ledger.follows(request.origin)) or called

    async def _known(self, heard: Heard) -> bool:
        """Whether it was called into this thread before, and so has said that it reads it."""
        return await self._looked_up(self._store.ledger.called_into(heard.request.origin))

    async def _looked_up(self, lookup: Coroutine[object, object, bool]) -> bool:
        try:
            return await self._tasks.within(FOLLOWED_IN, lookup)
        except (StoreUnusable, TooLate) as error:
            _log.error("Not known whether a thread is followed: %s", error)
            return False

    async def now(self, request: Request) -> Reply:
        """Answer within the turn. See `delivery.Reception`."""
        return await self._made(self._handle(request), ACCEPTED_IN)

    async def search(self, request: Request) -> Reply:
        """Answer while somebody types. See `delivery.Reception`."""
        return await self._made(self._shown(request), ACCEPTED_IN)

    async def home(self, origin: Origin) -> Sequence[Reply]:
        """What stands in the bot's own place. See `delivery.Reception`."""
        async with self._homes:
            return await home(self.search, origin)

    async def prompts(self, origin: Origin) -> Sequence[Action]:
        """What somebody could write. See `delivery.Reception`."""
        async with self._homes:
            return await prompts(self.search, origin)

    def post(self, heard: Heard, reply: Reply) -> None:
        """Send a reply that is ready, in the background, once."""
        if self._recent.hear(heard):
            self._tasks.begin(self._ready(heard, reply))

    async def _ready(self, heard: Heard, reply: Reply) -> None:
        if await self._unanswered(heard):
            entry = Entry(heard, sending=False, attempts=0)
            await self._send(entry, await self._kept(heard, reply))

    async def _unanswered(self, heard: Heard) -> bool:
        """Whether no process posted the reply to this yet; where that is not known, it is posted:
        a second time does less harm than none."""
        try:
            return await self._store.ledger.once(heard)
        except StoreUnusable as error:
            _log.error("Posting a reply that could not be noted: %s", error)
            return True

    async def joined(self, room: Room) -> None:
        """Keep where the bot may speak first."""
        try:
            await self._store.join(room)
        except StoreUnusable as error:
            _log.error("A room could not be kept: %s", error)

    async def left(self, community: str, channel: str) -> None:
        """Forget a room the bot was taken out of."""
        try:
            await self._store.leave(community, channel)
        except StoreUnusable as error:
            _log.error("A room could not be forgotten: %s", error)

    def start(self) -> None:
        """Take up what an earlier process left, now and whenever something is due again."""
        self._sweeping = asyncio.create_task(self._sweep())

    async def finish(self, seconds: float = 30.0) -> None:
        """Answer what was accepted. What is not begun in half of that time, or takes longer, is
        left in the ledger for the next start, or for another process."""
        self._taking = False  # but what is worked on is still kept from others
        leaving = asyncio.get_running_loop().call_later(seconds / 2, self._begin_no_more)
        late = await self._tasks.finish(seconds)
        leaving.cancel()
        if left := self._left + late:
            _log.warning("%d answers are left for the next start, %d of them begun", left, late)
        self._looking = False
        if self._sweeping:
            self._sweeping.cancel()
            await asyncio.gather(self._sweeping, return_exceptions=True)
        await self._sending.note(self._store.ledger.settle())

    def _begin_no_more(self) -> None:
        self._beginning = False

    async def _sweep(self) -> None:
        # Each by itself: what is worked on stays ours, however long what is due takes.
        looks = self._again(self._renewed), self._again(self._swept)
        await asyncio.gather(*looks, return_exceptions=True)  # cancelled, both are waited for

    async def _again(self, look: Callable[[], Awaitable[None]]) -> None:
        while self._looking:  # a driver may turn being cancelled into a fault of its own
            try:
                await look()
            except StoreUnusable as error:
                self._held = LOOKS_HELD
                _log.warning("What is still to be answered could not be looked up: %s", error)
            except Exception as error:  # whatever it is, the next look may fare better
                log_failure(error, self._reference())
            await asyncio.sleep(SWEEP_EVERY)

    async def _renewed(self) -> None:
        await self._store.ledger.renew([one.heard for one in self._working.values()])

    async def _swept(self) -> None:
        ledger = self._store.ledger
        await ledger.settle()
        if not self._taking:
            return
        # While it is held it looks all the same: the database may be away still.
        for entry in await ledger.take([] if self._held else list(self.channels)):
            self._tasks.begin(self._answer(entry))
        self._held = max(0, self._held - 1)

    async def _answer(self, entry: Entry) -> None:
        """Make the answer and send it, after what the thread asked before."""
        with handling(_reference_of(entry.heard)):
            try:
                await self._answered(entry)
            except _Left:  # at once, while it is still this process's to give away
                self._left += 1
                release = self._store.ledger.release([entry.heard], entry.attempts)
                await self._sending.note(release)

    async def _answered(self, entry: Entry) -> None:
        heard, name = entry.heard, names(entry.heard)[0]
        if ours := self._working.get(name):  # taken up by the one who has it, as clocks may leap
            ours.attempts = entry.attempts
            return
        self._working[name] = entry
        noting: asyncio.Task[None] | None = None
        try:
            await self._door.clear()
            async with self._sending.sign(heard) as sign, self._entering.turn(entry):
                if await self._given(entry, sign):
                    noting = asyncio.create_task(self._done(heard))
                    await asyncio.wait({noting}, timeout=NOTED_IN)
            if noting:  # its thread goes on, but it is kept from others until it is noted
                await noting
        finally:
            if noting:
                noting.cancel()
            del self._working[name]
            self._entering.leave(heard)

    async def _given(self, entry: Entry, sign: asyncio.Task[None]) -> bool:
        """Answer it; False where it is another's to answer, or to be tried again later."""
        heard = entry.heard
        live = Live(self.channels.get(heard.platform), heard)
        reply = None if self._recent.answered(heard) else await self._reply(entry, live)
        await asyncio.wait({sign}, timeout=SIGN_WITHIN)
        if self._entering.known_after_all(heard):
            return False
        return reply is None or await self._send(entry, reply, live)

    async def _done(self, heard: Heard) -> None:
        """What the thread remembers is written first: another process may have what comes next."""
        await self._written(heard.request.origin)
        await self._entering.done(heard)

    async def _reply(self, entry: Entry, live: Live) -> Reply | None:
        heard = entry.heard
        if entry.sending or entry.attempts > MOST_STARTS:
            return interrupted()
        async with self._slots:
            if not self._beginning and self._entering.stored(heard):
                raise _Left
            asked = heard.request
            # What was only overheard is not for a language model, nor is anything sent it twice.
            once = heard.hearing != "overheard" and not entry.attempts
            worded = self._worded if once else None
            answer = worded(asked, live.told) if worded else self._handle(asked)
            making = asyncio.create_task(self._made(answer, ANSWERED_IN))
            await asyncio.wait({making}, timeout=SLOT_FOR)
        reply = await making
        return None if _left_alone(heard, reply) else await self._kept(heard, reply)

    async def _made(self, answer: Awaitable[Reply], seconds: float) -> Reply:
        try:
            return await asyncio.wait_for(answer, seconds)
        except Exception as error:
            reference = self._reference()
            log_failure(error, reference)
            return apology(reference)

    async def _kept(self, heard: Heard, reply: Reply) -> Reply:
        """The reply with an id, where it can be read on or shared later."""
        if reply.linked and reply.private:  # a digest, shown to one for a look at it, not shared
            return reply
        alone = heard.private or reply.private
        # Also what could not be answered: others in the channel may know.
        worth = bool(reply.citations) or (reply.status == "unsure" and bool(reply.feedback))
        if not (alone and worth) and len(reply.body) <= SCREENFUL:
            return reply
        named = replace(reply, id=secrets.token_urlsafe(12))
        asked = reply.heading or question(heard.request)
        kept = replace(named, heading=asked) if alone else named
        try:
            await self._store.keep_reply(heard.request.origin.community, kept)
        except StoreUnusable as error:
            _log.error("A reply could not be kept to be read on: %s", error)
            return reply
        return named

    async def _send(self, entry: Entry, reply: Reply, live: Live | None = None) -> bool:
        """Post it; False where it is to be tried again later, or by another."""
        told = replace(reply, following=_read_from_now(entry.heard, reply))
        sent = await self._sending.send(entry, told, live.stream if live else None)
        if sent:
            self._recent.answer(entry.heard)
        return sent
