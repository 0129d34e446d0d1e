"""The bot's own place in Slack: its Home tab, what is suggested there, and its sign of working."""

from __future__ import annotations

import pytest

from tests.clients.abilities import SLACK, can
from tests.clients.slack.workspace import Workspace, named, words

pytestmark = pytest.mark.asyncio(loop_scope="session")
SECTIONS = ["Outcomes assistant", "My projects", "My peer profile", "Digests I manage"]
PROJECT = {"title": "Tablets in day centres", "description": "Tablets lent in two day centres."}


@can("A home of one's own", SLACK)
async def test_home_shows_what_is_theirs_and_its_buttons_work(slack: Workspace) -> None:
    view = await slack.visits("sam")
    assert named(view) == SECTIONS
    await slack.presses_at_home("sam", "Register a project")
    described = await slack.form("Tag a project")
    await slack.sends("sam", described, **PROJECT)
    before = slack.between.published
    await slack.sends("sam", await slack.form("Its outcomes"), outcomes="inclusion")
    assert PROJECT["title"] in words(await slack.in_chat("sam"))
    view = await slack.home("sam", before)
    assert PROJECT["title"] in words(view)
    (kept,) = (
        one
        for one in await slack.between.emulate.views()
        if (one["type"], one["user_id"]) == ("home", slack.id("sam"))
    )
    assert kept["blocks"] == view["blocks"]

    await slack.presses_at_home("sam", PROJECT["title"])
    shown = await slack.in_chat("sam")
    await slack.presses("sam", shown, "Withdraw")
    await slack.presses("sam", await slack.in_chat("sam"), "Withdraw it")
    assert "ithdrawn" in words(await slack.in_chat("sam"))
    assert PROJECT["title"] not in words(await slack.visits("sam"))


@can("A home of one's own", SLACK)
async def test_home_shows_open_questions_to_those_who_may_answer_them(slack: Workspace) -> None:
    assert "Open questions" in named(await slack.visits("ada"))
    assert "Open questions" not in named(await slack.visits("kim"))


@can("Suggested questions", SLACK)
async def test_questions_are_suggested_where_they_write(slack: Workspace) -> None:
    for person, last in (("kim", "Register a project"), ("ada", "Show the open questions")):
        await slack.visits(person, "messages")
        chat = await slack.chat(person)
        suggested = await slack.suggested(chat)
        assert suggested[-1]["message"] == last
        await slack.writes(person, suggested[0]["message"])
        answer = await slack.in_chat(person)
        assert "Sources" in words(answer)
