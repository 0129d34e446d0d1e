"""Word, PowerPoint and Excel files that are bombs: packed too tightly, nested, or without end."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from random import Random

from bot.rehearsal.bombs import Bomb

_MEGABYTE = 1_000_000
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPE = "application/vnd.openxmlformats-officedocument"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED = "http://schemas.openxmlformats.org/package/2006"
_HELLO = "<w:p><w:r><w:t>A line of text.</w:t></w:r></w:p>"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

Parts = dict[str, bytes | str]


def packed(parts: Mapping[str, bytes | str | Iterable[bytes]]) -> bytes:
    """Parts as a zip file; one that is given in pieces is never held whole."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            if isinstance(part, bytes | str):
                archive.writestr(name, part)
                continue
            with archive.open(name, "w", force_zip64=True) as file:
                for piece in part:
                    file.write(piece)
    return out.getvalue()


def office(kind: str, main: str, types: Mapping[str, str], targets: Mapping[str, str]) -> Parts:
    """The parts that say what an Office file holds; `targets` by kind and number of the part
    that its main part leads to."""
    overrides = "".join(
        f'<Override PartName="/{name}" ContentType="{_TYPE}.{type_}+xml"/>'
        for name, type_ in types.items()
    )
    folder, name = main.rsplit("/", 1)
    led = "".join(
        f'<Relationship Id="{key}" Type="{_LINK}/{key.split("-")[0]}" Target="{target}"/>'
        for key, target in targets.items()
    )
    return {
        "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKED}/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKED}/relationships"><Relationship '
        f'Id="r1" Type="{_LINK}/officeDocument" Target="{main}"/></Relationships>',
        f"{folder}/_rels/{name}.rels": f'{_XML}<Relationships xmlns="{_PACKED}/relationships">'
        f"{led}</Relationships>",
    }


def word(body: str, before: str = "") -> Parts:
    """A Word file's parts."""
    types = {"word/document.xml": "wordprocessingml.document.main"}
    parts = office("word", "word/document.xml", types, {})
    text = f"{_XML}{before}<w:document {_W}><w:body>{body}</w:body></w:document>"
    return {**parts, "word/document.xml": text}


def slides(count: int, text: str, before: str = "") -> Parts:
    """A PowerPoint file's parts."""
    names = [f"slides/slide{number}.xml" for number in range(1, count + 1)]
    types = {"ppt/presentation.xml": "presentationml.presentation.main"}
    types |= {f"ppt/{name}": "presentationml.slide" for name in names}
    targets = {f"slide-{number}": name for number, name in enumerate(names)}
    ids = "".join(f'<p:sldId id="{256 + n}" r:id="slide-{n}"/>' for n in range(count))
    slide = (
        f"{_XML}{before}<p:sld {_P} {_A}><p:cSld><p:spTree><p:nvGrpSpPr/><p:grpSpPr/><p:sp>"
        f'<p:nvSpPr><p:cNvPr id="2" name="t"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody>'
        f"<a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree>"
        "</p:cSld></p:sld>"
    )
    parts = office("ppt", "ppt/presentation.xml", types, targets)
    parts["ppt/presentation.xml"] = (
        f"{_XML}<p:presentation {_P} {_R}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>"
    )
    return {**parts, **{f"ppt/{name}": slide for name in names}}


def sheet(data: str, strings: str = "") -> Parts:
    """An Excel file's parts: one sheet, and the strings that its cells share."""
    types = {
        "xl/workbook.xml": "spreadsheetml.sheet.main",
        "xl/worksheets/sheet1.xml": "spreadsheetml.worksheet",
        "xl/sharedStrings.xml": "spreadsheetml.sharedStrings",
    }
    targets = {"worksheet-1": "worksheets/sheet1.xml", "sharedStrings-1": "sharedStrings.xml"}
    return {
        **office("xl", "xl/workbook.xml", types, targets),
        "xl/workbook.xml": f"{_XML}<workbook {_S} {_R}><sheets>"
        '<sheet name="A" sheetId="1" r:id="worksheet-1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": f"{_XML}<worksheet {_S}>{data}</worksheet>",
        "xl/sharedStrings.xml": f"{_XML}<sst {_S}>{strings}</sst>",
    }


def _blanks(megabytes: int, around: str) -> Iterable[bytes]:
    before, after = around.split("|")
    yield before.encode()
    for _ in range(megabytes):
        yield b" " * _MEGABYTE
    yield after.encode()


def _tight(megabytes: int) -> bytes:
    around = f"{_XML}<w:document {_W}><w:body>{_HELLO}|</w:body></w:document>"
    return packed({**word(""), "word/document.xml": _blanks(megabytes, around)})


def _picture(megabytes: int) -> bytes:
    return packed({**slides(1, "A line."), "ppt/media/image1.png": _blanks(megabytes, "|")})


def _nested(megabytes: int) -> bytes:
    inner = packed({"0.zip": _blanks(megabytes, "|")})
    for level in range(12):
        inner = packed({f"{level}-{copy}.zip": inner for copy in range(4)})
    return packed({**word(_HELLO), "word/embeddings/inner.docx": inner})


def _itself(_: int) -> bytes:
    """A file that holds a file that holds a file, each named as a document is."""
    inner = packed(word(_HELLO))
    for _ in range(60):
        inner = packed({"word/document.xml": inner, "[Content_Types].xml": inner})
    return inner


def _header(name: bytes, crc: int, small: int, large: int) -> bytes:
    return (
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, crc, small, large, len(name), 0) + name
    )


def _central(name: bytes, crc: int, small: int, large: int, at: int) -> bytes:
    fixed = (b"PK\1\2", 20, 20, 0, 8, 0, 33, crc, small, large, len(name), 0, 0, 0, 0, 0, at)
    return struct.pack("<4s6H3I5H2I", *fixed) + name


