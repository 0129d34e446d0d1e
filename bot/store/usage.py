"""How much one community uses the assistant: counts by day, without a text and without a name."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.feedback_models import usage_table
from bot.store.partition import Partition

USAGE_KEPT = timedelta(days=400)  # so that a month can be held against the same a year before


class Usage(Partition):
    """Of one community. What is counted has a name of the program's own, never an officer's."""

    async def count(self, *what: str) -> None:
        """Each once more, today."""
        insert = sqlite.insert if self._database.is_file else postgresql.insert
        counting = insert(usage_table).on_conflict_do_update(
            index_elements=["community", "day", "what"],
            set_={"count": usage_table.c.count + 1},
        )
        here = {"community": self._community, "day": self._clock().date(), "count": 1}
        async with self._database.writing() as connection:
            for one in sorted(what):  # in one order, so that no two wait for each other
                await connection.execute(counting, {**here, "what": one})

    async def since(self, day: date) -> dict[str, int]:
        """How often each was counted from a day on, that day included."""
        table = usage_table.c
        counted = self._rows(usage_table, table.what, func.sum(table.count).label("many"))
        grouped = counted.where(table.day >= day).group_by(table.what)
        async with self._database.reading() as connection:
            return {row.what: int(row.many) for row in await connection.execute(grouped)}
