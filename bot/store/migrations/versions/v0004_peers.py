"""Peers who agreed to be asked, introductions, and what is written to officers first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"

TABLES = ("peer", "introduction", "pair", "letter", "secret")


def upgrade() -> None:
    for name in ("platform", "address"):
        op.add_column("person", _words(name, ""))
    op.add_column("room", _words("person", ""))
    _peers()
    _introductions()
    _letters()
    # A question asked alone is kept without its place from now on: a chat of two names somebody.
    chats = "substr(channel, 1, 1) = 'D' OR substr(channel, 1, 2) = 'a:'"  # LIKE takes d for D
    op.execute(f"UPDATE question SET channel = '', thread = '' WHERE {chats}")


def _words(name: str, server_default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=server_default)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _peers() -> None:
    told = ("name", "help", "council", "kind", "nation", "region", "reach")
    op.create_table(
        "peer",
        *(_words(name) for name in ("community", "id", "person_key", *told)),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("beyond", sa.Boolean(), nullable=False),
        sa.Column("monthly", sa.Integer(), nullable=False),
        _moment("paused_until", nullable=True),
        _words("wording"),
        _moment("agreed_at"),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        _words("model"),
        sa.PrimaryKeyConstraint("community", "id", name="pk_peer"),
    )
    op.create_index(
        "ix_peer_community_person_key", "peer", ["community", "person_key"], unique=True
    )
    op.create_index("ix_peer_beyond", "peer", ["beyond"])


def _introductions() -> None:
    keys = ("asker_key", "peer_community", "peer_key", "peer", "peer_council")
    op.create_table(
        "introduction",
        *(_words(name) for name in ("community", "id", *keys)),
        *(_words(name) for name in ("line", "name", "council", "reach", "state")),
        _moment("asked_at"),
        _moment("answered_at", nullable=True),
        sa.Column("followed_up", sa.Boolean(), nullable=False),
        sa.Column("helped", sa.Boolean()),
        sa.PrimaryKeyConstraint("community", "id", name="pk_introduction"),
    )
    for columns in (
        ["community", "asker_key"],
        ["peer_community", "peer_key"],
        ["state"],
        ["asked_at"],
    ):
        op.create_index(f"ix_introduction_{'_'.join(columns)}", "introduction", columns)
    op.create_table(
        "pair",
        _words("community"),
        _words("digest"),
        _moment("until"),
        _words("peer_community"),
        _words("peer_key"),
        _moment("asked_at"),
        sa.PrimaryKeyConstraint("community", "digest", name="pk_pair"),
    )
    op.create_index("ix_pair_until", "pair", ["until"])
    op.create_index("ix_pair_asked_at", "pair", ["asked_at"])
    op.create_table(
        "secret",
        _words("community"),
        _words("value"),
        sa.PrimaryKeyConstraint("community", name="pk_secret"),
    )


def _letters() -> None:
    op.create_table(
        "letter",
        *(_words(name) for name in ("community", "id", "person_key", "introduction", "platform")),
        sa.Column("addresses", sa.JSON(), nullable=False),
        _words("reply"),
        sa.Column("instead", sa.JSON(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        _moment("due_at"),
        _moment("written_at"),
        sa.PrimaryKeyConstraint("community", "id", name="pk_letter"),
    )
    for columns in (["due_at"], ["community", "introduction"], ["written_at"]):
        op.create_index(f"ix_letter_{'_'.join(columns)}", "letter", columns)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    for name in ("platform", "address"):
        op.drop_column("person", name)
    op.drop_column("room", "person")
