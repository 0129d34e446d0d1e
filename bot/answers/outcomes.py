"""Which of the twelve outcomes a text serves, best first."""

from __future__ import annotations

from bot.answers.evidence import Vector
from indexer.generation import IndexUnusable
from indexer.tagging import Tagger, TaggerUnusable, from_bytes


class OutcomeRanker:
    """Ranks the outcomes for any text by what was learned when the index was built."""

    def __init__(self, learned: bytes) -> None:
        """Raises IndexUnusable where what was learned is damaged."""
        try:
            self._tagger = Tagger(from_bytes(learned))
        except TaggerUnusable as error:
            raise IndexUnusable(f"{error}. Run: outcomes index --force") from error

    def rank(self, text: str, vector: Vector) -> list[tuple[str, float]]:
        """Every outcome with how likely it is, best first."""
        likely = self._tagger.confidences(text, vector)
        ranked = zip(self._tagger.outcomes, map(float, likely), strict=True)
        return sorted(ranked, key=lambda pair: -pair[1])

    def similar(self, vector: Vector, limit: int) -> list[tuple[str, float]]:
        """The tagged texts nearest in meaning, with their cosines, best first."""
        return self._tagger.similar(vector, limit)
