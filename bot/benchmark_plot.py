"""The table and the plot of how questions grow, for docs/performance.md."""

from __future__ import annotations

import math
import os
import platform
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import escape

PAGE, PLOT = "performance.md", "growth.svg"
_MARKED = re.compile(r"(<!-- growth -->\n).*?(<!-- /growth -->)", re.DOTALL)
_WIDE, _HIGH = 640, 380
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 500, 50, 320
_COLOURS = ("#1d4ed8", "#b45309")
_NAMES = {"faiss": "FAISS", "postgresql": "PostgreSQL"}


class PageUnusable(Exception):
    """The page cannot be renewed; the message says why."""


class Row(Protocol):
    """What of one size on one engine is shown: milliseconds, megabytes, seconds."""

    @property
    def engine(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def p50(self) -> float: ...
    @property
    def p95(self) -> float: ...
    @property
    def search_p50(self) -> float: ...
    @property
    def recall(self) -> float: ...
    @property
    def megabytes(self) -> float: ...
    @property
    def disk(self) -> float: ...
    @property
    def build(self) -> float: ...
    @property
    def day(self) -> str: ...


def write(rows: Sequence[Row], docs: Path) -> None:
    """Renews the table between the page's marks, and the plot beside it."""
    page = docs / PAGE
    try:
        text = page.read_text("utf-8")
    except OSError as error:
        raise PageUnusable(
            f"{page} cannot be read ({error.strerror}). Run it where the project is checked out"
        ) from error
    if not _MARKED.search(text):
        raise PageUnusable(f"{page} has no <!-- growth --> and <!-- /growth --> to write between")
    part = "\n".join((*_table(rows), "", f"![{_told(rows)}]({PLOT})", ""))
    page.write_text(_MARKED.sub(lambda mark: mark[1] + part + mark[2], text), "utf-8")
    (docs / PLOT).write_text(_drawn(rows), "utf-8")


def _table(rows: Sequence[Row]) -> Iterator[str]:
    days = sorted({row.day for row in rows})
    yield f"Measured {' and '.join(days)} on {os.cpu_count()} cores ({platform.machine()})."
    yield ""
    yield (
        "| engine, passages | question p50, p95 | search alone, p50 | recall@10 | memory | on disk "
        "| build |"
    )
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        yield (
            f"| {_NAMES[row.engine]}, {row.size:,} | {row.p50:.1f}, {row.p95:.1f} ms "
            f"| {row.search_p50:.1f} ms | {row.recall:.3f} | {row.megabytes:,.0f} MB "
            f"| {row.disk:,.0f} MB | {row.build:,.0f} s |"
        )


def _told(rows: Sequence[Row]) -> str:
    """The plot in words, for who does not see it."""
    parts = []
    for engine, some in groupby(rows, key=lambda row: row.engine):
        points = ", ".join(f"{row.p50:.1f} ms among {row.size:,}" for row in some)
        parts.append(f"{_NAMES[engine]} {points}")
    return f"How long a question takes, p50: {'; '.join(parts)} passages"


def _drawn(rows: Sequence[Row]) -> str:
    """Both axes by powers of ten: each engine's p50 as a line, its p95 dashed."""
    scale = _Scale(rows)
    said = escape(_told(rows))
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" role="img" '
            'aria-labelledby="title told" font-family="sans-serif" font-size="13">',
            '<title id="title">Milliseconds a question, by passages</title>',
            f'<desc id="told">{said}</desc>',
            f'<rect width="{_WIDE}" height="{_HIGH}" fill="#fff"/>',
            f'<text x="{_LEFT}" y="28" font-size="15">Milliseconds a question, by passages</text>',
            *scale.grid(),
            *_curves(rows, scale),
            "</svg>\n",
        )
    )


class _Scale:
    """Where a size and milliseconds stand."""

    def __init__(self, rows: Sequence[Row]) -> None:
        sizes = [math.log10(row.size) for row in rows]
        taken = [math.log10(one) for row in rows for one in (row.p50, row.p95)]
        self._from, self._to = math.floor(min(sizes)), max(math.ceil(max(sizes)), 1)
        self._least, self._most = math.floor(min(taken)), math.ceil(max(taken))
        self._to = max(self._to, self._from + 1)
        self._most = max(self._most, self._least + 1)

    def across(self, size: float) -> float:
        share = (math.log10(size) - self._from) / (self._to - self._from)
        return round(_LEFT + share * (_RIGHT - _LEFT), 1)

    def down(self, milliseconds: float) -> float:
        share = (math.log10(milliseconds) - self._least) / (self._most - self._least)
        return round(_BOTTOM - share * (_BOTTOM - _TOP), 1)

    def grid(self) -> Iterator[str]:
        for power in range(self._from, self._to + 1):
            x = self.across(10**power)
            yield f'<path d="M{x} {_TOP}V{_BOTTOM}" stroke="#ddd"/>'
            yield f'<text x="{x}" y="{_BOTTOM + 20}" text-anchor="middle">{10**power:,}</text>'
        for power in range(self._least, self._most + 1):
            y = self.down(10.0**power)
            yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#ddd"/>'
            yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{10.0**power:g} ms</text>'


def _curves(rows: Sequence[Row], scale: _Scale) -> Iterator[str]:
    """Each with its name at its end, so that none is told by its colour alone."""
    engines = groupby(rows, key=lambda row: row.engine)
    for colour, (engine, some) in zip(_COLOURS, engines, strict=False):
        points = list(some)
        for name, dash in (("p50", ""), ("p95", ' stroke-dasharray="5 4"')):
            places = [(scale.across(row.size), scale.down(getattr(row, name))) for row in points]
            line = " ".join(f"{x},{y}" for x, y in places)
            drawn = f'fill="none" stroke="{colour}" stroke-width="2"{dash}'
            yield f'<polyline points="{line}" {drawn}/>'
            yield from (f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in places)
            x, y = places[-1]
            yield f'<text x="{x + 8}" y="{y + 4}" fill="{colour}">{_NAMES[engine]} {name}</text>'
