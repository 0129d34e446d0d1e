"""Peers: officers who agreed to be asked, of one community and of those who share beyond theirs."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, delete, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.offers import Offer, Profile
from bot.store.guard import EVERYWHERE
from bot.store.models import (
    Words,
    pair_table,
    peer_table,
    person_table,
    reply_table,
    secret_table,
)
from bot.store.partition import Partition, replies_erased
from bot.store.projects import BEYOND

ASKED_IN = timedelta(days=30)  # what "twice a month" counts in
LOAD_OF = timedelta(days=90)  # what a fair spread looks back on
_KEEP_SECRET = text(
    "INSERT INTO secret (community, value) VALUES (:community, :value)"
    " ON CONFLICT (community) DO NOTHING"
).bindparams(*(bindparam(name, type_=Words()) for name in ("community", "value")))


@dataclass(frozen=True, slots=True)
class Offered:
    """A peer with the embedding of their offer, float32 in bytes, and the model that made it."""

    profile: Profile
    vector: bytes
    model: str


class Peers(Partition):
    """Who can be asked from one community."""

    async def join(
        self, by: str, offer: Offer, wording: str, vector: bytes, model: str
    ) -> Profile | None:
        """Keep an offer, or put it in the place of the one before; agreed to now, in these
        words. None where whoever offers was erased meanwhile."""
        row = {**asdict(offer), "outcomes": list(offer.outcomes), "vector": vector, "model": model}
        agreed = {"wording": wording, "agreed_at": self._clock()}
        async with self._database.writing() as connection:
            await self._next(connection)
            if not await self._is_somebody(connection, by):
                return None
            before = await self._own(connection, by)
            if before:
                changing = self._changing(peer_table).where(peer_table.c.id == before.id)
                await connection.execute(changing.values(**row, **agreed))
                await replies_erased(connection, before.id)
                if before.offer.beyond or offer.beyond:
                    await self._next(connection, BEYOND)
                await self._logged(connection, by, "offer changed", before.id)
            else:
                made = {"id": f"o-{secrets.token_urlsafe(9)}", "person_key": by}
                await connection.execute(self._adding(peer_table, **made, **row, **agreed))
                if offer.beyond:
                    await self._next(connection, BEYOND)
                await self._logged(connection, by, "offered help", made["id"])
            after = await self._own(connection, by)
        await self._database.empty_log()
        return after

    async def own(self, by: str) -> Profile | None:
        """Somebody's offer, paused or not."""
        async with self._database.reading() as connection:
            return await self._own(connection, by)

    async def pause(self, by: str, until: datetime | None) -> Profile | None:
        """Be asked no more until then, or be asked again; None where there is no offer."""
        async with self._database.writing() as connection:
            await self._next(connection)
            if (before := await self._own(connection, by)) is None:
                return None
            changing = self._changing(peer_table).where(peer_table.c.person_key == by)
            await connection.execute(changing.values(paused_until=until))
            await replies_erased(connection, before.id)
            if before.offer.beyond:
                await self._next(connection, BEYOND)
            action = "paused" if until else "resumed"
            await self._logged(connection, by, action, before.id)
            return await self._own(connection, by)

    async def embed_offers(self, made: Sequence[Offered]) -> None:
        """Keep offers' embeddings by another model; not of one that was changed meanwhile."""
        async with self._database.writing() as connection:
            for one in made:
                same = peer_table.c.agreed_at == one.profile.agreed_at
                statement = self._changing(peer_table).where(
                    peer_table.c.id == one.profile.id, same
                )
                await connection.execute(statement.values(vector=one.vector, model=one.model))

    async def offered(self) -> list[Offered]:
        """Everybody who may be found from here, paused ones too."""
        statement = select(peer_table).where(self._visible())
        async with self._database.reading() as connection:
            rows = (await connection.execute(statement.execution_options(**EVERYWHERE))).all()
            load = await self._asked(connection, LOAD_OF)
        return [Offered(_profile(row, load), row.vector, row.model) for row in rows]

    async def newly_named(self, since: datetime) -> list[str]:
        """The offers made or changed here since then of those who agreed to be named."""
        table = peer_table.c
        statement = self._rows(peer_table, table.id).where(table.named, table.agreed_at > since)
        async with self._database.reading() as connection:
            return [row.id for row in await connection.execute(statement)]

    async def willing(self, names: Collection[str], person: str) -> list[Profile]:
        """Those of the offers that may be shown to somebody at this moment: seen from here,
        not paused, not asked as often as they allow, not their own, and not of anybody who was
        brought to them lately."""
        async with self._database.reading() as connection:
            return await self._willing(connection, names, person)

    async def _willing(
        self, connection: AsyncConnection, names: Collection[str], person: str
    ) -> list[Profile]:
        now = self._clock()
        statement = (
            select(peer_table, person_table.c.person)
            .join(person_table, _theirs())
            .where(
                peer_table.c.id.in_(names),
                or_(peer_table.c.community == self._community, peer_table.c.beyond),
                or_(peer_table.c.paused_until.is_(None), peer_table.c.paused_until <= now),
            )
            .execution_options(**EVERYWHERE)
        )
        rows = (await connection.execute(statement)).all()
        load = await self._asked(connection, ASKED_IN)
        lately = await self._paired(connection, person, [(r.community, r.person) for r in rows])
        return [
            _profile(row, load)
            for row in rows
            if (row.community, row.person) not in lately
            and (row.community, row.person) != (self._community, person)
            and load.get((row.community, row.person_key), 0) < row.monthly
        ]

    async def _paired(
        self, connection: AsyncConnection, person: str, others: Collection[tuple[str, str]]
    ) -> set[tuple[str, str]]:
        """Those of the others whom a person was brought to lately, or who were brought to them."""
        if not (person and others):
            return set()
        secret, us = await self._secret(connection), (self._community, person)
        digests = {paired(secret, us, other): other for other in others}
        statement = select(pair_table.c.digest).where(
            pair_table.c.digest.in_(digests), pair_table.c.until > self._clock()
        )
        rows = await connection.execute(statement.execution_options(**EVERYWHERE))
        return {digests[row.digest] for row in rows}

    async def _secret(self, connection: AsyncConnection) -> str:
        """What pairs are hashed with; "" before the first."""
        statement = select(secret_table.c.value).where(secret_table.c.community == BEYOND)
        return await connection.scalar(statement) or ""

    async def _secret_made(self, connection: AsyncConnection) -> str:
        made = {"community": BEYOND, "value": secrets.token_urlsafe(32)}
        await connection.execute(_KEEP_SECRET, made)
        return await self._secret(connection)

    async def _asked(
        self, connection: AsyncConnection, within: timedelta
    ) -> dict[tuple[str, str], int]:
        """How often peers were asked lately, by community and key; also by those who have gone."""
        of = pair_table.c.peer_community, pair_table.c.peer_key
        statement = (
            select(*of, func.count().label("times"))
            .where(pair_table.c.asked_at > self._clock() - within)
            .group_by(*of)
        )
        rows = await connection.execute(statement.execution_options(**EVERYWHERE))
        return {(row.peer_community, row.peer_key): row.times for row in rows}

    def _visible(self) -> ColumnElement[bool]:
        return or_(peer_table.c.community == self._community, peer_table.c.beyond)

    async def _own(self, connection: AsyncConnection, by: str) -> Profile | None:
        statement = self._rows(peer_table).where(peer_table.c.person_key == by)
        row = (await connection.execute(statement)).one_or_none()
        return _profile(row, {}) if row else None

    async def _seen(self, connection: AsyncConnection, name: str) -> Profile | None:
        """An offer that can be seen from here, paused or not."""
        statement = select(peer_table).where(peer_table.c.id == name, self._visible())
        row = (await connection.execute(statement.execution_options(**EVERYWHERE))).one_or_none()
        return _profile(row, {}) if row else None


