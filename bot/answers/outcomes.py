"""Which of the twelve outcomes a text serves, best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import numpy as np

from bot.answers.evidence import Evidence, Vector
from bot.answers.stems import stems
from indexer.search import Index
from knowledge.library import CaseStudy

# Shares of the four signals: the outcome's own terms, its passages' words and meaning, and
# how the most similar case studies are tagged. Equal shares did as well as any others on the
# case studies, each left out in turn.
W_TERMS = W_WORDS = W_MEANING = W_CASES = 0.25
_NEIGHBOURS = 12


class OutcomeRanker:
    """Ranks the outcomes for any text by what they cover and by similar case studies."""

    def __init__(self, index: Index, evidence: Evidence) -> None:
        self._index, self._evidence = index, evidence
        self._ids = [outcome.id for outcome in index.library.outcomes]
        self._terms = {
            outcome.id: [stems(term) for term in (*outcome.covers, *outcome.aliases)]
            for outcome in index.library.outcomes
        }
        self._cases = {case.id: case for case in index.library.case_studies}

    def rank(self, text: str, vector: Vector) -> list[tuple[str, float]]:
        """Every outcome with a score from 0 to 1, best first."""
        asked = stems(text, telling=True)
        signals = (
            (W_TERMS, self._by_terms(asked)),
            (W_WORDS, self._by_search(text, vector, lexical=True)),
            (W_MEANING, self._by_search(text, vector, lexical=False)),
            (W_CASES, self._by_cases(text, vector)),
        )
        scores = {one: sum(share * signal[one] for share, signal in signals) for one in self._ids}
        return sorted(scores.items(), key=lambda pair: -pair[1])

    def _by_terms(self, asked: frozenset[str]) -> Mapping[str, float]:
        found = {}
        for outcome, terms in self._terms.items():
            held = sorted((self._term(term, asked) for term in terms), reverse=True)
            found[outcome] = sum(value / (place + 1) for place, value in enumerate(held[:4]))
        return _scaled(found)

    def _term(self, term: frozenset[str], asked: frozenset[str]) -> float:
        """A whole term counts by how telling its words are; part of a term counts little."""
        shared = term & asked
        if not shared:
            return 0.0
        weight = sum(self._evidence.weight(one) for one in shared)
        return weight * (len(shared) / len(term)) ** 2

    def _by_search(self, text: str, vector: Vector, *, lexical: bool) -> Mapping[str, float]:
        found = dict.fromkeys(self._ids, 0.0)
        for hit in self._index.search(text, vector, limit=200, among=self._ids):
            if hit.passage.heading in ("Its names", "Questions to ask"):
                continue
            value = (
                hit.lexical
                if lexical
                else max(hit.dense, *self._index.statement_scores(hit.passage, vector))
            )
            found[hit.passage.document] = max(found[hit.passage.document], value)
        return _scaled(found)

    def _by_cases(self, text: str, vector: Vector) -> Mapping[str, float]:
        votes: dict[str, float] = defaultdict(float)
        for hit in self._index.search(text, vector, limit=_NEIGHBOURS, among=self._cases.keys()):
            case: CaseStudy = self._cases[hit.passage.document]
            for place, outcome in enumerate(case.outcomes):
                votes[outcome] += max(hit.dense, 0.0) ** 3 / (1 + 0.5 * place)
        return _scaled({one: votes[one] for one in self._ids})


def _scaled(scores: Mapping[str, float]) -> Mapping[str, float]:
    values = np.fromiter(scores.values(), dtype=float)
    low, high = float(values.min()), float(values.max())
    width = high - low
    return {one: (value - low) / width if width else 0.0 for one, value in scores.items()}
