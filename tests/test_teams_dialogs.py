"""“Tag this as a project” on a message in Teams: a dialog, wherever the message is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.conversation import Reply, Request
from bot.rehearsal.teams import OFFICER, TeamsPeer, inputs, officer
from bot.store import Store
from bot.teams.markup import plain
from tests import schemas
from tests.teams_desk import peer, teams, url, words
from tests.test_renderers import CARD_SCHEMA

__all__ = ["peer", "url"]  # fixtures

Json = dict[str, Any]
CHANNEL = {
    "id": "19:elsewhere@thread.tacv2;messageid=1700000000001",
    "conversationType": "channel",
    "isGroup": True,
}


async def shown(peer: TeamsPeer, url: str, activity: Json) -> Json:
    """The dialog that an activity is answered with."""
    posted = await peer.post(url, activity)
    assert posted.status == 200
    task: Json = json.loads(posted.body)["task"]
    assert task["type"] == "continue"
    dialog: Json = task["value"]
    assert set(dialog) == {"title", "height", "width", "card"}
    card = dialog["card"]["content"]
    assert dialog["card"]["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert schemas.faults(card, CARD_SCHEMA) == []
    assert {one["type"] for one in card["actions"]} <= {"Action.Submit"}
    return dialog


@pytest.mark.parametrize("where", [None, CHANNEL], ids=["chat", "channel"])
async def test_a_message_becomes_a_project_in_two_steps(
    where: Json | None, peer: TeamsPeer, url: str
) -> None:
    first = await shown(peer, url, peer.picked("<p>Sensors in <b>attics</b></p>", where))
    assert first["title"] == "Tag a project"
    card = first["card"]["content"]
    assert inputs(card)["field:description"] == "Sensors in attics"
    assert card["actions"][0]["data"]["formKey"] == f"of {officer('author')['aadObjectId']}"
    assert words(card) == [], "its title stands above the dialog"

    faulty = await shown(peer, url, peer.in_dialog(card, {}, where))
    card = faulty["card"]["content"]
    assert words(card) == ["Look at one field again.", "A project needs a title."]

    step = await shown(peer, url, peer.in_dialog(card, {"title": "Damp"}, where))
    assert step["title"] == "Its outcomes"
    last = peer.in_dialog(step["card"]["content"], {"outcomes": "data"}, where)
    done = await shown(peer, url, last)
    assert words(done["card"]["content"]) == ["Registered: Damp, data."]
    assert done["card"]["content"]["actions"] == []

    await shown(peer, url, {**last, "id": "f:again"})
    await peer.until(1)
    (told,) = peer.messages
    assert told.conversation == f"a:with {OFFICER}"
    assert told.activity["text"] == "Registered: Damp, data."
    assert told.activity["attachments"], "with its buttons"


async def test_where_the_officer_has_no_chat_the_dialog_says_all(peer: TeamsPeer, url: str) -> None:
    peer.not_added = {OFFICER}
    card = (await shown(peer, url, peer.picked("<p>Sensors</p>")))["card"]["content"]
    step = (await shown(peer, url, peer.in_dialog(card, {"title": "Damp"})))["card"]["content"]
    done = await shown(peer, url, peer.in_dialog(step, {"outcomes": "data"}))
    assert words(done["card"]["content"]) == ["Registered: Damp, data."]
    await peer.post(url, peer.message("next"))
    await peer.until(1)
    assert [one.conversation for one in peer.messages] == ["a:personal"]


async def test_what_is_no_project_is_said_with_its_source(peer: TeamsPeer, url: str) -> None:
    dialog = await shown(peer, url, peer.picked("not a project"))
    assert dialog["title"] == "Outcomes"
    card = dialog["card"]["content"]
    assert words(card) == ["That tells of no project. [1]", "[1] Damp sensors (Fife)"]
    (link,) = [run for run in card["body"][1]["inlines"] if "selectAction" in run]
    assert link["selectAction"] == {"type": "Action.OpenUrl", "url": "https://a.example/"}
    assert peer.messages == []


async def test_a_failure_is_said_in_the_dialog_and_nowhere_else(
    peer: TeamsPeer, store: Store
) -> None:
    async def fails(_: Request) -> Reply:
        raise ValueError

    async with teams(peer, store, fails) as served:
        url = f"{served.url}/api/messages"
        for activity in (peer.picked("x"), _bare(peer)):
            dialog = await shown(peer, url, activity)
            (said,) = words(dialog["card"]["content"])
            assert "ref-1234" in said
    assert peer.messages == []


async def test_other_commands_and_strange_shapes_are_not_served(peer: TeamsPeer, url: str) -> None:
    assert (await peer.post(url, peer.picked("x", command="other"))).status == 501
    assert (await peer.post(url, {**peer.picked("x"), "value": None})).status == 501
    assert (await peer.post(url, {**_bare(peer), "value": {"data": []}})).status == 501
    named = {"commandId": "tagProject", "data": "no object"}
    assert (await peer.post(url, {**_bare(peer), "value": named})).status == 501


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"body": None, "from": None},
        {"body": {"content": None}, "from": {"user": None, "application": {"id": "x"}}},
        {"body": {"contentType": "html", "content": "<div><attachment id='1'></attachment></div>"}},
    ],
)
async def test_a_message_without_words_gives_an_empty_form(
    message: Json, peer: TeamsPeer, url: str
) -> None:
    picked = peer.picked("x")
    picked["value"]["messagePayload"] = message
    card = (await shown(peer, url, picked))["card"]["content"]
    assert inputs(card)["field:description"] == ""
    assert card["actions"][0]["data"]["formKey"] == "of "


async def test_of_a_channels_post_the_subject_is_taken_too(peer: TeamsPeer, url: str) -> None:
    picked = peer.picked("a &lt; b")
    picked["value"]["messagePayload"]["subject"] = "Damp"
    card = (await shown(peer, url, picked))["card"]["content"]
    assert inputs(card)["field:description"] == "Damp\n\na < b"
    picked["value"]["messagePayload"]["body"] = {"contentType": "text", "content": "a &lt; <b>"}
    card = (await shown(peer, url, picked))["card"]["content"]
    assert inputs(card)["field:description"] == "Damp\n\na &lt; <b>"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ('<div><div><at id="0">Test Officer</at> - Hi</div>\n</div>', "Test Officer - Hi"),
        ("<p>R&amp;D&nbsp;&lt;3</p><p>one<br>two</p>", "R&D <3\n\none\ntwo"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul><p>after</p>", "- a\n- b\n\nafter"),
        ("<script>alert(1)</script>ok<style>p{}</style>", "ok"),
        ('<img src="x" onerror="alert(1)" alt="a chart"> <emoji alt="👍"></emoji>', "a chart 👍"),
        ("<pre>a\nb</pre><table><tr><td>1</td><td>2</td></tr></table>", "a\nb\n\n1 2"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
        ("no HTML: 2 < 3 & so on", "no HTML: 2 < 3 & so on"),
        ("</div></script></pre></li><!-- x -->end", "end"),
        ("<div>" * 20_000 + "deep", "deep"),
    ],
)
def test_a_messages_html_is_read_as_its_words(html: str, text: str) -> None:
    assert plain(html) == text


def _bare(peer: TeamsPeer) -> Json:
    """A dialog's form sent off."""
    card = {"actions": [{"data": {"form": "project", "formKey": "k"}}], "body": []}
    return peer.in_dialog(card, {})
