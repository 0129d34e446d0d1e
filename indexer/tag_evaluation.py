"""How good tags are: every case study scored by what was learned without it, in nested folds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score
from sklearn.model_selection import KFold

from indexer.tag_training import SEED, Encode, Encoded, encoded, example, labels, learn, part
from indexer.tagging import SIGNALS, Array, Tagger
from knowledge.library import Library

OUTER_FOLDS = 10
GUARD_FOLDS = 2  # to see whether more examples do harm: a difference, measured each night
TOP = 3
_BINS = np.linspace(0, 1, 11)


@dataclass(frozen=True, slots=True)
class TagMeasure:
    """One figure over `n` things: case studies, tags or suggestions."""

    measure: str
    value: float
    n: int


def shipped(library: Library, encode: Encode) -> Encoded:
    """The case studies as examples."""
    return encoded(library, [example(one) for one in library.case_studies], encode)


def evaluate(source: Encoded, selected: float) -> Iterator[TagMeasure]:
    """The figures, and those of simpler ways beside them. An outcome is proposed from
    `selected` on. No label of a held-out example reaches what scores it."""
    truth = labels(source, np.arange(len(source.examples)))
    likely, signals, usual = _held_out(source)
    yield from _ranking("", likely, truth)
    yield from _choosing(likely >= selected, truth)
    yield from _calibration(likely, truth)
    yield from _ranking(" (baseline: how often each is tagged)", usual, truth)
    for name in ("outcome words", "similar examples"):
        column = signals[..., len(SIGNALS) + SIGNALS.index(name)]
        yield from _ranking(f" (baseline: {name} alone)", column, truth)
    yield from _each(likely >= selected, truth, source)


def mean_precision(source: Encoded, held_back: int) -> float:
    """Mean average precision on the first `held_back` examples, each fold of them scored by what
    the others teach; the examples after those only ever teach."""
    likely = np.zeros((held_back, len(source.outcomes)), dtype=np.float32)
    more = np.arange(held_back, len(source.examples))
    folds = KFold(GUARD_FOLDS, shuffle=True, random_state=SEED)
    for seen, held in folds.split(np.arange(held_back)):
        tagger = Tagger(learn(part(source, np.concatenate([seen, more]))))
        for row in held:
            likely[row] = tagger.confidences(source.examples[row].text, source.vectors[row])
    truth = labels(source, np.arange(held_back))
    return next(_ranking("", likely, truth)).value


def _held_out(source: Encoded) -> tuple[Array, Array, Array]:
    """For every example: confidences, signals, and how usual each outcome is among the rest."""
    count, outcomes = len(source.examples), len(source.outcomes)
    likely = np.zeros((count, outcomes), dtype=np.float32)
    signals = np.zeros((count, outcomes, 2 * len(SIGNALS)), dtype=np.float32)
    usual = np.zeros_like(likely)
    folds = KFold(OUTER_FOLDS, shuffle=True, random_state=SEED)
    for seen, held in folds.split(np.arange(count)):
        tagger = Tagger(learn(part(source, seen)))
        usual[held] = labels(source, seen).mean(axis=0)
        for row in held:
            text, vector = source.examples[row].text, source.vectors[row]
            likely[row] = tagger.confidences(text, vector)
            signals[row] = tagger.signals(text, vector)
    return likely, signals, usual


def _ranking(suffix: str, scores: Array, truth: Array) -> Iterator[TagMeasure]:
    precise = [average_precision_score(*one) for one in zip(truth, scores, strict=True)]
    first = np.argsort(-scores, axis=1)[:, :TOP]
    found = np.take_along_axis(truth, first, axis=1).sum(axis=1) / truth.sum(axis=1)
    yield TagMeasure(f"MAP{suffix}", float(np.mean(precise)), len(truth))
    yield TagMeasure(f"recall@{TOP}{suffix}", float(found.mean()), len(truth))


def _choosing(chosen: npt.NDArray[np.bool_], truth: Array) -> Iterator[TagMeasure]:
    for average in ("micro", "macro"):
        value = f1_score(truth, chosen, average=average, zero_division=0)
        yield TagMeasure(f"{average}-F1 of the proposed", float(value), int(truth.sum()))


def _calibration(likely: Array, truth: Array) -> Iterator[TagMeasure]:
    """How far from what it says: by tenths, and of those shown at about 80 %."""
    place = np.clip(np.digitize(likely, _BINS) - 1, 0, len(_BINS) - 2)
    off = 0.0
    for tenth in range(len(_BINS) - 1):
        held = place == tenth
        if held.any():
            off += held.sum() * abs(float(likely[held].mean() - truth[held].mean()))
    yield TagMeasure("calibration error", off / likely.size, likely.size)
    near = (likely >= 0.7) & (likely < 0.9)
    if near.any():
        yield TagMeasure(
            "right, of those at 70 to 90 %", float(truth[near].mean()), int(near.sum())
        )
        yield TagMeasure("mean confidence of those", float(likely[near].mean()), int(near.sum()))


def _each(chosen: npt.NDArray[np.bool_], truth: Array, source: Encoded) -> Iterator[TagMeasure]:
    for place, outcome in enumerate(source.outcomes):
        real, proposed = truth[:, place], chosen[:, place]
        precise = precision_score(real, proposed, zero_division=0)
        found = recall_score(real, proposed, zero_division=0)
        yield TagMeasure(f"precision: {outcome.id}", float(precise), int(proposed.sum()))
        yield TagMeasure(f"recall: {outcome.id}", float(found), int(real.sum()))
