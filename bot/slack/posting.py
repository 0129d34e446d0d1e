"""Replies posted to Slack, each once, and what became of it where that went wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar
from urllib.parse import urlsplit

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientSession,
    ConnectionTimeoutError,
)
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.conversation import Reply
from bot.delivery import MaybeSent, NotSent
from bot.slack.blocks import message, whole
from bot.slack.payloads import word
from bot.slack.places import Address

LOOKING = "is looking through the texts…"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_RATE_LIMITED = ("ratelimited", "rate_limited")
# Slack says itself that the method may have done its work all the same.
_UNSURE = ("internal_error", "fatal_error", "service_unavailable", "request_timeout")
_BLOCKS_REFUSED = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long")
_EXPIRED = ("expired_url", "used_url")
# Slack's words for a place where the asker cannot be shown anything by us.
_NOT_HERE = (
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "restricted_action",
    "user_not_in_channel",
)
_UNSHARED = ("failed", "help", "invalid")  # said to the one who pressed, not to the channel

# What the library stumbles over in an answer that is none of Slack's, as a broken proxy gives.
_UNREADABLE = (AttributeError, TypeError, UnicodeDecodeError)

_log = logging.getLogger(__name__)
Arguments = dict[str, object]
_Result = TypeVar("_Result")


class Refused(Exception):
    """Slack will not do this, however often it is asked; the message is Slack's word for why."""


class Post:
    """Slack's Web API and its response urls, as far as replies need them."""

    def __init__(self, client: AsyncWebClient, session: ClientSession, *, dev: bool) -> None:
        self._client, self._session, self._dev = client, session, dev

    async def sign(self, address: Address, words: str = LOOKING) -> None:
        """Show that an answer is being made; Slack takes the sign away when one is posted."""
        place = {"channel_id": address.channel, "thread_ts": address.thread}
        await self._call("assistant.threads.setStatus", {**place, "status": words})

    async def send(self, address: Address, reply: Reply) -> str:
        """Raises NotSent, MaybeSent or Refused; see `delivery.Channel`. What is shown to the
        asker alone, or by a response url, has no name."""
        if address.url:
            return await self._respond(address, reply)
        if reply.private and not address.direct:
            return await self._whisper(address, reply)
        return await self._say(address.channel, address.thread, reply)

    async def together(self, people: Collection[str], reply: Reply) -> None:
        """Post in the group message of these people and the bot. Raises as `send`."""
        await self._say(await self._group(people), "", reply)

    async def open(self, trigger: str, view: Arguments) -> str:
        """Show a modal to whoever did what gave the `trigger`; Slack's name for it."""
        answer = await self._call("views.open", {"trigger_id": trigger, "view": view})
        opened: Any = answer.get("view") or {}
        return str(opened.get("id", ""))

    async def update(self, name: str, view: Arguments) -> None:
        """Show another in the place of a modal that is open."""
        await self._call("views.update", {"view_id": name, "view": view})

    async def publish(self, person: str, view: Arguments) -> None:
        """Show this person, and nobody else, another Home tab."""
        await self._call("views.publish", {"user_id": person, "view": view})

    async def suggest(self, channel: str, title: str, prompts: Sequence[Arguments]) -> None:
        """Offer what could be written in somebody's chat with the bot. In an app with an agent
        view that belongs to the chat: named with a thread Slack would do nothing, and not say so.
        """
        offered: Arguments = {"channel_id": channel, "title": title, "prompts": list(prompts)}
        await self._call("assistant.threads.setSuggestedPrompts", offered)

    async def _group(self, people: Collection[str]) -> str:
        """The channel of their group message. Opened again it is the same one, so whatever broke
        may be tried again."""
        if not all(people):
            raise Refused("user_not_found")
        try:
            answer = await self._call("conversations.open", {"users": ",".join(people)})
        except MaybeSent as error:
            raise NotSent(str(error)) from None
        opened: Any = answer.get("channel") or {}
        return str(opened.get("id", ""))

    async def _whisper(self, address: Address, reply: Reply) -> str:
        """To the asker alone: where it was asked, or directly where Slack will not do that."""
        place = {"channel": address.channel, "user": address.person, **_in(address.thread)}
        name = ""
        try:
            await shown(
                lambda said: self._call("chat.postEphemeral", {**place, **said}),
                message(reply, private=True),
                whole(reply, private=True),
            )
        except Refused as error:
            if str(error) not in _NOT_HERE:
                raise
            name = await self._say(address.person, "", reply)
        if address.sign:  # which Slack takes away only when something is posted for everyone
            with suppress(NotSent, MaybeSent, Refused):
                await self.sign(address, "")
        return name

    async def _say(self, channel: str, thread: str, reply: Reply) -> str:
        place = {"channel": channel, **_in(thread)}
        answer = await shown(
            lambda said: self._call("chat.postMessage", {**place, **said}),
            message(reply),
            whole(reply),
        )
        return str(answer.get("ts") or "")

    async def _respond(self, address: Address, reply: Reply) -> str:
        """By the url that came with the command or the button, or directly once it is too old."""
        private = not address.shared or reply.private or reply.status in _UNSHARED
        seen = {"response_type": "ephemeral" if private else "in_channel"}
        place = {**seen, "replace_original": False, **_in(address.thread)}
        try:
            await shown(
                lambda said: self._to(address.url, {**place, **said}),
                message(reply, private=private),
                whole(reply, private=private),
            )
        except Refused as error:
            if str(error) not in _EXPIRED:
                raise
            directly = (address.person, "") if private else (address.channel, address.thread)
            return await self._say(*directly, reply)
        return ""

    async def _call(self, method: str, arguments: Arguments) -> AsyncSlackResponse:
        with logged(method):
            return await told(self._client.api_call(method, json=arguments))

    async def _to(self, url: str, arguments: Arguments) -> None:
        with logged("a response url"):
            if not trusted(url, dev=self._dev):
                raise Refused("not an address of Slack's")
            await told(self._answered(url, arguments))

    async def _answered(self, url: str, arguments: Arguments) -> None:
        async with self._session.post(
            url, json=arguments, allow_redirects=False, proxy=self._client.proxy
        ) as response:
            error = _error(response.status, await response.text(errors="replace"))
            if error:
                raise fault(response.status, error, response.headers)


