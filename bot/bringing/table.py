"""The table of texts, as `review --csv` writes it and `confirm --from` reads it back."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.bringing import wording
from bot.bringing.command import NotBrought
from bot.sources.describing import Sure
from bot.texts import FOR_ALL, OwnText

SEPARATOR = "; "  # between councils and outcomes
COLUMNS = (
    "id",
    "kind",
    "council",
    "year",
    "outcomes",
    "title",
    "how sure",
    "location",
    "community",
)
_MARK = "\ufeff"  # by which a spreadsheet knows UTF-8
# What a spreadsheet would take for a formula is written behind an apostrophe.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # of Excel, and what like it is zipped
_BETWEEN = ",;\t"  # columns, by the language a spreadsheet is set to


@dataclass(frozen=True, slots=True)
class Values:
    """What is said of a text in place of what was proposed; None leaves that."""

    kind: str | None = None
    councils: Sequence[str] | None = None
    year: str | None = None
    outcomes: Sequence[str] | None = None
    title: str | None = None


def table(both: Sequence[tuple[OwnText, Sure | None]]) -> str:
    """A row for each text. None is how sure one that was confirmed is."""
    lines = [_row(COLUMNS)]
    for text, sure in both:
        about = text.about
        cells = (
            *(text.id, about.kind, SEPARATOR.join(about.councils), str(about.year or "")),
            *(SEPARATOR.join(about.outcomes), about.title, _how_sure(text, sure)),
            *(text.url or text.location, "" if text.community == FOR_ALL else text.community),
        )
        lines.append(_row([_written(cell) for cell in cells]))
    return _MARK + "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    """One row. A line break of either kind puts its cell in quotes: bare, it would begin a row, and
    what follows it could begin a formula."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue().removesuffix("\r\n")


def _how_sure(text: OwnText, sure: Sure | None) -> str:
    if sure is None:
        return wording.CONFIRMED_ON.format(text.confirmed_at)
    shares = [f"{text.about.kind} {sure.kind:.2f}"]
    pairs = zip(text.about.outcomes, sure.outcomes, strict=True)
    return SEPARATOR.join([*shares, *(f"{outcome} {share:.2f}" for outcome, share in pairs)])


def rows(file: Path) -> dict[str, tuple[int, Values]]:
    """What a table says, by text, with the line it stands in. Raises NotBrought."""
    try:
        written = _decoded(file.read_bytes())
    except OSError as error:
        raise NotBrought(wording.NOT_READ.format(file, error.strerror)) from None
    except ValueError as error:
        raise NotBrought(wording.NOT_READ.format(file, error)) from None
    head = written.partition("\n")[0]
    between = max(_BETWEEN, key=head.count)
    reader = csv.DictReader(io.StringIO(written, newline=""), delimiter=between)
    try:
        if "id" not in (reader.fieldnames or ()):
            raise NotBrought(wording.NOT_READ.format(file, wording.NO_COLUMN))
        return {
            row["id"].strip(): (reader.line_num, _values(row))
            for row in reader
            if (row["id"] or "").strip()
        }
    except csv.Error:
        raise NotBrought(wording.NOT_READ.format(file, wording.NO_TABLE)) from None


def _decoded(content: bytes) -> str:
    """What a spreadsheet saved, as UTF-8 or as Windows writes it. Raises ValueError, with a
    sentence for a person."""
    if content.startswith(_WORKBOOKS):
        raise ValueError(wording.WORKBOOK)
    if b"\0" not in content:
        for encoding in ("utf-8-sig", "cp1252"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise ValueError(wording.NO_TABLE)


def _values(row: Mapping[str, str | None]) -> Values:
    cells = {name: _read(cell) for name, cell in row.items() if name and cell is not None}
    return Values(
        cells.get("kind"),
        _parts(cells.get("council")),
        cells.get("year"),
        _parts(cells.get("outcomes")),
        cells.get("title"),
    )


def _parts(cell: str | None) -> list[str] | None:
    return None if cell is None else [one.strip() for one in cell.split(";") if one.strip()]


def _written(cell: str) -> str:
    """A cell as it stands in the table; the inverse of `_read`."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _read(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA) else cell
