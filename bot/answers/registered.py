"""Projects that officers registered: found beside the published texts, and by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers import wording
from bot.answers.draft import Draft, Quote
from bot.answers.evidence import Evidence, Vector
from bot.answers.patterns import NUMBERED
from bot.answers.places import Gazetteer
from bot.answers.reading import Reading
from bot.answers.shelf import Shelf
from bot.answers.stems import stems
from bot.conversation import Action
from bot.projects import STAGES, Project
from knowledge.markdown import statements

ASKS = ("cases", "fact", "steps")  # the kinds of question that projects can answer
BESIDE, INSTEAD = 0.5, 0.6  # how surely it must speak to the question: see `_sure`
COSINE_LEAST = 0.3  # below which shared words are chance
SEARCHED = 0.3  # the same where projects alone are searched
MOST_BESIDE, DEPTH = 2, 15


@dataclass(frozen=True, slots=True)
class Near:
    """A project, and how surely it speaks to what is asked (0 to 1)."""

    project: Project
    sure: float


class RegisteredAnswers:
    """Finds projects on a shelf."""

    def __init__(self, evidence: Evidence, gazetteer: Gazetteer) -> None:
        self._evidence, self._gazetteer = evidence, gazetteer

    def beside(self, draft: Draft, reading: Reading, vector: Vector, shelf: Shelf) -> Draft:
        """The draft with the projects that speak to the question; they take the place of an
        answer that could not be given."""
        exact = reading.ask == "fact" and (reading.places or reading.wants in NUMBERED)
        settled = draft.status == "answered" and exact
        if not shelf.projects or settled or reading.ask not in ASKS:
            return draft
        if draft.status not in ("answered", "unsure") and draft.lead != wording.OUTSIDE:
            return draft
        near = self.near(reading, vector, shelf)
        instead = draft.status != "answered" and bool(near) and near[0].sure >= INSTEAD
        least = INSTEAD if instead or draft.status == "declined" else BESIDE
        found = [one for one in near if one.sure >= least]
        quotes = tuple(quoted(one.project, reading.asked) for one in found[:MOST_BESIDE])
        if not quotes:
            return draft
        opened = tuple(button(one.project) for one in found[:MOST_BESIDE])
        if instead:
            return Draft("answered", wording.ONLY_REGISTERED, registered=quotes, actions=opened)
        return replace(draft, registered=quotes, actions=(*draft.actions, *opened))

    def search(self, reading: Reading, vector: Vector, shelf: Shelf, limit: int) -> Draft:
        """The projects a few words name, best first."""
        near = [one for one in self.near(reading, vector, shelf) if one.sure >= SEARCHED]
        if not near:
            return Draft("unsure", wording.NO_PROJECT_ON_THAT)
        return listed([one.project for one in near[:limit]], "", reading.asked)

    def near(self, reading: Reading, vector: Vector, shelf: Shelf) -> list[Near]:
        """The projects of where it is asked for that may speak to it, the surest first."""
        if reading.places and not reading.topic:
            return [Near(one, 1.0) for one in self._there(reading, shelf)]
        found = [
            Near(project, self._sure(project, cosine, reading))
            for project, cosine in shelf.near(vector, DEPTH)
            if cosine >= COSINE_LEAST and self._lies(project.details.council, reading)
        ]
        return sorted(found, key=lambda one: -one.sure)

    def _there(self, reading: Reading, shelf: Shelf) -> list[Project]:
        """All of the places named, the newest first."""
        councils = {one.details.council for one in shelf.projects}
        there = {one for one in councils if self._lies(one, reading)}
        found = [one for one in shelf.projects if one.details.council in there]
        return sorted(found, key=lambda one: one.registered_at, reverse=True)

    def _lies(self, council: str, reading: Reading) -> bool:
        return not reading.places or self._gazetteer.admits(reading.places, council)

    def _sure(self, project: Project, cosine: float, reading: Reading) -> float:
        """As for a published text: half by meaning, half by the share of the words asked."""
        covered = self._evidence.share(reading.asked, stems(_whole(project)))
        return 0.5 * min(cosine / 0.75, 1.0) + 0.5 * covered


def listed(projects: Sequence[Project], lead: str, asked: frozenset[str] = frozenset()) -> Draft:
    """Projects, each with a sentence and a button that shows the whole of it."""
    quotes = tuple(quoted(one, asked) for one in projects)
    return Draft("answered", lead, registered=quotes, actions=tuple(map(button, projects)))


def quoted(project: Project, asked: frozenset[str] = frozenset()) -> Quote:
    """The sentence of a project that shares most of the words asked; the first in doubt."""
    told = statements(project.details.description) or (project.details.title,)
    best = max(told, key=lambda one: len(stems(one) & asked))
    return Quote(project.id, best, label(project), project=project)


def label(project: Project) -> str:
    """The title, with council and stage in brackets."""
    about = ", ".join(filter(None, (project.details.council, STAGES.get(project.details.stage))))
    return f"{project.details.title}{f' ({about})' if about else ''}"


def button(project: Project) -> Action:
    """Shows the whole project."""
    return Action("project", project.details.title, project.id)


def _whole(project: Project) -> str:
    return f"{project.details.title} {project.details.description} {project.details.council}"
