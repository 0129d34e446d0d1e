"""What proves that an activity is Microsoft's, and our own token for what is sent back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.rehearsal.teams import APP_ID, TeamsPeer
from bot.store import Store
from bot.teams.adapter import Connector, Refused
from bot.teams.tokens import (
    Check,
    Keys,
    KeysUnavailable,
    OwnToken,
    TokenRefused,
    TokenUnavailable,
    Unauthorised,
)
from tests.bad_tokens import BAD
from tests.teams_desk import peer, teams

__all__ = ["peer"]  # fixtures

# A header that HTTP itself does not allow; each answered by the server before we are asked.
IMPOSSIBLE: dict[str, bytes] = {
    "a NUL in it": b"Authorization: Bearer a\x00b\r\n",
    "a line break in it": b"Authorization: Bearer a\rb\r\n",
    "far too long": b"Authorization: Bearer " + b"a" * 100_000 + b"\r\n",
}
SERVED = tuple(
    f"https://{host}/"
    for host in (
        *(
            "smba.trafficmanager.net/uk",
            "smba.trafficmanager.net/emea/tenant",
            "SMBA.TrafficManager.net",
        ),
        *("europe.botframework.com", "smba.infra.gcc.teams.microsoft.com/teams"),
    )
)
NOT_SERVED = (
    *("http://smba.trafficmanager.net/uk/", "https://evil.example/", "https://127.0.0.1/", "//x"),
    *("https://smba.trafficmanager.net.evil.example/", "https://evil.trafficmanager.net/"),
    *("https://smba.trafficmanager.net@evil.example/", "https://x:y@smba.trafficmanager.net/"),
    *("https://evilbotframework.com/", "https://botframework.com.evil.example/"),
    *("https://smba.trafficmanager.net:8443/", "https://smba.trafficmanager.net:x/", "https://["),
    *("https://evil.example\\@smba.trafficmanager.net/", "https://smba.traffic\u2024manager.net/"),
    *("https://evil.example#smba.trafficmanager.net/", "file:///etc/passwd", "https:///uk/", ""),
    *("https://169.254.169.254/", "https://teams.microsoft.com.evil.example/", "javascript:1"),
)


async def test_a_bad_token_is_401_and_nothing_is_answered(
    peer: TeamsPeer,
    store: Store,
    caplog: pytest.LogCaptureFixture,
    record_property: Callable[[str, object], None],
) -> None:
    async with teams(peer, store) as served:
        url = f"{served.url}/api/messages"
        for why, make in BAD.items():
            got = await peer.post(url, peer.message("canary"), make(peer))
            assert got.status in (401, 403), why
            assert got.body == "", why
        assert peer.sent == []
        assert (await peer.post(url, peer.message("good"))).status == 200
        await peer.until(1)
    assert len(peer.messages) == 1
    assert "canary" not in caplog.text
    record_property("kinds of bad token refused", len(BAD))
    assert len(BAD) >= 60


async def test_what_http_does_not_allow_is_not_even_read(peer: TeamsPeer, store: Store) -> None:
    async with teams(peer, store) as served:
        for why, header in IMPOSSIBLE.items():
            assert await told_by_hand(served.url, peer.message("canary"), header) == 400, why
        twice = [f"Authorization: Bearer {one}\r\n" for one in ("garbage", peer.token())]
        for headers in (twice, twice[::-1]):
            got = await told_by_hand(served.url, peer.message("x"), "".join(headers).encode())
            assert got in (400, 401), "two of them"
        (good,) = twice[1:]
        small = good.replace("Bearer", "bearer").encode()
        assert await told_by_hand(served.url, peer.message("good"), small) == 200, "as HTTP has it"
        await peer.until(1)
    assert len(peer.messages) == 1


async def told_by_hand(url: str, activity: dict[str, Any], header: bytes) -> int:
    """The status of what no client would send."""
    host = url.removeprefix("http://")
    name, _, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    body = json.dumps(activity).encode()
    kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
    head = b"POST /api/messages HTTP/1.1\r\nHost: %s\r\n%s" % (host.encode(), kind)
    writer.write(head + header + b"\r\n" + body)
    line = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return int(line.split()[1])


async def test_a_key_that_was_taken_back_proves_nothing(peer: TeamsPeer) -> None:
    clock = SimpleNamespace(now=0.0)
    async with ClientSession() as session:
        check = Check(Keys(session, peer.metadata, lambda: clock.now), APP_ID)
        old = f"Bearer {peer.token()}"
        await check(old, "msteams", peer.service_url)
        peer.roll_over("key-2")
        clock.now = 25 * 3600
        with pytest.raises(Unauthorised, match="not known"):
            await check(old, "msteams", peer.service_url)
        await check(f"Bearer {peer.token()}", "msteams", peer.service_url)


async def test_only_microsofts_own_hosts_are_posted_to() -> None:
    async with ClientSession() as session:
        connector = Connector(session, OwnToken(APP_ID, "x", "example"), local=False)
        assert [url for url in SERVED if not connector.trusts(url)] == []
        assert [url for url in NOT_SERVED if connector.trusts(url)] == []
        for url in NOT_SERVED:
            with pytest.raises(Refused):
                await connector.request("POST", url, "a/activities", {})


async def test_a_host_of_this_computer_alone_is_posted_to_where_it_is_tested() -> None:
    async with ClientSession() as session:
        connector = Connector(session, None, local=True)
        assert not [url for url in (*SERVED, "https://evil.example/") if connector.trusts(url)]
        assert connector.trusts("http://127.0.0.1:9/")


async def test_a_key_of_another_channel_is_401(peer: TeamsPeer, store: Store) -> None:
    peer.endorsed = ("webchat",)
    async with teams(peer, store) as served:
        assert (await peer.post(f"{served.url}/api/messages", peer.message("?"))).status == 401


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"[" * 20_000,
        b"{}",
        {"type": 5},
        {"type": "message", "channelId": "msteams", "serviceUrl": "x"},
    ],
)
async def test_a_bad_body_is_400(
    body: bytes | dict[str, object], peer: TeamsPeer, store: Store
) -> None:
    async with teams(peer, store) as served:
        got = await peer.post(f"{served.url}/api/messages", body)
        assert got.status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"conversation": "x"},
        {"conversation": {"id": 5}},
        {"from": []},
        {"recipient": None},
        {"text": ["a"]},
        {"entities": {"a": 1}},
        {"entities": [1]},
        {"timestamp": "nonsense"},
        {"channelId": "webchat"},
        {"serviceUrl": 7},
        {"id": {"a": 1}},
    ],
)
async def test_an_activity_of_the_wrong_shape_is_400(
    change: dict[str, object], peer: TeamsPeer, store: Store
) -> None:
    async with teams(peer, store) as served:
        bent = {**peer.message("?"), **change}
        assert (await peer.post(f"{served.url}/api/messages", bent)).status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"channelData": "x"},
        {"channelData": {"tenant": 5}},
        {"entities": [{"type": "mention"}, {"type": "mention", "mentioned": 5, "text": 6}]},
        {"value": {"action": 1, "value": []}},
        {"locale": None, "type": "unheardOf"},
        {"text": None},
        {"id": None},
    ],
)
async def test_odd_but_readable_activities_are_taken(
    change: dict[str, object], peer: TeamsPeer, store: Store
) -> None:
    async with teams(peer, store) as served:
        odd = {**peer.message("?"), **change}
        assert (await peer.post(f"{served.url}/api/messages", odd)).status == 200


async def test_a_body_too_long_is_413_and_another_type_415(peer: TeamsPeer, store: Store) -> None:
    async with teams(peer, store) as served, ClientSession() as session:
        url = f"{served.url}/api/messages"
        assert (await peer.post(url, peer.message("x" * 300_000))).status == 413
        headers = {"Authorization": f"Bearer {peer.token()}"}
        async with session.post(url, data="x", headers=headers) as response:
            assert response.status == 415


async def test_keys_are_fetched_once_and_again_when_they_change(
    peer: TeamsPeer, store: Store
) -> None:
    clock = SimpleNamespace(now=0.0)
    async with ClientSession() as session:
        keys = Keys(session, peer.metadata, lambda: clock.now)
        assert await keys.find("key-1")
        assert await keys.find("key-1")
        assert await keys.find("key-2") is None, "asked for again only after a while"
        assert peer.keys_asked == 1
        peer.roll_over("key-2")
        clock.now = 61
        assert await keys.find("key-2")
        clock.now += 25 * 3600
        assert await keys.find("key-2")
        assert peer.keys_asked == 3


async def test_without_keys_nothing_is_let_in_and_with_old_ones_they_serve(
    peer: TeamsPeer,
) -> None:
    clock = SimpleNamespace(now=0.0)
    async with ClientSession() as session:
        with pytest.raises(KeysUnavailable):
            await Keys(session, "http://127.0.0.1:9/nothing").find("key-1")
        keys = Keys(session, peer.metadata, lambda: clock.now)
        assert await keys.find("key-1")
        await peer.__aexit__(None, None, None)
        clock.now = 25 * 3600
        assert await keys.find("key-1")
        await peer.__aenter__()


async def test_keys_that_cannot_be_had_are_503(peer: TeamsPeer, store: Store) -> None:
    peer.metadata = "http://127.0.0.1:9/nothing"
    async with teams(peer, store) as served:
        assert (await peer.post(f"{served.url}/api/messages", peer.message("?"))).status == 503


async def test_keys_behind_https_are_not_taken_from_elsewhere() -> None:
    async with ClientSession() as session:
        keys = Keys(session, "https://127.0.0.1:9/metadata")
        with pytest.raises(ValueError, match="https"):
            await keys._json("http://127.0.0.1:9/keys")


class Microsoft:
    """MSAL's way out, answered here: the sign-in's two documents."""

    def __init__(self, given: dict[str, Any], status: int = 200) -> None:
        self.given, self.status, self.asked = given, status, 0

    def get(self, url: str, **_: object) -> SimpleNamespace:
        tenant = url.partition("/v2.0/")[0]
        document = {
            "authorization_endpoint": f"{tenant}/oauth2/v2.0/authorize",
            "token_endpoint": f"{tenant}/oauth2/v2.0/token",
            "issuer": f"{tenant}/v2.0",
        }
        return self._answer(200, document)

    def post(self, url: str, data: dict[str, str], **_: object) -> SimpleNamespace:
        self.asked += 1
        assert url == "https://login.microsoftonline.com/example/oauth2/v2.0/token"
        assert data["scope"] == "https://api.botframework.com/.default"
        return self._answer(self.status, self.given)

    def _answer(self, status: int, document: dict[str, Any]) -> SimpleNamespace:
        return SimpleNamespace(
            status_code=status, text=json.dumps(document), headers={}, raise_for_status=lambda: None
        )

    def close(self) -> None:
        return None


async def test_our_own_token_is_kept_until_shortly_before_its_end() -> None:
    clock = SimpleNamespace(now=0.0)
    microsoft = Microsoft({"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})
    token = OwnToken(APP_ID, "secret", "example", microsoft, lambda: clock.now)
    assert [await token(), await token()] == ["t", "t"]
    assert microsoft.asked == 1
    clock.now = 3400
    await token()
    token.forget()
    await token()
    assert microsoft.asked == 3


async def test_credentials_that_are_refused_say_what_to_look_at() -> None:
    refused = Microsoft({"error": "invalid_client", "error_description": "canary"}, 401)
    with pytest.raises(TokenRefused, match="invalid_client: check MICROSOFT_APP_ID") as caught:
        await OwnToken(APP_ID, "secret", "example", refused)()
    assert "canary" not in str(caught.value)


async def test_a_sign_in_that_is_not_reached_is_told_apart() -> None:
    class Gone(Microsoft):
        def post(self, url: str, data: dict[str, str], **_: object) -> SimpleNamespace:
            raise ConnectionError

    with pytest.raises(TokenUnavailable):
        await OwnToken(APP_ID, "secret", "example", Gone({}))()
