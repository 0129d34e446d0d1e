"""Who can help with something: councils that did it, and officers who agreed to be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from bot.answers import wording
from bot.answers.draft import Composer, Draft
from bot.answers.gate import Gate
from bot.answers.hearing import told
from bot.answers.language import Speller, words
from bot.answers.likeness import Likeness, Wish
from bot.answers.outcomes import OutcomeRanker
from bot.answers.people import Fit, People, spread
from bot.answers.places import short_name
from bot.answers.reading import Reader
from bot.answers.scope import WITHIN, Judgement, Scope
from bot.answers.shelf import Shelf
from bot.answers.vocabulary import SEEKING
from bot.answers.works import FITS, Sought, Work, Works, by_council, in_common
from bot.conversation import Alike, Reply
from bot.offers import Profile, Seeker
from indexer.search import Index

COUNCILS, REGISTERED, NEAREST = 5, 2, 2
SURELY = 0.75  # how well somebody must fit to be named beside an answer, unasked
STRANGE = 0.4  # how likely a message that nothing fits must be none of our business
SERVED = 0.4  # how likely an outcome must be for a question to be about it


@dataclass(frozen=True, slots=True)
class Named:
    """An officer to be asked, and why, in words without a name."""

    profile: Profile
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """The councils as a reply; and the officers who fit, best first, with what is to stand above
    them where they are not where they were asked for."""

    reply: Reply
    people: tuple[Named, ...] = ()
    lead: str = ""


class PeerAnswers:
    """Finds both, in one library and on the shelf that comes along."""

    def __init__(
        self,
        index: Index,
        reader: Reader,
        speller: Speller,
        scope: Scope,
        gate: Gate,
        composer: Composer,
        ranker: OutcomeRanker,
        likeness: Likeness,
        works: Works,
        people: People,
    ) -> None:
        self._index, self._reader, self._speller = index, reader, speller
        self._scope, self._gate, self._composer = scope, gate, composer
        self._ranker, self._likeness, self._works, self._people = ranker, likeness, works, people
        outcomes = index.library.outcomes
        self._names = {one.id: one.name_2022 for one in outcomes}
        self._aliases = {one.id: (one.name_2022, one.name_2023, *one.aliases) for one in outcomes}

    def find(self, text: str, shelf: Shelf, seeker: Seeker, chance: Random) -> Found:
        """Councils and officers for a few words or a question."""
        heard = told(text, self._speller)
        if isinstance(heard, Reply):
            return Found(heard)
        sought, judged = self._sought(heard.text, shelf, seeker)
        if not (sought.reading.topic or sought.reading.years or sought.wish):
            return Found(Reply("clarify", wording.WHAT_ABOUT))
        given = (sought.reading, judged, sought.vector)
        refused = self._gate.refused_peers(*given, ordered=heard.ordered)
        if refused:
            return Found(Reply(refused.status, refused.lead))
        reply = self._councils(sought, shelf)
        documents = [document for one in reply.alike for document in one.documents]
        fitting, there = self._people.fitting(sought, shelf, FITS, documents)
        outside = judged.label not in WITHIN and judged.likelihood[judged.label] > STRANGE
        if outside and reply.status == "unsure" and not fitting:
            return Found(Reply("declined", wording.OUTSIDE))
        lead = wording.NOBODY_THERE.format(sought.wish.label) if fitting and not there else ""
        return Found(reply, self._named(fitting, sought, chance), lead)

    def volunteers(
        self, text: str, shelf: Shelf, seeker: Seeker, chance: Random
    ) -> tuple[Named, ...]:
        """Officers who surely can say more on a question; most often none."""
        heard = told(text, self._speller) if shelf.profiles else None
        if heard is None or isinstance(heard, Reply):
            return ()
        sought, judged = self._sought(heard.text, shelf, seeker)
        if not sought.reading.topic:
            return ()
        if self._gate.refused(sought.reading, judged, sought.vector, ordered=heard.ordered):
            return ()
        fitting, there = self._people.fitting(sought, shelf, SURELY)
        surely = [one for one in fitting if there and one.sure >= SURELY]
        return self._named(surely, sought, chance)

    def _sought(self, text: str, shelf: Shelf, seeker: Seeker) -> tuple[Sought, Judgement]:
        rest, wish = self._likeness.read(text, seeker.council)
        reading = self._reader.read(rest)
        wish = self._likeness.wish(wish, reading.places, rest)
        topic = tuple(one for one in reading.topic if one not in SEEKING)
        vector, bare = self._index.encode([rest, " ".join(topic) or rest])
        reading = replace(reading, ask="cases", topic=topic, hidden=shelf.hidden)
        served = (one for one, likely in self._ranker.rank(rest, vector) if likely >= SERVED)
        about = frozenset((*reading.outcomes, *served))
        bare_names = all(word in self._names_of(reading.outcomes) for word in topic)
        named = frozenset(reading.outcomes if bare_names else ())
        sought = Sought(reading, vector, bare, wish, about, named, seeker)
        return sought, self._scope.judge(vector)

    def _names_of(self, outcomes: Sequence[str]) -> set[str]:
        """The words of all names of these outcomes."""
        names = (name for one in outcomes for name in self._aliases[one])
        return {word for name in names for word in words(name)}

    def _named(self, found: Sequence[Fit], sought: Sought, chance: Random) -> tuple[Named, ...]:
        order = spread(found, chance)
        return tuple(Named(one.profile, self._people.why(one, sought)) for one in order)

    def _councils(self, sought: Sought, shelf: Shelf) -> Reply:
        wish, lead = sought.wish, wording.COUNCILS if sought.reading.topic else wording.FROM_THERE
        lead = wording.LOST if wish.lost else lead
        published = self._works.published(sought, wish)
        registered = self._works.registered(sought, wish, shelf)
        if wish and not published and not registered:
            lead = wording.NOTHING_THERE.format(wish.label)
            anywhere = Wish(ours=wish.ours)
            published = self._works.published(sought, anywhere)
            registered = self._works.registered(sought, anywhere, shelf)
        if published or registered:
            return self._told(sought, published, registered, Draft("answered", lead))
        nearest = self._works.nearest(sought, NEAREST)
        lead = wording.NEAREST_COUNCILS if nearest else wording.NO_COUNCILS
        return self._told(sought, nearest, (), Draft("unsure", lead))

    def _told(
        self, sought: Sought, published: Sequence[Work], registered: Sequence[Work], draft: Draft
    ) -> Reply:
        """The draft with a line for each council, and the reply made of it."""
        ours = by_council(registered)[:REGISTERED]
        theirs = by_council(published)[: COUNCILS - len(ours)]
        if ours and not theirs and draft.lead == wording.COUNCILS:
            draft = replace(draft, lead=wording.ONLY_REGISTERED)
        quotes = [
            tuple(replace(works[0].quote, after=self._after(works[0], sought)) for works in groups)
            for groups in (theirs, ours)
        ]
        draft = replace(draft, quotes=quotes[0], registered=quotes[1])
        every = by_council([work for works in (*theirs, *ours) for work in works])
        alike = tuple(self._alike(works, sought) for works in every)
        return replace(self._composer.reply([draft], sought.reading.hidden), alike=alike)

    def _alike(self, works: Sequence[Work], sought: Sought) -> Alike:
        best = works[0]
        why = f"{short_name(best.council.name)}: {best.title}"
        reasons = (why, *self._reasons(best, sought))
        return Alike(best.council.name, tuple(one.document for one in works), "; ".join(reasons))

    def _after(self, work: Work, sought: Sought) -> str:
        reasons = "; ".join(self._reasons(work, sought))
        return f"({reasons})" if reasons else ""

    def _reasons(self, work: Work, sought: Sought) -> list[str]:
        common = in_common(work.outcomes, sought.seeker, self._names)
        return [one for one in (sought.wish.why(work.council), common) if one]
