"""Where the newest generations are: published in PostgreSQL where they are, else in files here."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from indexer.addresses import is_shared
from indexer.engine import EngineAway
from indexer.generation import IndexUnusable, current_id, open_current, own_home
from indexer.model import model_name
from indexer.search import Index

if TYPE_CHECKING:
    from indexer.postgres.shared import Published, Shared

LOOKED_EACH = 2.0  # seconds; the database is asked what is published at most so often
TRIED_EACH = 30.0  # seconds; one that could not be used
_NOTHING = "Nothing is published in the database yet. Run: outcomes index"

_log = logging.getLogger(__name__)


class Unwritten(IndexUnusable):
    """What is published could not be written to this computer: it may be in a moment."""


class Newest:
    """The newest generations of a home, or of the database at `address` where that is PostgreSQL
    with something published in it. May be asked by several threads."""

    def __init__(
        self,
        home: Path,
        model: str | None = None,
        address: str = "",
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home, self._model, self._address, self._tick = home, model, address, tick
        self._shared: Shared | None = None
        self._published: Mapping[str, Published] = {}
        self._due, self._fault = -math.inf, ""
        self._lock = threading.Lock()

    @property
    def fault(self) -> str:
        """Why files serve though a PostgreSQL database is named, or what is published there was
        not seen lately; "" where all is as it should be."""
        return self._fault

    @property
    def shared(self) -> bool:
        """Whether the shipped texts are searched in the database."""
        return "" in self._published

    def look(self) -> None:
        """Asks the database what is published, where that is due; may wait for it for seconds."""
        if not is_shared(self._address) or not self._lock.acquire(blocking=False):
            return
        try:
            if self._tick() >= self._due:
                self._looked()
        finally:
            self._lock.release()

    def id(self, community: str = "") -> str | None:
        """The id of a community's newest generation, "" being the shipped texts; None where it has
        none. As of the last look, where the database has them."""
        if self.shared:
            found = self._published.get(_key(community))
            return found.name if found else None
        return current_id(_home(self._home, community))

    def open(self, kind: type[Index] = Index) -> Index:
        """The index of the shipped texts, of that kind. Raises IndexUnusable, or EngineAway."""
        published = self._published.get("")
        if published is None or self._shared is None:
            return self._of_files(kind)
        try:
            generation = self._shared.fetch(published, self._home)
        except OSError as error:
            raise Unwritten(
                f"The index cannot be written to {self._home} ({error.strerror}). Free some space, "
                "or set OUTCOMES_HOME to a folder you may write to."
            ) from error
        return kind(generation, engine=self._shared.engine(published), name=published.name)

    def beside(self, community: str, base: Index) -> Index:
        """That of a community's own generation; nothing of it is written where it was fetched."""
        published = self._published.get(_key(community))
        if not self.shared or published is None or self._shared is None:
            return Index.beside(open_current(_home(self._home, community), model=self._model), base)
        with TemporaryDirectory() as folder:
            generation = self._shared.fetch(published, Path(folder))
            engine = self._shared.engine(published)
            return Index.beside(generation, base, engine, published.name)

    def close(self) -> None:
        if self._shared:
            self._shared.close()

    def _of_files(self, kind: type[Index]) -> Index:
        try:
            return kind.open(self._home, model=self._model)
        except IndexUnusable as error:
            if self._fault and self._fault != _NOTHING:
                raise IndexUnusable(self._fault) from error
            raise

    def _looked(self) -> None:
        try:
            self._shared = self._shared or self._begun()
            self._published = self._shared.current(model_name(self._model))
            self._due = self._tick() + LOOKED_EACH
            self._said("" if self.shared else _NOTHING)
        except (IndexUnusable, EngineAway) as error:
            self._due = self._tick() + (LOOKED_EACH if self._shared else TRIED_EACH)
            self._said(str(error))

    def _begun(self) -> Shared:
        """Loaded here alone: what it needs is no part of an installation without a server."""
        try:
            from indexer.postgres.shared import Shared
        except ModuleNotFoundError as error:
            raise IndexUnusable(
                f"Passages in PostgreSQL need the package {error.name}. "
                "Run: pip install --editable '.[postgresql]'"
            ) from error
        shared = Shared(self._address)
        shared.begin()
        return shared

    def _said(self, fault: str) -> None:
        """Once, until it changes."""
        if fault and fault != self._fault:
            kept = "what was taken up" if self.shared else "the files in OUTCOMES_HOME"
            _log.warning("%s. Until then it is answered from %s.", fault.rstrip("."), kept)
        self._fault = fault


def newest_index(
    home: Path, model: str | None = None, address: str = "", kind: type[Index] = Index
) -> Index:
    """The newest index for one command, which keeps it to its end. Raises IndexUnusable."""
    newest = Newest(home, model, address)
    newest.look()
    try:
        return newest.open(kind)
    except EngineAway as error:
        raise IndexUnusable(str(error)) from error


def _home(home: Path, community: str) -> Path:
    return own_home(home, community) if community else home


def _key(community: str) -> str:
    """What a community's generations are published under: no name says whose they are."""
    return own_home(Path(), community).name if community else ""
