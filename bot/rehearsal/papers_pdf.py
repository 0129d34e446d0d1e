"""PDFs in the shapes that councils publish: reports, newsletters, committee papers, scans."""

from __future__ import annotations

import io
from collections.abc import Sequence
from random import Random

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from bot.rehearsal.papers_known import TEST_DATA, Paper
from bot.rehearsal.papers_prose import Prose
from bot.rehearsal.papers_sheet import Look, Sheet

MEDIA = "application/pdf"
_LIGATURES = "Vera"  # comes with reportlab, and has the letters that run together


def pdfs(seed: str) -> list[Paper]:
    """Eight of them, each with prose of its own."""
    made = (_report, _newsletter, _committee, _scanned, _noted, _landscape, _boxed, _brief)
    return [make(Prose(f"{seed} {make.__name__}")) for make in made]


def _paper(name: str, sheet: Sheet, blank: int = 0) -> Paper:
    sheet.titled(f"{name.replace('-', ' ').capitalize()} ({TEST_DATA})")
    content = sheet.done()
    return Paper(
        name=f"{name}.pdf",
        kind="pdf",
        media=MEDIA,
        content=content,
        said=tuple(sheet.said),
        aside=tuple(sheet.aside),
        rows=tuple(sheet.rows),
        headings=tuple(sheet.headings),
        furniture=tuple(dict.fromkeys(sheet.furniture)),
        pages=sheet.page,
        blank=blank,
    )


def _chapter(sheet: Sheet, prose: Prose, paragraphs: int, each: int = 3) -> None:
    sheet.heading(prose.heading())
    for _ in range(paragraphs):
        sheet.paragraph(prose.sentences(each))


def _table(sheet: Sheet, prose: Prose, rows: int, widths: Sequence[float]) -> None:
    heads = ("Measure", "Before", "After", "Target", "Change", "Cost", "Saving")[: len(widths)]
    sheet.table([heads, *(prose.row(len(widths)) for _ in range(rows))], widths)


def _report(prose: Prose) -> Paper:
    """A cover, a contents page, thirty sections; "Page 3 of 10" at the foot."""
    sheet = Sheet(
        Look(
            head=lambda page: (
                f"Anytown Borough Council · Digital report · {TEST_DATA}" if page > 1 else ""
            ),
            foot=lambda page: f"Page {page} of 10" if page > 1 else "",
        )
    )
    for size, text in ((30, "Digital report"), (16, "Anytown Borough Council"), (11, "May 2023")):
        sheet.line(text, size)
    sheet.turn()
    sheet.line("Contents", 15)
    for number in range(30):
        sheet.line(f"{number + 1} Chapter {number + 1} {'.' * 60}", 9.5, right=str(number // 2 + 3))
    sheet.turn()
    for number in range(30):
        _chapter(sheet, prose, 2, 2 if number % 3 else 3)
        if number % 5 == 0:
            sheet.items([prose.item() for _ in range(3)])
        if number % 3 == 1:
            _table(sheet, prose, 4, (180, 90, 90))
    return _paper("annual-report", sheet)


def _newsletter(prose: Prose) -> Paper:
    """Two columns, justified, words broken at the ends of lines; a bare number at the foot."""
    look = Look(columns=2, justified=True, hyphens=True, size=10, foot=lambda page: str(page))
    sheet = Sheet(look)
    for _ in range(12):
        _chapter(sheet, prose, 3)
    return _paper("two-column-strategy", sheet)


def _committee(prose: Prose) -> Paper:
    """Numbered paragraphs, tables; its number at the foot, another head on each second page."""
    look = Look(
        font="Times-Roman",
        size=11.5,
        head=lambda page: (
            "Scrutiny committee, 9 March 2024" if page % 2 else "Otherham City Council"
        ),
        foot=lambda page: f"Report CAB/24/117 ({TEST_DATA}) {page}",
    )
    sheet = Sheet(look)
    for number in range(1, 9):
        sheet.heading(f"{number}. {prose.heading()}", 13)
        for part in range(1, 6):
            first, *others = prose.sentences(3)
            sheet.paragraph([f"{number}.{part} {first}", *others])
        if number in (3, 6):
            _table(sheet, prose, 14, (170, 75, 75, 75))
    return _paper("committee-paper", sheet)


def _scanned(prose: Prose) -> Paper:
    """An appendix that was scanned in: five pages that are pictures, and one text behind them."""
    sheet = Sheet(Look(foot=lambda page: f"{page}"))
    for _ in range(11):
        _chapter(sheet, prose, 3)
    picture = _picture()
    for _ in range(5):
        sheet.picture(picture)
    _chapter(sheet, prose, 2)
    return _paper("scanned-appendix", sheet, blank=5)


def _picture() -> ImageReader:
    """What a scanner makes of a page: grey, with nothing that is text."""
    grey = Image.frombytes("L", (60, 85), Random(9).randbytes(60 * 85))
    out = io.BytesIO()
    grey.save(out, "PNG")
    return ImageReader(io.BytesIO(out.getvalue()))


def _noted(prose: Prose) -> Paper:
    """Notes at the foot of pages, letters that run together."""
    registerFont(TTFont(_LIGATURES, "Vera.ttf"))
    look = Look(
        font=_LIGATURES,
        size=9.5,
        ligatures=True,
        reserve=42,
        head=lambda page: f"Somewhere District Council: housing study ({TEST_DATA})",
        foot=lambda page: f"– {page} –",
    )
    sheet = Sheet(look)
    for number in range(12):
        sheet.heading(prose.heading())
        marks = [sheet.note(prose.sentence())] if number % 4 == 0 else []
        sheet.paragraph(prose.sentences(3), marks)
        sheet.paragraph(prose.sentences(4))
        sheet.paragraph(prose.sentences(3))
    return _paper("footnotes", sheet)


def _landscape(prose: Prose) -> Paper:
    """A wide table on pages of its own amid upright ones."""
    sheet = Sheet(
        Look(head=lambda page: f"Performance digest ({TEST_DATA})", foot=lambda p: f"{p} | Page")
    )
    for _ in range(5):
        _chapter(sheet, prose, 3)
    sheet.turn(wide=True)
    _table(sheet, prose, 36, (170, 90, 90, 90, 90, 90, 90))
    sheet.turn()
    for _ in range(5):
        _chapter(sheet, prose, 3)
    return _paper("wide-tables", sheet)


def _boxed(prose: Prose) -> Paper:
    """One column, then two, then one; items between paragraphs."""
    sheet = Sheet(
        Look(size=10, hyphens=True, foot=lambda page: f"Otherham plan {TEST_DATA} | {page}")
    )
    for columns in (1, 2, 1, 2):
        sheet.turn(columns=columns)
        for _ in range(3):
            _chapter(sheet, prose, 2, 4)
            sheet.items([prose.item() for _ in range(3)], "-" if columns == 1 else "•")
    return _paper("mixed-columns", sheet)


def _brief(prose: Prose) -> Paper:
    """A short case study; items and a table, small print at the foot."""
    look = Look(
        size=12, foot=lambda page: f"© Anytown Borough Council {TEST_DATA}. All rights reserved."
    )
    sheet = Sheet(look)
    sheet.line("Case study", 10)
    for _ in range(6):
        _chapter(sheet, prose, 2, 4)
        sheet.items([prose.item() for _ in range(4)])
    _table(sheet, prose, 8, (190, 100, 100))
    return _paper("case-study", sheet)
