"""What was talked about: what a thread remembers, the questions asked, replies to be read on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, select, text

from bot.conversation import Origin, Reply, Status
from bot.records import reply_from_json, reply_to_json
from bot.store.database import Database
from bot.store.feedback_models import question_table
from bot.store.ledger import place
from bot.store.models import Moment, Words, reply_table, thread_table

CONTEXT_KEPT = timedelta(minutes=30)
QUESTIONS_KEPT = timedelta(days=90)
REPLIES_KEPT = timedelta(days=7)  # how long "More" and "Share to channel" work

CONTEXT = select(thread_table.c.context).where(
    thread_table.c.community == bindparam("community"),
    thread_table.c.channel == bindparam("channel"),
    thread_table.c.thread == bindparam("thread"),
    thread_table.c.updated_at >= bindparam("since"),
)
# In words, because SQLite and PostgreSQL both understand them and SQLAlchemy has no
# construct of its own that suits both.
KEEP_CONTEXT = text(
    "INSERT INTO thread (community, channel, thread, context, updated_at)"
    " VALUES (:community, :channel, :thread, :context, :updated_at)"
    " ON CONFLICT (community, channel, thread)"
    " DO UPDATE SET context = excluded.context, updated_at = excluded.updated_at"
).bindparams(
    *(bindparam(name, type_=Words()) for name in ("community", "channel", "thread", "context")),
    bindparam("updated_at", type_=Moment()),
)
KEEP_QUESTION = insert(question_table).inline()
QUESTIONS = (
    select(
        question_table.c.text,
        question_table.c.status,
        question_table.c.documents,
        question_table.c.elapsed_ms,
        question_table.c.asked_at,
        question_table.c.name,
    )
    .where(
        question_table.c.community == bindparam("community"),
        question_table.c.asked_at >= bindparam("since"),
    )
    .order_by(question_table.c.asked_at, question_table.c.id)
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it was asked and how it went; `documents` are the ids cited. `name` is that
    of its answer, see `Reply.feedback`, "" where it cannot be rated."""

    text: str
    status: Status
    documents: tuple[str, ...]
    elapsed_ms: int
    asked_at: datetime
    name: str = ""


class Talks:
    """Of every community, each by its name. A part of the store."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        context: timedelta,
        questions: timedelta,
    ) -> None:
        self._database, self._clock = database, clock
        self._context_kept, self._questions_kept = context, questions

    async def context(self, origin: Origin) -> str | None:
        """What was remembered of this thread, unless it has gone cold or there is no thread."""
        if not origin.thread:
            return None
        there = {**place(origin), "since": self._clock() - self._context_kept}
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(CONTEXT, there)
            return found

    async def remember(self, origin: Origin, context: str, question: Question) -> None:
        """Keep the question and, in a thread, the new context: both or neither. A question that
        was asked alone is kept without its place: a chat of two would name who asked."""
        there = place(origin)
        asked = place(Origin(origin.community)) if origin.alone else there
        async with self._database.writing() as connection:
            if origin.thread:
                kept = {**there, "context": context, "updated_at": self._clock()}
                await connection.execute(KEEP_CONTEXT, kept)
            await connection.execute(KEEP_QUESTION, {**asked, **asdict(question)})

    async def questions(self, community: str, since: datetime) -> list[Question]:
        """The community's questions from `since` on, oldest first, none past their time."""
        since = max(since, self._clock() - self._questions_kept)
        async with self._database.reading() as connection:
            rows = await connection.execute(QUESTIONS, {"community": community, "since": since})
            return [
                Question(
                    row.text,
                    row.status,
                    tuple(row.documents),
                    row.elapsed_ms,
                    row.asked_at,
                    row.name,
                )
                for row in rows
            ]

    async def keep_reply(self, community: str, reply: Reply) -> None:
        """Keep a reply under its id, so that it can be read on or shared."""
        kept = {"community": community, "id": reply.id, "reply": reply_to_json(reply)}
        async with self._database.writing() as connection:
            await connection.execute(insert(reply_table), {**kept, "kept_at": self._clock()})

    async def kept_reply(self, community: str, reply: str) -> Reply | None:
        """The reply of that id, if the community has it and it is not past its time."""
        statement = select(reply_table.c.reply).where(
            reply_table.c.community == community,
            reply_table.c.id == reply,
            reply_table.c.kept_at >= self._clock() - REPLIES_KEPT,
        )
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(statement)
        return reply_from_json(found) if found else None
