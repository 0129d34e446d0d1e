"""What officers say of answers, and what nobody could answer, answered and told."""

from __future__ import annotations

import pytest

from tests.clients.abilities import SLACK, can
from tests.clients.slack.workspace import Workspace, entered, labels, words

pytestmark = pytest.mark.asyncio(loop_scope="session")
OPENLY = "Which councils use drones to inspect bridges in Cornwall?"
ANSWER = {
    "answer": "Anytown lends drones to its parks team for one day a week.",
    "sources": "https://anytown.example/drones",
    "name": "Ada (test data)",
}
REASON = "It is about another council."


@can("Say whether an answer helped, and why not", SLACK)
@can("Answer what nobody could, and have it told", SLACK)
async def test_what_did_not_help_is_answered_and_told_in_its_thread(slack: Workspace) -> None:
    ts = await slack.mentions("robin", OPENLY)
    answer = await slack.aloud()
    (element,) = (one for one in answer["blocks"] if one["type"] == "context_actions")
    assert [one["type"] for one in element["elements"]] == ["feedback_buttons"]
    await slack.rates("sam", answer, up=True)
    await slack.rates("robin", answer, up=False)
    why = await slack.form("What was wrong?")
    assert await slack.sends("robin", why, reason=REASON) == {}
    thanks, noted = await slack.alone("sam"), await slack.alone("robin")
    assert "Thank" in words(thanks)
    assert "is posted here" in words(noted)

    await slack.types("kim", "open")
    assert labels(await slack.alone("kim")) == [], "she administers nothing"
    await slack.types("ada", "open")
    waiting = await slack.alone("ada")
    assert OPENLY in words(waiting)
    await slack.presses("ada", waiting, "Answer 1")
    form = await slack.form("A verified answer")
    assert entered(form, "question") == OPENLY
    assert REASON in words(form)
    assert (await slack.sends("ada", form, **{**ANSWER, "sources": "x"})).keys() == {"sources"}
    assert await slack.sends("ada", form, **ANSWER) == {}
    assert "Saved" in words(await slack.alone("ada"))

    told = await slack.aloud()
    assert told["thread_ts"] == ts
    for part in (OPENLY, ANSWER["answer"], "Verified by Ada (test data) until"):
        assert part in words(told)
    await slack.mentions("kim", OPENLY)
    assert "Verified by Ada (test data) until" in words(await slack.aloud())


@can("Say whether an answer helped, and why not", SLACK)
async def test_a_private_answer_is_rated_by_ordinary_buttons(slack: Workspace) -> None:
    await slack.types("kim", "What does inclusion mean?")
    alone = await slack.alone("kim")
    await slack.presses("kim", alone, "👍 This helped")
    assert "Thank" in words(await slack.alone("kim"))
    await slack.presses("kim", alone, "👎 This did not help")
    why = await slack.form("What was wrong?")
    assert await slack.sends("kim", why, reason="Too long.") == {}
    assert words(await slack.alone("kim"))
