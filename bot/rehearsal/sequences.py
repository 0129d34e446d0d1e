"""Thousands of random sequences of what officers do with peers, on every core."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, fields

from bot.rehearsal.consent import Tally, play

AT_ONCE = 250  # sequences that one process plays in a go


@dataclass(frozen=True, slots=True)
class Part:
    """What one go came to; `fault` is what was found wrong in it, or ""."""

    tally: Tally
    fault: str


def played(sequences: int) -> Iterator[Part]:
    """Each part as it is done, in whichever order; the same sequences each time."""
    parts = range((sequences + AT_ONCE - 1) // AT_ONCE)
    spawned = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=spawned) as pool:
        for done in as_completed([pool.submit(_part, number) for number in parts]):
            yield done.result()


def together(parts: list[Part]) -> Tally:
    """All of them as one."""
    sums = {one.name: sum(getattr(part.tally, one.name) for part in parts) for one in fields(Tally)}
    return Tally(**sums)


def _part(number: int) -> Part:
    try:
        return Part(play(AT_ONCE, number), "")
    except AssertionError as error:
        return Part(Tally(), f"part {number}: {error}")
