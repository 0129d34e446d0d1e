"""How well peers are found: officers made of the case studies, asked for by the questions.

The officers are test data. Three are made of each case study, in three ways of writing, with a
fixed seed; a question is answered well where an officer of a right case study is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from random import Random
from statistics import mean

import numpy as np

from bot.answers.answerer import Answerer
from bot.answers.peers import Found
from bot.answers.places import Gazetteer
from bot.answers.shelf import Shelf
from bot.evaluation.asked import PEERS, SPLITS, QuestionsUnusable, Split, rows
from bot.evaluation.figures import Measure
from bot.offers import KINDS, NATIONS, REGIONS, Offer, Profile, Seeker
from indexer.engine import Array
from indexer.search import Index
from knowledge.library import CaseStudy
from knowledge.markdown import statements

SEED, TIMES, SHOWN = 1, 10, 3
COMMUNITY, ASKER = "evaluation", Seeker("elsewhere")
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_UNSAID = "How it was tagged"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with the case studies whose officers are right, and where it asks for them."""

    id: str
    kind: str
    text: str
    cases: tuple[str, ...]
    nation: str = ""
    region: str = ""
    council_kind: str = ""

    @property
    def placed(self) -> bool:
        return bool(self.nation or self.region or self.council_kind)

    def lies(self, offer: Offer) -> bool:
        """Whether somebody is where the question asks for them."""
        return (
            self.nation in ("", offer.nation)
            and self.region in ("", offer.region)
            and self.council_kind in ("", offer.kind)
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """The officers, a shelf of them, and the case study that each was made of, by their id."""

    profiles: tuple[Profile, ...]
    shelf: Shelf
    case: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was found."""

    question: Question
    found: Found
    directory: Directory

    @property
    def shown(self) -> list[Profile]:
        return [one.profile for one in self.found.people[:SHOWN]]

    @property
    def right_peer(self) -> bool:
        return any(self.directory.case[one.id] in self.question.cases for one in self.shown)

    @property
    def honoured(self) -> bool:
        """Whether all who are shown lie where asked for, where somebody right lies there."""
        return bool(self.shown) and all(self.question.lies(one.offer) for one in self.shown)

    @property
    def could_honour(self) -> bool:
        right = (
            one for one in self.directory.profiles if self.directory.case[one.id] in self.cases
        )
        return self.question.placed and any(self.question.lies(one.offer) for one in right)

    @property
    def cases(self) -> tuple[str, ...]:
        return self.question.cases

    def right_council(self, first: int) -> bool:
        documents = [one for alike in self.found.reply.alike[:first] for one in alike.documents]
        return any(one in self.cases for one in documents)


def directory(answerer: Answerer, cases: Sequence[CaseStudy]) -> Directory:
    """Three officers for each case study."""
    chance, gazetteer = Random(SEED), Gazetteer(cases)
    profiles: list[Profile] = []
    made_of = {}
    for case in cases:
        for help_text in _helps(case, chance):
            number = len(profiles) + 1
            offer = _offer(f"Test officer {number}", help_text, case, gazetteer)
            profiles.append(Profile(f"officer-{number}", COMMUNITY, str(number), offer, "", _AT))
            made_of[profiles[-1].id] = case.id
    vectors = answerer.encoded_all([one.offer.help for one in profiles])
    shelf = Shelf.of((), (), None, list(zip(profiles, vectors, strict=True)))
    return Directory(tuple(profiles), shelf, made_of)


def _helps(case: CaseStudy, chance: Random) -> Iterator[str]:
    """What three officers might write: short, without the title, and at length."""
    told = [
        text
        for section in case.sections
        if section.heading != _UNSAID
        for text in statements(section.body)
    ]
    yield f"I can talk about {case.title}. {chance.choice(told)}"
    yield f"Ask me how we did it. {' '.join(chance.sample(told, min(2, len(told))))}"
    some = sorted(chance.sample(told, min(3, len(told))), key=told.index)
    yield f"{case.title}: {' '.join(some)} Happy to say what we would do differently."


def _offer(name: str, help_text: str, case: CaseStudy, gazetteer: Gazetteer) -> Offer:
    council = gazetteer.known(case.councils[0])
    kind, region = council.kind or case.council_type, council.region or case.region
    nation = council.nation or case.nation
    return Offer(
        name,
        help_text,
        case.outcomes,
        council.name,
        kind if kind in KINDS else "",
        nation if nation in NATIONS else "",
        region if region in REGIONS else "",
        beyond=True,
    )


def questions(split: Split) -> list[Question]:
    """The shipped questions of one half."""
    name = f"{split}_{PEERS}.yaml"
    try:
        return [Question(**{**row, "cases": tuple(row["cases"])}) for row in rows(name)]
    except (KeyError, TypeError) as error:
        raise QuestionsUnusable(f"{name}: an entry cannot be read ({error})") from error


def asked(answerer: Answerer, officers: Directory, some: Sequence[Question]) -> list[Asked]:
    """Every question asked once, each by chance of its own."""
    return [
        Asked(one, answerer.peers(one.text, officers.shelf, ASKER, Random(one.id)), officers)
        for one in some
    ]


def measures(found: Sequence[Asked], split: Split) -> Iterator[Measure]:
    """The figures of one half."""
    peers = [one for one in found if one.question.kind == "peer"]
    nobody = [one for one in found if one.question.kind == "nobody"]
    placed = [one for one in peers if one.could_honour]
    shares: tuple[tuple[str, Sequence[Asked], Callable[[Asked], bool]], ...] = (
        ("peer of the same case among first three", peers, lambda one: one.right_peer),
        ("place or kind honoured", placed, lambda one: one.honoured),
        ("right council first", peers, lambda one: one.right_council(1)),
        ("right council among five", peers, lambda one: one.right_council(5)),
        ("peer questions not declined", peers, lambda one: one.found.reply.status != "declined"),
        ("nobody: no person offered", nobody, lambda one: not one.found.people),
    )
    for name, of, good in shares:
        if of:
            yield Measure(name, split, sum(map(good, of)) / len(of), len(of))


def spread(
    answerer: Answerer, officers: Directory, some: Sequence[Question], chances: Sequence[Random]
) -> list[float]:
    """For each case study that is right, the largest share that one officer takes of the places
    shown to those made of it, when every question is asked once with each of these chances."""
    shown: dict[str, Counter[str]] = {}
    for one in some:
        for chance in chances:
            found = Asked(one, answerer.peers(one.text, officers.shelf, ASKER, chance), officers)
            for profile in found.shown:
                if officers.case[profile.id] in one.cases:
                    shown.setdefault(officers.case[profile.id], Counter())[profile.id] += 1
    return [max(each.values()) / each.total() for each in shown.values()]


class Remembering(Index):
    """Encodes each text once, for the same questions are asked again and again."""

    @cached_property
    def _rows(self) -> dict[str, Array]:
        return {}

    def encode(self, texts: Sequence[str]) -> Array:
        new = [one for one in dict.fromkeys(texts) if one not in self._rows]
        self._rows |= zip(new, super().encode(new), strict=True)
        return np.stack([self._rows[one] for one in texts]) if texts else super().encode(texts)


class Never(Random):
    """A chance that always falls on the first."""

    def random(self) -> float:
        return 0.0


def peers(answerer: Answerer) -> list[Measure]:
    """The figures of both halves, and how the officers of one case study take turns."""
    officers = directory(answerer, answerer.library.case_studies)
    found: list[Measure] = []
    for split in SPLITS:
        some = questions(split)
        found += measures(asked(answerer, officers, some), split)
        if split == "tuned":
            found += _spread(answerer, officers, some)
    return found


def _spread(answerer: Answerer, officers: Directory, some: Sequence[Question]) -> Iterator[Measure]:
    fair = spread(answerer, officers, some, [Random(number) for number in range(TIMES)])
    never = spread(answerer, officers, some, [Never()])
    name = "share of the officer of a case who is shown most"
    yield Measure(f"{name}, on average", "tuned", mean(fair), len(fair), "mean")
    yield Measure(f"{name}, at most", "tuned", max(fair), len(fair), "mean")
    without = f"{name}, on average without spreading"
    yield Measure(without, "tuned", mean(never), len(never), "mean")
