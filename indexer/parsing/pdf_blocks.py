"""Lines to paragraphs, headings, items and tables, also where they run over columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, zip_longest
from statistics import median
from typing import Literal

from indexer.parsing.pdf_lines import Line
from indexer.parsing.pdf_tables import Table, joined, tables
from knowledge.markdown import sentences

_LARGE = 1.12  # times the size of most of the text: a heading
_SMALL = 0.93  # a note at the foot
_ALIKE = 0.06  # sizes that differ by less are one
_APART = 1.25  # times the usual distance of lines: between two paragraphs
_SHORT = 120  # characters; a bold line that is longer is no heading
_END = re.compile(r"[.!?:;][)\]'\"’”]*$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ITEM = re.compile(r"[•◦▪▫●○■□‣⁃∙·➢➤✓✔–-]\s|(?:\(?\d{1,2}[.)]|\(?[a-z]\))\s+\S")


@dataclass(frozen=True, slots=True)
class Block:
    kind: Literal["heading", "line", "table"]
    page: int
    text: str
    size: float = 0.0
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class _Usual:
    """What most of the text looks like: its height, how far its lines are apart."""

    size: float
    leading: float
    bold: bool


def blocks(pages: Sequence[Sequence[Line]]) -> Iterator[Block]:
    """In reading order; a sentence stands on the page on which it begins."""
    usual = _usual(pages)
    joining = _Joining(usual, _edges(pages))
    over: tuple[str, ...] = ()  # the headings of a table that may run over to the next page
    for page in _mended(pages):
        body, notes = _parted(list(tables(page)), usual)
        for place, one in enumerate(body):
            if isinstance(one, Table):
                goes_on = not place and len(over) == len(one.rows[0]) and over != one.rows[0]
                rows = (over, *one.rows) if goes_on else one.rows
                over = rows[0]
                yield from joining.finish()
                yield Block("table", one.page, "", rows=rows)
            else:
                over = ()
                yield from joining.add(one)
        yield from joining.noted(notes)
    yield from joining.finish()


def _mended(pages: Sequence[Sequence[Line]]) -> Iterator[list[Line]]:
    """With the hyphen put back that stood at a line's end, where the document writes it so."""
    known = {word for page in pages for line in page for word in _WORD.findall(line.text.lower())}
    for page in pages:
        yield [
            _hyphened(line) if line.broken and _is_hyphened(line, after, known) else line
            for line, after in zip_longest(page, page[1:])
        ]


def _is_hyphened(line: Line, after: Line | None, known: set[str]) -> bool:
    begun, ended = (
        _WORD.findall(line.text.lower()),
        _WORD.findall(after.text.lower() if after else ""),
    )
    return bool(begun and ended) and f"{begun[-1]}-{ended[0]}" in known


def _hyphened(line: Line) -> Line:
    last = line.parts[-1]
    return replace(line, parts=(*line.parts[:-1], replace(last, text=f"{last.text}-")))


class _Joining:
    def __init__(self, usual: _Usual, edges: dict[Line, float]) -> None:
        self._usual, self._edges = usual, edges
        self._lines: list[Line] = []
        self._notes: list[Line] = []

    def add(self, line: Line) -> Iterator[Block]:
        if self._lines and not self._goes_on(self._lines[-1], line):
            yield from self.finish()
        self._lines.append(line)

    def noted(self, notes: list[Line]) -> Iterator[Block]:
        """At the end of a page: its notes follow the paragraph that may run over to the next."""
        self._notes += notes
        if not self._lines:
            yield from self.finish()

    def finish(self) -> Iterator[Block]:
        lines, self._lines = self._lines, []
        if lines:
            yield from _blocks(lines, self._is_heading(lines))
        notes, self._notes = self._notes, []
        if notes:
            inner = _Joining(self._usual, self._edges)
            for note in notes:
                yield from inner.add(note)
            yield from inner.finish()

    def _is_heading(self, lines: list[Line]) -> bool:
        text = joined(lines)
        if not lines[0].size or not any(map(str.isalpha, text)):
            return False
        if lines[0].size >= _LARGE * self._usual.size:
            return not (len(text) > _SHORT and _END.search(text))
        bold = all(line.bold for line in lines) and not self._usual.bold
        return bold and len(text) <= _SHORT and not text.endswith((".", ";", ","))

    def _goes_on(self, last: Line, line: Line) -> bool:
        if last.broken:
            return True
        if _ITEM.match(line.text) or not _alike(last, line) or last.bold != line.bold:
            return False
        below = last.bottom - line.bottom
        if last.page != line.page or below < -0.5 * line.size:
            return self._runs_over(last, line)
        if not line.size:
            return not _END.search(last.text)
        if below > _APART * self._usual.leading * line.size / self._usual.size:
            return False
        return not self._ends_early(last, line) and not _is_indented(last, line)

    def _runs_over(self, last: Line, line: Line) -> bool:
        """To the next column or page."""
        if _END.search(last.text):
            return False
        return line.text[:1].islower() or not self._ends_early(last, line)

    def _ends_early(self, last: Line, line: Line) -> bool:
        """Whether the next word would still have fitted in the line above."""
        first = line.text.split(" ", 1)[0]
        width = (line.right - line.left) / max(1, len(line.text)) * (len(first) + 2)
        room = self._edges.get(last, last.right) - last.right
        ended = _END.search(last.text) or not line.text[:1].islower()
        return bool(ended) and room > width + line.size


