"""What a test measured, held against the figures that may not get worse."""

from __future__ import annotations

from collections.abc import Iterable

from bot.evaluation import Measure, Section
from bot.evaluation.guards import dropped, guards

# Each of these is held against its guards by a test, so that no guard goes unheeded.
HELD = (
    *("answers", "refusals", "citations", "search"),
    *("verified answers", "tags", "peers", "texts"),
)
# These by tests/long, where everything is measured; smaller runs of them by tests of their own.
HELD_LONG = ("consent", "language model")


def worse(section: str, measures: Iterable[Measure]) -> list[str]:
    """A line for each guarded figure of a section that is worse than its guard, or missing."""
    return dropped([Section(section, tuple(measures))], guards())
