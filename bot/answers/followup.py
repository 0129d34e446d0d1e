"""What a thread remembers, and how a question that leans on it is made whole."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from bot.answers.language import words
from bot.answers.patterns import any_of
from bot.answers.places import Places
from bot.answers.reading import Ask, Reader, Reading
from bot.answers.vocabulary import STOP
from knowledge.library import Library

_ORDINALS = {
    "first": 0,
    "1st": 0,
    "second": 1,
    "2nd": 1,
    "third": 2,
    "3rd": 2,
    "fourth": 3,
    "4th": 3,
    "fifth": 4,
    "5th": 4,
    "last": -1,
}
_ORDINAL = any_of(
    r"\b(?:the )?(first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last)\b(?: (?:one"
    r"|council|case|example|case study|of (?:them|those|these)|on the list))?(?=$"
    r"|[\s?.,!])",
    r"\b(?:number|no|option|case|example) ([1-5])\b",
    r"\[([1-9])\]",
)
_ORDINAL_ALONE = re.compile(r"\b(?:one|council|case|example|of (?:them|those|these))\b")
_OPENING = any_of(
    r"^(?:(?:ok|okay|right|great|thanks|cheers|cool|nice|hmm|oh)[ ,.]+)*(?:and|but|so"
    r"|what about|how about|or|also|same (?:for|again)|any (?:in|from|others?|more)"
    r"|anything (?:in|from)|just|no,? i meant?|sorry,? i meant?|i meant?)\b",
)
_POINTING = re.compile(r"\b(?:that|it|they|them|this|those|these|there|he|she|its|their)\b")
_OWN_POINTING = re.compile(r"\b(?:its|their)\b")
_MORE = any_of(
    r"^(?:and |ok |any )*(?:(?:any|some|show|got|give|list|tell) (?:me )?)?(?:more"
    r"|others?|else|another|next|anyone else|anything else|who else)(?: please| examples?"
    r"| ones?| like (?:that|this|it|those)| of (?:those|these|them)| (?:councils?"
    r"|cases?))*[ ?.!]*$",
)
_ELSE = re.compile(
    r"\b(?:who|anyone|anybody|any|which|what|where) (?:\w+ )?(?:else|others?|more)\b"
)
_FRESH = re.compile(
    r"\b(?:separate|different|difference|another|new|unrelated|other) "
    r"(?:question|thing|topic|subject|one|q)\b"
    r"|\bchang(?:e|ing) (?:of )?(?:topic|subject|tack)\b"
)


@dataclass(frozen=True, slots=True)
class Context:
    """One thread's last answer: its question made whole, what it cited, what it was about."""

    text: str = ""
    ask: Ask = "fact"
    documents: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, source: str) -> Context:
        """The context a store kept; an older program's form counts as none."""
        try:
            values = json.loads(source)
            return cls(
                text=str(values["text"]),
                ask=values["ask"],
                documents=tuple(values["documents"]),
                outcomes=tuple(values["outcomes"]),
                shown=tuple(values["shown"]),
            )
        except (ValueError, KeyError, TypeError):
            return cls()


@dataclass(frozen=True, slots=True)
class Turn:
    """A question made whole. `among` are the texts it points to, `skip` those already shown."""

    reading: Reading
    among: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    follows: bool = False
    points: bool = False
    lost: bool = False


