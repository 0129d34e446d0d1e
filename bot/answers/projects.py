"""Which outcomes a project described in a question serves, each with its reason."""

from __future__ import annotations

from bot.answers.draft import Draft, Quote
from bot.answers.evidence import Evidence, Vector
from bot.answers.framework import COVERS, MEANING, STEPS, FrameworkAnswers
from bot.answers.outcomes import OutcomeRanker
from bot.answers.reading import Reading

MOST = 4
NEAR = 0.55  # of the best outcome's score; those below are not named


class ProjectAnswers:
    """Names the outcomes and quotes why."""

    def __init__(
        self, framework: FrameworkAnswers, evidence: Evidence, ranker: OutcomeRanker
    ) -> None:
        self._framework, self._evidence, self._ranker = framework, evidence, ranker

    def serves(self, reading: Reading, vector: Vector) -> Draft:
        """At most four outcomes, best first, each with the sentence of it that fits best."""
        ranked = self._ranker.rank(reading.text, vector)
        best = ranked[0][1]
        chosen = [one for one, score in ranked[:MOST] if score >= best * NEAR]
        quotes = tuple(quote for one in chosen if (quote := self._reason(one, reading, vector)))
        return Draft("answered", "Best first, each with the reason:", quotes, about=tuple(chosen))

    def _reason(self, outcome: str, reading: Reading, vector: Vector) -> Quote | None:
        sections = [self._framework.section(outcome, one) for one in (MEANING, COVERS, STEPS)]
        ranked = self._evidence.statements([one for one in sections if one], reading, vector)
        told = [one for one in ranked if "our reading" not in one.text]
        return Quote(outcome, told[0].text, self._framework.name(outcome)) if told else None
