"""An Office file's parts, looked at before anything opens them: how many, how large, what."""

from __future__ import annotations

import io
import zipfile

from indexer.parsing.limits import Limits, amount
from indexer.parsing.parsed import Unreadable

_WORTH = 1_000_000  # bytes; a smaller part may be packed as tightly as it likes
_ENCRYPTED = 0x1
_TOO_MUCH = "unpacks to too much: over {}, or a part of it to over {} times its size"
_MARKED = (".xml", ".rels", ".vml")
# No Office program writes these, and what unfolds a small file to a huge one needs them.
_UNFOLDS = tuple(
    sign.encode(coding)
    for sign in ("<!DOCTYPE", "<!ENTITY")
    for coding in ("ascii", "utf-16-le", "utf-16-be")
)


def looked_over(content: bytes, limits: Limits) -> io.BytesIO:
    """The file, to be opened. Raises Unreadable where a part of it is not to be."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _bounded(parts, limits)
            for part in parts:
                if part.filename.lower().endswith(_MARKED):
                    _plain(archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable("damaged: its parts cannot be unpacked") from error
    return io.BytesIO(content)


def _bounded(parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(parts) > limits.members:
        raise Unreadable(f"has more than {limits.members:,} parts")
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Unreadable("protected by a password")
    tight = any(
        part.file_size > _WORTH and part.file_size > limits.ratio * max(1, part.compress_size)
        for part in parts
    )
    if tight or sum(part.file_size for part in parts) > limits.unpacked:
        raise Unreadable(_TOO_MUCH.format(amount(limits.unpacked), limits.ratio))


def _plain(part: bytes) -> None:
    if any(sign in part for sign in _UNFOLDS):
        raise Unreadable("holds XML that may unfold without end, which no Office program writes")
