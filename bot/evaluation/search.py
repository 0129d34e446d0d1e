"""The search alone: whether it finds a right text, without what answers choose of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.evaluation.asked import Question, Split
from bot.evaluation.figures import Measure
from bot.settings import Settings
from indexer.progress import bar
from indexer.search import DEPTH, Index

_FIRST = (1, 5, 10)


def search(index: Index, asked: Sequence[Question], split: Split) -> Iterator[Measure]:
    """How often a right text is among the first found. Of a dialogue only what opens it can be
    searched for as it stands."""
    ranks = [_rank(index, one) for one in _alone(asked)]
    for first in _FIRST:
        if ranks:
            found = sum(rank < first for rank in ranks)
            name = f"search alone: right document in first {first}"
            yield Measure(name, split, found / len(ranks), len(ranks))


def _alone(asked: Sequence[Question]) -> Iterator[Question]:
    begun: set[str] = set()
    for one in asked:
        if one.clear and one.documents and one.thread not in begun:
            yield one
        begun |= {one.thread} - {""}


def _rank(index: Index, one: Question) -> int:
    """How many texts stand before the first right one."""
    hits = index.search(one.text, index.encode([one.text])[0], limit=DEPTH)
    found = list(dict.fromkeys(hit.passage.document for hit in hits))
    right = (place for place, document in enumerate(found) if document in one.documents)
    return next(right, len(index.passages))


def retrieval(corpus: Path, settings: Settings) -> dict[str, float | int]:
    """The figures on a BEIR folder; CorpusUnusable or ModelUnusable."""
    from indexer.retrieval import CorpusUnusable, evaluate

    if not corpus.is_dir():
        raise CorpusUnusable(f"{corpus} is not a folder. Give one in BEIR form.")
    from indexer.encoder import Encoder
    from indexer.model import find_model

    return evaluate(corpus, Encoder(find_model(settings.model or None)), bar)
