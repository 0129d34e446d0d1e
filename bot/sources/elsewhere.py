"""What other computers built of communities' texts, where they publish it in one database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sources.locks import own_folder
from indexer.generation import own_home
from indexer.model import model_name

if TYPE_CHECKING:
    from indexer.postgres.shared import Published, Shared


class Elsewhere:
    """What is published now; without a shared database nothing is, and nothing is missed."""

    def __init__(self, shared: Shared | None, home: Path, model: str | None) -> None:
        """The shipped index that is published is fetched where it is not here, to build beside."""
        self._shared, self._home = shared, home
        self._published: Mapping[str, Published] = {}
        if shared:
            self._published = shared.current(model_name(model))
            if base := self._published.get(""):
                shared.fetch(base, home, beside=True)

    def left(self, communities: Collection[str]) -> list[Path]:
        """The homes of communities that something is published of, and that are not among these,
        the store's."""
        theirs = {"", *(own_home(self._home, one).name for one in communities)}
        return [own_folder(self._home) / name for name in self._published if name not in theirs]

    def lacks(self, community: str, stamp: str) -> bool:
        """Whether others would not be answered from what this stamp stands for."""
        return self._shared is not None and not self.has(community, stamp)

    def has(self, community: str, stamp: str) -> bool:
        """Whether exactly that is published, so that nobody need build it."""
        found = self._published.get(own_home(self._home, community).name)
        return found is not None and found.stamp == stamp
