"""What is ours to answer: declines what is not, asks back what says too little."""

from __future__ import annotations

from bot.answers import wording
from bot.answers.draft import Composer, Draft, Quote
from bot.answers.evidence import Evidence, Vector
from bot.answers.followup import Turn
from bot.answers.language import Speller, words
from bot.answers.patterns import ASKING, CASES, CHAT, CREATE, PRIVATE
from bot.answers.reading import Reading, about_frameworks
from bot.answers.scope import WITHIN, Judgement
from bot.conversation import Action
from knowledge.library import Library

# Below OUTSIDE (by what the classifier finds likely) a message is none of our business, unless
# one of our kinds leads all others, its words have one of our shapes or name what we have, or a
# text speaks to it as surely as CERTAIN.
OUTSIDE, OUTSIDE_LED, OUTSIDE_SHAPED, OUTSIDE_NAMED = 0.40, 0.25, 0.15, 0.10
CERTAIN, CERTAIN_PLACED, HOPELESS = 0.70, 0.55, 0.02
DANGER = 0.3  # how likely it must be that someone is unwell or in danger
UNWELL = 0.1  # from where nobody is offered as a peer
# What stays none of our business though it names a council or an outcome.
SURELY_NOT, LIKELY_NOT, COVERED_LEAST = 0.65, 0.50, 0.15
NOT_OURS = ("private", "politics", "resident", "hr", "law", "health")
SHORT = 2  # words of a topic that stands alone
WIDE = 6  # a single word in this many texts is too wide to answer


