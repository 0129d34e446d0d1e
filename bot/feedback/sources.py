"""The sources of a verified answer: texts by title or id, and links."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from bot.answers.language import words
from bot.feedback import wording
from knowledge.library import Library

MOST = 5
LONGEST_LINK = 500
_LINK = re.compile(r"https?://\S*|www\.\S+", re.IGNORECASE)
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?", re.IGNORECASE)
Suggest = Callable[[str], Sequence[str]]
"""The titles that a few words may mean, best first."""


def is_link(source: str) -> bool:
    """Whether a source is a link, and not the id of a text."""
    return source.startswith("https://")


def looked_up(
    lines: Sequence[str], library: Library, suggest: Suggest
) -> tuple[tuple[str, ...], str]:
    """The sources as they are kept, each once; and what is wrong with one of them, or ""."""
    if not lines:
        return (), wording.NO_SOURCE
    if len(lines) > MOST:
        return (), wording.MANY_SOURCES.format(MOST)
    titles = {_key(name): one.id for one in library.texts for name in (one.id, one.title)}
    found = []
    for line in lines:
        if _LINK.match(line):
            if not _shown(line):
                return (), wording.NOT_A_LINK.format(wording.shortened(line, 80))
            found.append(line)
        elif one := titles.get(_key(line)):
            found.append(one)
        else:
            return (), wording.did_you_mean(line, suggest(line))
    return tuple(dict.fromkeys(found)), ""


def titled(sources: Sequence[str], library: Library) -> tuple[str, ...]:
    """Sources as people know them; a text that is there no more by its id."""
    known = {one.id: one.title for one in library.texts}
    return tuple(known.get(one, one) for one in sources)


def _key(name: str) -> str:
    return " ".join(words(name))


def _shown(link: str) -> bool:
    """Whether a link can be shown as it is: https, a host's name, nothing that hides where it
    leads."""
    if (
        len(link) > LONGEST_LINK
        or not link.startswith("https://")
        or re.search(r"[\s<>|\"“”]", link)
    ):
        return False
    try:
        parts = urlsplit(link)
        return bool(_HOST.fullmatch(parts.netloc)) and parts.port is not False
    except ValueError:
        return False
