"""An index of more passages than are embedded without a ledger, beside a small one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import psycopg

from indexer.build import BuildReport, build
from indexer.bulk import FEW
from indexer.embedded import Embedder
from indexer.generation import Generation, open_current
from indexer.ledger_place import Place
from indexer.model import Model
from indexer.passages import Passage
from indexer.vectors import Vectors
from indexer.workers import AT_ONCE
from knowledge.library import Library, Section
from tests.conftest import Built
from tests.small_encoder import row

WORD = "sensors"
COUNT = FEW + 2 * AT_ONCE


def many(built: Built, home: Path, shared: str = "") -> Own:
    """Nothing is built yet. `shared` is an address of PostgreSQL, "" for the file."""
    sections = tuple(
        Section(f"Part {number}", f"It has {number} {WORD}. They work.", literal=True)
        for number in range(COUNT)
    )
    case = replace(built.library.case_studies[0], id="many", sections=sections, digest="many")
    library = replace(built.library, case_studies=(*built.library.case_studies, case))
    return Own(library, home, built.model, open_current(built.home), shared)


@dataclass
class Own:
    """An index with many passages that stands beside a small one."""

    library: Library
    home: Path
    model: Model
    base: Generation
    shared: str

    @property
    def place(self) -> Place:
        return Place(self.home, self.home.name, self.shared)

    def build(self, load: Callable[[], Embedder], count: int = 1) -> BuildReport:
        return build(
            self.library, self.home, self.model, load,
            base=self.base, shared=self.shared, workers=count,
        )  # fmt: skip

    def whole(self) -> bool:
        """Whether each passage has its own vector, and nothing is left in the ledger."""
        made = open_current(self.home)
        cut = [Passage.from_json(told) for told in made.passages.read_text("utf-8").splitlines()]
        many = [place for place, one in enumerate(cut) if one.document == "many"]
        vectors = Vectors.read(made.vectors).matrix
        right = all(np.allclose(vectors[one], row(cut[one].searched)) for one in many)
        return len(many) == COUNT and right and not self.place.there()

    def words_kept(self) -> bool:
        """Whether a word of a text is anywhere in the ledger."""
        if not self.shared:
            return self.place.file.exists() and WORD.encode() in self.place.file.read_bytes()
        with psycopg.connect(self.shared) as connection:
            found = connection.execute("SELECT words FROM outcomes_index.to_embed").fetchall()
        return any(words for (words,) in found)
