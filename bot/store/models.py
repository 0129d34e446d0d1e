"""The tables; those of digests are in `digest_models`, those of questions and of what is said of
their answers in `feedback_models`. Every row belongs to a community, and no row that lasts says
who asked, unless they want to be told of an answer.

Answering a follow-up needs the thread and counting questions the community, so a person's id would
be kept for no use. `heard.delivery` holds it until the answer is sent; then it is emptied. Whoever
registers a project, offers help or asks for it has a row in `person`, since only they may change
what is theirs: all other tables know them by the random key in it, and without it as nobody.
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
    LargeBinary,
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
    Column("person", Words, nullable=False),  # whose it is, where it is one person's
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

person_table = Table(
    "person",
    metadata,
    Column("community", Words, primary_key=True),
    Column("person", Words, primary_key=True),  # the platform's id
    Column("key", Words, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("platform", Words, nullable=False),  # these two only of whom we write to first
    Column("address", Words, nullable=False),
    Index(None, "community", "key", unique=True),
)

draft_table = Table(
    "draft",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("details", JSON, nullable=False),
    Column("outcomes", JSON, nullable=False),
    Column("person_key", Words, nullable=False),
    Column("author_key", Words, nullable=False),
    Column("kept_at", Moment, nullable=False),
    Index(None, "kept_at"),
)

project_table = Table(
    "project",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("title", Words, nullable=False),
    Column("description", Words, nullable=False),
    Column("council", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("stage", Words, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),  # its words are gone, its row says so to shelves
    Column("owner_key", Words, nullable=False),
    Column("registered_by", Words, nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("model", Words, nullable=False),
    Index(None, "community", "revision"),
    Index(None, "community", "registered_at"),
    Index(None, "shared"),
)

project_outcome_table = Table(
    "project_outcome",
    metadata,
    Column("community", Words, primary_key=True),
    Column("project", Words, primary_key=True),
    Column("outcome", Words, primary_key=True),
    Column("place", Integer, nullable=False),  # best first
    Column("confirmed_by", Words, nullable=False),
    Column("confirmed_at", Moment, nullable=False),
    Index(None, "community", "outcome"),
)

register_table = Table(  # grows with every change, so that what is in memory can be held against it
    "register",
    metadata,
    Column("community", Words, primary_key=True),
    Column("revision", Integer, nullable=False),
)

hidden_table = Table(
    "hidden",
    metadata,
    Column("community", Words, primary_key=True),
    Column("document", Words, primary_key=True),
    Column("hidden_at", Moment, nullable=False),
)

report_table = Table(
    "report",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("document", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("person_key", Words, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("reported_at", Moment, nullable=False),
    Index(None, "reported_at"),
)

fit_table = Table(
    "fit",
    metadata,
    Column("community", Words, primary_key=True),
    Column("base", Words, nullable=False),
    Column("examples", Words, nullable=False),
    Column("learned", LargeBinary, nullable=False),
    Column("projects", Integer, nullable=False),
    Column("made_at", Moment, nullable=False),
)

audit_table = Table(  # append-only: the database itself refuses to change it, see v0003
    "audit",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("community", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("person_key", Words, nullable=False),
    Column("action", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Index(None, "community", "at"),
)

peer_table = Table(
    "peer",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("person_key", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("help", Words, nullable=False),
    Column("outcomes", JSON, nullable=False),
    Column("council", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("nation", Words, nullable=False),
    Column("region", Words, nullable=False),
    Column("reach", Words, nullable=False),
    Column("beyond", Boolean, nullable=False),
    Column("monthly", Integer, nullable=False),
    Column("named", Boolean, nullable=False),  # in the digests of their community
    Column("paused_until", Moment),
    Column("wording", Words, nullable=False),  # what was agreed to, word by word
    Column("agreed_at", Moment, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Column("model", Words, nullable=False),
    Index(None, "community", "person_key", unique=True),
    Index(None, "beyond"),
)

introduction_table = Table(  # of the asker's community
    "introduction",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("asker_key", Words, nullable=False),
    Column("peer_community", Words, nullable=False),
    Column("peer_key", Words, nullable=False),
    Column("peer", Words, nullable=False),
    Column("peer_council", Words, nullable=False),
    Column("line", Words, nullable=False),
    Column("name", Words, nullable=False),  # these three are the asker's
    Column("council", Words, nullable=False),
    Column("reach", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("followed_up", Boolean, nullable=False),
    Column("helped", Boolean),
    Index(None, "community", "asker_key"),
    Index(None, "peer_community", "peer_key"),
    Index(None, "state"),
    Index(None, "asked_at"),
)

pair_table = Table(  # who is not to be offered to whom: neither can be read out of it
    "pair",
    metadata,
    Column("community", Words, primary_key=True),
    Column("digest", Words, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("peer_community", Words, nullable=False),  # who was asked when, whoever asked
    Column("peer_key", Words, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Index(None, "until"),
    Index(None, "asked_at"),
)

letter_table = Table(
    "letter",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("person_key", Words, nullable=False),
    Column("introduction", Words, nullable=False),
    Column("platform", Words, nullable=False),
    Column("addresses", JSON, nullable=False),
    Column("reply", Words, nullable=False),
    Column("instead", JSON, nullable=False),  # letters to be sent where this one cannot be
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("written_at", Moment, nullable=False),
    Index(None, "due_at"),
    Index(None, "community", "introduction"),
    Index(None, "written_at"),
)

secret_table = Table(
    "secret",
    metadata,
    Column("community", Words, primary_key=True),
    Column("value", Words, nullable=False),
)
