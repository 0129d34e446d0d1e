"""Projects to be registered. Their councils are invented: test data."""

from __future__ import annotations

from bot.projects import Details, Draft, Project
from bot.store import Registration, Store

TITLE = "Laptops for care leavers (test data)"
TOLD = "We lend refurbished laptops to care leavers and teach them to use them."
DETAILS = Details(TITLE, TOLD, "Anytown Council (test data)", "https://anytown.example/", "doing")
VECTOR = b"\x00\x00\x80\x3f" * 4


def what(
    *outcomes: str, details: Details = DETAILS, shared: bool = False, model: str = "m-1"
) -> Registration:
    return Registration(details, outcomes or ("inclusion", "services"), shared, VECTOR, model)


async def drafted(store: Store, community: str, by: str = "k-1", author: str = "") -> Draft:
    return await store.community(community).keep_draft(DETAILS, ("inclusion",), by, author)


async def registered(
    store: Store,
    community: str,
    *outcomes: str,
    by: str = "k-1",
    details: Details = DETAILS,
    shared: bool = False,
) -> Project:
    """Registered by somebody with that key."""
    draft = await drafted(store, community, by)
    registration = what(*outcomes, details=details, shared=shared)
    return await store.community(community).register(draft, registration)


async def actions(store: Store, community: str) -> list[str]:
    """What its audit log tells, oldest first."""
    return [entry.action for entry in await store.fits(community).audit()]
