"""Projects read: those of one community, and what others share with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Row,
    Select,
    Table,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.projects import Confirmed, Details, Project
from bot.store.guard import EVERYWHERE
from bot.store.models import (
    Words,
    hidden_table,
    project_outcome_table,
    project_table,
    register_table,
)
from bot.store.partition import Partition
from bot.store.text_models import text_revision_table

BEYOND = "*"
"""The row of `register` that counts what changes in projects shared beyond their community."""
MOST_NAMED = 500  # projects whose outcomes are asked for by name; of more, all there are


def _revisions(counted: Table) -> Select[Any]:
    here = counted.c.community.in_((bindparam("here", type_=Words()), BEYOND))
    return select(literal(counted.name).label("what"), *counted.c).where(here)


# Asked before every answer, so it is not made anew each time.
_REVISIONS = union_all(*map(_revisions, (register_table, text_revision_table)))
_Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Vectored:
    """A project with its embedding, float32 in bytes, and the model that made it."""

    project: Project
    vector: bytes
    model: str


class Projects(Partition):
    """What can be seen from one community."""

    async def project(self, name: str) -> Project | None:
        """A project of this community, or one that another shares with it."""
        async with self._database.reading() as connection:
            own = await self._found(connection, name)
        if own is not None:
            return None if own.withdrawn else own
        beyond = await self.beyond(name)
        return beyond[0].project if beyond else None

    async def listed(
        self, offset: int, limit: int, *, outcome: str = "", owner: str = ""
    ) -> tuple[list[Project], int]:
        """The newest projects of this community that are not hidden, from `offset` on, and how
        many there are; only those with an outcome, or of somebody, where given."""
        statement = self._rows(project_table).where(
            ~project_table.c.withdrawn, ~self._hidden(project_table.c.id)
        )
        if owner:
            theirs = project_table.c.owner_key == owner, project_table.c.registered_by == owner
            statement = statement.where(or_(*theirs))
        if outcome:
            tagged = self._rows(project_outcome_table, project_outcome_table.c.project)
            of = tagged.where(project_outcome_table.c.outcome == outcome)
            statement = statement.where(project_table.c.id.in_(of))
        newest = statement.order_by(project_table.c.registered_at.desc(), project_table.c.id)
        async with self._database.reading() as connection:
            count: int | None = await connection.scalar(statement.with_only_columns(func.count()))
            rows = (await connection.execute(newest.offset(offset).limit(limit))).all()
            return await self._projects(connection, rows), count or 0

    async def revisions(self) -> tuple[int, int, int]:
        """How often this community's projects, those shared by any, and the texts that were brought
        in and are seen here were changed; in one query."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_REVISIONS, {"here": self._community})
            found = {(row.what, row.community): row.revision for row in rows}
        projects, texts = (
            [found.get((table.name, of), 0) for of in (self._community, BEYOND)]
            for table in (register_table, text_revision_table)
        )
        return projects[0], projects[1], sum(texts)

    async def changed(self, since: int) -> list[Vectored]:
        """This community's projects changed after a revision, withdrawn ones among them."""
        statement = self._rows(project_table).where(project_table.c.revision > since)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
            return _vectored(rows, await self._projects(connection, rows))

    async def news(self, since: datetime) -> list[Project]:
        """Those registered or changed later than that, here or where others share them, which
        nobody hides; the newest first."""
        table = project_table.c
        here = table.changed_at > since, ~table.withdrawn, ~self._hidden(table.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(self._rows(project_table).where(*here))).all()
            own = await self._projects(connection, rows)
        shared = (one.project for one in await self.beyond(since=since))
        return sorted((*own, *shared), key=lambda one: one.changed_at, reverse=True)

    async def counts(self) -> dict[str, int]:
        """How many of this community's projects serve each outcome."""
        table, outcome = project_table.c, project_outcome_table.c
        own = self._rows(project_table, table.id).where(~table.withdrawn, ~self._hidden(table.id))
        counted = self._rows(project_outcome_table, outcome.outcome, func.count().label("many"))
        grouped = counted.where(outcome.project.in_(own)).group_by(outcome.outcome)
        async with self._database.reading() as connection:
            return {row.outcome: row.many for row in await connection.execute(grouped)}

    async def beyond(self, name: str = "", since: datetime | None = None) -> list[Vectored]:
        """What other communities share, and neither they nor this one hides; one of them, where
        its id is given, or those changed since."""
        there = (
            hidden_table.c.community == project_table.c.community,
            hidden_table.c.document == project_table.c.id,
        )
        statement = (
            select(project_table)
            .where(
                project_table.c.community != self._community,
                project_table.c.shared,
                ~project_table.c.withdrawn,
                ~exists().where(*there),
                ~self._hidden(project_table.c.id),
            )
            .execution_options(**EVERYWHERE)
        )
        if name:
            statement = statement.where(project_table.c.id == name)
        if since:
            statement = statement.where(project_table.c.changed_at > since)
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement)).all()
            return _vectored(rows, await self._others(connection, rows))

    def _hidden(self, document: Any) -> Any:  # noqa: ANN401  # a column; SQLAlchemy's types differ
        hidden = hidden_table.c.community == self._community, hidden_table.c.document == document
        return exists().where(*hidden)

    async def _found(self, connection: AsyncConnection, name: str) -> Project | None:
        statement = self._rows(project_table).where(project_table.c.id == name)
        rows = (await connection.execute(statement)).all()
        found = await self._projects(connection, rows)
        return found[0] if found else None

    async def _projects(self, connection: AsyncConnection, rows: _Rows) -> list[Project]:
        """This community's, with their outcomes."""
        outcomes = self._rows(project_outcome_table)
        if len(rows) <= MOST_NAMED:
            named = project_outcome_table.c.project.in_([row.id for row in rows])
            outcomes = outcomes.where(named)
        hidden = self._rows(hidden_table, hidden_table.c.document)
        return await _whole(connection, rows, outcomes, hidden)

    async def _others(self, connection: AsyncConnection, rows: _Rows) -> list[Project]:
        """Those of other communities, each with the outcomes confirmed there."""
        found = []
        for community in {row.community for row in rows}:
            there = Projects(self._database, community, self._clock)
            theirs = [row for row in rows if row.community == community]
            found += await there._projects(connection, theirs)
        return found


