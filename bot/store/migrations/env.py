"""Run by Alembic: the revisions, on the connection handed over by `migrations.upgrade`."""

from __future__ import annotations

from alembic import context

from bot.store.guard import EVERYWHERE
from bot.store.models import metadata

context.configure(
    connection=context.config.attributes["connection"].execution_options(**EVERYWHERE),
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table only by copying it
)
context.run_migrations()
