"""Whether a verified answer is given to questions that want the same, and to no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.answers.answerer import Answerer
from bot.evaluation.asked import ALIKE, QuestionsUnusable, Split, rows
from bot.evaluation.figures import Measure
from bot.feedback.alike import alike, asked


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, and whether an answer to one answers the other."""

    id: str
    first: str
    second: str
    alike: bool


def pairs(split: Split) -> list[Pair]:
    """The shipped pairs of one half."""
    name = f"{split}_{ALIKE}.yaml"
    return [_pair(name, row) for row in rows(name)]


def _pair(name: str, row: Mapping[str, Any]) -> Pair:
    try:
        return Pair(row["id"], row["first"], row["second"], row["alike"])
    except KeyError as error:
        raise QuestionsUnusable(f"{name}: an entry cannot be read ({error})") from error


def verified(answerer: Answerer, some: Sequence[Pair], split: Split) -> Iterator[Measure]:
    """The figures of one half."""
    taken = [(one, _taken(answerer, one)) for one in some]
    rows = (
        ("verified: given to questions alike", [given for one, given in taken if one.alike]),
        (
            "verified: kept from questions only close",
            [not given for one, given in taken if not one.alike],
        ),
        ("verified: of those given, rightly", [one.alike for one, given in taken if given]),
    )
    for name, of in rows:
        if of:
            yield Measure(name, split, sum(of) / len(of), len(of))


def _taken(answerer: Answerer, pair: Pair) -> bool:
    return alike(asked(pair.first, answerer), asked(pair.second, answerer))
