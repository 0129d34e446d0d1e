"""The files of the model and the index, damaged under a bot that serves: it goes on, from what
it holds or with an apology, says what is wrong, and answers again once they are built anew; the
next process says what is wrong too."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.rehearsal.slack_payloads import mention
from indexer.generation import current_id, index_folder
from tests.long.test_faults_database import PATIENCE, Asked, asked
from tests.running import Outcomes

_DAMAGED_FOR = 6.0  # seconds
_TAKEN_UP = 3.0


def _damaged(folder: Path) -> int:
    """Every file of a generation overwritten where it lies; how many."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    for file in files:
        with file.open("r+b") as stream:
            stream.write(b"damaged " * (file.stat().st_size // 8 + 1))
    return len(files)


async def _asked_again(bot: Asked) -> str:
    """What is answered to one more question, the newest index taken up."""
    await asyncio.sleep(_TAKEN_UP)
    before = len(bot.slack.shown)
    told = await bot.slack.event(mention("How much did Swindon save on translation?"))
    assert told.status == 200
    await bot.slack.until(lambda: len(bot.slack.shown) > before, PATIENCE)
    return str(bot.slack.shown[-1]["text"])


async def test_damaged_files_stop_no_answer_and_are_told_of(
    outcomes: Outcomes, shipped_home: Path, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    home = tmp_path / "home"
    shutil.copytree(index_folder(shipped_home), index_folder(home))
    current = index_folder(home) / (current_id(home) or "")
    ours = replace(outcomes, settings={**outcomes.settings, "OUTCOMES_HOME": str(home)})
    damaged = 0

    async def damage() -> None:
        nonlocal damaged
        damaged = _damaged(current)
        await asyncio.sleep(_DAMAGED_FOR)

    async with asked(ours) as bot:
        number, lost, doubled = await bot.through(damage)
        assert bot.target.alive
        built = await asyncio.to_thread(ours.run, "index", "--force")
        assert built.code == 0, built.err
        assert "£27" in await _asked_again(bot), "by the same process, without a restart"
        log = "".join(bot.target.log)
        shown = [one["text"] for one in bot.slack.shown]
    figure(f"{damaged} files damaged under it: {number} questions, {lost} lost, {doubled} doubled")
    assert damaged > 10
    assert (lost, doubled) == (0, 0)
    assert all("£27" in one or "Reference" in one for one in shown), "right, or an apology"
    references = [found for one in shown for found in re.findall(r"Reference: (\w+)", one)]
    assert all(f"reference {one}" in log for one in references)
    assert log.count("were changed while they are in use: no text can be read with them. Run:") == 1

    for folder in index_folder(home).iterdir():
        if folder.is_dir():
            _damaged(folder)
    next_one = ours.run("ask", "What is channel shift?")
    assert next_one.code != 0
    (line,) = next_one.err.strip().splitlines()
    assert "damaged" in line
    assert "outcomes index" in line
