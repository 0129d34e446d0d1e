"""An officer who used everything leaves no trace after deletion, in any file or log."""

from __future__ import annotations

from pathlib import Path

from bot.current import CurrentAnswerer
from bot.rehearsal.erasure import traces
from indexer.generation import index_folder


async def test_nothing_of_an_officer_is_left(
    current: CurrentAnswerer, shipped_home: Path, tmp_path: Path
) -> None:
    found = await traces(current, index_folder(shipped_home), tmp_path)
    assert found.before > 100, "they did leave traces"
    assert found.after == 0
