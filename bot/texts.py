"""Texts that communities bring in, where they come from, and what officers suggest, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from knowledge.library import Section

SourceKind = Literal["file", "folder", "page", "site", "officers"]
TextKind = Literal["case-study", "guidance", "report"]
SuggestedState = Literal["open", "asked", "accepted", "declined"]
FOR_ALL = "*"  # in the place of a community: seen in every one


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where texts come from. `community` is whose they are, or FOR_ALL.

    `location` is an absolute path or a web address; "" for what officers suggested. `link` is
    where officers open what lies in a folder: an address, before each file's path in it. Of a
    folder or a site those are read that match a pattern of `include`, or all without one, and none
    of `exclude`; `most` at once. It is looked at `every` so often, None for never, next at
    `due_at`. `said` is what the last look came to, a line; `failed` where it could not be looked
    at.
    """

    id: str
    community: str
    kind: SourceKind
    location: str
    added_at: datetime
    link: str = ""
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    most: int = 1000
    every: timedelta | None = timedelta(days=1)
    due_at: datetime | None = None
    refreshed_at: datetime | None = None
    said: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a text is. `councils` by their full names; `year` 0 where it is not known; `outcomes`
    by id, the likeliest first."""

    kind: TextKind
    title: str
    councils: tuple[str, ...] = ()
    year: int = 0
    outcomes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnText:
    """A text that was brought in. `location` is its address, or its path below its source;
    `url` is where officers open it, "" where they cannot.

    `about` is proposed until a person confirmed it (`confirmed_at`). `pages` is 0 where it has
    none; `notes` say what of it could not be read. `digest` is the sha256 of its bytes.
    `published` is the day or year it gives itself, as `YYYY-MM-DD` or `YYYY`. `sketch` is what its
    words are told alike by (see `sources.doubles`). `read_at` is when it was last read anew.
    """

    id: str
    source: str
    community: str
    location: str
    url: str
    about: About
    sections: tuple[Section, ...]
    digest: str
    pages: int = 0
    notes: tuple[str, ...] = ()
    published: str = ""
    sketch: bytes = b""
    read_at: datetime
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a source held of one location when it was last looked at: `validator` is what tells
    cheaply that nothing changed (a file's time and size, a page's ETag or Last-Modified), `text`
    the id of its text, "" where it could not be read for the `reason`; with both, the text is kept
    as it was before. `tries` are the looks in a row at which it could not be read. `parser` is the
    version of what read it."""

    location: str
    validator: str
    digest: str
    text: str = ""
    reason: str = ""
    tries: int = 0
    parser: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A case study that an officer suggested. Whoever did is a random key. `file` is what they
    attached, by the name `file_name`. `doubles` are ids of texts that it may be the same as.
    `said` is what an administrator asked or answered. `text` is the id of the text it became.
    `read` is what stands in the file, else at the link; `reading` says in a line what came of
    reading it, "" while nobody has tried."""

    id: str
    community: str
    title: str
    told: str
    council: str
    link: str
    file_name: str
    by: str
    suggested_at: datetime
    state: SuggestedState = "open"
    outcomes: tuple[str, ...] = ()
    doubles: tuple[str, ...] = ()
    said: str = ""
    text: str = ""
    read: tuple[Section, ...] = ()
    reading: str = ""
