"""Questions that nobody could answer yet, or whose answer was found wrong."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, literal, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Origin
from bot.questions import Cause, OpenQuestion
from bot.store.feedback_models import open_question_table
from bot.store.letters import Letter, post
from bot.store.models import Words
from bot.store.partition import Partition

MOST_SHOWN = 20  # in a digest
MOST_WAITING = 500  # of which groups are made
_BEFORE = "q-"


def named_after(question: str) -> str:
    """The id of the open question that a question is or becomes, by the name of its answer."""
    return f"{_BEFORE}{question}"


def question_of(name: str) -> str:
    """The other way round: of an open question by its id."""
    return name.removeprefix(_BEFORE)


class OpenQuestions(Partition):
    """Of one community. Nobody is kept with them but who waits to be told of an answer, by their
    random key, until they are."""

    async def add(
        self,
        text: str,
        origin: Origin,
        *,
        name: str = "",
        cause: Cause = "unsure",
        why: str = "",
        asker: str = "",
        listed: bool = True,
        vector: bytes = b"",
        model: str = "",
    ) -> str:
        """Keep one; `text` and `why` are without personal details. Where it was asked is kept if
        others saw it there. One that is not `listed` is for its place's digest alone. `vector` is
        float32 in bytes, by `model`, b"" for none yet. With the `name` of its answer it is kept
        once: when it comes again, what is new of `why`, the place and `listed` is added, and the
        `asker` where nobody else waits; with a `why` or an `asker` it is open again. Returns its
        id."""
        row = {"id": named_after(name or secrets.token_urlsafe(9)), "text": text}
        row |= {"platform": origin.platform, **_where(origin)}
        more = {"cause": cause, "why": why, "asker_key": asker}
        embedded = {"vector": vector or None, "model": model if vector else ""}
        at_first = {"asked_at": self._clock(), "told": False, "answered": False, "listed": listed}
        insert = sqlite.insert if self._database.is_file else postgresql.insert
        adding = insert(open_question_table).values(
            community=self._community, **row, **more, **embedded, **at_first
        )
        changed = _changed(origin, why=why, asker=asker, listed=listed)
        kept = (
            adding.on_conflict_do_update(index_elements=["community", "id"], set_=changed)
            if changed
            else adding.on_conflict_do_nothing()
        )
        async with self._database.writing() as connection:
            await connection.execute(kept)
        return row["id"]

    async def since(self, channel: str, moment: datetime) -> list[OpenQuestion]:
        """Those asked in a channel later than a moment that nobody answered and no digest has
        told, the newest first. Where an officer found the answer wrong, a digest tells nothing."""
        table = open_question_table.c
        here = table.channel == channel, table.asked_at > moment, table.cause == "unsure"
        statement = self._rows(open_question_table).where(*here, ~table.answered, ~table.told)
        newest = statement.order_by(table.asked_at.desc()).limit(MOST_SHOWN)
        async with self._database.reading() as connection:
            return [_question(row) for row in await connection.execute(newest)]

    async def named(self, name: str) -> OpenQuestion | None:
        """One by its id, answered or not."""
        statement = self._rows(open_question_table).where(open_question_table.c.id == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return _question(row) if row else None

    async def waiting(self) -> list[tuple[OpenQuestion, bytes, str]]:
        """Those listed that nobody answered or closed, the newest first, each with its vector and
        the model that made it; b"" and "" for none yet."""
        table = open_question_table.c
        statement = self._rows(open_question_table).where(~table.answered, table.listed)
        newest = statement.order_by(table.asked_at.desc(), table.id).limit(MOST_WAITING)
        async with self._database.reading() as connection:
            rows = await connection.execute(newest)
            return [(_question(row), row.vector or b"", row.model) for row in rows]

    async def waits(self, name: str) -> bool:
        """Whether one is listed and nobody answered or closed it, by its id."""
        table = open_question_table.c
        listed = table.id == name, table.listed, ~table.answered
        async with self._database.reading() as connection:
            found = await connection.execute(
                self._rows(open_question_table, table.id).where(*listed)
            )
            return found.first() is not None

    async def embed(self, made: Sequence[tuple[OpenQuestion, bytes, str]]) -> None:
        """Keep the vectors of some, and by which model they are."""
        table = open_question_table.c
        async with self._database.writing() as connection:
            for one, vector, model in made:
                changing = self._changing(open_question_table).where(table.id == one.id)
                await connection.execute(changing.values(vector=vector, model=model))

    async def close(self, ids: Collection[str], by: str, letters: Sequence[Letter] = ()) -> int:
        """Leave some without an answer, as nothing for us; `letters` may tell of it. How many of
        them were open."""
        async with self._database.writing() as connection:
            await self._next(connection)  # as who answers does first: neither waits for the other
            closed = await settled(connection, self._community, ids)
            if closed:
                await self._logged(connection, by, "open questions closed", " ".join(closed))
                await post(connection, letters, self._clock())
        return len(closed)

    async def answer(self, name: str, letter: Letter) -> bool:
        """Have an officer's answer posted in its thread; False where it is not there any more."""
        changing = self._changing(open_question_table).where(open_question_table.c.id == name)
        async with self._database.writing() as connection:
            await self._next(connection)
            if not (await connection.execute(changing.values(answered=True))).rowcount:
                return False
            await post(connection, [letter], self._clock())
            await self._logged(connection, letter.key, "question answered", name)
        return True


async def settled(connection: AsyncConnection, community: str, ids: Collection[str]) -> list[str]:
    """Takes open questions off the list, in the transaction of what is told of it; nobody waits
    to be told of them any more. Gives the ids of those that were on it."""
    table = open_question_table.c
    settling = (
        update(open_question_table)
        .where(table.community == community, table.id.in_(ids), ~table.answered)
        .values(answered=True, asker_key="")
        .returning(table.id)
    )
    return sorted(row.id for row in await connection.execute(settling))


def _changed(origin: Origin, *, why: str, asker: str, listed: bool) -> dict[str, object]:
    """What is new of one that is there already. Whoever waits goes on waiting: in the place of
    somebody who waits alone no place comes, nor anybody else."""
    table = open_question_table.c
    changed: dict[str, object] = {"listed": True} if listed else {}
    changed |= {"why": why} if why else {}
    changed |= {"answered": False} if why or asker else {}
    if asker:
        changed["asker_key"] = case(
            (table.asker_key == "", literal(asker, Words())), else_=table.asker_key
        )
    there = {"platform": origin.platform, **_where(origin)}
    if there["place"]:
        nowhere: ColumnElement[bool] = and_(table.place == "", table.asker_key == "")
        changed |= {
            name: case((nowhere, literal(value, Words())), else_=table[name])
            for name, value in there.items()
        }
    return changed


def _where(origin: Origin) -> dict[str, str]:
    """The place where others saw it asked; of what was asked alone, none."""
    if origin.alone:
        return {"channel": "", "place": "", "link": ""}
    return {"channel": origin.channel, "place": origin.place, "link": origin.link}


def _question(row: Row[Any]) -> OpenQuestion:
    return OpenQuestion(
        row.community,
        row.id,
        row.channel,
        row.platform,
        row.place,
        row.link,
        row.text,
        row.asked_at,
        row.cause,
        row.why,
        row.asker_key,
    )
