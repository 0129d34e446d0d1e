"""What officers say of the answers they got: whether each helped, and why not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, case, literal
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Status
from bot.questions import Verdict
from bot.store.database import Database
from bot.store.feedback_models import open_question_table, question_table
from bot.store.models import Words
from bot.store.open_questions import named_after
from bot.store.partition import Partition


@dataclass(frozen=True, slots=True)
class RatedQuestion:
    """One that was answered, by the random name of its answer; `verdict` "" while nothing was
    said. `text` is "" of one that was declined: it is not kept."""

    name: str
    text: str
    status: Status
    verdict: Verdict | Literal[""]
    reason: str
    asked_at: datetime


class Ratings(Partition):
    """Of one community's questions, as long as they are kept. Nobody's name is kept with them."""

    def __init__(
        self, database: Database, community: str, clock: Callable[[], datetime], kept: timedelta
    ) -> None:
        super().__init__(database, community, clock)
        self._kept = kept

    async def question(self, name: str) -> RatedQuestion | None:
        """One by the name of its answer; None where it is gone."""
        async with self._database.reading() as connection:
            row = (await connection.execute(self._found(*self._here(name)))).first()
        if row is None:
            return None
        return RatedQuestion(row.name, row.text, row.status, row.verdict, row.reason, row.asked_at)

    @property
    def days(self) -> int:
        """How long a question is kept, and whoever waits for its answer at most."""
        return self._kept.days

    async def rate(
        self, name: str, verdict: Verdict, reason: str = "", *, alone: bool = True
    ) -> bool:
        """Keep what somebody says of an answer, `reason` without personal details. Where it was
        given `alone` the last word counts, and one that it helped takes back that it did not, with
        the reason and the open question. Where others rate it too, that it did not help stays. A
        reason stays until the verdict changes. False where it is gone."""
        table, said = question_table.c, literal(reason, Words())
        kept = said if reason else case((table.verdict == verdict, table.reason), else_=said)
        said_now: dict[str, ColumnElement[str] | str] = {"verdict": verdict, "reason": kept}
        if verdict == "up" and not alone:
            down = table.verdict == "down"
            said_now = {
                "verdict": case((down, table.verdict), else_=literal(verdict, Words())),
                "reason": case((down, table.reason), else_=said),
            }
        rating = self._changing(question_table).where(*self._here(name))
        async with self._database.writing() as connection:
            rated = (await connection.execute(rating.values(said_now))).rowcount
            takes_back = rated and verdict == "up" and alone
            taken_back = takes_back and await self._taken_back(connection, name)
        if taken_back:
            await self._database.empty_log()
        return bool(rated)

    async def _taken_back(self, connection: AsyncConnection, name: str) -> int:
        """Nobody asks any more why an answer was wrong; what was asked for another reason stays
        open. How many rows that changed."""
        asked = open_question_table.c
        here = asked.id == named_after(name), ~asked.answered
        complained = self._erasing(open_question_table).where(*here, asked.cause == "down")
        reason = self._changing(open_question_table).where(*here, asked.why != "")
        erased = (await connection.execute(complained)).rowcount
        return erased + (await connection.execute(reason.values(why=""))).rowcount

    async def posted(self, name: str, message: str) -> bool:
        """Keep by what name the platform will tell the message that an answer was posted as: a
        hash of it, which leads nobody there. False where its question is not kept: not any more,
        or not yet."""
        noting = self._changing(question_table).where(*self._here(name))
        noted = noting.values(message=self._hashed(message))
        async with self._database.writing() as connection:
            return bool((await connection.execute(noted)).rowcount)

    async def by_message(self, message: str) -> str:
        """The name of the answer posted as a message; "" where there is none."""
        if not message:
            return ""
        posted = (question_table.c.message == self._hashed(message),)
        async with self._database.reading() as connection:
            row = (await connection.execute(self._found(*posted))).first()
        return row.name if row else ""

    def _hashed(self, message: str) -> str:
        whole = f"{self._community}\n{message}"
        return hashlib.sha256(whole.encode(errors="replace")).hexdigest()

    def _here(self, name: str) -> tuple[ColumnElement[bool], ...]:
        """Those without a name are nobody's to rate."""
        return question_table.c.name == name, question_table.c.name != ""

    def _found(self, *which: ColumnElement[bool]) -> Select[tuple[object, ...]]:
        lately = question_table.c.asked_at >= self._clock() - self._kept
        newest = question_table.c.id.desc()
        return self._rows(question_table).where(*which, lately).order_by(newest).limit(1)
