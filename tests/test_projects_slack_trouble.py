"""Projects in Slack when something comes twice, late, at once, or not at all."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.app import App
from bot.rehearsal.slack import SlackPeer
from bot.rehearsal.slack_payloads import (
    press,
    submission,
)
from tests.projects_desk import (
    DAMP,
    SAVED_LATER,
    WHO_SENSES,
    database_away,
    restarted,
)
from tests.projects_in_slack import (
    ADMIN,
    above,
    alone,
    asked,
    bot,
    opening,
    pressing,
    registered,
    sending,
    slashed,
    tagged,
    value,
    words,
)
from tests.slack_desk import Bot, button, form, peer, serving, tag_project

__all__ = ["bot", "peer"]  # fixtures


async def test_a_double_click_registers_once(bot: Bot) -> None:
    await bot.peer.command(tag_project(bot.peer))
    await sending(bot, await form(bot.peer), **DAMP)
    sent = submission(await form(bot.peer), {})
    await alone(bot, asyncio.gather(*(bot.peer.interaction(sent) for _ in range(2))))
    private = await tagged(bot)
    confirm = [pressing(bot, private, "Confirm") for _ in range(2)]
    await asyncio.gather(*confirm)
    await bot.inbox.finish()
    assert (
        len([one for one in words(await slashed(bot, "projects")) if one != "Share to channel"])
        == 2
    )


async def test_a_form_is_sent_after_a_restart(peer: SlackPeer, app: App) -> None:
    async with serving(peer, app.store, app.assistant.handle) as bot:
        private = await tagged(bot)
        await peer.command(tag_project(peer))
        await sending(bot, await form(peer), **DAMP)
    async with (
        restarted(app) as again,
        serving(peer, again.store, again.assistant.handle) as bot,
    ):
        done = await alone(bot, sending(bot, await form(peer)))
        assert done["text"].startswith("Registered.")
        done = await alone(bot, pressing(bot, private, "Confirm"))
        assert done["text"].startswith("Registered.")
        assert DAMP["title"] in (await asked(bot, WHO_SENSES))["text"]


async def test_of_two_who_edit_at_once_the_second_sees_what_the_first_wrote(bot: Bot) -> None:
    done = await registered(bot)
    mine = await opening(bot, done, "Edit")
    await bot.peer.interaction(
        press(button(done, "Edit"), bot.peer.response_url(), done, user={"id": ADMIN})
    )
    theirs = await form(bot.peer, 2)
    await alone(bot, sending(bot, theirs, ADMIN, title="Sensors by the administrator"))
    await sending(bot, mine, title="Sensors by me")
    late = bot.peer.views[mine["id"]]
    assert "Somebody changed this project" in above(late)
    assert "Sensors by the administrator" in above(late)
    assert value(late, "title") == "Sensors by me"
    await alone(bot, sending(bot, late))
    assert "Sensors by me" in (await slashed(bot, "projects"))["text"]

    again = await opening(bot, done, "Edit")
    sure = await alone(bot, pressing(bot, done, "Withdraw", ADMIN))
    await alone(bot, pressing(bot, sure, "Withdraw it", ADMIN))
    await sending(bot, again, description="I wrote this for an hour.")
    kept = bot.peer.views[again["id"]]
    assert "It was withdrawn or hidden. Your words" in above(kept).replace(": it", ": It")
    assert value(kept, "description") == "I wrote this for an hour."


async def test_while_the_database_is_away_the_form_stays_with_its_words(
    bot: Bot, app: App, tmp_path: Path
) -> None:
    private = await tagged(bot)
    await bot.peer.command(tag_project(bot.peer))
    view = await form(bot.peer)
    async with database_away(app, tmp_path, bot.inbox):
        await sending(bot, view, **DAMP)
        stays = await form(bot.peer)
        assert above(stays).count(SAVED_LATER) == 1
        assert value(stays, "description") == DAMP["description"]
        failed = await alone(bot, pressing(bot, private, "Confirm"))
        assert failed["text"].startswith("I cannot reach the register of projects just now.")
    await sending(bot, stays)
    assert (await form(bot.peer))["callback_id"] == "form:outcomes"


async def test_a_text_that_is_too_long_or_none_is_said_so_to_its_officer_alone(bot: Bot) -> None:
    for text, said in (("x" * 4_001, "That is over 4,000"), (":smile: 👍", "I could not find a")):
        refused = await alone(bot, bot.peer.command(tag_project(bot.peer, text)))
        assert refused["text"].startswith(said)
        assert words(refused) == []
