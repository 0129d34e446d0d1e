"""The two ways in which Slack tells the bot what happened, over HTTP and by a WebSocket."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol
from urllib.parse import urlencode

from aiohttp import ClientSession, WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from tests.clients.slack.emulate import SECRET

Json = dict[str, Any]
Kind = Literal["events_api", "slash_commands", "interactive"]
ACKNOWLEDGED_IN = 3.0  # seconds, as Slack has it
RECONNECTS_IN = 10.0


class Way(Protocol):
    """One of them."""

    async def send(self, kind: Kind, payload: Json) -> Json:
        """What Slack sends; the bot's acknowledgement, or a test that fails."""
        ...

    async def passes(self, body: bytes, headers: Mapping[str, str]) -> None:
        """An event that the workspace delivers itself, signed by itself."""
        ...


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bot answered."""

    status: int
    body: str


@dataclass
class Posted:
    """Over HTTP, to the bot's `address` once it has one."""

    session: ClientSession
    address: str = ""

    async def send(self, kind: Kind, payload: Json) -> Json:
        began = time.monotonic()
        if kind == "events_api":
            answer = await self.post(json.dumps(payload))
        elif kind == "slash_commands":
            answer = await self.post(urlencode(payload), form=True)
        else:
            answer = await self.post(urlencode({"payload": json.dumps(payload)}), form=True)
        assert answer.status == 200, answer
        assert time.monotonic() - began < ACKNOWLEDGED_IN
        said: Json = json.loads(answer.body) if answer.body.startswith("{") else {}
        return said

    async def passes(self, body: bytes, headers: Mapping[str, str]) -> None:
        names = ("Content-Type", "X-Slack-Request-Timestamp", "X-Slack-Signature")
        signed = {name: headers[name] for name in names}
        async with self.session.post(self.address, data=body, headers=signed) as answer:
            assert answer.status == 200, await answer.text()

    async def post(
        self,
        body: str,
        *,
        form: bool = False,
        secret: str = SECRET,
        age: float = 0.0,
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Signed as Slack signs, `age` seconds ago, unless the headers say otherwise."""
        stamp = str(int(time.time() - age))
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body)
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        sent = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or "",
            **(headers or {}),
        }
        async with self.session.post(self.address, data=body.encode(), headers=sent) as answer:
            return Answered(answer.status, await answer.text())


@dataclass
class Linked:
    """By WebSockets that the bot opens; the newest is written to."""

    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    tickets: set[str] = field(default_factory=set)  # given, and not used yet
    opened: int = 0
    _acknowledged: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def ticket(self) -> str:
        """For one connection."""
        name = f"ticket-{next(self._numbers)}"
        self.tickets.add(name)
        return name

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A connection, from hello to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=403)
        self.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        about = {"num_connections": len(self.sockets) + 1, "connection_info": {"app_id": "A1"}}
        await socket.send_json({"type": "hello", **about})
        self.sockets.append(socket)
        self.opened += 1
        self._changed.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)
                waiting = self._acknowledged.get(said["envelope_id"])
                if waiting and not waiting.done():
                    waiting.set_result(said)
        self.sockets.remove(socket)
        return socket

    async def send(self, kind: Kind, payload: Json) -> Json:
        answer = (await self.push(kind, payload)).get("payload", {})
        assert isinstance(answer, dict)
        return answer

    async def passes(self, body: bytes, headers: Mapping[str, str]) -> None:
        await self.send("events_api", json.loads(body))

    async def push(
        self, kind: Kind, payload: Json, socket: web.WebSocketResponse | None = None, **more: object
    ) -> Json:
        """By this connection, or by the newest; the whole acknowledgement."""
        name = f"envelope-{next(self._numbers)}"
        self._acknowledged[name] = asyncio.get_running_loop().create_future()
        takes = kind != "events_api"
        envelope = {"envelope_id": name, "type": kind, "accepts_response_payload": takes}
        await (socket or self.sockets[-1]).send_json({**envelope, "payload": payload, **more})
        try:
            async with asyncio.timeout(ACKNOWLEDGED_IN):
                return await self._acknowledged[name]
        finally:
            del self._acknowledged[name]

    async def connected(self, times: int) -> web.WebSocketResponse:
        """The newest connection, once so many were opened."""
        async with asyncio.timeout(RECONNECTS_IN):
            while self.opened < times:
                self._changed.clear()
                await self._changed.wait()
        return self.sockets[-1]
