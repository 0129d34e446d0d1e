"""Texts of a community's own at the local page of a served bot, in Chromium: one brought in by the
command, answered from and confirmed; one suggested with a file, and accepted. All is test data."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.cases import wording
from tests.clients.abilities import PAGE, can
from tests.clients.page_officer import Officer, at_the_page
from tests.clients.papers import LENT, PUMPS, paper
from tests.clients.serving import Bot, own_home, serving
from tests.running import Outcomes

pytestmark = pytest.mark.asyncio(loop_scope="session")

HERE = "local-test"
BILL = "how much did heat pumps cut the heating bill of libraries?"
SUGGESTED = {
    "Title": "Laptops on loan for a year",
    "What happened": "Anytown lent laptops to care leavers, and most of them are still in use.",
    "Council": "Anytown Borough Council",
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    """With a text that an administrator brought in before."""
    folder = tmp_path_factory.mktemp("cases")
    brought = folder / "pumps.pdf"
    brought.write_bytes(paper(*PUMPS))
    settings = {
        "OUTCOMES_HOME": str(own_home(shipped_home, folder)),
        "DATABASE_URL": f"sqlite:///{folder / 'outcomes.db'}",
    }
    command = Outcomes(folder, settings)
    told = await asyncio.to_thread(command.run, "add", str(brought), "--community", HERE)
    assert told.code == 0, told.err
    async with serving(shipped_home, folder, {}) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def officer(browser: Browser, bot: Bot) -> AsyncIterator[Officer]:
    async with at_the_page(browser, bot) as visiting:
        yield visiting


async def test_a_text_that_was_brought_in_is_quoted_with_its_page_and_confirmed(
    officer: Officer,
) -> None:
    await officer.writes(BILL)
    await expect(officer.answer.locator("q").first).to_contain_text("£18,400")
    source = officer.answer.locator(".source").first
    await expect(source).to_contain_text(PUMPS[0])
    await expect(source).to_contain_text("page 2")
    await expect(source).to_contain_text("not yet confirmed")

    await officer.writes("/outcomes texts")
    await expect(officer.answer).to_contain_text(f"1. “{PUMPS[0]}”")
    await officer.presses("Correct 1")
    await officer.fills({"Title": "Heat pumps in three libraries", "Year": "20x4"}, "Confirm")
    await expect(officer.form).to_contain_text(wording.NOT_A_YEAR)
    await officer.fills({"Title": PUMPS[0], "Year": "2024"}, "Confirm")
    await expect(officer.answer).to_contain_text("Confirmed.")
    await officer.writes("/outcomes texts")
    await expect(officer.answer).to_contain_text(wording.NONE_UNCONFIRMED)


@can("Offer a case study with a link or a file, for administrators to decide", PAGE)
async def test_a_case_study_is_suggested_with_a_file_and_accepted(officer: Officer) -> None:
    await officer.writes("/outcomes suggest-case")
    await expect(officer.form).to_contain_text("without your name")
    await officer.attaches("lent.zip", b"PK")
    await officer.fills(SUGGESTED, "Send")
    await expect(officer.form.get_by_label("File")).to_be_focused()
    await expect(officer.form).to_contain_text("I cannot read files like “lent.zip”.")
    await officer.attaches("lent.pdf", paper(*LENT))
    await officer.fills({"Link": "anytown"}, "Send")
    await expect(officer.form.get_by_label("Link")).to_be_focused()
    await expect(officer.form).to_contain_text("“lent.pdf” is attached.")
    await officer.fills({"Link": ""}, "Send")
    await expect(officer.answer).to_contain_text(wording.THANKED)

    await officer.is_now("Colleague")
    await officer.finds("/outcomes cases", "I have read the file “lent.pdf”")
    await expect(officer.answer).to_contain_text(f"“{SUGGESTED['Title']}”")
    await expect(officer.answer).not_to_contain_text("Visitor")
    await officer.presses("Accept")
    await expect(officer.answer).to_contain_text("Accepted.")
    await officer.writes("/outcomes cases")
    await expect(officer.answer).to_contain_text(wording.NONE_OPEN)
    await officer.is_now("Visitor")
    await officer.reads("Private message to Visitor", "was accepted")
