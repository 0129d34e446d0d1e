"""One table of replies through Slack, Teams, the page and the terminal."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.conversation import Action, Choice, Citation, Field, Form, Outcome, Reply
from bot.showing import NOT_ALL
from bot.slack import blocks, modals
from bot.teams import cards, fields
from bot.terminal import shown
from bot.web.page import as_json
from tests import schemas

FIFE = Citation(
    1, "a", "case-study", "Damp sensors", "https://a.example/x?a=1&b=2", "It fell.", ("Fife",), 2023
)
YORK = Citation(2, "b", "outcome", "Data", "https://b.example/", "It rose.")
SENTENCE = "The council moved its records to one place and saved time. [1]\n\n"
FORM = Form(
    "ask",
    "Ask about digital outcomes",
    (
        Field("question", "Your question", "paragraph", hint="For example: damp sensors?"),
        Field("nation", "Where", "choice", required=False, choices=(Choice("a", "Anywhere"),)),
    ),
)
MARKS = (
    "<!channel>", "<!here>", "@here", "@everyone", "<@U123>", "<#C1|general>", "<at>All</at>",
    "<https://evil.example|https://good.example>", "[good.example](https://evil.example)",
    "![x](https://evil.example/x.png)", "https://evil.example", "[1](https://evil.example)",
    "[1]: https://evil.example", "*bold*", "_it_", "~no~", "`code`", "```", "> quote", "# head",
    "1. one", "- item", "| a | b |", "---", "&lt;!channel&gt;", "&#60;b&#62;", "<b>x</b>",
    "<script>alert(1)</script>", "\u202e", "\u200b", "\x00", "\ud83d", "\n", "\n\n", "\\", "]", ")",
    "good.example", "mailto:x@evil.example", "javascript:alert(1)", "www.evil.example", " ", "£27",
)  # fmt: skip
HOSTILE = "Hello " + " ".join(MARKS)

TABLE = {
    "plain": Reply("help", "Hello."),
    "answered": Reply(
        "answered",
        "Fife: “It fell.” [1]\n\n- York: “It rose.” [2]",
        (FIFE, YORK),
        (Outcome("value", "Value", judged=True),),
        ("Fife Council",),
        (Action("about", "More on Fife", "a"),),
        heading="who has damp sensors?",
    ),
    "long": Reply("answered", SENTENCE * 400, (FIFE,), id="x"),
    "long without an end": Reply("answered", "x" * 60_000),
    "none found": Reply("unsure", "I don't have that. The nearest I have: “It fell.” [1]", (FIFE,)),
    "clarify": Reply(
        "clarify",
        "Which do you mean?",
        actions=tuple(Action("ask", f"Choice {n}", f"about {n}") for n in range(30)),
    ),
    "form": Reply("help", "Fill in the form.", form=FORM),
    "failed": Reply("failed", "Sorry, something went wrong. Reference: ref-1."),
    "many sources": Reply(
        "answered",
        " ".join(f"[{n}]" for n in range(1, 31)),
        tuple(replace(FIFE, number=n, title="t" * 500) for n in range(1, 31)),
    ),
    "hostile": Reply(
        "answered",
        f"{HOSTILE} [1]",
        (replace(FIFE, title=HOSTILE, quote=HOSTILE, councils=(HOSTILE,)),),
        (Outcome("data", HOSTILE),),
        (HOSTILE,),
        (Action("about", HOSTILE, HOSTILE),),
        Form("ask", HOSTILE, (Field("q", HOSTILE, hint=HOSTILE),)),
        heading=HOSTILE,
    ),
    "disguised": Reply(
        "answered",
        "It fell. [1]",
        (replace(FIFE, title="https://good.example", url="https://evil.example/"),),
    ),
    "no address": Reply("answered", "It fell. [1]", (replace(FIFE, url="javascript:alert(1)"),)),
    "empty": Reply("answered", ""),
}  # fmt: skip
CARD_SCHEMA = "adaptivecards/adaptive-card-1.5.0.json"
EVERY = pytest.mark.parametrize("reply", TABLE.values(), ids=TABLE)


def strings(value: object) -> Iterator[str]:
    """Every text in a piece of JSON, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def parsed(text: str) -> list[Token]:
    """Markdown as a reader sees it, every level in one list; HTML and bare links are known."""
    tokens: list[Token] = []
    waiting = MarkdownIt("commonmark", {"html": True}).parse(text)
    while waiting:
        token = waiting.pop(0)
        tokens.append(token)
        waiting = [*(token.children or ()), *waiting]
    return tokens


@EVERY
def test_every_channel_has_a_complete_plain_text(reply: Reply) -> None:
    slack = blocks.message(reply)
    teams: dict[str, Any] = cards.activity(reply)
    for text in (slack["text"], teams["text"], shown(reply) or "x", as_json(reply)["text"] or "x"):
        assert str(text).strip()
    for citation in reply.citations[:2]:
        assert f"[{citation.number}]" in str(slack["text"])
        assert f"[{citation.number}]" in str(teams["text"])


@EVERY
def test_slack_calls_nobody_and_reads_no_foreign_marks(reply: Reply) -> None:
    message = blocks.message(replace(reply, following=True), private=True)
    assert "mrkdwn" not in json.dumps(message["blocks"])
    text = str(message["text"])
    assert not re.search("[<>]", text)
    assert not re.search(r"@(?:here|channel|everyone)\b", text)


