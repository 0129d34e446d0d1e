"""What answers now: the answerer of the newest good generation."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from bot.answers.answerer import Answerer
from indexer.generation import IndexUnusable, current_id
from indexer.query import EncoderDamaged
from indexer.search import Index

_log = logging.getLogger(__name__)


class CurrentAnswerer:
    """The answerer of the newest good generation, looked for at most once a second."""

    def __init__(self, home: Path, model: str, tick: Callable[[], float] = time.monotonic) -> None:
        """Raises IndexUnusable when there is no index to answer from."""
        self._home, self._model, self._tick = home, model or None, tick
        self._index = Index.open(home, model=self._model)
        self._answerer = Answerer(self._index)
        self._refused: str | None = None
        self._looked = tick()

    def __call__(self) -> Answerer:
        if self._tick() - self._looked >= 1.0:
            self._looked = self._tick()
            self._take_up()
        return self._answerer

    @property
    def index(self) -> Index:
        """The generation that answers."""
        return self._index

    @property
    def generation(self) -> str:
        """The id of the generation that answers."""
        return self._index.id

    @property
    def library_digest(self) -> str:
        """The digest of the texts that were indexed."""
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
