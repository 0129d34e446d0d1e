"""What moved since a run that was saved with `outcomes eval --json`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.figures import Measure, Unit, shown

MOVED, MOVED_TIME = 0.00005, 0.25  # a figure is saved with four places; times are never the same
_TIMES = ("ms", "times")
Saved = Mapping[tuple[str, str], tuple[float, int]]


class NotComparable(Exception):
    """The file is not a saved run; the message says why, and how one is made."""


@dataclass(frozen=True, slots=True)
class Move:
    """A figure that moved; None before or after where there was none. `questions` says how many
    things more it is that the figure counts, None where it is no such count or of others."""

    measure: str
    split: str
    before: float | None
    after: float | None
    unit: Unit | None
    n: int
    questions: int | None = None
    n_before: int | None = None

    @property
    def difference(self) -> float | None:
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


def saved(file: Path) -> Saved:
    """The figures of a saved run, by measure and half."""
    cure = "Save a run first: outcomes eval --json > FILE"
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NotComparable(f"{file} cannot be read. {cure}") from error
    found: dict[tuple[str, str], tuple[float, int]] = {}
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            found[row["measure"], row["split"]] = float(row["value"]), int(row["n"])
        except (ValueError, KeyError, TypeError) as error:
            raise NotComparable(f"{file}:{number}: this is no figure. {cure}") from error
    if not found:
        raise NotComparable(f"{file} holds no figure. {cure}")
    return found


def moves(before: Saved, now: Iterable[Measure], *, whole: bool) -> list[Move]:
    """What moved, is new, or, where all was measured as a `whole`, is gone; by name."""
    figures = {(one.measure, one.split): one for one in now}
    found = [move for one in figures.values() if (move := _move(before, one))]
    gone = [] if not whole else [key for key in before if key not in figures]
    found += [Move(*key, before[key][0], None, None, before[key][1]) for key in gone]
    return sorted(found, key=lambda one: (one.measure, one.split))


def _move(before: Saved, now: Measure) -> Move | None:
    key = (now.measure, now.split)
    if key not in before:
        return Move(*key, None, now.value, now.unit, now.n)
    value, n = before[key]
    least = MOVED_TIME * value if now.unit in _TIMES else MOVED
    if abs(now.value - value) <= least:
        return None
    counted = now.unit == "share" and n == now.n
    questions = round((now.value - value) * n) if counted else None
    return Move(*key, value, now.value, now.unit, now.n, questions, n)


def as_lines(found: Iterable[Move], *, json_lines: bool) -> Iterator[str]:
    """A line for each; without one, a line that says so to people."""
    none = True
    for one in found:
        none = False
        yield _as_json(one) if json_lines else _as_text(one)
    if none and not json_lines:
        yield "Nothing moved."


def _as_json(one: Move) -> str:
    rounded = {
        name: None if value is None else round(value, 4)
        for name, value in (
            ("before", one.before),
            ("after", one.after),
            ("difference", one.difference),
        )
    }
    told = {"measure": one.measure, "split": one.split, **rounded}
    return json.dumps({**told, "questions": one.questions, "n": one.n})


def _as_text(one: Move) -> str:
    about = f"{one.measure} ({one.split})"
    if one.unit is None or one.after is None:
        return f"{about}: gone, was {one.before:g} of {one.n}"
    after = shown(one.after, one.unit)
    if one.before is None or one.difference is None:
        return f"{about}: new, {after} of {one.n}"
    points = f"{100 * one.difference:+.1f} points"
    by = points if one.unit == "share" else f"{one.difference:+.3g}"
    return f"{about}: {shown(one.before, one.unit)} -> {after}, {by}{_of(one)}"


def _of(one: Move) -> str:
    if one.questions is not None:
        return f", {one.questions:+d} of {one.n}"
    if one.n_before not in (None, one.n):
        return f", of {one.n_before} before, {one.n} now"
    return ""
