"""What texts seem to be: kind, council, year and outcomes, proposed by their own words."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bot.answers.answerer import Answerer
from bot.sources.describing import Describing
from bot.sources.kinds import Features, likelihoods
from bot.sources.naming import Councils
from bot.texts import TextKind
from indexer.parsing.parsed import Parsed
from knowledge.library import CaseStudy, Library, Section

ROCHDALE = "Rochdale Borough Council"
TODAY = date(2026, 3, 2)
TAGGED = "How it was tagged"

Told = tuple[str, tuple[Section, ...]]


def told(title: str, *parts: tuple[str, str]) -> Told:
    return title, tuple(Section(heading, body, literal=True) for heading, body in parts)


GUIDANCE = (
    told(
        "How to run a discovery for a housing service",
        ("Before you start", "Agree who decides. You should talk to tenants first."),
        ("Step 1: plan", "Make sure that you have a user researcher. If you have none, ask."),
    ),
    told(
        "Data sharing checklist for councils",
        ("Check the law", "Councils must have a lawful basis. Ensure that it is written down."),
        ("Keep a record", "Your team needs to keep a record of each agreement."),
    ),
    told(
        "Guide to buying connected sensors",
        ("Choose a network", "This guide helps you to choose. For example, you can use LoRaWAN."),
        ("Test before you buy", "Do not sign for more than a year. Make sure you may leave."),
    ),
)
REPORTS = (
    told(
        "Digital skills in local government: survey 2024",
        ("Executive summary", "We surveyed 120 councils. 61 per cent of councils lack staff."),
        ("Methodology", "Respondents answered online. The survey was open for six weeks."),
    ),
    told(
        "The state of connectivity",
        ("Foreword", "This report sets out the evidence on fixed and mobile networks."),
        ("Findings", "We found that 12% of households have no full fibre, see figure 3."),
        ("Conclusions", "We recommend that funds go on. The review concludes in spring."),
    ),
    told(
        "Evaluation of the local digital fund",
        ("Introduction", "This report looks at 40 projects. We interviewed 60 officers."),
        ("Recommendations", "The evidence from interviews is strong; see table 4."),
        ("Appendix A", "Interviewees, by role."),
    ),
)
STUDIES = (
    told(
        "Grit bins that tell when they are empty",
        ("The challenge", f"{ROCHDALE} drove past 800 bins each night."),
        ("The solution", "The council piloted 140 sensors. Staff moved routes to a map."),
        ("Impact", "Mileage fell by 30 per cent, and it saved £45,000."),
    ),
    told(
        "Translating letters in house",
        ("", "The team built a tool on an open model. It cut the cost of a letter to £3."),
        ("", "As a result residents wait a day, not three weeks."),
    ),
)


def kind_of(title: str, sections: tuple[Section, ...], council: str = "") -> TextKind:
    likely = likelihoods(Features(title, sections, council))
    assert sum(likely.values()) == pytest.approx(1)
    return max(likely, key=lambda kind: likely[kind])


def without_tags(study: CaseStudy) -> tuple[Section, ...]:
    return tuple(one for one in study.sections if one.heading != TAGGED)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [("guidance", GUIDANCE), ("report", REPORTS), ("case-study", STUDIES)],
)
def test_a_text_of_each_kind_is_told_by_its_features(
    kind: TextKind, texts: tuple[Told, ...]
) -> None:
    assert [kind_of(*one) for one in texts] == [kind] * len(texts)


def test_shipped_case_studies_come_out_as_such_also_where_no_council_is_known(
    library: Library,
) -> None:
    studies = library.case_studies
    # 100 and 98 of them
    named = Counter(kind_of(one.title, without_tags(one), one.councils[0]) for one in studies)
    unnamed = Counter(kind_of(one.title, without_tags(one)) for one in studies)
    assert named["case-study"] >= 0.95 * len(studies)
    assert unnamed["case-study"] >= 0.9 * len(studies)


def test_councils_of_shipped_case_studies_are_found_or_left_open(library: Library) -> None:
    """A wrong one is worse than none: 40 are right, 1 is wrong, the others name none clearly."""
    councils, results = Councils(), Counter[str]()
    for one in library.case_studies:
        text = "\n".join(section.plain for section in without_tags(one))
        found = councils.told_of(one.title, text, "")
        results["none" if not found else "right" if found in one.councils else "wrong"] += 1
    assert results["wrong"] <= 2
    assert results["right"] >= 30


@pytest.mark.parametrize(
    ("title", "text", "host", "council"),
    [
        ("Sensors", "Bins were fitted.", "www.rochdale.gov.uk", ROCHDALE),
        ("Sensors in Rochdale", "Bins were fitted.", "example.com", ROCHDALE),
        ("Sensors", "Rochdale Council’s bins. Rochdale Borough Council did it.", "", ROCHDALE),
        ("Reading lists", "Staff were reading about bath and sale.", "", ""),
        ("Sensors", "Leeds City Council and Wigan Council shared a network.", "", ""),
        ("Councils compared", "Leeds, Wigan, Rochdale and Bury took part.", "www.local.gov.uk", ""),
        ("A letter", "Anytown Borough Council wrote it.", "anytown.example", ""),
        ("Work of a borough", "It was done well.", "www.lbbd.gov.uk", "London Borough of "
         "Barking and Dagenham"),
    ],
)  # fmt: skip
def test_a_council_is_named_only_where_it_is_clear(
    title: str, text: str, host: str, council: str
) -> None:
    assert Councils().told_of(title, text, host) == council


def about(
    answerer: Answerer, title: str, body: str, published: str = "", name: str = "grit-bins.pdf"
) -> tuple[str, int]:
    parsed = Parsed(title, (Section("", body, literal=True),), published=published)
    found = Describing(answerer, TODAY).about(parsed, "", name)
    return found.title, found.year


def test_the_year_is_its_titles_then_its_own_then_what_it_names_most(answerer: Answerer) -> None:
    assert about(answerer, "Plan 2019", "Since 2021.", "2024-05-01")[1] == 2019
    assert about(answerer, "Plan", "Since 2021.", "2024-05-01")[1] == 2024
    assert about(answerer, "Plan 2019 to 2022", "Since 2021 and 2021.")[1] == 2022
    assert about(answerer, "Plan", "From 2020. In 2021 and in 2021.")[1] == 2021
    assert about(answerer, "Plan", "It cost £2021 and 1,999 staff; 2050 is far, 1871 past.")[1] == 0
    assert about(answerer, " \n ", "Words.")[0] == "Grit bins"


def test_outcomes_are_those_that_the_register_would_propose(answerer: Answerer) -> None:
    title, sections = STUDIES[0]
    describing = Describing(answerer, TODAY)
    found = describing.about(Parsed(title, sections), "https://www.rochdale.gov.uk/x", "x")
    assert found.councils == (ROCHDALE,)
    assert found.kind == "case-study"
    assert "data" in found.outcomes or "services" in found.outcomes
    sure = describing.sure(found, sections, 0)
    assert len(sure.outcomes) == len(found.outcomes)
    assert min(sure.outcomes) >= 0.4
    assert sure.kind > 0.8
