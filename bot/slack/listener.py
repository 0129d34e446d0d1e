"""Slack: what is heard there goes to the reception, and its replies go back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import Origin, Reply
from bot.delivery import ChannelRefused, Reception, Stream
from bot.slack import places
from bot.slack.files import Files
from bot.slack.home import Homes
from bot.slack.intake import Intake, silent
from bot.slack.people import People
from bot.slack.places import Address
from bot.slack.posting import LOOPBACK, Post
from bot.slack.publishing import Pace, Publishing
from bot.slack.sign_in import Identity, Unreachable, identity, socket_address
from bot.slack.socket_mode import SocketMode
from bot.slack.streaming import Streams

# Waiting for a free connection counts as connecting: until then nothing can have been posted.
LIMITS = ClientTimeout(total=30, connect=10, sock_connect=5, sock_read=15)
IDLE_FOR = 10.0  # seconds; posting by a connection that Slack has closed meanwhile may fail
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before trying to reach Slack again

_log = logging.getLogger(__name__)


class SlackChannel:
    """One Slack app, heard by Socket Mode, over HTTP, or both. See `platforms.Platform`,
    `delivery.Publisher` and `delivery.Streaming`. `clock` and `pause` count seconds."""

    name = "slack"

    def __init__(
        self,
        reception: Reception,
        *,
        bot_token: str,
        app_token: str,
        signing_secret: str,
        api_base: str,
        dev: bool,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._reception, self._dev = reception, dev
        self._app_token, self._secret, self._token = app_token, signing_secret, bot_token
        self._client = AsyncWebClient(
            bot_token,
            api_base,
            logger=silent,
            # Without the library's default, which repeats what a connection that broke may
            # have posted already.
            retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
        )
        # What is published is not repeated at all but by whoever knows what became of it.
        self._once = AsyncWebClient(bot_token, api_base, logger=silent, retry_handlers=[])
        if urlsplit(api_base).hostname in LOOPBACK:
            self._client.proxy = self._once.proxy = None
        self._publishing = Publishing(self._once, self._known, Pace(clock, pause))
        self._people = People(self._client, clock)
        self._identity: Identity | None = None
        self._intake: Intake | None = None
        self._session: ClientSession | None = None
        self._socket: SocketMode | None = None
        self._reaching: asyncio.Task[None] | None = None
        self._clock, self._pause = clock, pause
        self._homes: Homes
        self._post: Post
        self._streams: Streams

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        return [web.post("/slack/events", self._request)] if self._secret else []

    async def start(self) -> str:
        """Begin to hear. Where Slack cannot be reached it is tried until it can."""
        connector = TCPConnector(keepalive_timeout=IDLE_FOR)
        self._session = ClientSession(timeout=LIMITS, connector=connector)
        self._client.session = self._once.session = self._session
        self._post = Post(self._client, self._session, dev=self._dev)
        self._streams = Streams(self._once, self._post, self._clock)
        self._homes = Homes(self._reception, self._post, self._clock, self._pause)
        own, site, homes = self._own, self._site, self._homes
        files = Files(self._session, self._token, self._client.proxy, dev=self._dev)
        self._intake = Intake(self._reception, self._secret, own, site, self._post, homes, files)
        if self._app_token:
            heard, proxy = self._intake.envelope, self._client.proxy
            self._socket = SocketMode(self._session, self._address, heard, proxy)
        try:
            return self._served(await self._reach())
        except Unreachable as error:
            self._reaching = asyncio.create_task(self._keep_reaching())
            return f"Slack: cannot be reached yet, check DNS, proxy and firewall ({error})"

    async def stop(self) -> None:
        """Hear no more: Slack keeps what it could not deliver and tries again later."""
        intake, self._intake = self._intake, None
        if self._reaching:
            self._reaching.cancel()
            await asyncio.gather(self._reaching, return_exceptions=True)
        if self._socket:
            await self._socket.stop()
        if intake:
            await intake.finish()

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session:
            await self._homes.finish()
            await self._session.close()

    async def administers(self, origin: Origin) -> bool:
        """See `platforms.Platform`."""
        return await self._people.administers(origin, self._identity)

    async def working(self, address: str) -> None:
        """Show the sign, where one is wanted."""
        place = Address.from_json(address)
        if place.sign:
            await self._post.sign(place)

    async def send(self, address: str, reply: Reply) -> str:
        """Post a reply. See `delivery.Channel`. What was asked in a Home tab may have changed it,
        also where the reply cannot be posted."""
        there = Address.from_json(address)
        try:
            return await self._post.send(there, reply)
        finally:
            if there.home:
                self._homes.show(places.home(there.home, there.person))

    async def begin(self, address: str) -> Stream | None:
        """See `delivery.Streaming`."""
        return self._streams.begin(Address.from_json(address))

    async def together(self, addresses: Sequence[str], reply: Reply) -> None:
        """Post a reply in a group message. See `delivery.Together`."""
        people = [Address.from_json(address).person for address in addresses]
        await self._post.together(people, reply)

    @property
    def communities(self) -> Collection[str]:
        """The workspace whose token it is, and its organisation; none until Slack says so."""
        known = self._identity
        return {known.team, known.organisation} - {""} if known else ()

    async def publish(self, place: str, reply: Reply, key: str) -> None:
        """Post at the top of the place's channel. See `delivery.Publisher`."""
        await self._publishing.publish(Address.from_json(place).channel, reply, key)

    async def published(self, place: str, key: str, since: datetime) -> bool:
        """See `delivery.Publisher`."""
        return await self._publishing.published(Address.from_json(place).channel, key, since)

    async def hindrance(self, place: str) -> str:
        """See `delivery.Publisher`."""
        return await self._publishing.hindrance(Address.from_json(place).channel)

    async def _request(self, request: web.Request) -> web.Response:
        if self._intake is None:
            return web.Response(status=503)
        return await self._intake.request(request)

    def _known(self) -> Identity | None:
        return self._identity

    def _own(self) -> str:
        return self._identity.user if self._identity else ""

    def _site(self) -> str:
        return self._identity.site if self._identity else ""

    async def _reach(self) -> Identity:
        """Ask who we are, and connect; Unreachable or ChannelRefused."""
        self._identity = await identity(self._client)
        if self._socket:
            self._socket.start(await self._address())
        return self._identity

    async def _address(self) -> str:
        return await socket_address(self._client, self._app_token)

    async def _keep_reaching(self) -> None:
        pause = FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
            try:
                found = await self._reach()
            except Unreachable as error:
                _log.warning("Slack cannot be reached (%s), trying again", error)
            except ChannelRefused as error:
                _log.error("%s", error)
                return
            else:
                _log.warning("%s", self._served(found))
                return

    def _served(self, found: Identity) -> str:
        ways = (("Socket Mode", self._socket), ("HTTP", self._secret))
        by = " and ".join(way for way, used in ways if used)
        return f"Slack: served as @{found.name} in {found.workspace}, by {by}"
