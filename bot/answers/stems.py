"""Stems: the form that different forms of a word, and words of one meaning, share."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import Stemmer

from bot.answers.language import words
from bot.answers.meanings import SAME
from bot.answers.vocabulary import STOP

_STEM = Stemmer.Stemmer("english")
_ONE_MEANING: Mapping[str, str] = {
    str(_STEM.stemWord(word)): str(_STEM.stemWord(line.split()[0]))
    for line in SAME
    for word in line.split()
}


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem that forms of a word share, and words with the same meaning in the texts."""
    found = str(_STEM.stemWord(word.removesuffix("'s")))
    return _ONE_MEANING.get(found, found)


def stems(text: str, *, telling: bool = False) -> frozenset[str]:
    """The stems of a text's words; only of those that carry a subject if `telling`."""
    return frozenset(stem(word) for word in words(text) if not telling or word not in STOP)
