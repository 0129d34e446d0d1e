"""What a build has embedded so far, kept beside it, so that one that was ended goes on from there.

Vectors alone, each under a digest of what was embedded: no word of a text is in it. It is gone as
soon as the build is whole.
"""

import hashlib
import os
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Rows = tuple[Array, Array]
Item = tuple[bytes, Rows]

_NAME = ".embedded"
_HEAD = struct.Struct("<32sIII")  # a digest, rows, numbers in each, and what tells them whole


class Journal:
    """Grows by what is added. `made_by` names the model: what another one embedded is no use."""

    def __init__(self, folder: Path, made_by: str) -> None:
        self._file = folder / _NAME
        self._begin = hashlib.sha256(made_by.encode()).digest()

    def read(self) -> dict[bytes, Rows]:
        """What is whole of it, by the digests it was added under."""
        found: dict[bytes, Rows] = {}
        try:
            with self._file.open("rb") as file:
                if file.read(len(self._begin)) == self._begin:
                    while one := _next(file):
                        found[one[0]] = one[1]
        except FileNotFoundError:
            pass
        return found

    def start(self, held: Iterable[Item]) -> None:
        """Begin anew with that: a tail that a kill cut off must not stand before what follows."""
        fresh = self._file.with_suffix(".new")
        with fresh.open("wb") as file:
            file.write(self._begin)
            file.writelines(map(_packed, held))
        os.replace(fresh, self._file)

    def add(self, items: Iterable[Item]) -> None:
        """On the disk when this returns."""
        with self._file.open("ab") as file:
            file.writelines(map(_packed, items))
            file.flush()
            os.fsync(file.fileno())

    def remove(self) -> None:
        for file in (self._file, self._file.with_suffix(".new")):
            file.unlink(missing_ok=True)


def _packed(item: Item) -> bytes:
    name, (row, statements) = item
    rows = np.concatenate([row[None], statements]).astype("<f4")
    numbers = rows.tobytes()
    return _HEAD.pack(name, len(rows), rows.shape[1], zlib.crc32(numbers, zlib.crc32(name))) + (
        numbers
    )


def _next(file: BinaryIO) -> Item | None:
    """None at the end, and where the rest was not written whole."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    name, count, width, told = _HEAD.unpack(head)
    numbers = file.read(4 * count * width)
    if len(numbers) < 4 * count * width or zlib.crc32(numbers, zlib.crc32(name)) != told:
        return None
    rows = np.frombuffer(numbers, "<f4").reshape(count, width).astype(np.float32)
    return name, (rows[0], rows[1:])
