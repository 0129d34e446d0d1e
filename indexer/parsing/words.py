"""Word: paragraphs, lists and tables in order, with footnotes after them.

python-docx opens the file and knows its parts; the text is taken from the XML itself, since what
was inserted, stands in a content control or in a text box is otherwise passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

import docx.document
from docx import Document as opened
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import XMLParser, _Element, fromstring

from indexer.parsing.archive import looked_over
from indexer.parsing.document import Document, kept_year, title, told_day
from indexer.parsing.gathering import Gathering
from indexer.parsing.parsed import Parsed, Unreadable
from indexer.parsing.word_styles import WORD, Styles, attribute

# What a reader does not see: deleted, moved away, the code of a field, the copy for old programs.
_UNREAD = {
    f"{WORD}{name}" for name in ("del", "moveFrom", "instrText", "delText", "pPr", "tblPr", "sdtPr")
} | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_BLANKS = {f"{WORD}{name}" for name in ("tab", "br", "cr", "ptab")}
_P, _R, _T, _TABLE = (f"{WORD}{name}" for name in ("p", "r", "t", "tbl"))
_ROW, _CELL, _BOX = (f"{WORD}{name}" for name in ("tr", "tc", "txbxContent"))
_FIRST_LINES = 15  # in which a day of publication may stand


def read(document: Document) -> Parsed:
    """Raises Unreadable."""
    try:
        word = opened(looked_over(document.content, document.limits))
    except (KeyError, ValueError, PackageNotFoundError) as error:
        raise Unreadable("damaged, or not a Word document without macros") from error
    gathered = Gathering(document.limits)
    reading = _Reading(Styles(word.styles.element), gathered)
    reading.blocks(word.element.body)
    _footnotes(word, reading, gathered)
    properties = word.core_properties
    return Parsed(
        title=title(properties.title, reading.title, document.called),
        sections=gathered.sections(),
        published=reading.day or kept_year(properties.modified or properties.created),
    )


class _Reading:
    def __init__(self, styles: Styles, gathered: Gathering) -> None:
        self._styles, self._gathered = styles, gathered
        self._lines = 0
        self.title = self.day = ""

    def blocks(self, parent: _Element) -> None:
        """Paragraphs and tables below it, through whatever they are wrapped in."""
        for element in parent:
            if element.tag == _P:
                self._paragraph(element)
            elif element.tag == _TABLE:
                self._table(element)
            elif isinstance(element.tag, str) and element.tag not in _UNREAD:
                self.blocks(element)

    def _paragraph(self, paragraph: _Element) -> None:
        style = self._styles.of(paragraph)
        if style.hidden or style.contents:
            return
        text = "".join(self._text(paragraph))
        if style.level and text.strip():
            self.title = self.title or text
            self._gathered.heading(text)
        else:
            self._gathered.line(text)
            self._lines += 1
            if self._lines <= _FIRST_LINES and not self.day:
                self.day = told_day(" ".join(text.split()))
        for box in _boxes(paragraph):
            self.blocks(box)

    def _table(self, table: _Element) -> None:
        rows = []
        for row in _inside(table, _ROW):
            cells = [
                " ".join("".join(self._text(one)) for one in cell.iter(_P))
                for cell in _inside(row, _CELL)
            ]
            rows.append(cells)
        self._gathered.table(rows)

    def _text(self, element: _Element) -> Iterator[str]:
        for child in element:
            if child.tag == _T:
                yield child.text or ""
            elif child.tag in _BLANKS:
                yield " "
            elif child.tag == f"{WORD}noBreakHyphen":
                yield "-"
            elif not self._passed_over(child):
                yield from self._text(child)

    def _passed_over(self, element: _Element) -> bool:
        if not isinstance(element.tag, str) or element.tag in _UNREAD:
            return True
        if element.tag in (_BOX, _P, _TABLE):  # a block of its own, read after this one
            return True
        return element.tag == _R and self._styles.hides(element)


def _inside(parent: _Element, tag: str) -> Iterator[_Element]:
    """The rows of a table, the cells of a row: not those of a table in a cell."""
    for element in parent:
        if element.tag == tag:
            yield element
        elif isinstance(element.tag, str) and element.tag not in {
            *_UNREAD,
            _P,
            _TABLE,
            _ROW,
            _CELL,
        }:
            yield from _inside(element, tag)


def _boxes(paragraph: _Element) -> Iterator[_Element]:
    for element in paragraph:
        if element.tag == _BOX:
            yield element
        elif isinstance(element.tag, str) and element.tag not in _UNREAD:
            yield from _boxes(element)


def _footnotes(word: docx.document.Document, reading: _Reading, gathered: Gathering) -> None:
    for relation in word.part.rels.values():
        if relation.reltype.endswith(("/footnotes", "/endnotes")) and not relation.is_external:
            parser = XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            gathered.heading("Notes")
            for note in fromstring(relation.target_part.blob, parser):
                if not attribute(note, "type"):  # the others draw the line above them
                    reading.blocks(note)
