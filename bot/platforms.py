"""Slack and Teams as the server sees them: whichever there are credentials for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from aiohttp import web

from bot.conversation import Origin
from bot.delivery import Channel, Reception
from bot.settings import Settings
from bot.store import Store

if TYPE_CHECKING:
    from bot.slack.installing import OAuth


class Platform(Channel, Protocol):
    """One platform's way in and out."""

    @property
    def name(self) -> str:
        """What `Heard.platform` says."""

    @property
    def routes(self) -> Sequence[web.RouteDef]:
        """What is served over HTTP; nothing where it connects outward by itself."""

    async def start(self) -> str:
        """Begin to hear; a sentence that says what is served. Raises ChannelRefused."""

    async def stop(self) -> None:
        """Hear no more. What was accepted can still be sent."""

    async def close(self) -> None:
        """Let go of every connection."""

    async def administers(self, origin: Origin) -> bool:
        """Whether the platform itself has this person as an administrator of the community."""


def platforms(settings: Settings, reception: Reception, store: Store) -> list[Platform]:
    """A platform's libraries are loaded here, and only when it is served. Tokens of workspaces
    that installed the app are kept in the `store`."""
    served: list[Platform] = []
    if slack := settings.slack:
        from bot.slack.listener import SlackChannel

        served.append(
            SlackChannel(
                reception,
                bot_token=slack.bot_token,
                app_token=slack.app_token,
                signing_secret=slack.signing_secret,
                api_base=slack.api_base,
                dev=settings.dev,
                oauth=_oauth(settings, store) if slack.client_id else None,
            )
        )
    if teams := settings.teams:
        from bot.teams.listener import TeamsChannel

        served.append(
            TeamsChannel(
                reception,
                app_id=teams.app_id,
                password=teams.password,
                tenant_id=teams.tenant_id,
                openid_metadata=teams.openid_metadata,
                dev=settings.dev,
                tenants=settings.communities,
            )
        )
    return served


def _oauth(settings: Settings, store: Store) -> OAuth:
    """How workspaces install the app by themselves."""
    from bot.sealing import Seal
    from bot.slack.installing import OAuth

    slack, keys = settings.slack, settings.token_keys
    assert slack
    return OAuth(
        slack.client_id,
        slack.client_secret,
        settings.address,
        settings.communities,
        store.installations(keys),
        Seal(keys),
    )
