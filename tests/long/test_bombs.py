"""Every bomb within the limits that are served: each refused or read inside 35 seconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

from bot.rehearsal.bombs import bombs
from bot.rehearsal.hostile import HARMLESS
from indexer.parsing import Sandbox
from tests.test_bombs import refusal, told

MEGABYTES = 250  # more than any document may unpack to
INSIDE = 35.0  # seconds
GROWN = 120  # megabytes; a bomb itself is up to 10, and what made it up to 250 that are given back


def test_no_bomb_takes_longer_or_more_than_it_may(figure: Callable[[str], None]) -> None:
    slowest, refused, read = (0.0, ""), 0, 0
    with Sandbox() as sandbox:
        assert HARMLESS in told(sandbox.read(HARMLESS.encode(), "before.txt"))
        for bomb in bombs():
            content = bomb.make(MEGABYTES)
            held = psutil.Process().memory_info().rss
            began = time.monotonic()
            reason = refusal(sandbox, bomb, content)
            seconds = time.monotonic() - began
            grown = (psutil.Process().memory_info().rss - held) / 1_000_000
            assert seconds < INSIDE, bomb.name
            assert reason or not bomb.refused, bomb.name
            assert grown < GROWN, bomb.name
            slowest = max(slowest, (seconds, bomb.name))
            refused, read = refused + bool(reason), read + (not reason)
            assert HARMLESS in told(sandbox.read(HARMLESS.encode(), "after.txt")), bomb.name
    figure(f"{refused} bombs refused, {read} read, slowest {slowest[0]:.1f} s ({slowest[1]})")
