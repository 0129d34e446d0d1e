"""Microsoft as the bot meets it: keys, tokens signed with them, and a connector that records."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import jwt
from aiohttp import ClientSession, TCPConnector, web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "00000000-0000-4000-8000-00000000b070"  # test data, as all names and ids here
TENANT = "00000000-0000-4000-8000-00000000c0c1"
BOT = f"28:{APP_ID}"
OFFICER = "29:example-officer"
ISSUER = "https://api.botframework.com"
MENTION = "<at>Outcomes</at>"


@dataclass(frozen=True, slots=True)
class Sent:
    """What the bot posted to the connector. `conversation` and `reply_to` are of its address."""

    method: str
    conversation: str
    reply_to: str
    activity: dict[str, Any]
    authorization: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered, and how many seconds that took."""

    status: int
    body: str
    seconds: float


@dataclass
class TeamsPeer:
    """Use it as an async context manager. `faults` are answered first, one a post: a status and
    headers, or None to hang up without an answer."""

    faults: list[tuple[int, dict[str, str]] | None] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    keys_asked: int = 0
    endorsed: tuple[str, ...] = ("msteams",)
    kid: str = "key-1"

    async def __aenter__(self) -> Self:
        self._key = rsa.generate_private_key(65537, 2048)
        self._arrived = asyncio.Event()
        application = web.Application(client_max_size=1024 * 1024)
        application.add_routes(
            [
                web.get("/.well-known/openidconfiguration", self._metadata),
                web.get("/keys", self._keys),
                web.post("/v3/conversations/{id}/activities", self._posted),
                web.post("/v3/conversations/{id}/activities/{to}", self._posted),
            ]
        )
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.service_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"
        self.metadata = f"{self.service_url}.well-known/openidconfiguration"
        self._session = ClientSession(connector=TCPConnector(limit=0))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def roll_over(self, kid: str) -> None:
        """Sign with another key from now on."""
        self._key, self.kid = rsa.generate_private_key(65537, 2048), kid

    def token(self, **changes: object) -> str:
        """A token as Microsoft signs it; a claim changed to None is left out."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 5,
            "exp": now + 3600,
            "serviceurl": self.service_url,
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self._key, "RS256", headers={"kid": self.kid})

    def message(self, text: str, **changes: object) -> dict[str, Any]:
        """An officer's message to the bot alone."""
        return {
            "type": "message",
            "id": f"{time.time_ns()}",
            "channelId": "msteams",
            "serviceUrl": self.service_url,
            "text": text,
            "textFormat": "plain",
            "locale": "en-GB",
            "from": {"id": OFFICER, "name": "Test Officer"},
            "recipient": {"id": BOT, "name": "Outcomes"},
            "conversation": {
                "id": "a:personal",
                "conversationType": "personal",
                "tenantId": TENANT,
            },
            "channelData": {"tenant": {"id": TENANT}},
            **changes,
        }

    def mention(self, text: str, post: str = "1700000000001", **changes: object) -> dict[str, Any]:
        """A post in a team's channel, or a reply below one, that names the bot."""
        entity = {"type": "mention", "text": MENTION, "mentioned": {"id": BOT, "name": "Outcomes"}}
        said = f"{MENTION} {text}\n"
        return self.overheard(said, post, **{"entities": [entity], **changes})

    def overheard(self, text: str, post: str, **changes: object) -> dict[str, Any]:
        """The same without naming it."""
        conversation = {
            "id": f"19:channel@thread.tacv2;messageid={post}",
            "conversationType": "channel",
            "isGroup": True,
            "tenantId": TENANT,
        }
        return self.message(text, **{"conversation": conversation, **changes})

    async def post(self, url: str, activity: object, authorization: str | None = None) -> Answer:
        """Post to the bot, signed unless another `authorization` is given."""
        headers = {"Content-Type": "application/json"}
        if authorization is None:
            authorization = f"Bearer {self.token()}"
        if authorization:
            headers["Authorization"] = authorization
        body = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        began = time.perf_counter()
        async with self._session.post(url, data=body, headers=headers) as response:
            text = await response.text()
            return Answer(response.status, text, time.perf_counter() - began)

    @property
    def messages(self) -> list[Sent]:
        """What an officer reads: everything posted but the signs of typing."""
        return [one for one in self.sent if one.activity.get("type") == "message"]

    async def until(self, count: int, seconds: float = 20.0) -> None:
        """Wait, not forever, for that many messages."""
        async with asyncio.timeout(seconds):
            while len(self.messages) < count:
                self._arrived.clear()
                await self._arrived.wait()

    async def _metadata(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.service_url}keys"})

    async def _keys(self, _: web.Request) -> web.Response:
        self.keys_asked += 1
        public: Mapping[str, Any] = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        key = {**public, "kid": self.kid, "use": "sig", "endorsements": list(self.endorsed)}
        return web.json_response({"keys": [key]})

    async def _posted(self, request: web.Request) -> web.Response:
        activity = await request.json()
        fault = self.faults.pop(0) if self.faults and activity["type"] == "message" else (200, {})
        if fault is None:
            assert request.transport
            request.transport.close()
            return web.Response(status=500)
        if fault[0] >= 300:
            return web.Response(status=fault[0], headers=fault[1])
        place = request.match_info
        header = request.headers.get("Authorization", "")
        self.sent.append(Sent(request.method, place["id"], place.get("to", ""), activity, header))
        self._arrived.set()
        return web.json_response({"id": f"{time.time_ns()}"}, status=201)
