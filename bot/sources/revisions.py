"""Which communities' own generations are behind their texts, as far as this computer built them."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from bot.sources.locks import own_folder
from bot.texts import FOR_ALL
from indexer.generation import own_home

_KEPT = "made.json"
_SHAPE = 2  # of what is built of texts; counted up where that changes, so that all is built anew


class Revisions:
    """What the own generations of a home were built from. No name in it says whose they are."""

    def __init__(self, home: Path) -> None:
        self._home, self._folder = home, own_folder(home)

    def behind(self, revisions: Mapping[str, int], base: str) -> list[str]:
        """The communities to be built anew, what is for all first. `revisions` are the store's,
        by community; `base` is the id of the generation of the shipped texts."""
        made = self._made()
        wanted = {one: stamp(one, revisions, base) for one in revisions}
        behind = [one for one in wanted if made.get(self._key(one)) != wanted[one]]
        return sorted(behind, key=lambda one: (one != FOR_ALL, one))

    def left(self, communities: Collection[str]) -> list[Path]:
        """The homes of communities that are not among these, the store's: one that was forgotten,
        or all of a database that was deleted."""
        theirs = {self._key(one) for one in communities}
        try:
            inside = sorted(self._folder.iterdir())
        except FileNotFoundError:
            return []
        return [one for one in inside if one.is_dir() and one.name not in theirs]

    def note(self, community: str, revisions: Mapping[str, int], base: str) -> None:
        """One was built from that, or has no text any more. Of communities that are not there any
        more nothing is kept."""
        theirs = {self._key(one) for one in revisions}
        made = {name: stamp for name, stamp in self._made().items() if name in theirs}
        self._write({**made, self._key(community): stamp(community, revisions, base)})

    def _write(self, made: Mapping[str, str]) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._folder / f"{_KEPT}.new"
        fresh.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")
        os.replace(fresh, self._folder / _KEPT)

    def _made(self) -> dict[str, str]:
        """A file that is lost or damaged costs a build that finds nothing new."""
        try:
            read = json.loads((self._folder / _KEPT).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return read if isinstance(read, dict) else {}

    def _key(self, community: str) -> str:
        return own_home(self._home, community).name


def stamp(community: str, revisions: Mapping[str, int], base: str) -> str:
    return f"{_SHAPE}/{revisions[community]}/{revisions.get(FOR_ALL, 0)}/{base}"
