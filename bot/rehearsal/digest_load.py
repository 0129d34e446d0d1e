"""A great many digests due in the same minute: are all out in time, and are questions still
answered as soon as usual?"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from datetime import time as Time

from bot.answers.answerer import Answerer
from bot.conversation import Origin
from bot.projects import Details, Draft
from bot.rehearsal.crowd import Stumbled
from bot.rehearsal.digests import noted, subscribed
from bot.rehearsal.slack import RATE_LIMITED, SlackPeer
from bot.rehearsal.slack_payloads import TEAM, mention
from bot.slack.places import Address
from bot.store import Registration, Store
from bot.weeks import Schedule

DIGESTS = 1_000
OUT_WITHIN = 1_200.0  # seconds; what is not out then is lost
ANSWERED_WITHIN = 30.0
AHEAD = timedelta(seconds=55)  # long enough to set all up, and to ask what is usual
ASKED_EVERY = 0.5  # seconds between an answer and the next question
WARMING = 8  # questions that are not counted
AFTER = 60  # asked when all is out, since a shared machine is not as fast at all times
LIMITED_EVERY = 150  # calls of Slack's between two of which it wants no more for a second
_PROJECTS = 20
_OPEN = "Who has tried sensors for gritting bins in Testshire? (test data)"


@dataclass(frozen=True, slots=True)
class Load:
    """Seconds that answers took, as usual (before and after) and while digests went out; how many
    channels got theirs, and how many more than one; seconds from when they were due until the last
    was out."""

    usual: list[float]
    during: list[float]
    out: int
    doubled: int
    seconds: float


async def loaded(
    peer: SlackPeer, store: Store, answerer: Answerer, questions: Sequence[str]
) -> Load:
    """To a bot that serves this Slack, at `peer.events`, with this store's database. Stumbled
    where the machine is too slow for it."""
    asking = _Asking(peer, questions)
    await _registered(store, answerer)
    for _ in range(WARMING):
        await asking.once()
    due = _whole_minute(datetime.now(UTC) + AHEAD)
    channels = await _set_up(store, due)
    usual = []
    while datetime.now(UTC) < due - timedelta(seconds=2):
        usual.append(await asking.once())
    if len(usual) < WARMING:
        raise Stumbled("there was no time to see how soon it usually answers")
    await asyncio.sleep((due - datetime.now(UTC)).total_seconds())
    began, during = time.perf_counter(), []
    limiting = asyncio.create_task(_limiting(peer))
    try:
        while _out(peer, channels) < len(channels) and time.perf_counter() - began < OUT_WITHIN:
            during.append(await asking.once())
    finally:
        limiting.cancel()
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWERED_WITHIN):
            await noted(store, channels)
    usual += [await asking.once() for _ in range(AFTER)]
    posted = [len(peer.published_in(channel)) for channel in channels]
    last = max(call.at for call in peer.calls if call.arguments.get("metadata"))
    doubled = sum(count > 1 for count in posted)
    return Load(usual, during, _out(peer, channels), doubled, last - began)


class _Asking:
    """Officers who ask one after the other, each in a channel of their own."""

    def __init__(self, peer: SlackPeer, questions: Sequence[str]) -> None:
        self._peer, self._questions = peer, itertools.cycle(questions)
        self._numbers = itertools.count()

    async def once(self) -> float:
        """Seconds until a question is answered."""
        await asyncio.sleep(ASKED_EVERY)
        asked = mention(next(self._questions), channel=f"C0ASKED{next(self._numbers):05}")
        thread, before = asked["event"]["ts"], len(self._peer.shown)

        def answered() -> bool:
            return any(one.get("thread_ts") == thread for one in self._peer.shown[before:])

        began = time.perf_counter()
        await self._peer.event(asked)
        with suppress(TimeoutError):  # it counts as that long
            await self._peer.until(answered, ANSWERED_WITHIN)
        return time.perf_counter() - began


async def _registered(store: Store, answerer: Answerer) -> None:
    """Projects, so that there is news; each text embedded as confirming does."""
    outcomes = [one.value for one in answerer.directory.outcomes]
    texts = answerer.library.case_studies[:_PROJECTS]
    for number, text in enumerate(texts):
        details = Details(f"Testshire: {text.title}"[:100], text.sections[0].body[:400])
        vector = answerer.encoded(details.told).tobytes()
        chosen = (outcomes[number % len(outcomes)],)
        written = Registration(details, chosen, False, vector, answerer.model)
        await store.community(TEAM).register(Draft(f"p-{number}", details, "officer"), written)


async def _set_up(store: Store, due: datetime) -> list[str]:
    """Channels with a digest that is due then, every third with an open question."""
    channels = [f"C0DIGEST{number:05}" for number in range(DIGESTS)]
    schedule = Schedule(due.weekday(), Time(due.hour, due.minute), "UTC")
    await subscribed(store, channels, schedule)
    for channel in channels[::3]:
        place = Address(channel, "1764000000.000001").to_json()
        origin = Origin(TEAM, channel, platform="slack", room="channel", place=place)
        await store.open_questions(TEAM).add(_OPEN, origin)
    if datetime.now(UTC) >= due:
        raise Stumbled("setting up the digests took longer than until they were due")
    return channels


def _whole_minute(moment: datetime) -> datetime:
    """The next one."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _out(peer: SlackPeer, channels: Sequence[str]) -> int:
    return sum(bool(peer.published_in(channel)) for channel in channels)


async def _limiting(peer: SlackPeer) -> None:
    """Have Slack want no more now and then."""
    for after in itertools.count(len(peer.calls), LIMITED_EVERY):
        await _called(peer, after)
        peer.faults["chat.postMessage"].append(replace(RATE_LIMITED, retry_after=1))


async def _called(peer: SlackPeer, times: int) -> None:
    await peer.until(lambda: len(peer.calls) >= times, OUT_WITHIN)
