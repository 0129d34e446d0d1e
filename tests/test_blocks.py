"""Replies as Slack's own library reads them: every limit kept, and nothing lost."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.conversation import Action, Citation, Field, Form, Outcome, Reply, Share, Spread
from bot.showing import names_address
from bot.slack.blocks import FOLLOWING, PRIVATE, escape, message, whole
from tests.test_renderers import MARKS

SOURCE = Citation(
    1, "a", "case-study", "Damp sensors", "https://a.example/x", "It fell.", ("Example",), 2023
)
HOSTILE = (
    "<!channel> <!here> @everyone <@U0OTHER> <#C1|x> <https://evil.example|https://good.example>"
    " *bold* _it_ ~no~ `code` ``` > quote &lt;!channel&gt; \u202e \u200b \x00 \ud83d £27 https://x.y"
)
SENTENCE = "The council moved its records to one place and saved time. [1]\n\n"
MANY = tuple(
    replace(SOURCE, number=n, title="t" * 300, url=f"https://a.example/{n}") for n in range(1, 31)
)
LAPTOPS = replace(SOURCE, number=2, title="Laptops for all", url="https://a.example/laptops")
IN_CHAT = replace(SOURCE, number=3, title="Meals on wheels", url="")
FAR = tuple(replace(one, title="t" * 90, url=one.url + "x" * 700) for one in MANY)
SPREAD = Spread(
    "Where our 9 projects are",
    (
        Share(Outcome("value", "Value for money"), 6),
        Share(Outcome("data", "Data"), 3),
        Share(Outcome("inclusion", "Inclusion"), 0),
    ),
)
DIGEST = Reply(
    "answered",
    "New this week\n\n- Damp sensors, Example, 2023 [1]\n- Meals on wheels, York [3]\n\nExplained\n"
    "Laptops for all is about people. [2]",
    (SOURCE, LAPTOPS, IN_CHAT),
    actions=(Action("open", "I can help", "answer:7"),),
    linked=True,
    spread=SPREAD,
)
TABLE = {
    "digest": DIGEST,
    "long digest": replace(
        DIGEST,
        id="kept",
        body="\n\n".join(f"- {one.title}, Example [{one.number}]" for one in FAR),
        citations=FAR,
        spread=Spread("s" * 900, (Share(Outcome("data", "n" * 900), 9**30),) * 40),
    ),
    "hostile digest": replace(
        DIGEST,
        body=f"{HOSTILE}\n\n- {HOSTILE} [1]\n- {HOSTILE} [2]",
        citations=(replace(SOURCE, title=HOSTILE), replace(LAPTOPS, title="good", url=HOSTILE)),
        spread=Spread(HOSTILE, (Share(Outcome("data", HOSTILE), 1), Share(Outcome("x", ""), 0))),
    ),
    "spread alone": Reply("answered", "", spread=SPREAD),
    "plain": Reply("help", "Hello."),
    "answered": Reply(
        "answered",
        "It fell. [1]\n\n- in one home\n- in another\n\nThat is all.",
        (SOURCE,),
        (Outcome("value", "Value", judged=True),),
        ("Example Council",),
        (Action("about", "More on it", "a"),),
        heading="who has damp sensors?",
        id="kept",
    ),
    "long": Reply("answered", SENTENCE * 400, (SOURCE,), id="kept"),
    "one word": Reply("answered", "x" * 60_000, id="kept"),
    "escaped": Reply("answered", "<&>" * 20_000, id="kept"),
    "wide": Reply("answered", "😀" * 20_000, id="kept"),
    "many lines": Reply("answered", "\n\n".join("- item\n\nline" for _ in range(900)), id="kept"),
    "many sources": Reply("answered", " ".join(f"[{n}]" for n in range(1, 31)), MANY, id="kept"),
    "many buttons": Reply(
        "clarify", "Which?", actions=tuple(Action("ask", "b" * 200, "v" * n) for n in range(99))
    ),
    "too long to come back": Reply("clarify", "Which?", actions=(Action("ask", "x", "v" * 3000),)),
    "hostile": Reply(
        "answered",
        HOSTILE,
        (replace(SOURCE, title=HOSTILE, quote=HOSTILE, councils=(HOSTILE,)),),
        (Outcome("data", HOSTILE),),
        (HOSTILE,),
        (Action("about", HOSTILE, HOSTILE), Action("x", "\u200b")),
        Form("ask", HOSTILE, (Field("q", HOSTILE),)),
        heading=HOSTILE,
    ),
    "empty": Reply("answered", ""),
}
EVERY = pytest.mark.parametrize("reply", TABLE.values(), ids=TABLE)


def parts(value: object) -> Iterator[dict[str, Any]]:
    """Every object in a piece of JSON, however deep."""
    if isinstance(value, dict):
        yield value
        for one in value.values():
            yield from parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from parts(one)


def seen(block: dict[str, Any]) -> str:
    return "".join(one["text"] for one in parts(block) if isinstance(one.get("text"), str))


@EVERY
@pytest.mark.parametrize("private", [False, True])
def test_the_limits_of_slack_are_kept(reply: Reply, private: bool) -> None:
    said: dict[str, Any] = message(replace(reply, following=not private), private=private)
    assert 0 < len(said["text"]) < 40_000
    written = said["blocks"]
    assert 0 < len(written) <= 50
    assert len(json.dumps(written, ensure_ascii=False)) <= 13_200
    for block, read in zip(written, Block.parse_all(written), strict=True):
        read.validate_json()
        assert read.type == block["type"]
    for one in parts(written):
        if "text" in one and isinstance(one["text"], str):
            assert 0 < len(one["text"]) <= 3000
        if one.get("type") == "button":
            assert 0 < len(one["text"]["text"]) <= 75
            assert len(one.get("value", "")) <= 2000
            assert len(one["action_id"]) <= 255
        if one.get("type") in ("actions", "context"):
            most = 25 if one["type"] == "actions" else 10
            assert 0 < len(one["elements"]) <= most
    ids = [one["action_id"] for one in parts(written) if "action_id" in one]
    assert len(ids) == len(set(ids))


@EVERY
def test_the_text_says_what_the_blocks_show(reply: Reply) -> None:
    said: dict[str, Any] = message(reply)
    shown = "".join(seen(block) for block in said["blocks"] if block["type"] != "actions")
    text = said["text"].partition("\n\nSources\n")[0] if reply.linked else said["text"]
    words = [word for word in text.split() if word != "-" and "/" not in word]
    if reply.linked:  # its titles are links, in the place of numbers
        words = [word for word in words if word[:1] != "["]
    assert all(word in escape(shown).split() or word in escape(shown) for word in words)


@EVERY
def test_without_its_blocks_nothing_is_missing(reply: Reply) -> None:
    text = whole(replace(reply, following=True), private=True)
    assert len(text) < 40_000
    assert text.endswith(f"{PRIVATE}\n\n{FOLLOWING}")
    assert len(text) >= min(len(reply.body), 20_000)
    assert "<" not in text


def test_nobody_is_called_and_no_link_is_disguised() -> None:
    said: dict[str, Any] = message(replace(TABLE["hostile"], following=True), private=True)
    text = said["text"]
    assert not any(mark in text for mark in ("<", ">", "@everyone", "@here"))
    for one in parts(said["blocks"]):
        assert one.get("type") not in ("mrkdwn", "user", "usergroup", "broadcast", "channel")
        if one.get("type") == "link":
            assert one["url"] == "https://a.example/x"
            assert "good.example" not in one.get("text", one["url"])


@EVERY
def test_a_long_answer_goes_on_where_it_was_cut(reply: Reply) -> None:
    said: dict[str, Any] = message(reply)
    more = [
        one for one in parts(said["blocks"]) if one.get("action_id", "").startswith("press:more")
    ]
    if not more:
        assert len(reply.body) < 3_000
        return
    start = int(more[0]["value"].partition(":")[2])
    assert 0 < start < len(reply.body)
    begun = "".join(reply.body[:start].replace("- ", "").split())
    begun = re.sub(r"\[\d+\]$", "", begun) if reply.linked else begun
    assert begun.endswith("".join(seen(said["blocks"][0]).split())[-20:])


def test_only_an_answer_that_is_kept_can_be_shared() -> None:
    def shares(reply: Reply, *, private: bool) -> bool:
        return "press:share" in json.dumps(message(reply, private=private))

    assert shares(TABLE["answered"], private=True)
    assert not shares(TABLE["answered"], private=False)
    assert not shares(replace(TABLE["answered"], id=""), private=True)
    assert not shares(TABLE["plain"], private=True)


def links(said: dict[str, Any]) -> list[tuple[str, str]]:
    found = [one for one in parts(said["blocks"]) if one.get("type") == "link"]
    return [(one["text"], one["url"]) for one in found]


def lines(said: dict[str, Any]) -> list[str]:
    """What is read, a line each; items of a list are marked."""
    told: list[str] = []
    for block in said["blocks"]:
        for element in block["elements"] if block["type"] == "rich_text" else ():
            if element["type"] == "rich_text_list":
                told += [f"- {seen(one)}" for one in element["elements"]]
            else:
                told += seen(element).strip().split("\n")
    return told


def test_the_titles_of_a_digest_are_its_links() -> None:
    said: dict[str, Any] = message(DIGEST)
    assert links(said) == [(SOURCE.title, SOURCE.url), (LAPTOPS.title, LAPTOPS.url)]
    assert lines(said) == [
        "New this week",
        "- Damp sensors, Example, 2023",
        "- Meals on wheels, York",
        "Explained",
        "Laptops for all is about people.",
        "Where our 9 projects are",
        "████████████ Value for money 6",
        "██████ Data 3",
        "None yet: Inclusion.",
    ]


def test_the_text_of_a_digest_has_every_source_and_no_bar() -> None:
    for text in (str(message(DIGEST)["text"]), whole(DIGEST)):
        assert "- Damp sensors, Example, 2023 [1]" in text
        assert "Value for money 6\n" in text
        assert "None yet: Inclusion." in text
        assert "[1] Damp sensors (Example, 2023) https://a.example/x" in text
        assert "[2] Laptops for all" in text
    assert "█" not in str(message(DIGEST)["text"]), "a screen reader says each"
    assert "██████ Data 3" in whole(DIGEST)


@pytest.mark.parametrize(
    ("line", "source", "shown", "listed"),
    [
        ("- Damp sensors, York [1]", SOURCE, "Damp sensors, York", False),
        ("- Robots, York [1]", SOURCE, "Robots, York [1]", True),
        ("- damp sensors, York [1]", SOURCE, "damp sensors, York [1]", True),
        ("- Damp sensorship, York [1]", SOURCE, "Damp sensorship, York [1]", True),
        ("- Damp sensors [1] and more", SOURCE, "Damp sensors [1] and more", True),
        ("- Damp sensors.example [1]", SOURCE, "Damp sensors.example [1]", True),
        ("- a.example now [1]", replace(SOURCE, title="a.example"), "a.example now [1]", True),
        ("- Damp sensors [1]", replace(SOURCE, url="javascript:x"), "Damp sensors [1]", True),
        ("- Damp sensors [1]", replace(SOURCE, url=" "), "Damp sensors", False),
        ("- Damp sensors [1]", replace(SOURCE, title=" "), "Damp sensors [1]", True),
        ("- Damp sensors [9]", SOURCE, "Damp sensors [9]", False),
        ("- [1]", SOURCE, "[1]", True),
    ],
)
def test_where_a_title_cannot_be_the_link_the_source_is_listed(
    line: str, source: Citation, shown: str, listed: bool
) -> None:
    said: dict[str, Any] = message(replace(DIGEST, body=line, citations=(source,), spread=None))
    first, *rest = lines(said)
    assert first == f"- {shown}"
    assert bool(rest) is listed
    assert all(words in (source.title, url, "Source 1") for words, url in links(said))


def test_two_sources_of_a_line_are_two_links() -> None:
    body = "Damp sensors and Laptops for all, then Damp sensors [2] [1]"
    said: dict[str, Any] = message(replace(DIGEST, body=body, spread=None))
    assert links(said) == [(SOURCE.title, SOURCE.url), (LAPTOPS.title, LAPTOPS.url)]
    assert lines(said) == ["Damp sensors and Laptops for all, then Damp sensors"]


def test_what_is_not_linked_keeps_its_numbers_and_its_list() -> None:
    said: dict[str, Any] = message(replace(DIGEST, linked=False, spread=None))
    assert "- Damp sensors, Example, 2023 [1]" in lines(said)
    assert "[3] Meals on wheels (Example, 2023)" in lines(said)


def test_no_title_of_a_thousand_disguises_a_link() -> None:
    chance = random.Random(6)
    for _ in range(1_000):
        title = "".join(chance.choice((*MARKS, "Damp ", "sensors")) for _ in range(3))
        line = f"{chance.choice(MARKS)}{title}{chance.choice(MARKS)}"
        source = replace(SOURCE, title=title)
        said: dict[str, Any] = message(replace(DIGEST, body=f"- {line} [1]", citations=(source,)))
        for words, url in links(said):
            assert url == SOURCE.url
            assert words == url or not names_address(words)
        assert "mrkdwn" not in json.dumps(said["blocks"])
