"""Slack played on this computer: its Web API, its response urls and its Socket Mode."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientSession, DummyCookieJar, TCPConnector, WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from bot.rehearsal import slack_homes as homes
from bot.rehearsal import slack_streams as streams
from bot.rehearsal.slack_chats import Chats
from bot.rehearsal.slack_faults import RATE_LIMITED as RATE_LIMITED
from bot.rehearsal.slack_faults import Fault as Fault
from bot.rehearsal.slack_files import Files
from bot.rehearsal.slack_limits import refused_message, refused_view
from bot.rehearsal.slack_payloads import ANSWERS, TEAM, Json, new_ts, sent_with
from bot.rehearsal.slack_rooms import Rooms
from bot.rehearsal.slack_triggers import Triggers
from bot.rehearsal.slack_workspaces import Visited, Workspaces

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
    absent: set[str] = field(default_factory=set)  # people who are in no channel
    admins: set[str] = field(default_factory=set)
    carried: dict[str, str] = field(default_factory=dict)  # headers of what the Web API answers
    people: dict[str, Json] = field(default_factory=dict)  # what else is known of somebody
    organisation: str = ""  # the Enterprise organisation's id, where the workspace is in one
    calls: list[Call] = field(default_factory=list)
    shown: list[Json] = field(default_factory=list)  # messages that everyone in a channel sees
    chats: Chats = field(default_factory=Chats)
    files: Files = field(default_factory=Files)
    homes: homes.Homes = field(default_factory=homes.Homes)
    rooms: Rooms = field(default_factory=Rooms)
    whispered: list[Json] = field(default_factory=list)  # and those only the asker sees
    views: dict[str, Json] = field(default_factory=dict)  # modals that are open, by their ids
    wrong: dict[str, str] = field(default_factory=dict)  # what the last form sent says of inputs
    triggers: Triggers = field(default_factory=Triggers)
    workspaces: Workspaces = field(default_factory=Workspaces)  # in place of the one, if any
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    faults: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    port: int = 0

    async def __aenter__(self) -> SlackPeer:
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()
        self._envelopes: dict[str, asyncio.Future[Json]] = {}
        application = web.Application()
        application.router.add_route("*", "/api/{method}", self._api)
        self.files.serve(application, BOT_TOKEN)
        application.router.add_post("/response/{number}", self._response)
        application.router.add_get("/link", self._link)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self._session = ClientSession(connector=TCPConnector(limit=0), cookie_jar=DummyCookieJar())
        self.workspaces.tell = self.event
        return self

    async def __aexit__(self, *_: object) -> None:
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

    def posted_to(self, *people: str) -> list[Json]:
        """What was posted in the bot's chat with this person, or in its group with these."""
        return [one for one in self.shown if one.get("channel") == self.chats.of(people)]

    def published_in(self, channel: str) -> list[Json]:
        """What was posted in a channel with a mark, the oldest first."""
        return self.rooms.published_in(channel)

    async def install(self, base: str, team: str) -> Visited:
        """Install the app in one of the `workspaces`; `base` is the bot's address."""
        return await self.workspaces.install(self._session, base, team)

    async def until(self, happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait, but not for ever."""
        async with asyncio.timeout(seconds):
            while not happened():
                self._changed.clear()
                await self._changed.wait()

    async def event(self, body: Mapping[str, Any], retry: int = 0) -> Acknowledged:
        headers = {"Content-Type": "application/json"}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        return await self.deliver(json.dumps(body), headers)

    async def command(self, body: Mapping[str, str]) -> Acknowledged:
        self._gave(body)
        return await self.deliver(urlencode(body), _FORM)

    async def interaction(self, body: Mapping[str, Any]) -> Acknowledged:
        """A button pressed, a message picked out or a form sent."""
        self._gave(body)
        answer = await self.deliver(urlencode({"payload": json.dumps(body)}), _FORM)
        if answer.status == 200:
            self._answered(body, json.loads(answer.body or "{}"))
        return answer

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
        self.triggers.give(payload)
        name = f"envelope-{next(self._numbers)}"
        self._envelopes[name] = asyncio.get_running_loop().create_future()
        takes = kind != "events_api"
        envelope = {"envelope_id": name, "type": kind, "accepts_response_payload": takes}
        await self.sockets[-1].send_json({**envelope, "payload": payload})
        async with asyncio.timeout(ACKNOWLEDGED_IN):
            answer = await self._envelopes[name]
        self._answered(payload, answer.get("payload", {}))
        return answer

    def _gave(self, body: Mapping[str, Any]) -> None:
        self.triggers.give(body)
        self.workspaces.heard(body)

    def _answered(self, body: Mapping[str, Any], answer: Json) -> None:
        """Do with a form that was sent what the bot says."""
        name = (body.get("view") or {}).get("id", "")
        if body.get("type") != "view_submission" or name not in self.views:
            return
        self.wrong = answer.get("errors", {})
        match answer.get("response_action"):
            case "update":
                if error := refused_view(answer["view"]):
                    raise ValueError(f"Slack would not show this form: {error}")
                self._show(name, answer["view"])
            case "errors":
                names = {block.get("block_id") for block in self.views[name]["blocks"]}
                if not self.wrong or self.wrong.keys() - names:
                    raise ValueError("Slack knows no such input")
            case _:
                del self.views[name]
        self._changed.set()

    def _show(self, name: str, view: Json) -> None:
        self.views[name] = {**view, "id": name, "hash": f"1764000000.{next(self._numbers)}"}

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await sent_with(request)
        error, fault = self._error(method, arguments, request), self._fault(method, arguments)
        answer: Json = {"ok": False, "error": error}
        if not error and (not fault or fault.dropped):
            shown = request.headers.get("Authorization", "")
            told = self.workspaces.done(method, arguments, shown)
            done = self._done(method, arguments, shown) if told is None else told
            answer = {"ok": True, **done}
        self._note(method, arguments)
        if fault:
            await asyncio.sleep(fault.seconds)
            return fault.answer(request)
        return web.json_response(answer, headers=self.carried)

    def _fault(self, method: str, arguments: Json) -> Fault | None:
        if waiting := self.faults[method]:
            return waiting.popleft()
        early = method == "chat.postMessage" and self.rooms.early(self._place(arguments))
        return replace(RATE_LIMITED, retry_after=1) if early else None

    def _error(self, method: str, arguments: Json, request: web.Request) -> str:
        """What real Slack would say is wrong with a call."""
        if refused := self._unproved(method, arguments, request.headers.get("Authorization", "")):
            return refused
        if method not in ANSWERS:
            return "unknown_method"
        channel = arguments.get("channel", arguments.get("channel_id"))
        if channel is not None and not self._reached(channel):
            return "channel_not_found"
        if method.startswith("chat."):
            return self._unpostable(method, arguments)
        if method in (homes.PUBLISH, homes.SUGGEST):
            return self.homes.refused(method, arguments)
        if method.startswith("views."):
            return self._unshowable(method, arguments)
        if method.startswith("conversations."):
            opening = method == "conversations.open"
            return (self.chats.unopenable if opening else self.rooms.unreadable)(arguments)
        return "user_not_found" if method == "users.info" and not arguments.get("user") else ""

    def _unproved(self, method: str, arguments: Json, shown: str) -> str:
        if self.workspaces.known:
            return self.workspaces.refused(method, arguments, shown)
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        return "" if shown == f"Bearer {wanted}" else "invalid_auth"

    def _reached(self, channel: str) -> bool:
        known = self.chats.known(channel)
        return (self.channels is None or channel in self.channels) if known is None else known

    def _unpostable(self, method: str, arguments: Json) -> str:
        if method in streams.METHODS:
            return streams.refused(method, arguments, self.shown)
        if method == "chat.postEphemeral":
            if not arguments.get("user"):
                return "invalid_arguments"
            if arguments["user"] in self.absent:
                return "user_not_in_channel"
        return self.rooms.unpostable(self._place(arguments), arguments)

    def _place(self, arguments: Json) -> str:
        return self.chats.place(str(arguments.get("channel", "")))

    def _unshowable(self, method: str, arguments: Json) -> str:
        if error := refused_view(arguments["view"]) or self.files.refused(arguments["view"]):
            return error
        if method == "views.update":
            return "" if arguments.get("view_id") in self.views else "not_found"
        return self.triggers.refused(arguments)

    def _said(self, method: str, arguments: Json, by: Json) -> Json:
        if method in streams.METHODS:
            return streams.done(method, arguments, self.shown)
        if method == "chat.postEphemeral":
            alone = {"ts": new_ts(), "response_type": "ephemeral"}
            self.whispered.append({**arguments, **alone})
            return {"message_ts": alone["ts"]}
        channel = self._place(arguments)
        place = {"channel": channel, "ts": self.rooms.post(channel, arguments, by)}
        self.shown.append({**arguments, **place})
        return place

    def _done(self, method: str, arguments: Json, shown: str) -> Json:
        here = self.workspaces.of(shown)
        team = here.team if here else TEAM
        if method.startswith("chat."):
            by = {"user": here.bot, "bot_id": here.bot_id} if here else {}
            return self._said(method, arguments, by)
        match method:
            case "conversations.history" | "conversations.open":
                opening = method == "conversations.open"
                return (self.chats.opened if opening else self.rooms.page)(arguments)
            case "apps.connections.open":
                ticket = next(self._numbers)
                return {"url": f"ws://127.0.0.1:{self.port}/link?ticket={ticket}&app_id=A1"}
            case "views.open" | "views.update":
                name = arguments.get("view_id") or f"V{next(self._numbers)}"
                self._show(name, arguments["view"])
                return {"view": self.views[name]}
            case homes.PUBLISH | homes.SUGGEST:
                return self.homes.done(method, arguments, team)
            case "users.info":
                return {"user": self._person(arguments["user"], team)}
            case "auth.test":
                return {**ANSWERS[method], "enterprise_id": self.organisation or None}
        return ANSWERS[method]

    def _person(self, person: str, team: str) -> Json:
        known = {"id": person, "team_id": team, "is_admin": person in self.admins}
        return {**known, **self.people.get(person, {})}

    async def _response(self, request: web.Request) -> web.StreamResponse:
        arguments = await sent_with(request)
        error = refused_message(arguments)
        fault = self._fault("response_url", arguments) or (Fault(error, 400) if error else None)
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
