"""A web page's part as lines: paragraphs, items, rows of tables, under its headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from indexer.parsing.gathering import Gathering

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_BLOCKS = _HEADINGS | frozenset(
    "html body main article section div p ul ol li dl dt dd blockquote pre figure figcaption "
    "details summary header footer address hr center fieldset legend caption table thead tbody "
    "tfoot tr td th hgroup search".split()
)
_LINKS = 0.8  # a list more of which than this is links, three or more, only leads elsewhere
_SPAN = 50  # columns or rows that one cell may stand for
_BREAK = re.compile(r"\n\s*(?![a-z])")


def gather(part: HtmlElement, gathered: Gathering) -> None:
    words = _Words(gathered)
    walk = iterwalk(part, events=("start", "end"))
    for event, element in walk:
        if not isinstance(element.tag, str):
            continue
        if event == "start" and element.tag == "table" and _holds_data(element):
            words.end()
            gathered.table(_rows(element))
            walk.skip_subtree()
        elif event == "start":
            words.begun(element)
        else:
            words.ended(element, outermost=element is part)
    words.end()


class _Words:
    """Text gathered until the block that it stands in begins or ends."""

    def __init__(self, gathered: Gathering) -> None:
        self._gathered = gathered
        self._words: list[str] = []
        self._heading = False
        self._anchor = ""

    def begun(self, element: HtmlElement) -> None:
        if element.tag in _BLOCKS:
            self.end()
        if element.tag in _HEADINGS:
            self._heading, self._anchor = True, _anchor(element)
        if element.tag == "br":
            self._words.append("\n")
        if element.text:
            self._words.append(element.text if element.tag == "pre" else _flat(element.text))

    def ended(self, element: HtmlElement, outermost: bool) -> None:
        if element.tag in _BLOCKS:
            self.end()
        if element.tag in _HEADINGS:
            self._heading = False
        if element.tail and not outermost:
            self._words.append(_flat(element.tail))

    def end(self) -> None:
        words, self._words = "".join(self._words), []
        if not words.strip():
            return
        if self._heading:
            self._gathered.heading(words, anchor=self._anchor)
        else:
            for line in _BREAK.split(words):
                self._gathered.line(line)


def _flat(text: str) -> str:
    """A new line in a page's source is a blank."""
    return text.replace("\n", " ").replace("\r", " ")


def _anchor(heading: HtmlElement) -> str:
    """Its own id, or that of a mark in it or of the section that it begins."""
    for inner in heading.iter("h1", "h2", "h3", "h4", "h5", "h6", "a", "span"):
        if name := inner.get("id") or (inner.get("name") if inner.tag == "a" else ""):
            return str(name)
    above = heading.getparent()
    first = above is not None and above.index(heading) == 0 and above.tag in ("section", "div")
    return str(above.get("id", "")) if first else ""


def _holds_data(table: HtmlElement) -> bool:
    """Not one that only lays out a page."""
    if table.get("role") in ("presentation", "none"):
        return False
    inner = ("table", "h1", "h2", "h3", "ul", "ol", "blockquote")
    if next((one for one in table.iter(*inner) if one is not table), None) is not None:
        return False
    return len(table.findall(".//tr")) > 1


def _rows(table: HtmlElement) -> Iterator[list[str]]:
    """Each row's cells; one that reaches over several rows is told in each."""
    caption = table.find("caption")
    if caption is not None:
        yield [_cell(caption)]
    below: dict[int, tuple[int, str]] = {}
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _carried(below, cells)
            text = _cell(cell)
            if (deep := _number(cell, "rowspan")) > 1:
                below[len(cells)] = (deep - 1, text)
            cells += [text, *[""] * (_number(cell, "colspan") - 1)]
        _carried(below, cells)
        yield cells


def _carried(below: dict[int, tuple[int, str]], cells: list[str]) -> None:
    while (found := below.pop(len(cells), None)) is not None:
        left, text = found
        if left > 1:
            below[len(cells)] = (left - 1, text)
        cells.append(text)


def _number(cell: HtmlElement, name: str) -> int:
    told = cell.get(name, "1").strip()
    return max(1, min(int(told), _SPAN)) if told.isascii() and told.isdigit() else 1


def _cell(cell: HtmlElement) -> str:
    words = []
    for event, element in iterwalk(cell, events=("start", "end")):
        if event == "start":
            words += [
                " " if element.tag in _BLOCKS or element.tag == "br" else "",
                element.text or "",
            ]
        elif element is not cell:
            words += [" " if element.tag in _BLOCKS else "", element.tail or ""]
    return "".join(words)
