"""A message's text in Teams' Markdown.

Foreign text is written with character references where Markdown or HTML would read a mark, which
every reader of either undoes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.conversation import Citation, Reply, Spread
from bot.showing import (
    ALSO,
    LONGEST_CLOSING,
    Part,
    about,
    address,
    also,
    clean,
    names_address,
    paragraphs,
    shortened,
    title,
)

MOST_CITATIONS = 10  # Teams draws 20, Microsoft's Playground refuses a message with more than 10
_MARKS = re.compile(r"[&<>*_~`|\\\[\]{}]")
_STARTS = re.compile(r"^(?:[#+=-]|\d+[.)])")
_CITED = re.compile(r"&#91;(\d+)&#93;([(:]?)")
_ENDING = re.compile(r"(?:\s*\[\d+\])+$")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Written:
    """A message's text, and the sources it lists by their numbers."""

    text: str
    listed: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a reply whose sources are links in it, each from one character to another, and
    the marks that stay behind it."""

    text: str
    links: tuple[tuple[int, int, Citation], ...]
    marks: tuple[int, ...]


def written(reply: Reply, shown: Part) -> Written:
    """What is shown of a reply, and below its body how projects spread, and its sources."""
    runs = [(items, _lines(reply, shown, lines)) for items, lines in paragraphs(shown.body)]
    listed = _listed(reply, shown, [one for _, lines in runs for one in lines])
    numbers = {one.number for one in listed[:MOST_CITATIONS]}
    parts = [f"> {escape(shown.heading)}"] if shown.heading else []
    for items, lines in runs:
        told = [_written(line, numbers) for line in lines]
        parts.append("\n".join(f"- {line}" for line in told) if items else "\n\n".join(told))
    parts += _bars(reply.spread) if reply.spread else []
    if listed:
        parts.append("\n".join(("**Sources**", "", *(f"- {_source(one)}" for one in listed))))
    parts += [f"*{escape(line)}*" for line in shown.closing]
    return Written("\n\n".join(parts), listed)


def growing(sentences: Iterable[str]) -> str:
    """The beginning of a body that is still being made, as `written` will have it."""
    return escape(" ".join(sentences), range(1, MOST_CITATIONS + 1))


def escape(text: str, numbers: Collection[int] = ()) -> str:
    """One line for where Teams reads Markdown. The `[n]` of `numbers` stay as they are: Teams draws
    its citations there; what follows them makes no link of them."""
    return _cited(_begun(_referred(_flat(text))), numbers)


def _flat(text: str) -> str:
    return " ".join(clean(text).split())


def _referred(text: str) -> str:
    return _MARKS.sub(_reference, text)


def _reference(found: re.Match[str]) -> str:
    return {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(found[0], f"&#{ord(found[0])};")


def _begun(line: str) -> str:
    """The line so that it begins no list and no heading."""
    return _STARTS.sub(lambda found: f"{found[0][:-1]}&#{ord(found[0][-1])};", line)


def _cited(line: str, numbers: Collection[int]) -> str:
    def cited(found: re.Match[str]) -> str:
        if int(found[1]) not in numbers:
            return found[0]
        return f"[{found[1]}]" + "".join(f"&#{ord(one)};" for one in found[2])

    return _CITED.sub(cited, line)


def _lines(reply: Reply, shown: Part, lines: Iterable[str]) -> list[_Line]:
    known = {one.number: one for one in shown.citations} if reply.linked else {}
    return [_line(_flat(line), known) for line in lines]


def _line(line: str, known: Mapping[int, Citation]) -> _Line:
    """The sources that a line ends with, as links in it where it names them. One without any
    address is in chat alone, and named by words."""
    ending = _ENDING.search(line)
    numbers = [int(one) for one in _NUMBER.findall(ending[0])] if ending else []
    if not ending or not set(numbers) & set(known):
        return _Line(line, (), ())
    text = line[: ending.start()]
    links: list[tuple[int, int, Citation]] = []
    marks: list[int] = []
    for number in numbers:
        found = _named(text, known[number], links) if number in known else None
        if found:
            links.append(found)
        elif number not in known or known[number].url:
            marks.append(number)
    return _Line(text, tuple(sorted(links, key=lambda one: one[0])), tuple(marks))


def _named(
    text: str, citation: Citation, links: Sequence[tuple[int, int, Citation]]
) -> tuple[int, int, Citation] | None:
    """Where the text names this source and no other one, if that may be a link to it."""
    name = _flat(citation.title)
    if not name or names_address(citation.title) or not address(citation.url):
        return None
    for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text):
        if all(found.end() <= start or end <= found.start() for start, end, _ in links):
            return found.start(), found.end(), citation
    return None


def _listed(reply: Reply, shown: Part, lines: Iterable[_Line]) -> tuple[Citation, ...]:
    """The sources that stand below, all of them where none is a link in its line."""
    if not reply.linked:
        return shown.citations
    lines = tuple(lines)
    linked = {citation.number for line in lines for _, _, citation in line.links}
    marked = {number for line in lines for number in line.marks}
    return tuple(
        one
        for one in shown.citations
        if one.url and (one.number in marked or one.number not in linked)
    )


def _written(line: _Line, numbers: Collection[int]) -> str:
    """A line with its links; of foreign text before one no picture is made."""
    parts, done = [], 0
    for start, end, citation in line.links:
        before = _cited(_referred(line.text[done:start]), numbers)
        name = _referred(line.text[start:end])
        parts += [re.sub("!$", "&#33;", before), f"[{name}]({_target(citation)})"]
        done = end
    parts.append(_cited(_referred(line.text[done:]), numbers))
    marks = "".join(f" {escape(f'[{number}]', numbers)}" for number in line.marks)
    return _begun("".join(parts)) + marks


def _target(citation: Citation) -> str:
    return address(citation.url).replace("&", "&amp;")


def _bars(spread: Spread) -> list[str]:
    """The bars as a list: a narrow screen breaks no line of it in two that it need not."""
    name, *lines = (escape(shortened(line, LONGEST_CLOSING)) for line in spread.lines)
    bars = sum(1 for one in spread.shares if one.projects)
    told = "\n".join(f"- {line}" for line in lines[:bars])
    return [one for one in (f"**{name}**" if name else "", told, *lines[bars:]) if one]


def _source(citation: Citation) -> str:
    """A title is the link's words, unless it names an address itself: then the link shows its own.

    Its number is written so that Teams draws no second citation here.
    """
    number, told = escape(f"[{citation.number}]"), escape(about(citation).strip())
    url, name = _target(citation), escape(title(citation))
    if not url:
        linked = name
    elif names_address(citation.title):
        linked = f"{name} {url}"
    else:
        linked = f"[{name}]({url})"
    return " ".join(one for one in (number, linked, told, _also(citation)) if one)


def _also(citation: Citation) -> str:
    """Where else it is found."""
    told = [
        f"[{escape(words)}]({url.replace('&', '&amp;')})" if url and url != words else escape(words)
        for words, url in also(citation)
    ]
    return f"{ALSO} {'; '.join(told)}" if told else ""
