"""The same story on two sites, two versions of one report: told by their words, and one kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from bot.sources.naming import Councils
from bot.texts import OwnText
from knowledge.library import Section

# Values that a sketch has, and how many of two sketches' must agree: versions of one text agree in
# 0.5 to 0.9 of them, texts of one council by one author in less than 0.2 (tests/test_doubles.py).
VALUES = 128
ALIKE = 0.4
ROWS = 3  # values in a band; of 42 bands, two texts at ALIKE share one with a likelihood of 0.94
SHINGLE = 3  # words
MOST_WORDS = 60_000  # of a text; a longer one is told by its beginning
_AT_ONCE = 5_000  # shingles, so that a long text does not take much memory

Values = npt.NDArray[np.uint32]
Order = tuple[bool, int, int, str, str]
_WORD = re.compile(r"\w+")


def sketch(title: str, sections: Sequence[Section]) -> bytes:
    """What the words of a text are told alike by; b"" for a text without three words."""
    from datasketch import MinHash  # brings scipy, which serving does without until it needs this

    words = list(islice(_words(title, sections), MOST_WORDS))
    made, shingles = MinHash(num_perm=VALUES, seed=1), _shingles(words)
    while some := list(islice(shingles, _AT_ONCE)):
        made.update_batch(some)
    return b"" if made.is_empty() else np.asarray(made.hashvalues, "<u4").tobytes()


def _words(title: str, sections: Sequence[Section]) -> Iterator[str]:
    yield from _WORD.findall(title.lower())
    for section in sections:
        yield from _WORD.findall(section.heading.lower())
        yield from _WORD.findall(section.plain.lower())


def _shingles(words: Sequence[str]) -> Iterator[bytes]:
    for place in range(len(words) - SHINGLE + 1):
        yield " ".join(words[place : place + SHINGLE]).encode()


def likeness(one: bytes, other: bytes) -> float:
    """From 0 to 1: the share of their shingles that both texts have, as far as sketches tell."""
    if not one or not other:
        return 0.0
    return float(np.mean(_values(one) == _values(other)))


def likely(told: bytes, others: Mapping[str, bytes], most: int = 3) -> tuple[str, ...]:
    """The ids of the texts that the sketch `told` may be the same as, the most alike first.

    `others` are sketches by id.
    """
    found = ((likeness(told, sketched), name) for name, sketched in others.items())
    alike = sorted((-share, name) for share, name in found if share >= ALIKE)
    return tuple(name for _, name in alike[:most])


@dataclass(frozen=True, slots=True)
class Story:
    """What of a text says whether it is the one to keep, so that texts need not be held together.

    `direct` is 3 at the site of a council that it tells of, 2 at another public body's, 1 at any
    other address, 0 without one. `year` is what it is said to be of, else the one it gives itself;
    `published` is the day or year it gives, "" for none. What a person `confirmed` goes before
    what nobody has looked at.
    """

    id: str
    title: str
    url: str
    year: int
    direct: int
    published: str
    sketch: bytes
    confirmed: bool = False

    @classmethod
    def of(cls, text: OwnText, councils: Councils) -> Story:
        about = text.about
        year = about.year or int(text.published[:4] or 0)
        direct = _direct(text.url, about.councils, councils)
        confirmed = text.confirmed_at is not None
        return cls(
            text.id, about.title, text.url, year, direct, text.published, text.sketch, confirmed
        )

    @property
    def order(self) -> Order:
        """The best last: confirmed, then the newest year, the most direct, the newest day."""
        return self.confirmed, self.year, self.direct, self.published, self.id


def _direct(url: str, told_of: Sequence[str], councils: Councils) -> int:
    host = urlsplit(url).hostname or ""
    if not host:
        return 0
    if councils.of_host(host) in told_of:
        return 3
    return 2 if host.endswith(".gov.uk") else 1


def grouped(stories: Iterable[Story]) -> dict[str, list[Story]]:
    """The texts that are kept, by id, each with its doubles, the best first.

    A text joins the best one that it is like itself, never one that is only like another double:
    so no chain leads from one story to a different one.
    """
    bands: dict[bytes, list[Story]] = defaultdict(list)
    kept: dict[str, list[Story]] = {}
    for story in sorted(stories, key=lambda one: one.order, reverse=True):
        places = _bands(story.sketch)
        near = {one.id: one for place in places for one in bands.get(place, ())}
        best = max(near.values(), key=lambda one: _nearness(one, story), default=None)
        if best is not None and likeness(best.sketch, story.sketch) >= ALIKE:
            kept[best.id].append(story)
            continue
        kept[story.id] = []
        for place in places:
            bands[place].append(story)
    return kept


def _nearness(one: Story, other: Story) -> tuple[float, Order]:
    return likeness(one.sketch, other.sketch), one.order


def _bands(sketched: bytes) -> list[bytes]:
    """Pieces of a sketch, of which two texts that are alike share at least one."""
    if not sketched:
        return []
    width = len(sketched) // VALUES * ROWS
    pieces = (sketched[place * width : (place + 1) * width] for place in range(VALUES // ROWS))
    return [bytes((number,)) + piece for number, piece in enumerate(pieces)]


def _values(sketched: bytes) -> Values:
    return np.frombuffer(sketched, "<u4")
