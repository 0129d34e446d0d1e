"""A signed request sent again has one effect; one that is not signed as it should be has none.
The same a thousand times over, on processes of their own: tests/long/test_replays.py."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from aiohttp import ClientSession, DummyCookieJar, TCPConnector, web
from slack_sdk.signature import SignatureVerifier

from bot.conversation import Reply, Request
from bot.inbox import Inbox
from bot.rehearsal.slack import BOT_TOKEN, SIGNING_SECRET, SlackPeer
from bot.rehearsal.slack_payloads import mention
from bot.rehearsal.teams import TeamsPeer
from bot.slack.listener import SlackChannel
from bot.store import Store
from tests.replaying import Replay, Signed, effects, request, requests, slack_signed
from tests.serving import at_once
from tests.slack_desk import SOURCE
from tests.teams_desk import channel

NUMBER, TIMES = 21, 4  # requests, and how often each is sent again in each way
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass
class Process:
    """The bot as one process would serve it, on a database that others serve too."""

    inbox: Inbox
    address: str
    asked: list[Request]


@asynccontextmanager
async def serving(database_url: str, slack: SlackPeer, teams: TeamsPeer) -> AsyncIterator[Process]:
    store = await Store.open(database_url)
    asked: list[Request] = []

    async def handle(request: Request) -> Reply:
        asked.append(request)
        return Reply("answered", "It fell. [1]", (SOURCE,))

    inbox = Inbox(handle, store, pause=at_once)
    platforms = (
        SlackChannel(
            inbox,
            bot_token=BOT_TOKEN,
            app_token="",
            signing_secret=SIGNING_SECRET,
            api_base=slack.api_base,
            dev=True,
        ),
        channel(teams, inbox),
    )
    application = web.Application(client_max_size=256 * 1024)
    for platform in platforms:
        inbox.channels[platform.name] = platform
        application.add_routes(platform.routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    for platform in platforms:
        await platform.start()
    try:
        yield Process(inbox, f"http://127.0.0.1:{runner.addresses[0][1]}", asked)
    finally:
        for platform in platforms:
            await platform.stop()
        await runner.cleanup()
        await inbox.finish(5)
        for platform in platforms:
            await platform.close()
        await store.close()


@dataclass
class Town:
    """Both platforms, and two processes on one database."""

    slack: SlackPeer
    teams: TeamsPeer
    processes: list[Process]
    replay: Replay

    async def settled(self) -> None:
        for one in self.processes:
            await one.inbox.finish(5)


@pytest.fixture
async def platforms() -> AsyncIterator[tuple[SlackPeer, TeamsPeer]]:
    async with SlackPeer() as slack, TeamsPeer() as teams:
        yield slack, teams


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    connector = TCPConnector(limit=0)
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as opened:
        yield opened


@pytest.fixture
async def town(
    database_url: str, platforms: tuple[SlackPeer, TeamsPeer], session: ClientSession
) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        both = [
            await stack.enter_async_context(serving(database_url, *platforms)) for _ in range(2)
        ]
        yield Town(*platforms, both, Replay(session, [one.address for one in both]))


async def test_what_is_replayed_has_one_effect(
    town: Town, database_url: str, record_property: Callable[[str, object], None]
) -> None:
    slack, teams, replay = town.slack, town.teams, town.replay
    asked = list(requests(slack, teams, NUMBER))
    await replay.at_once(asked, 1 + TIMES)
    await replay.one_by_one(asked, TIMES)
    await town.settled()
    async with serving(database_url, slack, teams) as restarted:
        replay.addresses = [restarted.address]
        await replay.at_once(asked, TIMES)
        await restarted.inbox.finish(5)
    assert set(replay.statuses) == {200}
    assert {one: n for one, n in effects(asked, slack, teams).items() if n != 1} == {}
    record_property("replays", replay.sent - NUMBER)
    assert replay.sent == NUMBER * (1 + 3 * TIMES)


def altered(one: Signed, at: int) -> Signed:
    body = bytearray(one.body)
    body[at] ^= 1
    return replace(one, body=bytes(body))


def with_headers(one: Signed, **headers: str | None) -> Signed:
    """Other values of a Slack request's two headers; None leaves one out."""
    named = {f"X-Slack-{name.replace('_', '-')}": value for name, value in headers.items()}
    kept = {**one.headers, **named}
    return replace(one, headers={name: value for name, value in kept.items() if value is not None})


