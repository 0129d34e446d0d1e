"""A question that nobody could answer, told so, answered by an officer, and answered ever after:
on the page in a real browser, with the real assistant. The officers are test data."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.app import App
from tests.browsing import CHROMIUM, CONTRASTS, SMALL, browser_tab
from tests.test_projects_page import Watched

ASKED = "Which councils use drones to inspect bridges in Cornwall?"
ALIKE = "In Cornwall, which councils inspect bridges with drones?"
REASON = "It is about another county."
ANSWER = "Anytown Council flies two drones under its bridges each spring."
BY = "Robin, digital team (test data)"


@pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine")
async def test_what_was_found_wrong_is_answered_by_an_officer_and_given_first(app: App) -> None:
    async with browser_tab(Watched(app.assistant.handle), app.outbox.collect) as visit:
        page, dialog = visit.page, visit.page.get_by_role("dialog")
        answers = page.locator("#thread .answer.answered")

        await visit.ask(ASKED)
        await expect(answers.locator(".standing")).to_have_text("Not sure")
        await app.assistant.finish()  # what is written behind the reply
        await answers.get_by_role("button", name="This did not help").click()
        await page.get_by_role("form", name="What was wrong?").get_by_role("textbox").fill(REASON)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator(".note")).to_contain_text("Thank you.")
        await expect(page.locator(".why form")).to_have_count(0)
        await expect(answers).to_have_count(1)

        await page.keyboard.press("Escape")
        await page.locator("#channel-text").fill("/outcomes open")
        await page.locator("#channel-text").press("Enter")
        await expect(answers).to_contain_text(REASON)
        await expect(answers).to_contain_text("Only Visitor can see this")
        await answers.get_by_role("button", name="Answer 1").click()
        await expect(dialog.get_by_label("The question")).to_have_value(ASKED)
        until = await dialog.get_by_label("Verified until").input_value()
        assert until
        await dialog.get_by_label("The answer").fill(ANSWER)
        await dialog.get_by_label("How you want to be named").fill(BY)
        await dialog.get_by_label("Sources").fill("A text that is not there")
        assert await page.evaluate(CONTRASTS) == []
        assert await page.evaluate(SMALL) == []
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog.get_by_label("Sources")).to_be_focused()
        await expect(dialog.get_by_label("The answer")).to_have_value(ANSWER)
        await dialog.get_by_label("Sources").fill("https://anytown.example/bridges")
        await dialog.get_by_label("Verified until").fill("2020-01-01")
        await dialog.get_by_role("button", name="Save").click()
        await expect(dialog.get_by_label("Verified until")).to_be_focused()
        await dialog.get_by_label("Verified until").fill(until)
        await dialog.get_by_role("button", name="Save").click()
        await expect(answers.last).to_contain_text("get your answer first, until")

        post = page.locator(".post", has_text="Posted in this channel")
        await post.get_by_role("button", name="Read it").click()
        await expect(answers).to_contain_text(ANSWER)
        await expect(answers).to_contain_text(f"Verified by {BY} until")

        await page.keyboard.press("Escape")
        await visit.ask(ALIKE)
        first = answers.locator(".body").locator("p, li").first
        await expect(first).to_contain_text(f"Verified by {BY} until")
        await expect(first).to_contain_text(ANSWER)
        await expect(answers.locator(".standing")).to_have_count(0)
        await app.assistant.finish()
        await answers.get_by_role("button", name="This helped").click()
        await expect(page.locator(".note")).to_contain_text("Thank you")
        assert await page.evaluate(CONTRASTS) == []
        assert visit.trouble == []
