"""A channel's weekly digest: when it comes, what it follows, and one week's issue of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.conversation import Reply
from bot.projects import Project
from bot.questions import OpenQuestion
from bot.weeks import Schedule


@dataclass(frozen=True, slots=True)
class Choices:
    """What a channel chose: `outcomes` to follow, () for all; whether a week without news is
    posted all the same."""

    schedule: Schedule
    outcomes: tuple[str, ...] = ()
    when_empty: bool = False


@dataclass(frozen=True, slots=True)
class Subscription:
    """A channel's digest. `place` is how `platform` posts there; `link` leads people to the
    channel, if anything does. `maker` is the random key of who set it up, "" where they are not
    known any more. `told_until` is up to when its news has been told. `next_due` is when it is
    due again, also while it is `paused`."""

    community: str
    id: str
    channel: str
    platform: str
    place: str
    link: str
    choices: Choices
    paused: bool
    maker: str
    made_at: datetime
    told_until: datetime
    next_due: datetime


@dataclass(frozen=True, slots=True)
class Issue:
    """One week's digest of a channel, claimed by this process. `key` is random: it marks what is
    posted. `attempts` counts the claims; `begun_at` is when a first try to post it began, None
    where none has, and `unsettled` where the last try did not say how it ended. `wanted` where it
    goes out though nothing is new."""

    subscription: Subscription
    period: str
    key: str
    due_at: datetime
    attempts: int
    begun_at: datetime | None = None
    unsettled: bool = False
    wanted: bool = False


@dataclass(frozen=True, slots=True)
class Volunteer:
    """A peer who newly offers help and agreed to be named here; `id` is their offer's."""

    id: str
    name: str
    council: str
    help: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class News:
    """What happened from `since` to `until`, as one community may see it. `texts` are the ids of
    case studies, those of `changed` ones among them likewise, as of projects; newest first."""

    since: datetime
    until: datetime
    texts: tuple[str, ...] = ()
    projects: tuple[Project, ...] = ()
    changed: frozenset[str] = frozenset()
    questions: tuple[OpenQuestion, ...] = ()
    volunteers: tuple[Volunteer, ...] = ()
    counts: Mapping[str, int] | None = None  # projects of this community by outcome


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a digest and its source, `url` "" where that is in chat alone."""

    text: str
    document: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a digest: `kind` is "outcome" (news by outcome), "questions", "peers",
    "explained" or "spread"."""

    kind: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A digest as it is posted, in parts, and whether nothing in it is news. `questions` are the
    open questions in it, word by word."""

    reply: Reply
    sections: tuple[Section, ...]
    empty: bool
    questions: tuple[str, ...] = ()
