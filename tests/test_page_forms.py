"""Tagging and registering on the page in a real browser: forms with steps, faults and boxes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Route, ViewportSize, expect

from bot.conversation import Asked, Command, Marked, Pressed, Submitted
from tests.browsing import CHROMIUM, CONTRASTS, SMALL, Visit, browser_tab
from tests.registering import ALIKE, DRAFT, MEANT, NO_ADDRESS, REGISTERED, SHOWN, Registrar

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not CHROMIUM, reason="no chromium on this machine; on Debian: apt-get install chromium"
    ),
]
ALL_TWELVE = "Which outcomes does it serve?"
PHONE = ViewportSize(width=360, height=740)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Visit[Registrar]]:
    """One for all tests here: starting a browser costs more than any of them."""
    async with browser_tab(Registrar()) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="module")
async def visit(tab: Visit[Registrar]) -> AsyncIterator[Visit[Registrar]]:
    """A first visit; afterwards nothing may have gone wrong or been asked of another host."""
    await tab.start_afresh()
    yield tab
    assert [url for url in tab.asked if not url.startswith(tab.address)] == []
    assert tab.trouble == []


async def opened(visit: Visit[Registrar], *, change: bool = True) -> Locator:
    """The project form: of a suggestion that is changed, or an empty one."""
    if change:
        await visit.ask("/outcomes tag We lend laptops")
        await visit.page.get_by_role("button", name="Change").click()
    else:
        await visit.page.locator("#channel-text").fill("/outcomes tag")
        await visit.page.keyboard.press("Enter")
    dialog = visit.page.get_by_role("dialog")
    await expect(dialog).to_have_accessible_name("Register a project")
    return dialog


async def test_a_suggestion_is_changed_and_registered_by_keyboard_alone(
    visit: Visit[Registrar],
) -> None:
    page, keys = visit.page, visit.page.keyboard
    await page.locator("#channel-text").focus()
    await keys.type("/outcomes tag We lend refurbished laptops")
    await keys.press("Enter")
    await expect(page.locator(".answer.answered .byline")).to_contain_text(
        "Only Visitor can see this"
    )
    await visit.tab_to("Change", "Shift+Tab")
    await keys.press("Enter")
    dialog = page.get_by_role("dialog", name="Register a project")
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await expect(dialog.get_by_label("Title")).to_have_value(DRAFT["title"])
    await expect(dialog.get_by_label("What it does")).to_have_value(DRAFT["description"])
    await expect(dialog.get_by_label("Stage")).to_have_value("doing")
    await visit.tab_to("#field-link")
    await keys.type("www.anytown.example")
    await visit.tab_to("Next")
    await keys.press("Enter")

    link = dialog.get_by_label("Link")
    await expect(link).to_be_focused()
    await expect(link).to_have_attribute("aria-invalid", "true")
    await expect(link).to_have_accessible_description(f"Where there is more to read. {NO_ADDRESS}")
    await expect(dialog).to_have_accessible_description("One thing is to be put right.")
    await expect(dialog.get_by_label("Title")).to_have_value(DRAFT["title"])
    await keys.press("Control+A")
    await keys.type("https://anytown.example/")
    await expect(link).to_have_attribute("aria-invalid", "false")
    await visit.tab_to("Next")
    await keys.press("Enter")

    step = page.get_by_role("dialog", name=ALL_TWELVE)
    await expect(step.get_by_role("heading")).to_be_focused()  # what is to be read comes first
    group = step.get_by_role("group", name="Outcomes")
    await expect(group).to_have_accessible_description("The likely ones are ticked.")
    await expect(group.get_by_role("checkbox")).to_have_count(12)
    await expect(group.get_by_role("checkbox", name="Inclusion")).to_be_checked()
    await visit.tab_to("#field-outcomes-1")
    await keys.press("Space")
    await visit.tab_to("#field-outcomes-10")
    await keys.press("Space")
    await visit.tab_to("Register")
    await keys.press("Enter")
    await expect(step).to_be_hidden()
    await expect(page.locator(".answer .body").last).to_have_text(REGISTERED.body)
    await expect(page.locator(".said .words").last).to_contain_text("Data, Inclusion")

    tagged, changed, faulty, right, last = visit.assistant.heard
    assert isinstance(tagged, Command)
    assert isinstance(changed, Pressed)
    assert (changed.action, changed.value) == ("open", "draft:d-1")
    assert isinstance(faulty, Submitted)
    assert isinstance(right, Submitted)
    assert isinstance(last, Submitted)
    assert (right.form, right.key) == ("project", "k-1")
    assert right.values == {**DRAFT, "council": "", "link": "https://anytown.example/"}
    assert (last.form, last.key) == ("outcomes", "k-2")
    assert last.values == {"outcomes": "data,inclusion", "shared": "no"}


async def test_a_form_sent_again_takes_the_place_of_what_was_wrong(visit: Visit[Registrar]) -> None:
    dialog = await opened(visit)
    exchanges = visit.page.locator(".exchange")
    await dialog.get_by_label("Link").fill("here")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.locator("#form-message")).to_have_text("One thing is to be put right.")
    await expect(exchanges).to_have_count(3)
    await dialog.get_by_role("button", name="Cancel").click()
    await visit.page.reload()
    await exchanges.last.get_by_role("button", name="Register a project").click()
    await expect(dialog.get_by_label("Link")).to_have_value("here")
    await expect(dialog.locator(".field .fault").nth(3)).to_have_text(NO_ADDRESS)
    await dialog.get_by_label("Link").fill("")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog).to_have_accessible_name(ALL_TWELVE)
    await expect(dialog.locator("#form-message")).to_have_count(0)
    await expect(exchanges).to_have_count(3)
    await expect(exchanges.last.locator(".words")).not_to_contain_text("here")


async def test_a_stale_form_says_so_keeps_what_was_written_and_has_its_new_key(
    visit: Visit[Registrar],
) -> None:
    visit.assistant.forgetful = True
    dialog = await opened(visit)
    await dialog.get_by_label("Title").fill("Tablets for care leavers")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.locator("#form-message")).to_contain_text("open too long")
    await expect(dialog.get_by_label("Title")).to_have_value("Tablets for care leavers")
    await expect(dialog.get_by_label("Stage")).to_have_value("doing")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog).to_have_accessible_name(ALL_TWELVE)
    sent = [one.key for one in visit.assistant.heard if isinstance(one, Submitted)]
    assert sent == ["k-1", "k-1b"]


async def test_an_empty_form_holds_nothing_of_another_project(visit: Visit[Registrar]) -> None:
    dialog = await opened(visit)
    await dialog.get_by_label("Council").fill("Anytown")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog).to_have_accessible_name(ALL_TWELVE)
    await dialog.get_by_role("button", name="Cancel").click()
    await visit.page.keyboard.press("Escape")
    await opened(visit, change=False)
    for name in ("Title", "What it does", "Council", "Link"):
        await expect(dialog.get_by_label(name)).to_have_value("")
    await expect(dialog.get_by_label("Stage")).to_have_value("idea")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await expect(dialog.get_by_label("Title")).to_have_accessible_description(
        "A few words that others would look for. Fill in: Title."
    )


async def test_the_reasons_above_the_boxes_lead_to_their_sources(visit: Visit[Registrar]) -> None:
    dialog = await opened(visit)
    await dialog.get_by_role("button", name="Next").click()
    lead = dialog.locator(".lead")
    await expect(lead.locator(".body li")).to_have_count(2)
    links = dialog.get_by_role("list", name="Sources").get_by_role("link")
    await expect(links).to_have_count(2)
    await expect(links.first).to_have_attribute("href", MEANT.url)
    await expect(links.nth(1)).to_have_accessible_name(f"{ALIKE.title} (opens in a new tab)")
    await lead.get_by_role("button", name="Source 2").click()
    await expect(dialog.locator("#form-source-2")).to_be_focused()
    for name in ("Inclusion", "Services"):
        await dialog.get_by_role("checkbox", name=name).uncheck()
    await dialog.get_by_role("button", name="Register").click()
    group = dialog.get_by_role("group", name="Outcomes")
    await expect(group).to_have_accessible_description(
        "The likely ones are ticked. Choose at least one: Outcomes."
    )
    await expect(group.get_by_role("checkbox").first).to_be_focused()
    await group.get_by_text("Value").click()
    await expect(group.locator(".fault")).to_be_empty()


async def test_a_message_is_tagged_as_a_project_in_its_thread(visit: Visit[Registrar]) -> None:
    page, text = visit.page, "We lend refurbished laptops.\nSince May."
    await visit.ask(text)
    await page.keyboard.press("Escape")
    await page.locator(".post").get_by_role("button", name="Tag as a project").click()
    dialog = page.get_by_role("dialog", name="Register a project")
    await expect(dialog.get_by_label("What it does")).to_have_value(text)
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(page.locator(".exchange")).to_have_count(2)
    # what was pressed is no message of its own
    tag = page.locator("#thread").get_by_role("button", name="Tag as a project")
    await expect(tag).to_have_count(1)
    await tag.click()
    await expect(dialog.get_by_label("What it does")).to_have_value(text)
    asked, *marked = visit.assistant.heard
    assert isinstance(asked, Asked)
    assert marked == [Marked(text, "visitor", asked.origin)] * 2


async def test_projects_are_found_from_the_menu_and_shown(visit: Visit[Registrar]) -> None:
    box = visit.page.locator("#channel-text")
    await box.press_sequentially("/outcomes p")
    await box.press("Tab")
    await expect(box).to_have_value("/outcomes projects ")
    await box.press_sequentially("laptops")
    await box.press("Enter")
    await visit.page.get_by_role("button", name="Laptops for care leavers").click()
    await expect(visit.page.locator(".answer .body").last).to_have_text(SHOWN.body)
    listed, pressed = visit.assistant.heard
    assert listed == Command("projects", "laptops", listed.origin)
    assert pressed == Pressed("project", "p-1", listed.origin)


async def test_a_form_that_comes_meanwhile_does_not_take_the_place_of_an_open_one(
    visit: Visit[Registrar],
) -> None:
    page, released = visit.page, asyncio.Event()
    dialog = await opened(visit)
    await dialog.get_by_role("button", name="Cancel").click()

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await page.route("**/page/requests", hold)
    await page.get_by_role("button", name="Change").click()
    await page.get_by_role("button", name="Register a project").click()
    await dialog.get_by_label("Title").fill("Being written")
    released.set()
    await expect(page.get_by_role("button", name="Register a project")).to_have_count(2)
    await expect(dialog.get_by_label("Title")).to_have_value("Being written")
    await page.unroute("**/page/requests")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_long_form_scrolls_in_itself_on_a_phone(
    visit: Visit[Registrar], scheme: str
) -> None:
    await visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await visit.page.set_viewport_size(PHONE)
    dialog = await opened(visit)
    for title, press in (("Register a project", "Next"), (ALL_TWELVE, "Register")):
        await expect(dialog).to_have_accessible_name(title)
        assert await visit.sideways() == 0
        assert await visit.page.evaluate(CONTRASTS) == []
        assert await visit.page.evaluate(SMALL) == []
        await expect(dialog.get_by_role("heading")).to_be_in_viewport(ratio=1)
        box = await dialog.bounding_box()
        assert box is not None
        assert box["height"] <= PHONE["height"]
        send = dialog.get_by_role("button", name=press)
        await send.scroll_into_view_if_needed()
        await expect(send).to_be_in_viewport(ratio=0.9)
        await send.click()
    await expect(dialog).to_be_hidden()
