"""Projects in Slack from end to end: tagged, shared, found, edited, withdrawn, reported."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

from bot.rehearsal.slack import Fault
from bot.rehearsal.slack_payloads import (
    OFFICER,
    OTHER_TEAM,
    mention,
    press,
    shortcut,
)
from bot.slack.blocks import PRIVATE
from tests.projects_desk import (
    APART,
    DAMP,
    LAPTOPS,
    LEND,
    WHO_LENDS,
    WHO_SENSES,
)
from tests.projects_in_slack import (
    ADMIN,
    AUTHOR,
    COLLEAGUE,
    NAMED,
    above,
    alone,
    aloud,
    asked,
    bot,
    from_elsewhere,
    opening,
    pressing,
    registered,
    sending,
    slashed,
    tagged,
    value,
    words,
)
from tests.slack_desk import Bot, button, form, peer, tag_project

__all__ = ["bot", "peer"]  # fixtures


async def test_a_text_is_tagged_shared_confirmed_and_found_at_once(bot: Bot) -> None:
    private = await tagged(bot)
    assert words(private) == ["Confirm", "Change", "Share to channel"]
    assert "- Inclusion, 9" in private["text"]
    assert PRIVATE in private["text"]

    shared = await aloud(bot, pressing(bot, private, "Share to channel"))
    assert "- Inclusion, 9" in shared["text"]
    assert LAPTOPS in shared["text"], "what was tagged, for those who did not see it"
    assert words(shared) == []

    done = await alone(bot, pressing(bot, private, "Confirm"))
    assert done["text"].startswith("Registered.")
    assert words(done)[:2] == ["Edit", "Withdraw"]

    answer = await asked(bot, WHO_LENDS)
    published, apart, ours = answer["text"].partition(APART)
    assert apart
    assert "Trafford (2024)" in published
    assert LEND not in published
    assert LEND in ours
    elsewhere = await asked(bot, WHO_LENDS, team_id=OTHER_TEAM)
    assert "Trafford (2024)" in elsewhere["text"]
    assert LEND not in elsewhere["text"]


async def test_a_project_is_registered_in_two_steps_and_shared(bot: Bot) -> None:
    await bot.peer.command(tag_project(bot.peer))
    view = await form(bot.peer)
    wrong = await sending(bot, view, title=" ", description="🙂", link="www.anytown.example")
    assert json.loads(wrong.body)["response_action"] == "errors"
    assert {name: fault.split()[0] for name, fault in bot.peer.wrong.items()} == {
        "field:title": "Give",
        "field:description": "Describe",
        "field:link": "Give",
    }
    await sending(bot, view, **DAMP)
    step = await form(bot.peer)
    assert value(step, "outcomes") == ["data", "services"]
    assert "Data, 9" in above(step)
    await sending(bot, step, outcomes="")
    assert bot.peer.wrong == {"field:outcomes": "Choose at least one outcome."}
    done = await alone(bot, sending(bot, step, outcomes="data,value", shared="yes"))
    assert "Seen by this community and others." in done["text"]
    assert "Outcomes: Data, Value." in done["text"]
    assert bot.peer.views == {}
    for there in ({}, {"team_id": OTHER_TEAM}):
        answer = await asked(bot, WHO_SENSES, **there)
        assert DAMP["title"] in answer["text"].partition(APART)[2]
    seen = await aloud(bot, from_elsewhere(bot, answer, DAMP["title"]))
    assert "Shared by another community." in seen["text"]
    assert words(seen) == ["Report"]


async def test_a_suggestion_is_corrected_in_one_form(bot: Bot) -> None:
    view = await opening(bot, await tagged(bot), "Change")
    assert str(value(view, "title")).startswith(LEND)
    assert value(view, "description") == LAPTOPS
    assert value(view, "outcomes") == ["inclusion"]
    assert "Inclusion, 9" in above(view)
    corrected = {"title": "Laptops on loan", "outcomes": "ethics,inclusion", "stage": "done"}
    done = await alone(bot, sending(bot, view, **corrected))
    assert "Laptops on loan (done)" in done["text"]
    assert "Outcomes: Ethics, Inclusion." in done["text"]
    assert "Laptops on loan (done)" in (await asked(bot, WHO_LENDS))["text"]


async def test_a_colleagues_message_belongs_to_both(bot: Bot) -> None:
    said = {"user": AUTHOR, "text": LAPTOPS, "ts": "1764000000.900001"}
    await bot.peer.interaction(shortcut(said, bot.peer.response_url()))
    view = await form(bot.peer)
    assert value(view, "description") == LAPTOPS
    done = await alone(bot, sending(bot, view, title="Laptops on loan"))
    assert done["text"].startswith("Registered for the officer who wrote the message, and for you")
    answer = await asked(bot, WHO_LENDS)
    for person in (OFFICER, AUTHOR):
        shown = await aloud(bot, pressing(bot, answer, "Laptops on loan", person))
        view = await opening(bot, shown, "Edit", person)
        saved = await aloud(bot, sending(bot, view, person, council=f"By {person}"))
        assert saved["text"].startswith("Saved.")
        assert f"By {person}" in saved["text"]
    shown = await aloud(bot, pressing(bot, answer, "Laptops on loan", COLLEAGUE))
    assert words(shown) == ["Report"]


async def test_what_is_suggested_in_a_channel_is_its_officers_to_confirm(bot: Bot) -> None:
    suggested = await asked(bot, f"tag {LAPTOPS}")
    refused = await alone(bot, pressing(bot, suggested, "Confirm", COLLEAGUE))
    assert (refused["user"], refused["text"].split(".")[0]) == (
        COLLEAGUE,
        "Only the officer who asked can go on with this",
    )
    assert "Registered." in (await aloud(bot, pressing(bot, suggested, "Confirm")))["text"]


async def test_projects_are_listed_and_searched(bot: Bot) -> None:
    assert "No project is registered here yet." in (await slashed(bot, "projects"))["text"]
    await registered(bot)
    await alone(bot, pressing(bot, await tagged(bot), "Confirm"))
    listed = await slashed(bot, "projects", COLLEAGUE)
    assert listed["text"].startswith("2 registered projects, newest first:")
    assert listed["text"].index(LEND) < listed["text"].index(DAMP["title"])
    assert DAMP["title"] in words(listed)
    for text, found in (("data", [DAMP["title"]]), ("damp", [DAMP["title"]]), ("value", [])):
        listed = await slashed(bot, f"projects {text}", COLLEAGUE)
        assert [one for one in words(listed) if one != "Share to channel"] == found
    assert (
        "You have no registered project" in (await slashed(bot, "my projects", COLLEAGUE))["text"]
    )
    mine = await alone(bot, bot.peer.event(mention("projects mine")))
    assert (mine["user"], PRIVATE in mine["text"]) == (OFFICER, True), "though asked in a channel"
    assert [one[: len(LEND)] for one in words(mine)] == [LEND, DAMP["title"]], "nothing to share"


async def test_where_a_form_cannot_open_its_button_opens_the_same_later(bot: Bot) -> None:
    said = {"user": AUTHOR, "text": LAPTOPS, "ts": "1764000000.900001"}
    done, suggested = await registered(bot), await tagged(bot)
    shown = await alone(bot, bot.peer.event(mention("tag")))
    which = await slashed(bot, "report damp sensors")
    marked = shortcut(said, bot.peer.response_url())
    ways: list[tuple[Callable[[], Awaitable[object]], str, str]] = [
        (lambda: pressing(bot, shown, "Open the form"), "project", ""),
        (lambda: bot.peer.command(tag_project(bot.peer)), "project", ""),
        (lambda: pressing(bot, suggested, "Change"), "register", LEND),
        (lambda: bot.peer.interaction(marked), "register", LEND),
        (lambda: pressing(bot, done, "Edit"), "edit", DAMP["title"]),
        (lambda: pressing(bot, which, DAMP["title"]), "report", ""),
    ]
    for act, name, title in ways:
        bot.peer.faults["views.open"].append(Fault("expired_trigger_id"))
        later = await alone(bot, act())
        view = await opening(bot, later, "Open the form")
        assert view["callback_id"] == f"form:{name}"
        if title:
            assert str(value(view, "title")).startswith(title)


async def test_its_officer_and_administrators_edit_it_and_nobody_else(bot: Bot) -> None:
    done = await registered(bot)
    edit = button(done, "Edit")
    for number, person in enumerate((OFFICER, ADMIN, NAMED), start=1):
        pressed = press(edit, bot.peer.response_url(), done, user={"id": person})
        await bot.peer.interaction(pressed)
        view = await form(bot.peer)
        assert value(view, "outcomes") == ["data", "services"]
        saved = await alone(bot, sending(bot, view, person, title=f"Sensors {number}"))
        assert saved["text"].startswith("Saved.")
    assert "Sensors 3" in (await asked(bot, WHO_SENSES))["text"]
    pressed = press(edit, bot.peer.response_url(), done, user={"id": COLLEAGUE})
    await bot.peer.interaction(pressed)
    await bot.peer.until(
        lambda: "Only the officer whose" in json.dumps(list(bot.peer.views.values()))
    )
    (view,) = bot.peer.views.values()
    assert "submit" not in view


async def test_a_project_is_withdrawn_in_two_steps(bot: Bot) -> None:
    done = await registered(bot)
    refused = await alone(bot, pressing(bot, done, "Withdraw", COLLEAGUE))
    assert refused["text"].startswith("Only the officer whose project this is")
    sure = await alone(bot, pressing(bot, done, "Withdraw"))
    assert f"Withdraw “{DAMP['title']}”?" in sure["text"]
    assert words(sure) == ["Withdraw it"]
    assert DAMP["title"] in (await asked(bot, WHO_SENSES))["text"]
    gone = await alone(bot, pressing(bot, sure, "Withdraw it"))
    assert f"“{DAMP['title']}” is withdrawn" in gone["text"]
    assert DAMP["title"] not in (await asked(bot, WHO_SENSES))["text"]
    assert "No project is registered here yet." in (await slashed(bot, "projects"))["text"]
    assert "not here any more" in (await alone(bot, pressing(bot, sure, "Withdraw it")))["text"]


async def test_what_is_reported_is_hidden_by_an_administrator_at_once(bot: Bot) -> None:
    await registered(bot)
    source = "Damp sensors in temporary accommodation"
    said = mention(WHO_SENSES)
    answer = await aloud(bot, bot.peer.event(said))
    assert source in answer["text"]
    which = await alone(
        bot, bot.peer.event(mention("report", thread_ts=said["event"]["ts"], user=COLLEAGUE))
    )
    assert source in words(which)
    ours = await aloud(bot, pressing(bot, answer, DAMP["title"], COLLEAGUE))
    for posted, label, title, reason in (
        (which, source, source, "It ended in 2023."),
        (ours, "Report", DAMP["title"], "That is not true."),
    ):
        view = await opening(bot, posted, label, COLLEAGUE)
        assert title in above(view)
        await sending(bot, view, COLLEAGUE, words=" ")
        assert bot.peer.wrong == {"field:words": "Say in a sentence what is wrong."}
        thanks = await alone(bot, sending(bot, view, COLLEAGUE, words=reason))
        assert thanks["text"].startswith("Thank you.")

    refused = await slashed(bot, "reports", COLLEAGUE)
    assert refused["text"].startswith("Only administrators")
    reports = await slashed(bot, "reports", ADMIN)
    assert f"{source}: “It ended in 2023.”" in reports["text"]
    for title in (source, DAMP["title"]):
        hide = f"Hide “{title}”"
        refused = await alone(bot, pressing(bot, reports, hide, COLLEAGUE))
        assert refused["text"].startswith("Only administrators")
        hidden = await alone(bot, pressing(bot, reports, hide, ADMIN))
        assert f"“{title}” is hidden" in hidden["text"]
    answer = await asked(bot, WHO_SENSES)
    assert source not in answer["text"]
    assert DAMP["title"] not in answer["text"]
    assert DAMP["title"] not in (await slashed(bot, "projects"))["text"]
    assert "There are no open reports." in (await slashed(bot, "reports", ADMIN))["text"]
    listed = await slashed(bot, "hidden", ADMIN)
    for title in (source, DAMP["title"]):
        await alone(bot, pressing(bot, listed, f"Show “{title}” again", ADMIN))
    answer = await asked(bot, WHO_SENSES)
    assert source in answer["text"]
    assert DAMP["title"] in answer["text"]
