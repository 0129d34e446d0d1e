"""“Find a source” beside the box for messages in Teams: results within the turn, nothing posted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.app import App
from bot.conversation import Citation, Command, Reply, Request
from bot.rehearsal.teams import OFFICER, TENANT, TeamsPeer, by
from bot.store import Store
from tests import schemas
from tests.teams_desk import SOURCE, peer, teams, words
from tests.test_renderers import CARD_SCHEMA, HOSTILE

__all__ = ["peer"]  # a fixture

Json = dict[str, Any]
ELSEWHERE = {
    "id": "19:elsewhere@thread.tacv2;messageid=1700000000001",
    "conversationType": "channel",
    "isGroup": True,
    "tenantId": TENANT,
}
CHAT = {"id": "19:two@unq.gbl.spaces", "conversationType": "groupChat", "isGroup": True}
PROJECT = Citation(2, "p", "project", "Hedgehogs", "", "We count hedgehogs.", ("Testham",))


class Desk:
    """Answers with these sources, and keeps what it was asked."""

    def __init__(self, *found: Citation, reply: Reply | None = None) -> None:
        body = "\n".join(f"- {one.title}: “{one.quote}” [{one.number}]" for one in found)
        self.reply = reply or Reply("answered", body, found, linked=True)
        self.asked: list[Command] = []

    async def __call__(self, request: Request) -> Reply:
        assert isinstance(request, Command)
        self.asked.append(request)
        if self.reply.body == "fail":
            raise ValueError
        return self.reply


async def searched(peer: TeamsPeer, store: Store, desk: Desk, activity: Json) -> Json:
    """What Teams shows of a search; nothing of it is posted anywhere."""
    async with teams(peer, store, desk) as served:
        shown = await answered(peer, f"{served.url}/api/messages", activity)
    assert peer.sent == []
    assert peer.opened == []
    return shown


async def answered(peer: TeamsPeer, url: str, activity: Json) -> Json:
    posted = await peer.post(url, activity)
    assert posted.status == 200
    body: Json = json.loads(posted.body)
    assert set(body) == {"composeExtension"}
    shown: Json = body["composeExtension"]
    if shown["type"] == "message":
        assert set(shown) == {"type", "text"}
        return shown
    assert set(shown) == {"type", "attachmentLayout", "attachments"}
    assert (shown["type"], shown["attachmentLayout"]) == ("result", "list")
    for one in shown["attachments"]:
        assert one["contentType"] == "application/vnd.microsoft.card.adaptive"
        assert schemas.faults(one["content"], CARD_SCHEMA) == []
        assert one["content"]["version"] == "1.5"
        assert one["preview"]["contentType"] == "application/vnd.microsoft.card.thumbnail"
        assert set(one["preview"]["content"]) == {"title", "text"}
    return shown


def many(count: int) -> tuple[Citation, ...]:
    return tuple(replace(SOURCE, number=n, document=str(n)) for n in range(1, count + 1))


def numbers(shown: Json) -> list[str]:
    return [one["preview"]["content"]["title"] for one in shown["attachments"]]


@pytest.mark.parametrize("where", [None, CHAT, ELSEWHERE], ids=["chat", "group", "channel"])
async def test_a_result_is_a_card_with_its_source_and_a_preview(
    where: Json | None, peer: TeamsPeer, store: Store
) -> None:
    desk = Desk(replace(SOURCE, year=2023), PROJECT)
    shown = await searched(peer, store, desk, peer.searched(" damp sensors ", where))
    first, second = shown["attachments"]
    assert first["preview"]["content"] == {
        "title": "Damp sensors",
        "text": "Fife · 2023 · Case study",
    }
    card = first["content"]
    assert words(card) == ["Damp sensors", "Fife · 2023 · Case study", "“It fell.”"]
    opens = {"type": "Action.OpenUrl", "title": "Open the source at a.example"}
    assert card["actions"] == [{**opens, "url": "https://a.example/"}]
    assert words(second["content"])[1] == "Testham · Registered by an officer, not published"
    assert second["content"]["actions"] == []
    (asked,) = desk.asked
    assert (asked.name, asked.text) == ("find", "damp sensors")
    assert asked.origin.community == TENANT
    assert asked.origin.alone
    assert (asked.origin.place, asked.origin.link) == ("", "")


async def test_before_anything_is_written_it_shows_something(peer: TeamsPeer, store: Store) -> None:
    for empty in (None, "", "  "):
        desk = Desk(reply=Reply("help", "Say what. [1]", (SOURCE,)))
        shown = await searched(peer, store, desk, peer.searched(empty))
        assert numbers(shown) == ["Damp sensors"]
        assert [one.text for one in desk.asked] == [""]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (1, 10)),
        ({"count": 3}, (1, 3)),
        ({"skip": 3, "count": 3}, (4, 6)),
        ({"skip": 9, "count": 25}, (10, 12)),
        ({"skip": 25}, (0, -1)),
        ({"count": 0}, (0, -1)),
    ],
)
async def test_a_page_of_results_is_what_is_asked_for(
    peer: TeamsPeer, store: Store, options: dict[str, int], expected: tuple[int, int]
) -> None:
    found = tuple(replace(one, title=f"Text {one.number}") for one in many(12))
    shown = await searched(peer, store, Desk(*found), peer.searched("damp", page=options))
    first, last = expected
    assert numbers(shown) == [f"Text {n}" for n in range(first, last + 1)]


async def test_what_is_not_found_or_refused_is_said(peer: TeamsPeer, store: Store) -> None:
    for status in ("unsure", "declined", "invalid", "help"):
        desk = Desk(reply=Reply(status, "I have no text on that. Try other words."))
        shown = await searched(peer, store, desk, peer.searched("pizza"))
        assert shown == {"type": "message", "text": "I have no text on that. Try other words."}


async def test_a_failure_is_said_with_its_reference(peer: TeamsPeer, store: Store) -> None:
    shown = await searched(peer, store, Desk(reply=Reply("help", "fail")), peer.searched("damp"))
    assert shown["type"] == "message"
    assert "ref-1234" in shown["text"]


async def test_foreign_words_become_no_marks_no_tags_and_no_strange_links(
    peer: TeamsPeer, store: Store
) -> None:
    found = (
        replace(SOURCE, title=HOSTILE, quote=HOSTILE, councils=(HOSTILE,)),
        replace(SOURCE, url="javascript:alert(1)"),
        replace(SOURCE, url="https://good.example@evil.example/"),
        replace(SOURCE, title="good.example", url="https://evil.example/x"),
        replace(SOURCE, title=" ", quote=" ", councils=()),
    )
    shown = await searched(peer, store, Desk(*found), peer.searched("damp"))
    hostile, *others = shown["attachments"]
    assert "entities" not in json.dumps(shown)
    preview = "".join(hostile["preview"]["content"].values())
    for mark in ("<", ">", "](", "\u202e", "\u200b", "\x00"):
        assert mark not in preview
    for block in hostile["content"]["body"]:  # runs read no marks
        assert {run["type"] for run in block["inlines"]} == {"TextRun"}
    actions = [one["content"]["actions"] for one in others]
    assert actions[:2] == [[], []]
    assert actions[2][0]["title"] == "Open the source at evil.example"
    assert words(others[3]["content"])[0] == "Source 1"
    desk = Desk(reply=Reply("unsure", f"{HOSTILE} [x](https://evil.example)"))
    said = (await searched(peer, store, desk, peer.searched("damp")))["text"]
    assert not [mark for mark in ("<", ">", "](") if mark in said]


async def test_what_cannot_be_read_is_refused_and_what_is_not_ours_not_served(
    peer: TeamsPeer, store: Store
) -> None:
    good = peer.searched("damp")
    desk, value = Desk(SOURCE), good["value"]
    words_, page = value["parameters"][0], value["queryOptions"]
    malformed: list[Json] = [
        {"parameters": None},
        {"parameters": []},
        {"parameters": "words"},
        {"parameters": ["words"]},
        {"parameters": [{"name": "other", "value": "damp"}]},
        {"parameters": [{**words_, "value": 5}]},
        {"parameters": [{**words_, "value": ["damp"]}]},
        {"queryOptions": {**page, "skip": -1}},
        {"queryOptions": {**page, "count": "many"}},
        {"queryOptions": {**page, "count": True}},
    ]
    async with teams(peer, store, desk) as served:
        url = f"{served.url}/api/messages"
        for change in malformed:
            assert (await peer.post(url, {**good, "value": {**value, **change}})).status == 400
        for command in ("other", "tagProject"):
            assert (await peer.post(url, peer.searched("x", command=command))).status == 501
        assert (await peer.post(url, {**good, "value": None})).status == 501
        assert (await peer.post(url, {**good, "name": "composeExtension/queryLink"})).status == 501
        assert (await peer.post(url, good, "Bearer no")).status == 401
        assert desk.asked == []
        unpaged = {**good, "value": {**value, "queryOptions": None}}
        assert (await answered(peer, url, unpaged))["attachments"]


async def test_an_officer_finds_texts_and_nothing_is_kept_of_it(peer: TeamsPeer, app: App) -> None:
    async with teams(peer, app.store, app.assistant.handle) as served:
        url = f"{served.url}/api/messages"
        found = await answered(peer, url, {**peer.searched("dam sensors"), **by("searcher")})
        newest = await answered(peer, url, peer.searched())
        damp = await answered(peer, url, peer.searched("damp sensors", ELSEWHERE))
        nothing = await answered(peer, url, peer.searched("pizza"))
    assert len(found["attachments"]) <= 10
    assert newest["attachments"]
    assert numbers(damp)[0] == "Damp sensors in temporary accommodation"
    assert nothing["type"] == "message"
    await app.assistant.finish()
    assert peer.sent == []
    assert await app.store.communities() == []
    assert OFFICER not in str(damp)