async def quotes_erased(connection: AsyncConnection, community: str, *words: str) -> None:
    """Erase the kept replies of a community that hold any of these words."""
    for one in words:
        holds = reply_table.c.reply.contains(json.dumps(one)[1:-1], autoescape=True)
        await connection.execute(
            delete(reply_table).where(reply_table.c.community == community, holds)
        )


def paired(secret: str, one: tuple[str, str], other: tuple[str, str]) -> str:
    """Stands for two people, whichever asks, and tells of neither."""
    named = "\0".join(part for who in sorted((one, other)) for part in who)
    return hmac.new(secret.encode(), named.encode(), hashlib.sha256).hexdigest()


def _theirs() -> ColumnElement[bool]:
    same = person_table.c.community == peer_table.c.community
    return same & (person_table.c.key == peer_table.c.person_key)


def _profile(row: Row[Any], load: dict[tuple[str, str], int]) -> Profile:
    return Profile(
        id=row.id,
        community=row.community,
        key=row.person_key,
        offer=Offer(
            row.name,
            row.help,
            tuple(row.outcomes),
            row.council,
            row.kind,
            row.nation,
            row.region,
            row.reach,
            row.beyond,
            row.monthly,
            row.named,
        ),
        wording=row.wording,
        agreed_at=row.agreed_at,
        paused_until=row.paused_until,
        asked=load.get((row.community, row.person_key), 0),
    )
