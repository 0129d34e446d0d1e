"""The page in a real browser: by keyboard alone, narrow, dark, and with nothing from outside."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import ViewportSize, expect

from bot.conversation import Asked, Command, Pressed, Submitted
from tests.browsing import (
    ANSWER,
    CHROMIUM,
    CONTRASTS,
    INCLUSION,
    ROCHDALE,
    SMALL,
    Assistant,
    Visit,
    browser_tab,
)

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not CHROMIUM, reason="no chromium on this machine; on Debian: apt-get install chromium"
    ),
]

SAID_BY_CHROMIUM = (
    "Failed to load resource: the server responded with a status of 500 (Internal Server Error)"
)
PHONE = ViewportSize(width=320, height=640)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Visit[Assistant]]:
    """One for all tests here: starting a browser costs more than any of them."""
    async with browser_tab(Assistant()) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="module")
async def visit(tab: Visit[Assistant]) -> AsyncIterator[Visit[Assistant]]:
    """A first visit; afterwards nothing may have gone wrong or been asked of another host."""
    await tab.start_afresh()
    tab.assistant.broken = False
    yield tab
    assert [url for url in tab.asked if not url.startswith(tab.address)] == []
    assert tab.trouble == []


async def test_a_whole_visit_by_keyboard_alone(visit: Visit[Assistant]) -> None:
    page, keys = visit.page, visit.page.keyboard
    await keys.press("Tab")
    await keys.press("Enter")  # the skip link
    await expect(page.locator("#channel-text")).to_be_focused()
    await keys.type("What does the mesh cost?")
    await keys.press("Enter")
    await expect(page.locator(".answer.answered")).to_be_visible()
    assert "#thread-text" in await visit.focused()

    await visit.tab_to("Source 1", "Shift+Tab")
    await keys.press("Enter")
    await expect(page.get_by_role("blockquote").first).to_have_text(ROCHDALE.quote)
    await keys.press("Tab")
    link = page.get_by_role("link", name=ROCHDALE.title)
    await expect(link).to_be_focused()
    await expect(link).to_have_accessible_name(f"{ROCHDALE.title} (opens in a new tab)")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")

    await visit.tab_to("Show more like this")
    await keys.press("Enter")
    await expect(page.locator(".answer.answered")).to_have_count(2)

    assert "#thread-text" in await visit.focused()
    await keys.type("And in Wales?")
    await keys.press("Shift+Enter")
    await keys.type("Anyone?")
    await keys.press("Enter")
    await expect(page.locator(".answer.answered")).to_have_count(3)

    await keys.type("/outcomes")
    await keys.press("Enter")
    dialog = page.get_by_role("dialog", name="Ask about the outcomes")
    await expect(dialog.get_by_label("Your question")).to_be_focused()
    await visit.tab_to("Ask")
    await keys.press("Enter")
    await expect(dialog.get_by_label("Your question")).to_be_focused()
    await expect(dialog.get_by_label("Your question")).to_have_accessible_description(
        "A sentence or two is enough. Fill in: Your question."
    )
    await keys.type("Who tried sensors?")
    await keys.press("Tab")
    await keys.press("W")
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".answer.answered")).to_have_count(5)
    assert "#thread-text" in await visit.focused()

    await keys.press("Escape")
    await expect(page.locator("#thread")).to_be_hidden()
    assert "5 replies" in await visit.focused()
    first, pressed, followed, commanded, submitted = visit.assistant.heard
    thread = first.origin.thread
    assert thread
    assert {request.origin.thread for request in visit.assistant.heard} == {thread}
    assert isinstance(pressed, Pressed)
    assert (pressed.action, pressed.value) == ("more", "rochdale-mesh-network")
    assert isinstance(followed, Asked)
    assert followed.text == "And in Wales?\nAnyone?"
    assert isinstance(commanded, Command)
    assert isinstance(submitted, Submitted)
    assert submitted.values == {"question": "Who tried sensors?", "nation": "wales"}


async def test_slash_lists_the_commands(visit: Visit[Assistant]) -> None:
    box, menu = visit.page.locator("#channel-text"), visit.page.locator("#channel-menu")
    await box.press("/")
    await expect(menu.get_by_role("option")).to_have_count(19)
    await expect(box).to_have_attribute("aria-activedescendant", "channel-menu-0")
    await expect(visit.page.get_by_role("status")).to_contain_text("19 commands.")
    await box.press("Escape")
    await expect(menu).to_be_hidden()
    await expect(box).not_to_have_attribute("aria-activedescendant", "channel-menu-0")
    await box.fill("/")
    await box.press("ArrowDown")
    await box.press("Tab")
    await expect(box).to_have_value("/outcomes ask ")
    await box.press_sequentially("Who lends laptops?")
    await box.press("Enter")
    await expect(visit.page.locator(".answer.answered")).to_be_visible()
    await visit.page.keyboard.press("Escape")
    await box.fill("/nonsense")
    await box.press("Enter")
    await expect(visit.page.locator("#channel-fault")).to_contain_text("start with /outcomes")
    await expect(box).to_have_value("/nonsense")
    await box.fill("")
    await box.press_sequentially("/OUTCOMES li")
    await box.press("Enter")
    await expect(visit.page.locator(".post .replies")).to_have_text(["1 reply · 2 sources"] * 2)
    commands = [
        (said.name, said.text) for said in visit.assistant.heard if isinstance(said, Command)
    ]
    assert commands == [("ask", "Who lends laptops?"), ("list", "")]


async def test_the_answer_is_announced_once_without_its_sources(visit: Visit[Assistant]) -> None:
    await visit.ask("What does the mesh cost?")
    announcer = visit.page.get_by_role("status")
    await expect(announcer).to_contain_text("27 pence")
    await expect(announcer).to_contain_text("2 sources below it.")
    await expect(announcer).not_to_contain_text(ROCHDALE.title)
    await expect(announcer).not_to_contain_text("[1]")
    live = "[aria-live=polite], [aria-live=assertive]"
    await expect(visit.page.locator(live)).to_have_count(1)


async def test_what_is_our_reading_says_so_in_words(visit: Visit[Assistant]) -> None:
    await visit.ask("What does the mesh cost?")
    chips = visit.page.get_by_role("list", name="Outcomes").get_by_role("listitem")
    await expect(chips).to_have_text(["Connectivity", "Inclusion (our reading)"])
    await expect(visit.page.locator(".councils")).to_have_text("Councils Rochdale Borough Council")
    about = visit.page.locator(".source .about")
    await expect(about).to_have_text(["Rochdale Borough Council · 2022 · Case study", "Outcome"])
    await visit.ask("AI", "thread")
    await expect(visit.page.locator(".standing")).to_have_text("A question back")


async def test_an_answer_can_be_copied_with_its_sources(visit: Visit[Assistant]) -> None:
    await visit.ask("What does the mesh cost?")
    await visit.page.get_by_role("button", name="Copy answer").click()
    await expect(visit.page.get_by_role("button", name="Copied")).to_be_visible()
    copied: str = await visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(ANSWER.text)
    assert copied.endswith(f"[2] {INCLUSION.title}\n{INCLUSION.url}")


async def test_markup_in_a_reply_stays_text(visit: Visit[Assistant]) -> None:
    await visit.ask("markup")
    body = visit.page.locator(".answer .body")
    await expect(body).to_have_text("<b>bold</b> & “<img src=x onerror=alert(1)>” Source 1 [7]")
    await expect(visit.page.locator(".answer .title")).to_have_text("<script>alert(1)</script>")
    await expect(visit.page.locator(".answer a, .answer img")).to_have_count(0)


async def test_a_failed_answer_can_be_asked_again(visit: Visit[Assistant]) -> None:
    visit.assistant.broken = True
    await visit.page.locator("#channel-text").fill("What does inclusion mean?")
    async with visit.page.expect_console_message():
        await visit.page.locator("#channel-text").press("Enter")
    await expect(visit.page.locator(".trouble")).to_contain_text("Reference: ")
    assert visit.trouble == [SAID_BY_CHROMIUM]
    visit.trouble.clear()
    await visit.page.get_by_role("button", name="Edit").click()
    await expect(visit.page.locator("#thread-text")).to_have_value("What does inclusion mean?")
    visit.assistant.broken = False
    await visit.page.get_by_role("button", name="Retry", exact=True).click()
    await expect(visit.page.locator(".answer.answered")).to_have_count(1)
    assert visit.assistant.heard == [visit.assistant.heard[0]] * 2


async def test_the_conversation_outlives_a_reload(visit: Visit[Assistant]) -> None:
    await visit.ask("What does the mesh cost?")
    await visit.page.locator("#thread-text").fill("half a thou")
    await visit.page.reload()
    await expect(visit.page.locator(".answer.answered .body")).to_contain_text("27 pence")
    await expect(visit.page.locator("#thread-text")).to_have_value("half a thou")
    await visit.page.get_by_role("button", name="Start afresh").click()
    await visit.page.reload()
    await expect(visit.page.locator(".post")).to_have_count(0)
    await expect(visit.page.locator(".example")).to_have_count(6)


async def test_a_phone_shows_one_pane_and_never_scrolls_sideways(visit: Visit[Assistant]) -> None:
    page = visit.page
    await page.set_viewport_size(PHONE)
    assert await visit.sideways() == 0
    await visit.ask("What does the mesh cost? " + "x" * 80)
    assert await visit.sideways() == 0
    await expect(page.locator("#channel-text")).to_be_hidden()
    await expect(page.get_by_role("heading", name="Thread")).to_be_focused()
    await page.get_by_role("button", name="Back to #digital-practice").click()
    await page.locator("#channel-text").press_sequentially("/")
    assert await visit.sideways() == 0
    await page.locator("#channel-text").press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await visit.sideways() == 0


async def test_four_hundred_per_cent_zoom_scrolls_as_one_page(visit: Visit[Assistant]) -> None:
    await visit.page.set_viewport_size(ViewportSize(width=320, height=256))
    await visit.ask("What does the mesh cost?")
    assert await visit.sideways() == 0
    await visit.page.locator("#thread-text").scroll_into_view_if_needed()
    await expect(visit.page.locator("#thread-text")).to_be_in_viewport()


async def test_dark_follows_the_system_and_the_choice_is_kept(visit: Visit[Assistant]) -> None:
    page, root = visit.page, visit.page.locator("html")
    await page.emulate_media(color_scheme="dark")
    await expect(page.locator("body")).to_have_css("background-color", "rgb(18, 24, 26)")
    await page.get_by_role("button", name="Light theme").click()
    await expect(page.locator("body")).to_have_css("background-color", "rgb(245, 246, 242)")
    await page.reload()
    await expect(root).to_have_attribute("data-theme", "light")
    await expect(page.get_by_role("button", name="Dark theme")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everything_can_be_read_and_hit(visit: Visit[Assistant], scheme: str) -> None:
    await visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    assert await visit.page.evaluate(CONTRASTS) == []
    await visit.ask("What does the mesh cost?")
    await visit.ask("AI", "thread")
    await visit.page.locator("summary").first.click()
    await visit.page.locator("#channel-text").press_sequentially("/")
    assert await visit.page.evaluate(CONTRASTS) == []
    assert await visit.page.evaluate(SMALL) == []
    await visit.page.locator("#channel-text").press("Enter")
    await visit.page.get_by_role("dialog").get_by_role("button", name="Ask").click()
    assert await visit.page.evaluate(CONTRASTS) == []
    assert await visit.page.evaluate(SMALL) == []
