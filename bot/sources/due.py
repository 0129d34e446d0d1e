"""While serving: sources that are due looked at, and communities' own generations kept up to date.

Both in a process of its own: what serves never loads what reads documents or builds, and neither
may slow an answer.
"""

from __future__ import annotations

import json
import logging
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.kindly import run_kindly
from bot.sources.revisions import Revisions
from bot.store import Store
from indexer.generation import current_id

REFRESH = (sys.executable, "-m", "bot", "sources", "refresh", "--due", "--json")
SHORTEST, LONGEST = timedelta(minutes=2), timedelta(hours=1)  # of a rest after one in vain
_COUNTED = ("read", "unchanged", "gone", "unreadable", "later")

_log = logging.getLogger(__name__)


class Refreshes:
    """Starts that process when there is something to do, one at a time."""

    def __init__(
        self,
        store: Store,
        home: Path,
        clock: Callable[[], datetime],
        counted: Callable[[str, int], None],
        command: Sequence[str] = REFRESH,
    ) -> None:
        """`counted` is told how many texts were read, gone and so on, and how many looks failed."""
        self._store, self._home, self._clock = store, home, clock
        self._counted, self._command = counted, command
        self._rest, self._rests_until = timedelta(0), clock()

    async def once(self) -> int:
        """See whether anything is to be done, and have it done; how many sources were looked at."""
        if self._clock() < self._rests_until or not await self._wanted():
            return 0
        ended = await run_kindly(self._command)
        looks = [json.loads(line) for line in ended.out.splitlines() if line.strip()]
        self._told(looks)
        if ended.fault:
            _log.error("Texts could not be refreshed: %s", ended.fault)
        self._rests(in_vain=bool(ended.fault) or await self._in_vain(len(looks)))
        return len(looks)

    async def _in_vain(self, looks: int) -> bool:
        """Where nothing could be built, or what is due is another process's."""
        return await self._behind() or (not looks and await self._due())

    async def _wanted(self) -> bool:
        return await self._due() or await self._behind()

    async def _due(self) -> bool:
        now = self._clock()
        return any(one.due_at and one.due_at <= now for one in await self._store.every_source())

    async def _behind(self) -> bool:
        revisions, made = await self._store.text_revisions(), Revisions(self._home)
        newest = current_id(self._home) or ""
        return bool(made.behind(revisions, newest) or made.left(revisions))

    def _rests(self, *, in_vain: bool) -> None:
        """What was in vain is tried again after two minutes, then four, up to an hour."""
        self._rest = min(max(2 * self._rest, SHORTEST), LONGEST) if in_vain else timedelta(0)
        self._rests_until = self._clock() + self._rest

    def _told(self, looks: Sequence[dict[str, object]]) -> None:
        """In numbers alone: no title, and no word of where texts come from."""
        numbers: Counter[str] = Counter(failed=sum(bool(one.get("failed")) for one in looks))
        for one in looks:
            numbers.update({name: int(str(one.get(name, 0))) for name in _COUNTED})
        for name, number in numbers.items():
            self._counted(name, number)
        if looks:
            told = ", ".join(f"{number} {name}" for name, number in sorted(numbers.items()))
            _log.info("Looked at %d sources of texts: %s", len(looks), told)
