"""Each sentence of a language model held against the passages it cites, before anybody sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from bot.writing.passages import Given
from bot.writing.sentences import Sentence
from bot.writing.support import carried

# The least cosine of a sentence and the nearest of its passage. Measured: see the decision 0016.
ALIKE = 0.55
LONGEST = 400  # characters of a sentence
_SHAPE = re.compile(r"[\"'“‘(]?[A-Z0-9£].*[.!?][\"'”’)]*", re.DOTALL)
# Nothing that a platform could take for a link, a mention or a mark of its own.
_UNSAFE = re.compile(
    r"[<>@*_`~|\\{}\[\]#]|https?:|www\.|\b[\w-]+\.[a-z]{2,}\b(?<!e\.g)", re.IGNORECASE
)
# What begins so speaks of something that may have been dropped.
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|he|his|she|her|this|these|those|that|such|both|there|then|here)\b",
    re.IGNORECASE,
)

Likeness = Callable[[str, Given], float]


class Checks:
    """Of one answer. `shown` are the quotes that stand below it anyway."""

    def __init__(
        self,
        passages: Sequence[Given],
        shown: Collection[str],
        likeness: Likeness,
    ) -> None:
        self._passages = {one.number: one for one in passages}
        self._said = {_bare(one) for one in shown}
        self._likeness = likeness

    def passed(self, sentence: Sentence) -> bool:
        """Whether every passage that it cites carries it, and it says something new."""
        if _bare(sentence.words) in self._said or not self._sound(sentence):
            return False
        passages = [self._passages.get(number) for number in sentence.cited]
        if not passages or not all(one and self._carries(one, sentence.claim) for one in passages):
            return False
        self._said.add(_bare(sentence.words))
        return True

    def _sound(self, sentence: Sentence) -> bool:
        words = sentence.words
        if len(words) > LONGEST or not _SHAPE.fullmatch(words):
            return False
        return not _POINTS_BACK.match(sentence.claim) and self._safe(sentence)

    def _safe(self, sentence: Sentence) -> bool:
        """Without links and marks, or signs that the passages do not have."""
        allowed = "".join(
            one.indexed.text + one.title
            for number in sentence.cited
            if (one := self._passages.get(number))
        )
        if any(found not in allowed for found in _UNSAFE.findall(sentence.words)):
            return False
        return all(sign.isascii() or sign in f"£“”‘’–—…{allowed}" for sign in sentence.words)

    def _carries(self, given: Given, claim: str) -> bool:
        return carried(claim, given.carries) and self._likeness(claim, given) >= ALIKE


def _bare(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().lower()
