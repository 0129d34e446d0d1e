"""One generation's passages searched where PostgreSQL keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, LiteralString

import numpy as np
from psycopg import sql

from indexer.engine import Array, EngineAway, Rows
from indexer.lexical import Postings, summed, words
from indexer.postgres.places import EF_SEARCH, Connection, Place

PLACES, SCORES, HALF = np.dtype("<i4"), np.dtype("<f4"), np.dtype("<f2")
_FURTHEST = 1000  # as far as an HNSW lets itself be searched
_ALL_OF: LiteralString = (
    "SELECT place, {near} AS far FROM {table} WHERE generation = %(generation)s"
)
_SOME_OF: LiteralString = _ALL_OF + " AND place = ANY(%(places)s)"
_NEAREST: LiteralString = "SELECT place, {near} AS far FROM {table} ORDER BY {near} LIMIT %(limit)s"
_NEAREST_OF_ALL: LiteralString = _ALL_OF + " ORDER BY far, place LIMIT %(limit)s"
_WORDS: LiteralString = (
    "SELECT word, places, scores FROM word"
    " WHERE generation = %(generation)s AND word = ANY(%(words)s)"
)
_STATEMENTS: LiteralString = (
    "SELECT place, statements FROM {table}"
    " WHERE generation = %(generation)s AND place = ANY(%(places)s)"
)
_VECTORS: LiteralString = (
    "SELECT vector::text, statements FROM {table} WHERE generation = %(generation)s ORDER BY place"
)


def word_key(word: str) -> bytes:
    """What a word is found by: none is too long, and none stands in the database as it is."""
    return hashlib.blake2b(word.encode(), digest_size=16).digest()


def partition(part: int) -> sql.Identifier:
    """The table that keeps one partition; it is asked by name, so that no plan is made for all."""
    return sql.Identifier(f"passage_{part}")


class Searching:
    """An `Engine` on one published generation. May be used by several threads."""

    def __init__(
        self, place: Place, generation: int, size: int, width: int, *, apart: bool
    ) -> None:
        self._place, self._generation, self._size = place, generation, size
        self._apart = apart
        self._table = partition(generation if apart else 0)
        # The very expression that the HNSW is on, or it is not used.
        self._near = sql.SQL("vector::halfvec({0}) <#> %(vector)s::halfvec({0})").format(width)

    def nearest(self, vector: Array, limit: int) -> tuple[Rows, Array]:
        if not self._size or limit < 1:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)
        given = {"generation": self._generation, "vector": _told(vector), "limit": limit}
        if not self._apart:
            found = self._rows(_NEAREST_OF_ALL, given)
            if not found:
                raise self._gone()
            return _scored(found)
        further = min(limit, _FURTHEST) if limit > EF_SEARCH else 0
        return _scored(self._rows(_NEAREST, given, further=further))

    def cosines(self, rows: Rows, vector: Array) -> Array:
        if not len(rows):
            return np.empty(0, dtype=np.float32)
        query = _ALL_OF if len(rows) == self._size else _SOME_OF
        given = {"generation": self._generation, "vector": _told(vector), "places": rows.tolist()}
        found = self._rows(query, given)
        places, scores = _scored(found)
        if len(places) != len(rows):
            raise self._gone()
        order = np.argsort(places)
        return scores[order][np.searchsorted(places[order], rows)]

    def words(self, text: str) -> Array:
        asked = words(text)
        keys = {word: word_key(word) for word in asked}
        if not keys:
            return summed(self._size, ())
        given = {"generation": self._generation, "words": list(keys.values())}
        held = {bytes(key): _postings(*found) for key, *found in self._rows(_WORDS, given)}
        return summed(self._size, (held[keys[word]] for word in asked if keys[word] in held))

    def statements(self, rows: Sequence[int], vector: Array) -> list[Array]:
        if not len(rows):
            return []
        given = {"generation": self._generation, "places": list(rows)}
        held = dict(self._rows(_STATEMENTS, given))
        if len(held) != len(set(rows)):
            raise self._gone()
        return [_unpacked(held[row], len(vector)) @ vector for row in rows]

    def vectors(self) -> Iterator[tuple[Array, Array]]:
        """Each row's own vector and its statements', as they are kept: in half precision."""
        for told, statements in self._rows(_VECTORS, {"generation": self._generation}):
            row = np.fromstring(told[1:-1], dtype=np.float32, sep=",")
            yield row, _unpacked(statements, len(row))

    def _rows(
        self, query: LiteralString, given: dict[str, Any], *, further: int = 0
    ) -> list[tuple[Any, ...]]:
        composed = sql.SQL(query).format(near=self._near, table=self._table)

        def fetched(connection: Connection) -> list[tuple[Any, ...]]:
            if not further:
                return connection.execute(composed, given, binary=True).fetchall()
            with connection.transaction():
                connection.execute(sql.SQL("SET LOCAL hnsw.ef_search = {}").format(further))
                return connection.execute(composed, given, binary=True).fetchall()

        return self._place.asked(fetched)

    def _gone(self) -> EngineAway:
        """It was removed for a newer one, which is taken up in a moment."""
        return EngineAway(f"The generation {self._generation} is not in the database any more.")


def _scored(found: list[tuple[Any, ...]]) -> tuple[Rows, Array]:
    """The database gives negative products."""
    places = np.array([place for place, _ in found], dtype=np.int64)
    return places, np.array([-far for _, far in found], dtype=np.float32)


def _told(vector: Array) -> str:
    return str(vector.tolist())


def _postings(places: bytes, scores: bytes) -> Postings:
    return np.frombuffer(places, PLACES), np.frombuffer(scores, SCORES)


def _unpacked(statements: bytes, width: int) -> Array:
    return np.frombuffer(statements, HALF).reshape(-1, width).astype(np.float32)
