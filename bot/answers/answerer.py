"""One message in, one Reply out: read it, find evidence, answer each part, number the sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from bot.answers import wording
from bot.answers.cases import CaseAnswers
from bot.answers.directory import Directory
from bot.answers.draft import Composer, Draft
from bot.answers.evidence import Evidence, Vector
from bot.answers.followup import Context, Follower, Turn
from bot.answers.framework import FrameworkAnswers
from bot.answers.gate import Gate
from bot.answers.hearing import Heard, parts, told
from bot.answers.language import LONGEST, Speller, has_words, visible, without_orders, words
from bot.answers.likeness import Likeness
from bot.answers.outcomes import OutcomeRanker
from bot.answers.peers import Found, Named, PeerAnswers
from bot.answers.people import People
from bot.answers.places import Gazetteer
from bot.answers.reading import Ask, Reader, Reading, about_frameworks
from bot.answers.registered import RegisteredAnswers, listed
from bot.answers.scope import Judgement, Scope
from bot.answers.shelf import EMPTY, Shelf
from bot.answers.tagging import Tagging
from bot.answers.works import Works
from bot.conversation import Reply
from bot.offers import Seeker
from bot.projects import Project
from indexer.search import Index
from knowledge.library import Library


@dataclass(frozen=True, slots=True)
class _Asking:
    """What stays the same while a message is answered. `context` is what its thread remembers;
    of the second part of a message what the first left."""

    context: Context | None
    ordered: bool
    shelf: Shelf


class Answerer:
    """Answers from one index. Nothing in it changes while it answers, so threads may share it.

    What a community adds comes with each request, as its `Shelf`."""

    def __init__(self, index: Index) -> None:
        self._index = index
        library = index.library
        gazetteer = Gazetteer(library.case_studies)
        self._reader = Reader(library.outcomes, [one.id for one in library.frameworks], gazetteer)
        self._evidence = Evidence(index)
        self._ranker = OutcomeRanker(index.extra("tagging.npz"))
        self._composer = Composer(library)
        self._framework = FrameworkAnswers(index, self._evidence, self._ranker)
        self._cases = CaseAnswers(index, self._evidence, self._composer)
        self._scope = Scope(index.extra("scope.json"))
        self._follower = Follower(self._reader, library)
        self._speller = Speller(self._vocabulary(), gazetteer.vocabulary, index.common_words)
        self._gate = Gate(library, self._evidence, self._composer, self._speller)
        self._tagging = Tagging(index, self._ranker, self._scope)
        self._registered = RegisteredAnswers(self._evidence, gazetteer)
        self._peers = self._peer_answers(gazetteer)
        self.directory = Directory(library, gazetteer)

    def _peer_answers(self, gazetteer: Gazetteer) -> PeerAnswers:
        library, ranker = self._index.library, self._ranker
        works = Works(library, self._evidence, ranker, gazetteer, self._composer)
        names = {one.id: one.name_2022 for one in library.outcomes}
        people = People(self._evidence, ranker, gazetteer, works, names)
        return PeerAnswers(
            self._index,
            self._reader,
            self._speller,
            self._scope,
            self._gate,
            self._composer,
            ranker,
            Likeness(gazetteer),
            works,
            people,
        )

    def _vocabulary(self) -> set[str]:
        texts = (f"{passage.context} {passage.text}" for passage in self._index.passages)
        return {word for text in texts for word in words(text)}

    def answer(
        self, message: str, context: Context | None = None, shelf: Shelf = EMPTY
    ) -> tuple[Reply, Context]:
        """The reply, and what the thread should remember for the next question."""
        return self.reply(self.hear(message), context, shelf)

    def about(self, document: str, shelf: Shelf = EMPTY) -> tuple[Reply, Context]:
        """What one text tells first; an unknown id is asked back."""
        if self._index.library.get(document) is None or document in shelf.hidden:
            return Reply("clarify", wording.EARLIER), Context()
        draft = self._cases.about(document)
        after = Context(document, "fact", draft.documents, (), draft.documents)
        return self._composer.reply([draft]), after

    def tag(self, project: str, shelf: Shelf = EMPTY) -> Reply:
        """The outcomes a project serves. Orders in its text are left out."""
        if len(project) > LONGEST:
            return Reply("invalid", wording.TOO_LONG)
        text, _ = without_orders(visible(project))
        if not has_words(text):
            return Reply("invalid", wording.NO_PROJECT)
        said = self._speller.correct(text)
        found = self._tagging.suggest(said, self._index.encode([said])[0], shelf)
        return self._composer.suggested(found)

    @property
    def library(self) -> Library:
        """The texts that are answered from."""
        return self._index.library

    @property
    def model(self) -> str:
        """The model that texts are encoded with here."""
        return self._index.manifest.model

    @property
    def tags(self) -> str:
        """Names what was learned about tags; see `store.Fit.base`."""
        return self._index.tags

    def encoded(self, text: str) -> Vector:
        """A text's vector, of length 1."""
        vector: Vector = self._index.encode([text])[0]
        return vector

    def encoded_all(self, texts: Sequence[str]) -> Sequence[Vector]:
        """The vectors of several texts, made together."""
        return list(self._index.encode(texts))

    def listed(self, projects: Sequence[Project], lead: str) -> Reply:
        """Registered projects, a sentence and a button each."""
        return self._composer.reply([listed(projects, lead)])

    def search(self, text: str, shelf: Shelf, limit: int) -> Reply:
        """The registered projects a few words name, best first."""
        said = self._speller.correct(text)
        draft = self._registered.search(self._reader.read(said), self.encoded(said), shelf, limit)
        return self._composer.reply([draft])

    def named(self, text: str, shelf: Shelf) -> list[tuple[str, str]]:
        """The case studies and projects that a few words name, best first: ids and titles."""
        said = self._speller.correct(text)
        reading, vector = self._reader.read(said), self.encoded(said)
        cases = {one.id: one.title for one in self._index.library.case_studies}
        found = self._evidence.find(replace(reading, hidden=shelf.hidden), vector, cases, limit=3)
        projects = self._registered.search(reading, vector, shelf, 2).registered
        ours = [(one.project.id, one.project.details.title) for one in projects if one.project]
        return [*ours, *((one.document, cases[one.document]) for one in found)]

    def peers(self, text: str, shelf: Shelf, seeker: Seeker, chance: Random) -> Found:
        """Who can help with something: councils that did it, and officers who offered to."""
        return self._peers.find(text, shelf, seeker, chance)

    def volunteers(
        self, text: str, shelf: Shelf, seeker: Seeker, chance: Random
    ) -> tuple[Named, ...]:
        """Officers who surely can say more on a question; most often none."""
        return self._peers.volunteers(text, shelf, seeker, chance)

    def hear(self, message: str) -> Heard | Reply:
        """A message put right and encoded, which needs no context; or the reply to nothing."""
        heard = told(message, self._speller)
        if isinstance(heard, Reply):
            return heard
        apart = tuple(parts(heard.text))
        texts = apart if len(apart) == 1 else (*apart, heard.text)
        return Heard(apart, tuple(self._index.encode(texts)), heard.ordered)

    def reply(
        self, heard: Heard | Reply, context: Context | None, shelf: Shelf = EMPTY
    ) -> tuple[Reply, Context]:
        """The answer to what was heard, in its thread."""
        if isinstance(heard, Reply):
            return heard, context or Context()
        asked, asking = heard.parts, _Asking(context, heard.ordered, shelf)
        if len(asked) == 1:
            draft, after = self._part(asked[0], heard.vectors[0], asking)
            return self._composer.reply([draft]), after
        first, second, whole = heard.vectors
        draft, after = self._part(asked[0], first, asking, whole)
        if draft.status in ("declined", "help", "clarify"):
            draft, after = self._part(asked[1], second, asking, whole)
            return self._composer.reply([draft]), after
        if self._elsewhere(asked):
            return self._composer.reply([draft]), after
        other, last = self._other(asked[1], second, replace(asking, context=after))
        kept = _joined(draft, other)
        documents = tuple(dict.fromkeys(document for one in kept for document in one.documents))
        remembered = after if draft.quotes else last
        return self._composer.reply(kept), replace(remembered, documents=documents)

    def _elsewhere(self, asked: Sequence[str]) -> bool:
        """Whether the first part asks of a council without texts, and the second of no other:
        then nothing shown as the nearest may answer it."""
        first, second = (self._reader.read(part).places for part in asked)
        return bool(first.missing) and not second

    def _other(self, text: str, vector: Vector, asking: _Asking) -> tuple[Draft, Context]:
        """The second question of a message: of the text the first was about, if that can say."""
        judged = self._scope.judge(vector)
        reading = self._reader.read(text, judged.likelihood)
        after = asking.context or Context()
        about_cases = [one for one in after.documents if one not in self._reader.framework_ids]
        leans = reading.ask in ("fact", "cases", "history", "names") and not reading.places
        if about_cases and leans:
            fact = replace(reading, ask="fact", hidden=asking.shelf.hidden)
            draft = self._cases.fact(fact, vector, about_cases[:1])
            if draft.status == "answered":
                return draft, after
        return self._part(text, vector, asking)

    def _part(
        self, text: str, vector: Vector, asking: _Asking, whole: Vector | None = None
    ) -> tuple[Draft, Context]:
        """One question's draft. `whole` is the vector of the message it is a part of, if it is."""
        judged, context, shelf = self._scope.judge(vector), asking.context, asking.shelf
        turn = self._follower.turn(text, context, judged.likelihood)
        turn = replace(turn, reading=replace(turn.reading, hidden=shelf.hidden))
        reading = turn.reading
        if turn.follows and turn.reading.text != text:
            vector = self._index.encode([turn.reading.text])[0]
        both = [judged] if whole is None else [judged, self._scope.judge(whole)]
        wider = max(both, key=lambda one: one.within)  # a part is ours where its message is
        early = None
        if not turn.follows:
            early = self._stopped(reading, turn, wider, vector, asking.ordered)
        if early:
            early = self._registered.beside(early, reading, vector, shelf)
            ours = tuple(one.document for one in early.registered)
            after = context or Context()
            return early, replace(after, shown=ours) if ours else after
        draft = self._answered(reading, turn, vector, shelf)
        draft = self._registered.beside(draft, reading, vector, shelf)
        before = context.shown if context and turn.skip else ()
        shown = (*before, *draft.documents, *(one.document for one in draft.registered))
        about = draft.about or reading.outcomes
        return draft, Context(reading.text, reading.ask, draft.documents, about, shown)

    def _stopped(
        self, reading: Reading, turn: Turn, judged: Judgement, vector: Vector, ordered: bool
    ) -> Draft | None:
        vague = self._gate.vague(reading, turn, judged, vector)
        return vague or self._gate.refused(reading, judged, vector, ordered=ordered)

    def _answered(self, reading: Reading, turn: Turn, vector: Vector, shelf: Shelf) -> Draft:
        """The answer of the likeliest kind; and of the next kind where the two are close."""
        draft = self._handled(reading.ask, reading, turn, vector, shelf)
        guessed = reading.ask in ("steps", "questions", "meaning") and not reading.terms
        close = "cases" if guessed else reading.close
        if close is None or turn.follows:
            return draft
        other = self._handled(close, reading, turn, vector, shelf)
        if other.status != "answered":
            return draft
        if draft.status != "answered":
            return other
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
        return handlers[ask]() or self._cases.examples(reading, vector, turn.among, turn.skip)

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
        return draft if draft and draft.status == "answered" else self._cases.fact(reading, vector)


def _joined(first: Draft, second: Draft) -> list[Draft]:
    """The drafts of a message's two parts, without saying anything twice."""
    if second.status in ("declined", "help", "clarify"):
        return [first]
    if second.status == "unsure":
        return (
            [first, Draft("unsure", wording.OTHER_PART)] if first.status == "answered" else [first]
        )
    if first.status == "unsure":
        return [Draft("unsure", wording.FIRST_PART), second]
    fresh = tuple(quote for quote in second.quotes if quote not in first.quotes)
    lead = "" if first.lead == second.lead else second.lead
    return [first, replace(second, quotes=fresh, lead=lead)] if fresh else [first]
