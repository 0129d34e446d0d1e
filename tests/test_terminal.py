"""The terminal as a channel, against an assistant that answers as told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from bot.conversation import Alike, Asked, Citation, Outcome, Peer, Reply, Request
from bot.paper import without_halves
from bot.terminal import (
    ASK,
    PEERS,
    BatchLineInvalid,
    Line,
    Terminal,
    answer_json,
    read_line,
    shown,
)

CITATION = Citation(
    1, "a-text", "case-study", "Mesh", "https://a.org/x", "It is so.", ("Fife Council",), 2022
)
ANSWER = Reply(
    "answered",
    "Fife (2022): “It is so.” [1]",
    (CITATION,),
    (Outcome("inclusion", "Inclusion"),),
    ("Fife Council",),
)


class Heard:
    """An assistant that keeps what it was asked and answers all of it alike."""

    def __init__(self) -> None:
        self.requests: list[Asked] = []

    async def handle(self, request: Request) -> Reply:
        assert isinstance(request, Asked)
        self.requests.append(request)
        return ANSWER


def terminal(heard: Heard, out: io.StringIO, *, as_lines: bool = True) -> Terminal:
    ticks = iter(range(0, 100, 2))
    return Terminal(heard.handle, ASK, "run", out, as_lines=as_lines, seconds=lambda: next(ticks))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ('{"id": "a", "text": "wifi?"}', Line("a", "wifi?", "")),
        ('{"id": 7, "text": "", "thread": 3, "more": []}', Line("7", "", "3")),
        ('{"id": "a", "text": "\\ud83d\\ude00 \\ud800", "thread": null}', Line("a", "😀 �", "")),
    ],
)
def test_a_line_of_a_batch_is_read(source: str, line: Line) -> None:
    assert read_line(source) == line


@pytest.mark.parametrize(
    "source", ["wifi?", "[]", "{}", '{"id": 1}', '{"text": "wifi"}', '{"id": 1, "text": 2}', '"x"']
)
def test_a_line_that_is_none_is_refused(source: str) -> None:
    with pytest.raises(BatchLineInvalid):
        read_line(source)


def test_halves_of_characters_are_marked_and_whole_ones_kept() -> None:
    assert without_halves("caf\udce9 😀") == "caf� 😀"


def test_a_reply_is_shown_with_its_sources() -> None:
    assert shown(ANSWER) == (
        "Fife (2022): “It is so.” [1]\n\nOutcomes: Inclusion.\n\nCouncils: Fife Council.\n\n"
        "Sources\n[1] Mesh (Fife Council, 2022)\n    https://a.org/x"
    )
    assert shown(Reply("help", "Hello.")) == "Hello."


def test_the_json_is_the_contracts() -> None:
    assert answer_json(ANSWER) == {
        "status": "answered",
        "text": ANSWER.text,
        "citations": [
            {
                "n": 1,
                "document": "a-text",
                "kind": "case-study",
                "title": "Mesh",
                "url": "https://a.org/x",
                "quote": "It is so.",
            }
        ],
        "outcomes": ["inclusion"],
        "councils": ["Fife Council"],
    }


def test_no_peer_is_named_in_the_json() -> None:
    reply = Reply(
        "answered",
        "Fife did.",
        alike=(Alike("Fife Council", ("a-text", "b-text"), "It fitted sensors."),),
        peers=(Peer("p-1", "Anytown Borough Council", "Offers it."), Peer("p-2", "", "Did it.")),
    )
    assert PEERS.row(reply) == {
        "status": "answered",
        "text": "Fife did.",
        "councils": [
            {
                "name": "Fife Council",
                "documents": ["a-text", "b-text"],
                "why": "It fitted sensors.",
            }
        ],
        "people": [
            {
                "name": "An officer at Anytown Borough Council",
                "council": "Anytown Borough Council",
                "why": "Offers it.",
            },
            {"name": "An officer", "council": "", "why": "Did it."},
        ],
    }


async def test_a_batch_is_answered_in_order_with_its_threads_kept_apart() -> None:
    heard, out, explained = Heard(), io.StringIO(), list[str]()
    lines = [
        '{"id": 1, "text": "one", "thread": "a"}',
        "",
        "not json",
        '{"id": 2, "text": "two"}',
        '{"id": 3, "text": "three", "thread": "a"}',
        '{"id": 4}',
        '{"id": 5, "text": "five", "thread": "b"}',
    ]
    assert await terminal(heard, out).batch(lines, explained.append) == 2
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [one["id"] for one in answers] == ["1", "2", "3", "5"]
    assert {one["elapsed_ms"] for one in answers} == {2000}
    assert [one.split(":")[0] for one in explained] == ["line 3", "line 6"]
    threads = [request.origin.thread for request in heard.requests]
    assert threads == ["run/a", "", "run/a", "run/b"]


@pytest.mark.parametrize("as_lines", [True, False])
async def test_a_conversation_is_one_thread_until_an_empty_line(as_lines: bool) -> None:
    heard, out = Heard(), io.StringIO()
    typed: Iterator[str] = iter(["one", " two ", "", "never read"])
    await terminal(heard, out, as_lines=as_lines).converse(lambda _: next(typed))
    assert [request.text for request in heard.requests] == ["one", "two"]
    assert len({request.origin.thread for request in heard.requests}) == 1
    if as_lines:
        assert [json.loads(line)["id"] for line in out.getvalue().splitlines()] == ["1", "2"]
    else:
        assert out.getvalue().count(shown(ANSWER)) == 2


class Window(io.StringIO):
    """What is written to is seen in a window."""

    def isatty(self) -> bool:
        return True


async def test_lines_are_broken_between_words_in_a_window_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    words = "- “Sensors warn tenants of damp.” [1]\n    https://anytown.example/a-long-address"
    for out, seen in (
        (Window(), "- “Sensors warn tenants\n  of damp.” [1]\n    https://anytown.example/a-long-"),
        (io.StringIO(), words[:70]),
    ):

        async def handle(_: Request) -> Reply:
            return Reply("answered", words)

        await Terminal(handle, ASK, "run", out, as_lines=False).ask(Line("1", "damp", ""))
        assert seen in out.getvalue()
        assert out.getvalue().endswith("address\n")
