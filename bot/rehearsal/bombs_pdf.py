"""PDFs that are bombs: loops, claims, streams that unpack without end, nesting, passwords."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from random import Random

from bot.rehearsal.bombs import Bomb

_MEGABYTE = 1_000_000
_FONT = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
_LINE = b"Residents report a repair in two minutes, and are told when somebody comes."
_TEXT = b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % _LINE
_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def written(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, one in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    at = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    size = b"/Size %d/Root 1 0 R" % (len(objects) + 1)
    out.write(b"trailer\n<<%s%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, at))
    return out.getvalue()


def _stream(content: bytes, about: bytes = b"") -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), about, content)


def _page(contents: bytes = b"4 0 R", more: bytes = b"", box: bytes = b"[0 0 595 842]") -> bytes:
    about = (box, _FONT[:-2] + more + b">>", contents)
    return b"<</Type/Page/Parent 2 0 R/MediaBox %s/Resources %s/Contents %s>>" % about


def _one(*others: bytes, page: bytes = b"") -> bytes:
    """A PDF of one page; the others are its further objects, from 4."""
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return written([_CATALOG, pages, page or _page(), *others])


def one_page(drawn: bytes, more: bytes = b"") -> bytes:
    """A PDF of one page with this drawn on it; `more` is said in its catalog."""
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return written([_CATALOG[:-2] + more + b">>", pages, _page(), _stream(drawn)])


def _loop(_: int) -> bytes:
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 2>>"
    return written([_CATALOG, pages, b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 2>>"])


def _claimed(_: int) -> bytes:
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>"
    return written([_CATALOG, pages, _page(), _stream(_TEXT)])


def _repeated(_: int) -> bytes:
    """One page, a hundred thousand times."""
    pages = b"<</Type/Pages/Kids[%s]/Count 100000>>" % (b"3 0 R " * 100_000)
    return written([_CATALOG, pages, _page(), _stream(_TEXT)])


def _branching(_: int) -> bytes:
    """A tree of which each level holds the next ten times."""
    levels = [
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"%d 0 R " % (number + 3) * 10, 10 ** (7 - number))
        for number in range(7)
    ]
    return written([_CATALOG, *levels, _page(b"10 0 R"), _stream(_TEXT)])


def _deflated(megabytes: int) -> bytes:
    packed = zlib.compress(_TEXT + b" " * (megabytes * _MEGABYTE), 9)
    return _one(_stream(packed, b"/Filter/FlateDecode"))


def _operators(megabytes: int) -> bytes:
    text = b"(A line of text.) Tj T* " * (megabytes * 40_000)
    packed = zlib.compress(b"BT /F1 12 Tf 12 TL 72 700 Td " + text + b"ET", 9)
    return _one(_stream(packed, b"/Filter/FlateDecode"))


def _chained(megabytes: int) -> bytes:
    packed = _TEXT + b" " * (megabytes * _MEGABYTE)
    for _ in range(8):
        packed = zlib.compress(packed, 9)
    return _one(_stream(packed, b"/Filter[%s]" % (b"/FlateDecode" * 8)))


def _filters(_: int) -> bytes:
    return _one(
        _stream(_TEXT.hex().encode() + b">", b"/Filter[%s]" % (b"/ASCIIHexDecode" * 50_000))
    )


def _arrays(_: int) -> bytes:
    return _one(b"[" * 200_000 + b"]" * 200_000)


def _arrays_of_text(_: int) -> bytes:
    return _one(_stream(b"[" * 200_000 + b"]" * 200_000 + _TEXT))


def _dictionaries(_: int) -> bytes:
    return _one(_stream(_TEXT), b"<</A" * 100_000 + b" 1" + b">>" * 100_000)


def _image(_: int) -> bytes:
    about = b"/Type/XObject/Subtype/Image/Width 999999/Height 999999/BitsPerComponent 8"
    packed = zlib.compress(bytes(1000))
    image = _stream(packed, about + b"/ColorSpace/DeviceRGB/Filter/FlateDecode")
    page = _page(more=b"/XObject<</I 5 0 R>>")
    return _one(_stream(_TEXT + b" q 100 0 0 100 0 0 cm /I Do Q"), image, page=page)


def _boxed(_: int) -> bytes:
    return _one(_stream(_TEXT), page=_page(box=b"[0 0 99999999999 99999999999]"))


def _form(_: int) -> bytes:
    """A drawing that draws itself, twice."""
    about = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    form = _stream(b"/X Do /X Do", about)
    return _one(_stream(_TEXT + b" /X Do"), form, page=_page(more=b"/XObject<</X 5 0 R>>"))


def _contents(_: int) -> bytes:
    """One long drawing, drawn again and again."""
    packed = zlib.compress(b"BT /F1 9 Tf (%s) Tj ET " % (b"ha " * 3000) * 20, 9)
    return _one(_stream(packed, b"/Filter/FlateDecode"), page=_page(b"[%s]" % (b"4 0 R " * 5000)))


def _previous(_: int) -> bytes:
    """A table of objects that names itself as the one before it."""
    plain = _one(_stream(_TEXT))
    at = int(plain.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    return written(
        [_CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", _page(), _stream(_TEXT)],
        b"/Prev %d" % at,
    )


def _referring(_: int) -> bytes:
    """A length that is told by an object that is told by itself."""
    looped = b"<</Length 4 0 R>>\nstream\n" + _TEXT + b"\nendstream"
    return _one(looped, b"5 0 R")


def _outline(_: int) -> bytes:
    catalog = b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>"
    entry = b"<</Title(A)/Parent 5 0 R/First 5 0 R/Next 5 0 R/Prev 5 0 R/Last 5 0 R/Count 9999999>>"
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return written([catalog, pages, _page(), _stream(_TEXT), entry])


def _locked(_: int) -> bytes:
    from pypdf import PdfWriter

    writer, out = PdfWriter(io.BytesIO(_one(_stream(_TEXT)))), io.BytesIO()
    writer.encrypt("not told", algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def _cut_off(_: int) -> bytes:
    whole = _one(_stream(_TEXT * 200))
    return whole[: len(whole) // 2]


def _noise(_: int) -> bytes:
    return b"%PDF-1.7\n" + Random(9).randbytes(200_000)


PDFS = (
    Bomb("loop.pdf", _loop),
    Bomb("claimed.pdf", _claimed, refused=False),
    Bomb("repeated.pdf", _repeated),
    Bomb("branching.pdf", _branching),
    Bomb("deflated.pdf", _deflated, refused=False),
    Bomb("operators.pdf", _operators),
    Bomb("chained.pdf", _chained, refused=False),
    Bomb("filters.pdf", _filters, refused=False),
    Bomb("arrays.pdf", _arrays),
    Bomb("arrays-of-text.pdf", _arrays_of_text, refused=False),
    Bomb("dictionaries.pdf", _dictionaries, refused=False),
    Bomb("image.pdf", _image, refused=False),
    Bomb("boxed.pdf", _boxed, refused=False),
    Bomb("form.pdf", _form, refused=False),
    Bomb("contents.pdf", _contents),
    Bomb("previous.pdf", _previous, refused=False),
    Bomb("referring.pdf", _referring, refused=False),
    Bomb("outline.pdf", _outline, refused=False),
    Bomb("locked.pdf", _locked),
    Bomb("cut-off.pdf", _cut_off, refused=False),
    Bomb("noise.pdf", _noise),
)
