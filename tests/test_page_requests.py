"""What the page takes over real HTTP: each kind of request, and what it refuses in a sentence."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.conversation import (
    Asked,
    Command,
    Marked,
    Origin,
    Pressed,
    Submitted,
    complaint,
    complaint_with,
    praise,
)
from tests.page_site import ADDRESSES, ASKED, POST, REPLY, Site, site_served

MESSAGES = ADDRESSES[1]
WHY = {"reason": "It is about another council."}


def where_it_is(thread: str = "", person: str = "visitor") -> Origin:
    return Origin(
        *("practice", "digital-practice", thread, person, "page", person),
        alone=False,
        room="channel",
        place="digital-practice",
        link="",
    )


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with site_served() as served:
        yield served


async def test_each_kind_of_request_reaches_the_assistant(site: Site) -> None:
    where, alone = where_it_is("t-1"), where_it_is()
    other = where_it_is("t-1", "colleague")
    posted = [
        ASKED,
        {"type": "command", "name": "List", "text": "", "thread": "t-1"},
        {"type": "command"},
        {"type": "pressed", "action": "more", "value": "x", "thread": "t-1"},
        {"type": "submitted", "form": "ask", "values": {"nation": "w"}, "thread": "t-1"},
        {"type": "submitted", "form": "project", "values": {}, "key": "k-1", "thread": "t-1"},
        {"type": "marked", "text": "We lend laptops.\nSince May.", "thread": "t-1"},
        {"type": "pressed", "action": "accept", "value": "i-1", "as": "colleague", "thread": "t-1"},
        {"type": "marked", "text": "x", "author": "visitor", "as": "colleague", "thread": "t-1"},
        {"type": "asked", "text": "peers damp", "as": "visitor", "thread": "t-1"},
        {"type": "pressed", "action": "helped", "value": "f-1", "thread": "t-1"},
        {"type": "pressed", "action": "open", "value": "wrong:f-1", "thread": "t-1"},
        {"type": "submitted", "form": "wrong", "key": "f-1", "values": WHY, "thread": "t-1"},
    ]
    for body in posted:
        assert (await site.post(body)).status == 200
    assert site.heard == [
        Asked("What does inclusion mean?", where),
        Command("list", "", where),
        Command("", "", alone),
        Pressed("more", "x", where),
        Submitted("ask", {"nation": "w"}, where),
        Submitted("project", {}, where, "k-1"),
        Marked("We lend laptops.\nSince May.", "visitor", where),
        Pressed("accept", "i-1", other),
        Marked("x", "visitor", other),
        Command("peers", "damp", where),
        praise("f-1", where),
        complaint("f-1", where),
        complaint_with("f-1", WHY["reason"], where),
    ]


async def test_each_persons_messages_and_the_channels_posts_are_asked_for(site: Site) -> None:
    everyone = replace(where_it_is("", ""), address="digital-practice")
    people: tuple[dict[str, str], ...] = ({}, {"as": "visitor"}, {"as": "colleague"})
    replies = []
    for body in people:
        response = await site.post(body, MESSAGES)
        assert response.status == 200
        replies.append(await response.json())
    assert site.collectors[::2] == [where_it_is(), where_it_is(), where_it_is("", "colleague")]
    assert site.collectors[1::2] == [everyone] * 3
    messages = [[one["text"] for one in found["messages"]] for found in replies]
    assert messages == [[], [], [REPLY.text]]
    assert [[one["text"] for one in found["posts"]] for found in replies] == [[POST.text]] * 3


@pytest.mark.parametrize("body", [b"", [], {"as": ""}, {"as": ["visitor"]}, {"thread": "t-1"}])
async def test_messages_for_nobody_are_refused_in_a_sentence(site: Site, body: object) -> None:
    response = await site.post(body, MESSAGES)
    assert response.status == 400
    assert (await response.json())["error"].endswith(".")
    assert site.collectors == []


async def test_whoever_is_neither_person_is_told_who_there_is(site: Site) -> None:
    for path, body in zip(ADDRESSES, (ASKED, {}), strict=True):
        response = await site.post({**body, "as": "mayor"}, path)
        assert response.status == 400
        assert (await response.json())["error"] == '"as" must be one of visitor, colleague.'


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\u202edesrever", "\x00\x07", "x" * 9000])
async def test_odd_texts_are_the_assistants_to_answer(site: Site, text: str) -> None:
    assert (await site.post({"type": "asked", "text": text})).status == 200
    assert site.heard == [Asked(text, where_it_is())]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'"asked"',
        b"null",
        b"[" * 60_000,
        b'{"type": NaN}',
        b'{"type": "asked", "text": "\\ud800"}',
        {"text": "no type"},
        {"type": "other", "text": "x"},
        {"type": ["asked"], "text": "x"},
        {"type": "asked", "text": 7},
        {"type": "asked", "text": None},
        {"type": "asked", "text": "x", "thread": 7},
        {"type": "asked", "text": "x", "thread": "t" * 201},
        {"type": "asked", "text": "x", "thread": "t 1"},
        {"type": "asked", "text": "x", "thread": "t\n1"},
        {"type": "asked", "text": "x", "person": "someone else"},
        {"type": "asked", "text": "x", "community": "another"},
        {"type": "command", "name": "two words", "text": ""},
        {"type": "pressed", "value": "x"},
        {"type": "pressed", "action": "", "value": "x"},
        {"type": "pressed", "action": "more", "value": {}},
        {"type": "submitted", "form": "ask"},
        {"type": "submitted", "form": "ask", "values": []},
        {"type": "submitted", "form": "ask", "values": {"a": 1}},
        {"type": "submitted", "form": "ask", "values": {}, "key": 7},
        {"type": "submitted", "form": "ask", "values": {}, "key": "k" * 201},
        {"type": "submitted", "form": "ask", "values": {}, "key": "k\u202e1"},
        {"type": "pressed", "action": "more", "value": "x", "key": "k-1"},
        {"type": "marked", "text": 7},
        {"type": "marked", "text": "x", "author": "someone else"},
        {"type": "submitted", "form": "ask", "values": {str(n): "" for n in range(51)}},
    ],
)
async def test_what_the_page_would_never_send_is_refused_in_a_sentence(
    site: Site, body: object
) -> None:
    response = await site.post(body)
    assert response.status == 400
    assert (await response.json())["error"].endswith((".", '".'))
    assert site.heard == []


async def test_another_content_type_is_refused(site: Site) -> None:
    response = await site.post(ASKED, **{"Content-Type": "text/plain"})
    assert response.status == 415
    assert site.heard == []


async def test_too_long_a_request_is_refused_with_its_length_told_or_not(site: Site) -> None:
    long = json.dumps({"type": "asked", "text": "x" * 64 * 1024}).encode()

    async def in_pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(long), 8192):
            yield long[at : at + 8192]

    told = await site.post(long)
    untold = await site.session.post(
        site.server.make_url("/page/requests"),
        data=in_pieces(),
        headers={"Content-Type": "application/json", "Origin": f"http://{site.host}"},
    )
    assert [told.status, untold.status] == [413, 413]
    assert "shorter" in (await told.json())["error"]
    assert site.heard == []
