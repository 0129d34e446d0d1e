"""Three minutes of twenty questions a second over both webhooks, at four processes on one
PostgreSQL; `outcomes bench load` is the same for half an hour."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bot.benchmark_load import GROWTH, faults, figures, memory, shipped
from bot.rehearsal.load import Load, borne
from tests.postgres import Postgres

LOAD = Load(seconds=180, rate=20, processes=4)
SETTLED = 60.0  # seconds, the first minute
TOLD = ("sent", "answered", "lost", "doubled", "order", "p50", "p99", "CPU")


async def test_nothing_is_lost_or_doubled_and_all_is_acknowledged_at_once(
    postgres: Postgres, shipped_home: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    settings = {"OUTCOMES_HOME": str(shipped_home), "DATABASE_URL": postgres.database()}
    told = await borne(settings, LOAD, shipped(), tmp_path / "log")
    for one in figures(told, LOAD):
        if any(word in one.figure for word in TOLD):
            figure(f"{one.figure}: {one.value:.3f} {one.unit} ({one.against})")
    assert told.sent == LOAD.seconds * LOAD.rate
    assert told.again > 0, "otherwise nothing could be doubled"
    assert len(told.answered) == told.sent
    assert faults(told, LOAD) == []
    for early, end in memory(told, SETTLED):
        assert end <= early * GROWTH
