"""No statement about communities' rows without a community: the engines refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from weakref import WeakSet

from sqlalchemy import (
    Alias,
    BinaryExpression,
    BindParameter,
    BooleanClauseList,
    Column,
    Connection,
    Delete,
    Select,
    TableClause,
    TextClause,
    Update,
)
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import ClauseElement, Grouping

from bot.store.models import metadata

EVERYWHERE = {"every_community": True}
"""The execution options of the few statements that look past one community: those that keep the
whole database in order, and what is shared."""

_Statement = Select[Any] | Update | Delete
_Named = TableClause | Alias

# Statements that are made once are looked at once.
_passed: WeakSet[ClauseElement] = WeakSet()


class CommunityMissing(Exception):
    """A statement about communities' rows that does not say whose: a fault of the program."""


def guard(
    _connection: Connection,
    statement: ClauseElement,
    _several: object,
    _given: object,
    options: Mapping[str, object],
) -> None:
    """Refuses a statement that names a table without its community; listens on every engine."""
    if options.get("every_community") or statement in _passed:
        return
    if missing := _missing(statement):
        raise CommunityMissing(f"{', '.join(sorted(missing))} without a community")
    _passed.add(statement)


def _missing(statement: ClauseElement) -> set[str]:
    """The tables that a statement reads or changes without giving their community."""
    missing: set[str] = set()
    said = _said(statement)
    for part in visitors.iterate(statement):
        if isinstance(part, TextClause) and ":community" not in part.text:
            missing |= set(re.findall(r"\w+", part.text.lower())) & set(metadata.tables)
        if isinstance(part, (Select, Update, Delete)):
            # What is read inside another statement may lean on what that one says.
            also = set() if part is statement else _said(part)
            missing |= {one.name for one in _tables(part) - said - also}
    return missing


def _tables(statement: _Statement) -> set[_Named]:
    """All that are named in it, by another name too, and in what it reads them from."""
    named = set()
    for part in visitors.iterate(statement):
        one = part.table if isinstance(part, Column) else part
        of = one.element if isinstance(one, Alias) else one
        if isinstance(one, (TableClause, Alias)) and isinstance(of, TableClause):
            named |= {one} if of.name in metadata.tables else set()
    return named


def _said(statement: ClauseElement) -> set[object]:
    """The tables whose community is given in it, or in what its conditions read."""
    if not isinstance(statement, (Select, Update, Delete)):
        return set()
    inside = (part for part in visitors.iterate(statement.whereclause) if isinstance(part, Select))
    wheres = (statement.whereclause, *(part.whereclause for part in inside))
    return {table for where in wheres for table in _equated(where)}


def _equated(where: object) -> Iterator[object]:
    """The tables whose community must equal a value; on one side of an OR it need not."""
    if isinstance(where, Grouping):
        yield from _equated(where.element)
    elif isinstance(where, BooleanClauseList) and where.operator is operators.and_:
        for clause in where.clauses:
            yield from _equated(clause)
    elif isinstance(where, BinaryExpression) and where.operator in (operators.eq, operators.in_op):
        values = list(visitors.iterate(where.right))
        if any(isinstance(one, BindParameter) for one in values) and not any(
            isinstance(one, Select) for one in values
        ):
            for one in visitors.iterate(where.left):
                if isinstance(one, Column) and one.name == "community":
                    yield one.table
