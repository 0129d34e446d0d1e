"""Whether a language model's unsupported sentences are kept from officers: a played one, tried."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from bot.evaluation.figures import Measure
from indexer.search import Index

ATTEMPTS, SEED = 500, 7

_log = logging.getLogger(__name__)


def model(index: Index) -> list[Measure]:
    """The figures; none where the library that speaks to language models is not installed."""
    try:
        from bot.rehearsal.attempts import attempts
    except ModuleNotFoundError as error:
        _log.warning("The language model is not tried, %s is missing: make setup", error.name)
        return []
    with _unsaid("bot.writing"):  # each failure that is played is one that serving would log
        tried = asyncio.run(attempts(index, ATTEMPTS, SEED))
    out, count = len(tried.unsupported), tried.attempts
    kept = (tried.delivered - out) / max(tried.supported, 1)
    return [
        Measure("unsupported sentences delivered", "untouched", out, count, "count"),
        Measure("unsupported sentences that it made", "untouched", tried.made_up, count, "count"),
        Measure("supported sentences delivered", "untouched", kept, tried.supported),
        Measure("answers that it worded", "untouched", tried.worded / count, count),
    ]


@contextmanager
def _unsaid(name: str) -> Iterator[None]:
    """Nothing that a package logs is shown meanwhile."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
