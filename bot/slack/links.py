"""Lines that name their source by its title: the title becomes the link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.conversation import Citation
from bot.showing import address, clean, names_address

_NUMBER = re.compile(r"\[(\d+)\]")
_BEHIND = re.compile(r"(?:\s*\[\d+\])+$")

Piece = tuple[str, str]
"""Words, and the address they lead to, "" for none."""


class Links:
    """The sources of a text, whose numbers stand behind its lines. Once its lines are written,
    `left` are the sources that some line still names by number alone."""

    def __init__(self, citations: Iterable[Citation]) -> None:
        self._sources = {one.number: one for one in citations}
        self._numbers: set[int] = set()

    @property
    def left(self) -> tuple[Citation, ...]:
        return tuple(one for number, one in self._sources.items() if number in self._numbers)

    def pieces(self, line: str) -> list[Piece]:
        """The line with its titles as links, without the numbers that they make needless."""
        words = _BEHIND.sub("", line)
        if not words:
            self._numbers.update(_numbers(line))
            return [(line, "")]
        spans: list[tuple[int, int, str]] = []
        kept = ""
        for number in _numbers(line[len(words) :]):
            source = self._sources.get(number)
            if source and not source.url.strip():
                continue
            place = _place(words, source, spans) if source else None
            if place:
                spans.append(place)
            else:
                kept += f" [{number}]"
        pieces = [*_parted(words, sorted(spans)), (kept, "")]
        for said, url in pieces:
            if not url:
                self._numbers.update(_numbers(said))
        return [(said, url) for said, url in pieces if said]


def _numbers(text: str) -> list[int]:
    return [int(number) for number in _NUMBER.findall(text)]


def _place(
    words: str, source: Citation, taken: Iterable[tuple[int, int, str]]
) -> tuple[int, int, str] | None:
    """Where the title stands, and the address; None where it must not become a link."""
    title, url = clean(source.title), address(source.url)
    if not (title.strip() and url):
        return None
    for found in re.finditer(rf"(?<!\w){re.escape(title)}(?!\w)", words):
        begin, end = found.span()
        free = all(end <= other or begin >= until for other, until, _ in taken)
        if free and not names_address(_whole_words(words, begin, end)):
            return begin, end, url
    return None


def _whole_words(words: str, begin: int, end: int) -> str:
    """What a reader takes for the link's words: a title may stand inside a longer word."""
    before = re.search(r"\S*$", words[:begin])
    after = re.match(r"\S*", words[end:])
    return f"{before[0] if before else ''}{words[begin:end]}{after[0] if after else ''}"


def _parted(words: str, spans: Iterable[tuple[int, int, str]]) -> Iterator[Piece]:
    reached = 0
    for begin, end, url in spans:
        yield words[reached:begin], ""
        yield words[begin:end], url
        reached = end
    yield words[reached:], ""
