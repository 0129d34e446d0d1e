"""The ledger of what was heard: each answered once, whatever is retried, doubled or restarted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, CursorResult, bindparam, select, text, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.conversation import Origin
from bot.delivery import Heard
from bot.records import heard_from_json, heard_to_json
from bot.store.ahead import Ahead
from bot.store.database import Database
from bot.store.guard import EVERYWHERE
from bot.store.models import Moment, Words, following_table, heard_table, storable
from bot.store.together import Together

LEASE = timedelta(seconds=15)
"""How long an entry is its taker's alone. Renewed while it is worked on; of a process that
died, it is taken up by another after that time."""

TRIED_EVERY, TRIED_FOR = timedelta(minutes=2), timedelta(hours=6)
"""How often an answer is tried again while its platform is away, and for how long."""
_NAMED = (heard_table.c.community == bindparam("at"), heard_table.c.key == bindparam("name"))
_OURS = (*_NAMED, heard_table.c.attempts <= bindparam("mine"))
NOTE = update(heard_table).where(*_OURS).values(state=bindparam("now"))
DONE = update(heard_table).where(*_NAMED).values(state=bindparam("now"), delivery="", due_at=None)

# Being mentioned again does not undo that it was told to be quiet.
FOLLOW = text(
    "INSERT INTO following (community, channel, thread, quiet, updated_at)"
    " VALUES (:community, :channel, :thread, :quiet, :updated_at)"
    " ON CONFLICT (community, channel, thread) DO UPDATE SET updated_at = excluded.updated_at"
).bindparams(
    *(bindparam(name, type_=Words()) for name in ("community", "channel", "thread")),
    bindparam("updated_at", type_=Moment()),
)


MOST_KEYS = 1000  # in one statement; a database takes only so many values
_TAKEN = ("community", "key", "delivery", "state", "attempts", "heard_at")
_log = logging.getLogger(__name__)
_Thread = tuple[str, str, str]  # its community, its channel, and its own name


State = Literal["waiting", "sending", "done"]


@dataclass(slots=True)
class Entry:
    """Something accepted and not yet done. `sending` where an answer may have gone out;
    `attempts` is how often it was taken up, by whoever has it last."""

    heard: Heard
    sending: bool
    attempts: int


class Ledger:
    """What is to be answered, and which threads are followed. A part of the store."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        insert = sqlite.insert if database.is_file else postgresql.insert
        self._accept = (
            insert(heard_table)
            .on_conflict_do_nothing()
            .returning(heard_table.c.community, heard_table.c.key)
        )
        self._accepting = Together(self._enter)
        self._noting = Together(self._noted)
        self._looking = Together(self._looked_up)
        self.ahead, self._emptied = Ahead(database, clock), False

    async def accept(self, heard: Heard) -> bool:
        """Enter it, leased to this process; False where it is known already.

        What comes while others are being written is written together: hundreds can come at
        once, and each is acknowledged only when it is stored.
        """
        return await self._accepting.add(heard)

    async def once(self, heard: Heard) -> bool:
        """Note what was answered within its turn, without a word of it, before the answer is
        posted; False where it was noted before, by whatever process."""
        row = {**self._noted_down(heard), "delivery": "", "state": "done", "due_at": None}
        async with self._database.writing() as connection:
            return bool((await connection.execute(self._accept, [row])).all())

    async def _enter(self, together: Sequence[Heard]) -> list[bool]:
        """Which of them were not known; all in one transaction."""
        names = [_name(heard) for heard in together]
        async with self._database.writing() as connection:
            rows = [self._row(heard) for heard in together]
            entered = {tuple(row) for row in await connection.execute(self._accept, rows)}
            fresh = []
            for name in names:
                fresh.append(name in entered)
                entered.discard(name)  # of two the same only the first is new
            new = [one for one, is_new in zip(together, fresh, strict=True) if is_new]
            if called := [one for one in new if _calls(one)]:
                followed = [{**place(one.request.origin), **self._followed()} for one in called]
                await connection.execute(FOLLOW, followed)
            await self.ahead.look(connection, new)
        return fresh

    def _row(self, heard: Heard) -> dict[str, object]:
        taken = {"state": "waiting", "due_at": self._clock() + LEASE}
        return {**self._noted_down(heard), "delivery": heard_to_json(heard), **taken}

    def _noted_down(self, heard: Heard) -> dict[str, object]:
        return {
            "community": heard.request.origin.community,
            "key": heard.key,
            "event": heard.event or None,
            "platform": heard.platform,
            "attempts": 0,
            "heard_at": self._clock(),
        }

    def _followed(self) -> dict[str, object]:
        return {"quiet": False, "updated_at": self._clock()}

    async def sending(self, heard: Heard, attempts: int = 0) -> bool:
        """Note that the answer is about to go out: from here on it must not be repeated. False
        where another took it up since that attempt, and is to answer it."""
        return await self._noting.add((heard, "sending", attempts))

    async def waiting(self, heard: Heard, attempts: int = 0) -> None:
        """Note that nothing went out after all, so that it may be sent again."""
        await self._noting.add((heard, "waiting", attempts))

    async def done(self, heard: Heard) -> None:
        """Answered. Its words and its sender are erased; that it was heard is kept."""
        self.ahead.forget(heard)
        await self._noting.add((heard, "done", 0))
        self._emptied = True

    async def waits(self, heard: Heard) -> bool:
        """Whether something that was entered before it in its thread, by whatever process, is not
        answered yet."""
        return await self.ahead.of(heard)

    async def _noted(self, together: Sequence[tuple[Heard, State, int]]) -> list[bool]:
        """The states of several entries, in one transaction; False for those that others took up.
        No entry is in it twice: its next state is noted only when the one before is written."""
        rows: dict[State, list[dict[str, object]]] = {}
        for heard, state, mine in together:
            of = {"mine": mine} if state != "done" else {}
            there = {"at": heard.request.origin.community, "name": heard.key, "now": state, **of}
            rows.setdefault(state, []).append(there)
        async with self._database.writing() as connection:
            for state, noted in rows.items():
                await connection.execute(DONE if state == "done" else NOTE, noted)
            sent = {_name(heard): mine for heard, state, mine in together if state == "sending"}
            table = heard_table.c
            there_now = select(table.community, table.key, table.attempts).where(
                tuple_(table.community, table.key).in_(sent)
            )
            found = (await connection.execute(there_now)).all() if sent else []
        taken = {(row.community, row.key) for row in found if row.attempts > sent[row[0], row[1]]}
        return [_name(heard) not in taken for heard, _, _ in together]

    async def renew(self, working: Iterable[Heard]) -> None:
        """Keep the lease on what this process is working on."""
        keys = [(heard.request.origin.community, heard.key) for heard in working]
        there, table = tuple_(heard_table.c.community, heard_table.c.key), heard_table.c
        for at in range(0, len(keys), MOST_KEYS):
            some = there.in_(keys[at : at + MOST_KEYS])
            statement = update(heard_table).where(some, table.state != "done")
            async with self._database.writing() as connection:
                await connection.execute(statement.values(due_at=self._clock() + LEASE))

    async def take(self, platforms: Collection[str]) -> list[Entry]:
        """Lease all of these platforms that is due: what a process left behind. What another
        version wrote and this one cannot read stays, and is looked at again hours later."""
        now = self._clock()
        statement = (
            update(heard_table)
            .where(heard_table.c.due_at <= now, heard_table.c.platform.in_(platforms))
            .values(due_at=now + LEASE, attempts=heard_table.c.attempts + 1)
            .returning(*(heard_table.c[name] for name in _TAKEN))
            .execution_options(**EVERYWHERE)  # what is left behind, wherever it was heard
        )
        async with self._database.writing() as connection:
            rows = (await connection.execute(statement)).all()
        entries = []
        for row in sorted(rows, key=lambda row: row.heard_at):
            try:
                heard = heard_from_json(row.delivery)
            except (ValueError, LookupError, TypeError) as error:
                _log.error("An entry cannot be read: %s", type(error).__name__)
                await self._leave(row.community, row.key)
                continue
            entries.append(Entry(heard, row.state == "sending", row.attempts))
        return entries

    async def release(self, left: Sequence[Heard], attempts: int = 0) -> None:
        """Let others take up at once what this process accepted, or took up at that attempt, and
        did not begin; but for what another has taken up, or answered, since."""
        table = heard_table.c
        its_own = (*_NAMED, table.state == "waiting", table.attempts == attempts)
        statement = update(heard_table).where(*its_own).values(due_at=self._clock())
        rows = [{"at": one.request.origin.community, "name": one.key} for one in left]
        async with self._database.writing() as connection:
            await connection.execute(statement, rows)

    async def _leave(self, community: str, key: str) -> None:
        there = heard_table.c.community == community, heard_table.c.key == key
        statement = update(heard_table).where(*there).values(due_at=self._clock() + TRIED_FOR)
        async with self._database.writing() as connection:
            await connection.execute(statement)

    async def postpone(self, heard: Heard) -> bool:
        """Try it again in a while, since the platform is away; False once that is too old."""
        now = self._clock()
        statement = update(heard_table).where(
            heard_table.c.community == heard.request.origin.community,
            heard_table.c.key == heard.key,
            heard_table.c.heard_at >= now - TRIED_FOR,
            heard_table.c.delivery != "",  # of what is noted by `once` nothing is there to be sent
        )
        later = {"state": "waiting", "attempts": 0, "due_at": now + TRIED_EVERY}
        async with self._database.writing() as connection:
            result: CursorResult[tuple[()]] = await connection.execute(statement.values(**later))
            return bool(result.rowcount)

    async def finish(self) -> None:
        """Wait for what is being written and looked up."""
        together = (self._accepting, self._noting, self._looking)
        await asyncio.gather(*(one.finish() for one in together))

    async def settle(self) -> None:
        """Have what was emptied leave the log of the database too, if anything was."""
        if self._emptied:
            self._emptied = False
            await self._database.empty_log()

    async def follows(self, origin: Origin) -> bool:
        """Whether the bot was called into this thread and not told to be quiet."""
        return await self._looking.add(_thread(origin)) is False

    async def called_into(self, origin: Origin) -> bool:
        """Whether it was ever called into this thread, quiet by now or not."""
        return await self._looking.add(_thread(origin)) is not None

    async def _looked_up(self, together: Sequence[_Thread]) -> list[bool | None]:
        """Whether each is quiet, None where the bot was not called into it; in one statement."""
        table = following_table.c
        named = tuple_(table.community, table.channel, table.thread).in_(set(together))
        async with self._database.reading() as connection:
            rows = await connection.execute(select(following_table).where(named))
            found = {(row.community, row.channel, row.thread): bool(row.quiet) for row in rows}
        return [found.get(one) for one in together]

    async def hush(self, origin: Origin, *, quiet: bool) -> bool:
        """Be quiet in a thread, or follow it again; False where it was never called into."""
        statement = update(following_table).where(*_there(origin))
        async with self._database.writing() as connection:
            result: CursorResult[tuple[()]] = await connection.execute(
                statement.values(quiet=quiet, updated_at=self._clock())
            )
            return bool(result.rowcount)


def _thread(origin: Origin) -> _Thread:
    return storable(origin.community), storable(origin.channel), storable(origin.thread)


def _name(heard: Heard) -> tuple[str, str]:
    return storable(heard.request.origin.community), storable(heard.key)


def _calls(heard: Heard) -> bool:
    """Whether it calls the bot into a thread."""
    return heard.hearing == "called" and bool(heard.request.origin.thread)


def place(origin: Origin) -> dict[str, object]:
    """The place a row belongs to. Who spoke is left out: see `models`."""
    return {
        "community": origin.community,
        "channel": origin.channel,
        "thread": origin.thread,
    }


def _there(origin: Origin) -> tuple[ColumnElement[bool], ...]:
    return tuple(following_table.c[name] == value for name, value in place(origin).items())
