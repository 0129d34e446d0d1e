"""Which news a channel follows, and under which outcome each text or project stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.digests import Choices, News, Volunteer
from bot.projects import Project
from bot.questions import OpenQuestion
from bot.showing import address
from knowledge.library import CaseStudy, Library

MOST_IN_GROUP, MOST_BUTTONS = 3, 3

Item = CaseStudy | Project


@dataclass(frozen=True, slots=True)
class Followed:
    """The news that concern a channel. `items` are grouped by the id of an outcome, "" for those
    of none, in the order of the outcomes; newest first, projects before case studies."""

    outcomes: tuple[str, ...]
    items: Mapping[str, Sequence[Item]]
    questions: tuple[OpenQuestion, ...]
    volunteers: tuple[Volunteer, ...]

    @property
    def everything(self) -> tuple[Item, ...]:
        return tuple(item for group in self.items.values() for item in group)

    @property
    def empty(self) -> bool:
        return not (self.items or self.questions or self.volunteers)


def followed(news: News, library: Library, choices: Choices, community: str) -> Followed:
    """What of the news a channel of this community follows."""
    whole = not choices.outcomes
    outcomes = tuple(
        one.id for one in library.outcomes if whole or one.id in choices.outcomes
    )  # in the order of the framework, whatever order they were chosen in
    texts = (library.get(name) for name in news.texts)
    items: list[Item] = [one for one in news.projects if _open_to(one, community)]
    items += [one for one in texts if isinstance(one, CaseStudy)]
    found: dict[str, list[Item]] = {}
    for item in items:
        served = [one for one in _outcomes(item) if one in outcomes]
        if served or (whole and not _outcomes(item)):
            found.setdefault(served[0] if served else "", []).append(item)
    return Followed(
        outcomes,
        {one: found[one] for one in (*outcomes, "") if one in found},
        _once(one for one in news.questions if one.community == community and one.text.strip()),
        tuple(one for one in news.volunteers if whole or {*one.outcomes} & {*outcomes}),
    )


def picked(items: Mapping[str, Sequence[Item]], most: int) -> dict[str, list[Item]]:
    """Those that are shown, `most` at all: of every group one before a second of any. One that
    leads nowhere needs a button, and there is room for few of these."""
    kept: dict[str, list[Item]] = {name: [] for name in items}
    room, unlinked = most, MOST_BUTTONS
    for name in [*items] * MOST_IN_GROUP:
        left = (one for one in items[name] if one not in kept[name])
        item = next((one for one in left if unlinked or address(link(one))), None)
        if item and room:
            kept[name].append(item)
            room -= 1
            unlinked -= 0 if address(link(item)) else 1
    return {name: group for name, group in kept.items() if group}


def link(item: Item) -> str:
    """Where a text or a project is read about; "" for nowhere."""
    return item.url if isinstance(item, CaseStudy) else item.details.link


def _outcomes(item: Item) -> tuple[str, ...]:
    return item.outcomes if isinstance(item, CaseStudy) else item.outcome_ids


def _once(questions: Iterable[OpenQuestion]) -> tuple[OpenQuestion, ...]:
    """Of those asked in the same words the first, which is the newest."""
    found: dict[str, OpenQuestion] = {}
    for one in questions:
        found.setdefault(" ".join(re.findall(r"\w+", one.text.casefold())) or one.text, one)
    return tuple(found.values())


def _open_to(project: Project, community: str) -> bool:
    """Whether a community may see it, whatever else was handed in."""
    ours = project.community == community
    return (ours or project.shared) and not (project.withdrawn or project.hidden)