@EVERY
def test_teams_draws_only_our_own_marks(reply: Reply) -> None:
    message: dict[str, Any] = cards.activity(reply)
    tokens = parsed(message["text"])
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_inline", "html_block", "image", "heading_open", "code_block", "fence"}
    addresses = {one.url for one in reply.citations}
    for token in tokens:
        if token.type == "link_open":
            assert token.attrs["href"] in addresses
    assert len(message["entities"]) == 1
    assert "mention" not in json.dumps(message["entities"][0]["type"])


@EVERY
def test_the_limits_of_teams_are_kept(reply: Reply) -> None:
    message: dict[str, Any] = cards.activity(reply)
    assert len(json.dumps(message, ensure_ascii=False).encode("utf-16")) < 80_000
    claims = message["entities"][0]["citation"]
    assert len(claims) <= 10
    for claim in claims:
        appearance = claim["appearance"]
        assert 0 < len(appearance["name"]) <= 80
        assert 0 < len(appearance["abstract"]) <= 160
        assert len(appearance["keywords"]) <= 3
        assert all(len(word) <= 28 for word in appearance["keywords"])
        assert appearance.get("url", "https:").startswith("https:")
    for attached in message["attachments"]:
        assert len(attached["content"]["actions"]) <= 6
        assert attached["content"]["version"] == "1.5"


@EVERY
def test_cards_are_as_the_official_schema_has_them(reply: Reply) -> None:
    message: dict[str, Any] = cards.activity(reply)
    for attached in message["attachments"]:
        assert schemas.faults(attached["content"], CARD_SCHEMA) == []
    assert schemas.faults(cards.form_card(FORM, "Write a question."), CARD_SCHEMA) == []
    assert schemas.faults(cards.note_card("Thank you."), CARD_SCHEMA) == []


@EVERY
def test_nothing_shown_turns_its_direction_or_hides(reply: Reply) -> None:
    for message in (blocks.message(reply), cards.activity(reply)):
        written = "".join(strings(message))
        assert not re.search("[\u202a-\u202e\u200b\x00\ud800-\udfff]", written)


def test_a_link_never_shows_another_address() -> None:
    reply = TABLE["disguised"]
    teams: dict[str, Any] = cards.activity(reply)
    assert "[https" not in teams["text"]
    for token in parsed(teams["text"]):
        assert token.type != "link_open"
    links = re.findall(
        r'"type": "link", "url": "([^"]+)", "text": "([^"]+)"', json.dumps(blocks.message(reply))
    )
    assert links == [("https://evil.example/", "https://evil.example/")]


def test_what_is_no_web_address_becomes_no_link() -> None:
    for message in (blocks.message(TABLE["no address"]), cards.activity(TABLE["no address"])):
        assert "javascript" not in json.dumps(message)


def test_a_long_answer_ends_at_a_sentence_and_offers_the_rest() -> None:
    reply = TABLE["long"]
    slack: dict[str, Any] = blocks.message(reply)
    assert slack["text"].partition("\n\nSources")[0].endswith("saved time. [1]")
    more = slack["blocks"][-1]["elements"][-1]
    offset = int(more["value"].partition(":")[2])
    assert reply.body[offset:].startswith("The council")
    teams: dict[str, Any] = cards.activity(reply)
    data = teams["attachments"][0]["content"]["actions"][-1]["data"]
    assert data["action"] == "more"
    assert reply.body[int(data["value"].partition(":")[2]) :].startswith("The council")


def test_what_is_cut_and_not_kept_says_so() -> None:
    cut = TABLE["long without an end"]
    assert NOT_ALL in str(blocks.message(cut)["text"])
    assert NOT_ALL in str(cards.activity(cut)["text"])
    assert NOT_ALL not in str(blocks.message(TABLE["long"])["text"])


def test_a_thousand_strings_call_nobody_and_disguise_no_link() -> None:
    chance = random.Random(7)
    for _ in range(1_000):
        said = "".join(chance.choice(MARKS) for _ in range(chance.randint(1, 12)))
        citation = replace(FIFE, title=said, quote=said, councils=(said,))
        reply = Reply("answered", f"{said} [1]", (citation,), councils=(said,), heading=said)
        test_slack_calls_nobody_and_reads_no_foreign_marks(reply)
        test_teams_draws_only_our_own_marks(reply)


def test_a_form_asks_the_same_everywhere() -> None:
    modal: dict[str, Any] = modals.modal(FORM, "{}")
    card: dict[str, Any] = cards.form_card(FORM)
    asked = [one["label"]["text"] for one in modal["blocks"]]
    assert asked == ["Your question", "Where"]
    assert [one["label"] for one in card["body"][1:]] == asked
    assert as_json(TABLE["form"])["form"]
    state: dict[str, dict[str, Any]] = {
        "field:question": {"value": {"value": "who?"}},
        "field:nation": {"value": {"selected_option": {"value": "a"}}},
    }
    filled = {"form": "ask", "field:question": "who?", "field:nation": "a"}
    assert modals.values(state) == fields.values(filled) == {"question": "who?", "nation": "a"}
