"""The lines of a PDF's pages with where they stand, in the order that the file draws them."""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.parsing.clean import clean

_WIDE = 0.9  # of a line's height: a gap between two words that parts two cells
_TINY = 2.5  # points; nobody is to read what is smaller
_RAISED = 0.8  # of a line's height: a figure as small as this leads to a note
_MARKED = re.compile(r"(.*[^\d\s£$€])\d{1,3}", re.S)
# Bullets and numbers of items, which stand well before their words.
_SIGN = re.compile(
    r"[•◦▪▫●○■□‣⁃∙·➢➤✓✔–-]|[\uf000-\uf0ff]|\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]"
    r"|\d{1,2}(?:\.\d{1,2}){1,3}\.?"
)
_HYPHENS = "\x02\ufffe"  # how pdfium gives the hyphen at the end of a line, and the end with it
_LINES = re.compile(rf"[^\n{_HYPHENS}]*[\n{_HYPHENS}]|[^\n{_HYPHENS}]+")


@dataclass(frozen=True, slots=True)
class Part:
    """Words that stand together; in points from the page's lower left."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """`parts` are its words as wide gaps part them. `size` is its height, 0 where nothing is
    known of where it stands; `broken` where a word goes on in the next line."""

    page: int
    parts: tuple[Part, ...]
    bottom: float = 0.0
    size: float = 0.0
    bold: bool = False
    broken: bool = False

    @property
    def text(self) -> str:
        return " ".join(part.text for part in self.parts)

    @property
    def left(self) -> float:
        return self.parts[0].left

    @property
    def right(self) -> float:
        return self.parts[-1].right

    @property
    def top(self) -> float:
        return self.bottom + self.size

    def part(self, index: int) -> Line:
        """One of its parts as a line by itself."""
        last = index == len(self.parts) - 1
        return replace(self, parts=(self.parts[index],), broken=self.broken and last)


def unplaced(page: int, text: str) -> Iterator[Line]:
    """The lines of a page of which only the words are known."""
    for line in text.split("\n"):
        if words := clean(line):
            yield Line(page, (Part(words, 0.0, 0.0),))


class PageLines:
    """Reads one page."""

    def __init__(self, page: pypdfium2.PdfPage, number: int) -> None:
        self._number = number
        self._text = page.get_textpage()
        self._width, self._height = page.get_size()
        self._box = pdfium.FS_RECTF()
        self._name = ctypes.create_string_buffer(128)

    def lines(self) -> Iterator[Line]:
        words = self._text.get_text_range()
        exact = len(words) == self._text.count_chars()
        start = 0
        for text in _LINES.findall(words):
            line = self._line(text, start, exact)
            if line is not None and line.size >= _TINY and self._is_seen(line):
                yield line
            start += len(text)

    def _line(self, text: str, start: int, exact: bool) -> Line | None:
        broken = text.endswith(tuple(_HYPHENS))
        bare = text.rstrip(f"\r\n{_HYPHENS}")
        found: list[tuple[str, int, int]] = []
        place = 0
        for word in bare.split(" "):
            if word.strip():
                first = start + place + len(word) - len(word.lstrip())
                found.append((word, first, start + place + len(word.rstrip()) - 1))
            place += len(word) + 1
        if not found:
            return None
        return self._placed(found, exact, broken)

    def _placed(self, found: list[tuple[str, int, int]], exact: bool, broken: bool) -> Line | None:
        bold = self._bold(self._at(found[0][1], exact))
        heights: Counter[tuple[float, float]] = Counter()
        parts: list[Part] = []
        size = 0.0
        for word, begin, end in found:
            self._at(begin, exact)
            left, size = self._box.left, max(size, self._box.top - self._box.bottom)
            height = round(self._box.top - self._box.bottom, 2), round(self._box.bottom, 2)
            heights[height] += len(word)  # a bullet or a raised figure is not what counts
            self._at(end, exact)
            right = self._box.right
            word = self._without_mark(word, end, exact, size)
            if parts and (
                left - parts[-1].right <= _WIDE * size or _SIGN.fullmatch(parts[-1].text)
            ):
                parts[-1] = Part(f"{parts[-1].text} {word}", parts[-1].left, right)
            else:
                parts.append(Part(word, left, right))
        bold = bold and self._bold(self._at(found[-1][1], exact))
        cleaned = (replace(part, text=clean(part.text)) for part in parts)
        kept = tuple(part for part in cleaned if part.text)
        size, bottom = heights.most_common(1)[0][0]
        return Line(self._number, kept, bottom, size, bold, broken) if kept else None

    def _without_mark(self, word: str, end: int, exact: bool, size: float) -> str:
        """A word without the small raised figure that leads to a note; the box taken is its last
        sign's."""
        found = _MARKED.fullmatch(word)
        if not found or self._box.top - self._box.bottom > _RAISED * size:
            return word
        return found[1]

    def _at(self, place: int, exact: bool) -> int:
        """Takes a character's box; gives its number among the page's characters."""
        index = place if exact else pdfium.FPDFText_GetCharIndexFromTextIndex(self._text, place)
        pdfium.FPDFText_GetLooseCharBox(self._text, index, self._box)
        return int(index)

    def _bold(self, index: int) -> bool:
        flags = ctypes.c_int()
        pdfium.FPDFText_GetFontInfo(self._text, index, self._name, 128, flags)
        name = self._name.value.lower()
        return b"bold" in name or b"black" in name or b"heavy" in name

    def _is_seen(self, line: Line) -> bool:
        """Not beside its page. Turned pages are left alone: their sides have changed places."""
        most = max(self._width, self._height)
        return line.right > 0 and line.left < most and line.top > 0 and line.bottom < most
