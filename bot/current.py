"""What answers now: the answerer of the newest good generation, of a community's own where it has
one."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.answers.answerer import Answerer
from bot.texts import FOR_ALL
from indexer.generation import IndexUnusable, current_id, open_current, own_home
from indexer.query import EncoderDamaged
from indexer.search import Index

MOST_OPEN = 8  # communities' own generations in memory, each beside the one encoder
MOST_KNOWN = 1_000  # communities of which it is known whether they have one
_UNUSABLE = (IndexUnusable, EncoderDamaged, OSError, ValueError, KeyError)

_log = logging.getLogger(__name__)


@dataclass
class _Own:
    """One community's own generation, opened; or none. `beside` is the id of the one it borrows
    from, `refused` are the ids of both where it could not be used."""

    answerer: Answerer | None = None
    beside: str = ""
    refused: tuple[str, str] = ("", "")
    looked: float = -math.inf
    lock: threading.Lock = field(default_factory=threading.Lock)


class CurrentAnswerer:
    """The answerers of the newest good generations, each looked for at most once a second.

    Of communities' own the last `most_open` that were asked are kept in memory; the others are
    opened again when they are asked for. May be called from several threads.
    """

    def __init__(
        self,
        home: Path,
        model: str,
        tick: Callable[[], float] = time.monotonic,
        *,
        most_open: int = MOST_OPEN,
    ) -> None:
        """Raises IndexUnusable when there is no index to answer from."""
        self._home, self._model, self._tick = home, model or None, tick
        self._index = Index.open(home, model=self._model)
        self._answerer = Answerer(self._index)
        self._refused: str | None = None
        self._looked = tick()
        self._most_open = most_open
        self._own: OrderedDict[str, _Own] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, community: str = "") -> Answerer:
        """What a community is answered from: its own texts beside the shipped ones, else those
        that are there for all, else the shipped ones, which "" is answered from too.

        Opens a new generation, which takes seconds, so not to be called where others wait; "" is
        answered at once.
        """
        if self._tick() - self._looked >= 1.0:
            self._looked = self._tick()
            self._take_up()
        if not community:
            return self._answerer
        return self._of(community) or self._of(FOR_ALL) or self._answerer

    @property
    def index(self) -> Index:
        """The generation of the shipped texts that answers."""
        return self._index

    @property
    def generation(self) -> str:
        """Its id."""
        return self._index.id

    @property
    def library_digest(self) -> str:
        """The digest of the shipped texts that were indexed."""
        return self._index.manifest.library_digest

    def _take_up(self) -> None:
        newest = current_id(self._home)
        if newest in (None, self._index.id, self._refused):
            return
        try:
            index = Index.open(self._home, model=self._model)
            if index.id == newest:
                self._answerer, self._index = Answerer(index), index
                return
            reason: object = f"{newest} is damaged"
        except (IndexUnusable, EncoderDamaged, OSError) as error:
            reason = error
        self._refused = newest
        _log.warning("The new index cannot be used, the last good one is kept: %s", reason)

    def _of(self, community: str) -> Answerer | None:
        """The answerer of its own generation, None where it has no good one."""
        with self._lock:
            own = self._own.setdefault(community, _Own())
            self._own.move_to_end(community)
            answerer, looked = own.answerer, own.looked
        if self._tick() - looked < 1.0:
            return answerer
        # While one opens what is new, others go on with what they have; without, they wait.
        if not own.lock.acquire(blocking=answerer is None):
            return answerer
        try:
            answerer = self._looked_at(own, own_home(self._home, community))
        finally:
            own.lock.release()
        self._close_some()
        return answerer

    def _looked_at(self, own: _Own, home: Path) -> Answerer | None:
        """What answers now. It is taken, and put back, once: another thread may let go of it."""
        with self._lock:
            answerer, looked = own.answerer, own.looked
        now = self._tick()
        if now - looked < 1.0:
            return answerer
        answerer = self._newest(own, answerer, home)
        with self._lock:
            own.answerer, own.looked = answerer, now
        return answerer

    def _newest(self, own: _Own, held: Answerer | None, home: Path) -> Answerer | None:
        newest, base = current_id(home), self._index
        if newest is None:
            own.refused = ("", "")
            return None
        if held and (held.generation, own.beside) == (newest, base.id):
            return held
        if own.refused == (newest, base.id):
            return held
        try:
            answerer = Answerer(Index.beside(open_current(home, model=self._model), base))
        except _UNUSABLE as error:
            # What was opened borrowed from another base; beside this one it may mean nothing.
            held = held if own.beside == base.id else None
            own.refused = (newest, base.id)
            _log.warning(
                "The index of a community's own texts cannot be used (%s). It is answered from %s",
                error, "the last good one" if held else "the shipped texts",
            )  # fmt: skip
            return held
        own.beside = base.id
        return answerer

    def _close_some(self) -> None:
        """Let go of what was asked longest ago, beyond the bounds."""
        with self._lock:
            opened = [one for one in self._own.values() if one.answerer]
            for own in opened[: max(len(opened) - self._most_open, 0)]:
                own.answerer, own.looked = None, -math.inf
            while len(self._own) > MOST_KNOWN:
                self._own.popitem(last=False)
