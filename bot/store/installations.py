"""The app in many workspaces: each with a token of its own, which is kept sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.communities import BeingErased, Installation, Installed, NoKeyOpens
from bot.sealing import Broken, Seal
from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.installation_models import installation_table, used_state_table
from bot.store.projects import BEYOND

STATE_KEPT = timedelta(minutes=20)  # longer than one can be used
PLATFORM = "slack"  # the only one that gives a token to each community
_PURPOSE = "installation"
_C = installation_table.c
_NAMES = ("community", "bot", "bot_id", "bot_name", "name", "site", "organisation")


@dataclass(frozen=True, slots=True)
class Rotated:
    """What became of the tokens when they were sealed anew: those that were, those that the first
    key opened already, and those that no key opens."""

    sealed_anew: int
    already: int
    unopened: int


@dataclass(frozen=True, slots=True)
class Left:
    """A community that took the app out, and when; all of it is to be erased."""

    community: str
    at: datetime


class Installations:
    """See `communities.Installations`. A part of the store. Without keys no token can be kept, and
    none is opened."""

    def __init__(
        self, database: Database, clock: Callable[[], datetime], keys: Sequence[str] = ()
    ) -> None:
        """Raises ValueError for what is no key."""
        self._database, self._clock = database, clock
        self._seal = Seal(keys) if keys else None
        make = sqlite.insert if database.is_file else postgresql.insert
        kept = make(installation_table)
        changed = {one.name: kept.excluded[one.name] for one in _C if not one.primary_key}
        self._keep = kept.on_conflict_do_update(
            index_elements=[_C.community], set_=changed, where=_C.left_at.is_(None)
        ).returning(_C.community)

    async def get(self, community: str) -> Installation | None:
        """The one of a community; None where there is none, or it was left. Raises NoKeyOpens."""
        statement = select(installation_table).where(
            _C.community == community, _C.left_at.is_(None)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(statement)).one_or_none()
        return self._opened(row) if row else None

    async def keep(self, one: Installation) -> None:
        """Keep it in the place of an earlier one; as of now, whatever it says of that. Raises
        BeingErased until what an earlier one left is gone: keeping this would end the erasure."""
        assert self._seal
        sealed = self._seal.seal(one.token, _PURPOSE, one.community, one.bot)
        row = {name: getattr(one, name) for name in _NAMES} | {
            "platform": PLATFORM,
            "sealed": sealed,
            "installed_at": self._clock(),
            "left_at": None,
        }
        async with self._database.writing() as connection:
            if (await connection.execute(self._keep, row)).first() is None:
                raise BeingErased
        await self._database.empty_log()

    async def listed(self) -> list[Installed]:
        """All that there are, by community."""
        return [
            Installed(row.community, row.organisation, row.name, row.installed_at, self._opens(row))
            for row in await self._all()
        ]

    async def leave(self, community: str, at: datetime) -> bool:
        """Erase its token and note that everything else is to be erased. What was told before it
        was installed anew is of an earlier installation: False."""
        # Slack tells of whole seconds.
        left = (
            update(installation_table)
            .where(
                _C.community == community,
                _C.left_at.is_(None),
                _C.installed_at < at + timedelta(seconds=1),
            )
            .values(sealed="", left_at=self._clock())
        )
        async with self._database.writing() as connection:
            gone = bool((await connection.execute(left)).rowcount)
        if gone:
            await self._database.empty_log()
        return gone

    async def left(self) -> list[Left]:
        """Those that are to be erased."""
        statement = select(_C.community, _C.left_at).where(_C.left_at.is_not(None))
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.execution_options(**EVERYWHERE))
            return [Left(row.community, row.left_at) for row in rows]

    async def drop(self, one: Left) -> None:
        """Forget that it was ever there."""
        gone = delete(installation_table).where(_C.community == one.community, _C.left_at == one.at)
        async with self._database.writing() as connection:
            await connection.execute(gone)
        await self._database.empty_log()

    async def first_use(self, state: str) -> bool:
        """Whether it is used for the first time, by any process."""
        digest = hashlib.sha256(state.encode()).hexdigest()
        make = sqlite.insert if self._database.is_file else postgresql.insert
        row = {"community": BEYOND, "digest": digest, "until": self._clock() + STATE_KEPT}
        using = make(used_state_table).values(**row).on_conflict_do_nothing()
        async with self._database.writing() as connection:
            found = await connection.execute(using.returning(used_state_table.c.digest))
            return found.first() is not None

    async def rotate(self) -> Rotated:
        """Seal every token anew with the first key. Each in a transaction of its own, so that one
        that is ended goes on where it was; what is installed meanwhile is sealed with it anyway."""
        assert self._seal
        anew = already = unopened = 0
        for row in await self._all():
            if not self._opens(row):
                unopened += 1
            elif self._seal.newest(row.sealed):
                already += 1
            else:
                anew += await self._sealed_anew(row)
        await self._database.empty_log()
        return Rotated(anew, already, unopened)

    async def _sealed_anew(self, row: Row[tuple[object, ...]]) -> int:
        assert self._seal
        of = (_PURPOSE, row.community, row.bot)
        sealed = self._seal.seal(self._seal.open(row.sealed, *of), *of)
        change = update(installation_table).where(
            _C.community == row.community, _C.sealed == row.sealed
        )
        async with self._database.writing() as connection:
            return (await connection.execute(change.values(sealed=sealed))).rowcount

    async def _all(self) -> Sequence[Row[tuple[object, ...]]]:
        statement = select(installation_table).where(_C.left_at.is_(None)).order_by(_C.community)
        async with self._database.reading() as connection:
            return (await connection.execute(statement.execution_options(**EVERYWHERE))).all()

    def _opens(self, row: Row[tuple[object, ...]]) -> bool:
        try:
            self._opened(row)
        except NoKeyOpens:
            return False
        return True

    def _opened(self, row: Row[tuple[object, ...]]) -> Installation:
        if self._seal is None:
            raise NoKeyOpens
        try:
            token = self._seal.open(row.sealed, _PURPOSE, row.community, row.bot)
        except Broken:
            raise NoKeyOpens from None
        told = {name: getattr(row, name) for name in _NAMES}
        return Installation(token=token, installed_at=row.installed_at, **told)
