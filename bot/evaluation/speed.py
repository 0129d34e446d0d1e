"""How long answers take while they are asked for, beside the bare encoding of their questions."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import numpy as np

from bot.app import App
from bot.conversation import Asked, Reply, Request
from bot.evaluation.asked import Split
from bot.evaluation.figures import Measure

_EACH = 4  # of so many questions one is encoded by itself too


class Stopwatch:
    """Asks the app, and times it."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._answers: list[float] = []
        self._encoded: list[float] = []

    async def handle(self, request: Request) -> Reply:
        """The reply. What is written behind it is waited for, untimed, so that it slows neither
        the next answer nor the encoding it is held against."""
        began = time.perf_counter()
        reply = await self._app.assistant.handle(request)
        self._answers.append(_since(began))
        await self._app.assistant.finish()
        if isinstance(request, Asked) and len(self._answers) % _EACH == 0:
            began = time.perf_counter()
            self._app.answerer.index.encode([request.text])
            self._encoded.append(_since(began))
        return reply

    def measures(self, split: Split) -> Iterator[Measure]:
        """The figures of one half; none where too little was asked."""
        if not self._encoded:
            return
        answer, bare = statistics.median(self._answers), statistics.median(self._encoded)
        slow, count = float(np.quantile(self._answers, 0.95)), len(self._answers)
        yield Measure("an answer, median (ms)", split, answer, count, "ms")
        yield Measure("an answer, 95th percentile (ms)", split, slow, count, "ms")
        yield Measure("bare encoding, median (ms)", split, bare, len(self._encoded), "ms")
        ratio = "an answer against bare encoding, medians (times)"
        yield Measure(ratio, split, answer / bare, count, "times")


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
