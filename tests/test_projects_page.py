"""Projects on the page from end to end: over HTTP as its script posts, and once in a browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from bot.app import App
from bot.conversation import Handle, Reply, Request
from bot.web.page import page_application
from tests.browsing import CHROMIUM, browser_tab
from tests.page_site import Site
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

Json = dict[str, Any]


@dataclass
class Visitor:
    """Posts as the page's script does, all in one thread."""

    site: Site

    async def posts(self, **body: object) -> Json:
        answer = await self.site.post({"thread": "t-1", **body})
        assert answer.status == 200
        reply: Json = await answer.json()
        return reply

    async def asks(self, text: str) -> Json:
        return await self.posts(type="asked", text=text)

    async def commands(self, name: str, text: str = "") -> Json:
        return await self.posts(type="command", name=name, text=text)

    async def presses(self, reply: Json, label: str) -> Json:
        (button,) = (one for one in reply["actions"] if one["label"] == label)
        return await self.posts(type="pressed", action=button["id"], value=button["value"])

    async def sends(self, reply: Json, **filled: str) -> Json:
        form = reply["form"]
        values = {**held(reply), **filled}
        return await self.posts(type="submitted", form=form["id"], values=values, key=form["key"])

    async def registers(self, **chosen: str) -> Json:
        step = await self.sends(await self.commands("tag"), **DAMP)
        return await self.sends(step, **chosen)

    async def titles(self, of: str = "") -> list[str]:
        return [one["title"] for one in (await self.commands("projects", of))["citations"]]


def held(reply: Json) -> dict[str, str]:
    return {one["id"]: one["value"] for one in reply["form"]["fields"]}


def wrong(reply: Json) -> dict[str, str]:
    return {one["id"]: one["fault"] for one in reply["form"]["fields"] if one["fault"]}


def labels(reply: Json) -> list[str]:
    return [one["label"] for one in reply["actions"]]


@asynccontextmanager
async def visited(handle: Handle) -> AsyncIterator[Visitor]:
    server = TestServer(page_application(handle), host="127.0.0.1")
    await server.start_server()
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield Visitor(Site(server, session))
    await server.close()


@pytest.fixture
async def me(app: App) -> AsyncIterator[Visitor]:
    async with visited(app.assistant.handle) as visitor:
        yield visitor


async def test_a_text_is_tagged_confirmed_and_found_at_once(me: Visitor) -> None:
    suggested = await me.commands("tag", LAPTOPS)
    assert [one["id"] for one in suggested["outcomes"]] == ["inclusion"]
    assert labels(suggested) == ["Confirm", "Change"]
    done = await me.presses(suggested, "Confirm")
    assert done["body"].startswith("Registered.")
    assert labels(done) == ["Edit", "Withdraw"]
    answer = await me.asks(WHO_LENDS)
    published, apart, ours = answer["body"].partition(APART)
    assert apart
    assert "Trafford (2024)" in published
    assert LEND in ours
    kinds = {one["title"]: one["kind"] for one in answer["citations"]}
    assert [kind for title, kind in kinds.items() if title.startswith(LEND)] == ["project"]


async def test_a_project_is_registered_in_two_steps(me: Visitor) -> None:
    first = await me.commands("tag")
    faulty = await me.sends(first, title="", description="x" * 10_000, link="ftp://a.example")
    assert wrong(faulty).keys() == {"title", "description", "link"}
    assert held(faulty)["description"] == "x" * 10_000
    step = await me.sends(faulty, **DAMP)
    assert held(step)["outcomes"] == "data,services"
    assert "Data, 9" in step["form"]["lead"]
    none = await me.sends(step, outcomes="")
    assert wrong(none) == {"outcomes": "Choose at least one outcome."}
    assert none["form"]["lead"] == step["form"]["lead"]
    done = await me.sends(none, outcomes="data,value", shared="yes")
    assert "Seen by this community and others." in done["body"]
    assert DAMP["title"] in (await me.asks(WHO_SENSES))["body"].partition(APART)[2]


