"""Replies whose sources are links in their lines, and how projects spread, as Teams shows them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from bot.conversation import Action, Citation, Outcome, Reply, Share, Spread
from bot.teams import cards
from tests.test_renderers import HOSTILE, MARKS, parsed

TRANSLATING = Citation(
    3, "a", "case-study", "Translating with AI", "https://a.example/x?a=1&b=2", "It fell."
)
SENSORS = Citation(4, "b", "project", "Damp sensors", "https://b.example/", "It rose.")
IN_CHAT = Citation(5, "c", "project", "Robots", "", "It ran.")
SPREAD = Spread(
    "How our projects spread",
    (
        Share(Outcome("services", "Services"), 12),
        Share(Outcome("organisational-capability", "Organisational capability"), 1),
        Share(Outcome("ethics", "Ethics"), 0),
    ),
)
PAGE = "https://teams.microsoft.com/l/message/19%3Aa%40thread.tacv2/1?tenantId=t&groupId=g"


def shown(body: str, *citations: Citation, spread: Spread | None = None) -> dict[str, Any]:
    reply = Reply("answered", body, citations, linked=True, spread=spread)
    message: dict[str, Any] = cards.activity(reply)
    return message


def links(message: dict[str, Any]) -> list[tuple[str, str]]:
    """The words of each link as a reader sees them, and where it leads."""
    found: list[tuple[str, str]] = []
    inside = False
    for token in parsed(message["text"]):
        if token.type == "link_open":
            inside = True
            found.append(("", str(token.attrs["href"])))
        elif token.type == "link_close":
            inside = False
        elif inside and token.type in ("text", "text_special"):
            words, url = found[-1]
            found[-1] = (words + token.content, url)
    return found


def test_the_title_is_the_link_and_no_source_is_listed() -> None:
    body = "Value\n\n- Translating with AI, Swindon, 2024 [3]\n- New: Damp sensors [4]"
    message = shown(body, TRANSLATING, SENSORS)
    assert message["text"] == (
        "Value\n\n"
        "- [Translating with AI](https://a.example/x?a=1&amp;b=2), Swindon, 2024\n"
        "- New: [Damp sensors](https://b.example/)"
    )
    assert links(message) == [(one.title, one.url) for one in (TRANSLATING, SENSORS)]
    (label,) = message["entities"]
    assert (label["additionalType"], label["citation"]) == (["AIGeneratedContent"], [])


def test_two_sources_in_a_line_and_teams_own_links() -> None:
    message = shown("- Damp sensors and Translating with AI [3] [4]", TRANSLATING, SENSORS)
    assert [words for words, _ in links(message)] == ["Damp sensors", "Translating with AI"]
    message = shown("- Damp sensors [4]", replace(SENSORS, url=PAGE))
    assert links(message) == [("Damp sensors", PAGE)]


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Something else [4]", SENSORS),
        ("Damp sensorship [4]", SENSORS),
        ("good.example [4]", replace(SENSORS, title="good.example")),
        ("https://good.example [4]", replace(SENSORS, title="https://good.example")),
        ("Damp sensors [4]", replace(SENSORS, url="javascript:alert(1)")),
        ("Damp sensors [4]", replace(SENSORS, url="https://good.example@evil.example/")),
        ("[4]", replace(SENSORS, title="")),
    ],
)
def test_what_cannot_be_a_link_keeps_its_number_and_is_listed(line: str, source: Citation) -> None:
    message = shown(f"- {line}", source)
    first, _, sources = message["text"].partition("**Sources**")
    assert first.rstrip().endswith("[4]")
    assert "&#91;4&#93;" in sources
    assert "](" not in first
    assert "javascript" not in json.dumps(message)
    (claim,) = message["entities"][0]["citation"]
    assert claim["position"] == 4


def test_what_stands_in_chat_alone_is_plain_words() -> None:
    message = shown("- Robots, Fife [5]\n- Damp sensors [4]", IN_CHAT, SENSORS)
    assert message["text"] == "- Robots, Fife\n- [Damp sensors](https://b.example/)"
    assert message["entities"][0]["citation"] == []


def test_a_source_linked_in_one_line_and_not_in_another_is_listed() -> None:
    message = shown("- Damp sensors [4]\n- The same again [4]", SENSORS)
    first, second = message["text"].split("\n")[:2]
    assert (first, second) == ("- [Damp sensors](https://b.example/)", "- The same again [4]")
    assert "**Sources**" in message["text"]


def test_bars_stand_below_the_body_each_on_its_line() -> None:
    message = shown("- Damp sensors [4]", SENSORS, spread=SPREAD)
    assert message["text"].partition("\n\n")[2] == (
        "**How our projects spread**\n\n"
        f"- {'█' * 12} Services 12\n- █ Organisational capability 1\n\n"
        "None yet: Ethics."
    )
    none = Spread("None", (Share(Outcome("data", "Data"), 0),))
    assert shown("Quiet.", spread=none)["text"] == "Quiet.\n\n**None**\n\nNone yet: Data."


def test_hostile_titles_and_names_draw_only_our_links() -> None:
    chance = random.Random(8)
    marks = (*MARKS, "!", "![", "[4]", "[9]", "](", "**")
    for _ in range(200):
        said, name = (
            "".join(chance.choice(marks) for _ in range(chance.randint(1, 6))) for _ in "12"
        )
        source = replace(SENSORS, title=name)
        spread = Spread(said, (Share(Outcome("data", said), 2), Share(Outcome("v", name), 0)))
        message = shown(f"- {said} {name} {said} [4]\n- {said}Damp [4]", source, spread=spread)
        tokens = parsed(message["text"])
        kinds = {token.type for token in tokens}
        assert not kinds & {"html_inline", "html_block", "image", "heading_open", "fence"}
        for words, url in links(message):
            assert url == SENSORS.url
            assert words == url or ".example" not in words


def test_a_long_digest_of_hostile_texts_fits() -> None:
    many = tuple(replace(SENSORS, number=n, title=f"{HOSTILE} {n}") for n in range(1, 40))
    body = "\n".join(f"- {one.title} [{one.number}]" for one in many)
    message = shown(body, *many, spread=SPREAD)
    assert len(json.dumps(message, ensure_ascii=False).encode()) < 28 * 1024
    assert len(message["entities"][0]["citation"]) <= 10


def test_the_buttons_of_a_digest_are_all_there_six_a_card() -> None:
    offered = tuple(Action("project", f"About {n}", str(n)) for n in range(30))
    for linked, shown_there in ((False, [6]), (True, [6, 6])):
        message: dict[str, Any] = cards.activity(
            Reply("answered", "Value", actions=offered, linked=linked)
        )
        sets = [one["content"]["actions"] for one in message["attachments"]]
        assert [len(each) for each in sets] == shown_there
        values = [one["data"]["value"] for each in sets for one in each]
        assert values == [str(n) for n in range(len(values))]


def test_an_open_question_is_named_as_such() -> None:
    question = replace(SENSORS, kind="question", title="")
    (claim,) = shown("- Who has robots? [4]", question)["entities"][0]["citation"]
    assert claim["appearance"]["keywords"] == ["Question"]
