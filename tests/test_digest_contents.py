"""What a digest says of a week's news. Projects, people and councils are invented (test data)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.conversation import Citation, Reply
from bot.digest.composing import LONGEST, compose
from bot.digests import Choices, Composed, News, Volunteer
from bot.projects import Confirmed, Details, Project
from bot.questions import OpenQuestion
from bot.weeks import Schedule
from knowledge.library import CaseStudy, Library
from knowledge.markdown import plain

HERE, ELSEWHERE = "anytown", "farshire"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEK = News(NOW - timedelta(days=7), NOW)
ALL = Choices(Schedule(0, time(9), "Europe/London"))
LINE = 160  # characters
COUNTS = {"data": 3, "value": 7, "connectivity": 3}
MARK = re.compile(r" \[(\d+)\]$")


def following(*outcomes: str) -> Choices:
    return replace(ALL, outcomes=outcomes)


def project(
    name: str, *outcomes: str, title: str = "", link: str | None = None, council: str = "Anytown"
) -> Project:
    address = f"https://{name}.example/" if link is None else link
    told = "Sensors in homes warn of damp. They last."
    details = Details(title or f"Sensors {name}", told, council, address)
    confirmed = tuple(Confirmed(one, "a key", NOW) for one in outcomes)
    return Project(name, HERE, details, confirmed, "a key", "a key", NOW, NOW, 1)


def question(name: str, text: str, link: str = "https://chat.example/q") -> OpenQuestion:
    return OpenQuestion(HERE, name, "C1", "slack", "a place", link, text, NOW)


def volunteer(name: str, *outcomes: str, **said: str) -> Volunteer:
    told = {"council": "Anytown Council", "help": "We put damp sensors into homes.", **said}
    return Volunteer(f"o-{name}", name, outcomes=outcomes, **told)


def composed(
    library: Library, news: News, choices: Choices = ALL, period: str = "2026-W10"
) -> Composed:
    made = compose(news, library, choices, period, HERE)
    sound(made.reply)
    return made


def sound(reply: Reply) -> None:
    """Every number has its source and the reverse, in their order; the title stands in the line,
    which ends there; nothing is long."""
    assert reply.linked
    cited = [line for line in reply.body.split("\n") if re.search(r"\[\d", line)]
    assert [one.number for one in reply.citations] == list(range(1, len(cited) + 1))
    for line, citation in zip(cited, reply.citations, strict=True):
        found = MARK.search(line)
        assert found
        assert int(found[1]) == citation.number
        assert citation.title in line
        assert citation.url
    long = [line for line in reply.body.split("\n") if len(line) > LINE]
    assert all("“" in line for line in long), "but for one quote"
    assert len(long) <= 1
    assert len(reply.body) <= LONGEST


def lines(reply: Reply, title: str) -> list[str]:
    """The lines below a title."""
    found = re.search(rf"^{re.escape(title)}:\n((?:- .*\n?)+)", reply.body, re.MULTILINE)
    return [line.removeprefix("- ") for line in found[1].splitlines()] if found else []


def busy(library: Library) -> News:
    """More of everything than fits, all as long as it may be."""
    title = "A platform that joins up " + "long " * 20
    outcomes = [one.id for one in library.outcomes]
    return replace(
        WEEK,
        texts=tuple(one.id for one in library.case_studies),
        projects=tuple(
            project(f"p{number}", outcome, title=title, council="Council " * 12, link=link)
            for number, outcome in enumerate(outcomes)
            for link in ("", f"https://p{number}.example/")
        ),
        changed=frozenset(one.id for one in library.case_studies),
        questions=tuple(
            question(f"q{one}", f"Who tried {one} of them, and how? " * 40) for one in range(9)
        ),
        volunteers=tuple(
            volunteer("Robin Testname " * 6, council="Council " * 12, help="We did. " * 99)
            for _ in range(9)
        ),
        counts=COUNTS,
    )


def test_a_very_busy_week_fits_a_screen_and_every_line_leads_somewhere(library: Library) -> None:
    made = composed(library, busy(library))
    body, actions = made.reply.body, made.reply.actions
    assert not made.empty
    news = [
        line
        for part in made.sections
        for line in part.lines
        if part.kind in ("outcome", "questions", "peers") and not line.text.startswith("And ")
    ]
    opened = {action.value.rpartition(":")[2] for action in actions}
    assert all(line.url or line.document in opened for line in news)
    assert re.search(
        r"^And \d+ more: say projects to me, and ask me for case studies on ", body, re.M
    )
    assert [action.id for action in actions[:6]] == ["open"] * 6, "people before projects"
    assert len([action for action in actions if action.id == "project"]) <= 3
    assert all(len(action.label) <= 75 for action in actions)


def test_each_text_stands_once_under_the_outcome_it_serves_best(library: Library) -> None:
    both = next(one for one in library.case_studies if len(one.outcomes) > 1)
    first, second = (_name(library, one) for one in both.outcomes[:2])
    news = replace(WEEK, texts=(both.id,), changed=frozenset({both.id}))
    reply = composed(library, news).reply
    (line,) = lines(reply, first)
    assert line.startswith(both.title)
    assert line.endswith(f"{both.year} (changed) [1]")
    assert reply.body.startswith("This week: 1 changed case study.\n")
    assert not lines(reply, second)
    reply = composed(library, news, following(both.outcomes[1])).reply
    assert len(lines(reply, second)) == 1
    assert not lines(reply, first)
    unserved = next(one.id for one in library.outcomes if one.id not in both.outcomes)
    assert composed(library, news, following(unserved)).empty


def test_projects_are_told_by_title_council_and_who_shares_them(library: Library) -> None:
    shared = replace(project("shared", "data"), community=ELSEWHERE, shared=True)
    news = replace(
        WEEK,
        projects=(project("ours", "value", "data"), shared, project("none")),
        changed=frozenset({"shared"}),
    )
    made = composed(library, news)
    assert made.reply.body.startswith("This week: 2 new projects and 1 changed project.\n")
    assert lines(made.reply, "Data") == [
        "Sensors shared, Anytown, shared by another community (changed) [1]"
    ]
    assert lines(made.reply, "Value") == ["Sensors ours, Anytown [2]"]
    assert lines(made.reply, "Other projects") == ["Sensors none, Anytown [3]"]
    reply = composed(library, news, following("data")).reply
    assert len(lines(reply, "Data")) == 2
    assert not lines(reply, "Other projects"), "only where all are followed"


@pytest.mark.parametrize(
    "private",
    [
        replace(project("secret", "data"), community=ELSEWHERE),
        replace(project("secret", "data"), withdrawn=True),
        replace(project("secret", "data"), hidden=True),
    ],
)
def test_what_this_community_may_not_see_is_left_out(library: Library, private: Project) -> None:
    made = composed(library, replace(WEEK, projects=(private,)))
    assert made.empty
    assert "secret" not in made.reply.text


def test_a_project_without_a_link_has_a_button(library: Library) -> None:
    alone = tuple(project(f"p{one}", "data", link="") for one in range(5))
    reply = composed(library, replace(WEEK, projects=alone)).reply
    assert lines(reply, "Data") == [f"Sensors p{one}, Anytown" for one in range(3)]
    assert [(one.id, one.label, one.value) for one in reply.actions] == [
        ("project", f"About Sensors p{one}", f"p{one}") for one in range(3)
    ]
    assert "\n\nAnd 2 more: say projects to me.\n\n" in reply.body


def test_of_many_outcomes_each_has_its_turn_before_one_has_two(library: Library) -> None:
    many = [project(f"{one.id}-{turn}", one.id) for turn in "abcd" for one in library.outcomes[:5]]
    reply = composed(library, replace(WEEK, projects=tuple(many))).reply
    shown = [len(lines(reply, one.name_2022)) for one in library.outcomes[:5]]
    assert shown == [2, 2, 2, 1, 1]
    assert "And 12 more: say projects to me." in reply.body
    reply = composed(library, replace(WEEK, projects=tuple(many)), following("data")).reply
    assert len(lines(reply, "Data")) == 3


def test_open_questions_lead_to_their_thread_and_to_an_answer(library: Library) -> None:
    text = "Who joined “housing”\x00 and [3] health\u202e records,\nand what did it cost them?"
    asked = (question("q-1", text), question("q-2", "Who knows?", link=""), question("q-3", "  "))
    reply = composed(library, replace(WEEK, questions=asked), following("data")).reply
    whole = "Who joined ‘housing’ and (3) health records, and what did it cost them?"
    assert lines(reply, "Questions nobody could answer yet") == [f"“{whole}” [1]", "“Who knows?”"]
    source = reply.citations[0]
    assert (source.document, source.kind, source.url) == ("q-1", "question", asked[0].link)
    assert source.quote == source.title == whole
    assert [(one.id, one.label, one.value) for one in reply.actions] == [
        ("open", "I can help: Who joined ‘housing’ and (3) health…", "answer:q-1"),
        ("open", "I can help: Who knows?", "answer:q-2"),
    ]
    assert reply.body.startswith("This week: 2 open questions.\n")


def test_another_communitys_question_is_left_out(library: Library) -> None:
    foreign = replace(question("q-1", "A secret?"), community=ELSEWHERE)
    assert composed(library, replace(WEEK, questions=(foreign,))).empty


def test_officers_are_named_with_their_help_and_not_how_to_reach_them(library: Library) -> None:
    told = "Sensors, and what “they” say [1]. Mail robin@anytown.example or ring 01632 960001."
    offers = volunteer("Robin Testname", "data", help=told), volunteer("Sam Testname", council="")
    reply = composed(library, replace(WEEK, volunteers=offers)).reply
    assert lines(reply, "Officers who newly offer help") == [
        "Robin Testname, Anytown Council: “Sensors, and what ‘they’ say (1). Mail … or ring ….”",
        "Sam Testname: “We put damp sensors into homes.”",
    ]
    assert [(one.label, one.value) for one in reply.actions] == [
        ("Ask Robin Testname", "introduce:o-Robin Testname"),
        ("Ask Sam Testname", "introduce:o-Sam Testname"),
    ]
    assert reply.body.startswith("This week: 2 officers who offer help.\n")
    reply = composed(library, replace(WEEK, volunteers=offers), following("data")).reply
    assert len(lines(reply, "Officers who newly offer help")) == 1


@pytest.mark.parametrize("choices", [ALL, following("data", "value")])
def test_a_quiet_week_is_said_to_be_one(library: Library, choices: Choices) -> None:
    made = composed(library, replace(WEEK, counts=COUNTS), choices)
    assert made.empty
    assert made.reply.body.startswith("A quiet week: nothing new in what is followed here.\n")
    assert "say to me: digest" in made.reply.body
    assert [part.kind for part in made.sections] == ["explained", "spread"]
    assert len(made.reply.citations) == 2
    assert made.reply.actions == ()


@pytest.mark.parametrize(
    ("zone", "days", "opening", "quiet"),
    [
        ("Europe/London", 7, "This week: 1 new project.", "A quiet week: "),
        ("Europe/London", 3, "Since 27 February: 1 new project.", "Nothing new since 27 February "),
        ("Pacific/Auckland", 21, "Since 10 February: 1 new project.", "Nothing new since 10 Feb"),
    ],
)
def test_it_says_since_when(
    library: Library, zone: str, days: float, opening: str, quiet: str
) -> None:
    choices = replace(ALL, schedule=replace(ALL.schedule, zone=zone))
    news = News(NOW - timedelta(days=days) + timedelta(hours=6), NOW)
    told = composed(library, replace(news, projects=(project("p", "data"),)), choices)
    assert told.reply.body.startswith(opening)
    assert composed(library, news, choices).reply.body.startswith(quiet)


def test_the_outcomes_followed_are_explained_in_turn(library: Library) -> None:
    weeks = [f"2026-W{week:02}" for week in range(40, 54)] + ["2027-W01", "2027-W02"]
    for choices in (ALL, following("value", "data", "ethics"), following("data", "value")):
        explained = [composed(library, WEEK, choices, week).reply.citations[0] for week in weeks]
        turns = [one.document for one in explained]
        round_ = len(choices.outcomes) or len(library.outcomes)
        for start in range(len(turns) - round_ + 1):
            assert len({*turns[start : start + round_]}) == round_, "none twice before all once"
        assert not choices.outcomes or {*turns} == {*choices.outcomes}


def test_what_is_quoted_stands_in_its_document(library: Library) -> None:
    texts = [one for one in library.case_studies if "data" in one.outcomes][:3]
    news = replace(WEEK, texts=tuple(one.id for one in texts))
    cited = [one for week in range(1, 53) for one in _cited(library, news, f"2026-W{week:02}")]
    assert len({one.document for one in cited}) >= 12
    for one in cited:
        text = library.get(one.document)
        assert text is not None
        assert one.kind == text.kind
        assert one.url == text.url
        whole = "\n".join(plain(part.body) for part in text.sections)
        assert one.quote in whole
        assert one.quote[0].isupper()
        assert isinstance(text, CaseStudy) or one.quote.endswith("."), "whole sentences"


def test_the_spread_has_all_outcomes_the_most_projects_first(library: Library) -> None:
    made = composed(library, replace(WEEK, counts=COUNTS))
    spread = made.reply.spread
    assert spread is not None
    assert [(one.outcome.id, one.projects) for one in spread.shares[:4]] == [
        ("value", 7),
        ("connectivity", 3),
        ("data", 3),
        ("democracy", 0),
    ]
    assert len(spread.shares) == len(library.outcomes)
    assert spread.title in made.reply.text
    assert [line.text for line in made.sections[-1].lines[:2]] == ["Value: 7", "Connectivity: 3"]
    for none in (None, {}, {"data": 0}):
        assert composed(library, replace(WEEK, counts=none)).reply.spread is None


def test_the_parts_say_what_the_body_says(library: Library) -> None:
    made = composed(library, replace(busy(library), texts=()))
    kinds = [part.kind for part in made.sections]
    assert kinds == ["outcome"] * (len(kinds) - 4) + ["questions", "peers", "explained", "spread"]
    assert len(kinds) > 6
    for part in made.sections[:-1]:
        assert f"{part.title}:\n" in made.reply.body
        assert all(line.text in made.reply.body for line in part.lines)


def test_a_text_that_is_gone_is_not_news(library: Library) -> None:
    assert composed(library, replace(WEEK, texts=("no-such-text", "data"))).empty


def _cited(library: Library, news: News, period: str) -> tuple[Citation, ...]:
    return composed(library, news, ALL, period).reply.citations


def _name(library: Library, outcome: str) -> str:
    return next(one.name_2022 for one in library.outcomes if one.id == outcome)
