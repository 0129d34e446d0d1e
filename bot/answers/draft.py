"""An answer being written: our own words and quotes, then numbered into a Reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from bot.answers import wording
from bot.answers.cited import brought
from bot.answers.places import short_name
from bot.answers.surety import Signals
from bot.conversation import Action, Citation, Outcome, Reason, Reply, Status, Suggestion
from bot.projects import Project
from bot.showing import NOT_CONFIRMED, shortened
from knowledge.library import CaseStudy, Library, unmarked
from knowledge.library import Outcome as OutcomeText

MOST_CITATIONS = 5
MOST_OUTCOMES = 4
NEAREST_SHOWN = 2  # outcomes shown where none is likely
LONGEST_LABEL = 80  # characters of a title that stands before a quote
MOST_LESS_LIKELY = 6  # of the likeliest outcomes, those that are at least named


@dataclass(frozen=True, slots=True)
class Quote:
    """An unbroken run of a text. `label` stands before it, such as the council and year;
    `after` is a word of ours behind it. `project` where it is a registered project's. `section` is
    the place among the text's sections, from 1, of the one it is taken from; 0 to look for it."""

    document: str
    text: str
    label: str = ""
    after: str = ""
    project: Project | None = None
    section: int = 0


@dataclass(frozen=True, slots=True)
class Draft:
    """What one handler answers. `documents` are the texts the answer rests on, best first;
    `about` are outcomes it is about, before those of the texts. What is `registered` here stands
    apart from the quotes of published texts. `signals` are what speaks for it, where it is to be
    weighed, and `instead` makes what is said where it is not sure enough; `surety` is how likely it
    is right, once that is known, and `guess` what would have been quoted if it were sure enough."""

    status: Status
    lead: str = ""
    quotes: tuple[Quote, ...] = ()
    more: str = ""
    about: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    whole_list: bool = False
    registered: tuple[Quote, ...] = ()
    signals: Signals | None = None
    instead: Callable[[], Draft] | None = None
    surety: float | None = None
    guess: tuple[Quote, ...] = ()

    @property
    def documents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(quote.document for quote in self.quotes))


@dataclass(frozen=True, slots=True)
class Suggested:
    """An outcome with how likely it is to be one of a project's, from 0 to 1. `reasons` are a
    sentence of the outcome's own and, where there is one, of a case study alike."""

    outcome: str
    confidence: float
    selected: bool
    reasons: tuple[Quote, ...]


@dataclass(slots=True)
class _Numbers:
    hidden: Collection[str] = ()
    citations: list[Citation] = field(default_factory=list)
    seen: dict[tuple[str, str], int] = field(default_factory=dict)


