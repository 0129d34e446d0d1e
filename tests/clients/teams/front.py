"""What stands between Microsoft's Playground and the bot: it signs as Microsoft does what goes to
the bot, and sees all that comes back.

The Playground itself sends without a token, or asks Microsoft for one.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import ClientSession, ClientTimeout, web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "11111111-2222-4333-8444-555555555555"  # test data
ISSUER = "https://api.botframework.com"
KID = "key-1"
FILE = "application/vnd.microsoft.teams.file.download.info"
Json = dict[str, Any]
Completed = Callable[[Json], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Passed:
    """A request that went through, and its answer. `body` and `answer` are {} where they are no
    JSON objects."""

    method: str
    path: str
    body: Json
    status: int
    answer: Json


@dataclass
class Front:
    """`bot` is where activities go. `heard` are those, with what the bot answered; `sent` is what
    the bot asked of a Playground's connector, with its answers. An activity is `completed` by
    the page of the officer who made it, before it goes on."""

    url: str = ""
    bot: str = ""
    heard: list[Passed] = field(default_factory=list)
    sent: list[Passed] = field(default_factory=list)
    playgrounds: dict[str, str] = field(default_factory=dict)  # addresses by officer
    completed: dict[str, Completed] = field(default_factory=dict)  # by officer
    files: dict[str, bytes] = field(default_factory=dict)  # that officers attached, by their names
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @property
    def metadata(self) -> str:
        return f"{self.url}/.well-known/openidconfiguration"

    def service_url(self, officer: str) -> str:
        """Where the bot is to post what that officer reads."""
        return f"{self.url}/{officer}/_connector"

    def token(self, service_url: str, key: rsa.RSAPrivateKey | None = None) -> str:
        """One as Microsoft gives to its channel, by another `key` if that is given."""
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 5, "exp": now + 3600}
        told = {**claims, "serviceurl": service_url}
        return jwt.encode(told, key or self.key, "RS256", headers={"kid": KID})

    async def post(self, activity: Json, token: str | None) -> Passed:
        """An activity to the bot, with a token or without one."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        target = f"{self.bot}/api/messages"
        async with self._session.post(target, json=activity, headers=headers) as response:
            answer = _object(await response.read())
            return Passed("POST", target, activity, response.status, answer)

    def said(self, officer: str) -> list[Json]:
        """The messages that stand in that officer's Playground, in order; those of streams when
        they are ended."""
        begins = f"/{officer}/"
        bodies = (one.body for one in self.sent if one.path.startswith(begins))
        shown = (one.get("activity", one) for one in bodies)
        return [one for one in shown if one.get("type") == "message"]

    def attached(self, name: str, content: bytes) -> Json:
        """A file that came with a message, as Teams tells of one."""
        self.files[name] = content
        there = {"downloadUrl": f"{self.url}/files/{name}", "uniqueId": name, "fileType": "pdf"}
        return {"contentType": FILE, "name": name, "content": there}

    async def _forwarded(self, request: web.Request) -> web.Response:
        """From a Playground to the bot."""
        activity = await request.json()
        if completed := self.completed.get(request.match_info["officer"]):
            activity = await completed(activity)
        done = await self.post(activity, self.token(activity["serviceUrl"]))
        self.heard.append(done)
        return web.json_response(done.answer, status=done.status)

    async def _connected(self, request: web.Request) -> web.Response:
        """From the bot to a Playground."""
        body, rest = await request.read(), request.match_info["rest"]
        if _is_early(_object(body)):
            return web.Response(status=202)
        target = f"{self.playgrounds[request.match_info['officer']]}/_connector/{rest}"
        kind = {"Content-Type": "application/json"}
        async with self._session.request(
            request.method, target, data=body, headers=kind
        ) as response:
            answer = await response.read()
            passed = Passed(
                request.method, request.path, _object(body), response.status, _object(answer)
            )
            self.sent.append(passed)
            told = response.headers.get("Content-Type", "text/plain")
            return web.Response(status=response.status, body=answer, headers={"Content-Type": told})

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.files[request.match_info["name"]])

    async def _metadata(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        known = {**public, "kid": KID, "use": "sig", "endorsements": ["msteams"]}
        return web.json_response({"keys": [known]})

    @property
    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/.well-known/openidconfiguration", self._metadata),
            web.get("/keys", self._keys),
            web.get("/files/{name}", self._file),
            web.post("/{officer}/api/messages", self._forwarded),
            web.route("*", "/{officer}/_connector/{rest:.*}", self._connected),
        ]

    @asynccontextmanager
    async def served(self) -> AsyncIterator[Front]:
        application = web.Application(client_max_size=1024 * 1024)
        application.add_routes(self.routes)
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        async with ClientSession(timeout=ClientTimeout(total=30.0)) as session:
            self._session = session
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            try:
                yield self
            finally:
                await runner.cleanup()


def _is_early(activity: Json) -> bool:
    """A sign of typing in a channel. The Playground's page gives up over one below a post that
    it does not know yet, as the bot is quicker than the page; in chats they are drawn."""
    conversation = activity.get("conversation") or {}
    return activity.get("type") == "typing" and conversation.get("conversationType") == "channel"


def _object(body: bytes) -> Json:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
