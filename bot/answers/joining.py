"""The two parts of a message answered as one."""

from __future__ import annotations

from dataclasses import replace

from bot.answers import wording
from bot.answers.draft import Draft
from bot.answers.kinds import AMPLE

ALMOST = 0.35  # how likely a part must be answered by the same sentence as the other


def joined(first: Draft, second: Draft) -> list[Draft]:
    """The drafts of a message's two parts, without saying anything twice."""
    if second.status in ("declined", "help", "clarify"):
        return [first]
    if second.status == "unsure" and first.status == "answered" and _same(second, first):
        return [first]
    if first.status == "unsure" and second.status == "answered" and _same(first, second):
        return [second]
    if second.status == "unsure":
        return (
            [first, Draft("unsure", wording.OTHER_PART)] if first.status == "answered" else [first]
        )
    if first.status == "unsure":
        return [Draft("unsure", wording.FIRST_PART), second]
    fresh = tuple(quote for quote in second.quotes if quote not in first.quotes)
    lead = "" if first.lead == second.lead else second.lead
    return [first, replace(second, quotes=fresh, lead=lead)] if fresh else [first]


def _same(unsure: Draft, answered: Draft) -> bool:
    """Whether what was not quite sure enough to answer one part stands in a sure answer to the
    other, so that both are answered."""
    close = (unsure.surety or 0.0) >= ALMOST and (answered.surety or 0.0) >= AMPLE
    return close and any(quote in answered.quotes for quote in unsure.guess[:1])
