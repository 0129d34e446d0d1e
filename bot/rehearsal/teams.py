"""Microsoft as the bot meets it: keys, tokens signed with them, and a connector that records."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import TracebackType
from typing import Any, Self

import jwt
from aiohttp import ClientSession, TCPConnector, web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.rehearsal.teams_activities import (
    APP_ID,
    BOT,
    MENTION,
    OFFICER,
    TENANT,
    Said,
    Sent,
    alone_by,
    by,
    chat_with,
    inputs,
    officer,
    read,
)
from bot.rehearsal.teams_answers import Bubbles, refusal_of_stream, stream_info

__all__ = [
    "APP_ID",
    "BOT",
    "MENTION",
    "OFFICER",
    "TENANT",
    "Sent",
    "alone_by",
    "by",
    "chat_with",
    "inputs",
    "officer",
]

ISSUER = "https://api.botframework.com"
Fault = tuple[int, dict[str, str]] | None
REMOVED, ARCHIVED = (403, "BotNotInConversationRoster"), (403, "MessageWritesBlocked")
DELETED = (404, "ConversationNotFound")
_CODES = {403: "ForbiddenOperation", 404: "ConversationNotFound"}
_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot answered, and how many seconds that took."""

    status: int
    body: str
    seconds: float


@dataclass
class TeamsPeer(Said):
    """Use it as an async context manager. `faults` are answered first, one a message: a status and
    headers, or None to hang up without an answer; `chat_faults` the same where a chat is opened,
    and `late_faults` after the message was taken. In a channel or chat that is `closed` none is,
    and no more than `most` in a second, if that is not 0.
    The officers in `not_added`, by their accounts' ids, have not added the app or have removed it,
    so no chat with them is opened, and nothing is taken in one that was."""

    faults: list[Fault] = field(default_factory=list)
    chat_faults: list[Fault] = field(default_factory=list)
    late_faults: list[Fault] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)  # seconds until it says what it did
    closed: dict[str, tuple[int, str]] = field(default_factory=dict)
    most: int = 0
    not_added: set[str] = field(default_factory=set)
    bubbles: Bubbles = field(default_factory=Bubbles)
    opened: list[_Json] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)  # that officers sent, by their names
    keys_asked: int = 0
    endorsed: tuple[str, ...] = ("msteams",)
    kid: str = "key-1"

    async def __aenter__(self) -> Self:
        self._arrived = asyncio.Event()
        self._taken: list[float] = []
        application = web.Application(client_max_size=1024 * 1024)
        application.add_routes(
            [
                web.get("/.well-known/openidconfiguration", self._metadata),
                web.get("/keys", self._keys),
                web.get("/files/{name}", self._file),
                web.post("/v3/conversations", self._begun),
                web.post("/v3/conversations/{id}/activities", self._posted),
                web.post("/v3/conversations/{id}/activities/{to}", self._posted),
                web.put("/v3/conversations/{id}/activities/{message}", self._amended),
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
        self.__dict__.pop("_key", None)
        self.kid = kid

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        return rsa.generate_private_key(65537, 2048)

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
        return self.signed({name: value for name, value in claims.items() if value is not None})

    def signed(self, claims: _Json, algorithm: str = "RS256", **headers: object) -> str:
        """These claims with Microsoft's key, as they are; its id is among the headers."""
        return jwt.encode(claims, self._key, algorithm, headers={"kid": self.kid, **headers})

    def sign(self, said: bytes) -> bytes:
        """Microsoft's signature on whatever it is."""
        made: bytes = jwt.get_algorithm_by_name("RS256").sign(said, self._key)
        return made

    @property
    def public_key(self) -> rsa.RSAPublicKey:
        """What everybody can know of that key."""
        return self._key.public_key()

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
        """What an officer reads; see `teams_activities.read`."""
        return read(self.sent)

    def posts(self, place: str) -> list[Sent]:
        """What stands in a channel outside its threads, or in a chat."""
        return [one for one in self.messages if one.conversation == place]

    def alone(self, name: str) -> list[Sent]:
        """What that officer reads in their own chat with the bot."""
        chat = chat_with(officer(name)["id"])
        return [one for one in self.messages if one.conversation == chat]

    def standing(self, place: str) -> list[_Json]:
        """What is read in a chat or thread now: of a message that was put right, the last."""
        found = [one for one in self.messages if one.conversation == place]
        return list({one.id: one.activity for one in found}.values())

    def shown(self, chat: str) -> list[_Json]:
        """Each update of the answers that were shown there while they were made."""
        said = (one.activity for one in self.sent if one.conversation == chat)
        return [one for one in said if one["type"] == "typing" and stream_info(one)]

    async def until(self, count: int, seconds: float = 20.0, name: str = "") -> None:
        """Wait, not forever, for that many messages; of one officer's own chat by their `name`."""
        await self.until_seen(
            lambda: len(self.alone(name) if name else self.messages) >= count, seconds
        )

    async def until_shown(self, text: str, chat: str) -> None:
        """Wait, not forever, until the newest update there has come to that text."""
        await self.until_seen(lambda: any(one["text"] == text for one in self.shown(chat)), 5.0)

    async def until_seen(self, seen: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait, not forever, for what is looked for after each that arrives."""
        async with asyncio.timeout(seconds):
            while not seen():
                self._arrived.clear()
                await self._arrived.wait()

    async def _metadata(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.service_url}keys"})

    async def _file(self, request: web.Request) -> web.Response:
        """Whoever has its address gets it, without a token."""
        content = self.files.get(request.match_info["name"])
        if content is None or "Authorization" in request.headers:
            return web.Response(status=404 if content is None else 400)
        return web.Response(body=content)

    async def _keys(self, _: web.Request) -> web.Response:
        self.keys_asked += 1
        public: Mapping[str, Any] = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        key = {**public, "kid": self.kid, "use": "sig", "endorsements": list(self.endorsed)}
        return web.json_response({"keys": [key]})

    async def _begun(self, request: web.Request) -> web.Response:
        asked = await request.json()
        if not asked["isGroup"]:
            return self._chat(request, asked)
        return self._took(request, asked["channelData"]["channel"]["id"], "", asked["activity"])

    def _chat(self, request: web.Request, asked: _Json) -> web.Response:
        (member,) = asked["members"]
        if refused := self._fault(request, self.chat_faults):
            return refused
        if member["id"] in self.not_added:
            return _refusal(403)
        self.opened.append(asked)
        return web.json_response({"id": chat_with(member["id"])}, status=201)

    async def _posted(self, request: web.Request) -> web.Response:
        place, activity = request.match_info, await request.json()
        answer = self._took(request, place["id"], place.get("to", ""), activity)
        if activity["type"] == "message" and self.pauses:
            await asyncio.sleep(self.pauses.pop(0))
        return answer

    def _took(self, request: web.Request, place: str, to: str, activity: _Json) -> web.Response:
        said = activity["type"] == "message"
        if said and (refused := self._fault(request, self.faults) or self._barred(place)):
            return refused
        if place in map(chat_with, self.not_added):
            return _refusal(403)
        if stream_info(activity):
            return self._streamed(request, place, activity)
        name = self._note(request, place, to, activity, f"{time.time_ns()}")
        if said and (lost := self._fault(request, self.late_faults)):
            return lost
        if activity.get("text") and activity.get("attachments"):
            return web.json_response({}, status=202)  # Teams makes several messages of it
        return web.json_response({"id": name}, status=201)

    def _note(self, request: web.Request, place: str, to: str, activity: _Json, name: str) -> str:
        header = request.headers.get("Authorization", "")
        self.sent.append(Sent(request.method, place, to, activity, header, name))
        self._arrived.set()
        return name

    def _streamed(self, request: web.Request, chat: str, activity: _Json) -> web.Response:
        fault = self.bubbles.faults.pop(0) if self.bubbles.faults else None
        if fault:
            status, told = refusal_of_stream(fault)
            return web.json_response(told, status=status)
        name = stream_info(activity).get("streamId") or f"{time.time_ns()}"
        status, told = self.bubbles.take(chat, activity, name)
        if "error" not in told:
            self._note(request, chat, "", activity, name)
        lost: list[Fault] = [None] if fault == 0 else []
        late = self.late_faults if activity["type"] == "message" else lost
        return self._fault(request, late) or web.json_response(told, status=status)

    async def _amended(self, request: web.Request) -> web.Response:
        place, name = request.match_info["id"], request.match_info["message"]
        if refused := self._fault(request, self.faults):
            return refused
        if any(one.id == name for one in self.bubbles.open(place)):
            return _refusal(403)
        if not any((one.conversation, one.id) == (place, name) for one in self.sent):
            return _refusal(404)
        self._note(request, place, "", await request.json(), name)
        return web.json_response({"id": name})

    def _barred(self, place: str) -> web.Response | None:
        if closed := self.closed.get(place.partition(";messageid=")[0]):
            return _refusal(*closed)
        now = time.monotonic()
        self._taken = [one for one in self._taken if now - one < 1] if self.most else []
        if self.most and len(self._taken) >= self.most:
            return _refusal(429, headers={"Retry-After": "1"})
        self._taken.append(now)
        return None

    def _fault(self, request: web.Request, faults: list[Fault]) -> web.Response | None:
        fault = faults.pop(0) if faults else (200, {})
        if fault is None:
            assert request.transport
            request.transport.close()
            return web.Response(status=500)
        return _refusal(fault[0], headers=fault[1]) if fault[0] >= 300 else None


def _refusal(status: int, code: str = "", headers: Mapping[str, str] | None = None) -> web.Response:
    """As the connector gives it, in one of its two forms; a page where the headers say so."""
    if headers and "Content-Type" in headers:
        return web.Response(status=status, text="<h1>Blocked</h1>", headers=headers)
    if code == ARCHIVED[1]:
        told: _Json = {"errorCode": 209, "message": json.dumps({"subCode": code})}
    else:
        told = {"error": {"code": code or _CODES.get(status, "ServiceError")}}
    return web.json_response(told, status=status, headers=headers)
