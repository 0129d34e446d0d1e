"""The generations that are published in one database: published, opened, fetched, removed."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import LiteralString

import numpy as np

from indexer.engine import Array
from indexer.generation import Damaged, Generation, Manifest, manifest_from
from indexer.lexical import Lexical, write_lexical
from indexer.postgres import publishing, schema
from indexer.postgres.places import LONGEST, Connection, Place, SharedUnusable
from indexer.postgres.publishing import APART_OVER, About, Rows
from indexer.postgres.searching import Searching
from indexer.taking_in import taken_in
from indexer.vectors import Vectors

_ASIDE = ".completing"  # a file that is not whole yet
GRACE = 10.0  # seconds that a replaced generation stays: by then all have taken up the newer one
_CURRENT: LiteralString = (
    "SELECT g.community, g.id, g.name, g.stamp, g.manifest, g.size, g.width, g.apart"
    " FROM current JOIN generation g ON g.id = current.generation"
)
_CHUNKS = "SELECT content FROM file WHERE checksum = %s ORDER BY place"
_CURRENT_BY: LiteralString = _CURRENT + " WHERE g.model = %s"
_CURRENT_OF: LiteralString = _CURRENT_BY + " AND g.community = %s"


@dataclass(frozen=True, slots=True)
class Published:
    """One generation as the database has it."""

    number: int
    name: str
    stamp: str
    manifest: str
    size: int
    width: int
    apart: bool


class Shared:
    """One database's published generations. Of those by one model, each community has one that is
    current; "" is the shipped texts'. May be used by several threads.

    Raises EngineAway where a search cannot reach the database, else SharedUnusable.
    """

    def __init__(self, address: str, apart_over: int = APART_OVER) -> None:
        self._place, self._apart_over = Place(address), apart_over

    @classmethod
    @contextmanager
    def open(cls, address: str, apart_over: int = APART_OVER) -> Iterator[Shared]:
        """Raises SharedUnusable where the database cannot be reached or cannot keep passages."""
        shared = cls(address, apart_over)
        shared.begin()
        try:
            yield shared
        finally:
            shared.close()

    def begin(self) -> None:
        self._place.open()

    def close(self) -> None:
        self._place.close()

    def current(self, model: str) -> dict[str, Published]:
        """The current generation of each community that has one that this version can read."""
        read_by = schema.kept_under(model)
        found = self._place.asked(
            lambda connection: connection.execute(_CURRENT_BY, (read_by,)).fetchall()
        )
        return {str(community): Published(*rest) for community, *rest in found}  # type: ignore[arg-type]

    def engine(self, published: Published) -> Searching:
        one = published
        return Searching(self._place, one.number, one.size, one.width, apart=one.apart)

    def publish(self, generation: Generation, community: str = "", stamp: str = "") -> bool:
        """Makes a whole generation the current one of a community, in one transaction; False where
        it is already. `stamp` is kept with it."""
        told, model = generation.manifest.to_json(), schema.kept_under(generation.manifest.model)
        with self._alone(community) as connection:
            before = self._before(connection, community, model)
            if before and before.manifest == told:
                if before.stamp != stamp:
                    connection.execute(
                        "UPDATE generation SET stamp = %s WHERE id = %s", (stamp, before.number)
                    )
                return False
            if generation.fetched:
                raise SharedUnusable(
                    "Of the index here the passages' vectors were in a database that has them no "
                    "more. Run: outcomes index --force"
                )
            name = _name(generation, taken=bool(before and before.name == generation.id))
            about = About(community, model, name, told, stamp)
            rows = Rows.of(generation)
            number = publishing.written(connection, about, rows, self._apart_over)
            publishing.files_written(connection, number, generation)
            publishing.pointed(connection, about, number)
        return True

    def publish_rows(
        self, community: str, vectors: Array, texts: list[str], model: str = ""
    ) -> Searching:
        """The same of vectors and what words are counted in alone, to be searched and no more."""
        with TemporaryDirectory() as folder:
            write_lexical(texts, Path(folder))
            lexical = Lexical.read(Path(folder))
        none = np.empty((0, vectors.shape[1]), dtype=np.float32)
        rows = Rows(vectors, none, [0] * len(vectors), lexical)
        about = About(community, schema.kept_under(model), "rows")
        with self._alone(community) as connection:
            number = publishing.written(connection, about, rows, self._apart_over)
            publishing.pointed(connection, about, number)
        size, width = vectors.shape
        return Searching(self._place, number, size, width, apart=size > self._apart_over)

    def drop(self, community: str) -> None:
        """Has a community no generation any more; what it had goes with the next `sweep`."""
        with self._alone(community) as connection:
            connection.execute("DELETE FROM current WHERE community = %s", (community,))
            connection.execute(
                "UPDATE generation SET retired = now() WHERE community = %s AND retired IS NULL",
                (community,),
            )

    def drop_every_own(self) -> None:
        """Has no community a generation of its own any more; the shipped texts' stays."""
        with self._place.writing() as connection:
            connection.execute("DELETE FROM current WHERE community <> ''")
            connection.execute(
                "UPDATE generation SET retired = now() WHERE community <> '' AND retired IS NULL"
            )

    def sweep(self, grace: float = GRACE, sleep: Callable[[float], None] = time.sleep) -> None:
        """Removes what was replaced, once nobody can be asking it any more; nothing of it stays."""
        with self._place.writing() as connection:
            found = connection.execute(
                "SELECT extract(epoch FROM now() - max(retired))::float8 FROM generation"
            ).fetchone()
        if not found or found[0] is None:
            return
        if (rest := grace - float(str(found[0]))) > 0:
            sleep(rest)
        with self._place.writing() as connection:
            publishing.removed(connection, grace)
        with self._place.writing() as connection:
            publishing.files_removed(connection)

    def fetch(self, published: Published, home: Path, *, beside: bool = False) -> Generation:
        """What whoever serves needs besides the passages' vectors and words, in a home: as it is
        there, or fetched and held against its checksums. It is current there afterwards, unless a
        newer one was built there that is not published yet; where others are to be built `beside`
        it, always."""
        manifest = self._manifest(published)

        def write(folder: Path) -> None:
            self._place.asked(partial(_write_files, number=published.number, folder=folder))

        return taken_in(home, published.name, manifest, write, beside=beside)

    def complete(self, generation: Generation, published: Published) -> None:
        """The vectors of a fetched generation in its files, so that a build can take them over.
        Whoever finds those of the passages finds both: they come last."""
        if not generation.fetched or generation.vectors.exists():
            return
        pairs = list(self.engine(published).vectors())
        aside = generation.folder / _ASIDE
        with aside.open("wb") as stream:
            np.save(stream, np.concatenate([rows for _, rows in pairs]))
        os.replace(aside, generation.statements)
        Vectors.build(np.stack([row for row, _ in pairs])).write(aside)
        os.replace(aside, generation.vectors)

    @contextmanager
    def indexing(self, within: float = LONGEST) -> Iterator[None]:
        """While no other computer builds communities' own generations for this database."""
        with self._place.holding(schema.INDEXING, within):
            yield

    def _manifest(self, published: Published) -> Manifest:
        where = f"the database {self._place.name}"
        try:
            return manifest_from(published.manifest, where)
        except Damaged as error:
            raise SharedUnusable(f"{error}. Run: outcomes index --force") from error

    def _before(self, connection: Connection, community: str, model: str) -> Published | None:
        found = connection.execute(_CURRENT_OF, (model, community)).fetchone()
        return Published(*found[1:]) if found else None  # type: ignore[arg-type]

    @contextmanager
    def _alone(self, community: str) -> Iterator[Connection]:
        """A transaction in which nobody else publishes for a community."""
        with self._place.writing() as connection:
            connection.execute(
                "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", (schema.WRITTEN, community)
            )
            yield connection


def _name(generation: Generation, *, taken: bool) -> str:
    """Two computers may build in the same second."""
    if not taken:
        return generation.id
    return (
        f"{generation.id}-{hashlib.sha256(generation.manifest.to_json().encode()).hexdigest()[:6]}"
    )


def _write_files(connection: Connection, number: int, folder: Path) -> None:
    held = connection.execute(
        "SELECT name, checksum FROM held WHERE generation = %s", (number,)
    ).fetchall()
    for name, checksum in held:
        file = folder / str(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        with (
            file.open("wb") as stream,
            connection.transaction(),
            connection.cursor("chunks", binary=True) as chunks,
        ):
            chunks.itersize = 8
            chunks.execute(_CHUNKS, (checksum,))
            for (content,) in chunks:
                stream.write(content)  # type: ignore[arg-type]
