"""Case studies that officers suggest in Slack, and what an administrator decides."""

from __future__ import annotations

import pytest

from bot.cases import wording
from bot.forms import FAULTY
from tests.clients.abilities import SLACK, can
from tests.clients.papers import LENT, paper
from tests.clients.slack.workspace import Workspace, entered, labels, words

pytestmark = pytest.mark.asyncio(loop_scope="session")

LAPTOPS = {
    "title": "Laptops on loan for a year",
    "told": "Anytown lent laptops to care leavers, and most of them are still in use.",
}
BENCHES = {
    "title": "Benches that count visitors",
    "told": "Otherham counted how many people sat down on twelve benches in its parks.",
}


@can("Offer a case study with a link or a file, for administrators to decide", SLACK)
async def test_two_case_studies_are_suggested_and_decided_on(slack: Workspace) -> None:
    await slack.types("kim", "cases")
    assert "Only administrators" in words(await slack.alone("kim"))
    await slack.writes("ada", "cases")
    assert wording.NONE_OPEN in words(await slack.in_chat("ada"))

    await slack.types("robin", f"suggest-case {LAPTOPS['told']}")
    form = await slack.form(wording.SUGGEST_TITLE)
    assert entered(form, "told") == LAPTOPS["told"]
    assert await slack.sends("robin", form, title=" ", link="anytown") == {}
    form = await slack.form(wording.SUGGEST_TITLE)
    assert (entered(form, "told"), entered(form, "link")) == (LAPTOPS["told"], "anytown")
    for fault in (FAULTY, wording.NO_TITLE, wording.NOT_A_LINK):
        assert fault in str(form["blocks"])
    file = slack.between.attached("lent.pdf", paper(*LENT))
    assert await slack.sends("robin", form, title=LAPTOPS["title"], link="", file=file) == {}
    shown = slack.between.opened
    await slack.between.until(lambda: wording.THANKED in words(shown[form["id"]]))
    told = await slack.in_chat("ada")
    assert "I have read the file “lent.pdf”" in words(told)
    assert LENT[1] in words(told)
    assert slack.id("robin") not in str(told)

    await slack.types("kim", "suggest-case")
    form = await slack.form(wording.SUGGEST_TITLE)
    assert await slack.sends("kim", form, **BENCHES) == {}
    assert wording.THANKED in words(await slack.alone("kim"))
    assert wording.NOTHING_TO_READ in words(await slack.in_chat("ada"))

    await slack.presses("ada", told, "Accept")
    assert wording.ACCEPTED in words(await slack.in_chat("ada"))
    assert "was accepted" in words(await slack.in_chat("robin"))
    await slack.types("ada", "cases")
    waiting = await slack.alone("ada")
    assert labels(waiting) == [wording.ACCEPT, wording.ASK, wording.DECLINE]
    await slack.presses("ada", waiting, "Decline")
    form = await slack.form(wording.DECLINE_TITLE)
    assert await slack.sends("ada", form, reason="We have it already.") == {}
    assert wording.DECLINED in words(await slack.alone("ada"))
    assert "We have it already." in words(await slack.in_chat("kim"))
