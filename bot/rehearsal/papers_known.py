"""A document made up, with what is known of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PaperKind = Literal["pdf", "word", "web"]
TEST_DATA = "test data, made up"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, or an item of a list, that a paper holds; `page` is the one it begins on."""

    text: str
    page: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document in a shape that councils publish, and what a reader should find in it.

    `said` is in reading order. `aside` stands in notes and text boxes, so anywhere. `rows` are
    those of tables, as cells. `furniture` is what stands around a text and is no part of it.
    `blank` of its `pages` hold no text.
    """

    name: str
    kind: PaperKind
    media: str
    content: bytes
    said: tuple[Said, ...]
    aside: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    headings: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    pages: int = 0
    blank: int = 0
