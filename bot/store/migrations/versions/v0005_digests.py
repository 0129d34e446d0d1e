"""Weekly digests, what they tell of, and when projects were changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision: str | None = "0004"

TABLES = ("subscription", "issue", "open_question", "published")


def upgrade() -> None:
    beginning = sa.text("'1970-01-01 00:00:00'")  # SQLite adds a column with a constant only
    changed = sa.Column(
        "changed_at", sa.DateTime(timezone=True), nullable=False, server_default=beginning
    )
    op.add_column("project", changed)
    op.execute("UPDATE project SET changed_at = registered_at")
    op.add_column(
        "peer", sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _subscriptions()
    _issues()
    _news()


def _words(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        *(_words(name) for name in ("community", "id", "channel", "platform", "place", "link")),
        sa.Column("weekday", sa.Integer(), nullable=False),
        *(_words(name) for name in ("at", "zone")),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("when_empty", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        _words("maker_key"),
        *(_moment(name) for name in ("made_at", "told_until", "next_due")),
        sa.PrimaryKeyConstraint("community", "id", name="pk_subscription"),
    )
    op.create_index(
        "ix_subscription_community_channel", "subscription", ["community", "channel"], unique=True
    )
    op.create_index("ix_subscription_next_due", "subscription", ["next_due"])


def _issues() -> None:
    op.create_table(
        "issue",
        *(_words(name) for name in ("community", "channel", "period", "key", "state")),
        _moment("due_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("again_at", nullable=True),
        _moment("begun_at", nullable=True),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        _moment("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("community", "channel", "period", name="pk_issue"),
    )
    for column in ("again_at", "due_at"):
        op.create_index(f"ix_issue_{column}", "issue", [column])


def _news() -> None:
    op.create_table(
        "open_question",
        *(_words(name) for name in ("community", "id", "channel", "platform", "place", "link")),
        _words("text"),
        _moment("asked_at"),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("told", "answered")),
        sa.PrimaryKeyConstraint("community", "id", name="pk_open_question"),
    )
    for columns in (["community", "channel", "asked_at"], ["asked_at"]):
        op.create_index(f"ix_open_question_{'_'.join(columns)}", "open_question", columns)
    op.create_table(
        "published",
        *(_words(name) for name in ("community", "document", "digest")),
        _moment("changed_at", nullable=True),
        sa.Column("new", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community", "document", name="pk_published"),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_column("project", "changed_at")
    op.drop_column("peer", "named")
