"""Figures that may not get worse: `knowledge/questions/guards.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.evaluation.asked import SPLITS, QuestionsUnusable, Split, rows
from bot.evaluation.figures import Section, Unit, shown

FILE = "guards.yaml"
_BOUNDS = ("least", "most")


@dataclass(frozen=True, slots=True)
class Guard:
    """What a figure has to be: at `least` or at `most` its `bound`, that included."""

    section: str
    measure: str
    split: Split
    side: str
    bound: float

    def keeps(self, value: float) -> bool:
        return value >= self.bound if self.side == "least" else value <= self.bound

    def told(self, unit: Unit) -> str:
        return f"at {self.side} {shown(self.bound, unit)}"


def guards() -> list[Guard]:
    """All of them; QuestionsUnusable where the file says something else."""
    return [_guard(row) for row in rows(FILE)]


def _guard(row: Mapping[str, Any]) -> Guard:
    sides = [one for one in _BOUNDS if one in row]
    known = {"section", "measure", "split"} <= row.keys() and row["split"] in SPLITS
    if not known or len(sides) != 1 or not isinstance(row[sides[0]], int | float):
        wanted = "section, measure, split (tuned or untouched), and least or most with a number"
        raise QuestionsUnusable(f"{FILE}: an entry wants {wanted}: {dict(row)}")
    (side,) = sides
    return Guard(row["section"], row["measure"], row["split"], side, float(row[side]))


def dropped(sections: Collection[Section], kept: Iterable[Guard]) -> list[str]:
    """A line for each guard of these sections that its figure does not keep, or that has none."""
    found = {(one.name, m.measure, m.split): m for one in sections for m in one.measures}
    names = {one.name for one in sections}
    lines = []
    for guard in kept:
        if guard.section not in names:
            continue
        figure = found.get((guard.section, guard.measure, guard.split))
        about = f"{guard.measure} ({guard.section}, {guard.split} half)"
        if figure is None:
            lines.append(f"{about}: not measured any more, though it is guarded")
        elif not guard.keeps(figure.value):
            wanted = guard.told(figure.unit)
            lines.append(f"{about}: {shown(figure.value, figure.unit)}, {wanted} is wanted")
    return lines
