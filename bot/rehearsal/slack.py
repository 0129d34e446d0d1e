"""Slack played on this computer: its Web API, its response urls and its Socket Mode."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from bot.rehearsal.slack_payloads import ANSWERS, Json, new_ts

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-example", "xapp-example", "example-secret"
PATIENCE = 10.0  # seconds to wait for what is expected
ACKNOWLEDGED_IN = 3.0  # seconds, as Slack has it
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API, or a post to a response url."""

    method: str
    arguments: Json
    at: float


@dataclass(frozen=True, slots=True)
class Fault:
    """How a call is answered instead. `dropped`: what was asked is done, and the connection
    breaks before the answer."""

    error: str = ""
    status: int = 200
    retry_after: int | None = None
    dropped: bool = False

    def answer(self, request: web.Request) -> web.Response:
        if self.dropped and request.transport:
            request.transport.close()
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        body = {"ok": False, "error": self.error}
        return web.json_response(body, status=self.status, headers=headers)


RATE_LIMITED = Fault("ratelimited", 429, retry_after=0)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What the bot answered Slack, and how fast."""

    status: int
    seconds: float
    body: str = ""


@dataclass
class SlackPeer:
    """Slack, in an `async with`. `events` is the bot's address for events, once it has one."""

    events: str = ""
    channels: set[str] | None = None  # where the bot is a member; None for everywhere
    calls: list[Call] = field(default_factory=list)
    shown: list[Json] = field(default_factory=list)  # messages that everyone in a channel sees
    whispered: list[Json] = field(default_factory=list)  # and those only the asker sees
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    port: int = 0

    async def __aenter__(self) -> SlackPeer:
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()
        self._envelopes: dict[str, asyncio.Future[Json]] = {}
        application = web.Application()
        application.router.add_post("/api/{method}", self._api)
        application.router.add_post("/response/{number}", self._response)
        application.router.add_get("/link", self._link)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self._session = ClientSession(connector=TCPConnector(limit=0), cookie_jar=DummyCookieJar())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._session.close()
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def response_url(self) -> str:
        """A new one, as Slack gives with every command and every press."""
        return f"http://127.0.0.1:{self.port}/response/{next(self._numbers)}"

    def called(self, method: str) -> list[Json]:
        """The arguments of every call of a method, refused ones too."""
        return [call.arguments for call in self.calls if call.method == method]

    async def until(self, happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait, but not for ever."""
        async with asyncio.timeout(seconds):
            while not happened():
                self._changed.clear()
                await self._changed.wait()

    async def event(self, body: Mapping[str, Any], retry: int = 0) -> Acknowledged:
        headers = {"Content-Type": "application/json"}
        if retry:
            headers["X-Slack-Retry-Num"] = str(retry)
            headers["X-Slack-Retry-Reason"] = "http_timeout"
        return await self.deliver(json.dumps(body), headers)

    async def command(self, body: Mapping[str, str]) -> Acknowledged:
        return await self.deliver(urlencode(body), _FORM)

    async def interaction(self, body: Mapping[str, Any]) -> Acknowledged:
        """A button pressed or a form sent."""
        return await self.deliver(urlencode({"payload": json.dumps(body)}), _FORM)

    async def deliver(
        self,
        body: str,
        headers: Mapping[str, str],
        secret: str = SIGNING_SECRET,
        age: float = 0.0,
    ) -> Acknowledged:
        """Post to the bot, signed as Slack signs."""
        timestamp = str(int(time.time() - age))
        signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
        signed = {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature or "",
            **headers,
        }
        began = time.perf_counter()
        async with self._session.post(self.events, data=body.encode(), headers=signed) as answer:
            said = await answer.text()
            return Acknowledged(answer.status, time.perf_counter() - began, said)

    async def push(self, kind: str, payload: Mapping[str, Any]) -> Json:
        """Send by the newest WebSocket; its acknowledgement, or TimeoutError without one."""
        name = f"envelope-{next(self._numbers)}"
        self._envelopes[name] = asyncio.get_running_loop().create_future()
        takes = kind != "events_api"
        envelope = {"envelope_id": name, "type": kind, "accepts_response_payload": takes}
        await self.sockets[-1].send_json({**envelope, "payload": payload})
        async with asyncio.timeout(ACKNOWLEDGED_IN):
            return await self._envelopes[name]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        error, fault = self._error(method, arguments, request), self._fault(method)
        answer: Json = {"ok": False, "error": error}
        if not error and (not fault or fault.dropped):
            answer = {"ok": True, **self._done(method, arguments)}
        self._note(method, arguments)
        return fault.answer(request) if fault else web.json_response(answer)

    def _fault(self, method: str) -> Fault | None:
        waiting = self.faults[method]
        return waiting.popleft() if waiting else None

    def _error(self, method: str, arguments: Json, request: web.Request) -> str:
        """What real Slack would say is wrong with a call."""
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {wanted}":
            return "invalid_auth"
        if method not in ANSWERS:
            return "unknown_method"
        channel = arguments.get("channel", arguments.get("channel_id"))
        known = self.channels is None or channel in (None, *self.channels)
        if not known:
            return "channel_not_found"
        if method == "chat.postMessage" and not arguments.get("text"):
            return "no_text"
        return ""

    def _done(self, method: str, arguments: Json) -> Json:
        if method == "chat.postMessage":
            self.shown.append({**arguments, "ts": new_ts()})
            return {"ts": self.shown[-1]["ts"], "channel": arguments["channel"]}
        if method == "apps.connections.open":
            ticket = next(self._numbers)
            return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={ticket}&app_id=A1"}
        return ANSWERS[method]

    async def _response(self, request: web.Request) -> web.StreamResponse:
        arguments = await _arguments(request)
        fault = self._fault("response_url")
        if not fault or fault.dropped:
            private = arguments.get("response_type") != "in_channel"
            (self.whispered if private else self.shown).append({**arguments, "ts": new_ts()})
        self._note("response_url", {**arguments, "url": str(request.url)})
        return fault.answer(request) if fault else web.Response(text="ok")

    async def _link(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": len(self.sockets) + 1})
        self.sockets.append(socket)
        self._changed.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                answer: Json = json.loads(message.data)
                self._envelopes[answer["envelope_id"]].set_result(answer)
        self.sockets.remove(socket)
        self._changed.set()
        return socket

    def _note(self, method: str, arguments: Json) -> None:
        self.calls.append(Call(method, arguments, time.perf_counter()))
        self._changed.set()


async def _arguments(request: web.Request) -> Json:
    if request.content_type == "application/json":
        found: Json = await request.json()
        return found
    return dict(await request.post())
