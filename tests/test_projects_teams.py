"""Projects in Teams from end to end: tagged, shared, found, edited, withdrawn, reported."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from bot.app import App
from bot.rehearsal.teams import TeamsPeer, inputs
from bot.teams.posting import ANSWERED
from tests.projects_desk import (
    APART,
    DAMP,
    LAPTOPS,
    LEND,
    SAVED_LATER,
    WHO_LENDS,
    WHO_SENSES,
    database_away,
    restarted,
)
from tests.projects_in_teams import (
    ADMIN,
    AUTHOR,
    CHANNEL,
    COLLEAGUE,
    ELSEWHERE,
    OFFICER,
    Office,
    buttons,
    form,
    office,
    person,
    room,
    said,
)
from tests.teams_desk import peer, teams, words

__all__ = ["office", "peer"]  # fixtures


async def test_a_text_is_tagged_confirmed_and_found_at_once(office: Office) -> None:
    suggested = await office.told(f"tag {LAPTOPS}")
    assert "- Inclusion, 9" in said(suggested)
    assert list(buttons(suggested)) == ["Confirm", "Change"]
    (done,) = await office.presses(suggested, "Confirm")
    assert said(done).startswith("Registered.")
    assert list(buttons(done)) == ["Edit", "Withdraw"]

    answer = await office.asked(WHO_LENDS)
    published, apart, ours = said(answer).partition(APART)
    assert apart
    assert "Trafford (2024)" in published
    assert LEND not in published
    assert LEND in ours
    (label,) = answer.activity["entities"]
    kinds = [one["appearance"]["keywords"][0] for one in label["citation"]]
    assert kinds.count("Project") == 1
    elsewhere = await office.asked(WHO_LENDS, channelData=ELSEWHERE)
    assert "Trafford (2024)" in said(elsewhere)
    assert LEND not in said(elsewhere)


async def test_a_project_is_registered_in_two_steps_and_shared(office: Office) -> None:
    first = form(await office.told("tag"))
    wrong = await office.sends(first, title=" ", description="🙂", link="www.anytown.example")
    assert words(wrong) == [
        "Tag a project",
        "Something in the form needs another look.",
        "Give the project a title, in a few words.",
        "Describe the project in a sentence or two: what it does, and for whom.",
        "Give a web address that begins with https:// or http://, or leave it out.",
    ]
    assert inputs(wrong)["field:link"] == "www.anytown.example"
    step = await office.sends(wrong, **DAMP)
    assert inputs(step)["field:outcomes"] == "data,services"
    assert any(line.startswith("• Data, 9") for line in words(step))
    none = await office.sends(step, outcomes="")
    assert "Choose at least one outcome." in words(none)
    assert any(line.startswith("• Data, 9") for line in words(none))
    instead, told = await office.ends(none, outcomes="data,value", shared="yes")
    assert instead.startswith("Registered.")
    assert "Seen by this community and others." in said(told)
    assert "Outcomes: Data, Value." in said(told)
    for there in ({}, {"channelData": ELSEWHERE}):
        assert DAMP["title"] in said(await office.asked(WHO_SENSES, **there)).partition(APART)[2]


async def test_a_suggestion_is_corrected_in_one_form(office: Office) -> None:
    suggested = await office.told(f"tag {LAPTOPS}")
    (opened,) = await office.presses(suggested, "Change")
    card = form(opened)
    assert inputs(card)["field:description"] == LAPTOPS
    assert inputs(card)["field:outcomes"] == "inclusion"
    corrected = {"title": "Laptops on loan", "outcomes": "ethics,inclusion", "stage": "done"}
    _, told = await office.ends(card, **corrected)
    assert "Laptops on loan (done)" in said(told)
    assert "Outcomes: Ethics, Inclusion." in said(told)
    assert "Laptops on loan (done)" in said(await office.asked(WHO_LENDS))


async def test_a_colleagues_message_belongs_to_both(office: Office) -> None:
    card = await office.dialog(office.peer.picked(f"<p>{LAPTOPS}</p>", room(CHANNEL)))
    assert inputs(card)["field:description"] == LAPTOPS
    wrong = await office.dialog(office.peer.in_dialog(card, {"title": "🙂"}, room(CHANNEL)))
    assert "Give the project a title, in a few words." in words(wrong)
    sent = office.peer.in_dialog(wrong, {"title": "Laptops on loan"}, room(CHANNEL))
    done = await office.dialog(sent)
    assert words(done)[0].startswith("Registered for the officer who wrote the message")
    await office.peer.until(1)
    for who in (OFFICER, AUTHOR):
        listed = await office.told("projects", **{"from": person(who)})
        (shown,) = await office.presses(listed, "Laptops on loan", who)
        (opened,) = await office.presses(shown, "Edit", who)
        instead, saved = await office.ends(form(opened), who, council=f"By {who}")
        assert instead == "Saved."
        assert f"By {who}" in said(saved)
    listed = await office.told("projects", **{"from": person(COLLEAGUE)})
    (shown,) = await office.presses(listed, "Laptops on loan", COLLEAGUE)
    assert list(buttons(shown)) == ["Report"]


async def test_projects_are_listed_and_searched(office: Office) -> None:
    assert "No project is registered here yet." in said(await office.told("projects"))
    await office.registers()
    await office.presses(await office.told(f"tag {LAPTOPS}"), "Confirm")
    there = {"from": person(COLLEAGUE)}
    listed = said(await office.told("projects", **there))
    assert listed.startswith("2 registered projects, newest first:")
    assert listed.index(LEND) < listed.index(DAMP["title"])
    for text, found in (("data", [DAMP["title"]]), ("damp", [DAMP["title"]]), ("value", [])):
        assert list(buttons(await office.told(f"projects {text}", **there))) == found
    assert "You have no registered project here." in said(await office.told("my projects", **there))


@pytest.mark.parametrize("text", ["projects mine", "my projects", "tag"])
async def test_what_is_private_reaches_only_the_asker_of_a_channel(
    text: str, office: Office
) -> None:
    await office.presses(await office.told(f"tag {LAPTOPS}"), "Confirm")
    mine, told = await office.hears(office.peer.mention(text), 2)
    assert mine.conversation == f"a:with {person(OFFICER)['id']}"
    assert (told.conversation, said(told)) == (CHANNEL, ANSWERED)
    assert told.activity["attachments"] == []
    if text == "tag":
        assert inputs(form(mine))["field:title"] == ""
    else:
        assert LEND in said(mine)


async def test_what_is_suggested_in_a_channel_is_its_officers_to_confirm(office: Office) -> None:
    suggested = await office.asked(f"tag {LAPTOPS}")
    for button in ("Confirm", "Change"):
        refused, told = await office.presses(suggested, button, COLLEAGUE, 2)
        assert refused.conversation == f"a:with {person(COLLEAGUE)['id']}"
        assert said(refused).startswith("Only the officer who asked can go on with this.")
        assert told.conversation == CHANNEL
    opened, _ = await office.presses(suggested, "Change", count=2)
    assert opened.conversation == f"a:with {person(OFFICER)['id']}"
    (done,) = await office.presses(suggested, "Confirm")
    assert (done.conversation, said(done).split(".")[0]) == (CHANNEL, "Registered")


async def test_its_officer_and_an_administrator_edit_it_and_nobody_else(office: Office) -> None:
    done = await office.registers()
    for number, who in enumerate((OFFICER, ADMIN), start=1):
        (opened,) = await office.presses(done, "Edit", who)
        assert inputs(form(opened))["field:link"] == DAMP["link"]
        await office.ends(form(opened), who, title=f"Sensors {number}")
    assert "Sensors 2" in said(await office.asked(WHO_SENSES))
    for button in ("Edit", "Withdraw"):
        (refused,) = await office.presses(done, button, COLLEAGUE)
        assert said(refused).startswith("Only the officer whose project this is")
        assert refused.activity["attachments"] == []


async def test_a_project_is_withdrawn_in_two_steps(office: Office) -> None:
    done = await office.registers()
    (sure,) = await office.presses(done, "Withdraw")
    assert f"Withdraw “{DAMP['title']}”?" in said(sure)
    assert DAMP["title"] in said(await office.asked(WHO_SENSES))
    (gone,) = await office.presses(sure, "Withdraw it")
    assert f"“{DAMP['title']}” is withdrawn" in said(gone)
    assert DAMP["title"] not in said(await office.asked(WHO_SENSES))
    (again,) = await office.presses(sure, "Withdraw it")
    assert "not here any more" in said(again)


async def test_what_is_reported_is_hidden_by_an_administrator_at_once(office: Office) -> None:
    await office.registers()
    source = "Damp sensors in temporary accommodation"
    there = {"from": person(COLLEAGUE)}
    assert source in said(await office.told(WHO_SENSES, **there))
    which = await office.told("report", **there)
    (ours,) = await office.presses(await office.told("projects", **there), DAMP["title"], COLLEAGUE)
    for posted, label, title in ((which, source, source), (ours, "Report", DAMP["title"])):
        (opened,) = await office.presses(posted, label, COLLEAGUE)
        assert title in words(form(opened))
        wrong = await office.sends(form(opened), COLLEAGUE, words=" ")
        assert "Say in a sentence what is wrong." in words(wrong)
        _, thanks = await office.ends(wrong, COLLEAGUE, words="That ended.")
        assert said(thanks).startswith("Thank you.")

    refused = await office.told("reports", **there)
    assert said(refused).startswith("Only administrators")
    reports = await office.told("reports", **{"from": person(ADMIN)})
    assert f"{source}: “That ended.”" in said(reports)
    for title in (source, DAMP["title"]):
        (hidden,) = await office.presses(reports, f"Hide “{title}”", ADMIN)
        assert f"“{title}” is hidden" in said(hidden)
    answer = said(await office.asked(WHO_SENSES))
    assert source not in answer
    assert DAMP["title"] not in answer
    assert "No project is registered here yet." in said(await office.told("projects"))
    listed = await office.told("hidden", **{"from": person(ADMIN)})
    for title in (source, DAMP["title"]):
        await office.presses(listed, f"Show “{title}” again", ADMIN)
    answer = said(await office.asked(WHO_SENSES))
    assert source in answer
    assert DAMP["title"] in answer


async def test_a_double_click_registers_once(office: Office) -> None:
    step = await office.sends(form(await office.told("tag")), **DAMP)
    clicks = [office.peer.executed(step, {}, id=f"f:{number}") for number in range(3)]
    answers = await asyncio.gather(*(office.peer.post(office.url, one) for one in clicks))
    assert {words(json.loads(one.body)["value"])[0].split(".")[0] for one in answers} == {
        "Registered"
    }
    await office.peer.until(2)
    await office.quiet(2)
    suggested = await office.told(f"tag {LAPTOPS}")
    both = await asyncio.gather(*(office.presses(suggested, "Confirm", count=2) for _ in range(2)))
    assert both
    assert len(buttons(await office.told("projects"))) == 2


async def test_a_form_is_sent_after_a_restart(peer: TeamsPeer, app: App) -> None:
    async with teams(peer, app.store, app.assistant.handle) as served:
        office = Office(peer, f"{served.url}/api/messages", served.inbox)
        suggested = await office.told(f"tag {LAPTOPS}")
        step = await office.sends(form(await office.told("tag")), **DAMP)
    async with (
        restarted(app) as again,
        teams(peer, again.store, again.assistant.handle) as served,
    ):
        office = Office(peer, f"{served.url}/api/messages", served.inbox)
        assert (await office.ends(step))[0].startswith("Registered.")
        (done,) = await office.presses(suggested, "Confirm")
        assert said(done).startswith("Registered.")
        assert DAMP["title"] in said(await office.asked(WHO_SENSES))


async def test_of_two_who_edit_at_once_the_second_sees_what_the_first_wrote(
    office: Office,
) -> None:
    done = await office.registers()
    (mine,) = await office.presses(done, "Edit")
    (theirs,) = await office.presses(done, "Edit", ADMIN)
    await office.ends(form(theirs), ADMIN, title="Sensors by the administrator")
    late = await office.sends(form(mine), title="Sensors by me")
    read = "\n".join(words(late))
    assert "Somebody changed this project" in read
    assert "Sensors by the administrator" in read
    assert inputs(late)["field:title"] == "Sensors by me"
    assert (await office.ends(late))[0] == "Saved."

    (again,) = await office.presses(done, "Edit")
    (sure,) = await office.presses(done, "Withdraw", ADMIN)
    await office.presses(sure, "Withdraw it", ADMIN)
    kept = await office.sends(form(again), description="I wrote this for an hour.")
    assert "It was withdrawn" in "\n".join(words(kept)).replace(": it", ": It")
    assert inputs(kept)["field:description"] == "I wrote this for an hour."


async def test_while_the_database_is_away_the_form_stays_with_its_words(
    office: Office, app: App, tmp_path: Path
) -> None:
    suggested, card = await office.told(f"tag {LAPTOPS}"), form(await office.told("tag"))
    async with database_away(app, tmp_path, office.inbox):
        stays = await office.sends(card, **DAMP)
        assert "\n".join(words(stays)).count(SAVED_LATER) == 1
        assert inputs(stays)["field:description"] == DAMP["description"]
        (failed,) = await office.presses(suggested, "Confirm")
        assert said(failed).startswith("I cannot reach the register of projects just now.")
    assert "Its outcomes" in words(await office.sends(stays))


async def test_a_text_that_is_too_long_or_none_is_said_so(office: Office) -> None:
    for text, told in (("x" * 4_001, "That is over 4,000"), ("🙂 👍", "I could not find a")):
        refused = await office.told(f"tag {text}")
        assert said(refused).startswith(told)
        assert refused.activity["attachments"] == []
    card = form(await office.told("tag"))
    long = await office.sends(card, title="Long", description="x" * 10_000)
    assert "Shorten this by 6000 characters; the most is 4000." in words(long)
    assert inputs(long)["field:description"] == "x" * 10_000
