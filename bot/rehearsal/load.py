"""Officers who go on asking for hours, at both webhooks of several processes on one database.

The driver stands where a balancer would: each request goes to the next process, so a question and
the next one of its thread arrive at different ones. Requests come when they are due, whether those
before were answered or not.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bot.rehearsal.crowd import Serving, Stumbled, credentials, serving
from bot.rehearsal.load_talks import SLACK, Arrival, Conversation, Speech, Talk, plan, words
from bot.rehearsal.load_usage import Used, Watch
from bot.rehearsal.slack import Call, SlackPeer
from bot.rehearsal.teams import Sent, TeamsPeer

ENDS_WITHIN = 60.0  # seconds after the last request, until the last answer
_FIRST_WITHIN = 15.0  # for one answer, before all begins
_AFTER = 3.0  # seconds after the last answer, for what would be answered twice
_TOLD = 60  # characters of an answer that tell which it is
_Json = dict[str, Any]
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Load:
    """How much is asked: so many `talks`, `rate` questions a second, and how many `processes`
    bear it. Memory is looked at every `every` seconds."""

    seconds: float
    rate: float
    processes: int = 4
    every: float = 10.0


@dataclass
class Borne:
    """What came of it. Seconds until requests were acknowledged and questions were answered;
    `lost` and `doubled` count answers; `turned` says what was asked and answered in each thread
    whose answers are not those that the same questions get one after the other, in their order;
    `late` is by how many seconds the driver was behind at most."""

    sent: int = 0
    again: int = 0
    refused: int = 0
    acknowledged: list[float] = field(default_factory=list)
    answered: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    threads: int = 0
    turned: list[str] = field(default_factory=list)
    late: float = 0.0
    used: list[Used] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)


class _Noted(list[_Item]):
    """What a played platform was sent, told of as it comes, and not kept: it would be gigabytes."""

    def __init__(self, note: Callable[[_Item], None]) -> None:
        super().__init__()
        self._note = note

    def append(self, one: _Item) -> None:
        self._note(one)


@asynccontextmanager
async def _peers(driver: _Driver) -> AsyncIterator[tuple[SlackPeer, TeamsPeer]]:
    whispered: list[_Json] = _Noted(lambda _: None)  # which are among the calls too
    calls = _Noted(driver.called)
    slack = SlackPeer(shown=_Noted(driver.shown), calls=calls, whispered=whispered)
    teams = TeamsPeer(sent=_Noted(driver.posted))
    async with slack, teams:
        yield slack, teams


async def borne(
    settings: Mapping[str, str], load: Load, held: Sequence[Talk], log: Path, server: int = 0
) -> Borne:
    """The load on processes started for it with these settings, which log to a file; `server` is
    the process id of their database's. Stumbled where they cannot be served."""
    driver = _Driver()
    async with _peers(driver) as (slack, teams), AsyncExitStack() as stack:
        driver.open(slack, teams)
        file = stack.enter_context(log.open("w", encoding="utf-8"))
        with_peers = {**settings, **credentials(slack, teams)}
        served = [
            await stack.enter_async_context(serving(with_peers, file))
            for _ in range(load.processes)
        ]
        driver.processes = served
        telling = await driver.rehearsed(held)
        return await driver.run(load, telling, server)


