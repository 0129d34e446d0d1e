"""Learns how likely each outcome is for a text, from the framework and from tagged examples.

Build time only: it needs scikit-learn. The sentences of an outcome's own text count as small
examples of it, which is what lifts a hundred case studies most.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from indexer.lexical import words
from indexer.tagging import SIGNALS, Array, Learned, Tagger, Vocabulary, grams, to_bytes
from knowledge.library import CaseStudy, Library, Outcome
from knowledge.markdown import plain, statements

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# scikit-learn and scipy are imported where they are used: an index that has not changed need
# not wait for them.
Encode = Callable[[Sequence[str]], Array]

FOLDS = 5
SEED = 20260301
FEWEST = 20  # examples to learn from how the signals are weighed
# What a hundred case studies teach, for where there are fewer than that.
USUAL_BLEND = (0.1, 0.7, 0.3, 0.9, 0.3, 0.4, 0.1, 1.2, 0.3, 1.5, -1.1)
LEAD = 2  # the title and the first item
FROM_FRAMEWORK = 0.3  # what a sentence of the framework counts, an example being 1
STRENGTH_MEANING, STRENGTH_WORDS = 3.0, 10.0  # inverse regularisation
_UNSAID = ("Its names", "How it was tagged")
_REPEATED = 3  # how often an outcome's name and terms stand in the text that stands for it


@dataclass(frozen=True, slots=True)
class Example:
    """A text with the outcomes it serves. Officers write less than a case study holds, so how
    the signals are weighed is learned on its first `LEAD` lines too."""

    id: str
    text: str
    outcomes: tuple[str, ...]

    @property
    def lead(self) -> str:
        return "\n".join(self.text.split("\n")[:LEAD])


@dataclass(frozen=True)
class Encoded:
    """Examples, and the framework's small ones, each with its vector, so that what is learned
    from a part of them costs no second encoding."""

    outcomes: tuple[Outcome, ...]
    examples: tuple[Example, ...]
    vectors: Array
    lead_vectors: Array
    said: tuple[tuple[int, str], ...]  # outcome's place, sentence or term
    said_vectors: Array


def example(case: CaseStudy) -> Example:
    """A case study as an example; how it was tagged is left out of the text."""
    told = [plain(one.body) for one in case.sections if one.heading not in _UNSAID]
    return Example(case.id, "\n".join((case.title, *told)), case.outcomes)


def encoded(library: Library, examples: Sequence[Example], encode: Encode) -> Encoded:
    """Everything there is to learn from."""
    said = [
        (place, text)
        for place, one in enumerate(library.outcomes)
        for text in (*_said(one), *_terms(one))
    ]
    return Encoded(
        library.outcomes,
        tuple(examples),
        encode([one.text for one in examples]),
        encode([one.lead for one in examples]),
        tuple(said),
        encode([text for _, text in said]),
    )


def joined(source: Encoded, more: Sequence[Example], encode: Encode) -> Encoded:
    """The same with more examples behind its own."""
    vectors = encode([one.text for one in more])
    leads = encode([one.lead for one in more])
    return replace(
        source,
        examples=(*source.examples, *more),
        vectors=np.vstack([source.vectors, vectors]),
        lead_vectors=np.vstack([source.lead_vectors, leads]),
    )


def learn(source: Encoded) -> Learned:
    """What all the examples teach. How the signals are weighed is learned on examples that
    each signal had not seen."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import KFold

    rows = np.arange(len(source.examples))
    if len(rows) < FEWEST:
        return _fitted(source, rows, np.array(USUAL_BLEND, dtype=np.float32))
    signals: list[Array] = []
    truth: list[Array] = []
    for seen, held in KFold(FOLDS, shuffle=True, random_state=SEED).split(rows):
        tagger = Tagger(_fitted(source, seen))
        tagged = labels(source, held)
        for row, outcomes in zip(held, tagged, strict=True):
            one = source.examples[row]
            signals.append(tagger.signals(one.text, source.vectors[row]))
            signals.append(tagger.signals(one.lead, source.lead_vectors[row]))
            truth += [outcomes, outcomes]
    model = LogisticRegression(max_iter=2000)
    model.fit(np.concatenate(signals), np.concatenate(truth))
    blend = np.append(model.coef_[0], model.intercept_).astype(np.float32)
    return _fitted(source, rows, blend)


def labels(source: Encoded, rows: npt.NDArray[np.int64]) -> Array:
    """1 where an outcome is one of an example's: rows by outcomes."""
    ids = [one.id for one in source.outcomes]
    tagged = [[one in source.examples[row].outcomes for one in ids] for row in rows]
    return np.array(tagged, dtype=np.float32).reshape(len(rows), len(ids))


