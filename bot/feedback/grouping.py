"""Open questions that want the same answer, as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.feedback.alike import COSINE, Asked, alike
from bot.questions import OpenQuestion


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that one answer answers, the newest first; that one speaks for all of them."""

    questions: tuple[OpenQuestion, ...]

    @property
    def first(self) -> OpenQuestion:
        return self.questions[0]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.questions)

    def since(self, name: str) -> Group:
        """Without those that are newer than the one with this id."""
        return Group(self.questions[self.ids.index(name) :])

    @property
    def reasons(self) -> tuple[str, ...]:
        """What officers found wrong with the answers they got, in their words."""
        return tuple(dict.fromkeys(one.why for one in self.questions if one.why))

    @property
    def wrong(self) -> int:
        """How many found an answer wrong, one that was not sure among them."""
        return sum(one.cause == "down" or bool(one.why) for one in self.questions)


def grouped(found: Sequence[tuple[OpenQuestion, Asked]]) -> list[Group]:
    """Groups of those that want the same answer as the newest of them, so that no group drifts
    from one question to another; what was asked most often comes first, then what is newest.
    `found` is newest first."""
    groups: list[list[int]] = []
    if not found:
        return []
    rows = np.stack([asked.vector for _, asked in found])
    near = rows @ rows.T >= COSINE
    for place, (_, asked) in enumerate(found):
        same = (
            group for group in groups if near[group[0], place] and alike(found[group[0]][1], asked)
        )
        home = next(same, None)
        if home is None:
            groups.append([place])
        else:
            home.append(place)
    made = [Group(tuple(found[place][0] for place in group)) for group in groups]
    return sorted(made, key=lambda one: -len(one.questions))
