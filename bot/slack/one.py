"""The one workspace of SLACK_BOT_TOKEN: signed in to, however long that takes, and listened to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from datetime import datetime

from bot.delivery import ChannelRefused
from bot.slack.sign_in import Identity, Unreachable, identity, socket_address
from bot.slack.socket_mode import SocketMode
from bot.slack.workspaces import Heard, Line, Workspace

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 60.0  # seconds before trying to reach Slack again

_log = logging.getLogger(__name__)


class OneWorkspace:
    """See `workspaces.Workspaces`. Whatever Slack sends is for it."""

    def __init__(self, line: Line, bot_token: str, app_token: str, *, by_http: bool) -> None:
        self._line, self._app_token, self._by_http = line, app_token, by_http
        self._workspace = Workspace(bot_token, line)
        self._socket: SocketMode | None = None
        self._reaching: asyncio.Task[None] | None = None

    @property
    def communities(self) -> Collection[str]:
        """The workspace and its organisation; none until Slack says so."""
        known = self._workspace.identity
        return {known.team, known.organisation} - {""} if known else ()

    async def of(self, community: str) -> Workspace:
        """The only one: what is posted in channels that are shared with others is for it too."""
        return self._workspace

    async def left(self, community: str, at: datetime) -> None:
        """What is held stays until `outcomes communities erase`: a token may go for other reasons,
        and be put right."""

    async def start(self, heard: Heard) -> str:
        """Where Slack cannot be reached it is tried until it can."""
        if self._app_token:
            proxy = self._workspace.client.proxy
            self._socket = SocketMode(self._line.session, self._address, heard, proxy)
        try:
            return self._served(await self._reach())
        except Unreachable as error:
            self._reaching = asyncio.create_task(self._keep_reaching())
            return f"Slack: cannot be reached yet, check DNS, proxy and firewall ({error})"

    async def stop(self) -> None:
        if self._reaching:
            self._reaching.cancel()
            await asyncio.gather(self._reaching, return_exceptions=True)
        if self._socket:
            await self._socket.stop()

    async def _reach(self) -> Identity:
        """Ask who we are, and connect; Unreachable or ChannelRefused."""
        found = self._workspace.identity = await identity(self._workspace.client)
        if self._socket:
            self._socket.start(await self._address())
        return found

    async def _address(self) -> str:
        return await socket_address(self._workspace.client, self._app_token)

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
        ways = (("Socket Mode", self._socket), ("HTTP", self._by_http))
        by = " and ".join(way for way, used in ways if used)
        return f"Slack: served as @{found.name} in {found.workspace}, by {by}"