def _alike(one: Line, other: Line) -> bool:
    return abs(one.size - other.size) <= _ALIKE * max(one.size, other.size)


def _is_indented(last: Line, line: Line) -> bool:
    """As the first line of a paragraph is; the second line of an item is not meant."""
    ended = _END.search(last.text) and not _ITEM.match(last.text)
    return bool(ended) and line.left - last.left > 0.8 * line.size


def _blocks(lines: list[Line], is_heading: bool) -> Iterator[Block]:
    """A paragraph, parted between sentences where it runs over pages."""
    text, page, size = joined(lines), lines[0].page, lines[0].size
    if is_heading:
        yield Block("heading", page, text, size)
    elif lines[-1].page == page:
        yield Block("line", page, text, size)
    else:
        yield from _over_pages(lines, text)


def _over_pages(lines: list[Line], text: str) -> Iterator[Block]:
    begins = [(0, lines[0].page)]
    for place in range(1, len(lines)):
        if lines[place].page != lines[place - 1].page:
            begins.append((len(joined(lines[:place])), lines[place].page))
    parts: dict[int, list[str]] = {}
    end = 0
    for sentence in sentences(text):
        start = text.index(sentence, end)
        end = start + len(sentence)
        page = max(number for begin, number in begins if begin <= start)
        parts.setdefault(page, []).append(sentence)
    for page, told in parts.items():
        yield Block("line", page, " ".join(told), lines[0].size)


def _parted(found: list[Line | Table], usual: _Usual) -> tuple[list[Line | Table], list[Line]]:
    """The body of a page and the small lines at the foot of its columns."""
    body: list[Line | Table] = []
    notes: list[Line] = []
    run: list[Line] = []
    for one in found:
        is_small = isinstance(one, Line) and 0 < one.size < _SMALL * usual.size
        if isinstance(one, Line) and is_small:
            if run and one.bottom > run[-1].top:
                notes, run = [*notes, *run], []
            run.append(one)
            continue
        higher = isinstance(one, Line) and run and one.bottom > run[0].top
        if run and higher:
            notes += run
        else:
            body += run
        run = []
        body.append(one)
    return body, [*notes, *run]


def _usual(pages: Sequence[Sequence[Line]]) -> _Usual:
    sizes: Counter[float] = Counter()
    bold = letters = 0
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
            letters += len(line.text)
            bold += len(line.text) * line.bold
    size = sizes.most_common(1)[0][0] if sizes else 0.0
    gaps = [
        last.bottom - line.bottom
        for page in pages
        for last, line in pairwise(page)
        if abs(line.size - size) < 0.5 and 0.5 * size < last.bottom - line.bottom < 2.5 * size
    ]
    return _Usual(size, median(gaps) if gaps else 1.2 * size, 2 * bold > letters)


_WINDOW = 6


def _edges(pages: Sequence[Sequence[Line]]) -> dict[Line, float]:
    """How far to the right the lines about each reach."""
    edges: dict[Line, float] = {}
    for page in pages:
        for place, line in enumerate(page):
            near = page[max(0, place - _WINDOW) : place + _WINDOW + 1]
            edges[line] = max(
                one.right for one in near if abs(one.left - line.left) <= 3 * line.size
            )
    return edges
