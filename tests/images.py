"""PNG files read with the standard library: enough to look at an icon's size and pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

CHANNELS = {2: 3, 6: 4}  # RGB and RGB with alpha


@dataclass(frozen=True)
class Image:
    """Eight bits a channel. A pixel is red, green, blue and how opaque it is."""

    width: int
    height: int
    pixels: tuple[tuple[int, int, int, int], ...]


def read(png: bytes) -> Image:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    chunks = list(_chunks(png[8:]))
    assert chunks[0][0] == b"IHDR"
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    assert (depth, interlaced) == (8, 0)
    size = CHANNELS[colour]
    raw = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = list(_rows(raw, width * size, size))
    assert len(rows) == height
    pixels = (row[at : at + size] for row in rows for at in range(0, len(row), size))
    return Image(width, height, tuple((p[0], p[1], p[2], (*p, 255)[3]) for p in pixels))


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    while data:
        (length,) = struct.unpack(">I", data[:4])
        name, body, check = data[4:8], data[8 : 8 + length], data[8 + length : 12 + length]
        assert zlib.crc32(name + body) == struct.unpack(">I", check)[0]
        yield name, body
        data = data[12 + length :]


def _rows(raw: bytes, width: int, size: int) -> Iterator[bytes]:
    """Each row as it was before its filter: a byte is told by those left of it and above."""
    above = bytes(width)
    for start in range(0, len(raw), width + 1):
        method, row = raw[start], bytearray(raw[start + 1 : start + 1 + width])
        for at in range(width):
            left = row[at - size] if at >= size else 0
            corner = above[at - size] if at >= size else 0
            row[at] = (row[at] + _expected(method, left, above[at], corner)) % 256
        yield bytes(row)
        above = bytes(row)


def _expected(method: int, left: int, up: int, corner: int) -> int:
    if method < 4:
        return (0, left, up, (left + up) // 2)[method]
    estimate = left + up - corner
    return min((left, up, corner), key=lambda value: abs(estimate - value))
