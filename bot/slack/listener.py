"""Slack: what is heard there goes to the reception, and its replies go back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web

from bot.conversation import Origin, Reply
from bot.delivery import NotSent, Reception, Stream
from bot.slack import places
from bot.slack.home import Homes
from bot.slack.installing import Installing, OAuth
from bot.slack.intake import Intake
from bot.slack.many import ManyWorkspaces
from bot.slack.one import OneWorkspace
from bot.slack.places import Address
from bot.slack.posting import Refused
from bot.slack.publishing import LATER, Publishing
from bot.slack.workspaces import Line, NotServed, Workspaces

# Waiting for a free connection counts as connecting: until then nothing can have been posted.
LIMITS = ClientTimeout(total=30, connect=10, sock_connect=5, sock_read=15)
IDLE_FOR = 10.0  # seconds; posting by a connection that Slack has closed meanwhile may fail


class SlackChannel:
    """One Slack app, heard by Socket Mode, over HTTP, or both, in the workspace of its token; or,
    by `oauth` and HTTP, in all that install it. See `platforms.Platform`, `delivery.Publisher` and
    `delivery.Streaming`. `clock` and `pause` count seconds."""

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
        oauth: OAuth | None = None,
    ) -> None:
        self._reception, self._api_base, self._dev = reception, api_base, dev
        self._tokens, self._secret = (bot_token, app_token), signing_secret
        self._clock, self._pause = clock, pause
        self._installing = Installing(oauth) if oauth else None
        self._oauth = oauth
        self._intake: Intake | None = None
        self._session: ClientSession | None = None
        self._workspaces: Workspaces
        self._homes: Homes

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        heard = [web.post("/slack/events", self._request)] if self._secret else []
        return [*heard, *(self._installing.routes if self._installing else ())]

    async def start(self) -> str:
        """Begin to hear. Where Slack cannot be reached it is tried until it can."""
        connector = TCPConnector(keepalive_timeout=IDLE_FOR)
        self._session = ClientSession(timeout=LIMITS, connector=connector)
        line = Line(self._session, self._api_base, self._dev, self._clock, self._pause)
        self._workspaces = self._served(line)
        self._homes = Homes(self._reception, self._workspaces, self._clock, self._pause)
        self._intake = Intake(self._reception, self._secret, self._workspaces, self._homes)
        return await self._workspaces.start(self._intake.envelope)

    async def stop(self) -> None:
        """Hear no more: Slack keeps what it could not deliver and tries again later."""
        intake, self._intake = self._intake, None
        if self._installing:
            self._installing.stop()
        if intake:
            await self._workspaces.stop()
            await intake.finish()

    async def close(self) -> None:
        """Let go of every connection."""
        if self._session:
            await self._homes.finish()
            await self._session.close()

    async def administers(self, origin: Origin) -> bool:
        """See `platforms.Platform`."""
        with suppress(NotServed, NotSent):
            here = await self._workspaces.of(origin.community)
            return await here.people.administers(origin, here.identity)
        return False

    async def working(self, address: str) -> None:
        """Show the sign, where one is wanted."""
        place = Address.from_json(address)
        if place.sign:
            await (await self._workspaces.of(place.community)).post.sign(place)

    async def send(self, address: str, reply: Reply) -> str:
        """Post a reply. See `delivery.Channel`. What was asked in a Home tab may have changed it,
        also where the reply cannot be posted."""
        there = Address.from_json(address)
        try:
            return await (await self._workspaces.of(there.community)).post.send(there, reply)
        finally:
            if there.home:
                self._homes.show(places.home(there.home, there.person))

    async def begin(self, address: str) -> Stream | None:
        """See `delivery.Streaming`."""
        there = Address.from_json(address)
        with suppress(NotServed, NotSent):
            return (await self._workspaces.of(there.community)).streams.begin(there)
        return None

    async def together(self, addresses: Sequence[str], reply: Reply) -> None:
        """Post a reply in a group message. See `delivery.Together`."""
        there = [Address.from_json(address) for address in addresses]
        if len({one.community for one in there}) > 1:
            raise Refused("people of several workspaces")
        here = await self._workspaces.of(there[0].community)
        await here.post.together([one.person for one in there], reply)

    @property
    def communities(self) -> Collection[str]:
        """The workspaces that there are tokens for; none until they are known."""
        return self._workspaces.communities if self._session else ()

    async def publish(self, place: str, reply: Reply, key: str) -> None:
        """Post at the top of the place's channel. See `delivery.Publisher`."""
        there = Address.from_json(place)
        await (await self._publishing(there)).publish(there.channel, reply, key)

    async def published(self, place: str, key: str, since: datetime) -> bool:
        """See `delivery.Publisher`."""
        there = Address.from_json(place)
        return await (await self._publishing(there)).published(there.channel, key, since)

    async def hindrance(self, place: str) -> str:
        """See `delivery.Publisher`."""
        there = Address.from_json(place)
        with suppress(NotSent):
            return await (await self._publishing(there)).hindrance(there.channel)
        return ""

    async def _publishing(self, there: Address) -> Publishing:
        """No digest ends because a token cannot be used: that may be put right."""
        try:
            return (await self._workspaces.of(there.community)).publishing
        except NotServed as error:
            raise NotSent(f"a workspace is not served: {error}", LATER) from None

    async def _request(self, request: web.Request) -> web.Response:
        if self._intake is None:
            return web.Response(status=503)
        return await self._intake.request(request)

    def _served(self, line: Line) -> Workspaces:
        """Those of the installations, or the one of the token."""
        if self._oauth and self._installing:
            oauth = self._oauth
            many = ManyWorkspaces(line, oauth.installations, oauth.allowed, oauth.install_url)
            self._installing.start(line, many.installed)
            return many
        return OneWorkspace(line, *self._tokens, by_http=bool(self._secret))
