"""PDF by pdfium, and by pypdf where pdfium cannot: what stands on which page."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

import pypdf
import pypdf.errors
import pypdfium2
import pypdfium2.raw as pdfium

from indexer.parsing.document import Document, kept_year, title, told_day
from indexer.parsing.gathering import Gathering
from indexer.parsing.limits import Limits
from indexer.parsing.parsed import Parsed, Unreadable
from indexer.parsing.pdf_blocks import Block, blocks
from indexer.parsing.pdf_furniture import without_furniture
from indexer.parsing.pdf_lines import Line, PageLines, unplaced

_BLANK = 50  # characters; a page with fewer is a picture of one
_PICTURES = "holds no text, only pictures of its pages; it needs text recognition (OCR) first"
_LOCKED = "protected by a password"
_DAMAGED = "damaged, so that it cannot be read"
_FIRST_LINES = 25
Pages = list[list[Line]]


def read(document: Document) -> Parsed:
    """Raises Unreadable."""
    try:
        pages, blank, told, day = _careful(document) if document.careful else _by_pdfium(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise Unreadable(_LOCKED) from error
        pages, blank, told, day = _careful(document)
    if blank == len(pages):
        raise Unreadable(_PICTURES)
    gathered = Gathering(document.limits)
    found = list(blocks(without_furniture(pages)))
    _gather(found, gathered)
    return Parsed(
        title=title(told, _largest(found), document.called),
        sections=gathered.sections(),
        pages=len(pages),
        published=_day(pages) or day,
        notes=(f"{blank:,} of {len(pages):,} pages hold no text",) if blank else (),
    )


def _gather(found: list[Block], gathered: Gathering) -> None:
    for block in found:
        if block.kind == "heading":
            gathered.heading(block.text, block.page)
            continue
        gathered.page(block.page)
        if block.kind == "table":
            gathered.table(block.rows)
        else:
            gathered.line(block.text)


def _by_pdfium(document: Document) -> tuple[Pages, int, str, str]:
    with pypdfium2.PdfDocument(document.content) as file:
        _bounded(len(file), document.limits)
        told = file.get_metadata_dict()
        read = [_lines(file, number) for number in range(len(file))]
    pages, blank = [lines for lines, _ in read], sum(is_blank for _, is_blank in read)
    return pages, blank, told.get("Title", ""), _told(told.get("CreationDate", ""))


def _lines(file: pypdfium2.PdfDocument, index: int) -> tuple[list[Line], bool]:
    """A page's lines, and whether it holds no text though there is something on it."""
    try:
        page = file[index]
    except pypdfium2.PdfiumError:  # one broken page
        return [], True
    lines = list(PageLines(page, index + 1).lines())
    letters = _letters(lines)
    blank = letters < _BLANK and (_is_pictured(page) if letters else _is_drawn(page))
    page.close()
    return lines, blank


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) for line in lines)


def _is_drawn(page: pypdfium2.PdfPage) -> bool:
    return int(pdfium.FPDFPage_CountObjects(page)) > 0


def _is_pictured(page: pypdfium2.PdfPage) -> bool:
    """Whether one picture covers most of it."""
    width, height = page.get_size()
    for picture in page.get_objects((pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) > width * height / 2:
            return True
    return False


def _careful(document: Document) -> tuple[Pages, int, str, str]:
    try:
        file = pypdf.PdfReader(io.BytesIO(document.content), strict=False)
        if file.is_encrypted and not file.decrypt(""):
            raise Unreadable(_LOCKED)
        _bounded(len(file.pages), document.limits)
        pages = [list(_words(page, number)) for number, page in enumerate(file.pages, 1)]
        told = file.metadata
    except (
        pypdf.errors.PyPdfError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise Unreadable(_DAMAGED) from error
    day = kept_year(told.creation_date) if told else ""
    blank = sum(_letters(page) < _BLANK for page in pages)
    return pages, blank, (told.title or "") if told else "", day


def _words(page: pypdf.PageObject, number: int) -> Iterator[Line]:
    yield from unplaced(number, page.extract_text())


def _bounded(pages: int, limits: Limits) -> None:
    if pages > limits.pages:
        raise Unreadable(f"has {pages:,} pages; at most {limits.pages:,} are read")
    if not pages:
        raise Unreadable(_DAMAGED)


def _told(day: str) -> str:
    """Out of "D:20240312…"."""
    try:
        return kept_year(datetime.strptime(day.removeprefix("D:")[:8], "%Y%m%d"))
    except ValueError:
        return ""


def _day(pages: Pages) -> str:
    lines = pages[0][:_FIRST_LINES]
    return next(filter(None, (told_day(line.text) for line in lines)), "")


def _largest(found: list[Block]) -> str:
    """The largest heading of the first page with any."""
    heads = [block for block in found if block.kind == "heading" and block.page <= 2]
    return max(heads, key=lambda block: round(block.size), default=Block("line", 0, "")).text
