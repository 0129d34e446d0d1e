"""Projects to be registered. Their councils are invented: test data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.projects import Confirmed, Details, Draft, Project
from bot.store import Registration, Store

AT = datetime(2026, 3, 2, tzinfo=UTC)

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


def shelved(answerer: Answerer, told: Mapping[str, Details]) -> Shelf:
    """Projects of one community, by their ids, as they are held in memory."""
    confirmed = (Confirmed("data", "key", AT),)
    projects = [
        Project(name, "testham", details, confirmed, "key", "key", AT, AT, 1)
        for name, details in told.items()
    ]
    vectors = np.stack([answerer.encoded(one.details.told) for one in projects])
    return Shelf(tuple(projects), vectors)
