"""The answer to one question, by the kind that it is likeliest to be; weighed, and filled up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.answers import wording
from bot.answers.cases import CaseAnswers, quoted, telling
from bot.answers.draft import Composer, Draft, Quote
from bot.answers.evidence import Evidence, Vector
from bot.answers.figures import holds
from bot.answers.followup import Turn
from bot.answers.framework import FrameworkAnswers
from bot.answers.patterns import NUMBERED, RANKED
from bot.answers.reading import Ask, Reader, Reading, about_frameworks
from bot.answers.shelf import Shelf
from bot.answers.surety import Surety
from bot.answers.tagging import Tagging

_OF_OUTCOMES = ("list", "compare", "meaning", "steps", "questions", "names")
# Answers that another text may well be meant by, too; those of a fact stay with theirs.
_WIDE = ("meaning", "steps", "questions", "project", "names", "history")
# Asked so, a text says it or does not.
_STRICT = (*NUMBERED, "who", "whether")
AMPLE = 0.7  # from where an answer stands alone
BESIDE, MOST_QUOTES = 2, 5  # further texts shown where it does not, and quotes in all
SPEAKS = 0.30  # the least that such a text must speak to the question


class Kinds:
    """One handler for each kind of answer. Nothing in it changes while it answers."""

    def __init__(
        self,
        reader: Reader,
        evidence: Evidence,
        composer: Composer,
        framework: FrameworkAnswers,
        cases: CaseAnswers,
        tagging: Tagging,
        surety: Surety,
        watch: Callable[[Draft], None],
    ) -> None:
        self._reader, self._evidence, self._composer = reader, evidence, composer
        self._framework, self._cases, self._tagging = framework, cases, tagging
        self._surety, self._watch = surety, watch

    def answered(self, reading: Reading, turn: Turn, vector: Vector, shelf: Shelf) -> Draft:
        """The answer, with further texts that may be meant where it is not quite sure."""
        draft = self._likeliest(reading, turn, vector, shelf)
        sure = draft.surety is not None and draft.surety >= AMPLE
        narrow = reading.ask not in _WIDE or reading.wants in _STRICT
        if turn.follows or draft.whole_list or sure or narrow:
            return draft
        return replace(draft, quotes=(*draft.quotes, *self._beside(draft, reading, vector)))

    def _beside(self, draft: Draft, reading: Reading, vector: Vector) -> tuple[Quote, ...]:
        """What the nearest other texts tell first."""
        room = min(BESIDE, MOST_QUOTES - len(draft.quotes))
        if draft.status != "answered" or reading.places or room <= 0:
            return ()
        found = self._evidence.find(reading, vector, limit=BESIDE + len(draft.documents))
        near = [one for one in found if one.document not in draft.documents and one.sure >= SPEAKS]
        told = [telling(one) for one in near[:room]]
        return tuple(quoted(one, self._composer.label(one.document)) for one in told)

    def _likeliest(self, reading: Reading, turn: Turn, vector: Vector, shelf: Shelf) -> Draft:
        """The answer of the likeliest kind; and of the next kind where the two are close."""
        draft = self._handled(reading.ask, reading, turn, vector, shelf)
        guessed = reading.ask in ("steps", "questions", "meaning") and not reading.terms
        close = "cases" if guessed else reading.close
        if close is None or turn.follows:
            return draft
        other = self._handled(close, reading, turn, vector, shelf)
        if other.status != "answered":
            return draft
        if draft.status != "answered" and close == "cases" and reading.wants in _STRICT:
            return draft  # what a text does not say is not made good by an example
        if draft.status != "answered":
            return other if _surety(other) >= _surety(draft) else draft
        fresh = tuple(quote for quote in other.quotes if quote.document not in draft.documents)
        room = 2 if len(draft.quotes) < 3 else 1
        both = (*draft.quotes[:4], *fresh[:room])
        return draft if draft.whole_list else replace(draft, quotes=both)

    def _handled(
        self, ask: Ask, reading: Reading, turn: Turn, vector: Vector, shelf: Shelf
    ) -> Draft:
        framework = self._framework
        handlers: dict[Ask, Callable[[], Draft | None]] = {
            "list": lambda: framework.twelve(reading),
            "compare": lambda: framework.compare(reading, vector),
            "names": lambda: framework.names(reading, vector),
            "questions": lambda: framework.questions(reading, vector),
            "steps": lambda: framework.steps(reading, vector),
            "meaning": lambda: framework.meaning(reading, vector),
            "history": lambda: framework.history(reading, vector, turn.among),
            "project": lambda: self._tagging.serves(reading.text, vector, shelf),
            "cases": lambda: self._cases.examples(reading, vector, turn.among, turn.skip),
            "fact": lambda: self._fact(reading, turn, vector),
        }
        if ask in ("list", "project") and RANKED.search(reading.text):
            return Draft("unsure", wording.NOT_RANKED, surety=0.0)
        found = handlers[ask]()
        draft = found or self._cases.examples(reading, vector, turn.among, turn.skip)
        if found and ask in _OF_OUTCOMES and not _holds_figure(found, reading):
            return Draft(
                "unsure", wording.NEAREST, draft.quotes[:2], about=draft.about[:2], surety=0.0
            )
        return self.weighed(draft)

    def weighed(self, draft: Draft) -> Draft:
        """The draft, or what is said instead where it is not sure enough."""
        if draft.signals is None:
            return draft
        self._watch(draft)
        surety = self._surety.of(draft.signals)
        if self._surety.enough(draft.signals):
            return replace(draft, surety=surety, signals=None)
        nearest = (
            draft.instead()
            if draft.instead
            else Draft("unsure", wording.NEAREST, draft.quotes[:2], about=draft.about)
        )
        return replace(nearest, surety=surety, guess=draft.quotes)

    def _fact(self, reading: Reading, turn: Turn, vector: Vector) -> Draft:
        """A fact, from whichever text speaks of it: most often a case study."""
        among = turn.among
        if len(among) == 1 and turn.follows and not reading.topic and not reading.wants:
            return self._cases.about(among[0])
        if among and all(one in self._reader.framework_ids for one in among):
            known = self._framework.history(reading, vector, among)
            return known or self._cases.fact(reading, vector)
        if among or reading.places:
            return self._cases.fact(reading, vector, among)
        found = self._evidence.find(reading, vector, limit=1)
        named = about_frameworks(reading.text)
        ours = named or (bool(found) and found[0].document in self._reader.framework_ids)
        draft = self._framework.history(reading, vector) if ours else None
        draft = self.weighed(draft) if draft else None
        return draft if draft and draft.status == "answered" else self._cases.fact(reading, vector)


def _surety(draft: Draft) -> float:
    """How likely it is right; what was not weighed is as its status says."""
    return draft.surety if draft.surety is not None else float(draft.status == "answered")


def _holds_figure(draft: Draft, reading: Reading) -> bool:
    """Whether a figure stands in it, if one is asked for: an outcome's own text has few."""
    if reading.wants not in NUMBERED:
        return True
    return any(holds(quote.text, reading.wants, frozenset()) for quote in draft.quotes)