async def shown(
    send: Callable[[Arguments], Awaitable[_Result]], arguments: Arguments, text: str
) -> _Result:
    """Send it; once more as text alone where the blocks are refused."""
    try:
        return await send(arguments)
    except Refused as error:
        if str(error) not in _BLOCKS_REFUSED:
            raise
        kept = {name: value for name, value in arguments.items() if name != "blocks"}
        return await send({**kept, "text": text})


def _in(thread: str) -> dict[str, str]:
    return {"thread_ts": thread} if thread else {}


@contextmanager
def logged(what: str) -> Iterator[None]:
    try:
        yield
    except Refused as error:
        _log.warning("Slack refused %s: %s", what, error)
        raise


def _error(status: int, body: str) -> str:
    """Slack's word for what is wrong with a response url, in JSON or on its own; "" for nothing."""
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    answer = found if isinstance(found, dict) else {"error": body.strip()[:100]}
    if answer.get("ok", status == 200):
        return ""
    error = word(answer) or f"status {status}"
    return _EXPIRED[0] if status == 404 and error not in _EXPIRED else error


async def told(call: Awaitable[_Result]) -> _Result:
    """The call's result, and its faults in the terms of `bot.delivery`."""
    try:
        return await call
    except SlackApiError as error:
        raise _of(error) from None
    except (ClientConnectorError, ConnectionTimeoutError) as error:
        raise NotSent(f"Slack cannot be reached ({type(error).__name__})") from None
    except (ClientError, TimeoutError, OSError) as error:
        raise MaybeSent(f"the connection to Slack broke ({type(error).__name__})") from None
    except _UNREADABLE:
        raise MaybeSent("Slack's answer could not be read") from None


def _of(error: SlackApiError) -> Exception:
    """By what came back: Slack's answer, or something that was no answer of Slack's."""
    data: Any = getattr(error.response, "data", None)
    status = getattr(error.response, "status_code", 0)
    code = word(data)
    if not code and status == 200:
        return MaybeSent("Slack's answer could not be read")
    return fault(status, code, getattr(error.response, "headers", {}))


def fault(status: int, code: str, headers: Mapping[str, str]) -> Exception:
    """What an answer other than "ok" means for the message."""
    if status == 429 or code in _RATE_LIMITED:
        return NotSent("Slack is limiting how often we post", _seconds(headers))
    if status >= 500 or status == 0 or code in _UNSURE:
        return MaybeSent(f"Slack answered {status} {code}".rstrip())
    return Refused(code or f"status {status}")


def _seconds(headers: Mapping[str, str]) -> float:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else 1.0


def trusted(url: str, *, dev: bool) -> bool:
    """Whether a url from a payload is Slack's own; in development also one on this computer."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if "@" in parts.netloc:
        return False
    if dev and host in LOOPBACK:
        return parts.scheme in ("http", "https")
    ours = host == "slack.com" or host.endswith(".slack.com")
    return parts.scheme == "https" and ours and port in (None, 443)
