"""The workspaces that are served, each by a token of its own: who we are there, and what is sent.

Whoever sends something asks for the workspace of its community, and has no other token at hand.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiohttp import ClientSession
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.files import Files
from bot.slack.library_log import silent
from bot.slack.people import People
from bot.slack.posting import LOOPBACK, Post
from bot.slack.publishing import Pace, Publishing
from bot.slack.sign_in import Identity
from bot.slack.streaming import Streams


class NotServed(Exception):
    """Nothing is heard from this workspace and nothing is sent there; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """How Slack is reached, whichever workspace it is about. `clock` and `pause` count seconds."""

    session: ClientSession
    api_base: str
    dev: bool
    clock: Callable[[], float]
    pause: Callable[[float], Awaitable[None]]

    def client(self, token: str, *, patient: bool = False) -> AsyncWebClient:
        """Without the library's default, which repeats what a connection that broke may have
        posted already. A `patient` one waits once where Slack wants fewer calls."""
        again: list[AsyncRetryHandler] = []
        if patient:
            again.append(AsyncRateLimitErrorRetryHandler(max_retry_count=1))
        client = AsyncWebClient(
            token, self.api_base, logger=silent, retry_handlers=again, session=self.session
        )
        if urlsplit(self.api_base).hostname in LOOPBACK:
            client.proxy = None
        return client


class Workspace:
    """All that is done with one token. `identity` is None while Slack has not said who we are."""

    def __init__(self, token: str, line: Line, identity: Identity | None = None) -> None:
        self.identity, self.token = identity, token
        self.client = line.client(token, patient=True)
        # What is published is not repeated at all but by whoever knows what became of it.
        once = line.client(token)
        self.post = Post(self.client, line.session, dev=line.dev)
        self.streams = Streams(once, self.post, line.clock)
        self.publishing = Publishing(once, lambda: self.identity, Pace(line.clock, line.pause))
        self.people = People(self.client, line.clock)
        self.files = Files(line.session, token, self.client.proxy, dev=line.dev)

    @property
    def own(self) -> str:
        """The bot's user id there, "" while it is not known."""
        return self.identity.user if self.identity else ""

    @property
    def site(self) -> str:
        """The workspace's address, "" while it is not known."""
        return self.identity.site if self.identity else ""


Heard = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]
"""Takes what comes by Socket Mode; what is acknowledged, None for nothing."""


class Workspaces(Protocol):
    """Those that are served: the `one.OneWorkspace` that there is a token for, or `many`."""

    async def start(self, heard: Heard) -> str:
        """Begin; a sentence that says what is served. Raises ChannelRefused."""

    async def stop(self) -> None:
        """Hear no more; what was heard can still be answered."""

    @property
    def communities(self) -> Collection[str]:
        """Their ids, as far as they are known now."""

    async def of(self, community: str) -> Workspace:
        """The one where something was posted, or is to be. Raises NotServed."""

    async def left(self, community: str, at: datetime) -> None:
        """The app was taken out of a workspace at that moment."""
