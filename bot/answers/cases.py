"""Answers from case studies: examples by topic and place, and facts inside one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial

from bot.answers import wording
from bot.answers.draft import Composer, Draft, Quote
from bot.answers.evidence import Evidence, Found, Statement, Vector
from bot.answers.patterns import NUMBERED
from bot.answers.places import Places, short_name
from bot.answers.reading import Reading
from bot.answers.surety import Surety
from bot.conversation import Action
from indexer.search import Index

MOSTLY = 0.9  # how likely the right sentence is to be among those shown
NEAR = 0.72  # a text this near the best is shown with it
SURE_NEAR = 0.27  # and speaks to the question this well
EARLY = 0.06  # what each place further down costs a sentence that is to introduce its text
COVERED_LEAST, COSINE_LEAST = 0.15, 0.45  # a text under both is about something else
COSINE_SAME = 0.55  # a text as near as this says the same in other words
COVERED_BESIDE = 0.5  # of the asked words, what a text that only names the council must hold
COVERED_NEAR = 0.3  # of the asked words the best text holds, the least the others must
EXAMPLES, MOST_LISTED = 4, 12


class CaseAnswers:
    """Examples and facts, with places and years as preferences that never hide everything."""

    def __init__(
        self, index: Index, evidence: Evidence, composer: Composer, surety: Surety
    ) -> None:
        self._index, self._evidence, self._composer = index, evidence, composer
        self._surety = surety
        self._cases = {case.id: case for case in index.library.tellings}
        told = [one for one in index.passages if evidence.sayable(one)]
        self._first = {one.document: one for one in reversed(told)}

    def examples(
        self,
        reading: Reading,
        vector: Vector,
        among: Collection[str] = (),
        skip: Collection[str] = (),
    ) -> Draft:
        """The case studies that fit topic and place, each with its most telling sentence."""
        admitted = self.admitted(reading, among, skip)
        if reading.places.missing or not admitted:
            return self._nearest(reading, vector, self._absence(reading))
        found = self._evidence.find(reading, vector, admitted, limit=40)
        if not found or (reading.topic and self._off_topic(found[0], reading)):
            there = admitted if reading.places else ()
            return self._nearest(reading, vector, self._absence(reading), there)
        near = [one for one in found[1:] if not reading.topic or _near(one, found[0])]
        kept = [found[0], *near]
        signals, instead = None, None
        if reading.topic:
            first = [telling(found[0])]
            signals = self._evidence.signals("cases", found, first, reading, pointed=bool(skip))
            there = admitted if reading.places else ()
            absence = self._absence(reading)
            instead = partial(self._nearest, reading, vector, absence, there)
            instead = partial(Draft, "unsure", wording.NO_MORE) if skip else instead
        most = MOST_LISTED if reading.listing and reading.places else EXAMPLES
        quotes = tuple(self._of(telling(one)) for one in kept[:most])
        left = len(kept) - len(quotes)
        if left <= 0 or reading.topic:
            whole = most == MOST_LISTED
            return Draft("answered", "", quotes, whole_list=whole, signals=signals, instead=instead)
        every = Action("ask", "Show all", f"List all case studies from {reading.places.label}")
        more = wording.MORE.format(left, reading.places.label)
        if most == MOST_LISTED:
            return Draft("answered", "", quotes, more, whole_list=True)
        return Draft("answered", "", quotes, more, actions=(every,))

    def fact(self, reading: Reading, vector: Vector, among: Collection[str] = ()) -> Draft:
        """The sentences that hold what is asked, and what to say where they are not sure enough."""
        reading, among = self._named_beside(reading, vector, among)
        if reading.places.missing:
            return self._nearest(reading, vector, self._absence(reading))
        admitted = self.admitted(reading, among)
        found = self._evidence.find(reading, vector, admitted or self._cases.keys())
        if not found or (reading.topic and not among and self._off_topic(found[0], reading)):
            return self._nearest(reading, vector, self._absence(reading), admitted)
        best = self._best(found, reading)
        scores = [one.score for one in best.statements]
        chosen = best.statements[: self._surety.needed(scores, MOSTLY)]
        ordered = [best, *(one for one in found if one is not best)]
        signals = self._evidence.signals("fact", ordered, chosen, reading, pointed=len(among) == 1)
        absence, there = self._absence(reading), [best.document]
        nearest = partial(self._nearest, reading, vector, absence, there)
        quotes = tuple(self._of(one) for one in chosen)
        return Draft("answered", "", quotes, signals=signals, instead=nearest)

    def _named_beside(
        self, reading: Reading, vector: Vector, among: Collection[str]
    ) -> tuple[Reading, Collection[str]]:
        """A council without a text of its own may be named in one that speaks of what is asked:
        "ten councils outside Belfast". Then that may answer."""
        if not (reading.places.missing and reading.topic) or among:
            return reading, among
        name = short_name(reading.places.missing[0])
        anywhere = replace(reading, places=Places())
        naming = self._evidence.naming(name) & self._cases.keys()
        found = self._evidence.find(anywhere, vector, sorted(naming), limit=1) if naming else []
        if not found or found[0].covered < COVERED_BESIDE:
            return reading, among
        named = replace(anywhere, topic=(*reading.topic, *name.lower().split()))
        return named, [found[0].document]

    def about(self, document: str) -> Draft:
        """What a text tells first: its opening sentences; one that says nothing is asked back."""
        passage = self._first.get(document)
        if passage is None:
            return Draft("clarify", wording.EARLIER)
        label = self._composer.label(document)
        told = self._evidence.sayable(passage)[:3]
        opening = tuple(Quote(document, text, label, section=passage.section) for text in told)
        return Draft("answered", "", opening)

    def admitted(
        self, reading: Reading, among: Collection[str], skip: Collection[str] = ()
    ) -> list[str]:
        """Of these texts, or all, those from where and when it is asked for that may be seen."""
        pool = among or self._cases.keys()
        kept = [
            one
            for one in pool
            if one in self._cases
            and one not in skip
            and one not in reading.hidden
            and self._lies(reading, one)
        ]
        dated = [one for one in kept if self._cases[one].year in reading.years]
        return dated if dated and not among and reading.ask == "cases" else kept

    def _lies(self, reading: Reading, document: str) -> bool:
        if not reading.places:
            return True
        case = self._cases[document]
        return reading.places.admits(case.councils, case.region, case.nation, case.council_type)

    def _off_topic(self, found: Found, reading: Reading) -> bool:
        """Whether a text, though the best of its place, is about something else."""
        group = reading.places and not reading.places.councils
        if group and self._evidence.misses(found, reading):
            return found.cosine < COSINE_SAME
        return found.covered < COVERED_LEAST and found.cosine < COSINE_LEAST

    def _best(self, found: Sequence[Found], reading: Reading) -> Found:
        """The text whose sentence fits, among those about as good as the first."""
        near = [one for one in found if one.score >= found[0].score * 0.93]
        return next(
            (
                one
                for one in near
                if one.statements and self._evidence.answers(one.statements[0], reading)
            ),
            found[0],
        )

    def _absence(self, reading: Reading) -> str:
        where = reading.places.label
        if reading.places.missing:
            return f"I don't have anything from {where}. The nearest I have:"
        if reading.ask == "cases":
            origin = f" from {where}" if where else ""
            return f"I don't have a case study on that{origin}. The nearest I have:"
        return wording.NEAREST

    def _nearest(
        self, reading: Reading, vector: Vector, lead: str, among: Collection[str] = ()
    ) -> Draft:
        """The nearest text, said to be only that; its figures are not the ones asked for."""
        found = self._evidence.find(reading, vector, among or self._cases.keys(), limit=4)
        found = [one for one in found if among or one.sure >= SURE_NEAR]
        plain = [quote for one in found if (quote := self._plain(one, reading))]
        return Draft("unsure", lead if plain else lead.split(". ")[0] + ".", tuple(plain[:2]))

    def _plain(self, found: Found, reading: Reading) -> Quote | None:
        """The sentence that tells what a text is about; without a figure where one was asked."""
        ranked = sorted(found.statements, key=lambda one: -one.cosine)
        if reading.places.missing:
            ranked = [one for one in ranked if not any(sign.isdigit() for sign in one.text)]
        elif reading.wants in NUMBERED:
            ranked = [one for one in ranked if not one.fits]
        return self._of(ranked[0]) if ranked else None

    def _of(self, statement: Statement) -> Quote:
        label = self._composer.label(statement.document)
        return quoted(statement, label)


def quoted(statement: Statement, label: str = "") -> Quote:
    """A sentence of a text as a quote."""
    place = statement.passage.section
    return Quote(statement.document, statement.text, label, section=place)


def telling(found: Found) -> Statement:
    """The sentence that tells what a case is: near the question, and early rather than late."""
    return max(found.statements, key=lambda one: one.cosine - EARLY * one.place)


def _near(found: Found, first: Found) -> bool:
    """Whether a text speaks to a question about as well as the best one does."""
    return (
        found.score >= first.score * NEAR
        and found.sure >= SURE_NEAR
        and found.covered >= first.covered * COVERED_NEAR
    )
