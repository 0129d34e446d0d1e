"""Documents, sitemaps and feeds that are almost right, read as the sandbox's children read them."""

from __future__ import annotations

import copy
import gzip
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from random import Random

from hypothesis import strategies as st
from lxml import etree
from reportlab.pdfgen.canvas import Canvas

from bot.rehearsal.bombs_office import packed, sheet, slides, word
from indexer.parsing import answers
from indexer.parsing.limits import Limits
from indexer.parsing.parsed import Unreadable
from indexer.parsing.reading import read, warmed
from tests import documents
from tests.documents import PAGE
from tests.fuzz_jobs import Job, Run
from tests.fuzzing import TEXTS, Draw, odd_bytes

KINDS = ("pdf", "docx", "pptx", "xlsx", "html", "md", "txt")


def samples(kind: str) -> tuple[bytes, ...]:
    """Small good documents of a kind, by the end of their names."""
    made: dict[str, Callable[[], tuple[bytes, ...]]] = {
        "pdf": lambda: (_small_pdf(), documents.drawn(documents.columns, title="Two columns")),
        "docx": lambda: (packed(word(_BODY)), packed(word(_BODY)), documents.letter()),
        "pptx": lambda: (
            packed(slides(1, "A line.")),
            packed(slides(2, "Ends.")),
            documents.slides(),
        ),
        "xlsx": lambda: (packed(sheet(_CELLS, _STRINGS)), documents.sheets()),
        "html": lambda: (PAGE.encode(), b"<html><body><p>A line.<table><tr><td>1</table>"),
        "md": lambda: (b"---\ntitle: A title\n---\n\n# A\n\nA line.\n\n- x\n\n| a | b |\n|-|-|\n",),
        "txt": lambda: (
            b"A title\n\nA line of it.\n\n- an item\n" * 5,
            "A £5 note".encode("cp1252"),
        ),
    }
    return made[kind]()


_BODY = """<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>What happened</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>Less paper
</w:t></w:r><w:ins><w:r><w:t>more</w:t></w:r></w:ins><w:del><w:r><w:delText>x</w:delText></w:r></w:del>
</w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Step</w:t></w:r></w:p></w:tc><w:tc><w:tcPr><w:gridSpan
w:val="2"/></w:tcPr><w:p><w:r><w:t>Days</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"""
_CELLS = """<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>0.125</v></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Bins</t></is></c><c r="C2" t="b"><v>1</v></c></row>
</sheetData>"""
_STRINGS = "<si><t>Service</t></si>"


def _small_pdf() -> bytes:
    """Nothing in it is packed, so that a change of a byte is one of what is read."""

    def page(canvas: Canvas) -> None:
        canvas.setPageCompression(0)
        canvas.drawString(60, 700, "Anytown moved its repairs online in 2021.")
        canvas.drawString(60, 680, "Otherham will do the same.")

    return documents.drawn(page, title="A page")


_READ = ("word/document.xml", "ppt/slides/slide", "xl/worksheets/sheet", "xl/sharedStrings.xml")


@st.composite
def _repacked(draw: Draw, whole: Sequence[Mapping[str, bytes]]) -> bytes:
    """A zip one part of which was changed; its sum is right, so the part is read."""
    chance = draw(st.randoms(use_true_random=True))
    parts = chance.choice(whole)
    read = [name for name in parts if name.startswith(_READ)]
    name = chance.choice(read if chance.random() < 0.8 else list(parts))
    whole_tree = name.endswith((".xml", ".rels")) and chance.random() < 0.7
    changed = _grafted(chance, parts[name]) if whole_tree else draw(odd_bytes([parts[name]]))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for part, content in parts.items():
            archive.writestr(part, changed if part == name else content)
    return out.getvalue()


def _grafted(chance: Random, content: bytes) -> bytes:
    """XML that is well formed, with elements gone, doubled, moved, renamed or filled oddly."""
    root = etree.fromstring(content)
    for _ in range(chance.randint(1, 5)):
        every = [one for one in root.iter() if isinstance(one.tag, str)]
        one, other = chance.choice(every), chance.choice(every)
        match chance.randrange(6):
            case 0 if one is not root:
                one.getparent().remove(one)
            case 1:
                other.append(copy.deepcopy(one))
            case 2 if one is not root:
                (other if other is not root else root[0]).addnext(copy.deepcopy(one))
            case 3:
                one.tag = other.tag
            case 4:
                one.text = chance.choice(_PLAIN)
            case _:
                for name in list(one.attrib)[:1] or ["val"]:
                    one.set(name, chance.choice(_PLAIN))
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made


# What XML can hold at all.
_PLAIN = tuple(
    one
    for one in TEXTS
    if all(char in "\t\n" or "\x20" <= char < "\ud800" or char > "\ue000" for char in one)
)


def _unpacked(one: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def made_of(kind: str) -> st.SearchStrategy[bytes]:
    """Documents of a kind that are almost right."""
    good = samples(kind)
    if kind in ("docx", "pptx", "xlsx"):
        parts = [_unpacked(one) for one in good]
        return st.one_of(_repacked(parts), _repacked(parts), _repacked(parts), odd_bytes(good))
    return odd_bytes(good)


def document(kind: str) -> Callable[[], Job]:
    def job() -> Job:
        warmed()
        return Job(made_of(kind), lambda _: _reading("read", f"a.{kind}"))

    return job


def _reading(task: str, name: str) -> Run:
    limits = Limits()

    def run(content: bytes) -> str:
        said = json.loads(read({"task": task, "name": name, "media": ""}, content, limits))
        try:
            if task == "links":
                return "read" if answers.links(said) else "nothing in it"
            answers.parsed(said)
        except Unreadable:
            return "refused"
        return "read"

    return run


_MAP = b"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/
sitemap/0.9"><url><loc>https://a.example/1</loc><lastmod>2024-03-12</lastmod></url></urlset>"""
_FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><item>
<title>A</title><link>https://a.example/1</link>
<pubDate>Tue, 12 Mar 2024 10:00:00 GMT</pubDate></item></channel></rss>"""
_ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="https://a.example/2"/>
<updated>2024-03-12T10:00:00Z</updated></entry></feed>"""
_INDEX = b"""<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>"""


def links() -> Job:
    good = (_MAP, _FEED, _ATOM, _INDEX)
    packed = odd_bytes(good).map(gzip.compress)
    made = st.one_of(
        odd_bytes(good), odd_bytes(good), packed, odd_bytes([*map(gzip.compress, good)])
    )
    return Job(made, lambda _: _reading("links", "sitemap.xml"))