class Follower:
    """Decides whether a question leans on the one before it, and completes it."""

    def __init__(self, reader: Reader, library: Library) -> None:
        self._reader, self._library = reader, library

    def turn(self, text: str, context: Context | None, likely: Mapping[str, float]) -> Turn:
        """`text` is corrected. Without a context, a question that points nowhere is `lost`."""
        reading = self._reader.read(text, likely)
        points = self._leans(text, reading)
        fresh = bool(_FRESH.search(text))
        if context is None or not context.text or fresh:
            return Turn(reading, points=points, lost=_pointed(text) is not None and not fresh)
        place = _pointed(text)
        if place is not None and place >= len(context.documents):
            return Turn(reading, points=points, lost=True)
        if place is not None and context.documents:
            return self._chosen(text, place, context, likely)
        if _MORE.match(text) or (points and _ELSE.search(text) and not reading.places):
            return self._others(context)
        return self._continued(text, reading, context) if points else Turn(reading)

    def _leans(self, text: str, reading: Reading) -> bool:
        own = [word for word in reading.topic if word not in STOP]
        if reading.places.councils or reading.places.missing:
            return len(own) == 0 and bool(_OPENING.match(text))
        if _OPENING.match(text):
            return len(own) <= 4
        if not own and not reading.outcomes:
            return bool(reading.places) or len(words(text)) <= 10
        return bool(_POINTING.search(text)) and len(own) <= (2 if _OWN_POINTING.search(text) else 3)

    def _chosen(self, text: str, place: int, context: Context, likely: Mapping[str, float]) -> Turn:
        document = context.documents[place]
        rest = _ORDINAL.sub(" ", text)
        reading = self._reader.read(rest, likely)
        if document in self._reader.outcome_ids:
            return Turn(replace(reading, outcomes=(document,), terms=(document,)), follows=True)
        return Turn(replace(reading, ask="fact"), among=(document,), follows=True)

    def _continued(self, text: str, reading: Reading, context: Context) -> Turn:
        if (
            reading.places
            and reading.ask not in ("questions", "steps", "meaning")
            and not _asks_figure(reading)
        ):
            earlier = self._reader.read(context.text)
            whole = replace(
                earlier,
                places=reading.places,
                ask="cases",
                text=self._moved(earlier, reading),
                years=reading.years,
            )
            return Turn(whole, follows=True)
        if reading.outcomes:
            return Turn(_same_ask(reading, context), follows=True)
        if reading.ask in (
            "questions",
            "steps",
            "meaning",
            "names",
            "project",
        ) or (self._framework_only(context) and reading.ask != "cases"):
            about = context.outcomes[:1]
            whole = replace(reading, outcomes=about, terms=about)
            return Turn(whole, among=self._kept(context), follows=True)
        if reading.ask == "cases" and self._framework_only(context) and context.outcomes:
            name = context.outcomes[0].replace("-", " ")
            again = self._reader.read(f"which councils have case studies on {name}")
            return Turn(replace(again, ask="cases", close=None), follows=True)
        if reading.ask == "cases":
            again = self._reader.read(f"{context.text} {text}")
            return Turn(replace(again, ask="cases"), follows=True)
        return Turn(reading, among=context.documents, follows=True)

    def _others(self, context: Context) -> Turn:
        """More of the same: the topic without its place, and not what was shown."""
        earlier = self._reader.read(context.text)
        about = [word for word in earlier.topic if word not in earlier.places.named]
        first = self._library.get(context.documents[0]) if context.documents else None
        text = " ".join([*about, *words(first.title if first else "")])
        again = replace(self._reader.read(text), ask="cases", places=Places(), wants="", close=None)
        return Turn(again, skip=(*context.shown, *context.documents), follows=True)

    def _framework_only(self, context: Context) -> bool:
        return bool(context.documents) and all(
            document in self._reader.framework_ids for document in context.documents
        )

    def _kept(self, context: Context) -> tuple[str, ...]:
        return context.documents if self._framework_only(context) else ()

    def _moved(self, earlier: Reading, reading: Reading) -> str:
        """The earlier question with its places left out and the new ones put in."""
        kept = [word for word in words(earlier.text) if word not in earlier.places.named]
        return f"{' '.join(kept)} {reading.places.label}".lower()


def _pointed(text: str) -> int | None:
    """The place in the last list that "the second one" points to, from 0; -1 is the last."""
    found = _ORDINAL.search(text)
    if not found:
        return None
    if found.group(1):
        alone = len(words(text)) <= 7 or _ORDINAL_ALONE.search(found.group(0))
        return _ORDINALS[found.group(1)] if alone and _ORDINAL_ALONE.search(text) else None
    return int(found.group(2) or found.group(3)) - 1


def _asks_figure(reading: Reading) -> bool:
    return reading.wants in ("amount", "count", "share", "date", "who", "why")


def _same_ask(reading: Reading, context: Context) -> Reading:
    """ "And ethics?" asks of ethics what was asked before."""
    bare = not reading.topic or len(words(reading.text)) <= 5
    again: Sequence[Ask] = ("meaning", "steps", "questions", "names")
    if bare and context.ask in again and reading.ask not in again[1:]:
        return replace(reading, ask=context.ask)
    return reading
