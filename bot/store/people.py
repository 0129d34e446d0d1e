"""People, by random keys: whoever does something that lasts is known by nothing else."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Delete, and_, bindparam, delete, exists, text

from bot.conversation import Origin
from bot.store.digest_models import subscription_table
from bot.store.feedback_models import expert_table, open_question_table, verified_table
from bot.store.guard import EVERYWHERE
from bot.store.models import (
    Moment,
    Words,
    draft_table,
    introduction_table,
    letter_table,
    peer_table,
    person_table,
    project_outcome_table,
    project_table,
    report_table,
)
from bot.store.partition import Partition
from bot.store.text_models import suggestion_table

_KNOW = text(
    "INSERT INTO person (community, person, key, seen_at, platform, address)"
    " VALUES (:community, :person, :key, :seen_at, :platform, :address)"
    " ON CONFLICT (community, person) DO UPDATE SET seen_at = excluded.seen_at,"
    " platform = CASE WHEN excluded.address = '' THEN person.platform ELSE excluded.platform END,"
    " address = CASE WHEN excluded.address = '' THEN person.address ELSE excluded.address END"
).bindparams(
    *(
        bindparam(name, type_=Words())
        for name in ("community", "person", "key", "platform", "address")
    ),
    bindparam("seen_at", type_=Moment()),
)

# Keys that something still there is known by; each a table's column.
_USED = (
    *(project_table.c.owner_key, project_table.c.registered_by),
    *(draft_table.c.person_key, draft_table.c.author_key),
    *(project_outcome_table.c.confirmed_by, report_table.c.person_key),
    *(peer_table.c.person_key, introduction_table.c.asker_key, letter_table.c.person_key),
    *(subscription_table.c.maker_key, open_question_table.c.asker_key),
    *(verified_table.c.author_key, expert_table.c.person_key, suggestion_table.c.person_key),
)
_ASKED = and_(
    introduction_table.c.peer_community == person_table.c.community,
    introduction_table.c.peer_key == person_table.c.key,
)
SEEN = timedelta(days=1)  # how long somebody is known in any case, as when a draft is being kept


def unused(now: datetime) -> Delete:
    """Forgets whoever has nothing here any more; in the audit log their keys are then nobody's."""
    used = (
        exists().where(one.table.c.community == person_table.c.community, one == person_table.c.key)
        for one in _USED
    )
    statement = delete(person_table).where(
        person_table.c.seen_at < now - SEEN, ~exists().where(_ASKED), *(~one for one in used)
    )
    return statement.execution_options(**EVERYWHERE)


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody who can be written to: their random key, the platform, and its id of them."""

    key: str
    person: str
    platform: str


class People(Partition):
    """The keys of one community. Without its row here a key is nobody's."""

    async def key(self, person: str) -> str:
        """The random key that stands for a person; made when it is first needed."""
        return await self._known(Origin(self._community, person=person))

    async def reached(self, origin: Origin) -> str:
        """The same for somebody who is to be written to first: how, is kept too."""
        return await self._known(origin)

    async def _known(self, origin: Origin) -> str:
        person, way = origin.person, {"platform": origin.platform, "address": origin.address}
        async with self._database.writing() as connection:
            new = {"key": secrets.token_urlsafe(9), "seen_at": self._clock()}
            made = {"person": person, **new, **way}
            await connection.execute(_KNOW, {"community": self._community, **made})
            statement = self._rows(person_table, person_table.c.key)
            found: str | None = await connection.scalar(
                statement.where(person_table.c.person == person)
            )
        assert found is not None
        return found

    async def known_key(self, person: str) -> str:
        """The key of a person who has one already, else ""."""
        statement = self._rows(person_table, person_table.c.key)
        async with self._database.reading() as connection:
            found: str | None = await connection.scalar(
                statement.where(person_table.c.person == person)
            )
        return found or ""

    async def reachable(self) -> list[Reachable]:
        """Whoever is known here and can be written to first."""
        table = person_table.c
        columns = table.key, table.person, table.platform
        statement = self._rows(person_table, *columns).where(table.address != "")
        async with self._database.reading() as connection:
            rows = await connection.execute(statement.order_by(table.key))
            return [Reachable(*row) for row in rows]