def part(source: Encoded, rows: npt.NDArray[np.int64]) -> Encoded:
    """Some of the examples, with all of the framework."""
    chosen = tuple(source.examples[row] for row in rows)
    vectors, leads = source.vectors[rows], source.lead_vectors[rows]
    return Encoded(source.outcomes, chosen, vectors, leads, source.said, source.said_vectors)


def train(library: Library, encode: Encode) -> bytes:
    """What the shipped case studies teach, as `indexer.tagging.from_bytes` reads it."""
    return to_bytes(learn(encoded(library, [example(one) for one in library.case_studies], encode)))


def training_digest(library: Library) -> str:
    """Changes when the texts or the way of learning change."""
    way = (
        2 * len(SIGNALS),
        FOLDS,
        SEED,
        LEAD,
        FROM_FRAMEWORK,
        STRENGTH_MEANING,
        STRENGTH_WORDS,
        _REPEATED,
    )
    return hashlib.sha256(json.dumps([library.digest, way]).encode()).hexdigest()


def _fitted(source: Encoded, rows: npt.NDArray[np.int64], blend: Array | None = None) -> Learned:
    """What these rows teach, nothing of the others in it."""
    texts = [source.examples[row].text for row in rows]
    whole = [_whole(one) for one in source.outcomes]
    vocabulary = _vocabulary([*whole, *texts])
    small = [text for _, text in source.said]
    tagged = labels(source, rows)
    of = np.array([place for place, _ in source.said])
    truth = np.vstack([tagged, np.eye(len(source.outcomes), dtype=np.float32)[of]])
    weights = np.append(np.ones(len(rows)), np.full(len(of), FROM_FRAMEWORK))
    vectors = np.vstack([source.vectors[rows], source.said_vectors])
    counted = _sparse(vocabulary, [*texts, *small])
    meaning = _separate(vectors, truth, weights, STRENGTH_MEANING)
    lexical = _separate(counted, truth, weights, STRENGTH_WORDS)
    return Learned(
        outcomes=tuple(one.id for one in source.outcomes),
        vocabulary=vocabulary,
        terms=tuple(
            tuple(frozenset(words(term)) for term in _terms(one) if words(term))
            for one in source.outcomes
        ),
        outcome_words=_sparse(vocabulary, whole).toarray(),
        meaning_weights=meaning[0],
        meaning_bias=meaning[1],
        word_weights=lexical[0],
        word_bias=lexical[1],
        examples=tuple(source.examples[row].id for row in rows),
        example_vectors=source.vectors[rows],
        example_outcomes=tagged,
        blend=np.zeros(2 * len(SIGNALS) + 1, dtype=np.float32) if blend is None else blend,
    )


def _separate(
    features: npt.NDArray[np.float32] | csr_matrix, truth: Array, weights: Array, strength: float
) -> tuple[Array, Array]:
    """For each outcome a line between the examples that have it and those that do not."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    lines, biases = [], []
    for column in truth.T:
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=1000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(features, column, sample_weight=weights)
        lines.append(model.coef_[0])
        biases.append(model.intercept_[0])
    return np.array(lines, dtype=np.float32), np.array(biases, dtype=np.float32)


def _vocabulary(texts: Sequence[str]) -> Vocabulary:
    held: dict[str, int] = {}
    for text in texts:
        for gram in set(grams(words(text))):
            held[gram] = held.get(gram, 0) + 1
    found = sorted(held)
    counts = np.array([held[gram] for gram in found], dtype=np.float32)
    idf = np.log((1 + len(texts)) / (1 + counts)) + 1
    return Vocabulary({gram: place for place, gram in enumerate(found)}, idf.astype(np.float32))


def _sparse(vocabulary: Vocabulary, texts: Sequence[str]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    rows = [vocabulary.row(text) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows])
    values = np.concatenate([values for _, values in rows])
    return csr_matrix((values, columns, starts), shape=(len(texts), len(vocabulary.columns)))


def _whole(outcome: Outcome) -> str:
    """An outcome as one text, its name and terms more weighty than the rest."""
    named = [outcome.title, *_terms(outcome)] * _REPEATED
    return " . ".join([*named, *_said(outcome)])


def _terms(outcome: Outcome) -> list[str]:
    return list(dict.fromkeys([*outcome.covers, *outcome.aliases, outcome.title]))


def _said(outcome: Outcome) -> list[str]:
    """The sentences of an outcome that say what it is."""
    told = [one.body for one in outcome.sections if one.heading not in _UNSAID]
    sentences = [sentence for body in told for sentence in statements(body)]
    return [one for one in sentences if len(one) > 15 and "our reading" not in one]
