"""What botbuilder sends with: activities posted to Microsoft's connector, without blocking.

botbuilder's own connector posts with `requests` in threads that answering needs, and its `Entity`
loses everything but its type on the way. Here the session is aiohttp's, with time limits, and the
faults say whether something may have been posted.
"""

from __future__ import annotations

import json
import logging
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
)
from botbuilder.core import BotAdapter, InvokeResponse, TurnContext
from botbuilder.core.conversation_reference_extension import get_continuation_activity
from botbuilder.schema import Activity, Attachment, ConversationReference, Entity, ResourceResponse

from bot.delivery import MaybeSent, NotSent
from bot.teams.tokens import TokenRefused, TokenUnavailable

SEND_WITHIN, CONNECT_WITHIN = 20.0, 5.0
AGAIN = (412, 429, 502, 503, 504)  # what Teams asks to be tried again
LONGEST_WAIT = 120.0
# Where Teams hears its bots in the public cloud, the only one whose tokens are taken. Anybody can
# have a name below trafficmanager.net, so that one is exact.
_HOSTS = re.compile(
    r"smba\.trafficmanager\.net|(?:[a-z0-9-]+\.)+(?:botframework\.com|teams\.microsoft\.com)"
)
LOCAL = ("127.0.0.1", "localhost", "::1")

_log = logging.getLogger(__name__)
Logic = Callable[[TurnContext], Awaitable[object]]


class Token(Protocol):
    """Our own token; see `tokens.OwnToken`."""

    async def __call__(self) -> str: ...
    def forget(self) -> None: ...


class RawEntity(Entity):  # type: ignore[misc]  # botbuilder ships no types
    """An entity that keeps all its properties when it is written."""

    _attribute_map = {  # noqa: RUF012  # msrest reads it from the class
        "type": {"key": "type", "type": "str"},
        "additional_properties": {"key": "", "type": "{object}"},
    }


class Refused(Exception):
    """The connector will not do this, now or later. `status` is its answer, 0 where it was not
    asked, and `code` its word for what is wrong; None where no connector gave that answer. What
    it `told` is a sentence, "" where there is none."""

    def __init__(
        self, reason: str, status: int = 0, code: str | None = None, told: str = ""
    ) -> None:
        super().__init__(reason)
        self.status, self.code, self.told = status, code, told


class Connector:
    """Posts to the address that a conversation was heard from."""

    def __init__(
        self,
        session: ClientSession,
        token: Token | None,
        *,
        local: bool,
        connect_within: float = CONNECT_WITHIN,
        longest_wait: float = LONGEST_WAIT,
    ) -> None:
        """Without a `token` nothing proves who is speaking, which only `local` peers take; they
        alone are then posted to. No more than the `longest_wait` is asked for before it is tried
        again, in seconds."""
        self._session, self._token, self._local = session, token, local
        self._longest_wait = longest_wait
        self._limits = ClientTimeout(
            total=SEND_WITHIN, connect=connect_within, sock_connect=connect_within
        )

    def trusts(self, service_url: str) -> bool:
        """Whether anything may be sent there."""
        try:
            parts = urlsplit(service_url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if self._local:
            return parts.scheme in ("http", "https") and host in LOCAL
        hosted = bool(_HOSTS.fullmatch(host)) and port in (None, 443)
        return parts.scheme == "https" and hosted and parts.username is None

    async def request(
        self, method: str, service_url: str, path: str, body: object = None
    ) -> dict[str, Any]:
        """Raises NotSent or MaybeSent; Refused where it never will be. `path` is that below the
        conversations; without one, it is of them all."""
        if not self.trusts(service_url):
            raise Refused("the conversation's address is not one that may be posted to")
        url = f"{service_url.rstrip('/')}/v3/conversations/{path}".rstrip("/")
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                headers=await self._headers(),
                timeout=self._limits,
                allow_redirects=False,
            ) as response:
                return await self._read(response)
        except (ClientConnectorError, ClientHttpProxyError, ConnectionTimeoutError) as error:
            raise NotSent("the connector was not reached") from error
        except (ClientError, TimeoutError, OSError) as error:
            raise MaybeSent(f"the connector did not answer ({type(error).__name__})") from error

    async def _headers(self) -> dict[str, str]:
        if self._token is None:
            return {}
        try:
            return {"Authorization": f"Bearer {await self._token()}"}
        except TokenUnavailable as error:
            raise NotSent(str(error), 5.0) from error
        except TokenRefused as error:
            _log.error("Teams: %s", error)
            raise NotSent(str(error), 60.0) from error

    async def _read(self, response: ClientResponse) -> dict[str, Any]:
        if response.status < 300:
            return _taken(response.status, _object(await response.text(errors="replace")))
        if response.status in AGAIN:
            wait = _wait(response, self._longest_wait)
            raise NotSent(f"the connector answered {response.status}", wait)
        if response.status == 401 and self._token:
            self._token.forget()
            raise NotSent("the connector did not take our token")
        if response.status >= 500:
            raise MaybeSent(f"the connector answered {response.status}")
        _log.error("Teams: the connector answered %d", response.status)
        code, told = await _refusal(response)
        raise Refused(f"the connector answered {response.status}", response.status, code, told)


