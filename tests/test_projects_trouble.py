"""Double clicks, restarts, stale forms and a database that is away: nothing of a project is lost
or stored twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.app import App, wired
from bot.store import Store, default_url
from tests.clock import Clock
from tests.projects_desk import (
    DAMP,
    LAPTOPS,
    SAVED_LATER,
    WHO_LENDS,
    WHO_SENSES,
    Officer,
    changing,
    database_away,
    held,
    me,
    name_of,
    officer,
    projects_in,
    registers,
    restarted,
    titles,
)

__all__ = ["me"]  # a fixture

DOCUMENT = "kingston-damp-sensors"  # a published case study


@pytest.fixture
async def dated(app: App, tmp_path: Path) -> AsyncIterator[tuple[Officer, Clock]]:
    """An officer in a time of their own."""
    clock = Clock()
    store = await Store.open(default_url(tmp_path / "dated"), clock)
    assistant = wired(app.answerer, store, app.administrators).assistant
    yield officer(assistant.handle), clock
    await assistant.finish()
    await store.close()


async def test_a_double_click_registers_once(me: Officer) -> None:
    tagged = await me.tags(LAPTOPS)
    twice = await asyncio.gather(*(me.presses(tagged, "Confirm") for _ in range(3)))
    assert len({name_of(one) for one in twice}) == 1
    step = await me.sends((await me.tags("")).form, **DAMP)
    twice = await asyncio.gather(*(me.sends(step.form) for _ in range(3)))
    assert len({name_of(one) for one in twice}) == 1
    form = (await changing(me)).form
    twice = await asyncio.gather(*(me.sends(form, title="Tablets") for _ in range(3)))
    assert len({name_of(one) for one in twice}) == 1
    again = await me.sends(form, title="Tablets")
    assert again.body.startswith("This project is registered already.")
    assert len(await titles(me)) == 3


async def test_a_double_click_saves_and_withdraws_once(me: Officer) -> None:
    mine = await registers(me)
    form = (await me.presses(mine, "Edit")).form
    twice = await asyncio.gather(*(me.sends(form, title="Sensors") for _ in range(2)))
    assert {one.body.partition("\n")[0] for one in twice} == {
        "Saved.",
        "That is how it stands already.",
    }
    gone = await asyncio.gather(*(me.does("withdraw-now", name_of(mine)) for _ in range(2)))
    assert any(one.body == "“Sensors” is withdrawn, and its text is erased." for one in gone)
    assert await titles(me) == []


async def test_a_form_and_a_button_outlast_a_restart(app: App, me: Officer) -> None:
    tagged, form = await me.tags(LAPTOPS), (await changing(me)).form
    step = await me.sends((await me.tags("")).form, **DAMP)
    async with restarted(app) as again:
        after = officer(again.assistant.handle)
        assert (await after.presses(tagged, "Confirm")).body.startswith("Registered.")
        assert (await after.sends(form, title="Tablets")).body.startswith("Registered.")
        mine = await after.sends(step.form)
        edit = (await after.presses(mine, "Edit")).form
    async with restarted(app) as again:
        after = officer(again.assistant.handle)
        assert (await after.sends(edit, title="Sensors")).body.startswith("Saved.")
        assert (await titles(after))[:2] == ["Sensors", "Tablets"]
        assert projects_in(await after.writes(WHO_SENSES)) == ["Sensors"]


async def test_a_form_that_was_open_too_long_keeps_its_words(dated: tuple[Officer, Clock]) -> None:
    me, clock = dated
    tagged, form = await me.tags(LAPTOPS), (await changing(me)).form
    step = await me.sends((await me.tags("")).form, **DAMP)
    clock.pass_by(days=8)
    reply = await me.presses(tagged, "Confirm")
    assert reply.body == "I no longer have that suggestion. Please tag the project again."
    late = [me.sends(form, title="Tablets", outcomes="data,ethics") for _ in range(2)]
    for done in await asyncio.gather(*late):
        assert done.body.startswith("Registered.")
        assert [one.id for one in done.outcomes] == ["data", "ethics"]
    assert await titles(me) == ["Tablets"]
    reply = await me.sends(step.form)
    assert reply.body.endswith("Please tag the project again.")
    assert reply.form is not None
    assert reply.form.id == "project", "what was described is gone"


async def test_what_a_second_window_says_otherwise_is_not_lost(me: Officer) -> None:
    form = (await changing(me)).form
    await me.sends(form, title="Tablets")
    other = await me.sends(form, title="Laptops", council="Anytown", outcomes="inclusion,services")
    assert other.form is not None
    assert other.form.id == "edit"
    assert "registered already" in other.form.lead
    assert "Tablets" in other.form.lead
    said = held(other.form)
    assert (said["title"], said["council"]) == ("Laptops", "Anytown")
    assert said["outcomes"] == "inclusion,services"
    assert await titles(me) == ["Tablets"]
    await me.sends(other.form)
    assert await titles(me) == ["Laptops"]


async def test_of_two_who_edit_at_once_the_second_sees_what_the_first_wrote(me: Officer) -> None:
    admin = officer(me.handle, "admin")
    name = name_of(await registers(me))
    mine, theirs = [(await one.does("open", f"edit:{name}")).form for one in (me, admin)]
    both = await asyncio.gather(
        me.sends(mine, title="Sensors by me", description="I wrote this."),
        admin.sends(theirs, title="Sensors by the administrator", outcomes="value"),
    )
    assert sorted(one.form is None for one in both) == [False, True]
    (late,) = (one for one in both if one.form)
    first, second = (me, admin) if both[1].form else (admin, me)
    assert late.form is not None
    title = {me: "Sensors by me", admin: "Sensors by the administrator"}
    assert held(late.form)["title"] == title[second]
    assert title[first] in late.form.lead
    assert "Somebody changed this project" in late.form.lead
    assert await titles(me) == [title[first]]
    assert (await second.sends(late.form)).body.startswith("Saved.")
    assert await titles(me) == [title[second]]


async def test_what_is_written_in_a_project_that_is_withdrawn_meanwhile_stays(me: Officer) -> None:
    admin = officer(me.handle, "admin")
    mine = await registers(me)
    form = (await admin.does("open", f"edit:{name_of(mine)}")).form
    await me.does("withdraw-now", name_of(mine))
    reply = await admin.sends(form, description="I wrote this for an hour.")
    assert reply.status == "invalid"
    assert "withdrawn" in reply.body
    assert SAVED_LATER in reply.body
    assert held(reply.form) == {**held(form), "description": "I wrote this for an hour."}
    assert (await admin.sends(reply.form)).body == reply.body
    assert await titles(me) == []


async def test_while_the_database_is_away_forms_keep_their_words(
    app: App, me: Officer, tmp_path: Path
) -> None:
    await app.assistant.finish()
    first, whole = (await me.tags("")).form, (await changing(me)).form
    step = (await me.sends(first, **DAMP)).form
    mine = await registers(me)
    edit = (await me.presses(mine, "Edit")).form
    report = (await me.does("open", f"report:{DOCUMENT}")).form
    sent = [
        me.filled(first, **DAMP),
        me.filled(step, outcomes="data,ethics"),
        me.filled(whole, title="Tablets"),
        me.filled(edit, title="Sensors"),
        me.filled(report, words="That ended."),
    ]
    async with database_away(app, tmp_path):
        replies = [await me.handle(one) for one in sent]
        for one, reply in zip(sent, replies, strict=True):
            assert (reply.status, reply.private) == ("failed", True)
            assert SAVED_LATER in reply.body
            assert held(reply.form) == one.values
            assert reply.form is not None
            assert (reply.form.id, reply.form.key) == (one.form, one.key)
            assert reply.form.lead != reply.body, "it is said once"
    for reply in replies:
        assert (await me.sends(reply.form)).status in ("answered", "help")
    assert sorted(await titles(me)) == ["Damp sensors in Anytown homes", "Sensors", "Tablets"]


async def test_while_the_database_is_away_what_can_be_said_is_said(
    app: App, me: Officer, tmp_path: Path
) -> None:
    mine = await me.presses(tagged := await me.tags(LAPTOPS), "Confirm")
    assert projects_in(await me.writes(WHO_LENDS)) == projects_in(mine)
    async with database_away(app, tmp_path):
        answer = await me.writes(WHO_LENDS)
        assert answer.status == "answered"
        assert projects_in(answer) == projects_in(mine), "those known so far"
        suggested = await me.tags(LAPTOPS)
        assert suggested.suggestions
        assert "I cannot register projects just now." in suggested.body
        assert suggested.actions == ()
        assert (await me.tags("")).form
        for reply in (
            await me.presses(tagged, "Confirm"),
            await me.presses(mine, "Edit"),
            await me.presses(mine, "Withdraw"),
            await me.writes("projects"),
            await me.picks(LAPTOPS, "author"),
        ):
            assert (reply.status, reply.private) == ("failed", True)
            assert reply.body.endswith("Try again in a minute.")
    assert len(await titles(me)) == 1
