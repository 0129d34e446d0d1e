"""BM25 over passages: built by bm25s, its saved arrays read without importing it.

Importing bm25s brings scipy and takes longer than everything else search needs, so what
serves adds up the scores itself: they are sums of a few columns.
"""

import json
import re
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import Stemmer

Array = npt.NDArray[np.float32]
Postings = tuple[npt.NDArray[np.int32], Array]

# Rows counted of one word, so that a common one costs no more among millions; up to so many rows
# nothing is left out.
MOST = 16_384
_K1, _B = 1.2, 0.75
_WORD = re.compile(r"\w\w+")
_STOP = frozenset(
    _WORD.findall(
        """
        an and are as at be but by for if in into is it no not of on or such that the their
        then there these they this to was will with
        am any been can could did do does doing had has have how me my our ours should us we
        were what when where which who whom whose why would you your
        """
    )
)
_STEMMERS = threading.local()  # a stemmer keeps state and must not be shared by threads


def words(text: str) -> list[str]:
    """The stems BM25 counts, without the words every question has."""
    found = (word for word in _WORD.findall(text.lower()) if word not in _STOP)
    stems: list[str] = _stemmer().stemWords(list(found))
    return stems


@dataclass(frozen=True, slots=True)
class Lexical:
    """BM25 scores by row number, as one sparse column of rows and scores for each word. `strongest`
    are parts of long columns, kept once they were asked for."""

    columns: dict[str, int]
    starts: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int32]
    values: Array
    size: int
    strongest: dict[int, Postings] = field(default_factory=dict)

    def scores(self, text: str) -> Array:
        """The score of every row for one question; 0 where no word is shared."""
        return summed(self.size, (self.postings(word) for word in words(text)))

    def postings(self, word: str) -> Postings:
        """The rows that hold a word, and what it adds to the score of each; of very many those
        where it adds most."""
        column = self.columns.get(word)
        if column is None:
            return self.rows[:0], self.values[:0]
        start, end = self.starts[column], self.starts[column + 1]
        if end - start <= MOST:
            return self.rows[start:end], self.values[start:end]
        if column not in self.strongest:
            kept = start + np.sort(np.argsort(-self.values[start:end], kind="stable")[:MOST])
            self.strongest[column] = self.rows[kept], self.values[kept]
        return self.strongest[column]

    @classmethod
    def read(cls, folder: Path) -> "Lexical":
        return cls(
            columns=json.loads((folder / "vocab.index.json").read_text("utf-8")),
            starts=np.load(folder / "indptr.csc.index.npy"),
            rows=np.load(folder / "indices.csc.index.npy"),
            values=np.load(folder / "data.csc.index.npy"),
            size=json.loads((folder / "params.index.json").read_text("utf-8"))["num_docs"],
        )


def summed(size: int, found: Iterable[Postings]) -> Array:
    """The scores of all rows out of their words'."""
    total = np.zeros(size, dtype=np.float32)
    for rows, values in found:
        total[rows] += values
    return total


def write_lexical(texts: Sequence[str], folder: Path) -> None:
    """Counts the texts and saves what `Lexical.read` opens."""
    import bm25s

    counted = bm25s.BM25(k1=_K1, b=_B)
    counted.index([words(text) for text in texts], show_progress=False)
    counted.save(str(folder), show_progress=False)


def _stemmer() -> Stemmer.Stemmer:
    if not hasattr(_STEMMERS, "english"):
        _STEMMERS.english = Stemmer.Stemmer("english")
    stemmer: Stemmer.Stemmer = _STEMMERS.english
    return stemmer
