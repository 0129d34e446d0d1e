"""Communities that took the app out: all that is held of them erased, in the background."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.kindly import run_kindly
from bot.store import Store
from bot.store.installations import Left

ONCE_MORE = timedelta(minutes=2)  # after which what was being answered then is over
# What serves loads nothing that builds, or takes away what was built.
ERASE_INDEX = (sys.executable, "-m", "bot", "communities", "erase", "--index-only")

_log = logging.getLogger(__name__)


class Leaving:
    """Erases at once, and once more two minutes later, for what was on its way. Any process may;
    one that dies in between leaves it to the next. Where the index of its texts could not be
    erased it is tried again, and the community not gone before it was."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], command: Sequence[str] = ERASE_INDEX
    ) -> None:
        self._store, self._clock, self._command = store, clock, command
        self._seen: set[Left] = set()

    async def once(self) -> int:
        """How many communities were erased for good."""
        installations, gone = self._store.installations(), 0
        listed = [(one, self._clock() - one.at >= ONCE_MORE) for one in await installations.left()]
        due = [(one, over) for one, over in listed if over or one not in self._seen]
        for one, _ in due:  # all rows first: an index may be long in use
            rows = await self._store.forget(one.community, but_installation=True)
            _log.info("Erased %d rows of a community that took the app out", rows)
        for one, over in due:
            whole = await self._index_erased(one.community)
            self._seen.add(one)
            if over and whole:
                await installations.drop(one)
                self._seen.discard(one)
                gone += 1
        return gone

    async def _index_erased(self, community: str) -> bool:
        ended = await run_kindly((*self._command, community))
        if ended.fault:
            _log.error("The index of a community's texts could not be erased: %s", ended.fault)
        return not ended.fault
