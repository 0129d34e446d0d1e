"""Digests posted by four processes on one database, each killed again and again."""

from __future__ import annotations

from collections.abc import Callable

from bot.rehearsal.digests import Ordeal, Tally, endured


async def test_none_is_missing_and_none_is_doubled(
    database_url: str, figure: Callable[[str], None]
) -> None:
    ordeal = Ordeal(digests=400, processes=4)
    tally = await endured(database_url, ordeal)
    figure(_told(database_url, ordeal, tally))
    assert (tally.missing, tally.doubled, tally.unsent) == (0, 0, 0)
    assert tally.killed >= 30
    assert tally.looked > 0


async def test_without_looking_they_are_found_doubled(
    database_url: str, figure: Callable[[str], None]
) -> None:
    """So that the figure above is known to be able to be another."""
    ordeal = Ordeal(digests=60, dies=0.15, faulty=False, looks=False)
    tally = await endured(database_url, ordeal)
    figure(f"control, nobody looks what was posted: {_told(database_url, ordeal, tally)}")
    assert tally.missing == 0
    assert tally.doubled > 0


def _told(database: str, ordeal: Ordeal, tally: Tally) -> str:
    where = database.partition(":")[0].partition("+")[0]
    return (
        f"{where}: {tally.digests} digests, {ordeal.processes} processes, {tally.killed} killed: "
        f"{tally.missing} missing, {tally.doubled} doubled; Slack was asked {tally.looked} times "
        f"what it has; {tally.seconds:.0f} s"
    )
