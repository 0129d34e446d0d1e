"""Fifty communities in one deployment: whatever officers of one do, nothing of another is shown to
them but what was shared."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from bot.current import CurrentAnswerer
from bot.rehearsal.communities import COMMUNITIES, OWN_TEXTS, SHARED_EVERY
from bot.rehearsal.communities_run import Seen, held
from bot.sources.indexing import Indexing
from bot.store import Store
from indexer.generation import index_folder
from indexer.progress import silent
from tests.postgres import Postgres
from tests.whole import much

REQUESTS = much(10_000, 600)
WORDS = {"project", "help", "open", "verified", "text"}  # that must be read by those they belong to


async def test_nothing_of_a_community_is_shown_to_another(
    postgres: Postgres,
    current: CurrentAnswerer,
    shipped_home: Path,
    tmp_path: Path,
    figure: Callable[[str], None],
) -> None:
    index_folder(tmp_path).symlink_to(index_folder(shipped_home))
    database, began = postgres.database(), time.monotonic()
    settings = {"OUTCOMES_HOME": str(tmp_path), "DATABASE_URL": database}
    store = await Store.open(database)
    try:
        indexed = Indexing(store, tmp_path, None, silent).all
        seen = await held(settings, store, current(), REQUESTS, tmp_path / "log", indexed)
    finally:
        await store.close()
    figure(_told(seen, time.monotonic() - began))
    assert not seen.foreign
    assert not seen.misused
    assert not [status for status in seen.statuses if status >= 500]
    assert set(seen.own) >= WORDS, "otherwise it proves nothing"
    sharing = {f"{number:02}" for number in range(0, COMMUNITIES, SHARED_EVERY)}
    assert set(seen.shared) <= sharing
    assert seen.shared


def _told(seen: Seen, seconds: float) -> str:
    return (
        f"{COMMUNITIES} communities ({OWN_TEXTS} with an index of their own), {seen.requests:,} "
        f"requests, {seen.looked:,} replies looked at: {len(seen.foreign)} foreign canaries, "
        f"{seen.own.total():,} own ones, {seen.shared.total():,} shared; {seconds:.0f} s"
    )
