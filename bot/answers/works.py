"""What councils did that speaks to what is looked for: case studies, and projects on a shelf."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.answers.cases import quoted as of_text
from bot.answers.cases import telling
from bot.answers.councils import Council
from bot.answers.draft import Composer, Quote, said_of
from bot.answers.evidence import Evidence, Found, Vector
from bot.answers.likeness import Wish
from bot.answers.outcomes import OutcomeRanker
from bot.answers.places import Gazetteer
from bot.answers.reading import Reading
from bot.answers.registered import quoted
from bot.answers.shelf import Shelf
from bot.answers.stems import stems
from bot.offers import Seeker
from bot.projects import Project
from knowledge.library import CaseStudy, Library

# How a text is ranked beside its standing as evidence: how near the whole of it is to the bare
# topic, the words it holds once more, and those of its title. Chosen on the tuned half.
WHOLE, WORDS, TITLE = 0.6, 0.2, 0.2
COVER = 0.3  # what all the words asked are worth beside a cosine of 1
FITS = 0.38  # from where an officer fits what is asked
SPEAKS, BESIDE = 0.35, 0.45  # the same of a case study, and of a project
NEAR = 0.78  # a text this near the best is shown with it
SHARE = 0.6  # of the best anywhere, what the best of a place must come to
NEAREST = 0.25  # the cosine of a text that may be shown as the nearest
DEPTH = 40


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for, where, and by whom. `topic` is the vector of the words that carry the
    subject; `outcomes` are those it is about, `named` those that are all that it names."""

    reading: Reading
    vector: Vector
    topic: Vector
    wish: Wish
    outcomes: frozenset[str]
    named: frozenset[str]
    seeker: Seeker


@dataclass(frozen=True, slots=True)
class Work:
    """One text, the council it is shown for, and how well it speaks to what is looked for; what
    it is, in a few words, and the sentence that tells it best."""

    document: str
    council: Council
    score: float
    title: str
    quote: Quote
    outcomes: tuple[str, ...]


def fit(cosine: float, covered: float) -> float:
    """How well a text fits a question, by meaning and by the share of its words: 0 to 1.3."""
    return cosine + COVER * covered


class Works:
    """Finds them in one library, and on the shelf that comes along."""

    def __init__(
        self,
        library: Library,
        evidence: Evidence,
        ranker: OutcomeRanker,
        gazetteer: Gazetteer,
        composer: Composer,
    ) -> None:
        self._evidence, self._ranker, self._composer = evidence, ranker, composer
        self._gazetteer = gazetteer
        self._cases = {one.id: one for one in library.case_studies}
        self._titles = {one.id: stems(one.title) for one in library.case_studies}
        self._councils = {
            case.id: tuple((one, _placed(gazetteer.known(one), case)) for one in case.councils)
            for case in library.case_studies
        }

    def nearest(self, sought: Sought, limit: int) -> list[Work]:
        """The case studies that come nearest, though they do not fit."""
        found = [pair for pair in self.there(sought, Wish())[:limit] if pair[0].cosine >= NEAREST]
        return [self._work(one, score, Wish()) for one, score in found]

    def published(self, sought: Sought, wish: Wish) -> list[Work]:
        """The case studies from where it is wished that fit, best first."""
        found = self.there(sought, wish)
        if not found or not sought.reading.topic or sought.named:
            return [self._work(one, score, wish) for one, score in found]
        most = _fit(self.there(sought, Wish())[0][0]) if wish else 0.0
        if _fit(found[0][0]) < max(SPEAKS, most * SHARE):
            return []
        least = found[0][1] * NEAR
        return [self._work(one, score, wish) for one, score in found if score >= least]

    def there(self, sought: Sought, wish: Wish) -> list[tuple[Found, float]]:
        """Case studies from where it is wished, with how well they speak to it, best first."""
        among = [
            one
            for one, case in self._cases.items()
            if sought.named <= {*case.outcomes} and self._meeting(one, wish)
        ]
        if not among:
            return []
        dated = [one for one in among if self._cases[one].year in sought.reading.years]
        near = dict(self._ranker.similar(sought.topic, len(self._cases)))
        asked, scored = sought.reading.asked, []
        for one in self._evidence.find(sought.reading, sought.vector, dated or among, DEPTH):
            titled = self._evidence.share(asked, self._titles[one.document])
            more = WHOLE * near.get(one.document, 0.0) + WORDS * one.covered + TITLE * titled
            scored.append((one, one.score + more))
        return sorted(scored, key=lambda pair: -pair[1])

    def registered(self, sought: Sought, wish: Wish, shelf: Shelf) -> list[Work]:
        """The projects of councils from where it is wished that fit, best first."""
        reading = sought.reading
        return [
            Work(
                project.id,
                council,
                score,
                project.details.title,
                quoted(project, reading.asked),
                project.outcome_ids,
            )
            for project, score in self.projects(sought, shelf)
            if project.details.council and (score >= BESIDE or (bool(wish) and not reading.topic))
            for council in [self._gazetteer.known(project.details.council)]
            if not wish or wish.met(council, self._gazetteer.names(council.name))
        ]

    def projects(self, sought: Sought, shelf: Shelf) -> list[tuple[Project, float]]:
        """The projects nearest with how well each fits, best first."""
        asked = sought.reading.asked
        found = [
            (one, fit(cosine, self._evidence.share(asked, stems(one.details.told))))
            for one, cosine in shelf.near(sought.vector, DEPTH)
        ]
        return sorted(found, key=lambda pair: -pair[1])

    def _meeting(self, document: str, wish: Wish) -> list[Council]:
        """Those councils of a case study that are where it is wished."""
        councils = self._councils[document]
        return [one for name, one in councils if not wish or wish.met(one, (name, one.name))]

    def _work(self, found: Found, score: float, wish: Wish) -> Work:
        case = self._cases[found.document]
        quote = of_text(telling(found), self._composer.label(case.id))
        title = ", ".join(filter(None, (case.title, said_of(case))))
        return Work(case.id, self._meeting(case.id, wish)[0], score, title, quote, case.outcomes)


def _placed(known: Council, case: CaseStudy) -> Council:
    """A council as the list of them has it; else as its case study says where it lies."""
    if known.kind:
        return known
    return Council(known.name, case.council_type, case.region, case.nation)


def _fit(found: Found) -> float:
    return fit(found.cosine, found.covered)


def by_council(works: Sequence[Work]) -> list[list[Work]]:
    """The works of each council together, best council first."""
    groups: dict[str, list[Work]] = {}
    for one in works:
        groups.setdefault(one.council.name, []).append(one)
    return list(groups.values())


def in_common(outcomes: Collection[str], seeker: Seeker, names: Mapping[str, str]) -> str:
    """Which outcomes the asker has too, in a few words; or ""."""
    common = [
        name.lower() for one, name in names.items() if {one} & {*outcomes} & {*seeker.outcomes}
    ]
    if not common:
        return ""
    *first, last = common
    return f"you both tagged {', '.join(first)} and {last}" if first else f"you both tagged {last}"
