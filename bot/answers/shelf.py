"""What a community adds to the shipped texts: projects and peers, in memory, and what it hides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bot.answers.outcomes import OutcomeRanker
from bot.offers import Profile
from bot.projects import Project
from bot.questions import Verified

Vector = npt.NDArray[np.float32]


def _none() -> npt.NDArray[np.float32]:
    return np.zeros((0, 0), dtype=np.float32)


def _rows(vectors: Iterable[Vector]) -> npt.NDArray[np.float32]:
    rows = list(vectors)
    return np.stack(rows) if rows else _none()


@dataclass(frozen=True)
class Shelf:
    """Projects to be found from one community, a normalised row of `vectors` each; the ids of
    what an administrator of it hides; and what it learned about tags, where it did. Likewise the
    peers who can be found from here, a row of `offered` each, and the answers that an officer of it
    stands for today, with a row of `verified_rows` for each of its wordings, in their order."""

    projects: tuple[Project, ...] = ()
    vectors: npt.NDArray[np.float32] = field(default_factory=_none)
    hidden: frozenset[str] = frozenset()
    ranker: OutcomeRanker | None = None
    profiles: tuple[Profile, ...] = ()
    offered: npt.NDArray[np.float32] = field(default_factory=_none)
    verified: tuple[Verified, ...] = ()
    verified_rows: npt.NDArray[np.float32] = field(default_factory=_none)

    @classmethod
    def of(
        cls,
        vectored: Iterable[tuple[Project, Vector]],
        hidden: Iterable[str],
        ranker: OutcomeRanker | None,
        peers: Sequence[tuple[Profile, Vector]] = (),
    ) -> Shelf:
        """Without what is hidden."""
        unseen = frozenset(hidden)
        seen = [(one, row) for one, row in vectored if one.id not in unseen]
        profiles = tuple(one for one, _ in peers)
        rows, offered = _rows(row for _, row in seen), _rows(row for _, row in peers)
        return cls(tuple(one for one, _ in seen), rows, unseen, ranker, profiles, offered)

    def without(self, offer: str) -> Shelf:
        """The same without one of the peers."""
        kept = [row for row, one in enumerate(self.profiles) if one.id != offer]
        profiles = tuple(self.profiles[row] for row in kept)
        return replace(self, profiles=profiles, offered=_rows(self.offered[row] for row in kept))

    def standing(self, verified: Sequence[tuple[Verified, npt.NDArray[np.float32]]]) -> Shelf:
        """The same with these answers, each with its rows, and no others."""
        rows = _rows(row for _, rows in verified for row in rows)
        return replace(self, verified=tuple(one for one, _ in verified), verified_rows=rows)

    def near(self, vector: Vector, limit: int) -> list[tuple[Project, float]]:
        """The projects nearest in meaning, with their cosines, best first. Every one is scored,
        so that none is lost to an approximation."""
        if not self.projects:
            return []
        cosines = self.vectors @ vector
        best = np.argsort(-cosines, kind="stable")[:limit]
        return [(self.projects[row], float(cosines[row])) for row in best]


EMPTY = Shelf()
