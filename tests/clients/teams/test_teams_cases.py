"""A case study that an officer suggests in Teams, and what the administrator decides."""

from __future__ import annotations

import re

import pytest

from bot.cases import wording
from bot.teams.fields import ATTACH, ATTACHED
from tests.clients.abilities import TEAMS, can
from tests.clients.papers import LENT, paper
from tests.clients.teams.seat import Seat

pytestmark = pytest.mark.asyncio(loop_scope="session")

HELD = ATTACHED.format("lent.pdf")
TITLE = "Laptops on loan for a year"


@can("Offer a case study with a link or a file, for administrators to decide", TEAMS)
async def test_a_case_study_is_suggested_with_a_file_and_accepted(robin: Seat, sam: Seat) -> None:
    await robin.start_anew()
    await robin.says("cases")
    await robin.sees(wording.NONE_OPEN)

    await sam.start_anew()
    await sam.says("suggest-case")
    assert ATTACH in await (await sam.form(wording.TOLD_FIELD)).inner_text()
    await sam.attaches("lent.pdf", paper(*LENT), "suggest-case")
    await sam.sees(HELD)
    form = await sam.form(wording.TOLD_FIELD)
    assert HELD in await form.inner_text()
    told = {wording.TITLE_FIELD: TITLE, wording.TOLD_FIELD: "Most are still in use."}
    await sam.fills(form, {**told, wording.LINK_FIELD: "anytown"})
    await sam.presses(wording.SUGGEST_SUBMIT, form)
    await sam.sees(wording.NOT_A_LINK)
    again = await sam.form(wording.LINK_FIELD)
    assert HELD in await again.inner_text()
    await sam.fills(again, {wording.LINK_FIELD: ""})
    await sam.presses(wording.SUGGEST_SUBMIT, again)
    await sam.sees(wording.THANKED)

    await robin.sees(re.compile(f"“{TITLE}”"))
    await robin.sees(re.compile("I have read the file “lent.pdf”"))
    await robin.presses(wording.ACCEPT)
    await robin.sees(wording.ACCEPTED)
    await sam.sees(re.compile(f"“{TITLE}”, was accepted"))
