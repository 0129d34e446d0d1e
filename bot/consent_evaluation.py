"""Whether consent holds: what is left of an officer after deletion, and random sequences."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.assistant import CurrentAnswerer
from bot.evaluation import Measure, QuestionsUnusable, as_json, as_table
from bot.settings import Settings
from indexer.generation import index_folder
from indexer.progress import bar

SEQUENCES = 10_000

_log = logging.getLogger(__name__)


def report(settings: Settings, *, as_lines: bool) -> Iterator[str]:
    """The figures as lines. They have no halves: nothing is tuned on either."""
    found = [*_erased(settings), *_played()]
    if as_lines:
        yield from map(as_json, found)
    else:
        yield from list(as_table(found, "untouched"))[1:]


def _erased(settings: Settings) -> Iterator[Measure]:
    from bot.rehearsal.erasure import CANARIES, traces

    with tempfile.TemporaryDirectory() as folder:
        answerer = CurrentAnswerer(settings.home, settings.model)
        found = asyncio.run(traces(answerer, index_folder(settings.home), Path(folder)))
    count = len(CANARIES)
    yield Measure(
        "an officer's own strings found before deletion", "untouched", found.before, count
    )
    yield Measure("an officer's own strings found after deletion", "untouched", found.after, count)


def _played() -> Iterator[Measure]:
    try:
        from bot.rehearsal.sequences import AT_ONCE, played, together
    except ModuleNotFoundError as error:
        raise QuestionsUnusable(f"{error.name} is missing: run make setup") from error
    parts = []
    with bar("Playing", SEQUENCES) as advance:
        for part in played(SEQUENCES):
            parts.append(part)
            advance(AT_ONCE)
            if part.fault:
                _log.error("Consent does not hold: %s", part.fault)
    tally, faults = together(parts), sum(bool(part.fault) for part in parts)
    count = tally.sequences
    yield Measure("random sequences in which consent does not hold", "untouched", faults, count)
    yield Measure("introductions made in them", "untouched", tally.introduced, count)
    yield Measure("officers shown in them", "untouched", tally.shown, count)
