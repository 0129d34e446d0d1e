"""A suggested case study that is accepted, as a text of its community."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.answers.answerer import Answerer
from bot.sources.describing import Describing
from bot.sources.doubles import sketch
from bot.sources.ids import source_id, text_id
from bot.texts import About, OwnText, Source, Suggested
from indexer.parsing.parsed import Parsed
from knowledge.library import Section

# These words stand in no file and at no link: where they are cited, this says whose they are.
HEADING = "What happened, in an officer’s words"


def officers(community: str, now: datetime) -> Source:
    """Where a community's accepted case studies come from: nowhere that could be looked at."""
    return Source(
        id=source_id(community, ""),
        community=community,
        kind="officers",
        location="",
        added_at=now,
        every=None,
    )


def accepted(one: Suggested, answerer: Answerer, now: datetime) -> OwnText:
    """What happened, in the officer's words, and then what was read. Whoever accepts it confirms
    what it is."""
    words = "\n".join(line for line in one.told.splitlines() if line.strip())
    sections = (Section(HEADING, words, literal=True), *one.read)
    told = Describing(answerer, now.date()).about(Parsed(one.title, sections), one.link, one.title)
    about = About(
        kind="case-study",
        title=one.title,
        councils=(one.council,) if one.council else told.councils,
        year=told.year,
        outcomes=one.outcomes,
    )
    whole = "\0".join(f"{part.heading}\0{part.body}" for part in sections)
    return OwnText(
        id=text_id(one.community, "", one.id),
        source=source_id(one.community, ""),
        community=one.community,
        location=one.id,
        url=one.link,
        about=about,
        sections=sections,
        digest=hashlib.sha256(f"{one.title}\0{whole}".encode()).hexdigest(),
        pages=max((part.page for part in sections), default=0),
        sketch=sketch(one.title, sections),
        read_at=now,
        confirmed_at=now,
    )
