"""Passages made from a seed, as many as are wanted, for `outcomes bench growth`.

Vectors: 800 subjects in 128 dimensions, turned into 384 and blurred, as embeddings of many texts
lie. Words: those of the shipped texts, the rarer the further behind, by Zipf's law. A million of
them have no more different words than the shipped texts, so each word is in more passages than it
would be: harder to search than real texts are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from knowledge.library import Library

Array = npt.NDArray[np.float32]

_SEED, _ASKED_SEED = 10, 11
_SUBJECTS, _INTRINSIC, _WIDTH = 800, 128, 384
_SPREAD, _BLUR = 1.25, 0.3  # of passages about their subject; in all dimensions
_WORDS = 60  # in a passage
_AT_ONCE = 50_000
_ZIPF_SHIFT = 2.7  # Mandelbrot's: the very first words are less frequent than the law has them
_WORD = re.compile(r"\w\w+")


def vectors(size: int) -> Array:
    """Normalised rows."""
    return _drawn(size, np.random.default_rng(_SEED))


def asked(size: int) -> Array:
    """As many questions' vectors of the same kind, none of them a passage's."""
    return _drawn(size, np.random.default_rng(_ASKED_SEED))


def texts(size: int, vocabulary: Sequence[str]) -> list[str]:
    """Words that follow no grammar, as often as words are used."""
    chance = np.random.default_rng(_SEED)
    weights = 1 / (np.arange(len(vocabulary)) + _ZIPF_SHIFT)
    until = np.cumsum(weights / weights.sum())
    made: list[str] = []
    while len(made) < size:
        drawn = chance.random((min(_AT_ONCE, size - len(made)), _WORDS))
        places = np.minimum(np.searchsorted(until, drawn), len(vocabulary) - 1)
        made += [" ".join([vocabulary[place] for place in row]) for row in places.tolist()]
    return made


def vocabulary(library: Library) -> list[str]:
    """The words of the texts, the most frequent first."""
    counted = Counter(
        word
        for text in library.texts
        for section in text.sections
        for word in _WORD.findall(section.plain.lower())
    )
    return sorted(counted, key=lambda word: (-counted[word], word))


def nearest(rows: Array, questions: Array, limit: int) -> npt.NDArray[np.int64]:
    """For each question the rows that are nearest, each cosine computed: what others are held
    against."""
    best = np.full((len(questions), limit), -np.inf, dtype=np.float32)
    found = np.zeros((len(questions), limit), dtype=np.int64)
    for start in range(0, len(rows), _AT_ONCE):
        cosines = questions @ rows[start : start + _AT_ONCE].T
        places = np.arange(start, start + cosines.shape[1])
        both = np.hstack((best, cosines))
        named = np.hstack((found, np.broadcast_to(places, cosines.shape)))
        order = np.argpartition(-both, limit - 1, axis=1)[:, :limit]
        best, found = np.take_along_axis(both, order, 1), np.take_along_axis(named, order, 1)
    return found


def _drawn(size: int, chance: np.random.Generator) -> Array:
    world = np.random.default_rng(_SEED + 1_000)  # the same for passages and questions
    subjects = world.standard_normal((_SUBJECTS, _INTRINSIC), dtype=np.float32)
    turned = world.standard_normal((_INTRINSIC, _WIDTH), dtype=np.float32) / np.sqrt(_INTRINSIC)
    rows = np.empty((size, _WIDTH), dtype=np.float32)
    for start in range(0, size, _AT_ONCE):
        many = min(_AT_ONCE, size - start)
        about = subjects[chance.integers(0, _SUBJECTS, many)]
        about = about + _SPREAD * chance.standard_normal((many, _INTRINSIC), dtype=np.float32)
        blurred = about @ turned.astype(np.float32)
        blurred += _BLUR * chance.standard_normal((many, _WIDTH), dtype=np.float32)
        rows[start : start + many] = blurred / np.linalg.norm(blurred, axis=1, keepdims=True)
    return rows
