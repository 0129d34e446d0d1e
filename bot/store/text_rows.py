"""What texts that were brought in are read and written with: rows and values, and what every write
of them does."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, bindparam, delete, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.guard import EVERYWHERE
from bot.store.models import Words, reply_table, storable
from bot.store.partition import Partition, replies_erased
from bot.texts import FOR_ALL, About, Known, OwnText

_SOUGHT = 20  # texts that kept replies are looked through for, one by one

# Begins anywhere, so that a database that was begun anew never counts what the one before did.
_FIRST = 2**30
_COUNTED = text(
    "INSERT INTO text_revision (community, revision) VALUES (:community, :first)"
    " ON CONFLICT (community) DO UPDATE SET revision = text_revision.revision + 1"
).bindparams(bindparam("community", type_=Words()))
_PLAIN = ("id", "source", "location", "url", "digest", "pages", "published", "sketch", "read_at")
NO_TEXT: dict[str, object] = {
    **{"id": None, "pages": 0, "sketch": b"", "sections": (), "notes": []},
    **dict.fromkeys(("url", "published"), ""),
}
"""Of a location that holds none."""
NOT_ABOUT: dict[str, object] = {
    **{"kind": "", "title": "", "year": 0, "councils": [], "outcomes": [], "confirmed_at": None},
}
"""Of one of which nothing is confirmed either."""


class TextRows(Partition):
    """What sources and texts are both written with. Each write takes the row of the source first,
    then that of the revision, then those of texts, so that no two wait for each other."""

    async def _counted(self, connection: AsyncConnection) -> None:
        """Count a change of what is seen. Whoever else changes this community's texts waits
        until the transaction ends."""
        first = 1 + secrets.randbelow(_FIRST)
        await connection.execute(_COUNTED, {"community": self._community, "first": first})

    async def _unquoted(self, connection: AsyncConnection, texts: Collection[str]) -> None:
        """Erase the kept replies that give some of them: "More" and "Share" end with them. Of
        many, all there are where they are seen: to look for each would take minutes."""
        if len(texts) <= _SOUGHT:
            for one in sorted(texts):
                await replies_erased(connection, one)
            return
        if self._community == FOR_ALL:
            await connection.execute(delete(reply_table).execution_options(**EVERYWHERE))
        else:
            await connection.execute(self._erasing(reply_table))


def text_columns(one: OwnText) -> dict[str, object]:
    """Of whichever community: that is the caller's."""
    plain = {name: getattr(one, name) for name in _PLAIN}
    long = {"notes": listed(one.notes), "sections": one.sections}
    return {**plain, **long, **about_columns(one.about), "confirmed_at": one.confirmed_at}


def about_columns(about: About) -> dict[str, object]:
    lists = {"councils": listed(about.councils), "outcomes": listed(about.outcomes)}
    return {"kind": about.kind, "title": about.title, "year": about.year, **lists}


def listed(words: Sequence[str]) -> list[str]:
    """As JSON keeps them, which is not looked at for what a database refuses."""
    return [storable(one) for one in words]


def about(row: Row[Any]) -> About:
    councils, outcomes = tuple(row.councils), tuple(row.outcomes)
    return About(
        kind=row.kind, title=row.title, councils=councils, year=row.year, outcomes=outcomes
    )


def own_text(row: Row[Any]) -> OwnText:
    """Without sections where they were not asked for."""
    return OwnText(
        **{name: getattr(row, name) for name in _PLAIN},
        community=row.community,
        about=about(row),
        sections=getattr(row, "sections", ()),
        notes=tuple(row.notes),
        confirmed_at=row.confirmed_at,
    )


def known_of(row: Row[Any]) -> Known:
    return Known(
        location=row.location,
        validator=row.validator,
        digest=row.digest,
        text=row.id or "",
        reason=row.reason,
        tries=row.tries,
        parser=row.parser,
    )
