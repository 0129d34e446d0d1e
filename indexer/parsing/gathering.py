"""What is read, gathered into sections: each line cleaned, the whole of a bounded length."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from indexer.parsing.clean import clean, item
from indexer.parsing.limits import Limits
from indexer.parsing.parsed import Unreadable
from knowledge.library import Section

_HEADING = 200  # characters; what is longer is a paragraph that only looks like one
_LABEL = 80  # what heads a column is no longer
_COST = 20  # of each line and section, so that a great many short ones are bounded too


class Gathering:
    """Sections in reading order. Lines go under the newest heading and its page."""

    def __init__(self, limits: Limits) -> None:
        self._left = limits.characters
        self._most = limits.characters
        self._sections: list[Section] = []
        self._heading = self._anchor = ""
        self._page = 0
        self._lines: list[str] = []

    def heading(self, text: str, page: int = 0, anchor: str = "") -> None:
        """Begins a section; one without a line is left out."""
        self._finish()
        text = clean(text)
        self._count(text)
        if len(text) > _HEADING:
            self._heading, self._lines = "", [text]
        else:
            self._heading = text
        self._page, self._anchor = page, clean(anchor)

    def page(self, page: int) -> None:
        """What follows stands on this page, under the same heading."""
        if page != self._page:
            self._finish()
            self._page = page

    def line(self, text: str) -> None:
        text = item(clean(text))
        if text:
            self._count(text)
            self._lines.append(text)

    def table(self, rows: Iterable[Sequence[str]]) -> None:
        for line in told(rows):
            self.line(line)

    def sections(self) -> tuple[Section, ...]:
        self._finish()
        return tuple(self._sections)

    def _count(self, text: str) -> None:
        self._left -= len(text) + _COST
        if self._left < 0:
            raise Unreadable(f"holds more text than is read: {self._most:,} characters")

    def _finish(self) -> None:
        if self._lines:
            body = "\n".join(self._lines)
            self._sections.append(
                Section(self._heading, body, 0, self._page, self._anchor, literal=True)
            )
        self._lines = []


def told(rows: Iterable[Sequence[str]]) -> Iterable[str]:
    """A table as lines: "Service: Bins; Saving: £20,000." for each row under its headings.

    What stands above the headings, and a row of one cell, is a line of its own. A table without
    headings, as used to lay out a page, is read cell by cell.
    """
    labels: list[str] | None = None
    for row in rows:
        cells = [clean(cell) for cell in row]
        filled = [cell for cell in cells if cell]
        if len(filled) < 2:
            yield from filled
        elif labels is None:
            labels = cells if _heads(filled) else []
            waiting = cells
            if not labels:
                yield from filled
        elif labels:
            waiting = []
            yield _row(labels, cells)
        else:
            yield from filled
    if labels and waiting:  # headings alone
        yield "; ".join(cell for cell in waiting if cell)


def _heads(cells: list[str]) -> bool:
    return len(set(cells)) == len(cells) and all(len(cell) <= _LABEL for cell in cells)


def _row(labels: list[str], cells: list[str]) -> str:
    padded = [*labels, *[""] * (len(cells) - len(labels))]
    named = (
        f"{label.rstrip(':')}: {cell}" if label else cell
        for label, cell in zip(padded, cells, strict=False)
        if cell
    )
    line = "; ".join(part.rstrip(";") for part in named)
    return line if line.endswith((".", "!", "?")) else f"{line}."
