"""Words on cards. They stand in text runs, which read no marks."""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversation import Citation
from bot.cutting import cut
from bot.showing import (
    ALSO,
    about,
    address,
    also,
    names_address,
    paragraphs,
    shortened,
    title,
)

LONGEST_TEXT = 1_000
LONGEST_PROSE = 6_000

_Json = dict[str, object]


def run(text: str, longest: int = LONGEST_TEXT, **style: object) -> _Json:
    """Words on a line of their own."""
    return {"type": "RichTextBlock", "inlines": [_words(text, longest, **style)]}


def prose(text: str, citations: Iterable[Citation], longest: int) -> list[_Json]:
    """As much of a text as that, and the sources it names, each a link."""
    said, rest = cut(text, longest)
    blocks = [
        run(f"• {line}" if items else line, LONGEST_PROSE)
        for items, lines in paragraphs(f"{said} …" if rest else said)
        for line in lines
    ]
    return [*blocks, *(_source(one) for one in citations if f"[{one.number}]" in said)]


def plain(text: str) -> str:
    """Words for where a reader may look for tags, and would read out character references."""
    return text.replace("<", "‹").replace(">", "›")


def _source(citation: Citation) -> _Json:
    """A source as a line. A title that names an address itself is no link to another one."""
    url, name, told = address(citation.url), title(citation), about(citation).strip()
    runs = [_words(f"[{citation.number}]")]
    if url and names_address(citation.title):
        runs += [_words(name), _link(url, url)]
    else:
        runs.append(_link(name, url) if url else _words(name))
    if told:
        runs.append(_words(told))
    for place, (words, link) in enumerate(also(citation)):
        runs += [_words(";" if place else ALSO), _link(words, link) if link else _words(words)]
    spaced = [one for run in runs for one in (run, {"type": "TextRun", "text": " "})]
    return {"type": "RichTextBlock", "inlines": spaced[:-1]}


def _link(text: str, url: str) -> _Json:
    opens = {"type": "Action.OpenUrl", "url": url}
    return {**_words(text), "color": "Accent", "selectAction": opens}


def _words(text: str, longest: int = LONGEST_TEXT, **style: object) -> _Json:
    return {"type": "TextRun", "text": shortened(text, longest) or "-", **style}
