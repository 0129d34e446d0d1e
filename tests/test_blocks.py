"""Replies as Slack's own library reads them: every limit kept, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.models.blocks import Block

from bot.conversation import Action, Citation, Field, Form, Outcome, Reply
from bot.slack.blocks import FOLLOWING, PRIVATE, escape, message, whole

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
TABLE = {
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
    words = [word for word in said["text"].split() if word != "-" and "/" not in word]
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
    assert begun.endswith("".join(seen(said["blocks"][0]).split())[-20:])


def test_only_an_answer_that_is_kept_can_be_shared() -> None:
    def shares(reply: Reply, *, private: bool) -> bool:
        return "press:share" in json.dumps(message(reply, private=private))

    assert shares(TABLE["answered"], private=True)
    assert not shares(TABLE["answered"], private=False)
    assert not shares(replace(TABLE["answered"], id=""), private=True)
    assert not shares(TABLE["plain"], private=True)
