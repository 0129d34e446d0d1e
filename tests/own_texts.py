"""Texts as a community might bring them in, made of values, and what is built of them."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from knowledge.library import Brought, CaseStudy, Guidance, Library, Report, Section

Own = CaseStudy | Guidance | Report

_ABOUT = {
    "other_urls": (),
    "region": "",
    "nation": "",
    "council_type": "",
    "publisher": "",
    "publisher_outcomes": (),
    "publisher_label": "",
}


def pages(*told: tuple[str, str]) -> tuple[Section, ...]:
    """A section on each page, from 1: heading and body."""
    return tuple(
        Section(heading, body, page=page, literal=True)
        for page, (heading, body) in enumerate(told, start=1)
    )


def parts(*told: tuple[str, str]) -> tuple[Section, ...]:
    """The same of a web page: a heading, with an anchor, and a body."""
    return tuple(
        Section(heading, body, anchor=heading.lower().replace(" ", "-"), literal=True)
        for heading, body in told
    )


def of(
    kind: type[Own],
    name: str,
    title: str,
    sections: tuple[Section, ...],
    *,
    url: str = "",
    councils: tuple[str, ...] = (),
    year: int = 0,
    outcomes: tuple[str, ...] = (),
    confirmed: bool = True,
    doubles: tuple[tuple[str, str, str], ...] = (),
) -> Own:
    """A text that was brought in."""
    return kind(
        id=f"own-{name}",
        title=title,
        url=url,
        sections=sections,
        digest=sha256(repr(sections).encode()).hexdigest(),
        councils=councils,
        year=year,
        outcomes=outcomes,
        brought=Brought(confirmed, doubles=doubles),
        **_ABOUT,  # type: ignore[arg-type]
    )


REPORT = of(
    Report,
    "links",
    "Linking Digital to Lives: a report on twelve conversations",
    pages(
        ("Foreword", "Fourteen leaders met for two days to talk about digital change in places."),
        (
            "Why leaders met",
            "The conversations were held in the round, and nobody was quoted by name.\n"
            "Chief executives said that digital teams are asked too late.",
        ),
        (
            "What was found",
            "Councils with a digital champion at board level spent 11 per cent less on failed "
            "projects.\nTrust between neighbours grew where residents helped to design services.",
        ),
        (
            "Recommendations",
            "Every council should publish a register of its algorithms by 2027.\n"
            "Boards should spend one meeting in four on digital outcomes.",
        ),
    ),
    url="https://reports.example/linking.pdf",
    year=2024,
    outcomes=("leadership",),
)
GUIDANCE = of(
    Guidance,
    "herons",
    "Counting herons and other wetland birds: guidance for wardens",
    parts(
        (
            "When to count",
            "Wardens count herons at dawn in the second week of March.\n"
            "A count takes ninety minutes and two people.",
        ),
        (
            "What to write down",
            "Write down the wind, the tide and each nest that is occupied.\n"
            "Photographs of nests are sent to the county recorder.",
        ),
    ),
    url="https://wardens.example/guidance/herons",
)
CASE = of(
    CaseStudy,
    "gritting",
    "Gritting routes planned by road sensors in Anytown",
    parts(
        (
            "What happened",
            "Anytown put 42 temperature sensors into its roads and grits only those that freeze.\n"
            "The winter service used 1,900 tonnes less salt in its first year.",
        ),
        ("What it cost", "The sensors cost £86,000 and the software £12,000 a year."),
    ),
    url="https://anytown.example/gritting",
    councils=("Anytown Borough Council",),
    year=2022,
    outcomes=("value",),
    confirmed=False,
    doubles=(("Smarter gritting", "https://network.example/gritting", "own-smarter"),),
)
UNLINKED = of(
    Report,
    "allotments",
    "Allotments and waiting lists",
    pages(
        ("Waiting", "People in Otherham wait seven years for an allotment."),
        ("Letting", "Half plots let twice as many people grow vegetables."),
    ),
)
ALL: tuple[Own, ...] = (REPORT, GUIDANCE, CASE, UNLINKED)


def beside(library: Library, *texts: Own) -> Library:
    """The library with these texts."""
    cases = [one for one in texts if type(one) is CaseStudy]
    documents = [one for one in texts if isinstance(one, Guidance | Report)]
    return replace(
        library,
        case_studies=(*library.case_studies, *cases),
        documents=(*library.documents, *documents),
    )
