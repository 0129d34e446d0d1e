"""A generation written into the database: seen by nobody until all of it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psycopg
from psycopg import sql

from indexer.engine import Array
from indexer.generation import Generation, searched
from indexer.lexical import Lexical
from indexer.passages import Passage
from indexer.postgres import schema
from indexer.postgres.copying import copied, passage_rows, word_rows
from indexer.postgres.places import Connection
from indexer.postgres.searching import partition
from indexer.vectors import Vectors

APART_OVER = 5_000  # rows; up to here looking at all of them takes some milliseconds
_LINKS, _BUILD_DEPTH = 16, 80
_CHUNK = 1 << 20  # bytes of a file
_MEMORY = (64, 2048)  # megabytes that an HNSW may take while it is built


@dataclass(frozen=True, slots=True)
class Rows:
    """What is searched of a generation; `sizes` says how many of the statements each row has."""

    vectors: Array
    statements: Array
    sizes: Sequence[int]
    lexical: Lexical

    @classmethod
    def of(cls, generation: Generation) -> Rows:
        lines = generation.passages.read_text("utf-8").split("\n")
        sizes = [len(Passage.from_json(line).statements) for line in lines if line]
        vectors = Vectors.read(generation.vectors).matrix
        statements: Array = np.load(generation.statements, mmap_mode="r")
        return cls(vectors, statements, sizes, Lexical.read(generation.lexical))


@dataclass(frozen=True, slots=True)
class About:
    """Whose generation it is, and what is said of it."""

    community: str
    model: str
    name: str
    manifest: str = ""
    stamp: str = ""


def written(connection: Connection, about: About, rows: Rows, apart_over: int) -> int:
    """The generation's number, its passages and words written."""
    size, width = rows.vectors.shape
    apart = size > apart_over
    given = (*(about.community, about.model, about.name, about.manifest, about.stamp),)
    found = connection.execute(
        "INSERT INTO generation (community, model, name, manifest, stamp, size, width, apart)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
        (*given, size, width, apart),
    ).fetchone()
    assert found
    number = int(str(found[0]))
    part = number if apart else 0
    if apart:
        _set_apart(connection, number)
    passages = passage_rows(part, number, rows.vectors, rows.statements, rows.sizes)
    copied(connection, partition(part), passages)
    copied(connection, sql.Identifier("word"), word_rows(number, rows.lexical))
    if apart:
        _linked(connection, number, size, width)
    return number


def files_written(connection: Connection, number: int, generation: Generation) -> None:
    """What whoever serves needs besides; a file that is there already is not sent again."""
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (schema.FILES,))
    for name, checksum in generation.manifest.files.items():
        if searched(name):
            continue
        there = connection.execute("SELECT 1 FROM file WHERE checksum = %s LIMIT 1", (checksum,))
        if there.fetchone() is None:
            _sent(connection, generation.folder / name, checksum)
        connection.execute("INSERT INTO held VALUES (%s, %s, %s)", (number, name, checksum))


def pointed(connection: Connection, about: About, number: int) -> None:
    """From the commit on this one is current, and those before it are past. Of a community's own
    texts no other one stays, by whatever model."""
    connection.execute(
        "INSERT INTO current VALUES (%s, %s, %s)"
        " ON CONFLICT (community, model) DO UPDATE SET generation = excluded.generation",
        (about.community, about.model, number),
    )
    if about.community:
        connection.execute(
            "DELETE FROM current WHERE community = %s AND model <> %s",
            (about.community, about.model),
        )
    connection.execute(
        "UPDATE generation SET retired = now() WHERE community = %s AND retired IS NULL"
        " AND id NOT IN (SELECT generation FROM current)",
        (about.community,),
    )


def removed(connection: Connection, older_than: float) -> None:
    """Generations that were replaced that many seconds ago; some may still be asked until then."""
    found = connection.execute(
        "SELECT id, apart FROM generation WHERE retired <= now() - %s * interval '1 second'"
        " ORDER BY id FOR UPDATE SKIP LOCKED",
        (older_than,),
    ).fetchall()
    for number, apart in found:
        if apart:
            connection.execute(sql.SQL("DROP TABLE {}").format(partition(int(str(number)))))
        else:
            connection.execute("DELETE FROM passage_0 WHERE generation = %s", (number,))
        connection.execute("DELETE FROM generation WHERE id = %s", (number,))


def files_removed(connection: Connection) -> None:
    """Those that no generation refers to any more."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (schema.FILES,))
    connection.execute("DELETE FROM file WHERE checksum NOT IN (SELECT checksum FROM held)")


def _set_apart(connection: Connection, number: int) -> None:
    connection.execute(
        sql.SQL("CREATE TABLE {} (LIKE passage_0 INCLUDING STORAGE, CHECK (part = {}))").format(
            partition(number), number
        )
    )


def _linked(connection: Connection, number: int, size: int, width: int) -> None:
    """Its indexes, and its place among the partitions: last, for that is locked to the end."""
    table = partition(number)
    connection.execute(
        sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (part, generation, place)").format(table)
    )
    least, most = _MEMORY
    memory = min(max(size * (2 * width + 500) // 10**6, least), most)
    connection.execute(sql.SQL("SET LOCAL maintenance_work_mem = {}").format(f"{memory}MB"))
    graph = sql.SQL(
        "CREATE INDEX ON {} USING hnsw ((vector::halfvec({})) halfvec_ip_ops)"
        " WITH (m = {}, ef_construction = {})"
    ).format(table, width, _LINKS, _BUILD_DEPTH)
    try:
        with connection.transaction():
            connection.execute(graph)
    except psycopg.errors.DiskFull:  # of shared memory: a container's is often too small for two
        connection.execute("SET LOCAL max_parallel_maintenance_workers = 0")
        connection.execute(graph)
    connection.execute(sql.SQL("ANALYZE {}").format(table))
    connection.execute(
        sql.SQL("ALTER TABLE passage ATTACH PARTITION {} FOR VALUES IN ({})").format(table, number)
    )


def _sent(connection: Connection, file: Path, checksum: str) -> None:
    with file.open("rb") as stream:
        place = 0
        while (content := stream.read(_CHUNK)) or place == 0:
            connection.execute(
                "INSERT INTO file VALUES (%s, %s, %b) ON CONFLICT DO NOTHING",
                (checksum, place, content),
            )
            place += 1
