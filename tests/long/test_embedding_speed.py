"""How many passages a second one and two workers embed, with the real model."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from indexer.bulk import Bulk
from indexer.embedded import Key, Rows
from indexer.encoder import Encoder
from indexer.ledger_place import Place
from indexer.model import find_model
from indexer.passages import Passage, passages
from indexer.progress import Advance
from indexer.waiting import made_by
from knowledge.reader import load

COPIES = 2


class Watched:
    """Passages a second, from when the first were done: loading the model takes as long as many."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    @contextmanager
    def __call__(self, _title: str, _total: int) -> Iterator[Advance]:
        yield lambda count: self._seen.append((time.perf_counter(), count)) if count else None

    @property
    def rate(self) -> float:
        (began, _), *later = self._seen
        return sum(count for _, count in later) / (later[-1][0] - began)


def test_one_and_two_workers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = find_model(None)
    shipped = passages(load(), model.token_counter(), model.window)
    cut = [_copy(one, copy) for copy in range(COPIES) for one in shipped]
    encoder = partial(Encoder, model)
    made: list[dict[Key, Rows]] = []
    for count in (1, 2):
        watched = Watched()
        bulk = Bulk(Place(tmp_path / str(count), ""), made_by(model), encoder, count)
        made.append(bulk.embedded(cut, encoder, watched))
        with capsys.disabled():
            print(f"\n{count} worker(s): {watched.rate:.1f} passages a second of {len(cut)}")  # noqa: T201 - it is what this is for
    alone, together = made
    assert set(alone) == set(together)
    assert all(np.allclose(rows[0], together[one][0], atol=1e-5) for one, rows in alone.items())


def _copy(passage: Passage, number: int) -> Passage:
    """The same at the same length, and not the same."""
    return replace(passage, context=f"{passage.context[:-3]} {number}.")
