"""What `/metrics` tells. No label names a community, a person or a place."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from bot.conversation import Handle, Origin, Reply, Request
from bot.store import StoreUnusable
from bot.store.figures import Figures, Waiting

LOOKED_IN = (
    1.0  # seconds that the database has; a scrape is answered without it where it takes more
)
# Why a request over HTTP was refused, by the status that said so.
REFUSED = {
    400: "unreadable",
    401: "unsigned",
    403: "forbidden",
    404: "unknown",
    405: "unknown",
    413: "too long",
    415: "unreadable",
    429: "too many",
    503: "not now",
}

_log = logging.getLogger(__name__)


class Counters:
    """How many answers of each status, and how long they took; what was refused; what waits."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._replies = self._counter("outcomes_replies", "Replies by status", "status")
        self._seconds = Histogram(
            "outcomes_reply_seconds", "Seconds from request to reply", registry=self.registry
        )
        self._worded = self._counter(
            "outcomes_worded", "What a language model made of answers", "result"
        )
        self._texts = self._counter(
            "outcomes_own_texts",
            "What became of communities' own texts when their sources were looked at",
            "result",
        )
        self._refused = self._counter(
            "outcomes_refused", "Requests over HTTP that were refused", "reason"
        )

    def _counter(self, name: str, about: str, label: str) -> Counter:
        return Counter(name, about, [label], registry=self.registry)

    def brought(self, result: str, number: int) -> None:
        """So many of communities' own texts were read, unchanged, gone and so on."""
        self._texts.labels(result).inc(number)

    def worded(self, result: str) -> None:
        """A language model was to word an answer, with this result."""
        self._worded.labels(result).inc()

    def refused(self, status: int) -> None:
        """A request over HTTP was answered with this status."""
        if status >= 400:
            self._refused.labels(REFUSED.get(status, "failed" if status >= 500 else "other")).inc()

    def counted(self, handle: Handle) -> Handle:
        """The same handle, counting, with a line in the log for each that was answered."""

        async def counting(request: Request) -> Reply:
            began, status = time.perf_counter(), "failed"
            try:
                reply = await handle(request)
                status = reply.status
                return reply
            finally:
                seconds = time.perf_counter() - began
                self._seconds.observe(seconds)
                self._replies.labels(status).inc()
                _told(request, status, seconds)

        return counting


def _told(request: Request, status: str, seconds: float) -> None:
    """By the kinds that the program has, never by what an officer wrote."""
    kind, milliseconds = type(request).__name__.lower(), round(1000 * seconds)
    platform = _platform(request.origin)
    _log.info(
        "Answered on %s, %s: %s in %d ms",
        *(platform, kind, status, milliseconds),
        extra={
            "platform": platform,
            "kind": kind,
            "status": status,
            "milliseconds": milliseconds,
        },
    )


def _platform(origin: Origin) -> str:
    return origin.platform or "page"


class Standing:
    """What there is at the moment of a scrape: a collector of prometheus_client's."""

    def __init__(self, figures: Figures, generation: Callable[[], tuple[str, int]]) -> None:
        self._figures, self._generation = figures, generation
        self._waiting: Waiting | None = None
        self._looking: asyncio.Task[Waiting] | None = None

    async def look(self) -> None:
        """Look into the database, once and not for long: where it does not answer, a scrape tells
        nothing of what waits, and the look goes on. The next is begun only when it has ended."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._figures.waiting())
        done, _ = await asyncio.wait({self._looking}, timeout=LOOKED_IN)
        try:
            self._waiting = self._looking.result() if done else None
        except StoreUnusable as error:
            _log.debug("What waits could not be counted: %s", error)
            self._waiting = None

    def collect(self) -> Iterable[Metric]:
        """What prometheus_client asks of a collector."""
        yield _gauge(
            "outcomes_database_up",
            "1 where the database answered this scrape within a second",
            self._waiting is not None,
        )
        faults = CounterMetricFamily(
            "outcomes_database_errors", "Times that the database could not be read or written"
        )
        faults.add_metric([], self._figures.faults)
        yield faults
        name, passages = self._generation()
        index = GaugeMetricFamily(
            "outcomes_index_passages", "Passages of the index that answers", labels=["generation"]
        )
        index.add_metric([name], passages)
        yield index
        if self._waiting is not None:
            yield from _of(self._waiting)


def _of(waiting: Waiting) -> Iterable[Metric]:
    yield _gauge("outcomes_inbox_waiting", "Requests accepted, not yet done", waiting.questions)
    yield _gauge("outcomes_inbox_oldest_seconds", "Age of the oldest of them", waiting.question_age)
    yield _gauge("outcomes_letters_waiting", "Letters to officers not yet sent", waiting.letters)
    yield _gauge("outcomes_letters_tried", "Those that were tried already", waiting.letters_tried)
    yield _gauge("outcomes_letters_oldest_seconds", "Age of the oldest", waiting.letter_age)
    digests = GaugeMetricFamily(
        "outcomes_digests", "Digests of the last eight days by state", labels=["state"]
    )
    for state, number in sorted(waiting.digests.items()):
        digests.add_metric([state], number)
    yield digests


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=float(value))


def scraped(counters: Counters, standing: Standing) -> Handler:
    """`GET /metrics`."""
    counters.registry.register(standing)

    async def metrics(_: web.Request) -> web.Response:
        await standing.look()
        return web.Response(body=generate_latest(counters.registry), content_type="text/plain")

    return metrics
