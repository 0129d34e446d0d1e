"""The tables of weekly digests. Whoever set one up is known by a random key, and nobody else."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, Table

from bot.store.models import Moment, Words, metadata

subscription_table = Table(
    "subscription",
    metadata,
    Column("community", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("platform", Words, nullable=False),
    Column("place", Words, nullable=False),
    Column("link", Words, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("at", Words, nullable=False),
    Column("zone", Words, nullable=False),
    Column("outcomes", JSON, nullable=False),
    Column("when_empty", Boolean, nullable=False),
    Column("paused", Boolean, nullable=False),
    Column("maker_key", Words, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("told_until", Moment, nullable=False),
    Column("next_due", Moment, nullable=False),
    Index(None, "community", "channel", unique=True),
    Index(None, "next_due"),
)

issue_table = Table(  # by channel, so that a digest set up anew does not come twice in a week
    "issue",
    metadata,
    Column("community", Words, primary_key=True),
    Column("channel", Words, primary_key=True),
    Column("period", Words, primary_key=True),
    Column("key", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("again_at", Moment),  # when it may be claimed next; none once it is settled
    Column("begun_at", Moment),
    Column("wanted", Boolean, nullable=False),
    Column("settled_at", Moment),
    Index(None, "again_at"),
    Index(None, "due_at"),
)

published_table = Table(  # which texts there were, and since when they are as they are
    "published",
    metadata,
    Column("community", Words, primary_key=True),  # all communities': see `published`
    Column("document", Words, primary_key=True),
    Column("digest", Words, nullable=False),
    Column("changed_at", Moment),  # none where it was there from the beginning
    Column("new", Boolean, nullable=False),
)