def _taken(status: int, given: dict[str, Any]) -> dict[str, Any]:
    """What the connector gives for an activity. Of a stream it may drop one, and still answers
    202."""
    code, told = _word(given)
    if code:
        raise Refused(f"the connector dropped it ({status})", status, code, told)
    return given


def _object(body: str) -> dict[str, Any]:
    """What the connector says of something it has taken, whatever that is."""
    try:
        given = json.loads(body)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


async def _refusal(response: ClientResponse) -> tuple[str | None, str]:
    """The connector's word in a refusal, "" where it has none, and its sentence. One that is no
    JSON object, a proxy's for example, is not the connector's."""
    try:
        given = json.loads(await response.text(errors="replace"))
    except (ValueError, ClientError, TimeoutError, OSError):
        return None, ""
    return _word(given) if isinstance(given, dict) else (None, "")


def _word(given: dict[str, Any]) -> tuple[str, str]:
    """There are two forms: an error with a code, and a message with JSON in it."""
    error, message = given.get("error"), _object(str(given.get("message", "")))
    named = error if isinstance(error, dict) else {"code": message.get("subCode")}
    code, told = named.get("code"), named.get("message")
    return (code if isinstance(code, str) else "", told if isinstance(told, str) else "")


def _wait(response: ClientResponse, longest: float) -> float:
    """What it asks for, or a second; and up to half as much again, so that not all come back
    together."""
    asked = response.headers.get("Retry-After", "")
    seconds = float(asked) if asked.isdecimal() else 1.0
    return min(seconds, longest) * random.uniform(1.0, 1.5)


class ChannelAdapter(BotAdapter):  # type: ignore[misc]
    """botbuilder's adapter, over the connector above."""

    def __init__(self, connector: Connector) -> None:
        super().__init__()
        self._connector = connector

    async def hear(self, activity: Activity, logic: Logic) -> InvokeResponse | None:
        """Run the turn of an activity that came in; the answer that an invoke is given in it."""
        context = TurnContext(self, activity)
        await self.run_pipeline(context, logic)
        answer = context.turn_state.get(self._INVOKE_RESPONSE_KEY)
        return answer.value if answer else None

    async def reach(self, reference: ConversationReference, activity: Activity) -> str:
        """Post into a conversation that was heard before; the id of what was posted, "" where the
        connector gives none."""
        sent: list[str] = []

        async def send(turn: TurnContext) -> None:
            given = await turn.send_activity(activity)
            sent.append(given.id or "")

        await self.run_pipeline(self._again(reference), send)
        return sent[0]

    async def amend(self, reference: ConversationReference, message: str, now: Activity) -> None:
        """Put an activity in the place of what was posted with the id `message`."""
        now.id = message

        async def update(turn: TurnContext) -> None:
            await turn.update_activity(now)

        await self.run_pipeline(self._again(reference), update)

    def _again(self, reference: ConversationReference) -> TurnContext:
        continuation = get_continuation_activity(reference)
        continuation.id = reference.activity_id  # botbuilder makes one up, and would reply to that
        return TurnContext(self, continuation)

    async def send_activities(
        self, context: TurnContext, activities: list[Activity]
    ) -> list[ResourceResponse]:
        sent = []
        for activity in activities:
            if activity.type == "invokeResponse":  # goes back in the turn, not over the connector
                context.turn_state[self._INVOKE_RESPONSE_KEY] = activity
                continue
            place = f"{quote(activity.conversation.id, safe='')}/activities"
            if activity.reply_to_id:
                place += f"/{quote(activity.reply_to_id, safe='')}"
            given = await self._write("POST", place, activity)
            sent.append(ResourceResponse(id=str(given.get("id", ""))))
        return sent

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse:
        place = quote(activity.conversation.id, safe="")
        await self._write("PUT", f"{place}/activities/{quote(activity.id, safe='')}", activity)
        return ResourceResponse(id=activity.id)

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        place = f"{quote(reference.conversation.id, safe='')}/activities"
        path = f"{place}/{quote(reference.activity_id, safe='')}"
        await self._connector.request("DELETE", reference.service_url, path)

    async def _write(self, method: str, path: str, activity: Activity) -> dict[str, Any]:
        return await self._connector.request(
            method, activity.service_url, path, activity.serialize()
        )


def as_activity(message: dict[str, Any]) -> Activity:
    """A renderer's message as botbuilder's object, nothing of it lost."""
    return Activity(
        type=message["type"],
        text=message.get("text"),
        text_format=message.get("textFormat"),
        summary=message.get("summary"),
        channel_data=message.get("channelData"),
        entities=[
            RawEntity(
                type=entity["type"],
                additional_properties={k: v for k, v in entity.items() if k != "type"},
            )
            for entity in message.get("entities", ())
        ],
        attachments=_attachments(message["attachments"]) if "attachments" in message else None,
    )


def _attachments(given: list[dict[str, Any]]) -> list[Attachment]:
    return [Attachment(content_type=one["contentType"], content=one["content"]) for one in given]
