"""Whether consent holds: what is left of an officer after deletion, and random sequences."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from pathlib import Path

from bot.current import CurrentAnswerer
from bot.evaluation.asked import QuestionsUnusable
from bot.evaluation.figures import Measure
from indexer.progress import bar

SEQUENCES = 10_000

_log = logging.getLogger(__name__)


def erased(answerer: CurrentAnswerer, index: Path) -> list[Measure]:
    """How often an officer's own words are found in database, index and log, before they are
    erased and after."""
    from bot.rehearsal.erasure import CANARIES, traces

    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(traces(answerer, index, Path(folder)))
    name, count = "an officer's own strings found", len(CANARIES)
    return [
        Measure(f"{name} before deletion", "untouched", found.before, count, "count"),
        Measure(f"{name} after deletion", "untouched", found.after, count, "count"),
    ]


def played() -> list[Measure]:
    """Random sequences of what officers do with peers, held against consent."""
    try:
        from bot.rehearsal.sequences import AT_ONCE, together
        from bot.rehearsal.sequences import played as played_by_parts
    except ModuleNotFoundError as error:
        raise QuestionsUnusable(f"{error.name} is missing: run make setup") from error
    parts = []
    with bar("Playing", SEQUENCES) as advance:
        for part in played_by_parts(SEQUENCES):
            parts.append(part)
            advance(AT_ONCE)
            if part.fault:
                _log.error("Consent does not hold: %s", part.fault)
    tally, faults = together(parts), sum(bool(part.fault) for part in parts)
    count = tally.sequences
    rows = (
        ("random sequences in which consent does not hold", faults),
        ("introductions made in them", tally.introduced),
        ("officers shown in them", tally.shown),
    )
    return [Measure(name, "untouched", value, count, "count") for name, value in rows]
