"""The citation of a text that a community brought in: its page or heading, and where else it is."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote, urlsplit

from bot.conversation import Citation
from knowledge.library import CaseStudy, Section, Text, unmarked

_NO_PAGES = (".docx", ".pptx", ".xlsx")  # what opens these heeds no `#page=`


def brought(
    number: int, text: Text, said: str, place: int, hidden: Collection[str] = ()
) -> Citation:
    """A quote of such a text. `place` is that of its section, from 1; 0 to look for it. Of its
    doubles those that are `hidden`, or were removed, are not named."""
    section = _section(text, said, place)
    case = text if isinstance(text, CaseStudy) else None
    return Citation(
        number=number,
        document=text.id,
        kind=text.kind,
        title=unmarked(text.title),
        url=address(text.url, section),
        quote=said,
        councils=case.councils if case else (),
        year=(case.year or None) if case else None,
        page=section.page if section else 0,
        heading=_heading(section, text.title) if section else "",
        confirmed=text.brought is None or text.brought.confirmed,
        also=_also(text, hidden),
    )


def address(url: str, section: Section | None) -> str:
    """Where a text opens at one of its sections, as far as its address can say so."""
    if not url or not section or "#" in url:
        return url
    if section.page and not urlsplit(url).path.lower().endswith(_NO_PAGES):
        return f"{url}#page={section.page}"
    return f"{url}#{quote(section.anchor, safe='-._~:')}" if section.anchor else url


def _also(text: Text, hidden: Collection[str]) -> tuple[tuple[str, str], ...]:
    doubles = text.brought.doubles if text.brought else ()
    seen = ((unmarked(title), url) for title, url, name in doubles if name not in hidden)
    return tuple(dict.fromkeys(seen))


def _heading(section: Section, title: str) -> str:
    """The heading of a section; "" for one that says no more than the title does."""
    same = section.heading.casefold().split() == title.casefold().split()
    return "" if same else unmarked(section.heading)


def _section(text: Text, said: str, place: int) -> Section | None:
    """The one a quote was taken from; where that is not said, the first that holds it."""
    if place:
        return text.sections[place - 1]
    return next((one for one in text.sections if said in one.plain), None)