class Composer:
    """Turns drafts into one Reply: numbers, sources, outcomes and councils."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._names = {outcome.id: outcome.name_2022 for outcome in library.outcomes}

    def label(self, document: str) -> str:
        """How a quote from a case study is introduced: its councils, or else its title, and its
        year; and whether nobody has confirmed yet what it is said to be."""
        text = self._library.get(document)
        if not isinstance(text, CaseStudy):
            return ""
        told = said_of(text)
        name = _councils(text) or shortened(" ".join(unmarked(text.title).split()), LONGEST_LABEL)
        return f"{name} ({told})" if told else name

    def about(self, document: str) -> str:
        """The same to stand behind its title."""
        text = self._library.get(document)
        if not isinstance(text, CaseStudy):
            return ""
        told, name = said_of(text), _councils(text)
        return f"{name} ({told})" if name and told else name or told

    def reply(self, drafts: Sequence[Draft], hidden: Collection[str] = ()) -> Reply:
        """One reply from the answers to each part of a message. Of what is `hidden` nothing is
        named beside a text that it is a double of either."""
        numbers = _Numbers(hidden)
        share = MOST_CITATIONS if len(drafts) == 1 else max(MOST_CITATIONS // len(drafts), 1)
        kept = [
            one if one.whole_list else replace(one, quotes=one.quotes[:share]) for one in drafts
        ]
        body = "\n\n".join(part for part in (self._body(draft, numbers) for draft in kept) if part)
        cases = [case for draft in kept for case in self._cases(draft)]
        return Reply(
            status=_worst(kept),
            body=body,
            citations=tuple(numbers.citations),
            outcomes=self._outcomes(kept, cases),
            councils=tuple(dict.fromkeys(council for case in cases for council in case.councils)),
            actions=tuple(dict.fromkeys(action for draft in kept for action in draft.actions)),
            surety=min((draft.surety for draft in kept if draft.surety is not None), default=None),
        )

    def listed(self, lead: str, quotes: Sequence[Quote], hidden: Collection[str] = ()) -> Reply:
        """A list of texts, each by its title, which is the link where a channel makes one."""
        numbers = _Numbers(hidden)
        lines = "\n".join(f"- {self._told(quote, numbers)}" for quote in quotes)
        body = "\n\n".join(part for part in (lead, lines) if part)
        return Reply("answered", body, tuple(numbers.citations), linked=True)

    def suggested(self, found: Sequence[Suggested], hidden: Collection[str] = ()) -> Reply:
        """The outcomes proposed for a project, each with its reasons; or the nearest where none
        is likely enough."""
        chosen = [one for one in found if one.selected]
        shown, numbers = chosen or found[:NEAREST_SHOWN], _Numbers(hidden)
        lines = [self._suggestion(one, numbers) for one in shown]
        rest = [one for one in found[:MOST_LESS_LIKELY] if one not in shown]
        less = ", ".join(f"{self._names[one.outcome]} {_percent(one)}" for one in rest)
        lead = wording.LIKELY if chosen else wording.NONE_LIKELY
        ending = wording.LESS_LIKELY.format(less) if less else ""
        return Reply(
            "answered" if chosen else "unsure",
            "\n\n".join(part for part in (lead, "\n".join(lines), ending) if part),
            citations=tuple(numbers.citations),
            outcomes=tuple(Outcome(one.outcome, self._names[one.outcome]) for one in chosen),
            suggestions=tuple(
                Suggestion(
                    Outcome(one.outcome, self._names[one.outcome]),
                    one.confidence,
                    one.selected,
                    tuple(Reason(quote.document, quote.text) for quote in one.reasons),
                )
                for one in found
            ),
        )

    def _suggestion(self, one: Suggested, numbers: _Numbers) -> str:
        said = []
        for quote in one.reasons:
            label = self.label(quote.document)
            told = f"{label}: “{quote.text}”" if label else f"“{quote.text}”"
            said.append(f"{told} [{self._cite(quote, numbers)}]")
        return f"- {self._names[one.outcome]}, {_percent(one)}: {' Alike: '.join(said)}"

    def _body(self, draft: Draft, numbers: _Numbers) -> str:
        once: dict[tuple[str, str], Quote] = {}
        for quote in draft.quotes:
            once.setdefault((quote.document, quote.text), quote)
        lines = [self._told(quote, numbers) for quote in once.values()]
        listed = len(lines) > 1 and not draft.whole_list
        bullets = "\n".join(f"- {line}" for line in lines) if listed else "\n\n".join(lines)
        ours = "\n".join(f"- {self._told(quote, numbers)}" for quote in draft.registered)
        apart = wording.REGISTERED if ours and draft.quotes else ""
        parts = (draft.lead, bullets, draft.more, "\n".join(filter(None, (apart, ours))))
        return "\n\n".join(part for part in parts if part)

    def _told(self, quote: Quote, numbers: _Numbers) -> str:
        label = f"{quote.label}: " if quote.label else ""
        after = f" {quote.after}" if quote.after else ""
        return f"{label}“{quote.text}” [{self._cite(quote, numbers)}]{after}"

    def _cite(self, quote: Quote, numbers: _Numbers) -> int:
        key = (quote.document, quote.text)
        if key not in numbers.seen:
            numbers.seen[key] = len(numbers.citations) + 1
            numbers.citations.append(self._citation(numbers.seen[key], quote, numbers.hidden))
        return numbers.seen[key]

    def _citation(self, number: int, quote: Quote, hidden: Collection[str]) -> Citation:
        if quote.project:
            return _registered(number, quote.project, quote.text)
        text = self._library.get(quote.document)
        if text is None:
            raise LookupError(f"quoted text {quote.document} is not in the library")
        case = text if isinstance(text, CaseStudy) else None
        if text.brought:
            return brought(number, text, quote.text, quote.section, hidden)
        return Citation(
            number=number,
            document=text.id,
            kind=text.kind,
            title=text.title,
            url=text.url,
            quote=quote.text,
            councils=case.councils if case else (),
            year=(case.year or None) if case else None,
        )

    def _cases(self, draft: Draft) -> list[CaseStudy]:
        texts = (self._library.get(document) for document in draft.documents)
        return [text for text in texts if isinstance(text, CaseStudy)]

    def _outcomes(self, drafts: Sequence[Draft], cases: Sequence[CaseStudy]) -> tuple[Outcome, ...]:
        about = list(dict.fromkeys(one for draft in drafts for one in draft.about))
        quoted = [self._library.get(document) for draft in drafts for document in draft.documents]
        about += [
            text.id for text in quoted if isinstance(text, OutcomeText) and text.id not in about
        ]
        counts = Counter[str]()
        for rank, case in enumerate(cases):
            for place, outcome in enumerate(case.outcomes):
                counts[outcome] += round(100 / (1 + rank) / (1 + place))
        ranked = about + [outcome for outcome, _ in counts.most_common() if outcome not in about]
        limit = (
            len(self._names)
            if any(len(draft.about) > MOST_OUTCOMES for draft in drafts)
            else MOST_OUTCOMES
        )
        judged = {outcome for case in cases for outcome in case.judged_outcomes}
        return tuple(
            Outcome(one, self._names[one], one in judged and one not in about)
            for one in ranked[:limit]
            if one in self._names
        )


def said_of(case: CaseStudy) -> str:
    """Its year where that is known, and whether it waits to be confirmed."""
    waits = case.brought is not None and not case.brought.confirmed
    told = (str(case.year or ""), NOT_CONFIRMED if waits else "")
    return ", ".join(one for one in told if one)


def _councils(case: CaseStudy) -> str:
    names = [short_name(council) for council in case.councils]
    return ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")


def _registered(number: int, project: Project, quote: str) -> Citation:
    told = project.details
    councils = (told.council,) if told.council else ()
    return Citation(number, project.id, "project", told.title, told.link, quote, councils)


def _percent(one: Suggested) -> str:
    """Never all of it: nothing that was learned is certain."""
    return f"{min(one.confidence, 0.99):.0%}"


def _worst(drafts: Sequence[Draft]) -> Status:
    """A message half answered counts as answered: the missing half is named in the text."""
    order: tuple[Status, ...] = ("answered", "unsure", "clarify", "declined", "help", "invalid")
    return min((draft.status for draft in drafts), key=order.index)
