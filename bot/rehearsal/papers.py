"""Twenty documents in the shapes that councils publish, made from a seed: PDFs, Word files, pages.

What each holds is known, so that it can be measured how much of it is read (see
`evaluation.texts`). All of it is made up: test data.
"""

from __future__ import annotations

from bot.rehearsal.papers_known import Paper

SEED = "papers 1"


class CannotMake(Exception):
    """A package that makes documents is missing; the message says which, and what to do."""


def papers(seed: str = SEED) -> list[Paper]:
    """Eight PDFs, six Word files, six web pages; the same bytes for the same seed."""
    try:
        from bot.rehearsal.papers_pdf import pdfs
        from bot.rehearsal.papers_word import words
    except ModuleNotFoundError as error:
        raise CannotMake(f"{error.name} is missing: run make setup") from error
    from bot.rehearsal.papers_web import webpages

    return [*pdfs(seed), *words(seed), *webpages(seed)]
