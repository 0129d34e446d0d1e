"""Saying on the page whether an answer helped: by keyboard, in place, and what goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Route, ViewportSize, expect

from bot.conversation import complaint, complaint_with, praise
from tests.browsing import (
    CHROMIUM,
    CONTRASTS,
    NOTED,
    PASSED_ON,
    SMALL,
    THANKS,
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
QUESTION = "What does the mesh cost?"
REASON = "It is about another council."
PHONE = ViewportSize(width=390, height=844)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Visit[Assistant]]:
    """One for all tests here: starting a browser costs more than any of them."""
    async with browser_tab(Assistant()) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="module")
async def visit(tab: Visit[Assistant]) -> AsyncIterator[Visit[Assistant]]:
    """An answer just given; afterwards nothing may have gone wrong or been asked of another
    host."""
    await tab.start_afresh()
    tab.assistant.broken = False
    await tab.ask(QUESTION)
    yield tab
    assert [url for url in tab.asked if not url.startswith(tab.address)] == []
    assert tab.trouble == []


def thumbs(visit: Visit[Assistant]) -> tuple[Locator, Locator]:
    """Both buttons, as a screen reader finds them."""
    group = visit.page.get_by_role("group", name="Did this help?")
    helped = group.get_by_role("button", name="This helped", exact=True)
    return helped, group.get_by_role("button", name="This did not help", exact=True)


async def stands(visit: Visit[Assistant], verdict: str, note: str) -> None:
    """What the buttons show, and what is read beside them."""
    helped, wrong = thumbs(visit)
    await expect(helped).to_have_attribute("aria-pressed", str(verdict == "up").lower())
    await expect(wrong).to_have_attribute("aria-pressed", str(verdict == "down").lower())
    await expect(visit.page.locator(".note")).to_have_text(note)


async def test_an_answer_is_rated_by_keyboard_and_told_why_in_place(
    visit: Visit[Assistant],
) -> None:
    page, keys = visit.page, visit.page.keyboard
    (asked,) = visit.assistant.heard
    await stands(visit, "", "")
    await visit.tab_to("This did not help", "Shift+Tab")
    await keys.press("Enter")
    form = page.get_by_role("form", name="What was wrong?")
    reason = form.get_by_label("Your reason (optional)")
    await expect(reason).to_be_focused()
    await stands(visit, "down", NOTED.body)
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await keys.type(REASON)
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(form).to_have_count(0)
    await stands(visit, "down", PASSED_ON.body)
    await expect(page.get_by_role("status")).to_have_text(PASSED_ON.body)
    await expect(thumbs(visit)[1]).to_be_focused()

    await keys.press("Shift+Tab")
    await keys.press("Space")
    await stands(visit, "up", THANKS.body)
    await expect(thumbs(visit)[0]).to_be_focused()
    await expect(page.get_by_role("status")).to_have_text(THANKS.body)
    await expect(page.locator(".exchange")).to_have_count(1)
    await expect(page.locator(".post .replies")).to_have_text("1 reply · 2 sources")
    await page.reload()
    await stands(visit, "up", THANKS.body)
    assert visit.assistant.heard[1:] == [
        complaint("f-1", asked.origin),
        complaint_with("f-1", REASON, asked.origin),
        praise("f-1", asked.origin),
    ]


async def test_the_reason_need_not_be_given_and_is_not_lost(visit: Visit[Assistant]) -> None:
    page, wrong = visit.page, thumbs(visit)[1]
    await wrong.click()
    reason = page.get_by_label("Your reason")
    await reason.fill(REASON)
    await reason.press("Escape")
    await expect(reason).to_have_count(0)
    await expect(wrong).to_be_focused()
    await expect(page.locator("#thread")).to_be_visible()
    await stands(visit, "down", NOTED.body)
    await wrong.click()
    await expect(reason).to_have_value(REASON)
    await reason.fill("x" * 501)
    await page.reload()
    await expect(reason).to_have_value("x" * 501)
    await page.locator(".why").get_by_role("button", name="Send").click()
    await expect(reason).to_have_accessible_description("Too long by 1 character; the most is 500.")
    await page.get_by_role("button", name="Close", exact=True).click()
    await expect(reason).to_have_count(0)
    assert [type(one).__name__ for one in visit.assistant.heard] == ["Asked", "Pressed", "Pressed"]


async def test_what_cannot_be_noted_is_said_and_the_button_goes_back(
    visit: Visit[Assistant],
) -> None:
    page, (helped, wrong) = visit.page, thumbs(visit)
    await wrong.click()
    await page.get_by_label("Your reason").fill(REASON)
    visit.assistant.broken = True
    for press in (page.locator(".why").get_by_role("button", name="Send"), helped):
        async with page.expect_console_message():  # Chromium names each failed post
            await press.click()
        note = page.locator(".note.fault")
        await expect(note).to_contain_text("Reference: ")
        await stands(visit, "down", await note.inner_text())
        await expect(page.get_by_label("Your reason")).to_have_value(REASON)
    assert len(visit.trouble) == 2
    visit.trouble.clear()
    visit.assistant.broken = False
    await helped.click()
    await stands(visit, "up", THANKS.body)
    await expect(page.locator(".note.fault, .why form")).to_have_count(0)


async def test_the_last_word_counts_however_slow_the_first(visit: Visit[Assistant]) -> None:
    page, released = visit.page, asyncio.Event()
    helped, wrong = thumbs(visit)

    async def hold(route: Route) -> None:
        await released.wait()
        await route.continue_()

    await page.route("**/page/requests", hold)
    await wrong.click()
    await helped.click()
    await page.get_by_role("radio", name="Colleague (test person)").click()
    await page.keyboard.press("Escape")  # the thread is closed, and opened again
    await page.locator(".opener").click()
    await stands(visit, "up", "")
    released.set()
    await stands(visit, "up", THANKS.body)
    await page.unroute("**/page/requests")
    await expect(page.locator(".why form")).to_have_count(0)
    assert [one.origin.person for one in visit.assistant.heard] == ["visitor"] * 3
    await wrong.click()
    await stands(visit, "down", NOTED.body)
    assert visit.assistant.heard[-1].origin.person == "colleague"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_thumbs_are_hit_and_told_apart_on_a_phone(
    visit: Visit[Assistant], scheme: str
) -> None:
    page, pair = visit.page, thumbs(visit)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size(PHONE)
    for button in pair:
        box = await button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    await pair[1].click()
    await expect(page.get_by_label("Your reason")).to_be_in_viewport()
    # a filled hand in a thicker frame, not another colour alone
    unpressed, pressed = [
        await one.evaluate(
            "(node) => [getComputedStyle(node).borderTopWidth,"
            " getComputedStyle(node.querySelector('svg')).fill === 'none']"
        )
        for one in pair
    ]
    assert (unpressed, pressed) == (["1px", True], ["2px", False])
    assert await visit.sideways() == 0
    assert await page.evaluate(CONTRASTS) == []
    assert await page.evaluate(SMALL) == []
