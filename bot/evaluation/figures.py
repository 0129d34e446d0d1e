"""Figures, as lines for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from bot.evaluation.asked import Split

Unit = Literal["share", "mean", "count", "characters", "ms", "times"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure over one half. Its `value` is the share of `n` things, from 0 to 1, unless its
    `unit` says otherwise: a mean of values from 0 to 1, a count, a length, a time in
    milliseconds, or how many times as long as something else."""

    measure: str
    split: Split
    value: float
    n: int
    unit: Unit = "share"


@dataclass(frozen=True, slots=True)
class Section:
    """Figures of one subject. `splits` says whether the halves mean anything to it."""

    name: str
    measures: tuple[Measure, ...]
    splits: bool = True


def shown(value: float, unit: Unit) -> str:
    """A figure as people read it."""
    match unit:
        case "share":
            return f"{value:.1%}"
        case "mean":
            return f"{value:.3f}"
        case "count" | "characters":
            return f"{value:.0f}"
        case "ms":
            return f"{value:.1f} ms"
        case "times":
            return f"{value:.2f} times"


def counted(one: Measure) -> str:
    """A figure with what it is of: a part of `n` things, or measured on as many."""
    part = one.unit in ("share", "mean")
    return f"{shown(one.value, one.unit)}{' of' if part else ', n ='} {one.n:,}"


def as_json(one: Measure) -> str:
    """A figure as a line of JSON."""
    return json.dumps(
        {"measure": one.measure, "split": one.split, "value": round(one.value, 4), "n": one.n}
    )


def as_table(section: Section) -> Iterator[str]:
    """Figures as the lines of a table."""
    for split, found in groupby(section.measures, key=lambda one: one.split):
        yield f"{section.name}, {split} half" if section.splits else section.name
        for one in found:
            yield f"  {counted(one):<22}{one.measure}"
