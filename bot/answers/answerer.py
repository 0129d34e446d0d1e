"""One message in, one Reply out: read it, find evidence, answer each part, number the sources."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from random import Random

from bot.answers import wording
from bot.answers.cases import CaseAnswers, quoted
from bot.answers.directory import Directory
from bot.answers.draft import Composer, Draft
from bot.answers.evidence import Evidence, Vector
from bot.answers.finding import Finder
from bot.answers.followup import Context, Follower, Turn
from bot.answers.framework import FrameworkAnswers
from bot.answers.gate import Gate
from bot.answers.hearing import Heard, parts, told
from bot.answers.joining import joined
from bot.answers.kinds import Kinds
from bot.answers.language import LONGEST, Speller, has_words, visible, without_orders, words
from bot.answers.likeness import Likeness
from bot.answers.outcomes import OutcomeRanker
from bot.answers.own import OwnAnswers
from bot.answers.peers import Found, Named, PeerAnswers
from bot.answers.people import People
from bot.answers.places import Gazetteer
from bot.answers.reading import Reader, Reading
from bot.answers.registered import RegisteredAnswers, listed
from bot.answers.scope import Judgement, Scope
from bot.answers.shelf import EMPTY, Shelf
from bot.answers.surety import Surety
from bot.answers.tagging import Tagging
from bot.answers.works import Works
from bot.conversation import Citation, Reply
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

    def __init__(
        self,
        index: Index,
        surety: Surety | None = None,
        watch: Callable[[Draft], None] = lambda _: None,
    ) -> None:
        """`surety` is what the index learned, unless another is given to learn from: then every
        draft that is weighed is watched."""
        self._index, library = index, index.library
        gazetteer = Gazetteer(library.tellings)
        self._reader = Reader(library.outcomes, [one.id for one in library.frameworks], gazetteer)
        self._evidence = Evidence(index)
        self._ranker = OutcomeRanker(index.extra("tagging.npz"))
        self._composer = Composer(library)
        surety = surety or Surety(index.extra("surety.json"))
        self._cases = CaseAnswers(index, self._evidence, self._composer, surety)
        self._scope = Scope(index.extra("scope.json"))
        self._follower = Follower(self._reader, library)
        self._speller = Speller(self._vocabulary(), gazetteer.vocabulary, index.common_words)
        self._gate = Gate(library, self._evidence, self._composer, self._speller)
        self._tagging = Tagging(index, self._ranker, self._scope)
        self._kinds = Kinds(
            self._reader,
            self._evidence,
            self._composer,
            FrameworkAnswers(index, self._evidence, self._ranker, surety),
            self._cases,
            self._tagging,
            surety,
            watch,
        )
        self._own = OwnAnswers(
            index, self._reader, self._evidence, self._composer, self._cases, self._kinds
        )
        self._registered = RegisteredAnswers(self._evidence, gazetteer)
        self._peers = self._peer_answers(gazetteer)
        self._finder = Finder(
            index,
            self._reader,
            self._speller,
            self._scope,
            self._evidence,
            self._registered,
            self._composer,
        )
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
        if not self._seen(document, shelf):
            return Reply("clarify", wording.EARLIER), Context()
        draft = self._cases.about(document)
        after = Context(document, "fact", draft.documents, (), draft.documents)
        return self._composer.reply([draft], shelf.hidden), after

    def tag(self, project: str, shelf: Shelf = EMPTY) -> Reply:
        """The outcomes a project serves. Orders in its text are left out."""
        if len(project) > LONGEST:
            return Reply("invalid", wording.TOO_LONG)
        text, _ = without_orders(visible(project))
        if not has_words(text):
            return Reply("invalid", wording.NO_PROJECT)
        said = self._speller.correct(text)
        found = self._tagging.suggest(said, self._index.encode([said])[0], shelf)
        return self._composer.suggested(found, shelf.hidden)

    @property
    def library(self) -> Library:
        """The texts that are answered from."""
        return self._index.library

    @property
    def generation(self) -> str:
        """The id of the index that is answered from."""
        return self._index.id

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

    def read(self, text: str) -> Reading:
        """A question put right and read, as one."""
        heard = told(text, self._speller)
        said = self._speller.correct(text) if isinstance(heard, Reply) else heard.text
        return self._reader.read(said)

    def cited(
        self, documents: Sequence[str], text: str, hidden: Collection[str] = ()
    ) -> tuple[Citation, ...]:
        """Of each text the whole sentence that is nearest to what is said, numbered from 1.
        Doubles of them that are `hidden` are not named."""
        reading, vector = self._reader.read(text), self.encoded(text)
        found = (self._evidence.find(reading, vector, [one], limit=1) for one in documents)
        nearest = [max(one[0].statements, key=lambda said: said.cosine) for one in found if one]
        quotes = tuple(map(quoted, nearest))
        draft = Draft("answered", "", quotes, whole_list=True)
        return self._composer.reply([draft], hidden).citations

    def listed(self, projects: Sequence[Project], lead: str) -> Reply:
        """Registered projects, a sentence and a button each."""
        return self._composer.reply([listed(projects, lead)])

    def search(self, text: str, shelf: Shelf, limit: int) -> Reply:
        """The registered projects a few words name, best first."""
        said = self._speller.correct(text)
        draft = self._registered.search(self._reader.read(said), self.encoded(said), shelf, limit)
        return self._composer.reply([draft], shelf.hidden)

    def find(self, text: str, shelf: Shelf) -> Reply:
        """The texts, published and registered, that a few words name, best first."""
        return self._finder.find(text, shelf)

    def named(self, text: str, shelf: Shelf) -> list[tuple[str, str]]:
        """The case studies and projects that a few words name, best first: ids and titles."""
        said = self._speller.correct(text)
        reading, vector = self._reader.read(said), self.encoded(said)
        cases = {one.id: one.title for one in self._index.library.tellings}
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
            return self._composer.reply([draft], shelf.hidden), after
        first, second, whole = heard.vectors
        draft, after = self._part(asked[0], first, asking, whole)
        if draft.status in ("declined", "help", "clarify"):
            draft, after = self._part(asked[1], second, asking, whole)
            return self._composer.reply([draft], shelf.hidden), after
        if self._elsewhere(asked):
            return self._composer.reply([draft], shelf.hidden), after
        placed = bool(self._reader.read(asked[0]).places.councils)
        asking = replace(asking, context=after)
        other, last = self._other(asked[1], second, asking, placed=placed)
        kept = joined(draft, other)
        documents = tuple(dict.fromkeys(document for one in kept for document in one.documents))
        remembered = after if draft.quotes else last
        return self._composer.reply(kept, shelf.hidden), replace(remembered, documents=documents)

    def _elsewhere(self, asked: Sequence[str]) -> bool:
        """Whether the first part asks of a council without texts, and the second of no other:
        then nothing shown as the nearest may answer it."""
        first, second = (self._reader.read(part).places for part in asked)
        return bool(first.missing) and not second

    def _other(
        self, text: str, vector: Vector, asking: _Asking, *, placed: bool
    ) -> tuple[Draft, Context]:
        """The second question of a message: of the text the first was about, if that can say.
        Where the first is `placed`, naming a council, no other's text is asked."""
        judged = self._scope.judge(vector)
        reading = self._reader.read(text, judged.likelihood)
        after = asking.context or Context()
        about_cases = [one for one in after.documents if one not in self._reader.framework_ids]
        leans = reading.ask in ("fact", "cases", "history", "names") and not reading.places
        if about_cases and leans:
            fact = replace(reading, ask="fact", hidden=asking.shelf.hidden)
            draft = self._kinds.weighed(self._cases.fact(fact, vector, about_cases[:1]))
            if draft.status == "answered" or placed:
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
        among = tuple(one for one in turn.among if self._seen(one, shelf))
        if turn.among and not among:
            return Draft("clarify", wording.EARLIER), context or Context()
        turn = replace(turn, among=among)
        early = None
        if not turn.follows:
            early = self._stopped(reading, turn, wider, vector, asking.ordered)
        barred = self._gate.barred(reading, wider, ordered=asking.ordered)
        own = None if barred else self._own.instead(early, reading, vector)
        if early and not own:
            early = self._registered.beside(early, reading, vector, shelf)
            ours = tuple(one.document for one in early.registered)
            after = context or Context()
            return early, replace(after, shown=ours) if ours else after
        draft = own or self._kinds.answered(reading, turn, vector, shelf)
        draft = draft if barred or turn.follows else self._own.beside(draft, reading, vector)
        draft = self._registered.beside(draft, reading, vector, shelf)
        before = context.shown if context and turn.skip else ()
        shown = (*before, *draft.documents, *(one.document for one in draft.registered))
        about = draft.about or reading.outcomes
        return draft, Context(reading.text, reading.ask, draft.documents, about, shown)

    def _seen(self, document: str, shelf: Shelf) -> bool:
        """Whether a text that a thread remembers can still be shown."""
        return document not in shelf.hidden and self._index.library.get(document) is not None

    def _stopped(
        self, reading: Reading, turn: Turn, judged: Judgement, vector: Vector, ordered: bool
    ) -> Draft | None:
        vague = self._gate.vague(reading, turn, judged, vector)
        return vague or self._gate.refused(reading, judged, vector, ordered=ordered)
