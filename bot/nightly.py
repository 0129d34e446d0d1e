"""Once a night: what is past its time erased, and what confirmed projects teach about tags learned.

Learning is done in a process of its own: what serves never loads what learns, and a night's
learning must not slow an answer.
"""

from __future__ import annotations

import asyncio
import json
import logging
import random
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.kindly import run_kindly

AT = timedelta(hours=2)  # after midnight, in UTC
SPREAD = 3600.0  # seconds; of two processes on one database the second finds it done
FIT = (sys.executable, "-m", "bot", "tag", "fit", "--json")

_log = logging.getLogger(__name__)


def seconds_until(now: datetime, spread: float) -> float:
    """To the next time it is due, `spread` seconds after the hour."""
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    due = midnight + AT + timedelta(seconds=spread)
    return ((due if due > now else due + timedelta(days=1)) - now).total_seconds()


async def every_night(
    clock: Callable[[], datetime],
    erase: Callable[[], Awaitable[int]],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    command: Sequence[str] = FIT,
) -> None:
    """Erase now, then erase and learn each night, until cancelled; what goes wrong is logged and
    tried the next night."""
    spread = random.uniform(0, SPREAD)
    await _erased(erase)
    while True:
        await sleep(seconds_until(clock(), spread))
        await _erased(erase)
        try:
            await _learned(command)
        except Exception as error:  # whatever it is, the next night may fare better
            _log.error("Nothing was learned tonight: %s", type(error).__name__)


async def _erased(erase: Callable[[], Awaitable[int]]) -> None:
    try:
        if rows := await erase():
            _log.info("Erased %d rows past their time", rows)
    except Exception as error:  # whatever it is, the next night may fare better
        _log.error("What is past its time could not be erased tonight: %s", type(error).__name__)


async def _learned(command: Sequence[str]) -> None:
    ended = await run_kindly(command)
    if ended.fault:
        _log.error("Nothing was learned tonight: %s", ended.fault)
        return
    results = Counter(json.loads(line)["result"] for line in ended.out.splitlines() if line.strip())
    told = ", ".join(f"{count} {result}" for result, count in sorted(results.items()))
    level = logging.WARNING if results["refused"] else logging.INFO
    _log.log(level, "Learned from confirmed projects, by community: %s", told)
