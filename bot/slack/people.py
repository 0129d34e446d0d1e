"""Who administers the workspace, as Slack has it."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import Origin
from bot.slack.posting import Refused, told
from bot.slack.sign_in import Identity

KNOWN_FOR = 300.0  # seconds that Slack's word on somebody is taken for true
ASKED_WITHIN = 1.0  # seconds; an answer waits for this
_MOST_KNOWN = 1_000
_PERSON = re.compile(r"[UW][A-Z0-9]{2,30}")

_log = logging.getLogger(__name__)


class People:
    """What Slack says of people, kept for a while in memory."""

    def __init__(self, client: AsyncWebClient, clock: Callable[[], float]) -> None:
        self._client, self._clock = client, clock
        self._known: dict[tuple[str, str], tuple[float, bool]] = {}

    async def administers(self, origin: Origin, identity: Identity | None) -> bool:
        """Whether this person is an administrator or owner of the workspace we are in. Where
        Slack does not say so, nobody is."""
        ours = identity and origin.community in {identity.team, identity.organisation} - {""}
        if not ours or not _PERSON.fullmatch(origin.person):
            return False
        name, now = (origin.community, origin.person), self._clock()
        until, administers = self._known.get(name, (0.0, False))
        if now < until:
            return administers
        found = await self._asked(origin)
        if found is None:
            return False
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        self._known[name] = now + KNOWN_FOR, found
        return found

    async def _asked(self, origin: Origin) -> bool | None:
        """None where Slack does not answer; why is logged, of whom is not."""
        try:
            async with asyncio.timeout(ASKED_WITHIN):
                answer = await told(self._client.users_info(user=origin.person))
            return _administers(answer.get("user") or {}, origin.community)
        except Exception as error:
            reason = str(error) if isinstance(error, Refused) else type(error).__name__
            _log.warning("Slack did not say who administers: %s", reason)
            return None


def _administers(user: Mapping[str, Any], community: str) -> bool:
    """By the workspace's own people: one from elsewhere may administer where they come from."""
    member: Mapping[str, Any] = user.get("enterprise_user") or {}
    if community == member.get("enterprise_id"):
        roles = member
    elif community in (user.get("team_id"), *(member.get("teams") or ())):
        roles = user
    else:
        return False
    return bool(roles.get("is_admin") or roles.get("is_owner"))
