"""What is read of a document, as values; and what it is refused for."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.library import Section


class Unreadable(Exception):
    """A document that cannot be read; the message says why, to follow its name and a colon:
    "protected by a password". `passing` where that may be this computer's doing: its bytes may be
    read another time."""

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document read. The sections are literal, each with its page or anchor.

    `pages` is 0 where the format has none. `published` is the day or year it gives itself, as
    `YYYY-MM-DD` or `YYYY`, "" for none. `notes` say what could not be read, each as an end of the
    sentence "Read, but …": "12 of 40 pages hold no text". `url` is the address it gives itself.
    """

    title: str
    sections: tuple[Section, ...]
    pages: int = 0
    published: str = ""
    notes: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of a sitemap or a feed. `changed` is when it says that the page was changed, ""
    where it does not say. `index` where it leads to a further sitemap."""

    url: str
    changed: str = ""
    index: bool = False
