"""The bot's Home tab in Slack from end to end: what officers see there, press and fill in.

The people and their councils are invented (test data).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.app import App
from bot.rehearsal.slack_homes import opened, press_at_home
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    OFFICER,
    OTHER_TEAM,
    TEAM,
    command,
    direct,
    message,
    submission,
)
from tests.digest_desk import OPENLY
from tests.peers_desk import SENSORS
from tests.projects_desk import DAMP
from tests.projects_in_slack import (
    ADMIN,
    COLLEAGUE,
    Json,
    alone,
    asked,
    bot,
    pressing,
    sending,
    slashed,
    words,
)
from tests.slack_desk import Bot, button, form, peer, seen

__all__ = ["bot", "peer"]  # fixtures

SECTIONS = ["Outcomes assistant", "My projects", "My peer profile", "Digests I manage"]
OPEN = "Open questions"
WRITTEN = {
    "answer": "Anytown lends drones to its parks team for one day a week.",
    "sources": "https://anytown.example/drones",
    "name": "Robin (test data)",
}


def headings(view: Json) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]


def section(view: Json, heading: str) -> str:
    """The words under a heading."""
    blocks, found = view["blocks"], []
    start = next(n for n, one in enumerate(blocks) if seen(one) == heading)
    for block in blocks[start + 1 :]:
        if block["type"] == "header":
            break
        found.append(block)
    return seen(found)


async def home(bot: Bot, person: str = OFFICER, **changes: object) -> Json:
    """What somebody sees who opens it."""
    before = len(bot.peer.homes.published)
    assert (await bot.peer.event(opened("home", person, **changes))).status == 200
    await bot.peer.until(lambda: len(bot.peer.homes.published) > before)
    assert bot.peer.homes.published[before:] == [person]
    return bot.peer.homes.shown[person]


async def after(bot: Bot, body: Json, person: str = OFFICER) -> tuple[Json, Json]:
    """What the person is told in their chat of what they did, and their Home by then. Nobody else
    is shown anything."""
    posted, published = len(bot.peer.shown), len(bot.peer.homes.published)
    assert (await bot.peer.interaction(body)).status == 200
    await bot.peer.until(lambda: len(bot.peer.homes.published) > published)
    (told,) = bot.peer.shown[posted:]
    assert told in bot.peer.posted_to(person)
    assert set(bot.peer.homes.published[published:]) == {person}
    assert not bot.peer.whispered
    return told, bot.peer.homes.shown[person]


async def opens(bot: Bot, view: Json, label: str, person: str = OFFICER) -> Json:
    """The form behind a button of Home, which is published anew meanwhile."""
    count, published = len(bot.peer.views) + 1, len(bot.peer.homes.published)
    await bot.peer.interaction(press_at_home(button(view, label), view, person))
    await bot.peer.until(lambda: len(bot.peer.homes.published) > published)
    return await form(bot.peer, count)


def submission_of(view: Json, person: str = OFFICER, **filled: str) -> Json:
    """A form that is open, sent."""
    return submission(view, filled, user={"id": person})


async def test_who_has_nothing_yet_is_told_what_to_do(bot: Bot) -> None:
    view = await home(bot)
    assert headings(view) == SECTIONS
    about = section(view, SECTIONS[0])
    assert "automated" in about
    assert "quoted from published texts, each with its source" in about
    assert "no registered project" in section(view, "My projects")
    assert "Peers are officers who agreed" in section(view, "My peer profile")
    assert "no digest that you look after" in section(view, "Digests I manage")
    assert {"Ask a question", "Register a project", "Offer help"} <= set(words(view))


async def test_a_project_is_registered_from_home_and_stands_there(bot: Bot) -> None:
    view = await home(bot)
    described = await opens(bot, view, "Register a project")
    await sending(bot, described, **DAMP)
    sent = await form(bot.peer)
    told, view = await after(bot, submission_of(sent))
    assert DAMP["title"] in seen(told)
    assert DAMP["title"] in section(view, "My projects")
    told, _ = await after(bot, press_at_home(button(view, DAMP["title"]), view))
    assert {"Edit", "Withdraw"} <= set(words(told))
    # Withdrawn in the chat, it is gone from Home when that is opened.
    await pressing(bot, told, "Withdraw")
    (asked_back,) = (await bot.answered(3))[2:]
    await pressing(bot, asked_back, "Withdraw it")
    await bot.answered(4)
    assert "no registered project" in section(await home(bot), "My projects")
    assert "no registered project" in section(await home(bot, COLLEAGUE), "My projects")


async def test_help_is_offered_paused_and_taken_up_again_from_home(bot: Bot) -> None:
    offer = await opens(bot, await home(bot), "Offer help")
    _, view = await after(bot, submission_of(offer, **SENSORS))
    assert SENSORS["help"] in section(view, "My peer profile")
    pause = await opens(bot, view, "Pause")
    until = datetime.now(UTC).date() + timedelta(days=30)
    _, view = await after(bot, submission_of(pause, until=until.isoformat()))
    assert "Paused until" in section(view, "My peer profile")
    _, view = await after(bot, press_at_home(button(view, "Resume"), view))
    assert "Paused until" not in section(view, "My peer profile")
    assert SENSORS["help"] not in str(await home(bot, COLLEAGUE))


async def test_a_digest_is_paused_and_resumed_from_home(bot: Bot) -> None:
    await bot.peer.command(command("digest", bot.peer.response_url()))
    await alone(bot, sending(bot, await form(bot.peer)))
    bot.peer.whispered.clear()
    view = await home(bot)
    assert CHANNEL in str([one for one in view["blocks"] if one["type"] == "rich_text"])
    _, view = await after(bot, press_at_home(button(view, "Pause"), view))
    assert "aused" in section(view, "Digests I manage")
    _, view = await after(bot, press_at_home(button(view, "Resume"), view))
    assert "aused" not in section(view, "Digests I manage")
    assert "no digest that you look after" in str(await home(bot, COLLEAGUE))


async def test_open_questions_are_for_administrators_and_experts(bot: Bot, app: App) -> None:
    await bot.peer.event(message("hello", ts="1.0"))  # which tells that the channel is public
    await asked(bot, OPENLY)
    await app.assistant.finish()
    assert headings(await home(bot)) == SECTIONS
    view = await home(bot, ADMIN)
    assert headings(view) == [*SECTIONS, OPEN]
    assert "drones" in section(view, OPEN)
    answer = await opens(bot, view, "Answer 1", ADMIN)
    _, view = await after(bot, submission_of(answer, ADMIN, **WRITTEN), ADMIN)
    assert "drones" not in section(view, OPEN)
    # Who asks to look after answers gets the section once an administrator has agreed.
    await bot.peer.command(command("experts join", bot.peer.response_url(), user_id=COLLEAGUE))
    await alone(bot, sending(bot, await form(bot.peer), COLLEAGUE, name="Sam (test data)"))
    assert OPEN not in headings(await home(bot, COLLEAGUE))
    listed = await slashed(bot, "experts", ADMIN)
    agree = next(one for one in words(listed) if one.startswith("Agree"))
    await pressing(bot, listed, agree, ADMIN)
    await bot.whispered(len(bot.peer.whispered) + 1)
    assert OPEN in headings(await home(bot, COLLEAGUE))


async def test_a_question_asked_at_home_is_answered_in_the_chat(bot: Bot) -> None:
    asking = await opens(bot, await home(bot), "Ask a question")
    told, _ = await after(bot, submission_of(asking, question="What does inclusion mean?"))
    assert "Sources" in seen(told)
    view = bot.peer.homes.shown[OFFICER]
    told, _ = await after(bot, press_at_home(button(view, "What I can do"), view))
    assert "Commands:" in seen(told)


async def test_a_guest_and_a_stranger_are_where_the_app_is(bot: Bot, app: App) -> None:
    """Of a guest's button Slack names the workspace they come from, and beside it the app's."""
    guest, elsewhere = "U0GUEST", {"team": {"id": OTHER_TEAM, "domain": "elsewhere"}}
    view = await home(bot, guest)
    view = {**view, "app_installed_team_id": TEAM}
    offer = press_at_home(button(view, "Offer help"), view, guest, **elsewhere)
    await bot.peer.interaction(offer)
    await bot.peer.until(lambda: len(bot.peer.homes.published) == 2)
    filled = submission_of(await form(bot.peer), guest, **SENSORS)
    filled = {**filled, **elsewhere}
    filled["view"]["app_installed_team_id"] = TEAM
    _, view = await after(bot, filled, guest)
    assert SENSORS["help"] in section(view, "My peer profile")
    assert await app.store.people(TEAM).known_key(guest)
    assert not await app.store.people(OTHER_TEAM).known_key(guest)


@pytest.mark.parametrize(
    ("person", "last"), [(OFFICER, "Register a project"), (ADMIN, "Show the open questions")]
)
async def test_what_is_suggested_where_they_write_is_by_who_they_are(
    bot: Bot, person: str, last: str
) -> None:
    await bot.peer.event(opened("messages", person))
    await bot.peer.until(lambda: bool(bot.peer.homes.suggested))
    (suggested,) = bot.peer.homes.suggested.values()
    assert len(suggested) == 4
    assert suggested[-1]["message"] == last
    assert not bot.peer.homes.published
    await bot.peer.event(direct(suggested[-1]["message"], user=person))
    (told,) = await bot.answered(1)
    assert {"Open the form"} == set(words(told)) or "question" in seen(told)
