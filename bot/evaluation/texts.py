"""How much of others' documents is read: twenty of known content, in councils' shapes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.evaluation.asked import QuestionsUnusable
from bot.evaluation.figures import Measure
from bot.rehearsal.papers import CannotMake, papers
from bot.rehearsal.papers_known import Paper
from indexer.parsing.parsed import Parsed, Unreadable
from indexer.parsing.sandbox import Sandbox, Unavailable

FOUND = "known sentences found in order"
_OTHERS = "papers 2"  # on which nothing was tried out while parsers were written
_KINDS = {"pdf": "PDFs", "word": "Word files", "web": "web pages"}
_SIGN = re.compile(r"^(?:[•▪·*–-]|o)\s+")
_BLANK = re.compile(r"(\d+) of (\d+) pages hold no text")


@dataclass(frozen=True, slots=True)
class Read:
    """A paper, and what was read of it. `at` holds, for each known sentence, the number of the
    statement that it is, -1 where it is none or stands out of order."""

    paper: Paper
    parsed: Parsed
    statements: tuple[str, ...]
    pages: tuple[int, ...]  # of each statement: that of its section
    at: tuple[int, ...]

    @property
    def missed(self) -> list[str]:
        """Known sentences that were not found in order."""
        return [one.text for one, at in zip(self.paper.said, self.at, strict=True) if at < 0]

    @property
    def kept(self) -> list[str]:
        """What stands around the text, and was read as part of it."""
        told = (*self.statements, *(section.heading for section in self.parsed.sections))
        lines, whole = frozenset(told), " ".join(told)
        # A page's bare number may well stand within a sentence; longer things may not.
        return [
            one for one in self.paper.furniture if one in lines or (len(one) > 8 and one in whole)
        ]

    @property
    def lost_rows(self) -> list[tuple[str, ...]]:
        """Rows of tables whose cells do not stand in order on one line."""
        lines = [" ".join(line.split()) for line in self._lines]
        return [row for row in self.paper.rows if not any(_in_order(row, one) for one in lines)]

    @property
    def lost_headings(self) -> list[str]:
        there = {" ".join(section.heading.split()) for section in self.parsed.sections}
        return [one for one in self.paper.headings if one not in there]

    @property
    def lost_asides(self) -> list[str]:
        whole = "\n".join(self.statements)
        return [one for one in self.paper.aside if whole.count(one) != 1]

    @property
    def wrong_pages(self) -> list[str]:
        """Sentences that were found, but on another page than they begin on."""
        told = zip(self.paper.said, self.at, strict=True)
        return [one.text for one, at in told if at >= 0 and self.pages[at] != one.page]

    @property
    def blank_named(self) -> bool:
        """Whether the pages without text are named, or none where each holds some."""
        said = [found for note in self.parsed.notes if (found := _BLANK.search(note))]
        there = [(int(found[1]), int(found[2])) for found in said]
        return there == ([(self.paper.blank, self.paper.pages)] if self.paper.blank else [])

    @property
    def _lines(self) -> Iterator[str]:
        for section in self.parsed.sections:
            yield from section.plain.split("\n")


def texts() -> list[Measure]:
    """What is read of them. QuestionsUnusable where they cannot be made or read here."""
    try:
        done = [read(one) for one in _read_all(papers())]
        others = [read(one) for one in _read_all(papers(_OTHERS))]
    except (CannotMake, Unavailable, Unreadable) as error:
        raise QuestionsUnusable(str(error)) from error
    return [*measured(done), _found(others, "twenty others")]


def read(pair: tuple[Paper, Parsed]) -> Read:
    """What of a paper was found."""
    paper, parsed = pair
    told = [(one, part.page) for part in parsed.sections for one in part.statements]
    statements = tuple(_same(one) for one, _ in told)
    at = in_order([_same(one.text) for one in paper.said], statements)
    return Read(paper, parsed, statements, tuple(page for _, page in told), tuple(at))


def measured(done: Sequence[Read]) -> Iterator[Measure]:
    """The figures of papers that were read."""
    yield from (_found(done, name, kind) for kind, name in _KINDS.items())
    yield _found(done, "all")
    pdfs = [one for one in done if one.paper.kind == "pdf"]
    seen = sum(at >= 0 for one in pdfs for at in one.at)
    wrong = sum(len(one.wrong_pages) for one in pdfs)
    yield _share("page numbers right, of sentences found in PDFs", seen - wrong, seen)
    for name, known, lost in (
        ("rows of tables on one line", "rows", "lost_rows"),
        ("headings that head a section", "headings", "lost_headings"),
        ("notes and boxes found once", "aside", "lost_asides"),
    ):
        count = sum(len(getattr(one.paper, known)) for one in done)
        yield _share(name, count - sum(len(getattr(one, lost)) for one in done), count)
    around = sum(len(one.paper.furniture) for one in done)
    kept = sum(len(one.kept) for one in done)
    yield Measure("menus, banners, headers and footers kept", "untouched", kept, around, "count")
    named = sum(one.blank_named for one in pdfs)
    yield _share("PDFs whose scanned pages are named rightly", named, len(pdfs))


def in_order(known: Sequence[str], read: Sequence[str]) -> list[int]:
    """Which of the second each of the first is, for the most of them that stand in one order
    (the longest common subsequence); -1 for the others."""
    places: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(read):
        places[one].append(number)
    ends: list[int] = []  # of the best run of each length, where it ends
    steps: list[tuple[int, int, int]] = []  # which known, where, the step before
    last: list[int] = []
    for number, one in enumerate(known):
        for place in reversed(places[one]):  # so that no sentence counts twice
            length = bisect_left(ends, place)
            steps.append((number, place, last[length - 1] if length else -1))
            ends[length : length + 1] = [place]
            last[length : length + 1] = [len(steps) - 1]
    found, step = [-1] * len(known), last[-1] if last else -1
    while step >= 0:
        number, place, step = steps[step]
        found[number] = place
    return found


def _read_all(made: Iterable[Paper]) -> Iterator[tuple[Paper, Parsed]]:
    with Sandbox() as sandbox:
        for paper in made:
            yield paper, sandbox.read(paper.content, paper.name, paper.media)


def _found(done: Sequence[Read], name: str, kind: str = "") -> Measure:
    some = [one for one in done if kind in ("", one.paper.kind)]
    count = sum(len(one.at) for one in some)
    return _share(f"{FOUND}, {name}", count - sum(len(one.missed) for one in some), count)


def _share(name: str, right: int, count: int) -> Measure:
    return Measure(name, "untouched", right / count if count else 0.0, count)


def _same(text: str) -> str:
    """A statement as it is compared: blanks and a list's sign are nobody's words."""
    return _SIGN.sub("", " ".join(text.split()))


def _in_order(cells: Iterable[str], line: str) -> bool:
    start = 0
    for cell in cells:
        at = line.find(cell, start)
        if at < 0:
            return False
        start = at + len(cell)
    return True
