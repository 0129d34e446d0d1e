"""`outcomes sources confirm`: what texts are, said by a person; checked, and kept all at once."""

from __future__ import annotations

import difflib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from bot.bringing import wording
from bot.bringing.command import Job, NotBrought
from bot.bringing.reviewing import chosen
from bot.bringing.table import Values, rows
from bot.bringing.workshop import Workshop, opened
from bot.sources.describing import FIRST_YEAR
from bot.sources.naming import Councils
from bot.sources.wording import counted
from bot.store import Store
from bot.texts import About, OwnText, TextKind
from indexer.generation import open_current
from knowledge.library import Library


class _Wrong(Exception):
    """Why a value cannot be taken."""


class Checking:
    """Puts what a person said in the place of what was proposed, if it can be."""

    def __init__(self, outcomes: Sequence[str], this_year: int) -> None:
        self._outcomes, self._this_year, self._councils = outcomes, this_year, Councils()

    def put_right(self, about: About, said: Values) -> About:
        """Raises _Wrong."""
        if said.kind is not None:
            about = replace(about, kind=self._kind(said.kind))
        if said.councils is not None:
            about = replace(about, councils=tuple(map(self._council, said.councils)))
        if said.year is not None:
            about = replace(about, year=self._year(said.year))
        if said.outcomes is not None:
            about = replace(about, outcomes=tuple(map(self._outcome, said.outcomes)))
        return about if said.title is None else replace(about, title=_title(said.title))

    def _kind(self, given: str) -> TextKind:
        for kind in get_args(TextKind):
            if given.strip().lower() == kind:
                found: TextKind = kind
                return found
        raise _Wrong(wording.BAD_KIND.format(given))

    def _council(self, given: str) -> str:
        if found := self._councils.named(given):
            return found
        names = {one.name.lower(): one.name for one in self._councils.by_name.values()}
        near = difflib.get_close_matches(given.lower(), names, 1, cutoff=0.75)
        perhaps = wording.PERHAPS.format(names[near[0]]) if near else "."
        raise _Wrong(wording.BAD_COUNCIL.format(given, perhaps))

    def _year(self, given: str) -> int:
        if not given.strip():
            return 0
        if given.strip().isdecimal() and FIRST_YEAR <= int(given) <= self._this_year:
            return int(given)
        raise _Wrong(wording.BAD_YEAR.format(given, FIRST_YEAR, self._this_year))

    def _outcome(self, given: str) -> str:
        if given.strip() in self._outcomes:
            return given.strip()
        raise _Wrong(wording.BAD_OUTCOME.format(given, ", ".join(self._outcomes)))


async def confirmed(job: Job) -> int:
    """All that is asked for, or nothing where one value cannot be taken."""
    given = job.given
    ways = sum(map(bool, (given.ids, given.all, given.source, given.table)))
    if ways != 1:
        raise NotBrought(wording.CHOOSE_ONE if ways else wording.CHOOSE)
    said = rows(Path(given.table)) if given.table else {}
    async with opened(job.settings) as shop:
        texts = await _texts(job, shop.store, said)
        checking = Checking(outcome_ids(shop), shop.clock().year)
        changes, faults = _changes(job, checking, texts, said)
        for fault in faults:
            job.complain(fault)
        if faults:
            raise NotBrought(wording.NONE_CONFIRMED)
        count = 0
        for community, one in changes.items():
            count += await shop.store.texts(community).confirm(one)
        told = wording.CONFIRMED.format(counted(count, "text"))
        job.say(json.dumps({"confirmed": count}) if given.json else told)
        await shop.indexed()
    return 0


def _changes(
    job: Job,
    checking: Checking,
    texts: Mapping[str, OwnText | None],
    table: Mapping[str, tuple[int, Values]],
) -> tuple[Mapping[str, Mapping[str, About]], list[str]]:
    """By community what each text is from now on, and every fault."""
    given = job.given
    said = Values(given.kind, _filled(given.council), given.year, _filled(given.outcome))
    changes: dict[str, dict[str, About]] = defaultdict(dict)
    faults: list[str] = []
    for name, text in texts.items():
        line, own = table.get(name, (0, Values()))
        try:
            if text is None:
                raise _Wrong(wording.NO_TEXT.format(name))
            about = checking.put_right(checking.put_right(text.about, own), said)
            changes[text.community][name] = about
        except _Wrong as error:
            faults.append(wording.LINE.format(given.table, line, error) if line else str(error))
    return changes, list(dict.fromkeys(faults))


def _filled(given: Sequence[str] | None) -> list[str] | None:
    """Without what was left empty, which says that there is none."""
    return None if given is None else [one for one in given if one.strip()]


async def _texts(
    job: Job, store: Store, table: Mapping[str, tuple[int, Values]]
) -> dict[str, OwnText | None]:
    """The texts that are meant, by id; None where there is none."""
    given = job.given
    if given.ids or table:
        names = given.ids or table
        return {name: await found(store, name) for name in names}
    texts = await chosen(store, given.community, given.source)
    return {one.id: one for one in texts}


async def found(store: Store, name: str) -> OwnText | None:
    """A text by its id, of whichever community."""
    for community in sorted(await store.text_revisions()):
        text = await store.texts(community).get(name)
        if text and text.community == community:
            return text
    return None


def outcome_ids(shop: Workshop) -> list[str]:
    """Those of the shipped texts."""
    base = open_current(shop.settings.home, model=shop.settings.model or None)
    library = Library.from_json(base.library.read_text("utf-8"))
    return [one.id for one in library.outcomes]


def _title(given: str) -> str:
    if title := " ".join(given.split()):
        return title
    raise _Wrong(wording.BAD_TITLE)
