"""outcomes bench load: hours of questions at several processes on one PostgreSQL."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path

import numpy as np

from bot.benchmark import CannotMeasure, Figure
from bot.evaluation import questions
from bot.rehearsal.crowd import Stumbled
from bot.rehearsal.load import Borne, Load, borne
from bot.rehearsal.load_database import empty_database
from bot.rehearsal.load_talks import Talk, talks
from bot.settings import Settings

TALKS = 60
SETTLED = 300.0  # seconds after which memory is to be flat; a third of what is shorter
GROWTH = 1.05  # of it, at most, from then on
ACKNOWLEDGED = 1.0  # seconds, 99 of 100 requests


def measured(settings: Settings, load: Load) -> Borne:
    """The load borne with the index and model that are set. Raises CannotMeasure."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        try:
            with empty_database(settings.database_url, folder / "database") as database:
                chosen = {
                    "OUTCOMES_HOME": str(settings.home.absolute()),
                    "OUTCOMES_MODEL": settings.model,
                    "DATABASE_URL": database.address,
                }
                held, log = shipped(), folder / "log"
                return asyncio.run(borne(chosen, load, held, log, database.server))
        except Stumbled as error:
            raise CannotMeasure(str(error)) from error


def shipped() -> list[Talk]:
    """Talks of the shipped questions."""
    told = questions("tuned")
    threads = groupby((one for one in told if one.thread), key=lambda one: one.thread)
    dialogues = [[one.text for one in lines] for _, lines in threads]
    return talks(dialogues, [one.text for one in told if one.clear and not one.thread], TALKS)


def figures(told: Borne, load: Load) -> Iterator[Figure]:
    """Each with its bound."""
    there = f"{load.seconds / 60:g} minutes, {load.rate:g} a second, {load.processes} processes"
    yield Figure("questions sent", told.sent, "", there)
    yield Figure("of them sent twice", told.again, "", "to another process")
    yield Figure("requests refused", told.refused, "", "none")
    yield Figure("questions answered", len(told.answered), "", f"all {told.sent}")
    yield Figure("answers lost", told.lost, "", "none")
    yield Figure("answers doubled", told.doubled, "", "none")
    wrong = "threads with an answer out of order or of another context"
    yield Figure(wrong, len(told.turned), "", f"none of {told.threads}")
    yield from _times("request acknowledged", told.acknowledged, f"at most {ACKNOWLEDGED:g}")
    yield from _times("question answered", told.answered, there)
    yield Figure("driver behind its schedule, at most", told.late, "s", "0 where it is fast enough")
    settled = min(SETTLED, load.seconds / 3)
    for number, (early, end) in enumerate(memory(told, settled), 1):
        name = f"memory of process {number}"
        yield Figure(f"{name}, settled", early, "MB", f"after {settled / 60:g} minutes")
        yield Figure(f"{name}, at the end", end, "MB", f"at most {early * GROWTH:.1f}")
    for name, seconds in told.cpu.items():
        yield Figure(f"CPU of the {name} a question", 1000 * seconds / max(told.sent, 1), "ms", "")


def memory(told: Borne, settled: float) -> list[tuple[float, float]]:
    """Megabytes of each process: once settled, and at the end."""
    early = next((one for one in told.used if one.seconds >= settled), told.used[-1])
    return list(zip(early.megabytes, told.used[-1].megabytes, strict=True))


def faults(told: Borne, load: Load) -> list[str]:
    """What is not as it must be."""
    held = memory(told, min(SETTLED, load.seconds / 3))
    grown = [end / early for early, end in held if end > early * GROWTH]
    wrong = {
        f"{told.refused} requests were refused": told.refused,
        f"{told.lost} answers are lost": told.lost,
        f"{told.doubled} answers came twice": told.doubled,
        f"{len(told.turned)} threads are out of order, {told.turned[:1]}": bool(told.turned),
        "requests were acknowledged too late": _quantile(told.acknowledged, 0.99) > ACKNOWLEDGED,
        f"memory grew to {max(grown, default=0):.2f} times": bool(grown),
    }
    return [said for said, is_so in wrong.items() if is_so]


def _line(one: Figure, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(asdict(replace(one, value=round(one.value, 3))))
    return f"{one.value:10.3f} {one.unit:3} {one.figure}" + f"  [{one.against}]" * bool(one.against)


def _times(name: str, seconds: Sequence[float], against: str) -> Iterator[Figure]:
    yield Figure(f"{name}, p50", _quantile(seconds, 0.5), "s", "")
    yield Figure(f"{name}, p99", _quantile(seconds, 0.99), "s", against)


def _quantile(seconds: Sequence[float], share: float) -> float:
    return float(np.quantile(seconds, share)) if seconds else 0.0


def run(given: argparse.Namespace, settings: Settings, say: Callable[[str], None]) -> int:
    """Print the figures; 1 where one of them is not as it must be."""
    load = Load(given.minutes * 60, given.rate, given.processes)
    told = measured(settings, load)
    for one in figures(told, load):
        say(_line(one, as_json=given.json))
    if wrong := faults(told, load):
        raise CannotMeasure("; ".join(wrong))
    return 0
