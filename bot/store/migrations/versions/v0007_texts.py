"""Texts that communities bring in, where they come from, and what officers suggest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision: str | None = "0006"

TABLES = ("source", "own_text", "text_revision", "suggestion")


def upgrade() -> None:
    _sources()
    _texts()
    _suggestions()


def _words(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


def _lists(*names: str) -> tuple[sa.Column[object], ...]:
    return tuple(sa.Column(name, sa.JSON(), nullable=False) for name in names)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _sources() -> None:
    op.create_table(
        "source",
        *_words("community", "id", "kind", "location", "link"),
        *_lists("include", "exclude"),
        _number("most"),
        _number("every", nullable=True),
        _moment("added_at"),
        _moment("due_at", nullable=True),
        _moment("refreshed_at", nullable=True),
        *_words("said"),
        sa.Column("failed", sa.Boolean(), nullable=False),
        _moment("held_until", nullable=True),
        sa.PrimaryKeyConstraint("community", "id", name="pk_source"),
    )


def _texts() -> None:
    op.create_table(
        "own_text",
        *_words("community", "source", "location", "validator", "digest", "reason"),
        sa.Column("id", sa.Text(), nullable=True),
        _number("tries"),
        _number("parser"),
        *_words("url", "kind", "title"),
        *_lists("councils"),
        _number("year"),
        *_lists("outcomes"),
        _number("pages"),
        *_lists("notes"),
        *_words("published"),
        _moment("read_at"),
        _moment("confirmed_at", nullable=True),
        _bytes("sketch"),
        *_words("sections"),
        sa.PrimaryKeyConstraint("community", "source", "location", name="pk_own_text"),
    )
    op.create_index("ix_own_text_community_id", "own_text", ["community", "id"], unique=True)
    op.create_index("ix_own_text_community_confirmed_at", "own_text", ["community", "confirmed_at"])
    op.create_table(
        "text_revision",
        *_words("community"),
        _number("revision"),
        sa.PrimaryKeyConstraint("community", name="pk_text_revision"),
    )


def _suggestions() -> None:
    op.create_table(
        "suggestion",
        *_words("community", "id", "person_key", "title", "told", "council", "link", "file_name"),
        *_lists("outcomes", "doubles"),
        *_words("state", "said", "text", "reading"),
        _moment("suggested_at"),
        _moment("changed_at"),
        *_words("read"),
        _bytes("file"),
        sa.PrimaryKeyConstraint("community", "id", name="pk_suggestion"),
    )
    for name in ("state", "person_key"):
        op.create_index(f"ix_suggestion_community_{name}", "suggestion", ["community", name])
    op.create_index("ix_suggestion_changed_at", "suggestion", ["changed_at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