class Gate:
    """Stands before the answers; each method gives a Draft to stop with, or None to go on."""

    def __init__(
        self, library: Library, evidence: Evidence, composer: Composer, speller: Speller
    ) -> None:
        self._library, self._evidence = library, evidence
        self._composer, self._speller = composer, speller
        self._names = {word for one in library.outcomes for word in words(one.name_2022)}

    def refused(
        self, reading: Reading, judged: Judgement, vector: Vector, *, ordered: bool
    ) -> Draft | None:
        """A plain word on what it can do, for what it does not know."""
        if barred := self.barred(reading, judged, ordered=ordered):
            return barred
        outside = Draft("declined", wording.ORDERS if ordered else wording.OUTSIDE)
        led = OUTSIDE_LED if judged.label in WITHIN else OUTSIDE
        enough = OUTSIDE_SHAPED if reading.shaped else led
        if judged.within >= enough:
            return None
        if _plainly_ours(reading, judged) and not self._only_a_place(reading, vector):
            return None
        if judged.label == "chat" and not ordered:
            return Draft("help", wording.HELLO)
        sure = judged.within >= HOPELESS and self._certain(reading, vector)
        return None if sure else outside

    def barred(self, reading: Reading, judged: Judgement, *, ordered: bool) -> Draft | None:
        """The same for what no text of ours may answer, whatever it says."""
        if judged.likelihood.get("wellbeing", 0.0) > DANGER:
            return Draft("declined", wording.WELLBEING)
        if CREATE.search(reading.text) or PRIVATE.search(reading.text):
            return Draft("declined", wording.ORDERS if ordered else wording.OUTSIDE)
        return None

    def refused_peers(
        self, reading: Reading, judged: Judgement, vector: Vector, *, ordered: bool
    ) -> Draft | None:
        """The same where somebody is looked for who can help with it: what only reads a little
        like something else may well be council work."""
        refused = self.refused(reading, judged, vector, ordered=ordered)
        text, likely = reading.text, judged.likelihood
        if not refused or CREATE.search(text) or PRIVATE.search(text):
            return refused
        if refused.status == "help":
            return refused if CHAT.search(text) else None
        well = likely.get("wellbeing", 0.0) <= UNWELL
        named = well and 0 < len(reading.topic) <= SHORT and not ASKING.search(text)
        if named and all(self._evidence.documents_with(one) for one in reading.topic):
            return None  # a topic alone, and our texts speak of it
        maybe = likely[judged.label] <= LIKELY_NOT or judged.label == "private"
        maybe = maybe or (bool(reading.places) and judged.label not in NOT_OURS)
        maybe = maybe or (judged.label == "resident" and not ASKING.search(text))
        return None if maybe and well else refused

    def vague(
        self, reading: Reading, turn: Turn, judged: Judgement, vector: Vector
    ) -> Draft | None:
        """One short question back where a message names nothing, or one very wide thing."""
        if turn.lost:
            return Draft("clarify", wording.EARLIER)
        if len(reading.topic) > 1 or _says_enough(reading):
            return None
        chatty = judged.label == "chat" and bool(CHAT.search(reading.text))
        if (chatty or judged.label == "wellbeing") and judged.within < OUTSIDE_NAMED:
            return None
        if not reading.topic:
            return None if reading.outcomes else Draft("clarify", wording.WHAT_ABOUT)
        word = reading.topic[0]
        asks_examples = bool(CASES.search(reading.text))
        clear = word in self._names or asks_examples or len(words(reading.text)) > 6
        if clear or self._evidence.documents_with(word) < WIDE:
            return None
        return self._which(word, reading, vector)

    def _only_a_place(self, reading: Reading, vector: Vector) -> bool:
        """Whether nothing but the place is ours: its texts hold nothing of what is asked."""
        if not (reading.places and reading.topic) or about_frameworks(reading.text):
            return False
        found = self._evidence.find(reading, vector, limit=1)
        return not found or found[0].covered < COVERED_LEAST

    def _certain(self, reading: Reading, vector: Vector) -> bool:
        """Whether a text speaks to it so plainly that it must be ours."""
        rare = [one for one in reading.topic if 0 < self._evidence.documents_with(one) < WIDE]
        if not rare:
            return False
        if len(reading.topic) == 1:
            return not self._speller.usual(rare[0])
        found = self._evidence.find(reading, vector, limit=1)
        enough = CERTAIN_PLACED if reading.places.councils else CERTAIN
        return bool(found) and found[0].sure >= enough

    def _which(self, word: str, reading: Reading, vector: Vector) -> Draft:
        """A wide word: which of the nearest is meant, with the very nearest as a guess."""
        found = self._evidence.find(reading, vector, limit=3)
        best = found[0].statements[0]
        label = self._composer.label(best.document)
        quote = Quote(best.document, best.text, label, section=best.passage.section)
        name = word.upper() if len(word) < 4 else word.capitalize()
        texts = [text for one in found if (text := self._library.get(one.document))]
        offers = tuple(Action("about", one.title, one.id) for one in texts)
        titles = "; ".join(one.title for one in texts)
        lead = f"{wording.WIDE.format(name, titles)} {wording.BEST_GUESS}"
        return Draft("clarify", lead, (quote,), actions=offers)


def _plainly_ours(reading: Reading, judged: Judgement) -> bool:
    """Whether the words settle it: outcomes asked for, or a place we have and little else."""
    if reading.ask == "list" or "outcome" in reading.text or about_frameworks(reading.text):
        return True
    if reading.places and not reading.topic:
        return True
    if judged.label in NOT_OURS and judged.likelihood[judged.label] > SURELY_NOT:
        return False
    practice = reading.ask in ("compare", "questions", "steps", "meaning")
    named = bool(reading.places) or (practice and bool(reading.outcomes))
    return named and judged.within >= OUTSIDE_NAMED


def _says_enough(reading: Reading) -> bool:
    """Whether a message with little topic of its own still says what it is about."""
    asked_of_outcome = bool(reading.outcomes) and "outcome" in reading.text
    return (
        bool(reading.places)
        or bool(reading.years)
        or reading.ask == "list"
        or (reading.listing and bool(reading.topic))
        or asked_of_outcome
        or about_frameworks(reading.text)
    )
