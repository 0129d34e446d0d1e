"""A backup as a file: a zip of JSON lines, one file a table, and a manifest of what is in it.

It is written aside and renamed, so that a name never stands for half a backup, and read row by
row, so that its size is no matter.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

FORMAT = 1
MANIFEST = "manifest.json"
LONGEST_MANIFEST = 1 << 20  # bytes
LONGEST_ROW = 1 << 28  # bytes; the longest there can be are a tenth of it
_BROKEN = (BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError)

Row = Sequence[object]


class ArchiveUnusable(Exception):
    """A file that is no whole backup, or cannot be read or written; says what to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table: its columns with their kinds, how many rows, and the checksum of its lines."""

    columns: Mapping[str, str]
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` is that of the tables; `made` when they were as they are here, in UTC."""

    format: int
    revision: str
    made: str
    tables: Mapping[str, Part]

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.tables.values())


class Writing:
    """A backup being written."""

    def __init__(self, into: ZipFile, file: Path) -> None:
        self._zip, self._file = into, file
        self._parts: dict[str, Part] = {}

    def table(self, name: str, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
        """All rows of a table, each a value for every column: what JSON has for it."""
        digest, number = hashlib.sha256(), 0
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                with _writable(self._file):
                    member.write(line)
                number += 1
        self._parts[name] = Part(dict(columns), number, digest.hexdigest())

    def finish(self, revision: str, made: str) -> Manifest:
        """What was written; without this it is no backup."""
        manifest = Manifest(FORMAT, revision, made, self._parts)
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        return manifest


@contextmanager
def writing(file: Path) -> Iterator[Writing]:
    """A backup under this name once all went well, for this account alone; nothing otherwise.
    Raises ArchiveUnusable where the name is that of something else."""
    if file.exists():
        _replaceable(file)
    aside = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    with _writable(file):
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(descriptor, "wb") as raw:
                with ZipFile(raw, "w", ZIP_DEFLATED) as made:
                    yield Writing(made, file)
                raw.flush()
                os.fsync(raw.fileno())
            os.replace(aside, file)
            _settled(file.parent)
        finally:
            aside.unlink(missing_ok=True)


@contextmanager
def _writable(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ArchiveUnusable(
            f"{file} cannot be written ({why.lower()}). Name a file in a folder that can be,"
            " with room for it"
        ) from error


class Archive:
    """A backup that is there, to be read. A context manager."""

    def __init__(self, file: Path) -> None:
        """Raises ArchiveUnusable where it is none."""
        self._file = file
        with self._explained():
            self._zip = ZipFile(file)
        try:
            with self._explained():
                self.manifest = _manifest(self._zip)
        except ArchiveUnusable:
            self._zip.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def verify(self) -> None:
        """Every line is as it was written; ArchiveUnusable where one is not."""
        for name, part in self.manifest.tables.items():
            digest, number = hashlib.sha256(), 0
            for line in self._lines(name):
                digest.update(line)
                number += 1
            if (number, digest.hexdigest()) != (part.rows, part.sha256):
                raise self._damaged(f"its checksum of {name} is another")

    def rows(self, name: str) -> Iterator[list[Any]]:
        """Those of a table, in the order of its columns."""
        width = len(self.manifest.tables[name].columns)
        for line in self._lines(name):
            with self._explained():
                row = json.loads(line)
            if not isinstance(row, list) or len(row) != width:
                raise self._damaged(f"a row of {name} is none")
            yield row

    def _lines(self, name: str) -> Iterator[bytes]:
        with self._explained(), self._zip.open(_member(name)) as member:
            while line := member.readline(LONGEST_ROW):
                yield line

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ArchiveUnusable(f"{self._file} cannot be read ({why.lower()})") from error
        except KeyError as error:
            raise self._damaged("a part of it is missing") from error
        except _BROKEN as error:
            raise self._damaged("it is no backup, or not a whole one") from error

    def _damaged(self, why: str) -> ArchiveUnusable:
        return ArchiveUnusable(
            f"{self._file} cannot be restored: {why}. Nothing was changed; take another backup"
        )


def _member(table: str) -> str:
    return f"{table}.jsonl"


def _manifest(archive: ZipFile) -> Manifest:
    """Raises ValueError or KeyError where there is none that can be read."""
    if archive.getinfo(MANIFEST).file_size > LONGEST_MANIFEST:
        raise ValueError("a manifest of that length is none")
    read = json.loads(archive.read(MANIFEST))
    if not isinstance(read, dict) or not isinstance(read["tables"], dict):
        raise ValueError("not a manifest")
    if read["format"] != FORMAT:
        raise ArchiveUnusable(
            "The backup was made by a newer version of this program. Install that version"
        )
    try:
        tables = {name: Part(**part) for name, part in read["tables"].items()}
        manifest = Manifest(FORMAT, str(read["revision"]), str(read["made"]), tables)
    except (TypeError, AttributeError) as error:
        raise ValueError("not a manifest") from error
    if {MANIFEST, *map(_member, tables)} != set(archive.namelist()):
        raise ValueError("it holds what its manifest does not name")
    return manifest


def _replaceable(file: Path) -> None:
    """A backup is replaced by a newer one of its name; nothing else is."""
    try:
        Archive(file).__exit__()
    except ArchiveUnusable as error:
        raise ArchiveUnusable(
            f"{file} is there and is no backup, so it is left as it is. Give another name"
        ) from error


def _settled(folder: Path) -> None:
    """The new name survives a loss of power, where the system can promise that."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # not on every system
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
