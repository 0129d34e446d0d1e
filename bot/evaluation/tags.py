"""How good the suggested outcomes are: each case study scored by what was learned without it."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answers.tagging import SELECTED
from bot.evaluation.figures import Measure, Unit
from indexer.search import Index
from indexer.tag_evaluation import evaluate, shipped
from indexer.tag_training import Encoded

_SHARES = ("precision: ", "recall: ", "right, of those")


def tags(index: Index) -> list[Measure]:
    """The figures on the indexed case studies, which everything was chosen on."""
    return list(measured(shipped(index.library, index.encode)))


def measured(examples: Encoded) -> Iterator[Measure]:
    for one in evaluate(examples, SELECTED):
        unit: Unit = "share" if one.measure.startswith(_SHARES) else "mean"
        yield Measure(one.measure, "tuned", one.value, one.n, unit)
