"""The log: one JSON object a line, each with its request's reference, and nothing of an officer."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer

from bot import logs
from bot.apart import Apart
from bot.app import App
from bot.conversation import Asked, Origin, Reply, Request
from bot.delivery import Heard, MaybeSent, NotSent
from bot.failures import being_handled, handling, reference_of
from bot.health import Health
from bot.inbox import Inbox
from bot.metrics import Counters, Standing
from bot.server import application
from bot.store import Store, StoreUnusable
from bot.web.about import About
from tests.post import echo
from tests.running import Outcomes
from tests.test_command import explained
from tests.test_server import started

SECRET = "Canary17feather"
HERE = Origin(f"T{SECRET}", f"C{SECRET}", f"t{SECRET}", f"U{SECRET}", "fake", f"a{SECRET}")
HEARD = Heard("fake", f"k{SECRET}", Asked(f"{SECRET} sensors?", HERE), f"to {SECRET}")
REFERENCE = reference_of(HERE.community, HEARD.key)


class Log:
    """Everything that is logged meanwhile, down to the least of ours, as a form writes it."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    def lines(self, logger: str = "") -> list[dict[str, Any]]:
        read = [json.loads(line) for line in self.text.splitlines()]
        return [one for one in read if one["logger"].startswith(logger)]


@pytest.fixture(params=("json",))
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    made = Log()
    handler = logging.StreamHandler(made.stream)
    handler.setFormatter(logs.JsonLine() if request.param == "json" else logs.TextLine())
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield made
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])


both = pytest.mark.parametrize("log", ["json", "text"], indirect=True)


