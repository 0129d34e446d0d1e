"""What a message is about, as a small classifier trained at index time judges it."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.answers.reading import ASKS

Vector = npt.NDArray[np.float32]
WITHIN: tuple[str, ...] = ASKS


@dataclass(frozen=True, slots=True)
class Judgement:
    """How likely each label is, and the sum over those the bot answers."""

    likelihood: dict[str, float]

    @property
    def within(self) -> float:
        return sum(self.likelihood.get(label, 0.0) for label in WITHIN)

    @property
    def label(self) -> str:
        return max(self.likelihood, key=self.likelihood.__getitem__)


class Scope:
    """A softmax over labels, read from the generation."""

    def __init__(self, learned: bytes) -> None:
        values = json.loads(learned)
        self._labels: list[str] = values["labels"]
        self._weights = np.asarray(values["weights"], dtype=np.float32)
        self._bias = np.asarray(values["bias"], dtype=np.float32)

    def judge(self, vector: Vector) -> Judgement:
        """`vector` is the encoded message, normalised."""
        scores = self._weights @ vector + self._bias
        likely = np.exp(scores - scores.max())
        likely /= likely.sum()
        return Judgement(
            {label: float(value) for label, value in zip(self._labels, likely, strict=True)}
        )
