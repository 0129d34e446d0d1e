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
from indexer.engine import EngineAway
from indexer.generation import IndexUnusable
from indexer.newest import TRIED_EACH, Newest, Unwritten
from indexer.query import EncoderDamaged
from indexer.search import Index

MOST_OPEN = 8  # communities' own generations in memory, each beside the one encoder
MOST_KNOWN = 1_000  # communities of which it is known whether they have one
_UNUSABLE = (IndexUnusable, EncoderDamaged, ValueError, KeyError)
_NOT_NOW = (OSError, Unwritten)  # a full disk, say: the same one may be opened in a moment

_log = logging.getLogger(__name__)


@dataclass
class _Own:
    """One community's own generation, opened; or none. `beside` is the id of the one it borrows
    from, `refused` are the ids of both where it could not be used, `fault` why it could not be
    opened just now; `later` is when that is tried again."""

    answerer: Answerer | None = None
    beside: str = ""
    refused: tuple[str, str] = ("", "")
    fault: str = ""
    later: float = -math.inf
    looked: float = -math.inf
    lock: threading.Lock = field(default_factory=threading.Lock)

    def tell(self, error: Exception, held: Answerer | None) -> None:
        """Once for each fault; where a file was to be written is another place every time."""
        fault = (error.strerror if isinstance(error, OSError) else "") or str(error)
        if fault != self.fault:
            _log.warning(
                "The index of a community's own texts cannot be used (%s). It is answered from %s",
                fault, "the last good one" if held else "the shipped texts",
            )  # fmt: skip
        self.fault = fault


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
        address: str = "",
    ) -> None:
        """Where `address` is a PostgreSQL database that has generations, they are those. Raises
        IndexUnusable when there is no index to answer from."""
        self._tick = tick
        self._newest = Newest(home, model or None, address, tick)
        self._newest.look()
        try:
            self._index = self._newest.open()
        except EngineAway as error:
            raise IndexUnusable(str(error)) from error
        self._answerer = Answerer(self._index)
        self._refused: str | None = None
        self._fault = ""
        self._due = tick() + 1.0
        self._most_open = most_open
        self._own: OrderedDict[str, _Own] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, community: str = "") -> Answerer:
        """What a community is answered from: its own texts beside the shipped ones, else those
        that are there for all, else the shipped ones, which "" is answered from too.

        Opens a new generation, which takes seconds, so not to be called where others wait; "" is
        answered at once.
        """
        if community:
            self._newest.look()
        # What is to be fetched first takes long: who asks for "" does not wait for it.
        if self._tick() >= self._due and (community or not self._newest.shared):
            self._due = self._tick() + 1.0
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

    def close(self) -> None:
        """Let go of the database, where there is one."""
        self._newest.close()

    def _take_up(self) -> None:
        newest = self._newest.id()
        if newest in (None, self._index.id, self._refused):
            return
        fault = f"{newest} is damaged"
        try:
            index = self._newest.open()
            if index.id == newest:
                self._answerer, self._index, self._fault = Answerer(index), index, ""
                return
            self._refused = newest
        except EngineAway:  # said where it was found; tried again
            return
        except _NOT_NOW as error:
            self._due, fault = self._tick() + TRIED_EACH, str(error)
        except (IndexUnusable, EncoderDamaged) as error:
            self._refused, fault = newest, str(error)
        if fault != self._fault:
            _log.warning("The new index cannot be used, the last good one is kept: %s", fault)
        self._fault = fault

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
            answerer = self._looked_at(own, community)
        finally:
            own.lock.release()
        self._close_some()
        return answerer

    def _looked_at(self, own: _Own, community: str) -> Answerer | None:
        """What answers now. It is taken, and put back, once: another thread may let go of it."""
        with self._lock:
            answerer, looked = own.answerer, own.looked
        now = self._tick()
        if now - looked < 1.0:
            return answerer
        answerer = self._newest_of(own, answerer, community)
        with self._lock:
            own.answerer, own.looked = answerer, now
        return answerer

    def _newest_of(self, own: _Own, held: Answerer | None, community: str) -> Answerer | None:
        newest, base = self._newest.id(community), self._index
        if newest is None:
            own.refused = ("", "")
            return None
        if held and (held.generation, own.beside) == (newest, base.id):
            return held
        # What was opened borrowed from another base; beside this one it may mean nothing.
        held = held if own.beside == base.id else None
        if own.refused == (newest, base.id) or self._tick() < own.later:
            return held
        try:
            answerer = Answerer(self._newest.beside(community, base))
        except EngineAway:  # what cannot be reached just now is tried again
            return held
        except _NOT_NOW as error:
            own.later = self._tick() + TRIED_EACH
            own.tell(error, held)
            return held
        except _UNUSABLE as error:
            own.refused = (newest, base.id)
            own.tell(error, held)
            return held
        own.beside, own.fault = base.id, ""
        return answerer

    def _close_some(self) -> None:
        """Let go of what was asked longest ago, beyond the bounds."""
        with self._lock:
            opened = [one for one in self._own.values() if one.answerer]
            for own in opened[: max(len(opened) - self._most_open, 0)]:
                own.answerer, own.looked = None, -math.inf
            while len(self._own) > MOST_KNOWN:
                self._own.popitem(last=False)
