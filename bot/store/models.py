"""The tables. Every row belongs to a community, and no row that lasts says who asked.

Who asked is left out on purpose: answering a follow-up needs the thread and counting
questions needs the community, so a person's id would be personal data kept for no use.
Only `heard.delivery` holds it, until the answer is sent; then the delivery is emptied.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A time in UTC, given and returned with its zone; SQLite itself keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored: give one in UTC.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def storable(text: str) -> str:
    """The text without what a database refuses: NUL, and half a character."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


class Words(TypeDecorator[str]):
    """Text from outside, made storable first."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

thread_table = Table(
    "thread",
    metadata,
    Column("community", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("thread", Words, primary_key=True),
    Column("context", Words, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index(None, "updated_at"),
)

question_table = Table(
    "question",
    metadata,
    # SQLite counts rows by itself only in a column of exactly this type.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("community", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("thread", Words, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("text", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("documents", JSON, nullable=False),
    Column("elapsed_ms", Integer, nullable=False),
    Index(None, "community", "asked_at"),
    Index(None, "asked_at"),
)

heard_table = Table(
    "heard",
    metadata,
    Column("community", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("event", Words),
    Column("platform", Words, nullable=False),
    Column("delivery", Words, nullable=False),  # emptied once it is answered
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment),
    Column("heard_at", Moment, nullable=False),
    Index(None, "community", "event", unique=True),
    Index(None, "due_at"),
    Index(None, "heard_at"),
)

following_table = Table(
    "following",
    metadata,
    Column("community", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("thread", Words, primary_key=True),
    Column("quiet", Boolean, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index(None, "updated_at"),
)

room_table = Table(
    "room",
    metadata,
    Column("community", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("platform", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("address", Words, nullable=False),
)

reply_table = Table(
    "reply",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("reply", Words, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Index(None, "kept_at"),
)
