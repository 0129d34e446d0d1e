"""Who administers a community: whom the settings name, and the platform's own administrators."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection

from bot.conversation import Origin

ALONE = ("terminal", "local-test")
"""The communities of the terminal and of the local page: whoever sits at this computer."""


class Administrators:
    """A person is named by an id, or by community and id as `T0123/U0456`. `platforms` are asked
    where the settings do not name somebody."""

    def __init__(self, named: Collection[str]) -> None:
        self.platforms: list[Callable[[Origin], Awaitable[bool]]] = []
        self._named = frozenset(named)

    async def __call__(self, origin: Origin) -> bool:
        names = {origin.person, f"{origin.community}/{origin.person}"}
        if names & self._named or origin.community in ALONE:
            return True
        for administers in self.platforms:
            if await administers(origin):
                return True
        return False
