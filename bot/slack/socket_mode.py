"""Slack's Socket Mode: a WebSocket to Slack that is always there.

The client of slack_sdk tries the same address for ever, though Slack takes each only once and
for seconds, logs it with its ticket, and leaves the old connection before it has the new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType

from bot.delivery import ChannelRefused
from bot.slack.sign_in import Unreachable

HANDSHAKE_WITHIN = 15.0  # seconds
HEARTBEAT = 20.0  # seconds between pings; a connection that does not answer one is dead
LEFT_FOR = 10.0  # seconds that a connection is still read after Slack asked for another
ANSWERED_IN = 3.0  # seconds that what was heard has to be acknowledged when we stop
STEADY = 10.0  # seconds after which a connection counts as one that worked
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 60.0  # seconds before trying again

_log = logging.getLogger(__name__)
_Json = dict[str, Any]
_FAULTS = (ClientError, TimeoutError, OSError, Unreachable, ChannelRefused)


class SocketMode:
    """`address` asks Slack for a new WebSocket's address; `answer` gives an envelope's
    acknowledgement, or None where it must not be acknowledged."""

    def __init__(
        self,
        session: ClientSession,
        address: Callable[[], Awaitable[str]],
        answer: Callable[[_Json], Awaitable[_Json | None]],
        proxy: str | None = None,
    ) -> None:
        self._session, self._proxy = session, proxy
        self._address, self._answer = address, answer
        self._stopping = False
        self._staying: asyncio.Task[None] | None = None
        self._reading: set[asyncio.Task[None]] = set()
        self._answering: set[asyncio.Task[None]] = set()

    def start(self, url: str) -> None:
        """Connect to `url` first, then to a new one whenever a connection ends."""
        self._staying = asyncio.create_task(self._stay(url))

    async def stop(self) -> None:
        """Hear no more; what was heard is acknowledged."""
        self._stopping = True
        if self._staying:
            self._staying.cancel()
            await asyncio.gather(self._staying, return_exceptions=True)
        if self._answering:
            await asyncio.wait(self._answering, timeout=ANSWERED_IN)
        for task in (*self._reading, *self._answering):
            task.cancel()
        await asyncio.gather(*self._reading, *self._answering, return_exceptions=True)

    async def _stay(self, url: str) -> None:
        failures = 0
        while True:
            try:
                steady = await self._connection(url or await self._address())
                failures = 0 if steady else failures + 1
            except _FAULTS as error:
                failures += 1
                # Only its name: the message of some holds the address with its ticket.
                reason = str(error) if isinstance(error, ChannelRefused) else type(error).__name__
                _log.warning("No connection to Slack, trying again: %s", reason)
            url = ""
            if failures:
                pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures, 20))
                await asyncio.sleep(pause * random.uniform(0.75, 1.25))

    async def _connection(self, url: str) -> bool:
        """Until another is wanted; whether this one worked."""
        began, moving = time.monotonic(), asyncio.Event()
        async with asyncio.timeout(HANDSHAKE_WITHIN):
            socket = await self._session.ws_connect(url, heartbeat=HEARTBEAT, proxy=self._proxy)
        self._begin(self._read(socket, moving), self._reading)
        await moving.wait()
        return not socket.closed or time.monotonic() - began > STEADY

    async def _read(self, socket: ClientWebSocketResponse, moving: asyncio.Event) -> None:
        """Hear what comes until the connection ends. Slack says beforehand that it is going to
        end it, and is still heard while the next one is made."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None) as limit:
                async for message in socket:
                    envelope = _parsed(message.data) if message.type is WSMsgType.TEXT else {}
                    if envelope.get("type") == "disconnect":
                        limit.reschedule(loop.time() + LEFT_FOR)
                        moving.set()
                    elif envelope.get("envelope_id") and not self._stopping:
                        self._begin(self._acknowledge(socket, envelope), self._answering)
        except TimeoutError:
            pass
        finally:
            with contextlib.suppress(ClientError, OSError):
                await socket.close()
            moving.set()

    async def _acknowledge(self, socket: ClientWebSocketResponse, envelope: _Json) -> None:
        acknowledgement = await self._answer(envelope)
        if acknowledgement is not None:
            # On a connection that is gone meanwhile Slack sends it again on the next.
            with contextlib.suppress(ClientError, OSError):
                await socket.send_json(acknowledgement)

    def _begin(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)


def _parsed(text: str) -> _Json:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
