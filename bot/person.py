"""`outcomes person`: what is held of one officer, for a request that is not made in chat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal

from bot.conversation import Origin
from bot.peers.joining import closing
from bot.settings import Settings
from bot.store import Store, default_url

Projects = Literal["withdraw", "hand-over"]
PROJECTS: Sequence[Projects] = ("withdraw", "hand-over")


class NobodyKnown(Exception):
    """Nothing is held under these ids."""

    def __init__(self, community: str, person: str) -> None:
        super().__init__(
            f"nothing is held of {person} in {community}. Give the platform's own ids: of the Slack"
            " workspace and member, or of the tenant and the user in Microsoft Entra"
        )


async def held(settings: Settings, community: str, person: str) -> str:
    """Everything, as one JSON object. Raises NobodyKnown."""
    store = await _opened(settings)
    try:
        found = await store.rights(community).held(person)
    finally:
        await store.close()
    if found is None:
        raise NobodyKnown(community, person)
    return json.dumps(found, ensure_ascii=False, default=str)


async def erased(settings: Settings, community: str, person: str, projects: Projects) -> str:
    """Erase it all, as `my-data delete` does; says so. Raises NobodyKnown."""
    store, who = await _opened(settings), Origin(community, person=person)
    try:
        hand_over = projects == "hand-over"
        known = await store.rights(community).erase(who, hand_over=hand_over, write=closing)
    finally:
        await store.close()
    if not known:
        raise NobodyKnown(community, person)
    return f"Everything of {person} in {community} is erased."


async def _opened(settings: Settings) -> Store:
    return await Store.open(
        settings.database_url or default_url(settings.home),
        questions_kept=settings.questions_kept,
        introductions_kept=settings.introductions_kept,
    )
