"""All that officers do at the local page of a served bot, in Chromium. Everybody is test data."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.clients.abilities import PAGE, can
from tests.clients.page_officer import Officer, at_the_page
from tests.clients.serving import Bot, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

LAPTOPS = "We lend refurbished laptops to care leavers in Anytown and teach them to get online."
WHO_LENDS = "who lends refurbished laptops?"
APART = "Registered by officers, not published:"
DAMP = {
    "Title": "Damp sensors in Anytown homes",
    "What it does": "Sensors in 200 council homes warn tenants of damp.",
    "Council": "Anytown Borough Council",
    "Link": "https://anytown.example/damp",
}
WHO_SENSES = "who has tried damp sensors in council homes?"
BUS = "We film bus lanes in Otherham to learn when they are blocked, and publish the counts."
OFFER = {
    "What you can help with": "We put damp sensors into 500 council homes and read what they say.",
    "Council": "Kirklees Council",
    "Your name": "Robin (test data)",
}
WISH = {
    "Your line to them": "We begin with damp sensors: which ones last?",
    "Your name": "Sam (test data)",
    "Council": "Wigan Council",
}
DRONES = "Which councils use drones to inspect bridges in Cornwall?"
DRONES_ALIKE = "In Cornwall, which councils inspect bridges with drones?"
FLOWN = "Anytown Council flies two drones under its bridges each spring."
BY = "Robin, digital team (test data)"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    async with serving(shipped_home, tmp_path_factory.mktemp("page"), {}) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def officer(browser: Browser, bot: Bot) -> AsyncIterator[Officer]:
    async with at_the_page(browser, bot) as visiting:
        yield visiting


@can("Ask, and get quotes with their sources", PAGE)
@can("Follow up in the same thread", PAGE)
async def test_a_question_is_answered_with_its_source_and_followed_up(officer: Officer) -> None:
    await officer.writes("tell me about the Rochdale mesh network")
    await expect(officer.answer.locator("q").first).to_contain_text("mesh")
    link = officer.answer.get_by_role("link").first
    await expect(link).to_have_attribute("href", re.compile("^https://"))
    await officer.goes_on("how much does it cost?")
    await expect(officer.answer).to_contain_text("27 pence per household")
    await expect(officer.answer).to_contain_text("Rochdale Borough Council")
    await expect(officer.posts).to_have_count(1)


@can("Suggested questions", PAGE)
async def test_a_suggested_question_is_asked_by_a_press(officer: Officer) -> None:
    await officer.page.get_by_role("button", name="How much did Swindon save").click()
    await expect(officer.answer).to_contain_text("£27")


@can("Ask for help", PAGE)
async def test_help_says_what_can_be_done(officer: Officer) -> None:
    await officer.writes("/outcomes help")
    await expect(officer.answer).to_contain_text("tag")
    await officer.goes_on("what can you do?")
    await expect(officer.answer).to_contain_text("tag")
    await officer.goes_on("/outcomes list")
    for name in ("Connectivity", "Democracy", "Organisational capability"):
        await expect(officer.answer).to_contain_text(name)


@can("Find texts to share", PAGE)
async def test_texts_are_found_by_words(officer: Officer) -> None:
    await officer.writes("/outcomes find damp sensors")
    await expect(officer.answer.get_by_role("link").first).to_have_attribute(
        "href", re.compile("^https://")
    )
    assert await officer.answer.locator(".source, .linked li").count() >= 3
    await expect(officer.answer).to_contain_text("damp", ignore_case=True)


@can("Tag a project with a form, correct it, register it", PAGE)
async def test_a_project_is_tagged_corrected_registered_and_found_by_a_question(
    officer: Officer,
) -> None:
    await officer.writes("/outcomes tag")
    await officer.fills({**DAMP, "Title": "", "Link": "anytown"}, "Next")
    title = officer.form.get_by_label("Title")
    await expect(title).to_be_focused()
    await officer.fills({"Title": DAMP["Title"]}, "Next")
    await expect(officer.form.get_by_label("Link")).to_be_focused()
    await officer.fills({"Link": DAMP["Link"]}, "Next")
    await expect(officer.form).to_have_accessible_name("Its outcomes")
    await expect(officer.form.get_by_role("checkbox", name="Data")).to_be_checked()
    await officer.form.get_by_role("checkbox", name="Value").check()
    await officer.form.get_by_role("button", name="Register").click()
    await expect(officer.answer).to_contain_text("Registered.")
    await officer.writes(WHO_SENSES)
    await expect(officer.answer).to_contain_text(APART)
    await expect(officer.answer).to_contain_text(DAMP["Title"])

    await officer.writes(f"/outcomes tag {LAPTOPS}")
    await expect(officer.answer).to_contain_text("Inclusion")
    await officer.presses("Change")
    await officer.form.get_by_role("checkbox", name="Ethics").check()
    await officer.fills({"Title": "Laptops on loan"}, "Register")
    await expect(officer.answer).to_contain_text("Registered.")
    await expect(officer.answer.get_by_role("list", name="Outcomes")).to_contain_text("Ethics")
    await officer.writes(WHO_LENDS)
    await expect(officer.answer).to_contain_text("Laptops on loan")


@can("Tag a message as a project", PAGE)
@can("Find, edit and withdraw projects", PAGE)
async def test_a_message_becomes_a_project_that_is_edited_and_withdrawn(officer: Officer) -> None:
    await officer.writes(BUS)
    await officer.presses("Tag as a project")
    await expect(officer.form.get_by_label("What it does")).to_have_value(BUS)
    await officer.form.get_by_role("checkbox", name="Data").check()
    await officer.fills({"Title": "Cameras on bus lanes"}, "Register")
    await expect(officer.answer).to_contain_text("Registered.")

    await officer.writes("/outcomes projects bus lanes")
    await officer.presses("Cameras on bus lanes")
    await expect(officer.answer).to_contain_text("We film bus lanes")
    await officer.presses("Edit")
    await officer.fills({"Title": "Counting bus lanes"}, "Save")
    await expect(officer.answer).to_contain_text("Saved.")
    await officer.presses("Withdraw")
    await officer.presses("Withdraw it")
    await expect(officer.answer).to_contain_text("“Counting bus lanes” is withdrawn")
    await officer.goes_on("/outcomes projects mine")
    await expect(officer.answer).not_to_contain_text("bus lanes")


@can("Offer help, and find peers", PAGE)
@can("Be introduced, with the consent of both", PAGE)
@can("See and delete one's own data", PAGE)
async def test_two_people_are_introduced_when_both_agree_and_one_is_forgotten(
    officer: Officer,
) -> None:
    await officer.writes("/outcomes peers join")
    await expect(officer.form).to_contain_text("What you agree to")
    await officer.fills(OFFER, "Agree and save")
    await expect(officer.answer).to_contain_text("You can be asked from now on.")

    await officer.is_now("Colleague")
    await officer.writes("/outcomes peers damp sensors in council homes")
    await expect(officer.answer).not_to_contain_text("Robin")
    await officer.presses("Ask an officer at Kirklees Council")
    await officer.fills(WISH, "Send")
    await expect(officer.answer).to_contain_text("I have passed your line on")

    await officer.is_now("Visitor")
    await expect(officer.answer).to_contain_text(WISH["Your line to them"])
    await officer.presses("Accept")
    await officer.reads("Private message to Visitor", "Sam (test data) (Wigan Council)")
    await officer.is_now("Colleague")
    await officer.reads("Private message to Colleague", "Robin (test data) (Kirklees Council)")

    await officer.writes("/outcomes my-data")
    await expect(officer.answer).to_contain_text("Kirklees Council (accepted)")
    await officer.presses("Export")
    await expect(officer.answer).to_contain_text("Wigan Council")
    await officer.writes("/outcomes my-data")
    await officer.presses("Delete my data")
    await officer.presses("Delete it all")
    await expect(officer.answer).to_contain_text("Everything of yours is deleted here.")
    await officer.writes("/outcomes my-data")
    await expect(officer.answer).to_contain_text("I hold nothing")


@can("Set up a weekly digest, and preview it", PAGE)
@can("Get the digest posted", PAGE)
async def test_a_digest_is_set_up_previewed_and_posted(officer: Officer) -> None:
    await officer.writes(f"/outcomes tag {BUS}")
    await officer.presses("Confirm")
    await expect(officer.answer).to_contain_text("Registered.")

    await officer.writes("/outcomes digest")
    await officer.form.get_by_label("Day").select_option("Thursday")
    await officer.fills({"Time": "16:30", "Time zone": "Atlantis"}, "Save")
    await expect(officer.form.get_by_label("Time zone")).to_be_focused()
    await officer.fills({"Time zone": "Europe/London"}, "Save")
    await expect(officer.answer).to_contain_text("Thursdays at 16:30 (Europe/London)")
    await officer.presses("Preview")
    await expect(officer.answer).to_contain_text("Only Visitor can see this")
    await expect(officer.answer).to_contain_text("bus lanes")

    await officer.writes("/outcomes digest")
    await officer.form.get_by_role("button", name="Cancel").click()
    await officer.writes("/outcomes digest list")
    await officer.presses("Send now")
    await expect(officer.answer).to_contain_text("posted in a moment")
    posted = officer.posts.filter(has_text="Posted in this channel")
    await officer.waits_for(posted)
    await posted.get_by_role("button", name="Read it").click()
    await expect(officer.answer).to_contain_text("bus lanes")
    picture = officer.answer.get_by_role("img", name=re.compile("projects by outcome"))
    await expect(picture).to_be_visible()


@can("Say whether an answer helped, and why not", PAGE)
@can("Answer what nobody could, and have it told", PAGE)
async def test_what_nobody_could_answer_is_answered_told_and_given_first(officer: Officer) -> None:
    await officer.writes(DRONES)
    await expect(officer.answer).to_contain_text("Not sure")
    await officer.presses("This did not help")
    why = officer.page.get_by_role("form", name="What was wrong?")
    await why.get_by_role("textbox").fill("It is about another county.")
    await why.get_by_role("button", name="Send").click()
    await expect(officer.page.locator(".note")).to_contain_text("Thank you.")

    await officer.is_now("Colleague")
    await officer.writes("/outcomes open")
    await expect(officer.answer).to_contain_text("It is about another county.")
    await officer.presses("Answer 1")
    await expect(officer.form.get_by_label("The question")).to_have_value(DRONES)
    await officer.fills(
        {
            "The answer": FLOWN,
            "How you want to be named": BY,
            "Sources, one a line": "https://anytown.example/bridges",
        },
        "Save",
    )
    await expect(officer.answer).to_contain_text("get your answer first, until")
    told = officer.posts.filter(has_text="Posted in this channel").filter(has_text="drones")
    await officer.waits_for(told)
    await told.get_by_role("button", name="Read it").click()
    await expect(officer.answer).to_contain_text(FLOWN)

    await officer.is_now("Visitor")
    await officer.writes(DRONES_ALIKE)
    first = officer.answer.locator(".body").locator("p, li").first
    await expect(first).to_contain_text(f"Verified by {BY} until")
    await officer.presses("This helped")
    await expect(officer.page.locator(".note")).to_contain_text("Thank you")
