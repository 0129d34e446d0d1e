"""PowerPoint: a section a slide, which is also its page. Hidden slides and notes are not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pptx import Presentation
from pptx.exc import PackageNotFoundError
from pptx.shapes.base import BaseShape
from pptx.shapes.graphfrm import GraphicFrame
from pptx.shapes.group import GroupShape
from pptx.slide import Slide

from indexer.parsing.archive import looked_over
from indexer.parsing.document import Document, kept_year, title
from indexer.parsing.gathering import Gathering
from indexer.parsing.parsed import Parsed, Unreadable

_NESTED = 20  # groups in groups
_FURNITURE = ("DATE", "FOOTER", "SLIDE_NUMBER", "HEADER")


def read(document: Document) -> Parsed:
    """Raises Unreadable."""
    try:
        presentation = Presentation(looked_over(document.content, document.limits))
    except (KeyError, PackageNotFoundError) as error:
        raise Unreadable("damaged, so that it cannot be read") from error
    pages = len(presentation.slides)
    if pages > document.limits.pages:
        raise Unreadable(f"has {pages:,} slides; at most {document.limits.pages:,} are read")
    gathered = Gathering(document.limits)
    width = presentation.slide_width or 0
    for number, slide in enumerate(presentation.slides, start=1):
        if slide.element.get("show") != "0":
            _slide(slide, number, width, gathered)
    sections = gathered.sections()
    properties = presentation.core_properties
    first = sections[0].heading if sections else ""
    return Parsed(
        title=title(properties.title, first, document.called),
        sections=sections,
        pages=pages,
        published=kept_year(properties.modified or properties.created),
    )


def _slide(slide: Slide, number: int, width: int, gathered: Gathering) -> None:
    head = slide.shapes.title
    heading = head.text_frame.text if head is not None and head.has_text_frame else ""
    gathered.heading(heading or f"Slide {number}", number)
    lines = 0
    for shape in _shapes(slide.shapes, width):
        if head is not None and shape.shape_id == head.shape_id:
            continue
        lines += _shape(shape, gathered)
    if not lines:
        gathered.line(heading)


def _shapes(shapes: Iterable[BaseShape], width: int, depth: int = 0) -> Iterator[BaseShape]:
    """Those that are seen, out of their groups."""
    for shape in shapes:
        if _unseen(shape, width if not depth else 0):
            continue
        if isinstance(shape, GroupShape) and depth < _NESTED:
            yield from _shapes(shape.shapes, width, depth + 1)
        else:
            yield shape


def _unseen(shape: BaseShape, width: int) -> bool:
    if any(named.get("hidden") in ("1", "true") for named in shape.element.xpath(".//p:cNvPr")[:1]):
        return True
    if shape.is_placeholder and shape.placeholder_format.type is not None:
        return shape.placeholder_format.type.name in _FURNITURE
    left, wide = shape.left, shape.width
    if not width or left is None or wide is None:
        return False
    return left >= width or left + wide <= 0


def _shape(shape: BaseShape, gathered: Gathering) -> int:
    """How many lines it held."""
    if isinstance(shape, GraphicFrame) and shape.has_table:
        rows = [[cell.text for cell in row.cells] for row in shape.table.rows]
        gathered.table(rows)
        return len(rows)
    if not shape.has_text_frame:
        return 0
    paragraphs = [one.text for one in shape.text_frame.paragraphs]  # type: ignore[attr-defined]
    for paragraph in paragraphs:
        gathered.line(paragraph)
    return sum(bool(paragraph.strip()) for paragraph in paragraphs)
