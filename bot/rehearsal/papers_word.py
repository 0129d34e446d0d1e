"""Word files in the shapes that councils publish: templates, tracked changes, notes, boxes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE as LINKED
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.rehearsal.papers_known import TEST_DATA, Paper, Said
from bot.rehearsal.papers_prose import Prose

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_MADE, _PACKED = datetime(2024, 3, 9), (2024, 3, 9, 0, 0, 0)  # so that the bytes are settled
_WHEN = re.compile(rb'w:date="[^"]*"')
_SPACES = (
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" ' + nsdecls("w")
)
_REVISION = 'w:id="1" w:author="test data" w:date="2024-03-09T00:00:00Z"'


@dataclass
class _Draft:
    """A Word file as it is written."""

    name: str
    prose: Prose
    word: Word = field(default_factory=Document)
    said: list[Said] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)

    def heading(self, level: int = 2) -> None:
        text = self.prose.heading()
        self.word.add_heading(text, level)
        self.headings.append(text)

    def paragraph(self, count: int, style: str | None = None) -> None:
        told = self.prose.sentences(count)
        self.word.add_paragraph(" ".join(told), style)
        self.said += map(Said, told)

    def items(self, count: int, style: str = "List Bullet") -> None:
        for item in [self.prose.item() for _ in range(count)]:
            self.word.add_paragraph(item, style)
            self.said.append(Said(item))

    def table(self, rows: Sequence[tuple[str, ...]]) -> None:
        table = self.word.add_table(len(rows), len(rows[0]), "Table Grid")
        for number, row in enumerate(rows):
            for cell, text in zip(table.rows[number].cells, row, strict=True):
                cell.text = text
        self.rows += rows

    def body(self, xml: str) -> None:
        """A paragraph written as Word's own XML."""
        self.word.element.body.insert_element_before(parse_xml(xml), "w:sectPr")

    def chapter(self, paragraphs: int = 3, each: int = 3) -> None:
        self.heading()
        for _ in range(paragraphs):
            self.paragraph(each)

    def paper(self) -> Paper:
        return Paper(
            name=f"{self.name}.docx",
            kind="word",
            media=MEDIA,
            content=_settled(self.word, self.name),
            said=tuple(self.said),
            aside=tuple(self.aside),
            rows=tuple(self.rows),
            headings=tuple(self.headings),
            furniture=tuple(self.furniture),
        )


def words(seed: str) -> list[Paper]:
    """Six of them, each with prose of its own."""
    made = (_plan, _template, _tracked, _noted, _boxed, _controls)
    drafts = [_Draft(make.__name__[1:], Prose(f"{seed} {make.__name__}")) for make in made]
    for make, draft in zip(made, drafts, strict=True):
        make(draft)
    return [draft.paper() for draft in drafts]


