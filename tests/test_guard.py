"""No statement about communities' rows is run without a community, on either database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import (
    Executable,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    table,
    text,
    tuple_,
    union_all,
    update,
)

from bot.store import Store
from bot.store.database import Database, connect
from bot.store.guard import EVERYWHERE, CommunityMissing
from bot.store.models import (
    draft_table,
    hidden_table,
    metadata,
    project_outcome_table,
    project_table,
)
from tests.clock import START
from tests.tables import dump

project, outcome, hidden = project_table.c, project_outcome_table.c, hidden_table.c
HERE = project.community == "leeds"
SAME = outcome.project == project.id
aliased = project_table.alias("other")

UNSAID: dict[str, Executable] = {
    "no condition": select(project_table),
    "another condition": select(project_table).where(project.id == "p-1"),
    "counted": select(func.count()).select_from(project_table),
    "a join, one compared": select(project_table).join(project_outcome_table, SAME).where(HERE),
    "two tables, one compared": select(project.id, outcome.outcome).where(HERE, SAME),
    "two tables, compared with each other": select(project.id, outcome.outcome).where(
        outcome.community == project.community
    ),
    "either here or shared": select(project_table).where(or_(HERE, project.shared)),
    "anywhere but here": select(project_table).where(project.community != "leeds"),
    "not here": select(project_table).where(~and_(HERE, project.shared)),
    "some community": select(project_table).where(project.community.is_not(None)),
    "the community of some other row": select(project_table).where(
        project.community.in_(select(hidden.community).where(hidden.community == "leeds"))
    ),
    "read inside": select(project_table).where(HERE, exists().where(hidden.document == project.id)),
    "read aside": select(select(project_table).subquery()),
    "first read with a name": select(select(project_table).cte("all_of_them")),
    "one of two": union_all(
        select(project.id).where(HERE), select(outcome.project), select(project.title).where(HERE)
    ),
    "by another name": select(aliased).where(HERE, aliased.c.id == project.id),
    "by name alone": select(text("*")).select_from(table("project")),
    "copied": insert(draft_table).from_select(["id"], select(project.id)),
    "changed, by another table": update(project_table)
    .where(HERE, project.id == outcome.project)
    .values(shared=True),
    "erased, by another table": delete(project_table).where(HERE, project.id == outcome.project),
    "words": text("SELECT * FROM project"),
    "words with another condition": text("SELECT * FROM project WHERE id = :id"),
    "words written large": text("DELETE FROM Project"),
    "words in quotes": text('UPDATE "project" SET shared = TRUE'),
    "words inside": select(hidden.document).where(
        hidden.community == "leeds", text("document IN (SELECT id FROM project)")
    ),
}
SAID: dict[str, Executable] = {
    "a condition": select(project_table).where(HERE, project.id == "p-1"),
    "given later": select(project_table).where(project.community == bindparam("here")),
    "one of those named": select(project_table).where(project.community.in_(["leeds", "*"])),
    "in a pair": select(project_table).where(
        tuple_(project.community, project.id).in_([("leeds", "p-1")])
    ),
    "a join, both compared": select(project_table)
    .join(project_outcome_table, SAME)
    .where(HERE, outcome.community == "leeds"),
    "read inside": select(project_table).where(
        HERE, ~exists().where(hidden.community == "leeds", hidden.document == project.id)
    ),
    "leaning on what is read outside": select(project_table).where(
        HERE, exists().where(hidden.community == "leeds", project.shared)
    ),
    "both of two": union_all(
        select(project.id).where(HERE), select(outcome.project).where(outcome.community == "leeds")
    ),
    "words": text("DELETE FROM project WHERE community = :community"),
}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    await (await Store.open(database_url)).close()
    opened = connect(database_url)
    yield opened
    await opened.close()


async def passed(database: Database, statement: Executable, **given: str) -> set[str]:
    """Where it was run: to be read, to be written."""
    ways = set()
    for way, using in (("reading", database.reading), ("writing", database.writing)):
        try:
            async with using() as connection:
                await connection.execute(statement, given)
        except CommunityMissing:
            continue
        ways.add(way)
    return ways


def moves(of: Table) -> tuple[Executable, ...]:
    changed = update(of).values({name: getattr(of.c, name) for name in of.c.keys()[:1]})
    return select(of), changed, delete(of)


async def test_no_table_is_read_or_changed_without_a_community(database: Database) -> None:
    for of in metadata.tables.values():
        assert "community" in of.c
        for statement in moves(of):
            assert await passed(database, statement) == set(), str(statement)


async def test_what_keeps_all_in_order_says_so(database: Database) -> None:
    for of in metadata.tables.values():
        for statement in moves(of):
            everywhere = statement.execution_options(**EVERYWHERE)
            assert await passed(database, everywhere) == {"reading", "writing"}, str(statement)


async def test_no_other_way_leads_past_it(database: Database) -> None:
    ways = {name: await passed(database, statement) for name, statement in UNSAID.items()}
    assert {name: found for name, found in ways.items() if found} == {}


async def test_a_statement_that_says_where_is_run(database: Database) -> None:
    given = {"words": {"community": "leeds"}, "given later": {"here": "leeds"}}
    for name, statement in SAID.items():
        found = await passed(database, statement, **given.get(name, {}))
        assert found == {"reading", "writing"}, name
        again = await passed(database, statement, **given.get(name, {}))
        assert again == found, name


async def test_what_was_refused_once_is_refused_again(database: Database) -> None:
    statement = select(project_table)
    for _ in range(3):
        assert await passed(database, statement) == set()


async def test_nothing_of_a_refused_transaction_is_written(
    database: Database, database_url: str
) -> None:
    row = {"community": "leeds", "document": "a", "hidden_at": START}

    async def both() -> None:
        async with database.writing() as connection:
            await connection.execute(insert(hidden_table), row)
            await connection.execute(select(project_table).join(project_outcome_table, SAME))

    with pytest.raises(CommunityMissing, match="project, project_outcome without a community"):
        await both()
    assert not any(dump(database_url).values())
