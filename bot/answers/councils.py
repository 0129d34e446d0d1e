"""The councils of the UK: what sort each is, where it lies, how many people it serves."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Literal

Size = Literal["", "small", "large"]


@dataclass(frozen=True, slots=True)
class Council:
    """What is known of a council; an unknown one has a name and no more. `people` is the
    population in mid-2020, 0 where it is not known. One is `small` or `large` in the lowest or
    highest third of its kind. `shorts` are names that officers use; `past` where it is no more."""

    name: str
    kind: str = ""
    region: str = ""
    nation: str = ""
    people: int = 0
    size: Size = ""
    shorts: tuple[str, ...] = ()
    past: bool = False


def councils() -> tuple[Council, ...]:
    """All of them, past ones too."""
    file = resources.files("knowledge").joinpath("councils.csv")
    read = [_council(row) for row in csv.DictReader(file.read_text("utf-8").splitlines())]
    bounds = {kind: _thirds(read, kind) for kind in {one.kind for one in read}}
    return tuple(replace(one, size=_size(one.people, *bounds[one.kind])) for one in read)


def _council(row: Mapping[str, str]) -> Council:
    return Council(
        row["name"],
        row["kind"],
        row["region"],
        row["nation"],
        int(row["people"] or 0),
        shorts=tuple(row["short"].split("|")),
        past=bool(row["until"]),
    )


def _thirds(every: Sequence[Council], kind: str) -> tuple[int, int]:
    """Up to how many people a council of a kind is small, and from how many it is large."""
    people = sorted(one.people for one in every if one.kind == kind and not one.past and one.people)
    third = len(people) // 3
    return (people[third - 1], people[-third]) if third else (0, 0)


def _size(people: int, most_small: int, least_large: int) -> Size:
    if not people or not most_small:
        return ""
    return "small" if people <= most_small else "large" if people >= least_large else ""
