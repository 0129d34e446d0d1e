"""Projects in Slack: tagged, corrected, registered, found, edited and withdrawn."""

from __future__ import annotations

import pytest

from tests.clients.abilities import SLACK, can
from tests.clients.slack.emulate import BOT
from tests.clients.slack.workspace import Workspace, entered, labels, words
from tests.projects_desk import APART, DAMP, LAPTOPS, WHO_LENDS, WHO_SENSES

pytestmark = pytest.mark.asyncio(loop_scope="session")
TITLE, OUTCOMES = "Tag a project", "Its outcomes"


@can("Tag a project with a form, correct it, register it", SLACK)
@can("Find, edit and withdraw projects", SLACK)
async def test_a_project_is_tagged_corrected_registered_found_and_withdrawn(
    slack: Workspace,
) -> None:
    await slack.types("robin", "", "/tag-project")
    described = await slack.form(TITLE)
    wrong = await slack.sends("robin", described, title=" ", description="🙂", link="anytown")
    assert wrong.keys() == {"title", "description", "link"}
    assert await slack.sends("robin", described, **DAMP) == {}
    suggested = await slack.form(OUTCOMES)
    assert entered(suggested, "outcomes") == "data,services"
    (kept,) = (
        one for one in await slack.between.emulate.views() if one["view_id"] == described["id"]
    )
    assert kept["blocks"] == suggested["blocks"], "one form gave way to the other"
    assert (await slack.sends("robin", suggested, outcomes="")).keys() == {"outcomes"}
    assert await slack.sends("robin", suggested, outcomes="data,value") == {}
    registered = await slack.alone("robin")
    assert "Outcomes: Data, Value." in words(registered)

    await slack.mentions("sam", WHO_SENSES)
    answer = await slack.aloud()
    assert DAMP["title"] in answer["text"].partition(APART)[2]
    await slack.types("sam", "projects damp")
    assert DAMP["title"] in labels(await slack.alone("sam"))

    await slack.presses("robin", registered, "Edit")
    edited = await slack.form("Edit a project")
    assert await slack.sends("robin", edited, title="Damp sensors for tenants") == {}
    saved = await slack.alone("robin")
    assert "Damp sensors for tenants" in words(saved)
    await slack.presses("robin", saved, "Withdraw")
    await slack.presses("robin", await slack.alone("robin"), "Withdraw it")
    assert "ithdrawn" in words(await slack.alone("robin"))
    await slack.mentions("sam", WHO_SENSES)
    assert APART not in (await slack.aloud())["text"]


@can("Tag a message as a project", SLACK)
async def test_a_message_is_tagged_as_a_project_by_its_shortcut(slack: Workspace) -> None:
    ts = await slack.says("sam", LAPTOPS)
    await slack.picks("robin", ts)
    form = await slack.form("Register a project")
    assert entered(form, "description") == LAPTOPS
    assert await slack.sends("robin", form, title="Laptops on loan") == {}
    told = await slack.alone("robin")
    assert words(told).startswith("Registered for the officer who wrote the message, and for you")
    assert not [
        one for one in await slack.between.emulate.thread(slack.channel(), ts) if one["user"] == BOT
    ]

    await slack.mentions("kim", WHO_LENDS)
    answer = await slack.aloud()
    assert "Laptops on loan" in answer["text"]
    await slack.presses("sam", answer, "Laptops on loan")
    shown = await slack.aloud()
    await slack.presses("sam", shown, "Withdraw")
    await slack.presses("sam", await slack.alone("sam"), "Withdraw it")
    assert "ithdrawn" in words(await slack.alone("sam"))
