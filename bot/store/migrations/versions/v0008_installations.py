"""Installations in many workspaces; and Slack's addresses say of which workspace they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision: str | None = "0007"

TABLES = ("installation", "used_state")
NAME = "community"  # of an address
# Where Slack's addresses stand as they are, by the columns that name a row.
_PLAIN = (("person", "address", ("person",)), ("room", "address", ("channel",)))
_PLACES = ("subscription", "place", ("id",))


def upgrade() -> None:
    op.create_table(
        "installation",
        *_words("community", "platform", "bot", "bot_id", "bot_name", "name", "site"),
        *_words("organisation", "sealed"),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community", name="pk_installation"),
    )
    op.create_table(
        "used_state",
        *_words("community", "digest"),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "digest", name="pk_used_state"),
    )
    op.create_index("ix_used_state_until", "used_state", ["until"])
    _every_address(lambda address, community: {**address, NAME: community})


def downgrade() -> None:
    _every_address(lambda address, _: {k: v for k, v in address.items() if k != NAME})
    for table in reversed(TABLES):
        op.drop_table(table)


def _words(*names: str) -> tuple[sa.Column[str], ...]:
    return tuple(sa.Column(name, sa.Text(), nullable=False) for name in names)


_Change = Callable[[dict[str, Any], str], dict[str, Any]]


def _every_address(change: _Change) -> None:
    for table, column, key in (*_PLAIN, _PLACES):
        for row in _of_slack(table, column, *key):
            _set(table, column, row, key, _changed(row[column], row["community"], change))
    for row in _of_slack("heard", "delivery", "key"):
        _set("heard", "delivery", row, ("key",), _delivery(row, change))
    _letters(change)


def _of_slack(table: str, *columns: str) -> Iterator[dict[str, Any]]:
    wanted = ", ".join(("community", *columns))
    query = f"SELECT {wanted} FROM {table} WHERE platform = 'slack'"  # our own names
    return (dict(row) for row in op.get_bind().execute(sa.text(query)).mappings().all())


def _set(table: str, column: str, row: dict[str, Any], key: tuple[str, ...], value: str) -> None:
    if value == row[column]:
        return
    where = " AND ".join(f"{name} = :{name}" for name in ("community", *key))
    change = f"UPDATE {table} SET {column} = :new WHERE {where}"  # our own names
    given = {name: row[name] for name in ("community", *key)}
    op.get_bind().execute(sa.text(change), {**given, "new": value})


def _changed(address: str, community: str, change: _Change) -> str:
    """What is no address of Slack's, or none at all, stays as it is."""
    try:
        found = json.loads(address)
    except ValueError:
        return address
    if not isinstance(found, dict) or "channel" not in found:
        return address
    return json.dumps(change(found, community), ensure_ascii=False, separators=(",", ":"))


def _delivery(row: dict[str, Any], change: _Change) -> str:
    """What was heard and is not answered yet."""
    try:
        kept = json.loads(row["delivery"])
    except ValueError:
        return str(row["delivery"])
    origin = kept["request"]["origin"]
    for part, name in ((kept, "address"), (origin, "address"), (origin, "place")):
        part[name] = _changed(part[name], row["community"], change)
    return json.dumps(kept)


def _letters(change: _Change) -> None:
    """Those that wait to be sent, and what is to be sent where they cannot be."""
    letter = sa.table(
        "letter",
        *(sa.column(name, sa.Text()) for name in ("community", "id", "platform")),
        *(sa.column(name, sa.JSON()) for name in ("addresses", "instead")),
    )
    bind = op.get_bind()
    for row in bind.execute(sa.select(letter).where(letter.c.platform == "slack")).all():
        addresses = [_changed(one, row.community, change) for one in row.addresses]
        instead = [
            {
                **one,
                "addresses": [_changed(to, one["community"], change) for to in one["addresses"]],
            }
            for one in row.instead
        ]
        bind.execute(
            sa.update(letter)
            .where(letter.c.community == row.community, letter.c.id == row.id)
            .values(addresses=addresses, instead=instead)
        )
