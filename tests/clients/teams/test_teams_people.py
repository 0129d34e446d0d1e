"""Officers who help each other in Teams, each at a Playground of their own."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.clients.abilities import TEAMS, can
from tests.clients.teams.seat import Seat
from tests.peers_desk import SENSORS, WHAT, WISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

REACH = "robin@kirklees.example"
ASK = "Ask an officer at Kirklees Council"


@can("Offer help, and find peers", TEAMS)
async def test_help_is_offered_and_found_without_a_name(robin: Seat, sam: Seat) -> None:
    await robin.says("peers join")
    form = await robin.form("What you can help with")
    offered = {
        "What you can help with": SENSORS["help"],
        "Council": SENSORS["council"],
        "Your name": SENSORS["name"],
        "How to reach you": REACH,
    }
    await robin.fills(form, offered)
    await robin.ticks(form, "Data", "Services")
    await robin.presses("Agree and save", form)
    await robin.sees("You can be asked from now on.")
    await sam.says(f"peers {WHAT}")
    await sam.sees("Officers who agreed to be asked, without their names until they accept:")
    await expect(sam.page.get_by_role("button", name=ASK)).to_be_visible()
    assert SENSORS["name"] not in str(sam.read)


@can("Be introduced, with the consent of both", TEAMS)
async def test_two_are_introduced_when_both_agreed(robin: Seat, sam: Seat) -> None:
    await sam.presses(ASK)
    form = await sam.form("Your line to them")
    wish = {
        "Your line to them": WISH["line"],
        "Your name": WISH["name"],
        "Council": WISH["council"],
    }
    await sam.fills(form, wish)
    await form.get_by_role("button").last.click()
    await sam.sees(re.compile("I have passed your line on to the officer at Kirklees Council"))
    await robin.sees(re.compile(re.escape(WISH["line"])))
    await robin.presses("Accept")
    await robin.sees(re.compile("agreed to talk"))
    await sam.sees(re.compile(f"{SENSORS['name']} .* agreed to talk to you"))


@can("See and delete one's own data", TEAMS)
async def test_ones_own_data_is_seen_and_deleted(sam: Seat) -> None:
    await sam.says("my-data")
    await sam.sees(re.compile(re.escape(WISH["line"])))
    await sam.presses("Delete my data")
    await sam.presses("Delete it all")
    await sam.sees(re.compile("Everything of yours is deleted here."))
    await sam.says("my-data")
    await sam.sees(re.compile("I hold nothing that I know to be yours"))
