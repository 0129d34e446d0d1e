"""Whether what is held for likely comes true as often as it says."""

from __future__ import annotations

from collections.abc import Sequence

BINS = 10


def calibration_error(told: Sequence[tuple[float, bool]]) -> float:
    """The expected calibration error: in each tenth from 0 to 1 how far the mean likelihood is
    from the share that came true, weighed by how many fall there. 0.0 for nothing."""
    tenths: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for likely, came_true in told:
        tenths[min(int(likely * BINS), BINS - 1)].append((likely, came_true))
    off = (
        abs(sum(likely for likely, _ in held) - sum(came_true for _, came_true in held))
        for held in tenths
    )
    return sum(off) / len(told) if told else 0.0
