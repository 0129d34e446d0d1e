"""`outcomes serve` as it is run: a process on a free port, asked over HTTP."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, DummyCookieJar

from bot.hosts import LOOPBACK
from bot.server import again
from tests.running import Outcomes, Process
from tests.test_command import explained

PATIENCE = 30.0


class Served:
    """A server that is running, and a browser's way of asking it."""

    def __init__(self, process: Process, address: str, session: ClientSession) -> None:
        self.process, self.address, self._session = process, address, session

    async def get(self, path: str) -> tuple[int, str]:
        async with self._session.get(self.address + path) as response:
            return response.status, await response.text()

    async def ask(self, text: str) -> dict[str, object]:
        headers = {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}
        asked = {"type": "asked", "text": text, "thread": "1"}
        url = f"{self.address}/page/requests"
        async with self._session.post(url, json=asked, headers=headers) as response:
            assert response.status == 200, await response.text()
            answer: dict[str, object] = await response.json()
            return answer


@contextmanager
def started(outcomes: Outcomes) -> Iterator[tuple[Process, str]]:
    process = outcomes.start("serve", OUTCOMES_PORT="0")
    try:
        assert process.stdout
        said = process.stdout.readline()
        yield process, said.split()[5].rstrip("/")
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
async def served(outcomes: Outcomes) -> AsyncIterator[Served]:
    with started(outcomes) as (process, address):
        async with ClientSession(cookie_jar=DummyCookieJar()) as session:
            yield Served(process, address, session)


@pytest.mark.parametrize("asked_to", [signal.SIGTERM])
async def test_it_serves_answers_and_stops_when_asked(served: Served, asked_to: int) -> None:
    assert served.address.startswith("http://127.0.0.1:")
    status, page = await served.get("/")
    assert (status, page.lstrip()[:15].lower()) == (200, "<!doctype html>")
    status, health = await served.get("/healthz")
    assert status == 200
    assert '"ok"' in health

    answer = await served.ask("How much did Swindon save on translation?")
    assert answer["status"] == "answered"
    assert "£27" in str(answer["text"])
    assert (await served.ask("what's the weather tomorrow?"))["status"] == "declined"

    status, counted = await served.get("/metrics")
    assert status == 200
    assert 'outcomes_replies_total{status="answered"} 1.0' in counted
    assert 'outcomes_replies_total{status="declined"} 1.0' in counted
    assert "outcomes_reply_seconds_count 2.0" in counted

    served.process.send_signal(asked_to)
    _, said = served.process.communicate(timeout=PATIENCE)
    assert served.process.returncode == 0
    assert "Traceback" not in said
    assert "translation" not in said, "what officers ask is not in the log"


def test_a_port_in_use_is_explained(outcomes: Outcomes) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        explained(outcomes.run("serve", OUTCOMES_PORT=port), port, "in use", "OUTCOMES_PORT")


def test_it_is_served_on_this_computer_only(outcomes: Outcomes) -> None:
    finished = outcomes.run("serve", OUTCOMES_HOST="192.0.2.1")
    explained(finished, "this computer only", "OUTCOMES_HOST")


@pytest.mark.parametrize("host", ["192.0.2.1", "0.0.0.0"])
def test_development_settings_stay_on_this_computer(outcomes: Outcomes, host: str) -> None:
    assert host not in LOOPBACK
    finished = outcomes.run("serve", OUTCOMES_DEV="1", OUTCOMES_HOST=host)
    explained(finished, "OUTCOMES_DEV=1", host)


def test_without_an_index_it_does_not_serve(outcomes: Outcomes, tmp_path: Path) -> None:
    explained(outcomes.run("serve", OUTCOMES_HOME=str(tmp_path / "none")), "outcomes index")


async def test_a_chore_that_is_begun_is_done_before_it_stops() -> None:
    begun, done = asyncio.Event(), list[str]()

    async def chore() -> int:
        begun.set()
        await asyncio.sleep(0.01)
        done.append("done")
        return 1

    task = asyncio.create_task(again(chore, 60.0, "It could not be done"))
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (task.cancelled(), done) == (True, ["done"])
