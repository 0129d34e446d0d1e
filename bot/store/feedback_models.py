"""The tables of questions, of what officers said of the answers, and of answers that somebody
stands for. Whoever waits for an answer or stands for one is known by a random key."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    Table,
    false,
)

from bot.store.models import Moment, Words, metadata

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
    Column("name", Words, nullable=False, server_default=""),  # random; "" cannot be rated
    Column("verdict", Words, nullable=False, server_default=""),
    Column("reason", Words, nullable=False, server_default=""),  # personal details are masked
    Column("message", Words, nullable=False, server_default=""),  # a hash of the posted one
    Index(None, "community", "asked_at"),
    Index(None, "asked_at"),
    Index(None, "community", "name"),
    Index(None, "community", "message"),
)

open_question_table = Table(
    "open_question",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("platform", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("text", Words, nullable=False),  # personal details are masked
    Column("asked_at", Moment, nullable=False),
    Column("told", Boolean, nullable=False),  # in a digest
    Column("answered", Boolean, nullable=False),  # or closed without an answer
    Column("cause", Words, nullable=False, server_default="unsure"),
    Column("why", Words, nullable=False, server_default=""),  # personal details are masked
    Column("asker_key", Words, nullable=False, server_default=""),  # who waits to be told
    Column("vector", LargeBinary),  # none until it is embedded
    Column("model", Words, nullable=False, server_default=""),
    # For those who look after answers; what older programs kept is for its place's digest alone.
    Column("listed", Boolean, nullable=False, server_default=false()),
    Index(None, "community", "channel", "asked_at"),
    Index(None, "asked_at"),
)

verified_table = Table(
    "verified",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("question", Words, nullable=False),
    Column("wordings", JSON, nullable=False),  # others of it; personal details are masked
    Column("answer", Words, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("by", Words, nullable=False),
    Column("author_key", Words, nullable=False),
    Column("until", Date, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("reminded", Boolean, nullable=False),  # that its day has passed
    Column("vector", LargeBinary, nullable=False),  # of the question, then of each wording
    Column("model", Words, nullable=False),
    Index(None, "until"),
)

expert_table = Table(
    "expert",
    metadata,
    Column("community", Words, primary_key=True),
    Column("person_key", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("named", Boolean, nullable=False),  # an administrator agreed
    Column("asked_at", Moment, nullable=False),
)

usage_table = Table(  # how often a day, without a text and without a name
    "usage",
    metadata,
    Column("community", Words, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("what", Words, primary_key=True),
    Column("count", Integer, nullable=False),
    Index(None, "day"),
)
