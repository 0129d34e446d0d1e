"""How much waits, for `/metrics`: counts alone, of all communities together, in one look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from bot.store.database import Database
from bot.store.digest_models import issue_table
from bot.store.guard import EVERYWHERE
from bot.store.models import Moment, heard_table, letter_table

RECENT = timedelta(days=8)  # a week's digests and those of the day before
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """`questions` and `letters` that were not answered or sent yet, with the age in seconds of the
    oldest, 0 where there is none; digests of the last eight days by state."""

    questions: int
    question_age: float
    letters: int
    letter_age: float
    letters_tried: int
    digests: Mapping[str, int]


class Figures:
    """A part of the store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock

    @property
    def faults(self) -> int:
        """How often the database failed this process."""
        return self._database.faults.number

    async def answers(self) -> None:
        """Returns where the database answers; StoreUnusable where it does not."""
        async with self._database.reading() as connection:
            await connection.execute(select(literal(1)))

    async def waiting(self) -> Waiting:
        """As it is now."""
        now = self._clock()
        heard, letter, issue = heard_table.c, letter_table.c, issue_table.c
        # Only what is not done has a time, so these are found by their index.
        recent = issue.due_at > now - RECENT
        found = (
            _counted(literal("questions"), heard.heard_at).where(heard.due_at > _NEVER),
            _counted(literal("letters"), letter.written_at),
            _counted(literal("tried"), letter.written_at).where(letter.attempts > 0),
            _counted(issue.state, issue.due_at).where(recent).group_by(issue.state),
        )
        looking = union_all(*found).execution_options(**EVERYWHERE)
        async with self._database.reading() as connection:
            rows = {row.name: row for row in await connection.execute(looking)}
        questions, letters, tried = (rows.pop(one) for one in ("questions", "letters", "tried"))
        return Waiting(
            questions.number,
            _age(questions.oldest, now),
            letters.number,
            _age(letters.oldest, now),
            tried.number,
            {state: row.number for state, row in rows.items()},
        )


def _counted(
    name: ColumnElement[str], moment: ColumnElement[datetime]
) -> Select[str, int, datetime]:
    oldest = func.min(moment, type_=Moment()).label("oldest")
    return select(name.label("name"), func.count(moment).label("number"), oldest)


def _age(oldest: datetime | None, now: datetime) -> float:
    """In seconds; of a clock that was put back none is less than nothing."""
    return max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
