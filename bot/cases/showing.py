"""A suggestion as administrators see it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers.answerer import Answerer
from bot.answers.shelf import Shelf
from bot.cases import wording
from bot.conversation import Citation, Reply
from bot.showing import address
from bot.texts import Suggested
from knowledge.library import CaseStudy

NEAREST = 2


def shown(
    one: Suggested, answerer: Answerer, shelf: Shelf, outcomes: str, alike: Sequence[str]
) -> Reply:
    """All of it; `outcomes` by their names, `alike` are titles of what it may be the same as."""
    near = tuple(
        title
        for name, title in answerer.named(one.title, shelf)
        if isinstance(answerer.library.get(name), CaseStudy) and title not in alike
    )
    link = address(one.link)
    words = wording.suggestion(one, outcomes, alike, near[:NEAREST], cited=bool(link))
    quote = " ".join(one.told.split())
    councils = (one.council,) if one.council else ()
    source = Citation(1, one.id, "case-study", one.title, link, quote, councils, confirmed=False)
    return Reply("answered", words, (source,) if link else (), private=True)
