"""What was heard and is to be answered, threads followed, rooms, and replies kept for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    _heard()
    op.create_table(
        "following",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "channel", "thread", name="pk_following"),
    )
    op.create_index("ix_following_updated_at", "following", ["updated_at"])
    op.create_table(
        "room",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "channel", name="pk_room"),
    )
    op.create_table(
        "reply",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name="pk_reply"),
    )
    op.create_index("ix_reply_kept_at", "reply", ["kept_at"])


def _heard() -> None:
    op.create_table(
        "heard",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "key", name="pk_heard"),
    )
    op.create_index("ix_heard_community_event", "heard", ["community", "event"], unique=True)
    op.create_index("ix_heard_due_at", "heard", ["due_at"])
    op.create_index("ix_heard_heard_at", "heard", ["heard_at"])


def downgrade() -> None:
    for table in ("reply", "room", "following", "heard"):
        op.drop_table(table)
