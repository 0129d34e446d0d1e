"""Excel: a section a sheet, a line a row. What is calculated is read as last calculated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from indexer.parsing.archive import looked_over
from indexer.parsing.document import Document, kept_year, title
from indexer.parsing.gathering import Gathering
from indexer.parsing.limits import Limits
from indexer.parsing.parsed import Parsed, Unreadable


def read(document: Document) -> Parsed:
    """Raises Unreadable."""
    content = looked_over(document.content, document.limits)
    try:
        book = load_workbook(content, read_only=True, data_only=True, keep_links=False)
    except (KeyError, InvalidFileException) as error:
        raise Unreadable("damaged, so that it cannot be read") from error
    gathered = Gathering(document.limits)
    counted = _Cells(document.limits)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            sheet.reset_dimensions()  # what it says of its size need not be so
            gathered.heading(sheet.title)
            gathered.table(_rows(sheet, counted))
    properties = book.properties
    return Parsed(
        title=title(properties.title, document.called),
        sections=gathered.sections(),
        published=kept_year(properties.modified or properties.created),
    )


class _Cells:
    """Counts, so that no sheet takes for ever."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._cells = limits, 0

    def add(self, cells: int) -> None:
        self._cells += 1 + cells
        if cells > self._limits.columns:
            raise Unreadable(f"has a sheet of more than {self._limits.columns:,} columns")
        if self._cells > self._limits.cells:
            raise Unreadable(f"has more than {self._limits.cells:,} cells")


def _rows(sheet: ReadOnlyWorksheet, counted: _Cells) -> Iterator[list[str]]:
    for row in sheet.iter_rows():
        last = max(
            (place for place, cell in enumerate(row, 1) if cell.value is not None), default=0
        )
        counted.add(last)
        if last:
            yield [_shown(cell.value, str(cell.number_format or "")) for cell in row[:last]]


def _shown(value: object, form: str) -> str:
    """A value much as Excel shows it."""
    if value is None or (isinstance(value, str) and value.startswith("#") and value.endswith("!")):
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (int, float)):
        return _number(value, form)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes") if value.time() != time() else str(value.date())
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


def _number(value: int | float, form: str) -> str:
    if "%" in form:
        return f"{round(value * 100, 2):g}%"
    pounds = "£" if "£" in form else ""
    whole = round(value, 2)
    figure = f"{whole:,}" if pounds or "," in form else f"{whole}"
    return f"{pounds}{figure.removesuffix('.0')}"