class _Driver:
    """Asks, and takes note of what comes back."""

    def __init__(self) -> None:
        self.processes: list[Serving] = []
        self._borne = Borne()
        self._numbers, self._arrived = -1, asyncio.Event()

    def open(self, slack: SlackPeer, teams: TeamsPeer) -> None:
        self._slack, self._teams = slack, teams
        self._speech = Speech(slack, teams)
        self._token = f"Bearer {teams.token()}"

    def shown(self, message: _Json) -> None:
        """Something was posted on Slack."""
        channel, thread = str(message.get("channel", "")), message.get("thread_ts", "")
        places = self._speech.places
        one = places.get(channel) or places.get(f"{channel} {thread}")
        self._told(one, message.get("blocks"), begins=True)

    def called(self, call: Call) -> None:
        """A command was answered."""
        if call.method == "response_url":
            one = self._speech.places.get(call.arguments["url"])
            self._told(one, call.arguments.get("blocks"), begins=True)

    def posted(self, sent: Sent) -> None:
        """Something was posted on Teams; buttons that come behind an answer belong to it."""
        if sent.activity.get("type") == "message":
            one = self._speech.places.get(sent.conversation)
            self._told(one, sent.activity, begins="text" in sent.activity)

    def _told(self, one: Conversation | None, said: object, *, begins: bool) -> None:
        if one is None:
            return
        if begins:
            one.told.append(time.perf_counter())
            one.words.append(words(said))
        elif one.words:
            one.words[-1] += words(said)
        self._arrived.set()

    async def rehearsed(self, held: Sequence[Talk]) -> list[Talk]:
        """Every talk held with the first process alone, each question once the one before is
        answered: what they are answered is what they are to be answered. Those whose order could
        not be seen are left out. Then once by all processes, so that each is warm."""
        telling = list(held)
        for _ in range(2):  # what is known of channels and open questions has settled then
            for talk in telling:
                talk.answers = await self._held(talk, [0])
            telling = [one for one in telling if one.telling]
        if silent := {one.kind for one in held} - {one.kind for one in telling}:
            raise Stumbled(f"no talk is answered in these places: {', '.join(sorted(silent))}")
        for number, talk in enumerate(telling):
            turns = [(number + which) % len(self.processes) for which in range(len(talk.questions))]
            if await self._held(talk, turns) != talk.answers:
                raise Stumbled("a talk is answered otherwise by several processes than by one")
        return telling

    async def _held(self, talk: Talk, turns: Sequence[int]) -> tuple[str, ...]:
        one = Conversation(talk, self._numbers)
        self._numbers -= 1
        for which in range(len(talk.questions)):
            await self._send(Arrival(0.0, one, which, turns[which % len(turns)]))
            with suppress(TimeoutError):  # what was only overheard may not be for the bot
                await self._until(partial(_answered, one, which + 1), _FIRST_WITHIN)
        await asyncio.sleep(0.05)  # the buttons behind an answer
        return tuple(one.words)

    async def _until(self, happened: Callable[[], bool], seconds: float) -> None:
        """Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not happened():
                self._arrived.clear()
                await self._arrived.wait()

    async def run(self, load: Load, held: Sequence[Talk], server: int) -> Borne:
        arrivals = plan(held, rate=load.rate, seconds=load.seconds, processes=len(self.processes))
        talks = {id(one.conversation): one.conversation for one in arrivals}.values()
        watch = Watch([one.process.pid for one in self.processes], server)
        self._borne = Borne(threads=len(talks))
        watching = asyncio.create_task(watch.every(load.every, self._borne.used))
        sending: set[asyncio.Task[None]] = set()
        began = time.perf_counter()
        for one in arrivals:
            wait = began + one.at - time.perf_counter()
            self._borne.late = max(self._borne.late, -wait)
            await asyncio.sleep(max(wait, 0))
            task = asyncio.create_task(self._asked(one))
            if not one.again:
                one.conversation.sending.append(task)
            sending.add(task)
            task.add_done_callback(sending.discard)
        await asyncio.gather(*sending)
        await self._settled(talks)
        watch.look(self._borne.used)
        watching.cancel()
        self._borne.cpu = watch.spent()
        for talk in talks:
            self._counted(talk)
        return self._borne

    async def _settled(self, talks: Collection[Conversation]) -> None:
        """Until all is answered, or nothing more is to be expected."""
        with suppress(TimeoutError):
            left = [one for one in talks if not _answered(one, one.said)]
            await self._until(lambda: all(_answered(one, one.said) for one in left), ENDS_WITHIN)
        await asyncio.sleep(_AFTER)

    async def _asked(self, arrival: Arrival) -> None:
        one = arrival.conversation
        if arrival.which:  # nobody writes on before what they wrote was taken: it has no order yet
            await asyncio.wait({one.sending[arrival.which - 1]})
        one.asked += [] if arrival.again else [time.perf_counter()]
        status, seconds = await self._send(arrival)
        self._borne.acknowledged.append(seconds)
        self._borne.refused += status != 200
        self._borne.again += arrival.again
        self._borne.sent += not arrival.again

    async def _send(self, arrival: Arrival) -> tuple[int, float]:
        body, to = self._speech.of(arrival), self.processes[arrival.process].address
        kind = arrival.conversation.talk.kind
        if kind not in SLACK:
            told = await self._teams.post(f"{to}/api/messages", body, self._token)
            return told.status, told.seconds
        self._slack.events = f"{to}/slack/events"
        if kind == "command":
            said = await self._slack.command(body)
        else:
            said = await self._slack.event(body, retry=int(arrival.again))
        return said.status, said.seconds

    def _counted(self, one: Conversation) -> None:
        told, wanted = one.words, list(one.talk.answers[: one.said])
        self._borne.lost += max(one.said - len(told), 0)
        self._borne.doubled += max(len(told) - one.said, 0)
        if told != wanted:
            begun = " / ".join(answer[:_TOLD].replace("\n", " ") for answer in told)
            self._borne.turned.append(f"{one.talk.kind}: {' / '.join(one.talk.questions)}: {begun}")
        pairs = zip(one.told, one.asked, strict=False)
        self._borne.answered += [told - asked for told, asked in pairs]


def _answered(one: Conversation, times: int) -> bool:
    return len(one.words) >= times
