"""Slack and Teams that misbehave in every way while answers go out: none is lost, none is doubled,
the process goes on."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

from aiohttp import web

from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_payloads import mention
from bot.rehearsal.teams import TeamsPeer
from bot.store import Store
from tests.slack_desk import Desk, serving
from tests.teams_desk import teams

QUESTIONS = 120
PATIENCE = 90.0
SILENT = 20.0  # seconds, for longer than is waited for any answer
_Way = tuple[int, dict[str, str]] | None
UNCERTAIN = "I may not have got through"


@dataclass(frozen=True, slots=True)
class Garbage(Fault):
    """Answered with what Slack never says; nothing was posted."""

    words: bytes = b""

    def answer(self, request: web.Request) -> web.Response:
        return web.Response(status=self.status, body=self.words, content_type="application/json")


@dataclass(frozen=True, slots=True)
class Slow(Fault):
    """Posted, and said so in the end."""

    def answer(self, request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "ts": "1767000000.000100"})


# Those after which Slack has not posted it, and says so.
_SAID = (
    Fault("ratelimited", 429, retry_after=0),
    Fault("ratelimited", 429, retry_after=1),
)
# Those that leave it open: never posted twice, and the officer is told where it may not be there.
_OPEN = (
    Fault("internal_error", 500),
    Fault("service_unavailable", 503),
    Fault("fatal_error", 200),
    Fault(dropped=True),
    Fault("", 504, seconds=2.0),
    Slow(dropped=True, seconds=10.0),
    Fault("", 504, seconds=SILENT),
    Fault(dropped=True, seconds=SILENT),
    Garbage(words=b"<html>down</html>"),
    Garbage(words=b"", status=502),
    Garbage(words=b"[1, 2]"),
    Garbage(words=b'{"ok": "maybe"'),
    Garbage(words=b"\xff\xfe\x00"),
)


async def test_slack_that_misbehaves_loses_and_doubles_nothing(
    store: Store, figure: Callable[[str], None]
) -> None:
    desk = Desk(store)
    async with SlackPeer() as peer, serving(peer, store, desk.handle) as bot:
        faults = cycle((*_SAID, None, *_OPEN, None))
        asked = [mention(f"damp sensors {number}?") for number in range(QUESTIONS)]
        for one in asked:
            if fault := next(faults):
                peer.faults["chat.postMessage"].append(fault)
            assert (await peer.event(one)).status == 200
        async with asyncio.timeout(PATIENCE):
            await bot.inbox.finish(PATIENCE)
        threads = [str(one["event"]["ts"]) for one in asked]
        told = Counter(str(one["thread_ts"]) for one in peer.shown)
        answers = Counter(
            str(one["thread_ts"]) for one in peer.shown if UNCERTAIN not in one["text"]
        )
        lost = [one for one in threads if not told[one]]
        doubled = [one for one in threads if answers[one] > 1]
        figure(
            f"Slack misbehaving in {len(_SAID) + len(_OPEN)} ways: {QUESTIONS} questions, "
            f"{len(lost)} lost, {len(doubled)} doubled, {QUESTIONS - len(answers)} times told "
            "that the answer may not have arrived"
        )
        assert (lost, doubled) == ([], [])
        (after,) = [mention("and now?")]
        assert (await peer.event(after)).status == 200
        await bot.inbox.finish(10)
        assert peer.shown[-1]["thread_ts"] == after["event"]["ts"], "it goes on as before"


async def test_teams_that_misbehaves_loses_and_doubles_nothing(
    store: Store, figure: Callable[[str], None]
) -> None:
    async with TeamsPeer() as peer, teams(peer, store) as served:
        url = f"{served.url}/api/messages"
        wait = {"Retry-After": "1"}
        refused: tuple[_Way, ...] = (
            (429, {}),
            (429, wait),
            (412, {}),
            (502, {}),
            (503, {}),
            (500, {}),
            (504, {}),
        )
        ways: cycle[tuple[list[_Way], _Way] | None] = cycle(
            (*((peer.faults, one) for one in refused), (peer.faults, None))
        )
        late: cycle[tuple[list[_Way], _Way] | None] = cycle(
            ((peer.late_faults, (500, {})), (peer.late_faults, None), None)
        )
        pauses = cycle((0.0, 0.0, 10.0, 0.0, SILENT))
        peer.pauses = [next(pauses) for _ in range(2 * QUESTIONS)]
        for number in range(QUESTIONS):
            chosen = next(ways) if number % 3 else next(late)
            if chosen:
                chosen[0].append(chosen[1])
            chat = {"id": f"a:{number}", "conversationType": "personal"}
            said = peer.message(f"damp {number}", conversation=chat)
            assert (await peer.post(url, said)).status == 200
        async with asyncio.timeout(PATIENCE):
            await served.inbox.finish(PATIENCE)
        told = Counter(one.conversation for one in peer.messages)
        answered = Counter(
            one.conversation
            for one in peer.messages
            if UNCERTAIN not in str(one.activity.get("text"))
        )
        places = [f"a:{number}" for number in range(QUESTIONS)]
        lost = [one for one in places if not told[one]]
        doubled = [one for one in places if answered[one] > 1]
        figure(
            f"Teams misbehaving in {len(refused) + 5} ways: {QUESTIONS} questions, {len(lost)} "
            f"lost, {len(doubled)} doubled"
        )
        assert (lost, doubled) == ([], [])