def forged() -> dict[str, Signed]:
    """A mention in every way in which it is not signed as Slack signs it."""

    def said(age: float = 0.0, secret: str = SIGNING_SECRET) -> Signed:
        body = json.dumps(mention("forged"))
        return slack_signed("mention", "forged", body, "application/json", age=age, secret=secret)

    def at(timestamp: str) -> Signed:
        """Signed for that very text of a time, as only Slack and we could."""
        one = said()
        made = SignatureVerifier(SIGNING_SECRET).generate_signature(
            timestamp=timestamp, body=one.body
        )
        headers = {"Request_Timestamp": timestamp, "Signature": made}
        return with_headers(one, **headers)

    now, good = str(int(time.time())), said()
    signature = good.headers["X-Slack-Signature"]
    return {
        "old": said(age=301),
        "a day old": said(age=86_400),
        "of the future": said(age=-310),
        "altered at its beginning": altered(good, 2),
        "altered at its end": altered(good, -3),
        "longer": replace(good, body=good.body + b" "),
        "empty": replace(good, body=b""),
        "with another secret": said(secret="another"),
        "with no secret": said(secret="x" * 64),
        "without a signature": with_headers(good, Signature=None),
        "without a time": with_headers(good, Request_Timestamp=None),
        "without both": with_headers(good, Signature=None, Request_Timestamp=None),
        "with an empty signature": with_headers(good, Signature=""),
        "with an empty time": with_headers(good, Request_Timestamp=""),
        "with half a signature": with_headers(good, Signature=signature[:-8]),
        "with a signature in capitals": with_headers(good, Signature=signature.upper()),
        "of another version": with_headers(good, Signature=f"v1{signature[2:]}"),
        "with a signature of no version": with_headers(good, Signature=signature[3:]),
        "with a signature of other letters": with_headers(good, Signature="v0=é€"),
        "for another time": with_headers(good, Request_Timestamp=str(int(now) - 1)),
        "at a huge time": at("9" * 30),
        "at a time that is no end of digits": at("9" * 5_000),
        "at a time below nothing": at("-1"),
        "at a time with a point": at(f"{now}.0"),
        "at a time in powers": at("1e9"),
        "at no number": at("nan"),
        "at infinity": at("inf"),
        "at a time in other digits": at(now.translate(FULL_WIDTH)),
        "at a time of two parts": at(f"{now[:5]}_{now[5:]}"),
        "at a time with a sign": at(f"+{now}"),
    }


async def test_what_is_not_signed_as_it_should_be_is_401_and_has_no_effect(
    town: Town, record_property: Callable[[str, object], None]
) -> None:
    kinds = forged()
    for why, one in kinds.items():
        assert await town.replay.send(one, town.processes[0].address) == 401, why
    await town.settled()
    assert [len(one.asked) for one in town.processes] == [0, 0]
    assert town.slack.calls == [one for one in town.slack.calls if one.method == "auth.test"]
    record_property("kinds of forged request refused", len(kinds))


@pytest.mark.parametrize("twice", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
async def test_what_is_said_twice_is_not_believed(town: Town, twice: str) -> None:
    good = request(town.slack, town.teams, "mention", 1, 0)
    other = {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"}[twice]
    for values in ((good.headers[twice], other), (other, good.headers[twice])):
        headers = [(name, value) for name, value in good.headers.items() if name != twice]
        headers += [(twice, value) for value in values]
        url = f"{town.processes[0].address}{good.path}"
        async with town.replay.session.post(url, data=good.body, headers=headers) as answer:
            assert answer.status == 401
    await town.settled()
    assert town.slack.shown == []


async def test_both_of_a_crowd_at_the_same_moment_are_one(town: Town) -> None:
    """Not by what a process remembers: both are asked before either has answered."""
    one = request(town.slack, town.teams, "mention", 1, 0)
    statuses = await asyncio.gather(
        *(town.replay.send(one, process.address) for process in town.processes for _ in range(10))
    )
    await town.settled()
    assert set(statuses) == {200}
    assert effects([one], town.slack, town.teams) == {f"mention {one.place}": 1}
