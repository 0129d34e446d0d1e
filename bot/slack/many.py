"""Many workspaces, each by the token that was given when the app was installed there."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.communities import Installation, Installations, NoKeyOpens, admitted
from bot.delivery import NotSent
from bot.slack.sign_in import Identity
from bot.slack.workspaces import Heard, Line, NotServed, Workspace

KNOWN_FOR = 30.0  # seconds that an installation is taken for unchanged; others may change it
LATER = 5.0  # seconds until it may be asked again what the database does not say now
NOT_INSTALLED = "the app is not installed there, or was taken out"
NOT_NAMED = "OUTCOMES_COMMUNITIES does not name it"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Known:
    installation: Installation
    workspace: Workspace
    until: float


class ManyWorkspaces:
    """See `workspaces.Workspaces`. Those that the list admits, and no other; `announced` is where
    the app is installed."""

    def __init__(
        self,
        line: Line,
        installations: Installations,
        allowed: Collection[str],
        announced: str,
    ) -> None:
        self._line, self._installations = line, installations
        self._allowed, self._announced = allowed, announced
        self._known: dict[str, _Known] = {}
        self._communities: frozenset[str] = frozenset()
        self._shut = self._others = 0  # as told last of those that are not served
        self._refreshing: asyncio.Task[None] | None = None

    @property
    def communities(self) -> Collection[str]:
        return self._communities

    async def start(self, heard: Heard) -> str:
        """Nobody is asked anything: each token proves itself when it is used."""
        await self.refresh()
        self._refreshing = asyncio.create_task(self._keep_fresh())
        count = len(self._communities)
        where = "1 workspace" if count == 1 else f"{count} workspaces"
        return f"Slack: served in {where}, by HTTP; others install it at {self._announced}"

    async def stop(self) -> None:
        if self._refreshing:
            self._refreshing.cancel()
            await asyncio.gather(self._refreshing, return_exceptions=True)

    async def of(self, community: str) -> Workspace:
        """Raises NotServed, or NotSent where that cannot be known now."""
        known = self._known.get(community)
        if known and self._line.clock() < known.until:
            return known.workspace
        try:
            found = await self._installations.get(community)
        except NoKeyOpens as error:
            self._forget(community)
            raise NotServed(str(error)) from None
        except Exception as error:  # a database that is gone for a while
            if known:
                return known.workspace
            raise NotSent(
                f"it is not known whose token it is ({type(error).__name__})", LATER
            ) from None
        return self._noted(community, found).workspace

    async def left(self, community: str, at: datetime) -> None:
        """From here on nothing is sent there; what is held is erased behind this."""
        if await self._installations.leave(community, at):
            self._forget(community)
            _log.info("Slack: the app was taken out of a workspace; all that is held of it goes")

    async def installed(self, community: str) -> None:
        """It is there from now on, by another token than before."""
        self._forget(community)
        await self.refresh()

    async def refresh(self) -> None:
        """Look at all that is installed: another process may have been told."""
        listed = await self._installations.listed()
        named = [one for one in listed if self._admits(one.community, one.organisation)]
        self._communities = frozenset(one.community for one in named if one.opens)
        shut, others = len(named) - len(self._communities), len(listed) - len(named)
        if shut and shut != self._shut:
            _log.error("Slack: %d workspaces are not served: %s", shut, NoKeyOpens())
        if others and others != self._others:
            _log.warning("Slack: %d workspaces are not served: %s", others, NOT_NAMED)
        self._shut, self._others = shut, others

    async def _keep_fresh(self) -> None:
        while True:
            await self._line.pause(KNOWN_FOR)
            with contextlib.suppress(Exception):  # the next time may fare better
                await self.refresh()

    def _noted(self, community: str, found: Installation | None) -> _Known:
        if found is None or not self._admits(community, found.organisation):
            self._forget(community)
            raise NotServed(NOT_NAMED if found else NOT_INSTALLED)
        before, until = self._known.get(community), self._line.clock() + KNOWN_FOR
        same = before and before.installation == found
        workspace = before.workspace if before and same else self._made(found)
        known = self._known[community] = _Known(found, workspace, until)
        self._communities |= {community}
        return known

    def _made(self, one: Installation) -> Workspace:
        names = one.bot, one.bot_name, one.name, one.community, one.organisation, one.bot_id
        return Workspace(one.token, self._line, Identity(*names, one.site))

    def _admits(self, community: str, organisation: str) -> bool:
        return admitted(self._allowed, community, organisation)

    def _forget(self, community: str) -> None:
        self._known.pop(community, None)
        self._communities -= {community}
