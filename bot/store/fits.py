"""What was learned about tags from a community's own projects."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, text

from bot.store.models import Moment, Words, audit_table, fit_table
from bot.store.partition import Partition

_KEEP = text(
    "INSERT INTO fit (community, base, examples, learned, projects, made_at)"
    " VALUES (:community, :base, :examples, :learned, :projects, :made_at)"
    " ON CONFLICT (community) DO UPDATE SET base = excluded.base, examples = excluded.examples,"
    " learned = excluded.learned, projects = excluded.projects, made_at = excluded.made_at"
).bindparams(
    bindparam("community", type_=Words()),
    bindparam("base", type_=Words()),
    bindparam("made_at", type_=Moment()),
)


@dataclass(frozen=True, slots=True)
class Fit:
    """`learned` is what `indexer.tagging.from_bytes` reads; `base` names the index that it was
    learned with, and suits no other; `examples` changes with the projects it was learned from."""

    base: str
    examples: str
    learned: bytes
    projects: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the audit log. `by` is a random key, or "" for the program itself."""

    at: datetime
    by: str
    action: str
    subject: str


class Fits(Partition):
    """One community's fit, and the audit log that tells of it."""

    async def keep(self, fit: Fit) -> None:
        """Put it in the place of the one before."""
        row = {
            "community": self._community,
            "base": fit.base,
            "examples": fit.examples,
            "learned": fit.learned,
            "projects": fit.projects,
            "made_at": self._clock(),
        }
        async with self._database.writing() as connection:
            await self._next(connection)
            await connection.execute(_KEEP, row)
            await self._logged(connection, "", "fitted", f"{fit.projects} projects")

    async def refused(self, reason: str) -> None:
        """Write down that a fit was made and not taken."""
        async with self._database.writing() as connection:
            await self._logged(connection, "", "fit refused", reason)

    async def drop(self) -> None:
        """Go back to what the shipped texts taught."""
        async with self._database.writing() as connection:
            if (await connection.execute(self._erasing(fit_table))).rowcount:
                await self._next(connection)
                await self._logged(connection, "", "fit dropped", "no project left")

    async def fit(self, base: str) -> Fit | None:
        """The fit there is, if it suits the index."""
        statement = self._rows(fit_table).where(fit_table.c.base == base)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return Fit(row.base, row.examples, row.learned, row.projects) if row else None

    async def audit(self) -> list[Entry]:
        """The audit log, oldest first."""
        statement = self._rows(audit_table).order_by(audit_table.c.id)
        async with self._database.reading() as connection:
            rows = await connection.execute(statement)
            return [Entry(row.at, row.person_key, row.action, row.subject) for row in rows]
