"""A small encoder that notes what it embeds, and stops still where a test is to kill it."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.embedded import Array
from indexer.passages import Passage
from indexer.progress import Progress, silent
from tests.small_encoder import SmallEncoder


@dataclass(frozen=True)
class Notes:
    """What several processes note in a folder."""

    folder: Path

    def encoder(self) -> SmallEncoder:
        return Noting(self)

    def halting(self) -> SmallEncoder:
        """The first process that comes to its second batch stops there; see `halted`."""
        return Noting(self, halts=True)

    def awaited(self) -> None:
        """Call it before anything is to halt."""
        os.mkfifo(self.folder / "halted")

    def halted(self) -> int:
        """Which process stopped; waits until one does."""
        return int((self.folder / "halted").read_text())

    def embedded(self) -> list[str]:
        """Every text that was begun to be embedded, as often as it was."""
        return [line for file in self.folder.glob("*.txt") for line in file.read_text().split("\n")]


class Noting(SmallEncoder):
    def __init__(self, notes: Notes, *, halts: bool = False) -> None:
        super().__init__()
        self._notes, self._halts = notes, halts

    def encode_passages(
        self, cut: Sequence[Passage], progress: Progress = silent
    ) -> tuple[Array, Array]:
        folder = self._notes.folder
        file = folder / f"{os.getpid()}.txt"
        earlier = [file.read_text()] if file.exists() else []
        file.write_text("\n".join((*earlier, *(repr(one.searched) for one in cut))))
        if self._halts and self.embedded and self._first():
            (folder / "halted").write_text(str(os.getpid()))
            while True:
                signal.pause()
        return super().encode_passages(cut, progress)

    def _first(self) -> bool:
        try:
            (self._notes.folder / "first").touch(exist_ok=False)
        except FileExistsError:
            return False
        return True