def _joined(local: bytes, entries: list[bytes]) -> bytes:
    whole, count = b"".join(entries), len(entries)
    return (
        local
        + whole
        + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(whole), len(local), 0)
    )


def _squeezed(content: bytes) -> bytes:
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    return press.compress(content) + press.flush()


def _overlapping(megabytes: int) -> bytes:
    """Each part quotes the heads of those behind it, and all end in the same bytes."""
    each, count = 2 * _MEGABYTE, max(megabytes // 2, 2)
    names = [b"word/document.xml", *(b"word/part%d.xml" % number for number in range(count))]
    tail = _squeezed(b" " * each)
    crc, small, large = zlib.crc32(b" " * each), len(tail), each
    heads = [(_header(names[-1], crc, small, large), names[-1], crc, small, large)]
    before = b""
    for name in reversed(names[:-1]):
        quoted = heads[0][0]
        before = quoted + before  # what this part holds before the blanks
        crc = zlib.crc32(b" " * each, zlib.crc32(before))
        small, large = small + 5 + len(quoted), large + len(quoted)
        heads.insert(0, (_header(name, crc, small, large), name, crc, small, large))
    local, entries = b"", list[bytes]()
    for number, (head, name, crc, small, large) in enumerate(heads):
        if number:
            local += struct.pack("<BHH", 0, len(head), len(head) ^ 0xFFFF)
        entries.append(_central(name, crc, small, large, len(local)))
        local += head
    return _joined(local + tail, entries)


def _repeated(megabytes: int) -> bytes:
    """One part, entered many times over."""
    content = b" " * _MEGABYTE
    small, crc, name = _squeezed(content), zlib.crc32(content), b"word/document.xml"
    local = _header(name, crc, len(small), len(content)) + small
    return _joined(local, [_central(name, crc, len(small), len(content), 0)] * (2 * megabytes))


def _lying(megabytes: int) -> bytes:
    """A part that says it is small."""
    content, name = b" " * (megabytes * _MEGABYTE), b"word/document.xml"
    small, crc = _squeezed(content), zlib.crc32(content)
    head = _header(name, crc, len(small), 1000)
    return _joined(head + small, [_central(name, crc, len(small), 1000, 0)])


def _laughing(_: int) -> bytes:
    before = f'<!DOCTYPE d [<!ENTITY l0 "ha">{_LAUGHS}]>'
    return packed(word("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", before))


def _laughing_wide(_: int) -> bytes:
    """The same where ASCII does not find it."""
    parts = slides(1, "&l9;", f'<!DOCTYPE d [<!ENTITY l0 "ha">{_LAUGHS}]>')
    slide = str(parts["ppt/slides/slide1.xml"]).replace('encoding="UTF-8"', 'encoding="UTF-16"')
    return packed({**parts, "ppt/slides/slide1.xml": slide.encode("utf-16")})


def _outside(_: int) -> bytes:
    before = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return packed(word("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>", before))


def _tables(_: int) -> bytes:
    depth = 3000
    opened = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:tc>" * depth
    return packed(word(opened + _HELLO + "<w:p/></w:tc></w:tr></w:tbl>" * depth))


def _deep(_: int) -> bytes:
    return packed(
        word("<w:sdt><w:sdtContent>" * 50_000 + _HELLO + "</w:sdtContent></w:sdt>" * 50_000)
    )


def _wide(_: int) -> bytes:
    cell = '<c r="XFD1048576"><v>1</v></c>'
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>A line.</t></is></c></row>'
    rows = f'{first}<row r="1048576">{cell}</row>'
    return packed(sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData>'))


def _shared(megabytes: int) -> bytes:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    text = "<si><t>" + "ha " * (megabytes * 4000) + "</t></si>"
    return packed(sheet(f"<sheetData>{cells}</sheetData>", text))


def _cells(_: int) -> bytes:
    row = "".join(f"<c><v>{n % 10}</v></c>" for n in range(2500))
    return packed(sheet(f"<sheetData>{f'<row>{row}</row>' * 1000}</sheetData>"))


def _many(_: int) -> bytes:
    return packed(slides(3000, "A line of text."))


def _parts(_: int) -> bytes:
    return packed({**word(_HELLO), **{f"word/media/{number}.xml": "" for number in range(20_000)}})


def _cut_off(_: int) -> bytes:
    whole = packed(word(_HELLO * 500))
    return whole[: len(whole) * 2 // 3]


def _locked(_: int) -> bytes:
    """What Office writes for a file with a password: another format, with the file within."""
    name = "EncryptedPackage".encode("utf-16-le")
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + name + bytes(2000)


def _noise(_: int) -> bytes:
    return b"PK\3\4" + Random(9).randbytes(50_000)


OFFICE = (
    Bomb("tight.docx", _tight),
    Bomb("picture.pptx", _picture),
    Bomb("zips-in-zips.docx", _nested, refused=False),
    Bomb("itself.docx", _itself),
    Bomb("overlapping.docx", _overlapping),
    Bomb("repeated.docx", _repeated),
    Bomb("lying.docx", _lying),
    Bomb("laughing.docx", _laughing),
    Bomb("laughing-wide.pptx", _laughing_wide),
    Bomb("outside.docx", _outside),
    Bomb("tables-in-tables.docx", _tables, refused=False),
    Bomb("deep.docx", _deep, refused=False),
    Bomb("wide.xlsx", _wide, refused=False),
    Bomb("shared.xlsx", _shared),
    Bomb("cells.xlsx", _cells),
    Bomb("slides.pptx", _many),
    Bomb("parts.docx", _parts),
    Bomb("cut-off.docx", _cut_off),
    Bomb("locked.docx", _locked),
    Bomb("noise.docx", _noise),
)
