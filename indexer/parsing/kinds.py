"""What kind a document is: by its first bytes, and by its name only where those leave it open."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import urlsplit

from indexer.parsing.parsed import Unreadable

Kind = Literal["pdf", "docx", "pptx", "xlsx", "html", "markdown", "text"]

_BY_SUFFIX: dict[str, Kind] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
}
SUFFIXES = frozenset(_BY_SUFFIX)
_OTHERS = ".doc .dot .xls .ppt .pps .odt .ods .odp .rtf .wpd .pages .numbers .key .epub .eml .msg"
DOCUMENTS = SUFFIXES | frozenset(_OTHERS.split())
"""Those and others that people keep texts in: of these it is said that they cannot be read."""
_BY_MEDIA: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/markdown": "markdown",
    "text/x-markdown": "markdown",
    "text/plain": "text",
}
_CALLED = {"pdf": "PDF", "docx": "Word file", "pptx": "PowerPoint file", "xlsx": "Excel file"}
_OFFICE: dict[str, Kind] = {
    "word/document.xml": "docx",
    "ppt/presentation.xml": "pptx",
    "xl/workbook.xml": "xlsx",
}
_READABLE = (
    "PDF, Word (.docx), PowerPoint (.pptx), Excel (.xlsx), web pages, Markdown and plain text"
)
_FOREIGN = f"of a kind that cannot be read; these can: {_READABLE}"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_RARE = 30  # of so many bytes of a text one may be a control character
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def suffix(name: str) -> str:
    """The end of a file's name or an address, ".pdf", in lower case."""
    path = urlsplit(name).path if "://" in name else name
    return PurePosixPath(path.replace("\\", "/")).suffix.lower()


def kind(content: bytes, name: str, media: str) -> Kind:
    """Raises Unreadable for what cannot be read. A PDF is one whatever it is called; text that is
    called a PDF is most often a page that says that there is none."""
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(_OLD_OFFICE):
        raise Unreadable(_old_office(content))
    if not content.strip():
        raise Unreadable("empty")
    named = _BY_SUFFIX.get(suffix(name))
    if named in _CALLED:
        raise Unreadable(f"not a {_CALLED[named]} although it is named so, or damaged")
    return _text(content, named, _BY_MEDIA.get(media.partition(";")[0].strip().lower()))


def _text(content: bytes, named: Kind | None, sent: Kind | None) -> Kind:
    start = content[:4096]
    signs = 0 if start.startswith(_WIDE) else len(_NOT_TEXT.findall(start))
    if signs and (b"\x00" in start or signs * _RARE > len(start)):
        raise Unreadable(_FOREIGN)
    if content.startswith(b"{\\rtf"):
        raise Unreadable(_FOREIGN)
    if _PAGE.match(content[:4096].lstrip(b"\xef\xbb\xbf")):
        return "html"
    # A server that does not know Markdown sends it as plain text.
    told = named if sent in (None, "text") and named else sent
    if told is None:
        raise Unreadable(_FOREIGN)
    return told


def _office(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("damaged: its parts cannot be unpacked") from error
    for part, kind in _OFFICE.items():
        if part in names:
            return kind
    raise Unreadable(_FOREIGN)


def _old_office(content: bytes) -> str:
    if _LOCKED_OFFICE in content:
        return "protected by a password"
    return "in an old Office format; save it as .docx, .pptx or .xlsx"
