"""Where a question wants somebody to be: like which council, of what size, near whom."""

from __future__ import annotations

import pytest

from bot.answers.councils import councils
from bot.answers.likeness import Likeness, Wish
from bot.answers.places import Gazetteer
from knowledge.library import Library

# Mid-2020, to the nearest thousand where it is well known.
PEOPLE = {
    "Birmingham City Council": 1_141,
    "Leeds City Council": 799,
    "Kent County Council": 1_589,
    "Surrey County Council": 1_200,
    "Rutland County Council": 40,
    "Cornwall Council": 573,
    "Glasgow City Council": 636,
    "Cardiff Council": 369,
    "Belfast City Council": 343,
    "London Borough of Croydon": 389,
    "City of London Corporation": 11,
    "Council of the Isles of Scilly": 2,
}


@pytest.fixture(scope="module")
def gazetteer(library: Library) -> Gazetteer:
    return Gazetteer(library.case_studies)


def read(gazetteer: Gazetteer, text: str, council: str = "") -> tuple[str, Wish]:
    likeness = Likeness(gazetteer)
    rest, wish = likeness.read(text, council)
    return rest, likeness.wish(wish, gazetteer.find(rest), rest)


def meets(gazetteer: Gazetteer, wish: Wish, name: str) -> bool:
    return wish.met(gazetteer.known(name), gazetteer.names(name))


def test_populations_are_those_of_the_statistics_office() -> None:
    people = {one.name: one.people for one in councils()}
    assert {name: round(people[name] / 1000) for name in PEOPLE} == PEOPLE
    # Everybody lives in one council that is not a county above districts.
    above = ("county", "combined-authority")
    assert sum(one.people for one in councils() if not one.past and one.kind not in above) == (
        67_081_234
    )
    assert all(one.people for one in councils() if not (one.past or one.kind == above[1]))


def test_a_third_of_each_kind_is_small_and_a_third_large() -> None:
    for kind in ("district", "county", "unitary", "metropolitan", "london-borough"):
        sizes = [one.size for one in councils() if one.kind == kind and not one.past]
        assert sizes.count("small") == sizes.count("large") == len(sizes) // 3


@pytest.mark.parametrize(
    ("text", "rest", "where"),
    [
        ("who has done damp sensors in wales", "", "in Wales"),
        (
            "any small district with a cyber plan",
            "any district with a cyber plan",
            "small district",
        ),
        ("large welsh unitaries on low code", "welsh unitaries on low code", "at a large unitary"),
        ("a council like rochdale with mesh wifi", "a council with mesh wifi", "like Rochdale"),
        ("anyone the size of rutland sharing it", "anyone sharing it", "like Rutland"),
        ("another london borough with a chatbot", "", "at a London borough"),
        ("other counties giving grants", "", "at a county council"),
        ("something like leeds data mill", "", "at Leeds"),
        ("would you like us to come", "", ""),
        ("who has met the accessibility rules", "", ""),
        ("a push that is big, city-wide", "", ""),
    ],
)
def test_the_words_that_say_where_are_taken_out(
    gazetteer: Gazetteer, text: str, rest: str, where: str
) -> None:
    left, wish = read(gazetteer, text)
    assert left == (rest or text)
    assert where in wish.label
    assert bool(wish) == bool(where)


def test_like_ours_means_the_same_kind_of_about_the_same_size(gazetteer: Gazetteer) -> None:
    for text in ("a county like us", "councils similar to ours", "somebody of a similar size"):
        _, wish = read(gazetteer, f"who does lorawan, {text}", "Norfolk County Council")
        assert wish.like is not None, text
        assert wish.label.endswith("like yours")
        assert meets(gazetteer, wish, "Suffolk County Council")
        assert not meets(gazetteer, wish, "Kent County Council"), "far larger"
        assert not meets(gazetteer, wish, "Norfolk County Council"), "the asker's own"
        assert not meets(gazetteer, wish, "Norwich City Council"), "another kind"


def test_like_a_named_council_is_not_that_council(gazetteer: Gazetteer) -> None:
    _, wish = read(gazetteer, "a council like Rochdale".lower())
    assert meets(gazetteer, wish, "Oldham Council")
    assert not meets(gazetteer, wish, "Rochdale Borough Council")
    assert not meets(gazetteer, wish, "Birmingham City Council")
    assert wish.why(gazetteer.known("Oldham Council")) == (
        "a metropolitan borough like Rochdale, of about its size"
    )


def test_without_a_council_only_the_kind_named_counts(gazetteer: Gazetteer) -> None:
    _, wish = read(gazetteer, "a county like us with grants")
    assert (wish.like, wish.places.kinds, wish.lost) == (None, ("county",), False)
    _, wish = read(gazetteer, "councils like ours with grants")
    assert not wish
    assert wish.lost


def test_where_the_asker_is_does_not_say_where_to_look(gazetteer: Gazetteer) -> None:
    rest, wish = read(gazetteer, "we're a small district in kent, any welsh councils with chatbots")
    assert "kent" not in rest
    assert wish.label == "in Wales"
    assert (wish.ours.kind, wish.ours.region) == ("district", "South East")


def test_near_us_is_the_region_of_the_askers_council(gazetteer: Gazetteer) -> None:
    _, wish = read(gazetteer, "who near us does lorawan", "Norfolk County Council")
    assert meets(gazetteer, wish, "Ipswich Borough Council")
    assert not meets(gazetteer, wish, "Norfolk County Council")
    assert not meets(gazetteer, wish, "Leeds City Council")
    assert read(gazetteer, "who near us does lorawan")[1].lost


def test_a_kind_named_wins_over_the_askers_own(gazetteer: Gazetteer) -> None:
    _, wish = read(gazetteer, "a county like us", "Ipswich Borough Council")
    assert wish.like is None
    assert meets(gazetteer, wish, "Kent County Council")


def test_officers_names_for_a_council_are_known(gazetteer: Gazetteer) -> None:
    assert gazetteer.known("wolves council").name == "City of Wolverhampton Council"
    assert gazetteer.known("Testham Borough Council").kind == ""
    assert "Adur and Worthing Councils" in gazetteer.names("Worthing Borough Council")
