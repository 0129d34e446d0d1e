"""What a text is, as proposed until a person confirms it: kind, title, council, year, outcomes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.answers.answerer import Answerer
from bot.sources.kinds import Features, likelihoods
from bot.sources.naming import Councils
from bot.texts import About
from indexer.parsing.parsed import Parsed
from knowledge.library import Section

FIRST_YEAR = 1990
MOST_OUTCOMES = 4
_LEAD = 2000  # characters that outcomes are told by: what a text is about stands at its beginning
_COUNTED = 20_000  # characters that councils and years are looked for in
_LONGEST_TITLE = 200
_YEAR = re.compile(r"(?<![\d/£.,-])(?:19|20)\d\d(?![\d,]|\.\d|[a-zA-Z%])")


@dataclass(frozen=True, slots=True)
class Sure:
    """How likely what is said of a text is right, from 0 to 1, as far as its words tell."""

    kind: float
    outcomes: tuple[float, ...]


class Describing:
    """Proposes what texts are, by the answerer of the shipped texts and the councils of the UK."""

    def __init__(self, answerer: Answerer, today: date) -> None:
        self._answerer, self._today = answerer, today
        self._councils = Councils()

    def about(self, parsed: Parsed, address: str, name: str) -> About:
        """`address` is where it was fetched, "" for a file; `name` is the file's, or the page's."""
        title = _title(parsed.title, name)
        lead = _lead(parsed.sections, _COUNTED)
        host = urlsplit(address).hostname or ""
        council = self._councils.told_of(title, lead, host)
        kinds = likelihoods(Features(title, parsed.sections, council, parsed.pages))
        about = About(
            kind=max(kinds, key=lambda kind: kinds[kind]),
            title=title,
            councils=(council,) if council else (),
            year=self._year(parsed.published, title, lead),
        )
        likely = self._likely(title, parsed.sections)
        chosen = tuple(outcome for outcome, _, selected in likely if selected)
        return replace(about, outcomes=chosen[:MOST_OUTCOMES])

    def sure(self, about: About, sections: tuple[Section, ...], pages: int) -> Sure:
        """How sure one can be of what a text is said to be."""
        council = about.councils[0] if about.councils else ""
        kinds = likelihoods(Features(about.title, sections, council, pages))
        likely = {outcome: share for outcome, share, _ in self._likely(about.title, sections)}
        return Sure(kinds[about.kind], tuple(likely.get(one, 0.0) for one in about.outcomes))

    def _likely(self, title: str, sections: tuple[Section, ...]) -> list[tuple[str, float, bool]]:
        """Each outcome, how likely it is, and whether that is likely enough to be proposed."""
        reply = self._answerer.tag(f"{title}\n{_lead(sections, _LEAD)}")
        return [(one.outcome.id, one.confidence, one.selected) for one in reply.suggestions]

    def _year(self, published: str, title: str, text: str) -> int:
        """The last of its title, else the year it gives itself, else the one it names most."""
        given = [int(published[:4])] if published[:4].isdecimal() else []
        named = self._years(title)[-1:] or given or self._most_named(text)
        return named[0] if named and self._possible(named[0]) else 0

    def _most_named(self, text: str) -> list[int]:
        counted = Counter(self._years(text))
        best = max(counted.items(), key=lambda pair: (pair[1], pair[0]), default=None)
        return [best[0]] if best else []

    def _years(self, text: str) -> list[int]:
        return [year for one in _YEAR.findall(text) if self._possible(year := int(one))]

    def _possible(self, year: int) -> bool:
        return FIRST_YEAR <= year <= self._today.year


def _title(given: str, name: str) -> str:
    """What the text calls itself, else the name it has where it lies."""
    if title := " ".join(given.split()):
        return title[:_LONGEST_TITLE]
    stem = PurePosixPath(unquote(urlsplit(name).path)).stem
    words = " ".join(re.split(r"[\s_-]+", stem)).strip()
    return (words[:1].upper() + words[1:])[:_LONGEST_TITLE] or "Without a title"


def _lead(sections: tuple[Section, ...], most: int) -> str:
    kept: list[str] = []
    left = most
    for section in sections:
        part = f"{section.heading}\n{section.plain}"[:left]
        kept.append(part)
        left -= len(part) + 1
        if left <= 0:
            break
    return "\n".join(kept)