@pytest.mark.parametrize("marked", [True, False])
async def test_everything_is_corrected_in_one_form(me: Visitor, marked: bool) -> None:
    if marked:
        opened = await me.posts(type="marked", text=LAPTOPS)
    else:
        opened = await me.presses(await me.commands("tag", LAPTOPS), "Change")
    assert held(opened)["description"] == LAPTOPS
    assert held(opened)["outcomes"] == "inclusion"
    corrected = {"title": "Laptops on loan", "outcomes": "ethics,inclusion", "stage": "done"}
    done = await me.sends(opened, **corrected)
    assert "Laptops on loan (done)" in done["body"]
    assert [one["id"] for one in done["outcomes"]] == ["ethics", "inclusion"]


async def test_projects_are_listed_searched_edited_and_withdrawn(me: Visitor) -> None:
    assert "You have no registered project here." in (await me.commands("projects", "mine"))["body"]
    await me.registers()
    await me.presses(await me.commands("tag", LAPTOPS), "Confirm")
    assert (await me.titles())[1:] == [DAMP["title"]]
    assert await me.titles("data") == await me.titles("damp") == [DAMP["title"]]
    assert await me.titles("value") == []
    assert len(await me.titles("mine")) == 2
    shown = await me.presses(await me.commands("projects", "damp"), DAMP["title"])
    edit = await me.presses(shown, "Edit")
    saved = await me.sends(edit, title="Sensors")
    assert saved["body"].startswith("Saved.")
    late = await me.sends(edit, title="Sensors of mine")
    assert "Somebody changed this project" in late["form"]["lead"]
    assert held(late)["title"] == "Sensors of mine"
    sure = await me.presses(saved, "Withdraw")
    assert labels(sure) == ["Withdraw it"]
    assert "“Sensors” is withdrawn" in (await me.presses(sure, "Withdraw it"))["body"]
    gone = await me.sends(late)
    assert "Your words are still here" in gone["body"]
    assert held(gone)["title"] == "Sensors of mine"
    assert "Sensors" not in await me.titles()
    assert DAMP["title"] not in (await me.asks(WHO_SENSES))["body"]


async def test_what_is_reported_is_hidden_at_once_and_shown_again(me: Visitor, app: App) -> None:
    await me.registers()
    await me.asks(WHO_SENSES)
    await app.assistant.finish()  # so that the thread is remembered
    which = await me.commands("report")
    shown = await me.presses(await me.commands("projects"), DAMP["title"])
    title = labels(which)[0]
    thanks = await me.sends(await me.presses(which, title), words="That ended.")
    assert thanks["body"].startswith("Thank you.")
    assert "Report" not in labels(shown), "whoever may edit it has no need to"
    reports = await me.commands("reports")
    assert f"{title}: “That ended.”" in reports["body"]
    assert "is hidden" in (await me.presses(reports, f"Hide “{title}”"))["body"]
    answer = await me.asks(WHO_SENSES)
    assert title not in [one["title"] for one in answer["citations"]]
    listed = await me.commands("hidden")
    assert "is shown again" in (await me.presses(listed, f"Show “{title}” again"))["body"]
    answer = await me.asks(WHO_SENSES)
    assert title in [one["title"] for one in answer["citations"]]


async def test_a_double_click_registers_once_and_a_restart_loses_nothing(
    me: Visitor, app: App
) -> None:
    step = await me.sends(await me.commands("tag"), **DAMP)
    await asyncio.gather(*(me.sends(step) for _ in range(3)))
    assert await me.titles() == [DAMP["title"]]
    opened = await me.presses(await me.commands("tag", LAPTOPS), "Change")
    async with restarted(app) as again, visited(again.assistant.handle) as after:
        done = await after.sends(opened, title="Tablets")
        assert done["body"].startswith("Registered.")
        assert await after.titles() == ["Tablets", DAMP["title"]]


