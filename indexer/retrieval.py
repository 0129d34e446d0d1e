"""How well the same search does on a public test collection in BEIR form."""

import csv
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from indexer.local import Local
from indexer.progress import Progress, silent
from indexer.search import fused

Array = npt.NDArray[np.float32]
Judged = Mapping[str, Mapping[str, int]]
Rank = Callable[[str, Array], list[str]]

_DEPTH = 10


class CorpusUnusable(Exception):
    """The folder is not a test collection; the message says what is missing."""


class _Encoder(Protocol):
    def encode(self, texts: Sequence[str], progress: Progress = ...) -> Array: ...


def evaluate(
    corpus: Path, encoder: _Encoder, progress: Progress = silent
) -> dict[str, float | int]:
    """nDCG@10 and recall@10 over the judged queries; each document is one passage.

    A document longer than the model's window is cut there for its vector; BM25 counts
    all of it.
    """
    documents = {row["_id"]: _text(row) for row in _rows(corpus / "corpus.jsonl")}
    judged = _judged(corpus / "qrels.tsv")
    queries = {
        row["_id"]: row["text"] for row in _rows(corpus / "queries.jsonl") if row["_id"] in judged
    }
    if not documents or not queries:
        raise CorpusUnusable(f"{corpus} has no documents or no judged queries.")
    rank = _ranker(documents, encoder, progress)
    vectors = encoder.encode(list(queries.values()))
    found = {
        name: rank(text, vector)
        for (name, text), vector in zip(queries.items(), vectors, strict=True)
    }
    return {
        "ndcg@10": _mean(_ndcg(found[name], judged[name]) for name in queries),
        "recall@10": _mean(_recall(found[name], judged[name]) for name in queries),
        "queries": len(queries),
        "documents": len(documents),
    }


def _ranker(documents: Mapping[str, str], encoder: _Encoder, progress: Progress) -> Rank:
    """The bot's own search over these documents."""
    names, texts = list(documents), list(documents.values())
    engine = Local.build(encoder.encode(texts, progress), texts)

    def rank(text: str, vector: Array) -> list[str]:
        rows, _ = fused(engine, text, vector)
        return [names[row] for row in rows[:_DEPTH]]

    return rank


def _ndcg(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    gains = (relevant.get(name, 0) for name in found)
    best = sorted(relevant.values(), reverse=True)[:_DEPTH]
    return _discounted(gains) / _discounted(best)


def _discounted(gains: Iterator[int] | Sequence[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def _recall(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    return len(relevant.keys() & set(found)) / len(relevant)


def _mean(values: Iterator[float]) -> float:
    return float(np.mean(list(values)))


def _text(row: Mapping[str, Any]) -> str:
    return f"{row.get('title') or ''} {row['text']}".strip()


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(file), start=1):
        try:
            row = json.loads(line)
            yield {**row, "_id": str(row["_id"]), "text": str(row["text"])}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise CorpusUnusable(
                f"{file}:{number}: not a JSON object with _id and text."
            ) from error


def _judged(file: Path) -> Judged:
    """For each query the documents judged to fit it, with how well."""
    judged: dict[str, dict[str, int]] = {}
    try:
        for row in csv.DictReader(_lines(file), delimiter="\t"):
            query, document, score = row["query-id"], row["corpus-id"], int(row["score"])
            if score > 0:
                judged.setdefault(query, {})[document] = score
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise CorpusUnusable(
            f"{file}: wants tab-separated query-id, corpus-id and score under such a header."
        ) from error
    return judged


def _lines(file: Path) -> list[str]:
    try:
        return [line for line in file.read_text("utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusUnusable(f"{file} cannot be read. Give a folder in BEIR form.") from error
