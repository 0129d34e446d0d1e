"""What one community's tables are read and written with: a statement cannot leave it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.models import Words, audit_table, person_table, reply_table

_NEXT = text(
    "INSERT INTO register (community, revision) VALUES (:community, 1)"
    " ON CONFLICT (community) DO UPDATE SET revision = register.revision + 1 RETURNING revision"
).bindparams(bindparam("community", type_=Words()))
# While its community has a row of `register`, be it at no revision, the database keeps the log.
_KEEPING = text(
    "INSERT INTO register (community, revision) VALUES (:community, 0)"
    " ON CONFLICT (community) DO NOTHING"
).bindparams(bindparam("community", type_=Words()))


class Partition:
    """The part of the store that is one community's."""

    def __init__(self, database: Database, community: str, clock: Callable[[], datetime]) -> None:
        self._database, self._community, self._clock = database, community, clock

    def _rows(self, table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
        wanted = columns or tuple(table.c)
        return select(*wanted).where(table.c.community == self._community)

    def _changing(self, table: Table) -> Update:
        return update(table).where(table.c.community == self._community)

    def _erasing(self, table: Table) -> Delete:
        return delete(table).where(table.c.community == self._community)

    def _adding(self, table: Table, **values: object) -> Insert:
        return insert(table).values(community=self._community, **values)

    async def _logged(
        self, connection: AsyncConnection, by: str, action: str, subject: str
    ) -> None:
        """An entry of the audit log, in the transaction of what it tells. `by` is a random key,
        or "" where the program did it by itself."""
        entry = {"at": self._clock(), "person_key": by, "action": action, "subject": subject}
        await connection.execute(_KEEPING, {"community": self._community})
        await connection.execute(self._adding(audit_table, **entry))

    async def _is_somebody(self, connection: AsyncConnection, key: str) -> bool:
        """Whether the key is still a person's: they may be erased at this moment."""
        known = self._rows(person_table, person_table.c.key).where(person_table.c.key == key)
        return (await connection.scalar(known)) is not None

    async def _next(self, connection: AsyncConnection, of: str = "") -> int:
        """The community's next revision. Its row is locked until the transaction ends, so that
        revisions are committed in their order."""
        counted = {"community": of or self._community}
        revision: int | None = await connection.scalar(_NEXT, counted)
        assert revision is not None
        return revision


async def replies_erased(connection: AsyncConnection, name: str) -> None:
    """Erase the kept replies that hold something by its id, wherever they were given."""
    holds = reply_table.c.reply.contains(f'"{name}"', autoescape=True)
    await connection.execute(delete(reply_table).where(holds).execution_options(**EVERYWHERE))
