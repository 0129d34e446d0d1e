"""Projects in Teams, from a form or a message to the next answer, until they are erased."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.clients.abilities import TEAMS, can
from tests.clients.teams.seat import Seat, choice
from tests.projects_desk import DAMP, LAPTOPS, LEND, WHO_SENSES

pytestmark = pytest.mark.asyncio(loop_scope="session")

CHANGED = "Sensors in 300 council homes warn tenants of damp and mould."


@can("Tag a project with a form, correct it, register it", TEAMS)
async def test_a_project_is_described_corrected_and_registered(robin: Seat) -> None:
    await robin.says("tag")
    form = await robin.form("Title")
    described = {
        "Title": DAMP["title"],
        "What it does": DAMP["description"],
        "Council": DAMP["council"],
        "Link": "anytown",
    }
    await robin.fills(form, described)
    await robin.ticks(form, "Under way")
    await robin.presses("Next", form)
    await robin.sees(re.compile("Give a web address that begins with https://"))
    again = await robin.form("Link")
    await expect(again.get_by_label(re.compile("^Title"))).to_have_value(DAMP["title"])
    await robin.fills(again, {"Link": DAMP["link"]})
    await robin.presses("Next", again)
    await robin.sees("Likely outcomes, best first, with how sure I am:")
    outcomes = await robin.form("Outcomes")
    await robin.ticks(outcomes, "Inclusion", "Value")
    await choice(outcomes, "Value").uncheck()
    await robin.presses("Register", outcomes)
    await robin.sees("Answers here find it from now on.")
    await expect(robin.page.get_by_role("button", name="Register", exact=True)).to_have_count(0)
    await robin.says(WHO_SENSES)
    await robin.sees("Registered by officers, not published:")
    await expect(robin.page.get_by_role("link", name=DAMP["title"]).last).to_be_visible()


@can("Find, edit and withdraw projects", TEAMS)
async def test_a_project_is_found_changed_and_withdrawn(robin: Seat) -> None:
    await robin.start_anew()
    await robin.says(f"tag {LAPTOPS}")
    await robin.presses("Confirm")
    await robin.sees("Answers here find it from now on.")
    await robin.says("my projects")
    await robin.sees(re.compile("registered project"))
    await robin.page.get_by_role("button", name=LEND).last.click()
    await robin.presses("Edit")
    form = await robin.form("What it does")
    await robin.fills(form, {"What it does": CHANGED})
    await robin.presses("Save", form)
    await robin.sees("Saved.")
    await robin.presses("Withdraw")
    await robin.presses("Withdraw it")
    await robin.sees(re.compile("is withdrawn, and its text is erased"))


@can("Tag a message as a project", TEAMS)
async def test_a_message_becomes_a_project(robin: Seat) -> None:
    page = robin.page
    await robin.posts(LAPTOPS, to_us=False)
    post = await robin.sees(LAPTOPS)
    group = page.get_by_role("group").filter(has=post).last
    await group.get_by_label("Show more information").first.click()
    await page.get_by_role("menuitem", name="Action Command").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_placeholder("Input command id or leave blanks").fill("tagProject")
    await dialog.get_by_role("button", name="Create").click()
    await expect(dialog.get_by_label(re.compile("^Title"))).to_have_value(re.compile(f"^{LEND}"))
    await expect(choice(dialog, "Inclusion")).to_be_checked()
    await robin.presses("Register", dialog)
    await expect(dialog.get_by_text(re.compile("^Registered"))).to_be_visible()
    await dialog.get_by_role("button").first.click()
    await robin.says("projects laptops")
    await robin.sees(re.compile(LEND))
