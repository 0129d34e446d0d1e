"""Names: of the twelve outcomes, of case studies, of councils in a text."""

from __future__ import annotations

from bot.answers.language import words
from bot.answers.places import Gazetteer
from bot.conversation import Choice
from knowledge.library import CaseStudy, Library


class Directory:
    """Looks names up in one library."""

    def __init__(self, library: Library, gazetteer: Gazetteer) -> None:
        self._library, self._gazetteer = library, gazetteer
        self.outcomes = tuple(Choice(one.id, one.name_2022) for one in library.outcomes)
        self._by_name = {
            " ".join(words(name)): one.id
            for one in library.outcomes
            for name in (one.id, one.name_2022, one.title, *one.aliases)
        }

    def outcome(self, text: str) -> str:
        """The id of the outcome that a text is the name of, or ""."""
        return self._by_name.get(" ".join(words(text)), "")

    def title(self, document: str) -> str:
        """The title of a case study, "" where there is none of that id."""
        found = self._library.get(document)
        return found.title if isinstance(found, CaseStudy) else ""

    def council(self, text: str) -> str:
        """The one council that a text names, or ""."""
        return self._gazetteer.council(text)
