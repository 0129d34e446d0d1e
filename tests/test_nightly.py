"""Once a night what projects teach is learned, in another process; its failure is not the end."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.nightly import every_night, seconds_until
from bot.store import StoreUnusable
from tests.clock import Clock


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 3, 2, 0, 0, tzinfo=UTC), 2.5),
        (datetime(2026, 3, 2, 2, 29, 59, tzinfo=UTC), 1 / 3600),
        (datetime(2026, 3, 2, 2, 30, tzinfo=UTC), 24),
        (datetime(2026, 3, 2, 23, 0, tzinfo=UTC), 3.5),
    ],
)
def test_it_is_due_once_a_day(now: datetime, hours: float) -> None:
    assert seconds_until(now, 1800) == pytest.approx(hours * 3600)


async def nothing() -> int:
    return 0


async def nights(
    command: list[str], count: int, erase: Callable[[], Awaitable[int]] = nothing
) -> None:
    """So many nights; each begins when the one before is over."""
    clock, left = Clock(), count

    async def sleep(seconds: float) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise asyncio.CancelledError
        clock.now += timedelta(seconds=seconds)

    with pytest.raises(asyncio.CancelledError):
        await every_night(clock, erase, sleep, command)


async def test_what_was_learned_is_logged_without_naming_a_community(
    caplog: pytest.LogCaptureFixture,
) -> None:
    lines = '{"community":"leeds","result":"taken"}\n{"community":"york","result":"refused"}\n'
    with caplog.at_level(logging.INFO, "bot.nightly"):
        await nights([sys.executable, "-c", f"print({lines!r})"], 1)
    (record,) = caplog.records
    assert record.getMessage() == (
        "Learned from confirmed projects, by community: 1 refused, 1 taken"
    )
    assert record.levelno == logging.WARNING


async def test_a_failure_is_logged_and_the_next_night_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    fails = [sys.executable, "-c", "import sys; sys.exit('outcomes: there is no index')"]
    await nights(fails, 2)
    told = [record.getMessage() for record in caplog.records]
    assert told == ["Nothing was learned tonight: outcomes: there is no index"] * 2
    caplog.clear()
    await nights(["/no/such/program"], 1)
    await nights([sys.executable, "-c", "print('not JSON')"], 1)
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == [
        "FileNotFoundError",
        "JSONDecodeError",
    ]


async def test_what_is_past_its_time_goes_at_the_start_and_each_night_even_after_trouble(
    caplog: pytest.LogCaptureFixture,
) -> None:
    results: list[int | Exception] = [2, StoreUnusable("away"), 3]

    async def erase() -> int:
        result = results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    with caplog.at_level(logging.INFO, "bot.nightly"):
        await nights([sys.executable, "-c", "pass"], 2, erase)
    told = [one.getMessage() for one in caplog.records if "rased" in one.getMessage()]
    assert told == [
        "Erased 2 rows past their time",
        "What is past its time could not be erased tonight: StoreUnusable",
        "Erased 3 rows past their time",
    ]


async def test_stopping_ends_the_learning() -> None:
    async def soon(_: float) -> None:
        await asyncio.sleep(0)

    sleeps = [sys.executable, "-c", "import time; time.sleep(60)"]
    task = asyncio.create_task(every_night(Clock(), nothing, soon, sleeps))
    await asyncio.sleep(0.3)
    task.cancel()
    async with asyncio.timeout(10):
        await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()
