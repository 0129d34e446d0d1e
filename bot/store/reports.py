"""What officers report as wrong or outdated, and what administrators hide."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.models import Moment, Words, hidden_table, project_table, report_table
from bot.store.register import Register

_HIDE = text(
    "INSERT INTO hidden (community, document, hidden_at) VALUES (:community, :document, :at)"
    " ON CONFLICT (community, document) DO NOTHING"
).bindparams(
    bindparam("community", type_=Words()),
    bindparam("document", type_=Words()),
    bindparam("at", type_=Moment()),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What is said to be wrong with a case study or a project."""

    id: str
    document: str
    words: str
    at: datetime


class Reports(Register):
    """Of one community; what it hides, it hides for itself, and its own projects for all."""

    async def report(self, document: str, words: str, by: str) -> None:
        """Keep what is wrong until an administrator has seen to it; the same words once
        until then."""
        named = "\n".join((by, document, words)).encode()
        row = {
            "id": hashlib.blake2b(named, digest_size=12).hexdigest(),
            "document": document,
            "words": words,
            "person_key": by,
            "closed": False,
            "reported_at": self._clock(),
        }
        async with self._database.writing() as connection:
            open_one = self._rows(report_table).where(report_table.c.id == row["id"])
            if (await connection.execute(open_one.where(~report_table.c.closed))).first():
                return
            closed = self._erasing(report_table).where(report_table.c.id == row["id"])
            await connection.execute(closed)
            await connection.execute(self._adding(report_table, **row))
            await self._logged(connection, by, "reported", document)

    async def reports(self, limit: int) -> tuple[list[Report], int]:
        """The oldest open reports, and how many there are in all."""
        statement = self._rows(report_table).where(~report_table.c.closed)
        statement = statement.order_by(report_table.c.reported_at)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
        found = [Report(row.id, row.document, row.words, row.reported_at) for row in rows[:limit]]
        return found, len(rows)

    async def close(self, document: str, by: str) -> None:
        """Have every open report of a document seen to."""
        statement = self._changing(report_table).where(
            report_table.c.document == document, ~report_table.c.closed
        )
        async with self._database.writing() as connection:
            if (await connection.execute(statement.values(closed=True))).rowcount:
                await self._logged(connection, by, "reports closed", document)

    async def hide(self, document: str, by: str) -> None:
        """Leave a case study or a project out of everything, from now on."""
        row = {"document": document, "at": self._clock()}
        async with self._database.writing() as connection:
            await connection.execute(_HIDE, {"community": self._community, **row})
            await self._seen_differently(connection, document, by, "hidden")

    async def show(self, document: str, by: str) -> None:
        """Take it in again."""
        erasing = self._erasing(hidden_table).where(hidden_table.c.document == document)
        async with self._database.writing() as connection:
            await connection.execute(erasing)
            await self._seen_differently(connection, document, by, "shown again")

    async def hidden(self) -> frozenset[str]:
        """The ids of what is hidden here."""
        async with self._database.reading() as connection:
            rows = await connection.execute(self._rows(hidden_table, hidden_table.c.document))
            return frozenset(row.document for row in rows)

    async def _seen_differently(
        self, connection: AsyncConnection, document: str, by: str, action: str
    ) -> None:
        """Counts a revision, and the project's own with it, so that shelves are put in order."""
        revision = await self._next(connection)
        now = await self._found(connection, document)
        if now is not None:
            await connection.execute(
                self._changing(project_table)
                .where(project_table.c.id == document)
                .values(revision=revision)
            )
            await self._counted_beyond(connection, now.shared)
        await self._logged(connection, by, action, document)
