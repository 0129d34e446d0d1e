"""What stands between the bot and emulate: it keeps everything that passes, and passes it on."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web

from tests.clients.payloads import Payloads
from tests.clients.slack.documented import Documented
from tests.clients.slack.emulate import BOT_TOKEN, SITE, Emulate, emulated
from tests.clients.slack.ways import Linked, Way

Json = dict[str, Any]
PATIENCE = 20.0  # seconds to wait for what is expected; letters and digests take some


@dataclass
class Said:
    """What the bot said in a channel: to everyone there, or to one `person` alone. `posted` is
    the message with its `ts`; `awaited` once a test has seen it."""

    channel: str
    person: str
    posted: Json
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A method of the Web API that the bot called, and what it was answered."""

    method: str
    arguments: Json
    answer: Json


@dataclass
class Between:
    """`api_base` is what the bot takes for Slack. `url` is this server's."""

    payloads: Payloads
    session: ClientSession
    way: Way
    url: str = ""
    said: list[Said] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    opened: dict[str, Json] = field(default_factory=dict)  # modals that are open, by their ids
    homes: dict[str, Json] = field(default_factory=dict)  # Home tabs, by whose they are
    delivered: list[Json] = field(default_factory=list)  # events that emulate told of itself
    files: dict[str, bytes] = field(default_factory=dict)  # that officers attached, by their names
    published: int = 0
    listening: bool = False  # whether there is a bot to deliver to
    emulate: Emulate = field(init=False)
    documented: Documented = field(init=False)
    _responding: dict[str, tuple[str, str]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.documented = Documented(self._as_bot, self._address)

    @property
    def api_base(self) -> str:
        return f"{self.url}/api/"

    @property
    def routes(self) -> list[web.RouteDef]:
        links = [web.get("/link", self.way.link)] if isinstance(self.way, Linked) else []
        return [
            web.route("*", "/api/{method}", self._api),
            web.post("/response/{number}", self._response),
            web.post("/events", self._event),
            web.get("/files/{name}", self._file),
            *links,
        ]

    def response_url(self, channel: str, person: str) -> str:
        """A new one, as Slack gives with every command and every press."""
        number = str(next(self._numbers))
        self._responding[number] = channel, person
        return f"{self.url}/response/{number}"

    def attached(self, name: str, content: bytes) -> str:
        """Where the bot can have a file that somebody put into a form."""
        self.files[name] = content
        return f"{self.url}/files/{name}"

    def called(self, method: str) -> list[Json]:
        """The arguments of every call of a method."""
        return [one.arguments for one in self.calls if one.method == method]

    async def until(self, happened: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait, but not for ever."""
        try:
            async with asyncio.timeout(seconds):
                while not happened():
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            titles = [one["title"]["text"] for one in self.opened.values()]
            raise AssertionError(f"still open: {titles}; unseen: {self.unseen()}") from None

    async def next(self, channel: str, person: str = "") -> Json:
        """The first message there that no test has seen, once there is one."""

        def found() -> list[Said]:
            place = channel, person
            return [
                one for one in self.said if not one.awaited and (one.channel, one.person) == place
            ]

        await self.until(lambda: bool(found()))
        first = found()[0]
        first.awaited = True
        return first.posted

    def unseen(self) -> list[Said]:
        """What was said and no test was waiting for."""
        return [one for one in self.said if not one.awaited]

    async def shows(self, name: str, view: Json) -> None:
        """What the bot answers a form with takes the form's place, by Slack's own doing."""
        self.payloads.keep("modal", view)
        answer = await self.emulate.call("views.update", view_id=name, view=view)
        self.opened[name] = answer["view"]
        self._changed.set()

    async def _as_bot(self, method: str, arguments: Json) -> Json:
        return await self.emulate.answer(method, arguments, BOT_TOKEN)

    def _address(self) -> str:
        assert isinstance(self.way, Linked)
        return f"{self.url.replace('http', 'ws')}/link?ticket={self.way.ticket()}"

    async def _api(self, request: web.Request) -> web.Response:
        method, token = request.match_info["method"], request.headers.get("Authorization", "")
        arguments: Json = {}
        if request.content_type == "application/json":
            arguments = await request.json()
        elif request.can_read_body:
            arguments = dict(await request.post())
        arguments |= request.query
        token = token.removeprefix("Bearer ")
        if self.documented.has(method):
            answer = await self.documented.answer(method, arguments, token)
        else:
            answer = await self.emulate.answer(method, arguments, token)
        self.calls.append(Call(method, arguments, answer))
        if answer["ok"]:
            self._keep(method, arguments, answer)
        self._changed.set()
        return web.json_response(answer)

    def _keep(self, method: str, arguments: Json, answer: Json) -> None:
        match method:
            case "chat.postMessage":
                self._said(answer["channel"], "", {**arguments, "ts": answer["ts"]})
            case "chat.postEphemeral":
                self._whispered(arguments["channel"], arguments["user"], arguments)
            case "chat.stopStream":
                self._said(arguments["channel"], "", self._whole(arguments))
            case "views.open" | "views.update":
                self.payloads.keep("modal", arguments["view"])
                self.opened[answer["view"]["id"]] = answer["view"]
            case "views.publish":
                self.payloads.keep("home", arguments["view"])
                self.homes[arguments["user_id"]] = answer["view"]
                self.published += 1

    def _whole(self, arguments: Json) -> Json:
        """What stands there at the end of a stream."""
        ts, pieces = self.documented.streamed[-1]
        started = (one for one in self.calls if one.method == "chat.startStream")
        thread = next(one.arguments["thread_ts"] for one in started if one.answer.get("ts") == ts)
        text = "".join(pieces)
        blocks = [{"type": "markdown", "text": text}, *arguments.get("blocks", [])]
        return {**arguments, "thread_ts": thread, "text": text, "blocks": blocks}

    def _said(self, channel: str, person: str, posted: Json) -> None:
        self.payloads.keep("message", posted)
        self.said.append(Said(channel, person, {**posted, "channel": channel}))
        if not person:
            self.documented.posted(channel, str(posted.get("thread_ts", "")))

    def _whispered(self, channel: str, person: str, posted: Json) -> None:
        ts = f"1764000000.{next(self._numbers):06d}"
        self._said(channel, person, {**posted, "ts": ts, "response_type": "ephemeral"})

    async def _response(self, request: web.Request) -> web.Response:
        """What comes by a response url is put where it belongs in the bot's name."""
        channel, person = self._responding[request.match_info["number"]]
        said: Json = await request.json()
        private = said.get("response_type") != "in_channel"
        shown: Json = {name: said[name] for name in ("text", "blocks", "thread_ts") if name in said}
        method = "chat.postEphemeral" if private else "chat.postMessage"
        where = {"channel": channel, **({"user": person} if private else {})}
        answer = await self._as_bot(method, {**where, **shown})
        assert answer["ok"], answer
        if private:
            self._whispered(channel, person, shown)
        else:
            self._said(channel, "", {**shown, "ts": answer["ts"]})
        self._changed.set()
        return web.Response(text="ok")

    async def _file(self, request: web.Request) -> web.Response:
        """To the bot alone, and not before the form that it came with has given way."""
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            return web.Response(status=302, headers={"Location": SITE})
        await self.until(lambda: not any(map(_takes_files, self.opened.values())))
        return web.Response(body=self.files[request.match_info["name"]])

    async def _event(self, request: web.Request) -> web.Response:
        """What emulate delivers goes on unchanged, once somebody listens."""
        if not self.listening:
            return web.Response(status=503)
        body = await request.read()
        self.delivered.append(json.loads(body))
        await self.way.passes(body, request.headers)
        return web.Response()


def _takes_files(view: Json) -> bool:
    return any(one.get("element", {}).get("type") == "file_input" for one in view["blocks"])


@asynccontextmanager
async def between(payloads: Payloads, session: ClientSession, way: Way) -> AsyncIterator[Between]:
    """It, with an emulate of its own. What happens there is delivered once `way` leads to a bot."""
    made = Between(payloads, session, way)
    application = web.Application()
    application.add_routes(made.routes)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        async with emulated(f"{made.url}/events", session) as made.emulate:
            yield made
    finally:
        await runner.cleanup()
