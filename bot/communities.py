"""Communities that one deployment serves: which may be, and what an installation in one is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class NoKeyOpens(Exception):
    """A token was sealed with a key that is not among OUTCOMES_TOKEN_KEYS, or its row was changed
    by somebody else. The message says what to do."""

    def __init__(self) -> None:
        super().__init__(
            "no key of OUTCOMES_TOKEN_KEYS opens its token: add the key that it was sealed with,"
            " or have the app installed there again"
        )


class BeingErased(Exception):
    """A community that took the app out is installed anew before all of it is erased."""


@dataclass(frozen=True, slots=True)
class Installation:
    """The app in one workspace, by a `token` of its own. `bot` is the bot's user id there and
    `bot_id` what its messages are marked with; `name` the workspace's name, `site` its address,
    `organisation` the id of the Enterprise organisation that it is part of, "" for none."""

    community: str
    bot: str
    bot_id: str
    bot_name: str
    name: str
    site: str
    organisation: str
    token: str = field(repr=False)
    installed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """What is said of an installation to whoever runs the program; `opens` where a key does."""

    community: str
    organisation: str
    name: str
    installed_at: datetime
    opens: bool


class Installations(Protocol):
    """Where installations are kept; see `bot.store.installations`."""

    async def get(self, community: str) -> Installation | None:
        """The one of a community; None where there is none, or it was left. Raises NoKeyOpens."""

    async def keep(self, one: Installation) -> None:
        """Keep it in the place of an earlier one. Raises BeingErased."""

    async def listed(self) -> Sequence[Installed]:
        """All that there are, by community."""

    async def leave(self, community: str, at: datetime) -> bool:
        """Erase the token of a community that took the app out at that moment, and note that all
        that is held of it is to be erased. False where there is none, or a newer one."""

    async def first_use(self, state: str) -> bool:
        """Whether the state of an installation is used for the first time, by any process."""


def admitted(allowed: Collection[str], *names: str) -> bool:
    """Whether one of a community's names, its own or its organisation's, is on the list."""
    return any(name in allowed for name in names if name)
