"""Rows of tables found among a page's lines by where their cells stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.parsing.pdf_lines import Line

_LEADING = 1.3  # times its height: how far below a line the next of the same cell is
_NEAR = 2.5  # times its height: how far below a row the next of the same table is, at most
_DEEP = 14  # lines; what is longer is a column of text and no cell
_LONG = 28  # characters a cell on average, over many lines of two: two columns drawn line by line
_MANY = 6


@dataclass(frozen=True, slots=True)
class Table:
    page: int
    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Cell:
    """Lines, or parts of some, one below the other; `drawn` are the whole lines."""

    lines: list[Line]
    drawn: list[Line]
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0

    def __post_init__(self) -> None:
        self.left = min(line.left for line in self.lines)
        self.right = max(line.right for line in self.lines)
        self.top, self.bottom = self.lines[0].top, self.lines[-1].bottom

    def goes_on(self, line: Line) -> bool:
        last = self.lines[-1]
        below = last.bottom - line.bottom
        over = min(self.right, line.right) - max(self.left, line.left)
        off = min(
            abs(self.left - line.left), abs(self.left + self.right - line.left - line.right) / 2
        )
        near = 0.3 * line.size < below <= _LEADING * line.size
        return near and over > 0 and off <= line.size

    def is_beside(self, other: _Cell) -> bool:
        """On its right, at the same height."""
        share = min(self.top, other.top) - max(self.bottom, other.bottom)
        least = 0.3 * min(self.lines[0].size, other.lines[0].size)
        return self.left >= other.right - 1 and share > least


@dataclass(slots=True)
class _Row:
    cells: list[_Cell]

    @property
    def whole(self) -> list[Line]:
        """The lines as they were drawn."""
        return list(dict.fromkeys(line for cell in self.cells for line in cell.drawn))

    def columns(self) -> list[tuple[float, float]]:
        return [(cell.left, cell.right) for cell in self.cells]

    def follows(self, other: _Row) -> bool:
        """Just below it."""
        bottom = min(cell.bottom for cell in other.cells)
        top = max(cell.top for cell in self.cells)
        size = self.cells[0].lines[0].size
        return -0.5 * size < bottom - top < _NEAR * size


def tables(page: Sequence[Line]) -> Iterator[Line | Table]:
    """The page's lines, with tables in the place of theirs."""
    if not page or not page[0].size:
        yield from page
        return
    run: list[_Row] = []
    for row in _rows(page):
        if run and not (row.follows(run[-1]) and _fits(row, run)):
            yield from _read(run)
            run = []
        if run or len(row.cells) > 1:
            run.append(row)
        else:
            yield from row.whole
    yield from _read(run)


def _rows(page: Iterable[Line]) -> Iterator[_Row]:
    row: list[_Cell] = []
    for cell in _cells(page):
        if row and not cell.is_beside(row[-1]):
            yield _Row(row)
            row = []
        row.append(cell)
    if row:
        yield _Row(row)


def _cells(page: Iterable[Line]) -> Iterator[_Cell]:
    cell: _Cell | None = None
    for line in page:
        for index in range(len(line.parts)):
            part = line.part(index)
            if cell is not None and index == 0 and cell.goes_on(part):
                cell = _Cell([*cell.lines, part], [*cell.drawn, line])
                continue
            if cell is not None:
                yield cell
            cell = _Cell([part], [line])
    if cell is not None:
        yield cell


def _fits(row: _Row, run: list[_Row]) -> bool:
    """Whether each cell stands under or over one of the table's columns, no two under one."""
    widest = max((*run, row), key=lambda one: len(one.cells))
    columns = widest.columns()
    if len(row.cells) == 1:
        return _is_alone(row.cells[0], run[-1], columns)
    return all(len(set(_places(one, columns))) == len(one.cells) for one in (row, run[-1], run[0]))


def _is_alone(cell: _Cell, above: _Row, columns: list[tuple[float, float]]) -> bool:
    """Whether a cell by itself is one of the table, and not a paragraph or a heading after it."""
    alike = abs(cell.lines[0].size - above.cells[0].lines[0].size) < 1
    share = max(_share(cell, column) for column in columns)
    return alike and len(above.cells) > 1 and share >= 0.8 * (cell.right - cell.left)


def _places(row: _Row, columns: list[tuple[float, float]]) -> list[int]:
    return [
        max(range(len(columns)), key=lambda index: _share(cell, columns[index]))
        for cell in row.cells
    ]


def _share(cell: _Cell, column: tuple[float, float]) -> float:
    """How far they stand over one another; negative: how far apart."""
    return min(cell.right, column[1]) - max(cell.left, column[0])


def _read(run: list[_Row]) -> Iterator[Line | Table]:
    while run and len(run[-1].cells) < 2:  # what follows a table is none of it
        run, after = run[:-1], run[-1]
        yield from _read(run)
        yield from after.whole
        return
    rows = [row for row in run if len(row.cells) > 1]
    deep = max((len(cell.lines) for row in run for cell in row.cells), default=0)
    if len(rows) < 2 or deep > _DEEP:
        yield from _whole(run)
    elif _is_two_columns(rows):
        yield from (line for row in run for line in row.cells[0].lines)
        yield from (line for row in rows for line in row.cells[1].lines)
    else:
        columns = max(rows, key=lambda row: len(row.cells)).columns()
        page = run[0].whole[0].page
        yield Table(page, tuple(_told(row, columns) for row in run))


def _whole(run: list[_Row]) -> Iterator[Line]:
    for row in run:
        yield from row.whole


def _is_two_columns(rows: list[_Row]) -> bool:
    if len(rows) < _MANY or any(len(row.cells) != 2 for row in rows):
        return False
    cells = [cell for row in rows for cell in row.cells]
    long = sum(len(line.text) for cell in cells for line in cell.lines) / len(cells) >= _LONG
    return long and all(len(cell.lines) == 1 for cell in cells)


def _told(row: _Row, columns: list[tuple[float, float]]) -> tuple[str, ...]:
    told = [""] * len(columns)
    for place, cell in zip(_places(row, columns), row.cells, strict=True):
        told[place] = f"{told[place]} {joined(cell.lines)}".strip()
    return tuple(told)


def joined(lines: Iterable[Line]) -> str:
    """Their words in one line; a word that was broken is whole again."""
    text, broken = "", False
    for line in lines:
        text += line.text if broken or not text else f" {line.text}"
        broken = line.broken
    return text
