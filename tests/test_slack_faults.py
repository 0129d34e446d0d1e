"""What became of a message when posting it went wrong, and which addresses are Slack's."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from aiohttp import (
    ClientConnectorDNSError,
    ClientOSError,
    ClientPayloadError,
    ConnectionTimeoutError,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from aiohttp.client_reqrep import ConnectionKey

from bot.delivery import MaybeSent, NotSent
from bot.slack.posting import Refused, fault, told, trusted

SLACK = ConnectionKey("slack.example", 443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "became"),
    [
        (ClientConnectorDNSError(SLACK, OSError("no such host")), NotSent),
        (ConnectionTimeoutError(), NotSent),
        (SocketTimeoutError(), MaybeSent),
        (TimeoutError(), MaybeSent),
        (ServerDisconnectedError(), MaybeSent),
        (ClientOSError(104, "reset"), MaybeSent),
        (ClientPayloadError(), MaybeSent),
        (ConnectionResetError(), MaybeSent),
    ],
    ids=lambda one: getattr(one, "__name__", type(one).__name__),
)
async def test_what_a_broken_connection_means(
    error: Exception, became: type[NotSent] | type[MaybeSent]
) -> None:
    async def call() -> None:
        await asyncio.sleep(0)
        raise error

    with pytest.raises(became):
        await told(call())


@pytest.mark.parametrize(
    ("status", "code", "headers", "became"),
    [
        (429, "ratelimited", {"Retry-After": "30"}, NotSent),
        (200, "ratelimited", {}, NotSent),
        (200, "fatal_error", {}, MaybeSent),
        (200, "request_timeout", {}, MaybeSent),
        (504, "", {}, MaybeSent),
        (200, "channel_not_found", {}, Refused),
        (403, "", {}, Refused),
    ],
)
def test_what_an_answer_means(
    status: int, code: str, headers: Mapping[str, str], became: type[Exception]
) -> None:
    found = fault(status, code, headers)
    assert type(found) is became
    if isinstance(found, NotSent):
        assert found.seconds == float(headers.get("Retry-After", 1))


@pytest.mark.parametrize(
    ("url", "ours", "in_development"),
    [
        ("https://hooks.slack.com/commands/T0/1/x", True, True),
        ("https://slack.com/x", True, True),
        ("https://hooks.slack.com:443/x", True, True),
        ("http://127.0.0.1:8080/x", False, True),
        ("http://localhost/x", False, True),
        ("http://hooks.slack.com/x", False, False),
        ("https://hooks.slack.com:8443/x", False, False),
        ("https://hooks.slack.com.example/x", False, False),
        ("https://notslack.com/x", False, False),
        ("https://slack.com@evil.example/x", False, False),
        ("https://user:word@hooks.slack.com/x", False, False),
        ("http://169.254.169.254/x", False, False),
        ("ftp://127.0.0.1/x", False, False),
        ("https://[", False, False),
        ("", False, False),
    ],
)
def test_which_addresses_are_slacks(url: str, ours: bool, in_development: bool) -> None:
    assert trusted(url, dev=False) is ours
    assert trusted(url, dev=True) is in_development
