"""Whether two questions want the same answer."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from bot.answers.answerer import Answerer
from bot.answers.evidence import Vector
from bot.answers.language import words
from bot.answers.reading import Reading
from bot.answers.stems import stem
from bot.feedback.asking import KINDS, marks, sought, stands, where_and_when

# Chosen on the tuned pairs, and on all pairs of the tuned evaluation questions.
CLOSE = 0.50  # the least cosine of two of which one may be meant by the other
COSINE = 0.70  # the least of two that are alike
NEAR = 0.75  # of two that plainly want the same sort of thing
NEARER = 0.85  # of two of which one does not say what it wants
NEAREST = 0.90  # of two that want a name: who built it, who paid for it, who left
BOTH, W_COSINE, W_WORDS = 0.60, 0.6, 0.4  # with the telling words that they share, less is enough
PARALLEL, SAME_BUT = 0.5, 0.7  # shares of words in the same order: built alike, or all but the same
_FILLING = (
    "a an the of in on at to for by with from and or is are was were be been has have had do does"
    " did there any some please pls this that their its it we us our you your me i can could would"
    " 's s about what which who anyone how many much often number list show tell give explain name"
    " also separate q example examples using use"
)
_EMPTY = frozenset(_FILLING.split())


@dataclass(frozen=True)
class Asked:
    """A question as it was read, with the vector of length 1 of its text."""

    reading: Reading
    vector: Vector


def asked(text: str, answerer: Answerer, vector: bytes = b"") -> Asked:
    """A question read; `vector` is float32 in bytes where it is known, of the same model."""
    reading = answerer.read(text)
    known = np.frombuffer(vector, dtype=np.float32) if vector else answerer.encoded(reading.text)
    return Asked(reading, known)


def alike(first: Asked, second: Asked) -> bool:
    """Whether an answer to one answers the other: near in meaning and words, of the same places,
    years, numbers and outcomes, wanting the same sort of thing, and in no word opposed."""
    one, other = first.reading, second.reading
    cosine = float(first.vector @ second.vector)
    if cosine < COSINE or not (stands(one) and stands(other)) or marks(one) != marks(other):
        return False
    return _near(one, other, cosine) and not opposed(one.text, other.text)


def close(first: Asked, second: Asked) -> bool:
    """Whether one may be meant by the other, though it is not sure: whoever asks can say. Of the
    same places and years."""
    near = float(first.vector @ second.vector) >= CLOSE
    return near and where_and_when(first.reading) == where_and_when(second.reading)


def opposed(first: str, second: str) -> bool:
    """Whether two texts are built alike and each says in one place what the other nowhere says:
    "who built it" and "who paid for it"; or are the same but for what one says more."""
    mine, others = _plain(first), _plain(second)
    matcher = SequenceMatcher(None, mine, others, autojunk=False)
    alike_by = matcher.ratio()
    if alike_by < PARALLEL:
        return False
    for _, start, end, since, until in matcher.get_opcodes():
        here = set(mine[start:end]) - set(others)
        there = set(others[since:until]) - set(mine)
        if (here and there) or ((here or there) and alike_by >= SAME_BUT):
            return True
    return False


def _near(one: Reading, other: Reading, cosine: float) -> bool:
    """Whether they are near enough for what they want."""
    mine, others = sought(one), sought(other)
    if mine != others:
        apart = {*mine} ^ {*others}
        says_not = "" in apart and len(apart) == 2 and apart.isdisjoint(KINDS)
        return says_not and cosine >= NEARER
    if "who" in mine:
        return cosine >= NEAREST
    return cosine >= NEAR or W_COSINE * cosine + W_WORDS * _shared(one, other) >= BOTH


def _shared(one: Reading, other: Reading) -> float:
    """The share of the telling words of both that stand in both."""
    mine, others = one.asked, other.asked
    return len(mine & others) / len(mine | others) if mine | others else 0.0


def _plain(text: str) -> list[str]:
    """The stems of a text's words, without those that carry nothing."""
    return [stem(one) for one in words(text) if one not in _EMPTY]
