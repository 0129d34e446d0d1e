"""Introductions: a wish put to a peer, who answers it or not; no pair twice in a while."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Update, and_, bindparam, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.offers import Introduction, Profile, Wish
from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.letters import Letter, letters_about, post
from bot.store.models import Moment, Words, introduction_table, peer_table, person_table
from bot.store.partition import replies_erased
from bot.store.peers import Peers, paired, quotes_erased
from bot.store.projects import BEYOND

INTRODUCTIONS_KEPT = timedelta(days=365)
APART_FOR = timedelta(days=90)  # how long two people are not brought together again
OPEN_FOR = timedelta(days=14)  # how long a wish can be answered
MOST_OPEN = 5  # wishes of one officer that are not answered yet

Refusal = Literal["gone", "own", "unwilling", "many", "not beyond"]
"""Why a wish is not put to a peer. `gone`: there is no such offer to be seen from here;
`unwilling`: paused, asked as often as they allow, or brought to the asker lately; `many`: the
asker waits for other answers; `not beyond`: only who offers help beyond their own community may
ask there."""
Write = Callable[[Introduction], Sequence[Letter]]
WriteWith = Callable[[Introduction, Profile], Sequence[Letter]]
"""Make the letters that go with what becomes of a wish; `WriteWith` of the peer's offer too, as it
stands in that moment."""

_PAIR = text(
    "INSERT INTO pair (community, digest, until, peer_community, peer_key, asked_at)"
    " VALUES (:community, :digest, :until, :peer_community, :peer_key, :asked_at)"
    " ON CONFLICT (community, digest) DO UPDATE SET until = excluded.until,"
    " peer_community = excluded.peer_community, peer_key = excluded.peer_key,"
    " asked_at = excluded.asked_at"
).bindparams(
    *(
        bindparam(name, type_=Words())
        for name in ("community", "digest", "peer_community", "peer_key")
    ),
    *(bindparam(name, type_=Moment()) for name in ("until", "asked_at")),
)


class Introductions(Peers):
    """Of one community: those asked for in it, and those put to its peers."""

    def __init__(
        self,
        database: Database,
        community: str,
        clock: Callable[[], datetime],
        kept: timedelta = INTRODUCTIONS_KEPT,
    ) -> None:
        super().__init__(database, community, clock)
        self._kept = kept

    async def ask(
        self, by: str, person: str, name: str, wish: Wish, write: WriteWith
    ) -> Introduction | Refusal:
        """Put a wish to the peer who made an offer. Asked twice it is one wish: the first.
        `write` makes the letters that go with it, of it and of the peer's profile."""
        async with self._database.writing() as connection:
            peer = await self._held(connection, name)
            if peer is None or not await self._is_somebody(connection, by):
                return "gone"
            if there := await self._open(connection, by, peer):
                return there
            if refused := await self._refused(connection, by, person, peer):
                return refused
            made = Introduction(
                f"i-{secrets.token_urlsafe(9)}",
                self._community,
                by,
                peer.community,
                peer.key,
                peer.id,
                peer.offer.council,
                wish,
                "asked",
                self._clock(),
            )
            await self._keep(connection, made)
            await self._kept_apart(connection, made)
            await post(connection, write(made, peer), self._clock())
            await self._logged(connection, by, "asked for an introduction", made.id)
        return made

    async def open(self, by: str, name: str) -> Introduction | None:
        """The wish of somebody that waits for the answer of the peer who made an offer."""
        async with self._database.reading() as connection:
            peer = await self._seen(connection, name)
            return await self._open(connection, by, peer) if peer else None

    async def put_to(self, by: str, name: str) -> Introduction | None:
        """A wish that was put to a peer of this community."""
        async with self._database.reading() as connection:
            return await self._put_to(connection, by, name)

    async def answer(self, by: str, name: str, *, accepted: bool, write: WriteWith) -> bool:
        """The peer's answer; False where it was answered already, or is too old, or the offer is
        not there any more. `write` makes the letters that go with it."""
        async with self._database.writing() as connection:
            await self._next(connection)
            now = await self._put_to(connection, by, name)
            if now is None or now.state != "asked" or self._late(now):
                return False
            own = await self._own(connection, by)
            if own is None:
                return False
            state = "accepted" if accepted else "declined"
            changed = {"state": state, "answered_at": self._clock()}
            changed |= {} if accepted else {"reach": ""}  # nobody needs it any more
            statement = changing(now).where(introduction_table.c.state == "asked").values(**changed)
            if not (await connection.execute(statement)).rowcount:
                return False  # it ended meanwhile, or its asker was erased
            if accepted:
                await self._kept_apart(connection, now)
            await post(connection, write(now, own), self._clock())
            action = "accepted an introduction" if accepted else "declined an introduction"
            await self._logged(connection, by, action, now.id)
        return True

    async def leave(self, by: str, write: Write) -> bool:
        """Take an offer back and erase it, with the wishes put to it that are not answered."""
        async with self._database.writing() as connection:
            await self._next(connection)
            left = await self._left(connection, by, write)
        await self._database.empty_log()
        return left

    async def helped(self, by: str, name: str, *, yes: bool) -> bool:
        """Keep whether an introduction helped, by the word of who asked for it."""
        statement = (
            self._changing(introduction_table)
            .where(
                introduction_table.c.id == name,
                introduction_table.c.asker_key == by,
                introduction_table.c.state == "accepted",
            )
            .values(helped=yes)
        )
        async with self._database.writing() as connection:
            return bool((await connection.execute(statement)).rowcount)

    async def concerning(self, by: str) -> list[Introduction]:
        """Those that somebody asked for or was asked for, the newest first, none past their
        time."""
        kept = introduction_table.c.asked_at >= self._clock() - self._kept
        statement = (
            select(introduction_table)
            .where(self._concerns(by), kept)
            .order_by(introduction_table.c.asked_at.desc())
            .execution_options(**EVERYWHERE)
        )
        async with self._database.reading() as connection:
            return [introduction(row) for row in await connection.execute(statement)]

    def _concerns(self, by: str) -> ColumnElement[bool]:
        table = introduction_table.c
        return or_(
            and_(table.community == self._community, table.asker_key == by),
            and_(table.peer_community == self._community, table.peer_key == by),
        )

    async def _left(self, connection: AsyncConnection, by: str, write: Write) -> bool:
        before = await self._own(connection, by)
        if before is None:
            return False
        await self._closed(connection, by, write)
        await connection.execute(self._erasing(peer_table).where(peer_table.c.person_key == by))
        await self._offer_forgotten(connection, before)
        await self._logged(connection, by, "took the offer back", before.id)
        return True

    async def _closed(self, connection: AsyncConnection, by: str, write: Write) -> None:
        waiting = select(introduction_table).where(
            introduction_table.c.peer_community == self._community,
            introduction_table.c.peer_key == by,
            introduction_table.c.state == "asked",
        )
        rows = (await connection.execute(waiting.execution_options(**EVERYWHERE))).all()
        for one in map(introduction, rows):
            closing = changing(one).values(state="closed", answered_at=self._clock(), reach="")
            await connection.execute(closing)
            await connection.execute(letters_about([one.id]))  # the peer needs to answer no more
            await post(connection, write(one), self._clock())

    async def _held(self, connection: AsyncConnection, name: str) -> Profile | None:
        """An offer as it stands until the transaction ends: of two who ask the same peer at once
        the second sees what the first did."""
        seen = await self._seen(connection, name)
        if seen is None:
            return None
        # In one order everywhere, lest two communities that ask each other wait for each other.
        for community in sorted({self._community, seen.community}):
            await self._next(connection, community)
        return await self._seen(connection, name)

    async def _open(
        self, connection: AsyncConnection, by: str, peer: Profile
    ) -> Introduction | None:
        statement = self._rows(introduction_table).where(
            introduction_table.c.asker_key == by,
            introduction_table.c.peer_community == peer.community,
            introduction_table.c.peer_key == peer.key,
            introduction_table.c.state == "asked",
            introduction_table.c.asked_at > self._clock() - OPEN_FOR,
        )
        row = (await connection.execute(statement)).first()
        return introduction(row) if row else None

    async def _refused(
        self, connection: AsyncConnection, by: str, person: str, peer: Profile
    ) -> Refusal | None:
        if (peer.community, peer.key) == (self._community, by):
            return "own"
        if not await self._willing(connection, [peer.id], person):
            return "unwilling"
        if peer.community != self._community:
            ours = await self._own(connection, by)
            if ours is None or not ours.offer.beyond:
                return "not beyond"
        statement = self._rows(introduction_table, func.count()).where(
            introduction_table.c.asker_key == by,
            introduction_table.c.state == "asked",
            introduction_table.c.asked_at > self._clock() - OPEN_FOR,
        )
        waiting: int | None = await connection.scalar(statement)
        return "many" if (waiting or 0) >= MOST_OPEN else None

    async def _keep(self, connection: AsyncConnection, made: Introduction) -> None:
        row = {
            "id": made.id,
            "asker_key": made.asker,
            "peer_community": made.peer_community,
            "peer_key": made.peer,
            "peer": made.offer,
            "peer_council": made.council,
            "state": made.state,
            "asked_at": made.asked_at,
            "followed_up": False,
            **asdict(made.wish),
        }
        await connection.execute(self._adding(introduction_table, **row))

    async def _kept_apart(self, connection: AsyncConnection, one: Introduction) -> None:
        """Neither is offered to the other for a while, and the peer was asked once more, whatever
        becomes of their rows."""
        people = []
        for community, key in ((one.community, one.asker), (one.peer_community, one.peer)):
            statement = select(person_table.c.person).where(
                person_table.c.community == community, person_table.c.key == key
            )
            people.append((community, str(await connection.scalar(statement))))
        digest = paired(await self._secret_made(connection), *people)
        until = self._clock() + APART_FOR
        row = {"community": one.community, "digest": digest, "until": until}
        asked = {"peer_community": one.peer_community, "peer_key": one.peer}
        await connection.execute(_PAIR, {**row, **asked, "asked_at": one.asked_at})

    async def _put_to(self, connection: AsyncConnection, by: str, name: str) -> Introduction | None:
        statement = select(introduction_table).where(
            introduction_table.c.id == name,
            introduction_table.c.peer_community == self._community,
            introduction_table.c.peer_key == by,
        )
        row = (await connection.execute(statement.execution_options(**EVERYWHERE))).one_or_none()
        return introduction(row) if row else None

    def _late(self, one: Introduction) -> bool:
        return one.asked_at <= self._clock() - OPEN_FOR

    async def _offer_forgotten(self, connection: AsyncConnection, gone: Profile) -> None:
        await replies_erased(connection, gone.id)
        await quotes_erased(connection, self._community, f"“{gone.offer.help}”")
        if gone.offer.beyond:
            await self._next(connection, BEYOND)


def changing(one: Introduction) -> Update:
    """A statement that changes its row."""
    return update(introduction_table).where(
        introduction_table.c.community == one.community, introduction_table.c.id == one.id
    )


def introduction(row: Row[Any]) -> Introduction:
    """A row as what it stands for."""
    return Introduction(
        id=row.id,
        community=row.community,
        asker=row.asker_key,
        peer_community=row.peer_community,
        peer=row.peer_key,
        offer=row.peer,
        council=row.peer_council,
        wish=Wish(row.line, row.name, row.council, row.reach),
        state=row.state,
        asked_at=row.asked_at,
        helped=row.helped,
    )
