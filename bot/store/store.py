"""The store: what is kept, of whom it is, and how long: see the constants."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import CursorResult, Delete, bindparam, delete, or_, select, text, union_all

from bot.delivery import Room
from bot.questions import Verified
from bot.store import migrations
from bot.store.census import Census
from bot.store.database import Database, StoreUnusable, connect
from bot.store.digest_models import issue_table
from bot.store.due import Due
from bot.store.experts import Experts
from bot.store.feedback_models import usage_table
from bot.store.figures import Figures
from bot.store.fits import Fits
from bot.store.guard import EVERYWHERE
from bot.store.installation_models import installation_table, used_state_table
from bot.store.installations import Installations
from bot.store.introductions import INTRODUCTIONS_KEPT, Introductions
from bot.store.issues import GRACE, ISSUES_KEPT, LEASE, Issues
from bot.store.ledger import Ledger
from bot.store.letters import LETTERS_KEPT, Letters
from bot.store.models import (
    Words,
    audit_table,
    draft_table,
    following_table,
    heard_table,
    introduction_table,
    letter_table,
    metadata,
    pair_table,
    person_table,
    register_table,
    reply_table,
    report_table,
    room_table,
    thread_table,
)
from bot.store.open_questions import OpenQuestions
from bot.store.people import People, unused
from bot.store.projects import BEYOND
from bot.store.published import Published
from bot.store.ratings import Ratings
from bot.store.register import DRAFTS_KEPT
from bot.store.reports import Reports
from bot.store.retention import Retention
from bot.store.rights import Rights
from bot.store.sources import Sources, every_source
from bot.store.subscriptions import Subscriptions
from bot.store.suggestions import Suggestions, unread_suggestions
from bot.store.talks import CONTEXT_KEPT, QUESTIONS_KEPT, REPLIES_KEPT, Talks
from bot.store.text_models import source_table, text_revision_table
from bot.store.texts import OwnTexts
from bot.store.usage import USAGE_KEPT, Usage
from bot.store.verified import VerifiedAnswers, expired
from bot.texts import Source, Suggested

HEARD_KEPT = timedelta(days=2)  # longer than any platform goes on repeating an event
FOLLOWING_KEPT = timedelta(days=90)
REPORTS_KEPT = timedelta(days=365)

Clock = Callable[[], datetime]

JOIN = text(
    "INSERT INTO room (community, channel, platform, kind, address, person)"
    " VALUES (:community, :channel, :platform, :kind, :address, :person)"
    " ON CONFLICT (community, channel)"
    " DO UPDATE SET address = excluded.address, person = excluded.person"
).bindparams(
    *(
        bindparam(name, type_=Words())
        for name in ("community", "channel", "platform", "kind", "address", "person")
    )
)


@dataclass(frozen=True, slots=True)
class Times:
    """How long things are kept; how late a digest may come, and how long a claim of it lasts."""

    context: timedelta = CONTEXT_KEPT
    questions: timedelta = QUESTIONS_KEPT
    introductions: timedelta = INTRODUCTIONS_KEPT
    grace: timedelta = GRACE
    lease: timedelta = LEASE


def utc_now() -> datetime:
    return datetime.now(UTC)


class Store(Talks):
    """What is remembered, by community. Open it with `Store.open`."""

    def __init__(self, database: Database, clock: Clock, times: Times) -> None:
        super().__init__(database, clock, times.context, times.questions)
        self._times = times
        self.ledger = Ledger(database, clock)
        self.letters, self.due = Letters(database, clock), Due(database, clock)
        self.figures = Figures(database, clock)
        self.issues = Issues(database, clock, times.grace, times.lease)
        self.published = Published(database, clock)
        self.retention = Retention(database, clock, times.questions, times.introductions)

    @classmethod
    async def open(
        cls,
        url: str,
        clock: Clock = utc_now,
        *,
        context_kept: timedelta = CONTEXT_KEPT,
        questions_kept: timedelta = QUESTIONS_KEPT,
        introductions_kept: timedelta = INTRODUCTIONS_KEPT,
        grace: timedelta = GRACE,
        lease: timedelta = LEASE,
    ) -> Store:
        """Open the database at `url`, making and migrating it when needed, or `StoreUnusable`.
        `grace` and `lease` are those of digests, see `Times`."""
        times = Times(context_kept, questions_kept, introductions_kept, grace, lease)
        store = cls(connect(url), clock, times)
        try:
            await store._migrate()
        except BaseException:
            await store.close()
            raise
        return store

    @property
    def today(self) -> date:
        """The day that it is, in UTC."""
        return self._clock().date()

    async def join(self, room: Room) -> None:
        """Keep a room the bot may speak in, or its new address."""
        async with self._database.writing() as connection:
            await connection.execute(JOIN, asdict(room))

    async def leave(self, community: str, channel: str) -> None:
        """Forget a room."""
        await self._erase(
            delete(room_table).where(
                room_table.c.community == community, room_table.c.channel == channel
            )
        )

    async def rooms(self, community: str) -> list[Room]:
        """Where the bot may speak first in this community."""
        statement = select(room_table).where(room_table.c.community == community)
        async with self._database.reading() as connection:
            return [Room(**row) for row in (await connection.execute(statement)).mappings()]

    async def purge(self) -> int:
        """Erase what has been kept long enough; how many rows that was. See `retention` for
        questions and introductions."""
        now = self._clock()
        limits = (
            (thread_table.c.updated_at, self._times.context),
            (heard_table.c.heard_at, HEARD_KEPT),
            (following_table.c.updated_at, FOLLOWING_KEPT),
            (reply_table.c.kept_at, REPLIES_KEPT),
            (draft_table.c.kept_at, DRAFTS_KEPT),
            (report_table.c.reported_at, REPORTS_KEPT),
            (letter_table.c.written_at, LETTERS_KEPT),
            (pair_table.c.until, timedelta()),
            (issue_table.c.due_at, ISSUES_KEPT),
            (used_state_table.c.until, timedelta()),
        )
        erasing = [delete(since.table).where(since < now - kept) for since, kept in limits]
        past = delete(usage_table).where(usage_table.c.day < self.today - USAGE_KEPT)
        old = (one.execution_options(**EVERYWHERE) for one in (*erasing, past))
        return await self._erase(*old, unused(now))

    async def forget(self, community: str, *, but_installation: bool = False) -> int:
        """Erase everything of one community, where it is wanted all `but_installation`; how many
        rows that was."""
        # The row of `register` goes first, so that whoever is registering is waited for, those of
        # sources before their texts, for the same, and the audit log last: the database keeps it
        # as long as that row is there.
        first = (register_table, source_table, text_revision_table)
        order = {**{one.name: place for place, one in enumerate(first, -3)}, audit_table.name: 1}
        kept = [installation_table] if but_installation else []
        every = [one for one in metadata.sorted_tables if one not in kept]
        tables = sorted(every, key=lambda table: order.get(table.name, 0))
        register, *others = (delete(one).where(one.c.community == community) for one in tables)
        theirs = or_(
            introduction_table.c.community == community,
            introduction_table.c.peer_community == community,
        )
        told = letter_table.c.introduction.in_(select(introduction_table.c.id).where(theirs))
        elsewhere = (delete(letter_table).where(told), delete(introduction_table).where(theirs))
        erased = await self._erase(
            register, *(one.execution_options(**EVERYWHERE) for one in elsewhere), *others
        )
        await self.community(community).shared_no_longer()
        return erased

    def community(self, name: str) -> Reports:
        """The register of one community."""
        return Reports(self._database, name, self._clock)

    def peers(self, community: str) -> Introductions:
        """The peers of one community, and the introductions asked for in it."""
        return Introductions(self._database, community, self._clock, self._times.introductions)

    def rights(self, community: str) -> Rights:
        """What is held of one community's people, each by themselves."""
        return Rights(self._database, community, self._clock, self._times.introductions)

    def subscriptions(self, community: str) -> Subscriptions:
        """The digests of one community's channels."""
        return Subscriptions(self._database, community, self._clock)

    def open_questions(self, community: str) -> OpenQuestions:
        """What nobody could answer yet in one community."""
        return OpenQuestions(self._database, community, self._clock)

    def ratings(self, community: str) -> Ratings:
        """What one community's officers say of the answers they got."""
        return Ratings(self._database, community, self._clock, self._times.questions)

    def verified(self, community: str) -> VerifiedAnswers:
        """The answers that one community's officers stand for."""
        return VerifiedAnswers(self._database, community, self._clock)

    async def expired(self) -> list[Verified]:
        """Those of every community whose day has passed, and of which nobody was told yet."""
        return await expired(self._database, self.today)

    def experts(self, community: str) -> Experts:
        """Who looks after answers in one community."""
        return Experts(self._database, community, self._clock)

    def usage(self, community: str) -> Usage:
        """How much one community uses the assistant."""
        return Usage(self._database, community, self._clock)

    def sources(self, community: str) -> Sources:
        """Where the texts come from that one community, or FOR_ALL, brought in."""
        return Sources(self._database, community, self._clock)

    async def every_source(self) -> list[Source]:
        """Those of every community and of FOR_ALL, the oldest first."""
        return await every_source(self._database)

    def texts(self, community: str) -> OwnTexts:
        """The texts that one community, or FOR_ALL, brought in."""
        return OwnTexts(self._database, community, self._clock)

    async def text_revisions(self) -> dict[str, int]:
        """How often what is seen of their texts was changed, by community; FOR_ALL is one."""
        statement = select(text_revision_table).execution_options(**EVERYWHERE)
        async with self._database.reading() as connection:
            return {row.community: row.revision for row in await connection.execute(statement)}

    def suggestions(self, community: str) -> Suggestions:
        """The case studies that one community's officers suggested."""
        return Suggestions(self._database, community, self._clock)

    async def unread_suggestions(self) -> list[Suggested]:
        """Those of every community that wait to be looked at: `Suggestions.looked`."""
        return await unread_suggestions(self._database)

    def people(self, community: str) -> People:
        """The random keys of one community's people."""
        return People(self._database, community, self._clock)

    def fits(self, community: str) -> Fits:
        """What was learned from one community's projects, and its audit log."""
        return Fits(self._database, community, self._clock)

    def installations(self, keys: Sequence[str] = ()) -> Installations:
        """The app in many workspaces; see `Installations`. Raises ValueError for a wrong key."""
        return Installations(self._database, self._clock, keys)

    def census(self) -> Census:
        """Which communities there are, and how much is held of each."""
        return Census(self._database)

    async def communities(self) -> list[str]:
        """Those with a project, or with one once."""
        statement = select(register_table.c.community).where(register_table.c.revision > 0)
        statement = statement.execution_options(**EVERYWHERE)
        async with self._database.reading() as connection:
            found = [row.community for row in await connection.execute(statement)]
        return sorted(one for one in found if one != BEYOND)

    async def met(self, community: str) -> bool:
        """Whether anything is known of it: a place it was met in, a person, a project, a text."""
        known = (room_table, heard_table, person_table, register_table, source_table)
        held = (select(one.c.community).where(one.c.community == community) for one in known)
        async with self._database.reading() as connection:
            return await connection.scalar(union_all(*held).limit(1)) is not None

    async def close(self) -> None:
        await self.ledger.finish()
        await self._database.close()

    async def _migrate(self) -> None:
        # In one write transaction: of two processes starting at once the second waits and
        # finds the work done, and an interrupted migration leaves nothing half changed.
        async with self._database.writing() as connection:
            await connection.execute(text(self._database.alone))
            revision = await connection.run_sync(migrations.current)
            if revision == migrations.HEAD:
                return
            if revision is not None and revision not in migrations.REVISIONS:
                raise StoreUnusable(
                    f"The database {self._database.name} was last used by a newer version of"
                    " this program. Install that version, or set DATABASE_URL to another database."
                )
            await connection.run_sync(migrations.upgrade)

    async def _erase(self, *statements: Delete) -> int:
        erased = 0
        async with self._database.writing() as connection:
            for statement in statements:
                result: CursorResult[tuple[()]] = await connection.execute(statement)
                erased += result.rowcount
        if erased:
            await self._database.empty_log()
        return erased
