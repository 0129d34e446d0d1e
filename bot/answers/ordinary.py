"""Titles of texts that were brought in, by their words, and which of them say no more than what
councils speak of anyway: "Digital inclusion", "Case studies", "Local government"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set

from bot.answers.language import words
from bot.answers.stems import stem
from knowledge.library import Library

LEAST = 2  # words of a title that may name a text
COMMON = 1 / 16  # of the shipped texts that hold a word of our subject
SMALL = frozenset(words("a an and at by for from in of on or our the to with"))
_SUBTITLE = re.compile(r"\s*[:(|]\s*|\s+[-–—]\s+")
# What pages are, rather than what they are about.
_OF_PAGES = frozenset(
    stem(word)
    for word in words(
        "about annual case contact event example guidance guide home introduction news overview "
        "page plan policy project publication report research resource service story strategy "
        "studies study summary team training update us welcome"
    )
)

Name = tuple[str, ...]


class Ordinary:
    """`holding` are the texts that hold a word, by its stem."""

    def __init__(self, library: Library, holding: Mapping[str, Set[str]]) -> None:
        self._holding = holding
        self._brought = frozenset(one.id for one in library.texts if one.brought)
        self._shipped = len(library.texts) - len(self._brought)
        self._subjects = frozenset(stemmed(name) for name in _subjects(library))
        self._common = {word: True for word in _OF_PAGES}
        self.texts = frozenset(
            one.id
            for one in library.texts
            if one.brought and any(map(self.__contains__, names(one.title)))
        )

    def __contains__(self, name: Name) -> bool:
        """Whether a name is one of our subject, or made of its words alone."""
        return self.subject(name) or all(map(self._is_common, name))

    def subject(self, name: Name) -> bool:
        """Whether an outcome, a framework or what an outcome covers is called so."""
        return name in self._subjects

    def _is_common(self, stemmed: str) -> bool:
        if stemmed not in self._common:
            shipped = len(self._holding.get(stemmed, frozenset()) - self._brought)
            self._common[stemmed] = shipped >= COMMON * self._shipped
        return self._common[stemmed]


def names(title: str) -> list[Name]:
    """The words of a title, and of what stands before its subtitle, by their stems."""
    found = (stemmed(run) for run in (title, _SUBTITLE.split(title)[0]))
    return list(dict.fromkeys(name for name in found if len(name) >= LEAST))


def stemmed(text: str) -> Name:
    """The words of a text by their stems, in their order, without the smallest."""
    return tuple(stem(word) for word in words(text) if word not in SMALL)


def _subjects(library: Library) -> Iterator[str]:
    for outcome in library.outcomes:
        called = (outcome.title, outcome.name_2022, outcome.name_2023)
        yield from (*called, *outcome.aliases, *outcome.covers)
    for framework in library.frameworks:
        yield from (framework.title, framework.name)
