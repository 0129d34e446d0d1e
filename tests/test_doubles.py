"""The same story twice is told by its words, and the newest and most direct of them is kept."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.sources.doubles import ALIKE, Story, grouped, likely, likeness, sketch
from bot.sources.naming import Councils
from bot.texts import About, OwnText
from knowledge.library import Section
from knowledge.reader import load

COOKIES = (
    "We use some essential cookies to make this site work. We would like to set further cookies "
    "to remember your settings and to see how visitors use it.",
    "This site uses cookies. By going on you agree to them. Read our cookie policy, or change "
    "your choices at any time at the foot of each page.",
)
STOCK = (
    "the council residents staff service data project team digital online saved sensors homes "
    "support people work year after they found that for more with into been new its from "
    "housing care phones forms calls waiting weeks budget trained volunteers library broadband"
)
ROCHDALE = "Rochdale Borough Council"


def told(*bodies: str) -> tuple[Section, ...]:
    return tuple(Section("", body, literal=True) for body in bodies)


def prose(seed: int, words: int = 300) -> list[str]:
    """Sentences as one author would write them: the words come again, their order does not."""
    chance = random.Random(seed)
    stock = STOCK.split()
    text = [chance.choice(stock) for _ in range(words)]
    return [" ".join(text[place : place + 12]) + "." for place in range(0, words, 12)]


def edited(sentences: list[str], changed: int, seed: int = 5) -> list[str]:
    """The same with so many of its sentences written anew."""
    chance = random.Random(seed)
    anew = set(chance.sample(range(len(sentences)), changed))
    return [prose(900 + at, 12)[0] if at in anew else one for at, one in enumerate(sentences)]


def alike(one: list[str], other: list[str]) -> float:
    return likeness(sketch("A", told(*one)), sketch("B", told(*other)))


@pytest.mark.parametrize("seed", range(10))
def test_versions_of_a_story_are_alike_and_other_stories_are_not(seed: int) -> None:
    story = prose(seed)
    assert alike(story, story) > 0.95
    assert alike([COOKIES[0], *story], [*story, COOKIES[1]]) >= ALIKE
    assert alike(story, edited(story, len(story) // 5)) >= ALIKE
    assert alike(story, [*story, *prose(100 + seed, 60)]) >= ALIKE
    assert alike(story, prose(200 + seed)) < ALIKE / 2
    assert alike([COOKIES[0], *story], [COOKIES[0], *prose(300 + seed)]) < ALIKE


def test_no_two_shipped_case_studies_are_taken_for_one() -> None:
    """Stories of the same councils, written by the same hands."""
    sketches = {one.id: sketch(one.title, one.sections) for one in load().case_studies}
    stories = [Story(name, name, "", 2024, 0, "", told) for name, told in sketches.items()]
    assert {name for name, others in grouped(stories).items() if others} == set()


def own(name: str, words: list[str], **given: object) -> OwnText:
    values: dict[str, object] = {"url": "", "published": "", **given}
    year = int(str(values.pop("year", 0)))
    return OwnText(
        id=name,
        source="source-1",
        community="T1",
        location=name,
        url=str(values["url"]),
        about=About(kind="case-study", title=name, councils=(ROCHDALE,), year=year),
        sections=told(*words),
        digest=name,
        published=str(values["published"]),
        sketch=sketch(name, told(*words)),
        read_at=datetime(2026, 3, 2, tzinfo=UTC),
    )


def kept(*texts: OwnText) -> dict[str, list[str]]:
    councils = Councils()
    found = grouped(Story.of(text, councils) for text in texts)
    return {name: [one.id for one in others] for name, others in found.items()}


def test_the_newest_is_kept_then_the_most_direct() -> None:
    story = prose(1)
    at_council = own("council", story, url="https://www.rochdale.gov.uk/a", year=2023)
    at_other = own("other", edited(story, 2), url="https://www.example.gov.uk/b", year=2023)
    elsewhere = own("web", [COOKIES[0], *story], url="https://example.com/c", year=2023)
    in_a_file = own("file", story, year=2023)
    newer = own("newer", edited(story, 3, seed=8), year=2025)
    different = own("different", prose(2), year=2020)
    assert kept(in_a_file, elsewhere, at_other, at_council, different) == {
        "council": ["other", "web", "file"],
        "different": [],
    }
    assert list(kept(at_council, newer)) == ["newer"]
    earlier = own("earlier", story, published="2023-03-01")
    later = own("later", story, published="2023-06-01")
    assert kept(earlier, later) == {"later": ["earlier"]}
    assert kept(later, earlier) == {"later": ["earlier"]}
    said = own("said", story, published="2025", year=2022)
    assert kept(said, earlier) == {"earlier": ["said"]}, "what it is said to be goes first"
    confirmed = replace(earlier, confirmed_at=later.read_at)
    assert kept(confirmed, later, newer) == {"earlier": ["newer", "later"]}


def test_what_is_only_like_a_double_is_a_story_of_its_own() -> None:
    first = prose(3)
    middle = edited(first, len(first) // 4, seed=1)
    last = edited(middle, len(first) // 2, seed=2)
    assert alike(first, last) < ALIKE
    found = kept(own("a", first, year=2025), own("b", middle, year=2024), own("c", last, year=2023))
    assert found == {"a": ["b"], "c": []}


def test_an_officers_suggestion_finds_what_it_may_be_the_same_as() -> None:
    story = prose(4)
    others = {
        "same": sketch("x", told(*story)),
        "near": sketch("y", told(*edited(story, 4))),
        "other": sketch("z", told(*prose(5))),
        "short": sketch("", told("Two words")),
    }
    assert others["short"] == b""
    assert likely(sketch("Mine", told(*story)), others) == ("same", "near")
    assert likely(b"", others) == ()


def test_a_long_text_is_told_by_its_beginning_in_little_time_and_512_bytes() -> None:
    sentence = " ".join(prose(6))
    held = sketch("Long", told(*(f"{place} {sentence}" for place in range(400))))
    assert len(held) == 512
