"""Passages on their way to an encoder somewhere else and back: names, lines of JSON, bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from indexer.embedded import Array, Rows
from indexer.model import Model
from indexer.passages import Passage


def made_by(model: Model) -> str:
    """Names the model: what another one embedded is no use."""
    return f"{model.weights_sha256}/{model.window}"


def digest(passage: Passage, made_by: str) -> str:
    """What stands for all that a passage's vectors depend on, the model's name too."""
    told = json.dumps([made_by, passage.searched, passage.spans])
    return hashlib.sha256(told.encode()).hexdigest()


def line(passage: Passage) -> str:
    """What must be known of a passage to embed it, as JSON: its text, the character at which the
    text of the passage itself begins behind its context, and each statement's begin and end."""
    searched = passage.searched
    begins = len(searched) - len(passage.text)
    told = {"text": searched, "begins": begins, "spans": passage.spans}
    return json.dumps(told, ensure_ascii=False)


def passage_of(told: str) -> Passage:
    """A passage that is embedded as the one whose `line` that is; it is good for nothing else.
    Raises ValueError, LookupError or TypeError for any other line."""
    values: dict[str, Any] = json.loads(told)
    text, begins = values["text"], values["begins"]
    return Passage(
        id="",
        document="",
        kind="case-study",
        heading="",
        text=text[begins:],
        statements=tuple(text[start:end] for start, end in values["spans"]),
        context=text[: max(0, begins - 1)],
    )


def packed(rows: Rows) -> bytes:
    """A passage's own row, then its statements', as 32-bit numbers, the low byte first."""
    row, statements = rows
    return np.concatenate([row[None], statements]).astype("<f4").tobytes()


def unpacked(numbers: bytes, passage: Passage) -> Rows | None:
    """The same back; None where these cannot be its numbers."""
    count = 1 + len(passage.statements)
    if not numbers or len(numbers) % (4 * count):
        return None
    rows = np.frombuffer(numbers, "<f4").reshape(count, -1).astype(np.float32)
    return rows[0], rows[1:]


def each(cut: Sequence[Passage], rows: Array, statements: Array) -> Iterator[tuple[Passage, Rows]]:
    """What `Embedder.encode_passages` gave, passage by passage."""
    start = 0
    for passage, row in zip(cut, rows, strict=True):
        end = start + len(passage.statements)
        yield passage, (row, statements[start:end])
        start = end
