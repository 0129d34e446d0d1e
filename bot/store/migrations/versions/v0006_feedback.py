"""What officers say of answers, who waits for one, and answers that somebody stands for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision: str | None = "0005"

TABLES = ("verified", "expert", "usage")
QUESTION = ("name", "verdict", "reason", "message")
OPEN_QUESTION = ("cause", "why", "asker_key", "model")


def upgrade() -> None:
    for name in QUESTION:
        op.add_column("question", _words(name, server_default=""))
    for name in ("name", "message"):
        op.create_index(f"ix_question_community_{name}", "question", ["community", name])
    for name in OPEN_QUESTION:
        default = "unsure" if name == "cause" else ""
        op.add_column("open_question", _words(name, server_default=default))
    op.add_column("open_question", sa.Column("vector", sa.LargeBinary(), nullable=True))
    op.add_column(
        "open_question",
        sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _answers()
    _people()


def _words(name: str, server_default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=server_default)


def _answers() -> None:
    op.create_table(
        "verified",
        *(_words(name) for name in ("community", "id", "question", "answer")),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("wordings", "sources")),
        *(_words(name) for name in ("by", "author_key")),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        _words("model"),
        sa.PrimaryKeyConstraint("community", "id", name="pk_verified"),
    )
    op.create_index("ix_verified_until", "verified", ["until"])


def _people() -> None:
    op.create_table(
        "expert",
        *(_words(name) for name in ("community", "person_key", "name")),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "person_key", name="pk_expert"),
    )
    op.create_table(
        "usage",
        _words("community"),
        sa.Column("day", sa.Date(), nullable=False),
        _words("what"),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", "day", "what", name="pk_usage"),
    )
    op.create_index("ix_usage_day", "usage", ["day"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in ("listed", "vector", *OPEN_QUESTION):
        op.drop_column("open_question", name)
    for name in ("name", "message"):
        op.drop_index(f"ix_question_community_{name}", "question")
    for name in QUESTION:
        op.drop_column("question", name)
