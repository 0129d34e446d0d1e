"""A week's news as one digest: what it says, in what order, each line with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from bot.conversation import Citation, Outcome, Reply, Share, Spread
from bot.digest import entries, lines
from bot.digest.entries import Entry
from bot.digest.following import Followed, Item, followed, picked
from bot.digests import Choices, Composed, Line, News, Section
from knowledge.library import CaseStudy, Library
from knowledge.library import Outcome as OutcomeText

LONGEST = 1_800  # characters of the body: under a screen
MOST_QUESTIONS, MOST_VOLUNTEERS = 3, 3


@dataclass(frozen=True, slots=True)
class _Size:
    """How many texts and projects are shown, how long a line is, and whether there is room for
    an example."""

    items: int
    wide: int
    example: bool


# From what is nicest to what always fits.
_SIZES = (
    _Size(8, 150, example=True),
    _Size(8, 120, example=False),
    _Size(7, 110, example=False),
    _Size(6, 100, example=False),
    _Size(5, 90, example=False),
    _Size(4, 75, example=False),
)


@dataclass(frozen=True, slots=True)
class _Part:
    """A section being written; `more` says what there was no room for."""

    kind: str
    title: str
    entries: tuple[Entry, ...]
    more: str = ""


def compose(
    news: News, library: Library, choices: Choices, period: str, community: str
) -> Composed:
    """The digest of a channel for an ISO week ("2026-W10"), in under a screen."""
    found = followed(news, library, choices, community)
    writing = _Writing(news, library, choices, community, found, _week(period))
    composed = writing.composed(_SIZES[0])
    for size in _SIZES[1:]:
        if len(composed.reply.body) <= LONGEST:
            break
        composed = writing.composed(size)
    return composed


@dataclass(frozen=True, slots=True)
class _Writing:
    news: News
    library: Library
    choices: Choices
    community: str
    found: Followed
    week: int

    def composed(self, size: _Size) -> Composed:
        """The whole digest at a size."""
        parts = [*self._items(size), *self._questions(size), *self._volunteers(size)]
        parts += self._explained(size)
        spread = self._spread()
        body, citations = _numbered(self._opening(), parts)
        shown = [entry for part in parts for entry in part.entries]
        # Questions and people first: where a platform shows few buttons, these lead somewhere.
        actions = [one.action for one in shown if one.action]
        actions.sort(key=lambda action: action.id != "open")
        sections = [_section(part) for part in parts]
        sections += [_section_of(spread)] if spread else []
        reply = Reply(
            "answered",
            body,
            citations=citations,
            actions=tuple(actions),
            linked=True,
            spread=spread,
        )
        asked = tuple(one.text for one in self.found.questions[:MOST_QUESTIONS])
        return Composed(reply, tuple(sections), self.found.empty, asked)

    def _opening(self) -> str:
        """What it is, in a line."""
        span = self.news.until - self.news.since
        weekly = timedelta(days=6) <= span <= timedelta(days=8)
        since = self.news.since.astimezone(ZoneInfo(self.choices.schedule.zone))
        day = f"{since.day} {since:%B}"
        if self.found.empty:
            return lines.QUIET_WEEK if weekly else lines.QUIET.format(day)
        when = lines.THIS_WEEK if weekly else lines.SINCE.format(day)
        return lines.NEWS.format(when, lines.listed(self._counts()))

    def _counts(self) -> list[str]:
        every = self.found.everything
        counts = []
        for cases, one, many in ((True, "case study", "case studies"), (False, "project", "")):
            of_kind = [item for item in every if isinstance(item, CaseStudy) is cases]
            changed = sum(item.id in self.news.changed for item in of_kind)
            for number, word in ((len(of_kind) - changed, "new"), (changed, "changed")):
                plural = f"{word} {many}" if many else ""
                counts.append(lines.counted(number, f"{word} {one}", plural))
        counts.append(lines.counted(len(self.found.questions), "open question"))
        offers = "officer who offers help", "officers who offer help"
        counts.append(lines.counted(len(self.found.volunteers), *offers))
        return [count for count in counts if count]

    def _items(self, size: _Size) -> list[_Part]:
        shown = picked(self.found.items, size.items)
        parts = [
            _Part(
                "outcome",
                self._name(name) if name else lines.OTHER_PROJECTS,
                tuple(self._entry(item, size) for item in group),
            )
            for name, group in shown.items()
        ]
        kept = {item.id for group in shown.values() for item in group}
        rest = {
            name: [item for item in group if item.id not in kept]
            for name, group in self.found.items.items()
        }
        return [*parts[:-1], *(replace(last, more=self._more(rest)) for last in parts[-1:])]

    def _entry(self, item: Item, size: _Size) -> Entry:
        changed = item.id in self.news.changed
        return entries.item(item, size.wide, changed=changed, community=self.community)

    def _more(self, rest: dict[str, list[Item]]) -> str:
        """A line on what is left out; "" for nothing."""
        left = [(name, item) for name, group in rest.items() for item in group]
        cases = [name for name, item in left if isinstance(item, CaseStudy)]
        if not left:
            return ""
        asked = self._name(cases[0]) if cases else ""
        return lines.more(len(left) - len(cases), len(cases), asked)

    def _questions(self, size: _Size) -> list[_Part]:
        asked = self.found.questions
        shown = tuple(entries.question(one, size.wide) for one in asked[:MOST_QUESTIONS])
        left = len(asked) - len(shown)
        more = lines.MORE_QUESTIONS.format(left) if left else ""
        return [_Part("questions", lines.QUESTIONS, shown, more)] if shown else []

    def _volunteers(self, size: _Size) -> list[_Part]:
        people = self.found.volunteers
        shown = tuple(entries.volunteer(one, size.wide) for one in people[:MOST_VOLUNTEERS])
        left = len(people) - len(shown)
        more = lines.MORE_VOLUNTEERS.format(left) if left else ""
        return [_Part("peers", lines.VOLUNTEERS, shown, more)] if shown else []

    def _explained(self, size: _Size) -> list[_Part]:
        """One of the outcomes followed, the next one every week."""
        names = self.found.outcomes
        if not names:
            return []
        text = self.library.get(names[self.week % len(names)])
        assert isinstance(text, OutcomeText)
        turn = self.week // len(names)
        told = entries.explained(text, turn, size.wide, example=size.example)
        return [_Part("explained", lines.EXPLAINED, told)] if told else []

    def _spread(self) -> Spread | None:
        """All outcomes, the most projects first; None where there is no project."""
        counts = self.news.counts or {}
        shares = [
            Share(Outcome(one.id, one.name_2022), counts.get(one.id, 0))
            for one in self.library.outcomes
        ]
        if not any(share.projects for share in shares):
            return None
        shares.sort(key=lambda share: -share.projects)
        return Spread(lines.SPREAD, tuple(shares))

    def _name(self, outcome: str) -> str:
        text = self.library.get(outcome)
        return text.name_2022 if isinstance(text, OutcomeText) else outcome


def _numbered(opening: str, parts: Sequence[_Part]) -> tuple[str, tuple[Citation, ...]]:
    """The body, and the sources of its lines in their order."""
    paragraphs, citations = [opening], list[Citation]()
    for part in parts:
        written = [f"{part.title}:"] if part.title else []
        for entry in part.entries:
            mark = ""
            if entry.url:
                citations.append(entry.cited(len(citations) + 1))
                mark = f" [{len(citations)}]"
            written.append(f"- {entry.text}{mark}")
        paragraphs.append("\n".join(written))
        paragraphs.append(part.more)
    paragraphs.append(lines.CLOSING)
    return "\n\n".join(filter(None, paragraphs)), tuple(citations)


def _section(part: _Part) -> Section:
    told = [Line(entry.text, entry.document, entry.url) for entry in part.entries]
    return Section(part.kind, part.title, (*told, *([Line(part.more)] if part.more else [])))


def _section_of(spread: Spread) -> Section:
    told = (Line(f"{one.outcome.name}: {one.projects}", one.outcome.id) for one in spread.shares)
    return Section("spread", spread.title, tuple(told))


def _week(period: str) -> int:
    """A number that grows by one with every ISO week, also over the end of a year."""
    year, _, week = period.partition("-W")
    return date.fromisocalendar(int(year), int(week), 1).toordinal() // 7
