"""Which of the texts that were brought in a question names by its title.

Titles of pages are often what councils speak of anyway ("Digital inclusion", "Case studies"): such
words name a text only where the question says that a text is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from bot.answers.language import words
from bot.answers.ordinary import SMALL, Name, Ordinary, names, stemmed
from bot.answers.stems import stem
from knowledge.library import Text

# Words of a title that may name where no text is said to be meant, and that do wherever they stand.
SHORT, LONG = 3, 5
_NOUN = r"(?:reports?|guides?|guidance|papers?|documents?|texts?|pages?)"
_CALLED = re.compile(
    rf"\b(?:the|this|that|our|your) \| {_NOUN}\b"
    rf"|\b{_NOUN} (?:called|titled|entitled|named|with the title) \|"
)
_SAID = re.compile(
    r"\| (?:says?|said|tells? us|recommend(?:s|ed)?|conclude[sd]?|suggest(?:s|ed)?"
    rf"|mention(?:s|ed)?|found|finds?|{_NOUN})\b"
    rf"|\b(?:according to|summar\w+(?: of)?|(?:recommendations?|findings?|conclusions?) (?:of|in)"
    rf"|{_NOUN}(?: on| about)?)(?: the)? \|"
)
_QUOTED = re.compile(r"[\"“”«„]([^\"“”«»„]+)[\"”“»]")


@dataclass(frozen=True, slots=True)
class Named:
    """A text, and the words of the question that do not name it."""

    document: str
    rest: str


@dataclass(frozen=True, slots=True)
class _Place:
    """A title found in a question: the words before it, and those behind it."""

    name: Name
    document: str
    before: str
    after: str

    @property
    def rest(self) -> str:
        return " ".join(filter(None, (self.before, self.after)))


class Titles:
    """The titles of texts that were brought in."""

    def __init__(self, texts: Iterable[Text], ordinary: Ordinary) -> None:
        self._ordinary = ordinary
        self._called: dict[Name, list[str]] = {}
        self._lengths: dict[str, set[int]] = {}  # of the names that begin with a word
        for one in texts:
            for name in names(one.title):
                self._called.setdefault(name, []).append(one.id)
                self._lengths.setdefault(name[0], set()).add(len(name))

    def named(self, text: str, hidden: Collection[str]) -> Named | None:
        """The text that a question names, by the longest title; None where it names none."""
        found = [one for one in self._places(text) if one.document not in hidden]
        for one in sorted(found, key=lambda place: -len(place.name)):
            if self._meant(one, text):
                return Named(one.document, one.rest)
        return None

    def _places(self, text: str) -> Iterator[_Place]:
        said = words(text)
        telling = [(place, stem(word)) for place, word in enumerate(said) if word not in SMALL]
        run = tuple(one for _, one in telling)
        for at, first in enumerate(run):
            for name in (run[at : at + length] for length in self._lengths.get(first, ())):
                for document in self._called.get(name, ()):
                    begun, end = telling[at][0], telling[at + len(name) - 1][0] + 1
                    yield _Place(name, document, " ".join(said[:begun]), " ".join(said[end:]))

    def _meant(self, place: _Place, text: str) -> bool:
        marked = f"{place.before} | {place.after}"
        subject = self._ordinary.subject(place.name)
        if _CALLED.search(marked):
            return True
        if not subject and any(place.name == stemmed(run) for run in _QUOTED.findall(text)):
            return True
        if len(place.name) < SHORT or place.name in self._ordinary:
            return False
        alone = len(words(place.rest)) <= 1 or len(place.name) >= LONG
        return alone or bool(_SAID.search(marked))
