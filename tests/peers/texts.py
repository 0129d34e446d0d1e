"""What the contenders index and are asked: the shipped passages, and more made from them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from math import ceil
from random import Random

from bot.evaluation import questions
from indexer.model import Model
from indexer.passages import Passage, passages
from knowledge.library import CaseStudy, Library, Section
from knowledge.reader import load

_SEED = 10
_ASKED = 200


def library(larger: int) -> Library:
    """The shipped texts; with case studies put together anew from their sentences, so that there
    are about so many passages, where `larger` says how many."""
    shipped = load()
    if not larger:
        return shipped
    chance = Random(_SEED)
    pool = [line for case in shipped.case_studies for line in _statements(case)]
    sections = sum(len(case.sections) - 1 for case in shipped.case_studies)  # one is not searched
    copies = ceil(larger / sections)
    made = [
        _recombined(case, f"{case.id}-{number}", pool, chance)
        for number in range(1, copies)
        for case in shipped.case_studies
    ]
    return replace(shipped, case_studies=(*shipped.case_studies, *made))


def cut(texts: Library, model: Model) -> tuple[Passage, ...]:
    """The passages as our own build cuts them: what the others are given."""
    return passages(texts, model.token_counter(), model.window)


def asked() -> list[str]:
    """Shipped questions that the texts can answer, evenly taken from all of them."""
    texts = [one.text for one in questions("tuned") if one.clear and not one.thread]
    return texts[:: max(1, len(texts) // _ASKED)]


def _statements(case: CaseStudy) -> list[str]:
    return [line for section in case.sections for line in section.statements]


def _recombined(case: CaseStudy, name: str, pool: Sequence[str], chance: Random) -> CaseStudy:
    sections = tuple(_filled(section, pool, chance) for section in case.sections)
    digest = hashlib.sha256(repr((name, sections)).encode()).hexdigest()
    return replace(case, id=name, sections=sections, digest=digest)


def _filled(section: Section, pool: Sequence[str], chance: Random) -> Section:
    """As many sentences as it had, others."""
    body = "\n".join(chance.sample(pool, max(1, len(section.statements))))
    return replace(section, body=body, literal=True)
