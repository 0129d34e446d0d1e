"""Which outcomes a project serves: all twelve by how likely they are, each with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answers import wording
from bot.answers.draft import Draft, Quote, Suggested
from bot.answers.evidence import Vector
from bot.answers.outcomes import OutcomeRanker
from bot.answers.scope import Scope
from bot.answers.shelf import Shelf
from indexer.passages import Passage
from indexer.search import Index

SELECTED = 0.4  # likely enough to be proposed; best on held-out case studies (outcomes eval tags)
SIMILAR = 0.45  # cosine from which another council's work is shown as alike
FAR = 0.3  # cosine below which nothing known is alike; then it must read as ours to be tagged
OURS = 0.15  # how likely a text is to be within our subject, for that
DOUBTED = 0.4  # what is left of a confidence in a text that is neither
MOST_NAMED = 4  # outcomes of a project described in a question
NEIGHBOURS = 8  # case studies looked through for one alike
_SAYING = ("What it means", "What councils do about it")
_UNSAID = "How it was tagged"


class Tagging:
    """Suggests outcomes for a project, from one index."""

    def __init__(self, index: Index, ranker: OutcomeRanker, scope: Scope) -> None:
        self._index, self._ranker, self._scope = index, ranker, scope
        self._names = {one.id: one.name_2022 for one in index.library.outcomes}
        self._outcomes_of = {one.id: one.outcomes for one in index.library.case_studies}
        self._passages: dict[str, list[Passage]] = {}
        for passage in index.passages:
            if passage.heading in _SAYING or passage.document in self._outcomes_of:
                self._passages.setdefault(passage.document, []).append(passage)

    def suggest(self, text: str, vector: Vector, shelf: Shelf) -> list[Suggested]:
        """All twelve, the likeliest first, by what the community's own projects taught too.
        `vector` is the encoded text."""
        ranker = shelf.ranker or self._ranker
        near = ranker.similar(vector, NEIGHBOURS)
        seen = [(one, cosine) for one, cosine in near if one not in shelf.hidden]
        alike = [document for document, cosine in seen if cosine >= SIMILAR]
        known = any(cosine >= FAR for _, cosine in near)
        share = 1.0 if known or self._scope.judge(vector).within >= OURS else DOUBTED
        return [
            Suggested(
                outcome,
                likely * share,
                likely * share >= SELECTED,
                self._reasons(outcome, alike, vector),
            )
            for outcome, likely in ranker.rank(text, vector)
        ]

    def serves(self, text: str, vector: Vector, shelf: Shelf) -> Draft:
        """The outcomes of a project described in a question, each with a sentence of its own."""
        found = self.suggest(text, vector, shelf)
        chosen = [one for one in found if one.selected][:MOST_NAMED] or found[:1]
        quotes = [replace(one.reasons[0], label=self._names[one.outcome]) for one in chosen]
        about = tuple(one.outcome for one in chosen)
        return Draft("answered", wording.SERVED, tuple(quotes), about=about)

    def _reasons(self, outcome: str, alike: Sequence[str], vector: Vector) -> tuple[Quote, ...]:
        tagged = (one for one in alike if outcome in self._outcomes_of.get(one, ()))
        found = (self._nearest(one, vector) for one in (outcome, *list(tagged)[:1]))
        return tuple(one for one in found if one)

    def _nearest(self, document: str, vector: Vector) -> Quote | None:
        """The sentence of a text that is nearest in meaning."""
        passages = [one for one in self._passages.get(document, ()) if one.heading != _UNSAID]
        scores = self._index.statement_scores(passages, vector)
        told = [
            (score, statement)
            for passage in passages
            for score, statement in zip(scores[passage.id], passage.statements, strict=True)
            if "our reading" not in statement.lower()
        ]
        return Quote(document, max(told)[1]) if told else None
