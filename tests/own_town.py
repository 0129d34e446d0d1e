"""A home in which communities have texts of their own beside the shipped ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answers.answerer import Answerer
from bot.answers.shelf import EMPTY, Shelf
from bot.conversation import Citation, Reply
from bot.current import CurrentAnswerer
from indexer import making
from indexer.build import BuildReport
from indexer.encoder import Encoder
from indexer.generation import index_folder, open_current, own_home
from indexer.making import run_own
from indexer.progress import silent
from knowledge.library import Library
from tests.own_texts import Own, beside


@dataclass(frozen=True)
class Town:
    """`home` borrows the shipped index, which nothing here writes to. `now` is the clock's time."""

    home: Path
    library: Library
    now: list[float]
    current: CurrentAnswerer

    def build(self, community: str, *texts: Own) -> BuildReport:
        """What `outcomes sources refresh` does once it knows the texts."""
        library = beside(self.library, *texts)
        base = open_current(self.home)
        return run_own(library, own_home(self.home, community), base, progress=silent)

    def folders(self, community: str) -> list[str]:
        """The generations on the disk."""
        found = index_folder(own_home(self.home, community)).iterdir()
        return [path.name for path in found if path.is_dir()]

    def answerer(self, community: str) -> Answerer:
        """What a second later answers."""
        self.now[0] += 1.5
        return self.current(community)

    def ask(self, text: str, community: str = "T1", shelf: Shelf = EMPTY) -> Reply:
        """The answer to a question that stands alone."""
        return self.current(community).answer(text, None, shelf)[0]


def opened(home: Path, shipped: Path, library: Library, most_open: int = 8) -> Town:
    """A town in an empty folder."""
    home.mkdir(exist_ok=True)
    index_folder(home).symlink_to(index_folder(shipped))
    now = [0.0]
    return Town(home, library, now, CurrentAnswerer(home, "", lambda: now[0], most_open=most_open))


@contextmanager
def lent(encoder: Encoder) -> Iterator[None]:
    """What is built meanwhile is embedded by this encoder, since loading one takes ten seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(making, "_loaded", lambda *_: encoder)
        yield


def cited(reply: Reply) -> Citation:
    """The first source of an answer."""
    assert reply.citations, reply.text
    return reply.citations[0]
