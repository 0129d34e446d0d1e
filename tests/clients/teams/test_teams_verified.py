"""What officers say of an answer in Teams, and the answer that somebody stands for."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.clients.abilities import TEAMS, can
from tests.clients.teams.seat import Seat
from tests.digest_desk import OPENLY

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER = "Anytown lends drones to its parks team for one day a week."
REASON = "It is about another council."
SOURCE = "https://anytown.example/drones"


@can("Say whether an answer helped, and why not", TEAMS)
async def test_thumbs_are_taken_with_the_reason(sam: Seat) -> None:
    page = sam.page
    await sam.start_anew()
    await sam.posts(OPENLY)
    await sam.sees("I don't have anything from Cornwall Council.")
    await sam.rates("Dislike")
    form = page.get_by_role("dialog")
    await form.get_by_label("What went wrong?").fill(REASON)
    await form.get_by_role("button", name="Submit").click()
    await form.get_by_role("button").last.click()
    await sam.in_chat()
    await sam.sees(re.compile("the answer is posted"))


@can("Answer what nobody could, and have it told", TEAMS)
async def test_the_administrator_answers_and_it_is_told_where_it_was_asked(
    robin: Seat, sam: Seat
) -> None:
    await robin.start_anew()
    await robin.says("open")
    await robin.sees(OPENLY)
    await robin.presses("Answer 1")
    form = await robin.form("The answer")
    assert REASON in await form.inner_text()
    written = {
        "The answer": ANSWER,
        "Sources, one a line": SOURCE,
        "How you want to be named": "Robin, digital team",
    }
    await robin.fills(form, written)
    await robin.presses("Save", form)
    await robin.sees(re.compile("^Saved"))
    await sam.in_channel()
    await sam.sees(re.compile(ANSWER))
    await sam.sees(re.compile("Verified by Robin, digital team"))
    await robin.says(OPENLY)
    await robin.sees(re.compile("Verified by Robin, digital team until"))
    await robin.rates("Like")
    thanked = robin.page.get_by_role("dialog")
    await thanked.get_by_role("button", name="Submit").click()
    await expect(robin.page.get_by_role("dialog")).to_be_visible()
