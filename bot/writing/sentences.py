"""Sentences out of the pieces a language model sends, each as soon as it is whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A sentence ends with its mark and the citations behind it, once something else follows.
_END = re.compile(
    r"(?:[.!?][\"'”’)]*(?:\s*\[[\d,; ]+\])*|\][.!?]?)(?:[^\S\n]+(?=[^\s\[])|\s*\n)|\n"
)
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|cf|vs|approx|Cllrs?|Mr|Mrs|Ms|Dr|Prof|Rev|St|Nos?|[A-Z])|^\W*\d+)\.$"
)
_CITED = re.compile(r"\s*\[([\d,; ]+)\]")
_BULLET = re.compile(r"^\s*(?:[-*•]\s+|\d+[.)]\s+)")
_LEAD_IN = re.compile(
    r"^(?:According to|In) (?:the|this) (?:case study|text|passage|source|framework text)"
    r"(?: \[\d+\])?, ",
    re.IGNORECASE,
)
LONGEST = 4000  # characters that are read before the rest is left unread


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its citations, and the numbers that these name."""

    words: str
    cited: tuple[int, ...]

    @property
    def text(self) -> str:
        """As it is shown."""
        return " ".join((self.words, *(f"[{number}]" for number in self.cited)))

    @property
    def claim(self) -> str:
        """What it claims, without saying that a text does."""
        return _LEAD_IN.sub("", self.words)


def sentence(written: str) -> Sentence:
    """What was written, its citations put behind it."""
    numbers = [int(one) for told in _CITED.findall(written) for one in re.findall(r"\d+", told)]
    words = " ".join(_BULLET.sub("", _CITED.sub("", written)).split())
    return Sentence(words, tuple(dict.fromkeys(numbers)))


class Sentences:
    """Gathers pieces."""

    def __init__(self) -> None:
        self._open, self._read = "", 0

    @property
    def full(self) -> bool:
        """Whether enough was read."""
        return self._read >= LONGEST

    def add(self, piece: str) -> list[Sentence]:
        """The sentences that are whole with this piece."""
        self._open += piece
        self._read += len(piece)
        found, start = [], 0
        for end in _END.finditer(self._open):
            written = self._open[start : end.end()].strip()
            if _ABBREVIATION.search(written) and not end[0].endswith("\n"):
                continue
            start = end.end()
            if written:
                found.append(sentence(written))
        self._open = self._open[start:]
        return found

    def rest(self) -> list[Sentence]:
        """What was not followed by anything."""
        written, self._open = self._open.strip(), ""
        return [sentence(written)] if written else []