def _settled(word: Word, name: str) -> bytes:
    """The file with one date everywhere."""
    about = word.core_properties
    about.title, about.author = f"{name.capitalize()} ({TEST_DATA})", "test data"
    about.created = about.modified = _MADE
    raw, out = io.BytesIO(), io.BytesIO()
    word.save(raw)
    with zipfile.ZipFile(raw) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in given.namelist():
            held = given.read(part)
            if part.endswith("comments.xml"):
                held = _WHEN.sub(b'w:date="2024-03-09T00:00:00Z"', held)
            packed.writestr(zipfile.ZipInfo(part, _PACKED), held, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _run(text: str, tag: str = "t") -> str:
    return f'<w:r><w:{tag} xml:space="preserve">{escape(text)}</w:{tag}></w:r>'


def _paragraph(inner: str) -> str:
    return f"<w:p {_SPACES}>{inner}</w:p>"


def _plan(draft: _Draft) -> None:
    """Headings of three depths, lists of both kinds, tables; a header and a footer."""
    part = draft.word.sections[0]
    for place, text in (
        (part.header, f"Anytown Borough Council ({TEST_DATA}) – OFFICIAL"),
        (part.footer, f"Digital plan, version 0.9 ({TEST_DATA})"),
    ):
        place.paragraphs[0].text = text
        draft.furniture.append(text)
    for number in range(10):
        draft.heading(1 + number % 3)
        draft.paragraph(3)
        draft.items(2, "List Number" if number % 2 else "List Bullet")
        draft.paragraph(3)
        if number % 4 == 1:
            draft.table([("Measure", "Before", "After"), *(draft.prose.row(3) for _ in range(5))])


def _template(draft: _Draft) -> None:
    """A committee's form: a grid about the report, then text; headings that are only bold."""
    grid = [("Report to:", "Cabinet"), ("Date:", "9 March 2024"), ("Ward:", "All wards")]
    grid += [("Purpose:", draft.prose.item()), ("Decision:", draft.prose.item())]
    draft.table(grid)
    for number in range(1, 9):
        title = draft.prose.heading()
        draft.word.add_paragraph().add_run(title).bold = True
        for part in range(1, 4):
            first, *others = draft.prose.sentences(3)
            told = [f"{number}.{part} {first}", *others]
            draft.word.add_paragraph(
                " ".join(told).replace(f"{number}.{part} ", f"{number}.{part}\t")
            )
            draft.said += map(Said, told)
    draft.table([("Risk", "Owner", "Score"), *(draft.prose.row(3) for _ in range(6))])


def _tracked(draft: _Draft) -> None:
    """Changes that nobody has accepted yet: what is struck out is gone, what was added stands."""
    for _ in range(12):
        draft.heading()
        told, gone = draft.prose.sentences(3), draft.prose.sentence()
        half = len(told[1]) // 2
        draft.body(
            _paragraph(
                _run(told[0] + " ")
                + f"<w:del {_REVISION}>{_run(gone + ' ', 'delText')}</w:del>"
                + _run(told[1][:half])
                + f"<w:ins {_REVISION}>{_run(told[1][half:] + ' ')}</w:ins>"
                + _run(told[2])
            )
        )
        draft.said += map(Said, told)
        draft.furniture.append(gone)
        draft.paragraph(3)


def _noted(draft: _Draft) -> None:
    """Notes at the foot of pages; words in several runs, links, soft and fixed hyphens."""
    link = draft.word.part.relate_to("https://www.example.org/plan", LINKED.HYPERLINK, True)
    for number in range(1, 13):
        draft.heading()
        told, note = draft.prose.sentences(3), draft.prose.sentence()
        draft.aside.append(note)
        head, tail = told[1].split(" ", 1)
        draft.body(
            _paragraph(
                _run(told[0])
                + f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
                + _run(" ")
                + f'<w:hyperlink r:id="{link}" {nsdecls("r")}>{_run(head)}</w:hyperlink>'
                + _run(" " + tail.replace("programme", "pro\u00adgramme"))
                + "<w:r><w:br/></w:r>"
                + _run(told[2])
            )
        )
        draft.said += map(Said, told)
        draft.paragraph(3)
    _foot(draft)


def _foot(draft: _Draft) -> None:
    """The part of the file that holds its notes."""
    notes = "".join(
        f'<w:footnote w:id="{number}">{_paragraph(_run(text))}</w:footnote>'
        for number, text in enumerate(draft.aside, 1)
    )
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:footnotes {_SPACES}>{notes}</w:footnotes>'
    whole = draft.word.part.package
    part = Part(PackURI("/word/footnotes.xml"), _NOTES, xml.encode(), whole)
    draft.word.part.relate_to(part, LINKED.FOOTNOTES)


def _boxed(draft: _Draft) -> None:
    """Boxes beside the text, which a file holds twice: for newer and for older programs."""
    for number in range(9):
        draft.chapter(2, 4)
        if number % 2:
            box = draft.prose.sentence()
            held = f"<w:txbxContent>{_paragraph(_run(box))}</w:txbxContent>"
            draft.body(
                _paragraph(
                    '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
                    "<a:graphic><a:graphicData><wps:wsp><wps:txbx>"
                    f"{held}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
                    "</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
                    f"{held}</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
                )
            )
            draft.aside.append(box)
        draft.items(2)


def _controls(draft: _Draft) -> None:
    """Fields to fill in, breaks of pages, a table within a table, a comment in the margin."""
    for number in range(10):
        draft.heading()
        told = draft.prose.sentences(3)
        draft.body(
            f"<w:sdt {_SPACES}><w:sdtContent>{_paragraph(_run(' '.join(told)))}"
            "</w:sdtContent></w:sdt>"
        )
        draft.said += map(Said, told)
        draft.paragraph(4)
        if number == 4:
            draft.word.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        if number == 6:
            comment = draft.prose.sentence()
            draft.word.add_comment(draft.word.paragraphs[-1].runs, comment, "test data", "TD")
            draft.furniture.append(comment)
    outer = draft.word.add_table(1, 1, "Table Grid").cell(0, 0)
    inner = outer.add_table(4, 3)
    rows = [draft.prose.row(3) for _ in range(4)]
    for number, row in enumerate(rows):
        for cell, text in zip(inner.rows[number].cells, row, strict=True):
            cell.text = text
    draft.rows += rows
