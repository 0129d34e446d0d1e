"""What is held of one person: shown to them, and erased when they say so."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, or_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import Origin
from bot.offers import Introduction, Profile
from bot.projects import Project
from bot.store.digest_models import subscription_table
from bot.store.feedback_models import (
    expert_table,
    open_question_table,
    question_table,
    verified_table,
)
from bot.store.guard import EVERYWHERE
from bot.store.introductions import Introductions, Write, introduction
from bot.store.letters import letters_about, post
from bot.store.models import (
    audit_table,
    draft_table,
    fit_table,
    heard_table,
    introduction_table,
    letter_table,
    pair_table,
    person_table,
    project_outcome_table,
    project_table,
    reply_table,
    report_table,
    room_table,
    thread_table,
)
from bot.store.open_questions import question_of
from bot.store.partition import replies_erased
from bot.store.reports import Reports
from bot.store.text_models import suggestion_table

Held = dict[str, Any]
"""As JSON has it: times as text, nothing of other people but what this one was shown."""


class Rights(Reports, Introductions):
    """Of one community's people, each by the platform's id."""

    async def held(self, person: str) -> Held | None:
        """Everything that is known to be theirs; None where nothing is."""
        async with self._database.reading() as connection:
            who = await self._person(connection, person)
            if who is None:
                return None
            key = str(who["key"])
            own = await self._own(connection, key)
            lists = {
                name: await _listed(connection, statement)
                for name, statement in self._listings(key).items()
            }
            theirs = await self._theirs(connection, self._owned(key))
            projects = [_shown(one, yours=one.owner == key) for one in theirs]
        asked = [self._told(one, key) for one in await self.concerning(key)]
        return {
            "person": {**who, "community": self._community},
            "offer": _offered(own) if own else None,
            "introductions": asked,
            "projects": projects,
            **lists,
        }

    def _listings(self, key: str) -> dict[str, Select[Any]]:
        """What stands in one table each."""
        draft, report, letter, log = draft_table.c, report_table.c, letter_table.c, audit_table.c
        drafts = self._rows(draft_table, draft.details, draft.kept_at)
        reports = self._rows(report_table, report.document, report.words, report.reported_at)
        letters = self._rows(letter_table, letter.reply, letter.written_at)
        done = self._rows(audit_table, log.at, log.action, log.subject)
        digest = subscription_table.c
        digests = self._rows(subscription_table, digest.id, digest.channel, digest.made_at)
        return {
            **self._of_answers(key),
            "suggestions": self._suggested(key),
            "drafts": drafts.where(or_(draft.person_key == key, draft.author_key == key)),
            "reports": reports.where(report.person_key == key),
            "letters": letters.where(letter.person_key == key),
            "digests": digests.where(digest.maker_key == key),
            "log": done.where(log.person_key == key).order_by(log.id),
        }

    def _of_answers(self, key: str) -> dict[str, Select[Any]]:
        """What they wait to be told of, what they stand for, and whether they look after both."""
        asked, given, expert = open_question_table.c, verified_table.c, expert_table.c
        waiting = self._rows(open_question_table, asked.text, asked.why, asked.asked_at)
        answers = self._rows(
            verified_table, given.question, given.answer, given.by, given.until, given.written_at
        )
        looks_after = self._rows(expert_table, expert.name, expert.named, expert.asked_at)
        return {
            "open_questions": waiting.where(asked.asker_key == key),
            "verified_answers": answers.where(given.author_key == key),
            "expert": looks_after.where(expert.person_key == key),
        }

    def _suggested(self, key: str) -> Select[Any]:
        """What they suggested; of a file that they attached its name, it being their own."""
        suggestion = suggestion_table.c
        words = suggestion.title, suggestion.told, suggestion.council, suggestion.link
        more = suggestion.file_name, suggestion.outcomes, suggestion.suggested_at
        became = suggestion.state, suggestion.said, suggestion.text
        theirs = self._rows(suggestion_table, *words, *more, *became)
        return theirs.where(suggestion.person_key == key).order_by(suggestion.suggested_at)

    async def erase(self, origin: Origin, *, hand_over: bool, write: Write) -> bool:
        """Erase a person with all that is theirs. Their projects are withdrawn, or handed over:
        to the other officer there is for them, else to the administrators. `write` makes the
        letters for those who wait for their answer. False where nothing is known of them."""
        async with self._database.writing() as connection:
            revision = await self._next(connection)
            who = await self._person(connection, origin.person)
            if who is None:
                return False
            key = str(who["key"])
            await self._introductions_erased(connection, key, write)
            for project in await self._theirs(connection, project_table.c.owner_key == key):
                if hand_over:
                    await self._handed_over(connection, project, key, revision)
                else:
                    await self._withdrawn(connection, project, key, revision)
                    await connection.execute(self._erasing(fit_table))  # it learned their words
            await self._rest_erased(connection, key)
            await self._traces_erased(connection, origin)
            await self._logged(connection, key, "erased", "a person")
            gone = self._erasing(person_table).where(person_table.c.key == key)
            await connection.execute(gone)
        await self._database.empty_log()
        return True

    async def _person(self, connection: AsyncConnection, person: str) -> Held | None:
        statement = self._rows(person_table).where(person_table.c.person == person)
        row = (await connection.execute(statement)).mappings().one_or_none()
        return (
            {name: row[name] for name in ("person", "key", "platform", "address")} if row else None
        )

    def _owned(self, key: str) -> ColumnElement[bool]:
        return or_(project_table.c.owner_key == key, project_table.c.registered_by == key)

    def _told(self, one: Introduction, key: str) -> Held:
        """What is theirs of an introduction, or was shown to them."""
        mine = (one.community, one.asker) == (self._community, key)
        told = {"you": "asked" if mine else "were asked", **asdict(one.wish), "state": one.state}
        told |= {"peer_council": one.council}
        if not mine and one.state != "accepted":
            told.pop("reach")
        return {**told, "asked_at": one.asked_at, "helped": one.helped if mine else None}

    async def _introductions_erased(
        self, connection: AsyncConnection, key: str, write: Write
    ) -> None:
        """The rows first: an answer that is being given is waited for, and so its letters are
        taken back too. Who asked and was not told yet is told that nothing comes of it."""
        erasing = delete(introduction_table).where(self._concerns(key))
        returning = erasing.returning(introduction_table).execution_options(**EVERYWHERE)
        gone = (await connection.execute(returning)).all()
        letters = letters_about([row.id for row in gone]).returning(
            letter_table.c.community, letter_table.c.person_key, letter_table.c.introduction
        )
        unsent = {tuple(row) for row in await connection.execute(letters)}
        await connection.execute(
            self._erasing(letter_table).where(letter_table.c.person_key == key)
        )
        await self._left(connection, key, write)
        for row in gone:
            asked = (row.peer_community, row.peer_key) == (self._community, key)
            untold = (row.community, row.asker_key, row.id) in unsent and not row.followed_up
            if asked and (row.state == "asked" or untold):
                await post(connection, write(introduction(row)), self._clock())
        counted = pair_table.c.peer_community == self._community, pair_table.c.peer_key == key
        uncounted = update(pair_table).where(*counted).values(peer_community="", peer_key="")
        await connection.execute(uncounted.execution_options(**EVERYWHERE))
        sides = {(row.community, row.peer_community) for row in gone}
        places = {self._community, *(one for both in sides for one in both)}
        # Any may hold their words, an export for instance; "More" on older answers ends with them.
        kept = delete(reply_table).where(reply_table.c.community.in_(sorted(places)))
        await connection.execute(kept)

    async def _theirs(
        self, connection: AsyncConnection, theirs: ColumnElement[bool]
    ) -> list[Project]:
        owned = self._rows(project_table).where(theirs, ~project_table.c.withdrawn)
        rows = (await connection.execute(owned)).all()
        return await self._projects(connection, rows)

    async def _handed_over(
        self, connection: AsyncConnection, project: Project, key: str, revision: int
    ) -> None:
        owner = project.registered_by if project.registered_by != key else ""
        changing = self._changing(project_table).where(project_table.c.id == project.id)
        await connection.execute(changing.values(owner_key=owner, revision=revision))
        await self._logged(connection, key, "handed over", project.id)

    async def _rest_erased(self, connection: AsyncConnection, key: str) -> None:
        """Drafts, reports and suggestions, though a text stays that one became; elsewhere, as in
        a channel's digest that they set up, their key stands for nobody any more."""
        mine = or_(draft_table.c.person_key == key, draft_table.c.author_key == key)
        for row in await connection.execute(self._rows(draft_table, draft_table.c.id).where(mine)):
            await replies_erased(connection, row.id)
        await connection.execute(self._erasing(draft_table).where(mine))
        for theirs in (report_table.c.person_key, suggestion_table.c.person_key):
            await connection.execute(self._erasing(theirs.table).where(theirs == key))
        for column in (
            project_table.c.registered_by,
            project_outcome_table.c.confirmed_by,
        ):
            table: Table = column.table
            cut = self._changing(table).where(column == key)
            await connection.execute(cut.values({column.name: ""}))
        digest = self._changing(subscription_table).where(subscription_table.c.maker_key == key)
        await connection.execute(digest.values(maker_key="", link=""))  # which may lead to them
        await self._answers_cut(connection, key)

    async def _answers_cut(self, connection: AsyncConnection, key: str) -> None:
        """What they asked is answered for others, what they found wrong is told no more, and the
        answers that they wrote stay: they are nobody's."""
        asked, given = open_question_table.c, verified_table.c
        waiting = self._rows(open_question_table, asked.id).where(asked.asker_key == key)
        names = [question_of(row.id) for row in await connection.execute(waiting)]
        theirs = question_table.c.name.in_(names)
        reasons = self._changing(question_table).where(theirs)
        await connection.execute(reasons.values(reason=""))
        # Which of those asked alone were theirs nobody can tell, so no message is known of any.
        posted = or_(theirs, question_table.c.channel == ""), question_table.c.message != ""
        await connection.execute(self._changing(question_table).where(*posted).values(message=""))
        cut = self._changing(open_question_table).where(asked.asker_key == key)
        await connection.execute(cut.values(asker_key="", why=""))
        answers = self._changing(verified_table).where(given.author_key == key)
        await connection.execute(answers.values(author_key="", by=""))
        mine = expert_table.c.person_key == key
        await connection.execute(self._erasing(expert_table).where(mine))

    async def _traces_erased(self, connection: AsyncConnection, origin: Origin) -> None:
        """What names them by the platform's own ids: what was heard and is answered, and this
        chat, where it is theirs alone."""
        answered = heard_table.c.state == "done"
        likely = heard_table.c.key.contains(origin.person, autoescape=True)
        keys = self._rows(heard_table, heard_table.c.key).where(answered, likely)
        whole = re.compile(rf"(?<![\w-]){re.escape(origin.person)}(?![\w-])")
        named = [row.key for row in await connection.execute(keys) if whole.search(row.key)]
        theirs = answered, heard_table.c.key.in_(named)  # and nobody's whose id begins like it
        await connection.execute(self._erasing(heard_table).where(*theirs))
        alone = room_table.c.kind == "personal"
        chats = self._erasing(room_table).where(alone, self._chat(origin))
        for row in (await connection.execute(chats.returning(room_table.c.channel))).all():
            talks = self._erasing(thread_table).where(thread_table.c.channel == row.channel)
            await connection.execute(talks)
        if origin.alone and origin.thread:
            talk = (
                thread_table.c.channel == origin.channel,
                thread_table.c.thread == origin.thread,
            )
            await connection.execute(self._erasing(thread_table).where(*talk))

    def _chat(self, origin: Origin) -> ColumnElement[bool]:
        theirs = room_table.c.person == origin.person
        return or_(theirs, room_table.c.channel == origin.channel)


async def _listed(connection: AsyncConnection, statement: Select[Any]) -> list[Held]:
    return [dict(row) for row in (await connection.execute(statement)).mappings()]


def _offered(own: Profile) -> Held:
    since = {"agreed_at": own.agreed_at, "paused_until": own.paused_until}
    return {**asdict(own.offer), "wording": own.wording, **since}


def _shown(one: Project, *, yours: bool) -> Held:
    """`yours` where they own it; others they registered for somebody else."""
    told = {"outcomes": one.outcome_ids, "shared": one.shared, "yours": yours}
    return {**asdict(one.details), **told}