class Way:
    """A platform's way out that fails as it is told to."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.sent: list[Reply] = []

    async def working(self, address: str) -> None:
        raise RuntimeError(address)

    async def send(self, address: str, reply: Reply) -> str:
        self.sent.append(reply)
        if self.fault:
            fault, self.fault = self.fault, None
            raise fault
        return ""


Handling = Callable[[Request], Awaitable[Reply]]


async def fails(request: Request) -> Reply:
    raise ValueError(f"what of {request!r}?")


async def at_once(_: float) -> None:
    """Nothing is waited for."""


async def heard_by(store: Store, handle: Handling, way: Way, *, counted: bool = True) -> None:
    inbox = Inbox(Counters().counted(handle) if counted else handle, store, pause=at_once)
    inbox.channels["fake"] = way
    await inbox.accept(HEARD)
    await inbox.finish()


FAULTS = (
    None,
    RuntimeError(f"the platform says {SECRET}"),
    NotSent("the platform is away"),
    MaybeSent("nothing came back"),
)


@both
@pytest.mark.parametrize("handle", [echo, fails])
@pytest.mark.parametrize("fault", FAULTS, ids=repr)
async def test_nothing_of_an_officer_is_in_a_line(
    store: Store, log: Log, handle: Handling, fault: Exception | None
) -> None:
    await heard_by(store, handle, Way(fault))
    assert "Answered on fake, asked" in log.text
    assert REFERENCE in log.text
    assert SECRET not in log.text
    assert "sensors" not in log.text


@both
async def test_nor_where_the_database_fails(
    store: Store, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.close()

    async def away(*_: object) -> bool:
        raise StoreUnusable("The database cannot be used.")

    monkeypatch.setattr(store.ledger, "accept", away)
    monkeypatch.setattr(store.ledger, "sending", away)
    way = Way()
    await heard_by(store, echo, way)
    assert [one.body for one in way.sent] == [f"{SECRET} sensors?"]
    assert "could not be stored" in log.text
    assert SECRET not in log.text


async def test_an_apology_names_the_lines_of_its_request(store: Store, log: Log) -> None:
    way = Way()
    await heard_by(store, fails, way)
    assert f"Reference: {REFERENCE}." in way.sent[0].body
    of = log.lines("bot")
    assert {one.get("reference") for one in of} == {REFERENCE}, "every line of it"
    assert {"ERROR", "INFO"} <= {one["level"] for one in of}
    (answered,) = (one for one in of if "status" in one)
    assert {one: answered[one] for one in logs.ANSWERED[:3]} == {
        "platform": "fake",
        "kind": "asked",
        "status": "failed",
    }
    assert isinstance(answered["milliseconds"], int)
    (failed,) = (one for one in of if one["level"] == "ERROR")
    assert "ValueError" in failed["message"]
    assert "test_logs.py" in failed["message"], "where it failed"
    assert datetime.fromisoformat(failed["time"]).utcoffset() is not None


async def test_the_reference_is_the_same_after_a_restart(store: Store, log: Log) -> None:
    first = Inbox(echo, store, pause=at_once)
    first.channels["fake"] = Way(NotSent("the platform is away"))
    await first.accept(HEARD)
    await first.finish(0)
    assert first.channels["fake"].sent == []  # type: ignore[attr-defined]
    await store.ledger.release([HEARD])
    way, following = Way(), Inbox(Counters().counted(fails), store, pause=at_once)
    following.channels["fake"] = way
    for entry in await store.ledger.take(["fake"]):
        await following._answer(entry)
    assert f"Reference: {REFERENCE}." in way.sent[0].body


async def test_work_in_other_threads_bears_it_too() -> None:
    apart = Apart()
    with handling("a1b2c3d4"):
        assert await apart(being_handled) == "a1b2c3d4"
        assert await asyncio.create_task(asyncio.to_thread(being_handled)) == "a1b2c3d4"
    assert being_handled() == ""


@both
def test_a_library_is_not_quoted(log: Log) -> None:
    library = logging.getLogger("aiohttp.server")
    try:
        raise ValueError(f"Authorization: {SECRET}")
    except ValueError:
        library.exception("Error handling request %s", SECRET)
        library.error(f"of {SECRET}", exc_info=True, stack_info=True)
        logging.getLogger("bot.trial").exception("Ours")
    assert SECRET not in log.text
    assert log.text.count("ValueError") >= 3
    assert "test_logs.py" in log.text


@asynccontextmanager
async def web_server(
    app: App, handle: Handling, counters: Counters, health: Health | None = None
) -> AsyncIterator[TestServer]:
    about = About(90, 365, "")
    made = application(app, handle, counters, [], about, page=True, health=health)

    async def broken(_: web.Request) -> web.Response:
        raise ValueError(SECRET)

    made.router.add_get("/broken", broken)
    server = TestServer(made)
    async with server:
        yield server


async def test_over_http_each_request_has_one_of_its_own(app: App, log: Log) -> None:
    counters = Counters()
    serving = web_server(app, counters.counted(fails), counters)
    async with serving as server, ClientSession(cookie_jar=DummyCookieJar()) as session:
        origin = str(server.make_url("")).rstrip("/")
        headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
        asked = {"type": "asked", "text": SECRET, "thread": SECRET}
        told = []
        for _ in range(2):
            async with session.post(
                f"{origin}/page/requests", json=asked, headers=headers
            ) as response:
                assert response.status == 500
                told += re.findall(r"Reference: (\w+)", await response.text())
        async with session.get(f"{origin}/broken", headers=headers) as response:
            assert response.status == 500
            told += re.findall(r"Reference: (\w+)", await response.text())
        async with session.get(f"{origin}/nothing", headers=headers) as response:
            assert response.status == 404
        async with session.get(f"{origin}/metrics", headers=headers) as response:
            metrics = await response.text()
    assert len(set(told)) == 3
    referred = {one.get("reference") for one in log.lines("bot") if one["level"] == "ERROR"}
    assert referred == set(told)
    assert SECRET not in log.text
    assert 'outcomes_refused_total{reason="failed"} 3.0' in metrics
    assert 'outcomes_refused_total{reason="unknown"} 1.0' in metrics
    assert 'outcomes_replies_total{status="failed"} 2.0' in metrics


async def metric(server: TestServer, session: ClientSession) -> str:
    async with session.get(server.make_url("/metrics")) as response:
        assert response.status == 200
        return await response.text()


async def test_metrics_tell_what_waits_and_never_fail(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    await app.store.ledger.accept(HEARD)
    await app.store.ledger.accept(replace(HEARD, key="2"))
    await app.store.ledger.done(replace(HEARD, key="2"))
    async with web_server(app, echo, Counters()) as server, ClientSession() as session:
        told = await metric(server, session)
        assert "outcomes_inbox_waiting 1.0" in told
        assert "outcomes_database_up 1.0" in told
        assert f'outcomes_index_passages{{generation="{app.answerer.generation}"}}' in told
        assert {"process_resident_memory_bytes", "process_start_time_seconds"} <= set(told.split())
        assert SECRET not in told

        async def hangs() -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr("bot.metrics.LOOKED_IN", 0.01)
        monkeypatch.setattr(app.store.figures, "waiting", hangs)
        told = await metric(server, session)
        assert "outcomes_database_up 0.0" in told
        assert "outcomes_inbox_waiting" not in told, "what is not known is not told"


async def test_a_scrape_looks_into_the_database_once(app: App) -> None:
    looks, waiting = 0, app.store.figures.waiting

    async def counted() -> object:
        nonlocal looks
        looks += 1
        return await waiting()

    app.store.figures.waiting = counted  # type: ignore[method-assign, assignment]
    standing = Standing(app.store.figures, lambda: ("", 0))
    await asyncio.gather(*(standing.look() for _ in range(20)))
    assert looks == 1, "of those that come together too"


async def test_health_says_what_is_missing(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = False

    def generation() -> str:
        if lost:
            raise OSError(SECRET)
        return "g-1"

    health = Health(app.store.figures, generation)
    async with web_server(app, echo, Counters(), health) as server, ClientSession() as session:

        async def asked() -> tuple[int, dict[str, str]]:
            async with session.get(server.make_url("/healthz")) as response:
                return response.status, await response.json()

        assert await asked() == (200, {"status": "ok", "generation": "g-1"})
        lost = True
        assert await asked() == (503, {"status": "unwell", "missing": "index"})
        lost = False

        async def away() -> None:
            raise StoreUnusable("away")

        monkeypatch.setattr(app.store.figures, "answers", away)
        assert await asked() == (503, {"status": "unwell", "missing": "database"})

        async def hangs() -> None:
            await asyncio.Event().wait()

        monkeypatch.setattr(app.store.figures, "answers", hangs)
        monkeypatch.setattr("bot.health.ANSWERS_IN", 0.01)
        assert await asked() == (503, {"status": "unwell", "missing": "database"})
        health.stopping = True
        assert await asked() == (503, {"status": "unwell", "missing": "stopping"})


def test_every_line_that_a_process_writes_is_json(outcomes: Outcomes) -> None:
    with_json = replace(outcomes, settings={**outcomes.settings, "OUTCOMES_LOG": "json"})
    with started(with_json) as (process, _):
        process.terminate()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0
    read = [json.loads(line) for line in said.splitlines()]
    assert any("Stopping" in one["message"] for one in read)
    failed = with_json.run("serve", OUTCOMES_HOST="192.0.2.1")
    assert failed.code == 1
    assert "OUTCOMES_HOST" in json.loads(failed.err)["message"]


def test_another_form_is_refused(outcomes: Outcomes) -> None:
    explained(outcomes.run("serve", OUTCOMES_LOG="xml"), "OUTCOMES_LOG", "text or json")
