"""The register written: drafts, then projects of one community."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.projects import Confirmed, Details, Draft, Project
from bot.store.models import draft_table, peer_table, project_outcome_table, project_table
from bot.store.partition import replies_erased
from bot.store.projects import BEYOND, Projects, Vectored

DRAFTS_KEPT = timedelta(days=7)
_DETAILS = ("title", "description", "council", "link", "stage")
_EMPTY = dict.fromkeys(_DETAILS, "")


@dataclass(frozen=True, slots=True)
class Registration:
    """What is to be registered or changed. `outcomes` best first."""

    details: Details
    outcomes: tuple[str, ...]
    shared: bool
    vector: bytes
    model: str


class Stale(Exception):
    """The project was changed since it was read; it holds how it stands now."""

    def __init__(self, project: Project) -> None:
        super().__init__(project.id)
        self.project = project


class Register(Projects):
    """Written in transactions that count the community's revision up, one after the other."""

    async def keep_draft(
        self, details: Details, outcomes: Sequence[str], by: str, author: str = ""
    ) -> Draft:
        """Keep what was described until it is registered, for a week."""
        draft = Draft(f"p-{secrets.token_urlsafe(9)}", details, by, author, tuple(outcomes))
        kept = {
            "id": draft.id,
            "details": asdict(details),
            "outcomes": list(outcomes),
            "person_key": by,
            "author_key": author,
            "kept_at": self._clock(),
        }
        async with self._database.writing() as connection:
            await connection.execute(self._adding(draft_table, **kept))
        return draft

    async def draft(self, name: str) -> Draft | None:
        """A draft that is not past its time."""
        statement = self._rows(draft_table).where(
            draft_table.c.id == name, draft_table.c.kept_at >= self._clock() - DRAFTS_KEPT
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        if row is None:
            return None
        details = Details(**row.details)
        return Draft(row.id, details, row.person_key, row.author_key, tuple(row.outcomes))

    async def register(self, draft: Draft, what: Registration) -> Project:
        """Register a draft, under its id. Where that was done already, what was registered then:
        a second click changes nothing."""
        async with self._database.writing() as connection:
            revision = await self._next(connection)
            if (there := await self._found(connection, draft.id)) is not None:
                return there
            row = {
                "id": draft.id,
                "withdrawn": False,
                "owner_key": draft.author or draft.by,
                "registered_by": draft.by,
                "registered_at": self._clock(),
                "changed_at": self._clock(),
                "revision": revision,
                **_columns(what),
            }
            await connection.execute(self._adding(project_table, **row))
            await self._confirm(connection, draft.id, draft.by, what.outcomes, ())
            await connection.execute(self._erasing(draft_table).where(draft_table.c.id == draft.id))
            await self._logged(connection, draft.by, "registered", draft.id)
            await self._counted_beyond(connection, what.shared)
            made = await self._found(connection, draft.id)
        await self._database.empty_log()  # the draft's words may have been put right
        assert made is not None
        return made

    async def change(self, before: Project, by: str, what: Registration) -> Project:
        """Write what an officer changed in the project as it stood. Raises Stale where it was
        changed meanwhile, or withdrawn."""
        async with self._database.writing() as connection:
            revision = await self._next(connection)
            now = await self._found(connection, before.id)
            if now is None or now.withdrawn or now.revision != before.revision:
                raise Stale(now or before)
            await connection.execute(
                self._changing(project_table)
                .where(project_table.c.id == before.id)
                .values(revision=revision, changed_at=self._clock(), **_columns(what))
            )
            await self._confirm(connection, before.id, by, what.outcomes, now.outcomes)
            await self._logged(connection, by, "changed", before.id)
            if now.shared != what.shared:
                action = "shared" if what.shared else "shared no longer"
                await self._logged(connection, by, action, before.id)
            await self._counted_beyond(connection, now.shared or what.shared)
            after = await self._found(connection, before.id)
        await self._database.empty_log()
        assert after is not None
        return after

    async def withdraw(self, name: str, by: str) -> bool:
        """Take a project out and erase its words; False where there is none."""
        async with self._database.writing() as connection:
            revision = await self._next(connection)
            now = await self._found(connection, name)
            if now is None or now.withdrawn:
                return False
            await self._withdrawn(connection, now, by, revision)
        await self._database.empty_log()
        return True

    async def _withdrawn(
        self, connection: AsyncConnection, now: Project, by: str, revision: int
    ) -> None:
        gone = {**_EMPTY, "withdrawn": True, "shared": False, "vector": b"", "model": ""}
        gone |= {"owner_key": "", "registered_by": ""}
        await connection.execute(
            self._changing(project_table)
            .where(project_table.c.id == now.id)
            .values(revision=revision, **gone)
        )
        await self._confirm(connection, now.id, by, (), now.outcomes)
        await replies_erased(connection, now.id)
        offers = self._rows(peer_table, peer_table.c.id).where(peer_table.c.person_key == now.owner)
        for row in (await connection.execute(offers)).all():
            await replies_erased(connection, row.id)  # a reason may have named the project
        await self._logged(connection, by, "withdrawn", now.id)
        await self._counted_beyond(connection, now.shared)

    async def shared_no_longer(self) -> None:
        """Have every community look again at what others share."""
        async with self._database.writing() as connection:
            await self._next(connection, BEYOND)

    async def embed(self, made: Sequence[Vectored]) -> None:
        """Keep projects' embeddings by another model; not of one that was changed meanwhile."""
        async with self._database.writing() as connection:
            for one in made:
                seen = project_table.c.revision == one.project.revision
                statement = self._changing(project_table).where(
                    project_table.c.id == one.project.id, seen, ~project_table.c.withdrawn
                )
                await connection.execute(statement.values(vector=one.vector, model=one.model))

    async def _counted_beyond(self, connection: AsyncConnection, shared: bool) -> None:
        if shared:
            await self._next(connection, BEYOND)

    async def _confirm(
        self,
        connection: AsyncConnection,
        name: str,
        by: str,
        outcomes: Sequence[str],
        before: Iterable[Confirmed],
    ) -> None:
        """Those confirmed before keep who did it and when."""
        known = {one.outcome: one for one in before}
        await connection.execute(
            self._erasing(project_outcome_table).where(project_outcome_table.c.project == name)
        )
        for place, outcome in enumerate(outcomes):
            kept = known.get(outcome) or Confirmed(outcome, by, self._clock())
            row = {"confirmed_by": kept.by, "confirmed_at": kept.at}
            adding = self._adding(
                project_outcome_table, project=name, outcome=outcome, place=place, **row
            )
            await connection.execute(adding)


def _columns(what: Registration) -> dict[str, object]:
    kept = {"shared": what.shared, "vector": what.vector, "model": what.model}
    return {**asdict(what.details), **kept}
