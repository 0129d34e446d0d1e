"""A thousand digests due in the same minute, posted by `outcomes serve` while officers ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bot.current import CurrentAnswerer
from bot.evaluation import questions
from bot.rehearsal.crowd import credentials
from bot.rehearsal.digest_load import DIGESTS, OUT_WITHIN, Load, loaded
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_rooms import Rooms
from bot.rehearsal.teams import TeamsPeer
from bot.store import Store
from tests.running import Outcomes


async def test_all_are_out_in_time_and_questions_are_answered_as_usual(
    outcomes: Outcomes, current: CurrentAnswerer, figure: Callable[[str], None]
) -> None:
    load = await _served(outcomes, current)
    usual, during = _p95(load.usual), _p95(load.during)
    figure(
        f"{DIGESTS} digests due at once: {load.out} out, {load.doubled} doubled, in "
        f"{load.seconds:.0f} s (at most {OUT_WITHIN:.0f})"
    )
    figure(
        f"answers to questions, p95: {usual * 1000:.0f} ms as usual ({len(load.usual)} asked), "
        f"{during * 1000:.0f} ms while digests go out ({len(load.during)} asked): "
        f"{during / usual:.2f} times (at most 2)"
    )
    assert (load.out, load.doubled) == (DIGESTS, 0)
    assert load.seconds <= OUT_WITHIN
    assert during <= 2 * usual


async def _served(outcomes: Outcomes, current: CurrentAnswerer) -> Load:
    texts = [one.text for one in questions("tuned") if one.clear and not one.thread]
    async with SlackPeer(rooms=Rooms(limited=True)) as slack, TeamsPeer() as teams:
        settings = {**outcomes.settings, **credentials(slack, teams)}
        process = replace(outcomes, settings=settings).start("serve")
        assert process.stdout
        assert process.stderr
        logged = asyncio.create_task(asyncio.to_thread(process.stderr.read))
        try:
            said = [await asyncio.to_thread(process.stdout.readline) for _ in range(3)]
            slack.events = f"{said[0].split()[5].rstrip('/')}/slack/events"
            store = await Store.open(outcomes.settings["DATABASE_URL"])
            try:
                return await loaded(slack, store, current(), texts)
            finally:
                await store.close()
        finally:
            process.terminate()
            print(await logged)  # noqa: T201 - shown where it fails
            await asyncio.to_thread(process.communicate)


def _p95(seconds: list[float]) -> float:
    return float(np.quantile(seconds, 0.95))
