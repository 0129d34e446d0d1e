"""How sure an answer is: what speaks for it, weighed into one probability.

The weights are learned at index time from the questions that may be tuned on (`bot.calibration`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bot.answers.reading import Reading

Family = Literal["fact", "cases", "framework", "practice"]
FAMILIES: tuple[Family, ...] = ("fact", "cases", "framework", "practice")
MOST = 3  # sentences of one text that answer together


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for and against an answer, by name; which names there are depends on the
    family, and each is about 0 to 1."""

    family: Family
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Weights:
    names: tuple[str, ...]
    weights: tuple[float, ...]
    bias: float


class Surety:
    """The learned weights, the bound from which an answer is given as one, and what is needed to
    turn the standings of several sentences or texts into likelihoods."""

    def __init__(self, learned: bytes) -> None:
        values: dict[str, Any] = json.loads(learned)
        self._families = {
            name: _Weights(tuple(one["names"]), tuple(one["weights"]), one["bias"])
            for name, one in values["families"].items()
        }
        self._bounds: Mapping[str, float] = values["bounds"]
        self._sharpness: float = values["sharpness"]

    def of(self, signals: Signals) -> float:
        """How likely the answer is right, 0 to 1."""
        learned = self._families[signals.family]
        pairs = zip(learned.names, learned.weights, strict=True)
        score = learned.bias + sum(weight * signals.values[name] for name, weight in pairs)
        return 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))

    def enough(self, signals: Signals) -> bool:
        """Whether it is sure enough to be given as an answer."""
        return self.of(signals) >= self._bounds[signals.family]

    def needed(self, scores: Sequence[float], share: float, most: int = MOST) -> int:
        """How many of the best, their standings falling, hold the right one that likely."""
        weights = [math.exp(self._sharpness * (score - scores[0])) for score in scores]
        total, held = sum(weights), 0.0
        for number, weight in enumerate(weights, start=1):
            held += weight
            if number == most or held >= share * total:
                return number
        return len(scores)


class Open(Surety):
    """Takes everything for an answer: to learn from."""

    def __init__(self, sharpness: float) -> None:
        self._sharpness = sharpness

    def of(self, signals: Signals) -> float:
        return 1.0

    def enough(self, signals: Signals) -> bool:
        return True


def practice(reading: Reading, held: float, subjects: Iterable[str]) -> Signals:
    """Of an answer from an outcome's own text: `held` is the share of the asked words there."""
    named = bool(set(subjects) & {*reading.outcomes, *reading.terms})
    values = {
        "held": held,
        "named": float(named),
        "within": reading.within,
        "likely": reading.likely,
        "placed": float(bool(reading.places)),
        "figure": float(reading.wants in ("amount", "count", "share", "duration", "date", "who")),
    }
    return Signals("practice", values)
