"""Who can help with something: councils that did it, and officers who offered to.

The officers and their projects are test data: invented, whatever council they name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

import pytest

from bot.answers.answerer import Answerer
from bot.answers.peers import Found, Named
from bot.answers.shelf import EMPTY, Shelf
from bot.offers import Offer, Profile, Seeker
from bot.projects import Confirmed, Details, Project

AT = datetime(2026, 3, 2, tzinfo=UTC)
HERE, ELSEWHERE = "testham", "farshire"
OFFERS = {
    "robin": Offer(
        "Robin Testname",
        "I am Robin. We put damp sensors into 500 council homes; write to robin@testham.example or "
        "ring 01632 960 001. Ask me what they cost.",
        ("data", "services"),
        "Rochdale Borough Council",
    ),
    "kim": Offer(
        "Kim Testname",
        "We put damp sensors into our council homes and learned to read what they say.",
        ("data",),
        "Oldham Council",
    ),
    "lee": Offer(
        "Lee Testname",
        "Damp and mould sensors in 40 sheltered homes of ours.",
        ("inclusion",),
        kind="unitary",
        nation="Wales",
    ),
    "max": Offer(
        "Max Testname",
        "I can say how we moved planning applications onto an open source system.",
        ("services",),
        "London Borough of Sutton",
    ),
    "pat": Offer("Pat Testname", "Beekeeping on the roofs of offices.", ("value",), "Kent"),
    "sam": Offer("Sam Testname", "Anything on my work, I suppose.", (), "Norwich City Council"),
}
BEES = Project(
    "bees",
    HERE,
    Details(
        "Bees on office roofs", "Hives on two office roofs teach schools.", "Kent", "", "doing"
    ),
    (Confirmed("value", "pat", AT),),
    "pat",
    "pat",
    AT,
    AT,
    1,
)
DRONES = Project(
    "drones",
    HERE,
    Details("Drones over flood banks", "A drone looks at flood banks after storms."),
    (),
    "sam",
    "sam",
    AT,
    AT,
    2,
)
NOBODY = Seeker(ELSEWHERE)


@dataclass(frozen=True)
class Desk:
    """An answerer with a shelf."""

    answerer: Answerer
    shelf: Shelf

    def find(self, text: str, seeker: Seeker = NOBODY, chance: int = 1) -> Found:
        return self.answerer.peers(text, self.shelf, seeker, Random(chance))

    def names(self, text: str, seeker: Seeker = NOBODY) -> list[str]:
        return [one.profile.id for one in self.find(text, seeker).people]


def shelf_of(
    answerer: Answerer, profiles: Sequence[Profile], projects: Sequence[Project] = ()
) -> Shelf:
    vectors = answerer.encoded_all([one.offer.help for one in profiles])
    told = [(one, answerer.encoded(one.details.told)) for one in projects]
    return Shelf.of(told, (), None, list(zip(profiles, vectors, strict=True)))


@pytest.fixture(scope="module")
def desk(answerer: Answerer) -> Desk:
    profiles = [Profile(name, HERE, name, one, "", AT) for name, one in OFFERS.items()]
    return Desk(answerer, shelf_of(answerer, profiles, (BEES, DRONES)))


def why(found: Sequence[Named], name: str) -> str:
    return next(one.why for one in found if one.profile.id == name)


def test_councils_and_officers_are_found_for_a_few_words(desk: Desk) -> None:
    found = desk.find("damp sensors")
    reply = found.reply
    assert reply.status == "answered"
    assert reply.body.startswith("Councils that did this:")
    first = reply.alike[0]
    assert first.documents == ("kingston-damp-sensors",)
    assert first.why.startswith("Kingston upon Thames: Damp sensors in temporary accommodation, 2")
    assert len(reply.alike) <= 5
    assert {one.document for one in reply.citations} == {
        document for one in reply.alike for document in one.documents[:1]
    }
    assert {one.profile.id for one in found.people} == {"robin", "kim", "lee"}


def test_why_holds_no_name_and_no_way_to_reach_them(desk: Desk) -> None:
    said = why(desk.find("damp sensors").people, "robin")
    assert said.startswith("can help with: “We put damp sensors into 500 council homes")
    assert not any(one in said for one in ("Robin", "Testname", "@", "01632"))
    said = why(desk.find("robin").people, "robin") if desk.names("robin") else ""
    assert "Robin" not in said


def test_what_asker_and_officer_have_in_common_is_said(desk: Desk) -> None:
    seeker = Seeker(HERE, "sam", "Bury Council", ("data", "services", "value"))
    found = desk.find("damp sensors", seeker)
    assert "a metropolitan borough too, of about your size" in why(found.people, "robin")
    assert why(found.people, "robin").endswith("you both tagged data and services")
    assert why(found.people, "kim").endswith("you both tagged data")
    assert "(you both tagged data and services)" in found.reply.body


def test_nobody_is_shown_to_themselves(desk: Desk) -> None:
    assert "robin" not in desk.names("damp sensors", Seeker(HERE, "robin"))
    assert "robin" in desk.names("damp sensors", Seeker(ELSEWHERE, "robin"))


def test_only_those_in_the_place_asked_for_are_shown(desk: Desk) -> None:
    found = desk.find("damp sensors in wales")
    assert [one.profile.id for one in found.people] == ["lee"]
    assert found.lead == ""
    assert found.reply.body.startswith("I have nothing on that in Wales. Elsewhere:")
    assert desk.names("damp sensors in a met") in (["robin", "kim"], ["kim", "robin"])
    assert desk.names("damp sensors, a council like rochdale") == ["kim"]


def test_where_nobody_is_those_elsewhere_are_shown_as_such(desk: Desk) -> None:
    found = desk.find("damp sensors in scotland")
    assert found.lead == "Nobody in Scotland has offered help with that. Elsewhere:"
    assert {one.profile.id for one in found.people} == {"robin", "kim", "lee"}
    assert [one.council for one in found.reply.alike] == ["Aberdeenshire Council"]


def test_a_place_alone_shows_everybody_there(desk: Desk) -> None:
    assert desk.names("wales") == ["lee"]
    assert desk.names("peers in london") == ["max"]
    assert desk.find("wales").reply.body.startswith("What I have from there:")


def test_an_outcome_alone_shows_who_tagged_it(desk: Desk) -> None:
    assert desk.names("inclusion") == ["lee"]
    assert len(desk.find("inclusion").reply.alike) == 5


def test_a_project_speaks_for_its_owner_and_its_council(desk: Desk) -> None:
    found = desk.find("bees on roofs")
    assert [one.profile.id for one in found.people] == ["pat"]
    assert why(found.people, "pat") == "registered “Bees on office roofs”"
    reply = found.reply
    assert [(one.document, one.kind) for one in reply.citations] == [("bees", "project")]
    assert reply.alike[0].council == "Kent County Council"
    assert reply.alike[0].why == "Kent: Bees on office roofs"
    assert desk.find("drones").reply.alike == (), "a project without a council"


def test_what_is_hidden_is_never_named(desk: Desk) -> None:
    shelf = replace(desk.shelf, hidden=frozenset({"kingston-damp-sensors"}))
    reply = Desk(desk.answerer, shelf).find("damp sensors").reply
    assert reply.alike
    assert all("kingston-damp-sensors" not in one.documents for one in reply.alike)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("who has a recipe for scones", "declined"),
        ("has anyone got a cure for a cold", "declined"),
        ("who should I vote for", "declined"),
        ("write me a poem about bins", "declined"),
        ("what is councillor smith's home address", "declined"),
        ("I feel really down and cannot go on", "declined"),
        ("who else has done it", "clarify"),
        ("thanks", "help"),
        ("?!", "invalid"),
        ("who has run a municipal brewery", "unsure"),
    ],
)
def test_what_is_not_ours_names_nobody(desk: Desk, text: str, status: str) -> None:
    found = desk.find(text)
    assert found.reply.status == status
    assert not found.people
    assert not found.reply.alike


@pytest.mark.parametrize(
    "text",
    ["parking permits", "ai", "registrars appointments", "trading standards", "adult social care"],
)
def test_a_plain_topic_of_councils_is_not_declined(desk: Desk, text: str) -> None:
    assert desk.find(text).reply.status in ("answered", "unsure")


@pytest.mark.parametrize("text", ["chatbots", "lorawan", "wifi", "Broadband", "damp"])
def test_a_word_that_our_texts_speak_of_is_enough(desk: Desk, text: str) -> None:
    found = desk.find(text)
    assert found.reply.status == "answered"
    assert found.reply.alike


def test_whose_council_is_not_known_is_told_so(desk: Desk) -> None:
    text = "damp sensors, a council like ours"
    assert desk.find(text).reply.body.startswith("I do not know which council is yours")
    assert desk.names(text, Seeker(HERE, "", "Oldham Council")) == ["robin"]


def test_without_officers_there_are_still_councils(answerer: Answerer) -> None:
    found = answerer.peers("free wifi for estates", EMPTY, NOBODY, Random(1))
    assert found.reply.alike[0].council == "Rochdale Borough Council"
    assert found.people == ()


def test_the_same_chance_shows_the_same(desk: Desk) -> None:
    assert desk.find("damp sensors", chance=7) == desk.find("damp sensors", chance=7)


def test_equals_take_turns_and_who_was_asked_comes_later(answerer: Answerer) -> None:
    """A clearly better fit stays first all the same."""
    same = [replace(OFFERS["kim"], name=f"Test {number}") for number in range(4)]
    profiles = [
        Profile(f"{number}", HERE, f"{number}", one, "", AT, asked=9 * (number == 3))
        for number, one in enumerate(same)
    ]
    crowd = Desk(answerer, shelf_of(answerer, profiles))
    first = Counter(
        crowd.find("damp sensors", chance=number).people[0].profile.id for number in range(40)
    )
    assert set(first) >= {"0", "1", "2"}
    assert max(first.values()) <= 24
    assert first["3"] <= 5

    weaker = Profile("weak", HERE, "weak", replace(OFFERS["max"], council="Kent"), "", AT)
    mixed = Desk(answerer, shelf_of(answerer, [*profiles, weaker]))
    for number in range(10):
        shown = [one.profile.id for one in mixed.find("damp sensors", chance=number).people]
        assert shown[0] != "weak"


def test_volunteers_are_only_those_who_surely_fit(desk: Desk) -> None:
    def names(text: str) -> set[str]:
        near = desk.answerer.volunteers(text, desk.shelf, NOBODY, Random(1))
        return {one.profile.id for one in near}

    assert names("who has put damp sensors into council homes?") >= {"robin", "kim"}
    assert names("who has put damp sensors into council homes in scotland?") == set()
    for text in ("what does inclusion mean", "list the twelve outcomes", "hello", "who did bins"):
        assert names(text) == set(), text
