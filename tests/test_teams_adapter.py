"""What is posted to Microsoft's connector, and what its faults mean."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
from aiohttp import ClientSession

from bot.delivery import MaybeSent, NotSent
from bot.rehearsal.teams import TeamsPeer
from bot.store import Store
from bot.teams.adapter import Connector, Refused
from bot.teams.tokens import TokenRefused
from tests.teams_desk import peer, teams

__all__ = ["peer"]  # a fixture


@pytest.fixture
def full() -> Iterator[str]:
    """The address of a host that takes no connection and refuses none, as a firewall does."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for one in fillers:
            one.setblocking(False)
            one.connect_ex(taken.getsockname())
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/"
        for one in fillers:
            one.close()


async def test_what_never_connected_was_not_sent(full: str) -> None:
    async with ClientSession() as session:
        connector = Connector(session, None, local=True, connect_within=0.3)
        with pytest.raises(NotSent):
            await connector.request("POST", full, "x", {})


@pytest.mark.parametrize(
    ("status", "fault"), [(400, Refused), (404, Refused), (500, MaybeSent), (503, NotSent)]
)
async def test_a_status_says_whether_it_was_sent(
    status: int, fault: type[Exception], peer: TeamsPeer
) -> None:
    peer.faults = [(status, {})]
    async with ClientSession() as session:
        connector = Connector(session, None, local=True)
        with pytest.raises(fault):
            await connector.request("POST", peer.service_url, "a/activities", {"type": "message"})


async def test_credentials_that_run_out_lose_no_answer(
    peer: TeamsPeer, caplog: pytest.LogCaptureFixture
) -> None:
    class Expired:
        async def __call__(self) -> str:
            raise TokenRefused("Microsoft says invalid_client: check MICROSOFT_APP_PASSWORD")

        def forget(self) -> None:
            return None

    async with ClientSession() as session:
        connector = Connector(session, Expired(), local=True)
        with pytest.raises(NotSent):
            await connector.request("POST", peer.service_url, "a/activities", {})
    assert "check MICROSOFT_APP_PASSWORD" in caplog.text


@pytest.mark.parametrize(
    ("url", "local", "trusted"),
    [
        ("https://smba.trafficmanager.net/uk/", False, True),
        ("http://smba.trafficmanager.net/uk/", False, False),
        ("https://user@evil.example/", False, False),
        ("ftp://a.example/", False, False),
        ("https://[", False, False),
        ("http://127.0.0.1:1/", True, True),
        ("https://smba.trafficmanager.net/uk/", True, False),
    ],
)
async def test_only_such_addresses_are_posted_to(url: str, local: bool, trusted: bool) -> None:
    async with ClientSession() as session:
        assert Connector(session, None, local=local).trusts(url) is trusted


async def test_strangers_cost_little_and_fill_no_log(
    peer: TeamsPeer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    entities = [{"type": "x", "n": number} for number in range(9_000)]
    heavy = peer.message("x", entities=entities)
    async with teams(peer, store) as served:
        url = f"{served.url}/api/messages"
        await peer.post(url, peer.message("first"))
        began = time.perf_counter()
        posts = (peer.post(url, heavy, "Bearer forged") for _ in range(20))
        answers = await asyncio.gather(*posts)
        assert time.perf_counter() - began < 3
        assert {one.status for one in answers} == {401}
    assert caplog.text.count("Refused") == 1
