"""Cuts the library into passages: at headings, and between sentences where a section is long."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from knowledge.library import CaseStudy, Framework, Kind, Library, Outcome, Text

CountTokens = Callable[[str], int]
Span = tuple[int, int]

# About the text, not its subject: near-identical in every case study and never an answer.
# The library keeps these sections, search leaves them out; a text that somebody brought in may
# have a heading of that name, and is searched with it.
NOT_SEARCHED = "How it was tagged"

_COUNCIL_TYPES = {
    "district": "district council",
    "county": "county council",
    "unitary": "unitary council",
    "metropolitan": "metropolitan borough council",
    "london-borough": "London borough council",
    "combined-authority": "combined authority",
    "multiple": "several councils",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of one text that can be found alone.

    `text` is what a reader sees and `statements` are its sentences. `context` says which
    text it is from; it is searched with the text and never quoted. `section` is the place among the
    text's sections, from 1, of the one that it is cut from.
    """

    id: str
    document: str
    kind: Kind
    heading: str
    text: str
    statements: tuple[str, ...]
    context: str
    section: int = 0

    @property
    def searched(self) -> str:
        """Exactly what is embedded and what BM25 counts."""
        return "\n".join(part for part in (self.context, self.text) if part)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where in `searched` each statement begins and ends."""
        searched, found = self.searched, []
        end = len(searched) - len(self.text)
        for statement in self.statements:
            start = searched.index(statement, end)
            end = start + len(statement)
            found.append((start, end))
        return tuple(found)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, source: str) -> "Passage":
        values: dict[str, Any] = json.loads(source)
        values["statements"] = tuple(values["statements"])
        return cls(**values)


def passages(library: Library, count: CountTokens, window: int) -> tuple[Passage, ...]:
    """All passages in the library's order; none with its context is over `window` tokens.

    Only a single sentence that is longer than the window by itself stays whole: sentences
    are what gets quoted, so none is ever cut.
    """
    count = lru_cache(maxsize=8)(count)  # the same text is often asked about twice running
    return tuple(
        passage
        for text in library.texts
        for passage in _numbered(text, _cuts(text, _about(text, library), count, window))
    )


def _numbered(text: Text, cuts: Iterable[tuple[int, str, list[str]]]) -> Iterator[Passage]:
    for number, (place, context, found) in enumerate(cuts, start=1):
        section = text.sections[place]
        yield Passage(
            id=f"{text.id}#{number}",
            document=text.id,
            kind=text.kind,
            heading=section.heading,
            text=_run(section.plain, found),
            statements=tuple(found),
            context=context,
            section=place + 1,
        )


def _cuts(
    text: Text, about: tuple[str, ...], count: CountTokens, window: int
) -> Iterator[tuple[int, str, list[str]]]:
    """Each section's sentences in groups that fit, with the context put before the group."""
    for place, section in enumerate(text.sections):
        if section.heading == NOT_SEARCHED and text.brought is None:
            continue
        parts = tuple(dict.fromkeys((about[0], section.heading, *about[1:])))
        context = _shortened(parts, count, window // 2)
        for group in _groups(section.statements, context, count, window):
            yield place, _beside(group, parts, context, count, window), group


def _groups(
    found: tuple[str, ...], context: str, count: CountTokens, window: int
) -> Iterator[list[str]]:
    """Runs of sentences, each as long as the window allows beside the context."""
    if found and count("\n".join((context, *found))) <= window:  # the usual case, in one count
        yield list(found)
        return
    group: list[str] = []
    for statement in found:
        if group and count("\n".join((context, *group, statement))) > window:
            yield group
            group = []
        group.append(statement)
    if group:
        yield group


def _beside(
    group: list[str], parts: tuple[str, ...], context: str, count: CountTokens, window: int
) -> str:
    """The context, or less of it where one long sentence leaves little room."""
    if count("\n".join((context, *group))) <= window:
        return context
    room = window - count("\n".join(group)) + count("")
    return _shortened(parts, count, room)


def _shortened(parts: tuple[str, ...], count: CountTokens, most: int) -> str:
    """As many of the leading parts as fit; the first ones matter most."""
    kept = [f"{part.rstrip('.')}." for part in parts if part]
    while kept and count(" ".join(kept)) > most:
        kept.pop()
    return " ".join(kept)


def _run(body: str, group: list[str]) -> str:
    """The unbroken run of the section's text from the first to the last sentence given."""
    for start in _positions(body, group[0]):
        end = _end(body, group, start)
        if end is not None:
            return body[start:end]
    raise AssertionError("a sentence must stand in the text it was taken from")


def _positions(body: str, sentence: str) -> Iterator[int]:
    start = body.find(sentence)
    while start >= 0:
        yield start
        start = body.find(sentence, start + 1)


def _end(body: str, group: list[str], start: int) -> int | None:
    """Where the group ends if it follows from `start` with nothing but space between."""
    position = start
    for sentence in group:
        position += len(body[position:]) - len(body[position:].lstrip())
        if not body.startswith(sentence, position):
            return None
        position += len(sentence)
    return position


def _about(text: Text, library: Library) -> tuple[str, ...]:
    """What a reader of the passage alone would need to know, the most important first."""
    if isinstance(text, CaseStudy):
        return _about_case(text, library)
    if isinstance(text, Outcome):
        names = dict.fromkeys((text.name_2022, text.name_2023, *text.aliases))
        others = ", ".join(name for name in names if name and name != text.title)
        return (text.title, f"Also called {others}" if others else "")
    if isinstance(text, Framework):
        return (text.title, text.name, text.date)
    return (text.title,)


def _about_case(case: CaseStudy, library: Library) -> tuple[str, ...]:
    outcomes = (library.get(outcome) for outcome in case.outcomes)
    council_type = _COUNCIL_TYPES.get(case.council_type, case.council_type)
    return (
        case.title,
        ", ".join(case.councils),
        ", ".join(dict.fromkeys(place for place in (case.region, case.nation) if place)),
        ", ".join(one for one in (council_type, str(case.year or "")) if one),
        ", ".join(outcome.title for outcome in outcomes if outcome),
    )
