"""The tables of texts that communities bring in, where they come from, and what officers suggest.
Those of FOR_ALL are seen in every community. Whoever suggested one is known by a random key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple

from sqlalchemy import JSON, Boolean, Column, Index, Integer, LargeBinary, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from bot.store.models import Moment, Words, metadata, storable
from knowledge.library import Section


class Sections(TypeDecorator[tuple[Section, ...]]):
    """The parts of a text, as JSON: each the list of its fields."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[Section] | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        parts = [
            [storable(one) if isinstance(one, str) else one for one in astuple(section)]
            for section in value
        ]
        return json.dumps(parts, ensure_ascii=False)

    def process_result_value(
        self, value: str | None, dialect: Dialect
    ) -> tuple[Section, ...] | None:
        return None if value is None else tuple(Section(*fields) for fields in json.loads(value))


source_table = Table(
    "source",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("location", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("include", JSON, nullable=False),
    Column("exclude", JSON, nullable=False),
    Column("most", Integer, nullable=False),
    Column("every", Integer),  # seconds; none for never
    Column("added_at", Moment, nullable=False),
    Column("due_at", Moment),
    Column("refreshed_at", Moment),
    Column("said", Words, nullable=False),
    Column("failed", Boolean, nullable=False),
    Column("held_until", Moment),  # by the process that looks at it
)

own_text_table = Table(  # a row for each location that was looked at, also where none could be read
    "own_text",
    metadata,
    Column("community", Words, primary_key=True),
    Column("source", Words, primary_key=True),
    Column("location", Words, primary_key=True),
    Column("validator", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("reason", Words, nullable=False),  # why it could not be read
    Column("id", Words),  # none where there is no text
    Column("tries", Integer, nullable=False),  # looks in a row at which it could not be read
    Column("parser", Integer, nullable=False),  # the version of what read it
    Column("url", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("councils", JSON, nullable=False),
    Column("year", Integer, nullable=False),
    Column("outcomes", JSON, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("notes", JSON, nullable=False),
    Column("published", Words, nullable=False),
    Column("read_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    # What is long stands last: what goes before is then read without it.
    Column("sketch", LargeBinary, nullable=False),
    Column("sections", Sections, nullable=False),
    Index(None, "community", "id", unique=True),
    Index(None, "community", "confirmed_at"),
)

text_revision_table = Table(  # grows with every change of what is seen of a community's texts
    "text_revision",
    metadata,
    Column("community", Words, primary_key=True),
    Column("revision", Integer, nullable=False),
)

suggestion_table = Table(
    "suggestion",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("person_key", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("told", Words, nullable=False),
    Column("council", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("file_name", Words, nullable=False),
    Column("outcomes", JSON, nullable=False),
    Column("doubles", JSON, nullable=False),
    Column("state", Words, nullable=False),
    Column("said", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("reading", Words, nullable=False),
    Column("suggested_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),  # suggested, filled in again, or answered
    Column("read", Sections, nullable=False),
    Column("file", LargeBinary, nullable=False),
    Index(None, "community", "state"),
    Index(None, "community", "person_key"),
    Index(None, "changed_at"),
)
