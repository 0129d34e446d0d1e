"""Each piece of news as one line, with its source or the button that leads to it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers.places import short_name
from bot.conversation import Action, Citation, Kind
from bot.digest import lines
from bot.digest.following import Item
from bot.digests import Volunteer
from bot.offers import withheld
from bot.projects import Project, plain
from bot.questions import OpenQuestion
from bot.showing import address, shortened
from knowledge.library import CaseStudy, Outcome
from knowledge.markdown import statements

LONGEST_QUOTE = 250
_MARKS = 7  # characters of "- " and a number in brackets
_LONGEST_PART = 40  # of a council, a name
_LONGEST_LABEL = 36  # of what a button says after its first words
_SHORTEST = 20  # what is left of a title however much stands behind it


@dataclass(frozen=True, slots=True)
class Entry:
    """A line. It is cited where `url` leads somewhere; its `title` stands in the `text` then."""

    text: str
    document: str = ""
    kind: Kind = "project"
    title: str = ""
    url: str = ""
    quote: str = ""
    councils: tuple[str, ...] = ()
    year: int | None = None
    action: Action | None = None

    def cited(self, number: int) -> Citation:
        """Its source."""
        about = (self.title, self.url, self.quote, self.councils, self.year)
        return Citation(number, self.document, self.kind, *about)


def item(one: Item, wide: int, *, changed: bool, community: str) -> Entry:
    """A case study or a project; `wide` is how long a line may be."""
    return (
        _case(one, wide, changed)
        if isinstance(one, CaseStudy)
        else _project(one, wide, changed, community)
    )


def question(one: OpenQuestion, wide: int) -> Entry:
    """What nobody could answer, with a button for whoever can."""
    text = _line(one.text)
    title = shortened(text, wide - _MARKS - 2)
    label = lines.CAN_HELP.format(shortened(text, _LONGEST_LABEL))
    return Entry(
        f"“{title}”",
        one.id,
        "question",
        title,
        address(one.link),
        text,
        action=Action("open", label, f"answer:{one.id}"),
    )


def volunteer(one: Volunteer, wide: int) -> Entry:
    """Who offers help; how to reach them is for those whom they accept."""
    name, council = (shortened(_line(part), _LONGEST_PART) for part in (one.name, one.council))
    who = ", ".join(filter(None, (name, council)))
    told = shortened(_line(withheld(one.help)), max(wide - _MARKS - len(who), _SHORTEST))
    ask = lines.ASK.format(shortened(name, _LONGEST_LABEL))
    return Entry(f"{who}: “{told}”", one.id, action=Action("open", ask, f"introduce:{one.id}"))


def explained(outcome: Outcome, week: int, wide: int, *, example: bool) -> tuple[Entry, ...]:
    """What an outcome means, in one sentence or two of its text, and what councils do about it;
    another one with every `week`."""
    means = statements(outcome.sections[0].body)
    if not means:
        return ()
    both = " ".join(means[:2])
    quote = both if len(both) <= LONGEST_QUOTE else means[0]
    ours = lines.OUR_READING if any("our reading" in one for one in means) else ""
    found = [_of_outcome(outcome, f"{outcome.name_2022}{ours}: “{quote}”", quote)]
    done = _examples(outcome, wide)
    if example and done:
        text, did = done[week % len(done)]
        found.append(_of_outcome(outcome, text, did))
    return tuple(found)


def _examples(outcome: Outcome, wide: int) -> list[tuple[str, str]]:
    """Lines on what councils do, with the sentence that each quotes; those that are not long."""
    parts = (part for part in outcome.sections if part.heading == lines.COUNCILS_DO)
    did = (one for part in parts for one in statements(part.body))
    found = ((lines.EXAMPLE.format(outcome.name_2022, one), one) for one in did)
    return [(text, one) for text, one in found if len(text) <= wide - _MARKS]


def _of_outcome(outcome: Outcome, text: str, quote: str) -> Entry:
    return Entry(text, outcome.id, "outcome", outcome.name_2022, address(outcome.url), quote)


def _case(one: CaseStudy, wide: int, changed: bool) -> Entry:
    names = [short_name(council) for council in one.councils]
    left = f" and {len(names) - 2} more" if len(names) > 2 else ""
    where = shortened(", ".join(names[:2]), _LONGEST_PART) + left
    after = "".join(f", {part}" for part in (where, one.year) if part)
    text, title = _titled(one.title, after, wide, changed)
    url, quote = address(one.url), _first(one)
    label = lines.ABOUT.format(shortened(title, _LONGEST_LABEL))
    # Where nothing leads to it, as to a file that was brought in, a button does.
    action = None if url else Action("about", label, one.id)
    told = (title, url, quote, one.councils, one.year or None)
    return Entry(text, one.id, one.kind, *told, action=action)


def _project(one: Project, wide: int, changed: bool, community: str) -> Entry:
    told = one.details
    council = shortened(_line(told.council), _LONGEST_PART)
    shared = lines.SHARED if one.community != community else ""
    after = "".join(f", {part}" for part in (council, shared) if part)
    text, title = _titled(_line(told.title), after, wide, changed)
    quote = next(iter(statements(told.description)), told.title)
    url, councils = address(told.link), (told.council,) if told.council else ()
    label = lines.ABOUT.format(shortened(title, _LONGEST_LABEL))
    action = None if url else Action("project", label, one.id)
    return Entry(text, one.id, "project", title, url, quote, councils, action=action)


def _titled(title: str, after: str, wide: int, changed: bool) -> tuple[str, str]:
    """A line that begins with a title, and the title as it stands in it."""
    after += lines.CHANGED if changed else ""
    kept = shortened(_line(title), max(wide - _MARKS - len(after), _SHORTEST))
    return f"{kept}{after}", kept


def _first(one: CaseStudy) -> str:
    """The first sentence of a text."""
    told = (sentence for part in one.sections for sentence in part.statements)
    return next(told, one.title)


def _line(text: str) -> str:
    """Somebody's words in one line, without marks that are ours."""
    return " ".join(plain(text).split())
