"""People, by random keys: whoever does something that lasts is known by nothing else."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Delete, bindparam, delete, exists, text

from bot.store.guard import EVERYWHERE
from bot.store.models import (
    Moment,
    Words,
    draft_table,
    person_table,
    project_outcome_table,
    project_table,
    report_table,
)
from bot.store.partition import Partition

_KNOW = text(
    "INSERT INTO person (community, person, key, seen_at)"
    " VALUES (:community, :person, :key, :seen_at)"
    " ON CONFLICT (community, person) DO UPDATE SET seen_at = excluded.seen_at"
).bindparams(
    *(bindparam(name, type_=Words()) for name in ("community", "person", "key")),
    bindparam("seen_at", type_=Moment()),
)

# Keys that something still there is known by; each a table's column.
_USED = (
    *(project_table.c.owner_key, project_table.c.registered_by),
    *(draft_table.c.person_key, draft_table.c.author_key),
    *(project_outcome_table.c.confirmed_by, report_table.c.person_key),
)
SEEN = timedelta(days=1)  # how long somebody is known in any case, as when a draft is being kept


def unused(now: datetime) -> Delete:
    """Forgets whoever has nothing here any more; in the audit log their keys are then nobody's."""
    used = (
        exists().where(one.table.c.community == person_table.c.community, one == person_table.c.key)
        for one in _USED
    )
    statement = delete(person_table).where(
        person_table.c.seen_at < now - SEEN, *(~one for one in used)
    )
    return statement.execution_options(**EVERYWHERE)


class People(Partition):
    """The keys of one community. Without its row here a key is nobody's."""

    async def key(self, person: str) -> str:
        """The random key that stands for a person; made when it is first needed."""
        async with self._database.writing() as connection:
            made = {"person": person, "key": secrets.token_urlsafe(9), "seen_at": self._clock()}
            await connection.execute(_KNOW, {"community": self._community, **made})
            statement = self._rows(person_table, person_table.c.key)
            found: str | None = await connection.scalar(
                statement.where(person_table.c.person == person)
            )
        assert found is not None
        return found

    async def known_key(self, person: str) -> str:
        """The key of a person who has one already, else ""."""
        statement = self._rows(person_table, person_table.c.key)
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(
                statement.where(person_table.c.person == person)
            )
        return found or ""
