"""Rows as COPY BINARY takes them; see "Binary Format" in PostgreSQL's manual of COPY."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator

from psycopg import sql

from indexer.engine import Array
from indexer.lexical import Lexical
from indexer.postgres.places import Connection
from indexer.postgres.searching import HALF, PLACES, SCORES, word_key

_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TAIL = b"\xff\xff"
_AT_ONCE = 1 << 18  # bytes


def copied(
    connection: Connection, table: sql.Composable, rows: Iterable[tuple[bytes, ...]]
) -> None:
    """Writes rows, each field as PostgreSQL receives it, in the order of the table's columns."""
    with connection.cursor().copy(
        sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(table)
    ) as copy:
        gathered = bytearray(_HEAD)
        for row in rows:
            gathered += struct.pack("!h", len(row))
            for field in row:
                gathered += struct.pack("!i", len(field))
                gathered += field
            if len(gathered) > _AT_ONCE:
                copy.write(bytes(gathered))
                gathered.clear()
        copy.write(bytes(gathered) + _TAIL)


def passage_rows(
    part: int, generation: int, vectors: Array, statements: Array, sizes: Iterable[int]
) -> Iterator[tuple[bytes, ...]]:
    """`sizes` says of each passage how many of the statements are its own."""
    start, head = 0, struct.pack("!hh", vectors.shape[1], 0)
    first, second = number(part), number(generation)
    for place, (vector, size) in enumerate(zip(vectors, sizes, strict=True)):
        own = statements[start : start + size].astype(HALF).tobytes()
        yield first, second, number(place), head + vector.astype(">f2").tobytes(), own
        start += size


def word_rows(generation: int, lexical: Lexical) -> Iterator[tuple[bytes, ...]]:
    for word in filter(None, lexical.columns):  # bm25s counts an empty one, without a column
        places, scores = lexical.postings(word)
        if len(scores):
            found = places.astype(PLACES).tobytes(), scores.astype(SCORES).tobytes()
            yield number(generation), word_key(word), *found


def number(value: int) -> bytes:
    return struct.pack("!i", value)
