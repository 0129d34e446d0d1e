"""Questions that were asked openly in a channel and that nobody could answer."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from bot.conversation import Origin
from bot.digests import OpenQuestion
from bot.store.digest_models import open_question_table
from bot.store.letters import Letter, post
from bot.store.partition import Partition

MOST_SHOWN = 20


class OpenQuestions(Partition):
    """Of one community. Nobody's name is kept with them."""

    async def add(self, text: str, origin: Origin) -> None:
        """Keep one, asked in the channel of an origin; `text` is without personal details."""
        row = {"id": f"q-{secrets.token_urlsafe(9)}", "channel": origin.channel, "text": text}
        row |= {"platform": origin.platform, "place": origin.place, "link": origin.link}
        at_first = {"asked_at": self._clock(), "told": False, "answered": False}
        adding = self._adding(open_question_table, **row, **at_first)
        async with self._database.writing() as connection:
            await connection.execute(adding)

    async def since(self, channel: str, moment: datetime) -> list[OpenQuestion]:
        """Those asked in a channel later than a moment that nobody answered and no digest has
        told, the newest first."""
        table = open_question_table.c
        here = table.channel == channel, table.asked_at > moment, ~table.answered, ~table.told
        statement = self._rows(open_question_table).where(*here)
        newest = statement.order_by(table.asked_at.desc()).limit(MOST_SHOWN)
        async with self._database.reading() as connection:
            return [_question(row) for row in await connection.execute(newest)]

    async def named(self, name: str) -> OpenQuestion | None:
        """One by its id, answered or not."""
        statement = self._rows(open_question_table).where(open_question_table.c.id == name)
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return _question(row) if row else None

    async def answer(self, name: str, letter: Letter) -> bool:
        """Have an officer's answer posted in its thread; False where it is not there any more."""
        changing = self._changing(open_question_table).where(open_question_table.c.id == name)
        async with self._database.writing() as connection:
            if not (await connection.execute(changing.values(answered=True))).rowcount:
                return False
            await post(connection, [letter], self._clock())
            await self._logged(connection, letter.key, "question answered", name)
        return True


def _question(row: Row[Any]) -> OpenQuestion:
    return OpenQuestion(
        row.id,
        row.community,
        row.channel,
        row.platform,
        row.place,
        row.link,
        row.text,
        row.asked_at,
    )
