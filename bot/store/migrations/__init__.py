"""Brings a database to the tables in `models`, one revision after another.

A revision is a file in `versions/` named by its number. Write the next one by hand, with
a way down; a test compares what they build with `models`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent
REVISIONS = tuple(sorted(path.stem[1:5] for path in (HERE / "versions").glob("v[0-9]*.py")))
HEAD = REVISIONS[-1]


def current(connection: Connection) -> str | None:
    """The revision the database says it is at; None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def upgrade(connection: Connection, target: str = HEAD) -> None:
    """Move up to `target`, inside the transaction the connection is in."""
    # Alembic takes longer to import than the whole start may cost, so only when needed.
    from alembic import command

    command.upgrade(config(connection), target)


def downgrade(connection: Connection, target: str = "base") -> None:
    """Move down to `target`, inside the transaction the connection is in."""
    from alembic import command

    command.downgrade(config(connection), target)


def config(connection: Connection) -> Config:
    from alembic.config import Config

    settings = Config(attributes={"connection": connection})
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return settings
