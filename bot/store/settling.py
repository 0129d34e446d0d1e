"""What a database that was put back must not do again.

The one that it is put in the place of went on after the backup: it answered what was waiting then,
and posted the digests that became due. Nobody can tell from the backup, so none of it is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.digest_models import issue_table, subscription_table
from bot.store.issues import missed_by
from bot.store.models import heard_table
from bot.store.subscriptions import issue_row, subscription


@dataclass(frozen=True, slots=True)
class Settled:
    """How many questions are not answered any more, and how many digests are not posted."""

    questions: int
    digests: int


def settle(connection: Connection, now: datetime) -> Settled:
    """Everything that was accepted counts as answered, and its words are erased; every digest that
    was due by now as one of which it is not known whether it was posted. What comes is told in the
    next digest all the same. In the tables of this version."""
    heard = heard_table.c
    answered = (
        update(heard_table)
        .where(heard.due_at.is_not(None))
        .values(state="done", delivery="", due_at=None)
    )
    questions = connection.execute(answered).rowcount
    issue = issue_table.c
    begun = (
        update(issue_table)
        .where(issue.again_at.is_not(None))
        .values(state="unsure", again_at=None, settled_at=now)
    )
    digests = connection.execute(begun).rowcount
    return Settled(questions, digests + _not_entered(connection, now))


def _not_entered(connection: Connection, now: datetime) -> int:
    """Those that became due since the backup was made."""
    made = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    entering = made(issue_table).on_conflict_do_nothing()
    entering = entering.execution_options(preserve_rowcount=True)
    table = subscription_table.c
    due = select(subscription_table).where(table.next_due <= now, table.paused.is_(False))
    number = 0
    for one in map(subscription, connection.execute(due).all()):
        try:
            missed, following = missed_by(one, now)
        except (ValueError, KeyError):  # this computer does not know its time zone
            continue
        for period, moment in missed:
            row = issue_row(one.channel, period, moment, due=False)
            unsure = {**row, "state": "unsure", "settled_at": now}
            number += connection.execute(
                entering.values(community=one.community, **unsure)
            ).rowcount
        moved = update(subscription_table).where(
            table.community == one.community, table.id == one.id
        )
        connection.execute(moved.values(next_due=following))
    return number