async def test_while_the_database_is_away_forms_keep_their_words_and_answers_come(
    me: Visitor, app: App, tmp_path: Path
) -> None:
    first, suggested = await me.commands("tag"), await me.commands("tag", LAPTOPS)
    async with database_away(app, tmp_path):
        stays = await me.sends(first, **DAMP)
        assert (stays["status"], held(stays)) == ("failed", DAMP)
        assert SAVED_LATER in stays["body"]
        assert (await me.presses(suggested, "Confirm"))["status"] == "failed"
        assert (await me.asks(WHO_LENDS))["status"] == "answered"
    assert held(await me.sends(stays))["outcomes"] == "data,services"


async def test_too_long_a_post_is_refused_in_a_sentence(me: Visitor) -> None:
    body = {"type": "submitted", "form": "project", "values": {**DAMP, "title": "x" * 70_000}}
    refused = await me.site.post(body)
    assert refused.status == 413
    assert (await refused.json())["error"].startswith("That is longer than this page can take.")
    assert await me.titles() == []


@dataclass
class Watched:
    """The real assistant, as `browser_tab` asks it."""

    assistant: Callable[[Request], Any]
    heard: list[Request] = field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        reply: Reply = await self.assistant(request)
        return reply


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
async def test_a_project_all_its_way_in_a_browser(app: App) -> None:
    async with browser_tab(Watched(app.assistant.handle)) as visit:
        page = visit.page
        said, dialog = page.locator(".answer .body"), page.get_by_role("dialog")

        async def press(label: str) -> None:
            await page.locator(".answer").get_by_role("button", name=label, exact=True).last.click()

        await visit.ask(LAPTOPS)
        await page.locator("#thread").get_by_role("button", name="Tag as a project").click()
        await expect(dialog.get_by_label("What it does")).to_have_value(LAPTOPS)
        await expect(dialog.get_by_role("checkbox", name="Inclusion")).to_be_checked()
        await dialog.get_by_label("Title").fill("Laptops on loan")
        await dialog.get_by_label("Link").fill("anytown.example")
        await dialog.get_by_role("button", name="Register").click()
        await expect(dialog.get_by_label("Link")).to_be_focused()
        await expect(dialog.locator("#form-message")).to_have_count(1)
        await expect(dialog.get_by_label("Title")).to_have_value("Laptops on loan")
        await expect(page.locator(".standing", has_text="Not done")).to_have_count(1)
        await dialog.get_by_label("Link").fill("https://anytown.example/")
        await dialog.get_by_role("button", name="Register").click()
        await expect(said.last).to_contain_text("Registered.")

        await page.locator("#thread-text").fill(WHO_LENDS)
        await page.locator("#thread-text").press("Enter")
        await expect(said.last).to_contain_text(APART)
        await press("Laptops on loan")
        await press("Edit")
        await expect(dialog.get_by_label("Link")).to_have_value("https://anytown.example/")
        await dialog.get_by_label("Title").fill("Tablets on loan")
        await dialog.get_by_role("button", name="Save").click()
        await expect(said.last).to_contain_text("Saved.")
        await press("Withdraw")
        await expect(said.last).to_contain_text("Withdraw “Tablets on loan”?")
        await press("Withdraw it")
        await expect(said.last).to_contain_text("“Tablets on loan” is withdrawn")

        await page.locator("#thread-text").fill("/outcomes tag")
        await page.locator("#thread-text").press("Enter")
        for name in ("Title", "What it does"):
            await dialog.get_by_label(name).fill(DAMP["description"])
        await dialog.get_by_role("button", name="Next").click()
        await expect(dialog.get_by_role("checkbox", name="Data")).to_be_checked()
        await app.store.forget("local-test")  # as it is after a week
        await dialog.get_by_role("button", name="Register").click()
        await expect(dialog).to_have_accessible_name("Tag a project")
        await expect(dialog.locator("#form-message")).to_contain_text("I no longer have that")
        assert visit.trouble == []
