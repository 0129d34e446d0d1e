"""Text laid out on the pages of a PDF, so that it is known on which page each sentence begins."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from bot.rehearsal.papers_known import Said

MARGIN, HEAD, FOOT, GUTTER = 56.0, 72.0, 80.0, 24.0
_LEAST = 4  # letters on either side of a hyphen


@dataclass(frozen=True, slots=True)
class Look:
    """How a paper's pages look. `head` and `foot` are given the page's number, "" for none."""

    columns: int = 1
    font: str = "Helvetica"
    size: float = 10.5
    justified: bool = False
    hyphens: bool = False
    ligatures: bool = False
    head: Callable[[int], str] = field(default=lambda page: "")
    foot: Callable[[int], str] = field(default=lambda page: "")
    reserve: float = 0.0  # kept at the bottom of each page, for notes


@dataclass(slots=True)
class _Word:
    text: str
    begins: str = ""  # the sentence that begins with it
    mark: str = ""  # of a note, raised behind it


class Sheet:
    """A PDF written from top to bottom."""

    def __init__(self, look: Look) -> None:
        self._look, self._out = look, io.BytesIO()
        self._canvas = Canvas(self._out, pagesize=A4, invariant=1)
        self.page, self._columns = 1, look.columns
        self._width: float = A4[0]
        self._height: float = A4[1]
        self.said: list[Said] = []
        self.rows: list[tuple[str, ...]] = []
        self.headings: list[str] = []
        self.furniture: list[str] = []
        self.aside: list[str] = []
        self._notes: list[str] = []
        self._column, self._y = 0, self._top

    @property
    def _top(self) -> float:
        return self._height - HEAD

    @property
    def _measure(self) -> float:
        """How wide a column is, in points."""
        whole = self._width - 2 * MARGIN
        return (whole - GUTTER * (self._columns - 1)) / self._columns

    @property
    def _left(self) -> float:
        return MARGIN + self._column * (self._measure + GUTTER)

    def heading(self, text: str, size: float = 15) -> None:
        self._room(3.2 * size)
        self._y -= 0.5 * size
        self._canvas.setFont("Helvetica-Bold", size)
        for line in self._broken([_Word(one) for one in text.split()], size, "Helvetica-Bold"):
            self._canvas.drawString(self._left, self._y, " ".join(word.text for word in line))
            self._y -= size * 1.25
        self.headings.append(text)

    def paragraph(self, sentences: Sequence[str], marks: Sequence[str] = ()) -> None:
        """Sentences that run on; `marks` are of the notes behind the first of them."""
        words: list[_Word] = []
        for number, sentence in enumerate(sentences):
            some = [_Word(one) for one in sentence.split()]
            some[0].begins = sentence
            some[-1].mark = marks[number] if number < len(marks) else ""
            words += some
        self._lines(words, 0)
        self._y -= self._look.size * 0.7

    def items(self, items: Sequence[str], sign: str = "•") -> None:
        for item in items:
            words = [_Word(one) for one in item.split()]
            words[0].begins = item
            self._lines(words, 14, sign)
        self._y -= self._look.size * 0.7

    def note(self, text: str) -> str:
        """A note at the foot of this page; its mark."""
        mark = str(len(self.aside) + 1)
        self.aside.append(text)
        self._notes.append(f"{mark} {text}")
        return mark

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """Cells of one line each, in a grid; it goes on on the next page, its head once more."""
        size, high = 9.0, 16.0
        for row in rows:
            self._room(high)
            x = self._left
            for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
                self._canvas.setFont("Helvetica-Bold" if row is rows[0] else "Helvetica", size)
                self._canvas.rect(x, self._y - 5, width, high, stroke=1, fill=0)
                if number:
                    self._canvas.drawRightString(x + width - 4, self._y, cell)
                else:
                    self._canvas.drawString(x + 4, self._y, cell)
                x += width
            self._y -= high
            self.rows.append(tuple(row))
        self._y -= high

    def line(self, text: str, size: float, *, right: str = "") -> None:
        """A line by itself, such as of a cover or of a contents page; no sentence."""
        self._room(2 * size)
        self._canvas.setFont("Helvetica", size)
        self._canvas.drawString(self._left, self._y, text)
        if right:
            self._canvas.drawRightString(self._left + self._measure, self._y, right)
        self._y -= size * 1.8

    def picture(self, image: ImageReader) -> None:
        """A page that is nothing but a picture, as a scanner makes it."""
        self.turn()
        self._canvas.drawImage(image, 0, 0, self._width, self._height)
        self._notes, self._y = [], 0
        self._bare_page()

    def turn(self, *, wide: bool = False, columns: int = 0) -> None:
        """A new page, landscape where `wide`."""
        if self._y != self._top or self._column:
            self._end_page()
            self._bare_page()
        self._width, self._height = landscape(A4) if wide else A4
        self._canvas.setPageSize((self._width, self._height))
        self._columns = columns or self._look.columns
        self._column, self._y = 0, self._top

    def done(self) -> bytes:
        if self._y != self._top or self._column:
            self._end_page()
            self._canvas.showPage()
        else:
            self.page -= 1
        self._canvas.save()
        return self._out.getvalue()

    def titled(self, title: str) -> None:
        self._canvas.setTitle(title)

    def _bare_page(self) -> None:
        self._canvas.showPage()
        self.page += 1
        self._column, self._y = 0, self._top

    def _end_page(self) -> None:
        """What stands around the text: drawn last, the head too, as many programs do."""
        self._canvas.setFont("Helvetica", 8)
        y = FOOT - 14 + self._look.reserve
        for note in self._notes:
            words = [_Word(one) for one in note.split()]
            for line in self._broken(words, 8, "Helvetica", self._width - 2 * MARGIN):
                self._canvas.drawString(MARGIN, y, " ".join(word.text for word in line))
                y -= 10
        self._notes = []
        for told, height in ((self._look.head, self._height - 40), (self._look.foot, 36)):
            if text := told(self.page):
                self.furniture.append(text)
                self._canvas.drawCentredString(self._width / 2, height, text)

    def _room(self, needed: float) -> None:
        if self._y - needed >= FOOT + self._look.reserve:
            return
        if self._column + 1 < self._columns:
            self._column += 1
            self._y = self._top
            return
        self._end_page()
        self._bare_page()
        self._canvas.setPageSize((self._width, self._height))

    def _lines(self, words: list[_Word], indent: float, sign: str = "") -> None:
        size, font = self._look.size, self._look.font
        lines = self._broken(words, size, font, self._measure - indent)
        for number, line in enumerate(lines):
            self._room(size * 1.3)
            self.said += [Said(one.begins, self.page) for one in line if one.begins]
            self._canvas.setFont(font, size)
            if sign and not number:
                self._canvas.drawString(self._left, self._y, sign)
            self._draw(line, indent, last=number == len(lines) - 1)
            self._y -= size * 1.3

    def _draw(self, line: Sequence[_Word], indent: float, *, last: bool) -> None:
        font, size = self._look.font, self._look.size
        text = self._canvas.beginText(self._left + indent, self._y)
        text.setFont(font, size)
        if self._look.justified and not last and len(line) > 1:
            wide = stringWidth(" ".join(one.text for one in line), font, size)
            text.setWordSpace((self._measure - indent - wide) / (len(line) - 1))
        for number, word in enumerate(line):
            blank = " " if number + 1 < len(line) else ""
            shown = word.text.replace("fi", "ﬁ") if self._look.ligatures else word.text
            if not word.mark:
                text.textOut(shown + blank)
                continue
            text.textOut(shown)
            text.setFont(font, size * 0.6)
            text.setRise(size * 0.35)
            text.textOut(word.mark)
            text.setRise(0)
            text.setFont(font, size)
            text.textOut(blank)
        self._canvas.drawText(text)

    def _broken(
        self, words: Sequence[_Word], size: float, font: str, measure: float = 0
    ) -> list[list[_Word]]:
        """The words as lines, with hyphens where the look has them."""
        measure, lines = measure or self._measure, [list[_Word]()]
        left = measure
        for word in words:
            wide = stringWidth(word.text + " " + word.mark, font, size)
            if wide > left + stringWidth(" ", font, size):
                first = self._hyphened(word, left, size, font) if self._look.hyphens else 0
                if first:
                    lines[-1].append(_Word(word.text[:first] + "-", word.begins))
                    word = _Word(word.text[first:], "", word.mark)
                    wide = stringWidth(word.text + " ", font, size)
                lines.append([])
                left = measure
            lines[-1].append(word)
            left -= wide
        return lines

    def _hyphened(self, word: _Word, left: float, size: float, font: str) -> int:
        """How many letters of a word go before its hyphen; 0 where it is not to be broken."""
        if not word.text.isalpha() or len(word.text) < 2 * _LEAST:
            return 0
        for first in range(len(word.text) - _LEAST, _LEAST - 1, -1):
            if stringWidth(word.text[:first] + "-", font, size) <= left:
                return first
        return 0
