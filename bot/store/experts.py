"""Officers who look after answers, of one community."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.dialects import postgresql, sqlite

from bot.questions import Expert
from bot.store.feedback_models import expert_table
from bot.store.letters import Letter, post
from bot.store.partition import Partition


class Experts(Partition):
    """Each asks by themselves; an administrator agrees."""

    async def ask(self, key: str, name: str) -> bool:
        """Keep that somebody wants to look after answers, and how they want to be named; who does
        so already is named so from now on. False where they were erased at this moment."""
        insert = sqlite.insert if self._database.is_file else postgresql.insert
        asked = {"named": False, "asked_at": self._clock()}
        adding = insert(expert_table).values(
            community=self._community, person_key=key, name=name, **asked
        )
        kept = adding.on_conflict_do_update(
            index_elements=["community", "person_key"], set_={"name": name}
        )
        async with self._database.writing() as connection:
            if not await self._is_somebody(connection, key):
                return False
            await connection.execute(kept)
        return True

    async def all(self) -> list[Expert]:
        """Those who asked and those who are named, the first who asked first."""
        table = expert_table.c
        oldest = self._rows(expert_table).order_by(table.asked_at, table.person_key)
        async with self._database.reading() as connection:
            rows = await connection.execute(oldest)
            return [Expert(row.person_key, row.name, row.named, row.asked_at) for row in rows]

    async def is_named(self, key: str) -> bool:
        """Whether an administrator agreed to somebody."""
        table = expert_table.c
        statement = self._rows(expert_table, table.person_key)
        named = statement.where(table.person_key == key, table.named)
        async with self._database.reading() as connection:
            return (await connection.scalar(named)) is not None

    async def agree(self, key: str, by: str, letters: Sequence[Letter] = ()) -> bool:
        """Have somebody look after answers, and tell of it; False where they do not ask to."""
        table = expert_table.c
        changing = self._changing(expert_table).where(table.person_key == key, ~table.named)
        async with self._database.writing() as connection:
            await self._next(connection)  # as who erases a person does first
            if not (await connection.execute(changing.values(named=True))).rowcount:
                return False
            await post(connection, letters, self._clock())
            await self._logged(connection, by, "expert agreed", key)
        return True

    async def remove(self, key: str, by: str) -> bool:
        """Have somebody look after answers no more, also by themselves; False where they do not."""
        erasing = self._erasing(expert_table).where(expert_table.c.person_key == key)
        async with self._database.writing() as connection:
            await self._next(connection)  # as who erases a person does first
            if not (await connection.execute(erasing)).rowcount:
                return False
            await self._logged(connection, by, "expert removed", key)
        await self._database.empty_log()
        return True
