"""Answers from the framework's own texts: outcomes, their names over the years, their history."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.answers import wording
from bot.answers.draft import Draft, Quote
from bot.answers.evidence import Evidence, Statement, Vector
from bot.answers.outcomes import OutcomeRanker
from bot.answers.patterns import any_of
from bot.answers.reading import Reading
from bot.answers.stems import stem, stems
from bot.answers.surety import Signals, Surety, practice
from bot.conversation import Action
from indexer.passages import Passage
from indexer.search import Index
from knowledge.markdown import plain

MEANING, NAMES, COVERS, STEPS, QUESTIONS = (
    "What it means",
    "Its names",
    "What it covers",
    "What councils do about it",
    "Questions to ask",
)
THE_TWELVE = "The twelve outcomes"
_BY_YEAR: Mapping[int, str] = {2022: "framework-2022", 2023: "almanac-2023", 2024: "framework-2024"}
_BY_WORD: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"\balmanac\b"), "almanac-2023"),
    (
        re.compile(
            r"\bmissions?\b|\bprincip(?:le|al)s?\b|\benablers?\b"
            r"|\b(?:new|newer|newest|latest|current) (?:framework|version|one)\b"
        ),
        "framework-2024",
    ),
    (
        re.compile(r"\b(?:old|older|original|first) (?:framework|version|names?|list|outcomes)\b"),
        "framework-2022",
    ),
)
_WHOLE = any_of(
    r"\bline[sd]? up\b",
    r"\bmap(?:ped|ping|s)?\b",
    r"\bcrosswalk\b",
    r"\bequivalent",
    r"\bcorrespond",
    r"\bmatch",
    r"\ball\b",
    r"\blist\b",
    r"\bwhat are\b",
    r"\bmissions\b",
    r"\bprinciples\b",
    r"\benablers\b",
    r"\bchange[sd]?\b",
    r"\bdifferen",
    r"\bcompare",
    r"\bwho are the partners\b",
    r"\bprogrammes\b",
    r"\btimeline\b",
    r"\bhistory\b",
    r"\bside by side\b",
    r"\bfit with\b",
    r"\bgrew\b",
    r"\blonger\b",
    r"\brenamed\b",
    r"\bnames\b",
)
_PARTS = re.compile(r"\bmissions?\b|\bprincip(?:le|al)s?\b|\benablers?\b")
# "The framework" without a year is the one of the twelve outcomes.
_YEAR_BONUS, _FIRST_BONUS, _HEADING_BONUS = 0.30, 0.15, 0.15
MOSTLY = 0.85  # how likely the right sentence is to be among those shown
_SMALL = stems("a an and for in is it of on that the them they this to was what when who with")
# Who is to ask, which says nothing of what about.
_ASKERS = any_of(
    r"\b(?:(?:overview and )?scrutiny|audit|select|our|the)? ?"
    r"(?:committee|panel|board|scrutiny|chair|cabinet|members?|councillors?|portfolio holder)\b"
)
_EACH = re.compile(r"\bmean|\beach\b|\bexplain|\babout\b")
_LONGEST_MEANING = 420
_AS_LIKELY = 0.75  # of the likeliest outcome's score; a second one as likely is shown too


def run(passage: Passage, first: int, last: int) -> str:
    """The unbroken run of a passage from one statement to another, both included."""
    text, statements = passage.text, passage.statements
    begin = text.index(statements[first])
    end = text.index(statements[last], begin) + len(statements[last])
    return text[begin:end]


class FrameworkAnswers:
    """One method for each kind of question about the framework; None where it does not apply."""

    def __init__(
        self, index: Index, evidence: Evidence, ranker: OutcomeRanker, surety: Surety
    ) -> None:
        self._evidence, self._ranker, self._surety = evidence, ranker, surety
        self._index, self._library = index, index.library
        self._frameworks = tuple(framework.id for framework in index.library.frameworks)
        self._names = {outcome.id: outcome.name_2022 for outcome in index.library.outcomes}
        self._headings = {one.id: stems(one.heading) for one in index.passages}
        self._sections: dict[str, list[Passage]] = {}
        for passage in index.passages:
            self._sections.setdefault(passage.document, []).append(passage)

    def name(self, outcome: str) -> str:
        """An outcome's name of 2022, to begin a line with."""
        return _sentence(self._names[outcome])

    def section(self, document: str, heading: str) -> Passage | None:
        """The first passage of a text below a heading."""
        passages = self._sections.get(document, ())
        return next((passage for passage in passages if passage.heading.startswith(heading)), None)

    def subjects(self, reading: Reading, vector: Vector, most: int) -> tuple[str, ...]:
        """The outcomes a question is about: those it names, else the likeliest one or two."""
        # A name inside a longer term, such as "service" in "shared service", is not what is meant.
        named = [one for one in reading.outcomes if one in reading.terms] or reading.terms
        if named:
            return tuple(named[:most])
        text = _ASKERS.sub(" ", reading.text) if reading.ask == "questions" else reading.text
        if text != reading.text:
            vector = self._index.encode([text])[0]
        ranked = self._ranker.rank(text, vector)[:2]
        best = ranked[0][1] if ranked else 0.0
        return tuple(outcome for outcome, score in ranked if score >= best * _AS_LIKELY)

    def twelve(self, reading: Reading) -> Draft | None:
        """All twelve by name, by the names of 2023 or with what each means where that is asked."""
        newer = 2023 in reading.years or "almanac" in reading.text or "newer names" in reading.text
        document, heading = ("almanac-2023", NAMES) if newer else ("framework-2022", THE_TWELVE)
        whole = newer or bool(_EACH.search(reading.text))
        runs = [text for one in self._below(document, heading) if (text := self._run(one, whole))]
        if not runs:
            return None
        each = Action("ask", "What each means", "What does each of the twelve outcomes mean?")
        return Draft(
            "answered",
            "The outcomes by their 2023 names:" if newer else "The twelve outcomes:",
            tuple(Quote(document, text) for text in (runs if whole else runs[:1])),
            about=tuple(self._names),
            actions=() if whole else (each,),
            whole_list=True,
        )

    def _below(self, document: str, heading: str) -> list[Passage]:
        """All passages of a text below a heading: a long section is cut into several."""
        passages = self._sections.get(document, ())
        return [passage for passage in passages if passage.heading.startswith(heading)]

    def _run(self, passage: Passage, whole: bool) -> str:
        """The sentences of a passage that name outcomes: all of them, or the first."""
        named = [place for place, text in enumerate(passage.statements) if self._names_one(text)]
        return run(passage, named[0], named[-1] if whole else named[0]) if named else ""

    def _names_one(self, text: str) -> bool:
        return any(name.lower() in text.lower() for name in self._names.values())

    def compare(self, reading: Reading, vector: Vector) -> Draft | None:
        """What each of two outcomes means, side by side."""
        subjects = self.subjects(reading, vector, 2)
        quotes = [self._meaning(subject) for subject in subjects]
        if len(subjects) < 2 or None in quotes:
            return None
        names = " and ".join(self._names[subject] for subject in subjects)
        kept = tuple(quote for quote in quotes if quote)
        return Draft("answered", f"{_sentence(names)}, side by side:", kept, about=subjects)

    def meaning(self, reading: Reading, vector: Vector) -> Draft | None:
        """What an outcome means, and the terms it covers where the question names some."""
        subjects = self.subjects(reading, vector, 1)
        quotes = [quote for one in subjects if (quote := self._meaning(one))]
        if not quotes:
            return None
        quotes[1:1] = self._covered(subjects[0], reading)
        actions = _next(self._names[subjects[0]], "meaning")
        signals = self._practice(reading, subjects)
        return Draft(
            "answered", "", tuple(quotes), about=subjects, actions=actions, signals=signals
        )

    def steps(self, reading: Reading, vector: Vector) -> Draft | None:
        return self._listed(reading, vector, STEPS, "What councils do about {}:", "steps")

    def questions(self, reading: Reading, vector: Vector) -> Draft | None:
        return self._listed(reading, vector, QUESTIONS, "Questions to ask on {}:", "questions")

    def names(self, reading: Reading, vector: Vector) -> Draft | None:
        """What an outcome was or is called, or how the frameworks line up."""
        if len(reading.outcomes) != 1 or _PARTS.search(reading.text):
            return self.history(reading, vector)
        passage = self.section(reading.outcomes[0], NAMES)
        if passage is None:
            return self.history(reading, vector)
        asked = [str(year) for year in reading.years if year in _BY_YEAR]
        told = [text for text in passage.statements if any(year in text for year in asked)]
        # The first says the names of 2022 and 2023, the last how it lines up with 2024.
        kept = told or [passage.statements[0], passage.statements[-1]]
        quotes = tuple(Quote(passage.document, text) for text in dict.fromkeys(kept))
        actions = _next(self._names[reading.outcomes[0]], "names")
        subjects = reading.outcomes[:1]
        signals = self._practice(reading, subjects)
        return Draft("answered", "", quotes, about=subjects, actions=actions, signals=signals)

    def history(
        self, reading: Reading, vector: Vector, among: Collection[str] = ()
    ) -> Draft | None:
        """The sentences of the framework's texts that answer best, or a whole short list."""
        ids = tuple(among) or self._frameworks
        passages = [passage for document in ids for passage in self._sections.get(document, ())]
        newest, heads = _newest(reading), stems(reading.text) - _SMALL
        ranked = sorted(
            (
                (self._standing(one, newest, heads), one)
                for one in self._evidence.statements(passages, reading, vector)
            ),
            key=lambda pair: -pair[0],
        )
        if not ranked:
            return None
        scores, first = [score for score, _ in ranked], ranked[0][1]
        number = self._surety.needed(scores, MOSTLY)
        chosen = list({one.text: one for _, one in reversed(ranked[:number])}.values())[::-1]
        found = self._evidence.find(reading, vector, ids)
        found = sorted(found, key=lambda one: one.document != first.document)
        signals = self._evidence.signals("framework", found, chosen, reading)
        quotes = tuple(Quote(one.document, one.text) for one in chosen)
        about = self._about(reading)
        nearest = Draft("unsure", wording.NEAREST, quotes[:2], about=about)
        draft = Draft("answered", "", quotes, about=about, signals=signals, instead=lambda: nearest)
        whole = self._whole(first.passage)
        wants_whole = _WHOLE.search(reading.text) and reading.wants in ("", "how", "whether")
        if wants_whole and whole.count("\n") >= 2:
            return replace(draft, quotes=(Quote(first.document, whole),), whole_list=True)
        return draft

    def _whole(self, passage: Passage) -> str:
        """The section a passage is cut from, all of it."""
        text = self._library.get(passage.document)
        sections = text.sections if text else ()
        bodies = (plain(one.body) for one in sections if one.heading == passage.heading)
        return next(bodies, passage.text)

    def _about(self, reading: Reading) -> tuple[str, ...]:
        return reading.outcomes[:4]

    def _standing(self, statement: Statement, newest: str, heads: frozenset[str]) -> float:
        """A statement's score, raised in the framework asked for, and where its heading shares
        the question's words, "who made it" among them."""
        heading = min(len(self._headings[statement.passage.id] & heads), 2)
        asked = _YEAR_BONUS if statement.document == newest else 0.0
        first = _FIRST_BONUS if not newest and statement.document == "framework-2022" else 0.0
        return statement.score + asked + first + _HEADING_BONUS * heading

    def _listed(
        self, reading: Reading, vector: Vector, heading: str, lead: str, kind: str
    ) -> Draft | None:
        subjects = self.subjects(reading, vector, 2)
        passages = [(one, self.section(one, heading)) for one in subjects]
        quotes = tuple(Quote(one, passage.text) for one, passage in passages if passage)
        if not quotes:
            return None
        names = " and ".join(self._names[one] for one in subjects)
        return Draft(
            "answered",
            lead.format(names),
            quotes,
            about=subjects,
            actions=_next(names, kind),
            signals=self._practice(reading, subjects),
        )

    def _practice(self, reading: Reading, subjects: Sequence[str]) -> Signals:
        """What speaks for an answer from the texts of these outcomes."""
        texts = [passage.text for one in subjects for passage in self._sections.get(one, ())]
        held = frozenset().union(*map(stems, texts), *map(stems, subjects))
        share = self._evidence.share(reading.asked, held) if reading.asked else 1.0
        return practice(reading, share, subjects)

    def _meaning(self, outcome: str) -> Quote | None:
        passage = self.section(outcome, MEANING)
        if passage is None:
            return None
        told = [text for text in passage.statements if not text.startswith("This meaning")]
        last = 0
        while last + 1 < len(told) and len(run(passage, 0, last + 1)) <= _LONGEST_MEANING:
            last += 1
        return Quote(outcome, run(passage, 0, last), after=self._judged(passage))

    def _judged(self, passage: Passage) -> str:
        """A word of warning where a meaning is our reading; the text itself says why."""
        return wording.OUR_MEANING if "our reading" in passage.text else ""

    def _covered(self, outcome: str, reading: Reading) -> list[Quote]:
        """The sentence of terms covered, when the question names one or asks what it covers."""
        passage = self.section(outcome, COVERS)
        if passage is None:
            return []
        asked = {stem(word) for word in reading.topic} - stems(self._names[outcome])
        asks = re.search(
            r"\bcover|\binclude|\bcount|\bpart of\b|\bunder\b|\bbelong|\bin it\b", reading.text
        )
        hits = [text for text in passage.statements if asks or len(asked & stems(text)) > 0]
        return [Quote(outcome, text) for text in hits[:1]]


def _newest(reading: Reading) -> str:
    """The framework of the year or name asked for, the newest of several: what changed between
    two of them is told in the newer one. Their ids sort by year last."""
    wanted = [_BY_YEAR[year] for year in reading.years if year in _BY_YEAR]
    wanted += [document for pattern, document in _BY_WORD if pattern.search(reading.text)]
    return max(wanted, key=lambda document: document[-4:], default="")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _next(name: str, kind: str) -> tuple[Action, ...]:
    """Buttons for what an officer often asks next about an outcome."""
    offers = (
        ("meaning", "What it means", f"What does {name} mean?"),
        ("steps", "What councils do", f"What do councils do about {name}?"),
        ("questions", "Questions to ask", f"What questions should we ask about {name}?"),
        ("cases", "Who has done it", f"Which councils have case studies on {name}?"),
    )
    return tuple(Action("ask", label, value) for one, label, value in offers if one != kind)
