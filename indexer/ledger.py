"""What is to be embedded and what has been, claimed in batches by any number of workers.

In a SQLite file beside an index, or in a table of PostgreSQL that many computers share. A row goes
by a digest of what is embedded. Words are in it only while others wait to embed them: they go as
the vectors come in, and all of it goes as soon as the build is whole.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from indexer.ledger_place import NAME, Place, Row, condition, explained

Clock = Callable[[], float]

LEASE = 600.0  # seconds that a claim holds; a batch takes some seconds, on a slow computer a minute
_AT_ONCE = 1000  # rows read by one statement

_ENTER = """
INSERT INTO {table} AS t (unit, digest, made_by, length, words) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (unit, digest) DO UPDATE SET words = COALESCE(t.words, excluded.words)
WHERE t.vectors IS NULL"""
_PUT = """
INSERT INTO {table} AS t (unit, digest, made_by, length, vectors) VALUES (?, ?, ?, 0, ?)
ON CONFLICT (unit, digest) DO UPDATE SET vectors = excluded.vectors, words = NULL, worker = NULL
WHERE t.vectors IS NULL"""
_CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT unit, digest FROM {table}
    WHERE vectors IS NULL AND made_by = ? AND (until <= ? OR until > ?) AND {mine} AND {seen}
    ORDER BY length DESC LIMIT ? {skipping}
)
UPDATE {table} SET worker = ?, until = ?
WHERE (unit, digest) IN (SELECT unit, digest FROM picked)
RETURNING unit, digest, length, words"""
_HAND_IN = """
UPDATE {table} SET vectors = ?, words = NULL, worker = NULL
WHERE unit = ? AND digest = ? AND vectors IS NULL"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be embedded. `length` is that of its words in characters, which may be None."""

    digest: str
    length: int
    words: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One that is ours to embed until the lease is over."""

    unit: str
    digest: str
    length: int
    words: str | None


class Ledger:
    """`made_by` names the model: what another one is to embed is not seen. `worker` is who claims.

    Where `words_only`, what has no words here is not seen either: its own process embeds it.
    Everything raises Unembedded.
    """

    def __init__(
        self,
        place: Place,
        made_by: str,
        worker: str,
        *,
        words_only: bool = True,
        clock: Clock = time.time,
    ) -> None:
        self.worker = worker
        self._place, self._made_by, self._clock = place, made_by, clock
        self._mine, self._unit = condition(place.unit)
        self._seen = "words IS NOT NULL" if words_only else "TRUE"
        with explained(self._place):
            self._connection = place.opened()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def enter(self, entries: Iterable[Entry]) -> None:
        """Each under the unit of the place; one that is there stays as it is."""
        unit, made_by = self._place.unit or "", self._made_by
        rows = [(unit, one.digest, made_by, one.length, one.words) for one in entries]
        self._many(_ENTER, rows)

    def put(self, vectors: Mapping[str, bytes]) -> None:
        """What was embedded elsewhere, by its digest."""
        unit, made_by = self._place.unit or "", self._made_by
        self._many(_PUT, [(unit, digest, made_by, rows) for digest, rows in vectors.items()])

    def claim(self, most: int) -> list[Claim]:
        """So many that wait and that nobody has, or had for longer than the lease; the longest.
        What somebody took by a clock that is far ahead of this one is free too: nobody knows when
        it would come back."""
        now = self._clock()
        given = (self._made_by, now, now + 2 * LEASE, *self._unit, most, self.worker, now + LEASE)
        with self._writing():
            found = [Claim(*row) for row in self._run(_CLAIM, given)]
        return sorted(found, key=lambda one: (-one.length, one.digest))

    def hand_in(self, vectors: Iterable[tuple[Claim, bytes]]) -> None:
        """On the disk when this returns. What somebody else handed in first stays."""
        self._many(_HAND_IN, [(rows, one.unit, one.digest) for one, rows in vectors])

    def left(self) -> int:
        """How many have no vectors yet, whoever has them."""
        asked = (
            "SELECT count(*) FROM {table} WHERE vectors IS NULL AND made_by = ? AND {mine} "
            "AND {seen}"
        )
        return int(self._read(asked, (self._made_by, *self._unit))[0][0])

    def others(self) -> int:
        """How many wait for another model."""
        asked = "SELECT count(*) FROM {table} WHERE vectors IS NULL AND made_by <> ? AND {mine}"
        return int(self._read(asked, (self._made_by, *self._unit))[0][0])

    def made(self) -> Iterator[tuple[str, bytes]]:
        """The vectors that are there, by digest."""
        asked = (
            "SELECT digest, vectors FROM {table} WHERE digest > ? AND made_by = ? AND {mine} "
            f"AND vectors IS NOT NULL ORDER BY digest LIMIT {_AT_ONCE}"
        )
        last = ""
        while found := self._read(asked, (last, self._made_by, *self._unit)):
            yield from ((digest, bytes(vectors)) for digest, vectors in found)
            last = found[-1][0]

    def holders(self) -> list[str]:
        """The workers that have claims."""
        asked = (
            "SELECT DISTINCT worker FROM {table} "
            "WHERE vectors IS NULL AND worker IS NOT NULL AND {mine}"
        )
        return [worker for (worker,) in self._read(asked, self._unit)]

    def release(self, worker: str) -> None:
        """Let others have the claims of one that is gone before its lease is over."""
        freed = "UPDATE {table} SET worker = NULL, until = 0 WHERE worker = ? AND {mine}"
        self._write(freed, (worker, *self._unit))

    def keep(self, digests: Collection[str]) -> None:
        """Remove all but these: what is of texts that were removed or changed, or of another
        model."""
        asked = "SELECT digest, made_by FROM {table} WHERE {mine}"
        found = self._read(asked, self._unit)
        kept = set(digests)
        self.remove(one for one, by in found if one not in kept or by != self._made_by)

    def remove(self, digests: Iterable[str]) -> None:
        removed = "DELETE FROM {table} WHERE digest = ? AND {mine}"
        self._many(removed, [(one, *self._unit) for one in digests])

    def withdraw(self) -> None:
        """Remove what still waits, and so every word; what was embedded stays."""
        self._write("DELETE FROM {table} WHERE vectors IS NULL AND {mine}", self._unit)

    def _forget(self) -> None:
        """Remove all of it, also from the disk unless there are others' rows."""
        self._write("DELETE FROM {table} WHERE {mine}", self._unit)
        with self._writing():
            self._run("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE", ())
            if not self._run("SELECT 1 FROM {table} LIMIT 1", ()):
                self._run("TRUNCATE {table}", ())

    def _read(self, statement: str, given: Sequence[object]) -> list[Row]:
        with explained(self._place):
            return self._run(statement, given)

    def _write(self, statement: str, given: Sequence[object]) -> None:
        with self._writing():
            self._run(statement, given)

    def _many(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        if rows:
            with self._writing():
                self._connection.cursor().executemany(self._worded(statement), rows)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with explained(self._place):
            self._connection.execute(self._place.kind.begin)
            try:
                yield
            except BaseException:
                with suppress(Exception):  # it may be undone, or the connection gone, by now
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def _run(self, statement: str, given: Sequence[object]) -> list[Row]:
        cursor = self._connection.execute(self._worded(statement), tuple(given))
        return list(cursor.fetchall()) if cursor.description else []

    def _worded(self, statement: str) -> str:
        return self._place.kind.worded(statement, mine=self._mine, seen=self._seen)


def forgotten(place: Place) -> None:
    """Remove all that is noted of one index, whichever model it is for. Raises Unembedded."""
    if not place.shared:
        for file in (place.file, place.file.with_name(f"{NAME}-journal")):
            file.unlink(missing_ok=True)
    elif place.there():
        with Ledger(place, "", "") as ledger:
            ledger._forget()
