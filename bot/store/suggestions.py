"""Case studies that officers of one community suggest, until an administrator has decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, and_, func, select

from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.letters import Letter, post
from bot.store.partition import Partition
from bot.store.text_models import suggestion_table
from bot.store.text_rows import listed
from bot.texts import Suggested
from knowledge.library import Section

Answer = Literal["asked", "accepted", "declined"]

WAITING = ("open", "asked")
NO_FILE: dict[str, object] = {"file": b"", "read": ()}
_ACTIONS: dict[Answer, str] = {
    "asked": "more asked of a suggestion",
    "accepted": "suggestion accepted",
    "declined": "suggestion declined",
}
_LIGHT = tuple(one for one in suggestion_table.c if one.name not in ("read", "file"))
_WORDS = ("title", "told", "council", "link", "file_name", "state", "said", "text", "reading")


class Suggestions(Partition):
    """With the bytes that were attached, which are erased once it is decided."""

    async def add(self, one: Suggested, file: bytes, letters: Sequence[Letter] = ()) -> bool:
        """Keep a new one; `letters` tell of it. False where whoever suggested it is nobody any
        more: they were erased at this moment."""
        async with self._database.writing() as connection:
            await self._next(connection)  # so that whoever erases them at this moment is waited for
            if not await self._is_somebody(connection, one.by):
                return False
            row = _columns(one) | {"file": file, "suggested_at": one.suggested_at}
            at = {"person_key": one.by, "changed_at": self._clock()}
            await connection.execute(self._adding(suggestion_table, **row, **at))
            await post(connection, letters, self._clock())
            await self._logged(connection, one.by, "case study suggested", one.id)
        return True

    async def get(self, name: str) -> Suggested | None:
        """One by its id, decided or not."""
        columns = (*_LIGHT, suggestion_table.c.read)
        statement = self._rows(suggestion_table, *columns).where(suggestion_table.c.id == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return _suggested(row) if row else None

    async def file(self, name: str) -> bytes:
        """What was attached; empty where nothing was, or it was erased."""
        statement = self._rows(suggestion_table, suggestion_table.c.file)
        async with self._database.reading() as connection:
            found: bytes | None = await connection.scalar(
                statement.where(suggestion_table.c.id == name)
            )
        return found or b""

    async def open(self, limit: int, start: int = 0) -> tuple[list[Suggested], int]:
        """Those that nobody has looked at, the oldest first, without what was read of their files;
        and how many there are."""
        table = suggestion_table.c
        waiting = self._rows(suggestion_table, *_LIGHT).where(table.state == "open")
        oldest = waiting.order_by(table.suggested_at, table.id).offset(start).limit(limit)
        async with self._database.reading() as connection:
            count: int | None = await connection.scalar(waiting.with_only_columns(func.count()))
            return [_suggested(row) for row in await connection.execute(oldest)], count or 0

    async def change(
        self, one: Suggested, file: bytes | None, letters: Sequence[Letter] = ()
    ) -> bool:
        """Keep what whoever suggested it filled in again; None leaves the file. What was read of
        it before is read anew. False where it was decided meanwhile, or is not theirs."""
        row = _columns(replace(one, read=(), reading="")) | {"changed_at": self._clock()}
        if file is not None:
            row["file"] = file
        theirs = _waiting(one.id), suggestion_table.c.person_key == one.by
        changing = self._changing(suggestion_table).where(*theirs).values(**row)
        async with self._database.writing() as connection:
            if not (await connection.execute(changing)).rowcount:
                return False
            await post(connection, letters, self._clock())
            await self._logged(connection, one.by, "suggestion changed", one.id)
        await self._database.empty_log()
        return True

    async def looked(
        self,
        name: str,
        read: tuple[Section, ...],
        reading: str,
        doubles: Sequence[str] = (),
        letters: Sequence[Letter] = (),
    ) -> bool:
        """Keep what was read of its link or file, and what it may be the same as; `letters` tell of
        it. False where somebody else has looked since it was filled in, or it was decided."""
        unread = _waiting(name), suggestion_table.c.reading == ""
        row = {"read": read, "reading": reading, "doubles": listed(doubles)}
        changing = self._changing(suggestion_table).where(*unread).values(**row)
        async with self._database.writing() as connection:
            if not (await connection.execute(changing)).rowcount:
                return False
            await post(connection, letters, self._clock())
        return True

    async def answered(
        self,
        name: str,
        state: Answer,
        said: str,
        text: str = "",
        *,
        by: str,
        letters: Sequence[Letter] = (),
    ) -> bool:
        """Keep what an administrator, whose random key is `by`, decides or asks; `letters` tell of
        it. `text` is the id of what it became. Once it is decided, its file is erased with all
        that was read of it. False where somebody else has decided."""
        row = {"state": state, "said": said, "text": text, "changed_at": self._clock()}
        row |= {} if state == "asked" else NO_FILE
        changing = self._changing(suggestion_table).where(_waiting(name)).values(**row)
        async with self._database.writing() as connection:
            if not (await connection.execute(changing)).rowcount:
                return False
            await post(connection, letters, self._clock())
            await self._logged(connection, by, _ACTIONS[state], name)
        await self._database.empty_log()
        return True


async def unread_suggestions(database: Database) -> list[Suggested]:
    """Those of every community that wait to be looked at, the oldest first."""
    table = suggestion_table.c
    unread = table.state.in_(WAITING), table.reading == ""
    oldest = select(*_LIGHT).where(*unread).order_by(table.suggested_at, table.id)
    async with database.reading() as connection:
        rows = await connection.execute(oldest.execution_options(**EVERYWHERE))
        return [_suggested(row) for row in rows]


def _waiting(name: str) -> ColumnElement[bool]:
    return and_(suggestion_table.c.id == name, suggestion_table.c.state.in_(WAITING))


def _columns(one: Suggested) -> dict[str, object]:
    """What may change, of whichever community: that is the caller's."""
    words = {name: getattr(one, name) for name in _WORDS}
    lists = {"outcomes": listed(one.outcomes), "doubles": listed(one.doubles)}
    return {"id": one.id, **words, **lists, "read": one.read}


def _suggested(row: Row[Any]) -> Suggested:
    """Without what was read where it was not asked for."""
    return Suggested(
        **{name: getattr(row, name) for name in _WORDS},
        id=row.id,
        community=row.community,
        by=row.person_key,
        suggested_at=row.suggested_at,
        outcomes=tuple(row.outcomes),
        doubles=tuple(row.doubles),
        read=getattr(row, "read", ()),
    )
