"""The texts that tell of something, as a list to choose a source from rather than an answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answers import wording
from bot.answers.cases import telling
from bot.answers.draft import Composer, Quote
from bot.answers.evidence import Evidence, Found, Vector
from bot.answers.gate import DANGER
from bot.answers.hearing import told
from bot.answers.language import Speller
from bot.answers.places import Places
from bot.answers.reading import Reader, Reading
from bot.answers.registered import SEARCHED, RegisteredAnswers, label, quoted
from bot.answers.scope import Scope
from bot.answers.shelf import Shelf
from bot.conversation import Reply
from bot.projects import Project
from indexer.search import Index
from knowledge.library import CaseStudy, unmarked

MOST, NEWEST, NEWEST_PROJECTS = 10, 5, 2
DEPTH = 40
# A text is listed where it speaks to the words as surely as SURE and holds at least HELD of what
# the one that holds most does, or says the same in other words (a cosine of SAME).
SURE, HELD, SAME = 0.33, 0.5, 0.55
# Words that tell of somebody, rather than name what councils do: only these may be of a person in
# danger. "Loneliness" and "suicide prevention" are looked for like anything else.
_OF_SOMEBODY = re.compile(
    r"\b(?:i|i'm|im|i've|ive|i'll|me|my|mine|myself|he|him|his|himself|she|her|herself|they|them"
    r"|their|themselves|yourself|someone|somebody|nobody|want(?:s|ed)? to|wanna|feel(?:s|ing)?"
    r"|suicidal|kill(?:s|ing)?|threaten(?:s|ed|ing)|can't|cant|cannot|better off dead|painless)\b",
    re.IGNORECASE,
)
# Going on from the list before, which is not remembered; or no more than what all of them are.
_GOING_ON = re.compile(
    r"(?:(?:the |some |any )?(?:another|others?|more|next|rest|everything else)"
    r"(?: (?:ones?|ten|10|page|texts?|sources?|case stud(?:y|ies)))?"
    r"(?: like (?:this|that|these|those|it))?)",
    re.IGNORECASE,
)
_ANYTHING = re.compile(
    r"(?:(?:all|any|some|the|new(?:est)?|latest|recent|me) )*"
    r"(?:anything|everything|all|case stud(?:y|ies)|texts?|sources?)",
    re.IGNORECASE,
)
_KINDS = {
    "outcome": wording.AN_OUTCOME,
    "guidance": wording.GUIDANCE,
    "report": wording.A_REPORT,
}
_AROUND = re.compile(r"^\W+|(?:\W|\b(?:please|thanks)$)+$|^please\b\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Listed:
    """One text, the line that tells of it, and how surely it speaks to the words."""

    quote: Quote
    sure: float


class Finder:
    """Finds them in one library and on the shelf that comes along."""

    def __init__(
        self,
        index: Index,
        reader: Reader,
        speller: Speller,
        scope: Scope,
        evidence: Evidence,
        registered: RegisteredAnswers,
        composer: Composer,
    ) -> None:
        self._index, self._reader, self._speller = index, reader, speller
        self._scope, self._evidence = scope, evidence
        self._registered, self._composer = registered, composer
        self._cases = {one.id: one for one in index.library.tellings}
        told = [one for one in index.passages if evidence.sayable(one)]
        self._opening = {one.document: one for one in reversed(told)}
        self._others = {one.id: one for one in index.library.texts if one.id not in self._cases}

    def find(self, text: str, shelf: Shelf) -> Reply:
        """The texts that a few words name, best first; without words the newest."""
        words = _AROUND.sub("", text)
        if not text.strip() or _ANYTHING.fullmatch(words):
            return self._newest(shelf)
        if _GOING_ON.fullmatch(words):
            return Reply("help", wording.FIND_AGAIN)
        heard = told(text, self._speller)
        if isinstance(heard, Reply):
            return replace(heard, body=wording.FIND) if heard.status == "help" else heard
        reading = replace(self._reader.read(heard.text), hidden=shelf.hidden)
        vector: Vector = self._index.encode([heard.text])[0]
        unwell = self._scope.judge(vector).likelihood.get("wellbeing", 0.0) > DANGER
        if unwell and _OF_SOMEBODY.search(heard.text):
            return Reply("declined", wording.WELLBEING)
        return self._told(reading, vector, shelf)

    def _told(self, reading: Reading, vector: Vector, shelf: Shelf) -> Reply:
        found = self._fitting(reading, vector, shelf)
        if found or not reading.places:
            listed = self._listed(found, wording.TEXTS, shelf)
            return listed if found else Reply("unsure", wording.NO_TEXT)
        where = reading.places.label
        anywhere = replace(reading, places=Places())
        found = self._fitting(anywhere, vector, shelf) if reading.topic else []
        if found:
            return self._listed(found, wording.NO_TEXT_THERE.format(where), shelf)
        return Reply("unsure", wording.NO_TEXT_FROM.format(where))

    def _listed(self, found: Sequence[_Listed], lead: str, shelf: Shelf) -> Reply:
        more = f"\n\n{wording.NEAREST_OF.format(MOST, len(found))}" if len(found) > MOST else ""
        quotes = [one.quote for one in found[:MOST]]
        reply = self._composer.listed(lead, quotes, shelf.hidden)
        return replace(reply, body=f"{reply.body}{more}")

    def _fitting(self, reading: Reading, vector: Vector, shelf: Shelf) -> list[_Listed]:
        """Published texts and registered projects that fit, best first."""
        published = self._published(reading, vector)
        projects = [
            _Listed(self._project(one.project, reading.asked), one.sure)
            for one in self._registered.near(reading, vector, shelf)
            if one.sure >= SEARCHED and _dated(one.project, reading)
        ]
        return _merged(published, projects)

    def _published(self, reading: Reading, vector: Vector) -> list[_Listed]:
        among = self._among(reading)
        found = self._evidence.find(reading, vector, among, DEPTH, titled=True) if among else []
        if reading.topic:
            held = HELD * max((one.covered for one in found), default=0.0)
            kept = [one for one in found if one.sure >= SURE and one.covered >= held]
            kept += [one for one in found if one.cosine >= SAME and one not in kept]
            kept.sort(key=found.index)
        else:  # all of a place or year; else only what is near in meaning, as no words tell it
            named = bool(reading.places or reading.years)
            kept = [one for one in found if named or one.cosine >= SAME]
        return [_Listed(self._text(one), one.sure) for one in kept]

    def _among(self, reading: Reading) -> set[str]:
        """The case studies from where and when it is asked for; the other texts with them, where no
        place is named and some words say what about."""
        there = [one for one in self._cases.values() if _lies(one, reading.places)]
        dated = [one for one in there if one.year in reading.years]
        among = {one.id for one in dated or there}
        if reading.places or (dated and not reading.topic):
            return among
        return among | self._others.keys()

    def _text(self, found: Found) -> Quote:
        said = telling(found)
        return self._quote(found.document, said.text, said.passage.section)

    def _quote(self, document: str, said: str, section: int) -> Quote:
        text = self._cases.get(document) or self._others[document]
        told = (unmarked(text.title), self._composer.about(document), _KINDS.get(text.kind))
        return Quote(document, said, ", ".join(filter(None, told)), section=section)

    def _project(self, project: Project, asked: frozenset[str] = frozenset()) -> Quote:
        quote = quoted(project, asked)
        return replace(quote, label=f"{label(project)}, {wording.BY_AN_OFFICER}")

    def _newest(self, shelf: Shelf) -> Reply:
        """What to give, and the newest texts below it."""
        projects = sorted(shelf.projects, key=lambda one: one.registered_at, reverse=True)
        told = self._opening.keys() - shelf.hidden  # a text may say nothing at all
        seen = [one for one in self._cases.values() if one.id in told]
        cases = sorted(seen, key=lambda one: -one.year)[:NEWEST]
        quotes = [self._project(one) for one in projects[:NEWEST_PROJECTS]]
        for one in cases:
            opening = self._opening[one.id]
            quotes.append(self._quote(one.id, self._evidence.sayable(opening)[0], opening.section))
        reply = self._composer.listed(wording.FIND_NEWEST, quotes, shelf.hidden)
        return replace(reply, status="help")


def _merged(published: Sequence[_Listed], projects: Sequence[_Listed]) -> list[_Listed]:
    """Each project before the first published text that is less sure; otherwise as they come."""
    merged = list(published)
    for one in reversed(projects):
        place = next((at for at, other in enumerate(merged) if other.sure < one.sure), len(merged))
        merged.insert(place, one)
    return merged


def _lies(case: CaseStudy, places: Places) -> bool:
    return not places or places.admits(case.councils, case.region, case.nation, case.council_type)


def _dated(project: Project, reading: Reading) -> bool:
    """Of a year alone, the projects registered in it."""
    alone = bool(reading.years) and not reading.topic and not reading.places
    return not alone or project.registered_at.year in reading.years