async def _whole(
    connection: AsyncConnection, rows: _Rows, outcomes: Select[Any], hidden: Select[Any]
) -> list[Project]:
    confirmed: dict[str, list[Confirmed]] = {}
    if rows:
        ordered = outcomes.order_by(project_outcome_table.c.place)
        for one in await connection.execute(ordered):
            made = Confirmed(one.outcome, one.confirmed_by, one.confirmed_at)
            confirmed.setdefault(one.project, []).append(made)
    unseen = {one.document for one in await connection.execute(hidden)} if rows else set()
    return [_project(row, confirmed.get(row.id, ()), hidden=row.id in unseen) for row in rows]


def _project(row: Row[Any], outcomes: Sequence[Confirmed], *, hidden: bool) -> Project:
    return Project(
        id=row.id,
        community=row.community,
        details=Details(row.title, row.description, row.council, row.link, row.stage),
        outcomes=tuple(outcomes),
        owner=row.owner_key,
        registered_by=row.registered_by,
        registered_at=row.registered_at,
        changed_at=row.changed_at,
        revision=row.revision,
        shared=row.shared,
        withdrawn=row.withdrawn,
        hidden=hidden,
    )


def _vectored(rows: _Rows, projects: Sequence[Project]) -> list[Vectored]:
    """In the order of the projects."""
    of = {(row.community, row.id): row for row in rows}
    kept = ((one, of[one.community, one.id]) for one in projects)
    return [Vectored(one, row.vector, row.model) for one, row in kept]
