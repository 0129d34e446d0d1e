"""The weekly digest in a channel of Teams: set up, looked at, posted."""

from __future__ import annotations

import re

import pytest

from tests.clients.abilities import TEAMS, can
from tests.clients.teams.seat import Seat
from tests.projects_desk import LAPTOPS, LEND

pytestmark = pytest.mark.asyncio(loop_scope="session")


@can("Set up a weekly digest, and preview it", TEAMS)
async def test_it_is_set_up_in_its_channel_and_previewed_alone(robin: Seat) -> None:
    await robin.posts("digest")
    form = await robin.form("Time zone")
    await robin.fills(form, {"Time": "16:30", "Time zone": "Atlantis"})
    await robin.presses("Save", form)
    await robin.sees("Give a time zone such as Europe/London.")
    again = await robin.form("Time zone")
    await robin.fills(again, {"Time zone": "Europe/London"})
    await robin.presses("Save", again)
    await robin.sees(re.compile("Mondays at 16:30 \\(Europe/London\\)"))
    await robin.presses("Preview")
    await robin.sees("I have answered you in our own chat.")
    await robin.in_chat()
    await robin.sees(re.compile("This is how it would look now."))


@can("Get the digest posted", TEAMS)
async def test_it_is_posted_as_a_new_post(robin: Seat) -> None:
    await robin.says(f"tag {LAPTOPS}")
    await robin.presses("Confirm")
    await robin.sees("Answers here find it from now on.")
    await robin.in_channel()
    await robin.presses("Send now")
    await robin.sees(re.compile("It is posted in a moment"))
    await robin.sees("Our projects by outcome")
    await robin.sees(re.compile("This week: .*[0-9]+ new project"))
    await robin.sees(re.compile(f"^{LEND}"))
    posted = [one for one in robin.front.sent if one.body.get("isGroup")]
    assert len(posted) == 1
