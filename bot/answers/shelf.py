"""What a community adds to the shipped texts: its projects, in memory, and what it hides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bot.answers.outcomes import OutcomeRanker
from bot.projects import Project

Vector = npt.NDArray[np.float32]


def _none() -> npt.NDArray[np.float32]:
    return np.zeros((0, 0), dtype=np.float32)


@dataclass(frozen=True)
class Shelf:
    """Projects to be found from one community, a normalised row of `vectors` each; the ids of
    what an administrator of it hides; and what it learned about tags, where it did."""

    projects: tuple[Project, ...] = ()
    vectors: npt.NDArray[np.float32] = field(default_factory=_none)
    hidden: frozenset[str] = frozenset()
    ranker: OutcomeRanker | None = None

    @classmethod
    def of(
        cls,
        vectored: Iterable[tuple[Project, Vector]],
        hidden: Iterable[str],
        ranker: OutcomeRanker | None,
    ) -> Shelf:
        """Without what is hidden."""
        unseen = frozenset(hidden)
        seen = [(one, row) for one, row in vectored if one.id not in unseen]
        rows = np.stack([row for _, row in seen]) if seen else _none()
        return cls(tuple(one for one, _ in seen), rows, unseen, ranker)

    def near(self, vector: Vector, limit: int) -> list[tuple[Project, float]]:
        """The projects nearest in meaning, with their cosines, best first. Every one is scored,
        so that none is lost to an approximation."""
        if not self.projects:
            return []
        cosines = self.vectors @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(self.projects[row], float(cosines[row])) for row in best]


EMPTY = Shelf()
