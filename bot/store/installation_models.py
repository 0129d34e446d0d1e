"""The tables of installations: the app in a workspace, and states that were used to install it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table

from bot.store.models import Moment, Words, metadata

installation_table = Table(
    "installation",
    metadata,
    Column("community", Words, primary_key=True),
    Column("platform", Words, nullable=False),
    Column("bot", Words, nullable=False),  # these four are the bot's own, and nobody's
    Column("bot_id", Words, nullable=False),
    Column("bot_name", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("site", Words, nullable=False),
    Column("organisation", Words, nullable=False),
    Column("sealed", Words, nullable=False),  # the token, encrypted; emptied once it was left
    Column("installed_at", Moment, nullable=False),
    Column("left_at", Moment),
)

used_state_table = Table(
    "used_state",
    metadata,
    Column("community", Words, primary_key=True),  # none yet, so all communities'
    Column("digest", Words, primary_key=True),
    Column("until", Moment, nullable=False),
    Index(None, "until"),
)
