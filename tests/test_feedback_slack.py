"""An answer that did not help, in Slack from end to end: said why, answered by somebody who stands
for it, told where it was asked, and given first from then on.

The people are invented (test data).
"""

from __future__ import annotations

import pytest

from bot.app import App
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    OFFICER,
    command,
    direct,
    message,
    press,
    rating,
)
from bot.slack.feedback import DOWN, UP
from tests.digest_desk import OPENLY
from tests.projects_in_slack import (
    ADMIN,
    COLLEAGUE,
    Json,
    alone,
    aloud,
    asked,
    bot,
    opening,
    pressing,
    sending,
    slashed,
    value,
    words,
)
from tests.slack_desk import Bot, form, peer, seen

__all__ = ["bot", "peer"]  # fixtures

ANSWER = "Anytown lends drones to its parks team for one day a week."
WRITTEN = {
    "answer": ANSWER,
    "sources": "https://anytown.example/drones",
    "name": "Robin, digital team",
}
REASON = "It is about another council."


@pytest.fixture
def sent(bot: Bot, app: App) -> App:
    """What waits to be sent goes out by this Slack."""
    app.outbox.channels["slack"] = bot.channel
    return app


async def rated(bot: Bot, posted: Json, *, up: bool, person: str = OFFICER) -> None:
    told = press(rating(posted, up), bot.peer.response_url(), posted, user={"id": person})
    assert (await bot.peer.interaction(told)).status == 200


async def told(bot: Bot, app: App) -> Json:
    """What is sent to everyone in a place because of what was done before."""

    async def send() -> None:
        while await app.outbox.send():
            pass

    return await aloud(bot, send())


async def test_what_did_not_help_is_answered_by_somebody_who_stands_for_it(
    bot: Bot, sent: App
) -> None:
    posted = await asked(bot, OPENLY)
    assert UP in seen(posted["blocks"])
    await rated(bot, posted, up=False)
    view = await form(bot.peer)
    noted = await alone(bot, sending(bot, view, reason=REASON))
    assert "is posted here" in noted["text"]

    refused = await slashed(bot, "open", COLLEAGUE)
    assert words(refused) == []
    waiting = await slashed(bot, "open", ADMIN)
    assert OPENLY in waiting["text"]
    view = await opening(bot, waiting, "Answer 1", ADMIN)
    assert value(view, "question") == OPENLY
    assert REASON in seen(view["blocks"])
    saved = await alone(bot, sending(bot, view, ADMIN, **WRITTEN))
    assert "Saved" in saved["text"]

    answer = await told(bot, sent)
    assert (answer["channel"], answer["thread_ts"]) == (CHANNEL, posted["thread_ts"])
    for part in (OPENLY, ANSWER, "Verified by Robin, digital team until", "anytown.example/drones"):
        assert part in answer["text"]
    assert await sent.outbox.send() == 0

    again = await asked(bot, OPENLY, user=COLLEAGUE)
    assert again["text"].startswith("Verified by Robin, digital team until")
    assert "No question waits" in (await slashed(bot, "open", ADMIN))["text"]


async def test_a_question_asked_alone_is_passed_on_and_answered_alone(bot: Bot, sent: App) -> None:
    posted = await aloud(bot, bot.peer.event(direct(OPENLY)))
    await pressing(bot, posted, "Pass it on")
    await bot.peer.until(lambda: len(bot.peer.shown) >= 2)
    assert "passed your question on" in (await bot.answered(2))[-1]["text"]
    waiting = await slashed(bot, "open", ADMIN)
    view = await opening(bot, waiting, "Answer 1", ADMIN)
    await alone(bot, sending(bot, view, ADMIN, **WRITTEN))
    answer = await told(bot, sent)
    assert answer in bot.peer.posted_to(OFFICER)
    assert ANSWER in answer["text"]


async def test_a_private_answer_is_rated_where_it_stands(bot: Bot, sent: App) -> None:
    private = await slashed(bot, OPENLY)
    thanks = await alone(bot, pressing(bot, private, f"👍 {UP}"))
    assert thanks["response_type"] == "ephemeral"
    view = await opening(bot, private, f"👎 {DOWN}")
    assert "I keep that it was you for up to 90 days" in seen(view["blocks"])
    await alone(bot, sending(bot, view, reason=""))
    assert OPENLY in (await slashed(bot, "open", ADMIN))["text"]


async def test_an_officer_asks_to_look_after_answers_and_may_then(bot: Bot, sent: App) -> None:
    await bot.peer.command(command("experts join", bot.peer.response_url(), user_id=COLLEAGUE))
    view = await form(bot.peer)
    await alone(bot, sending(bot, view, COLLEAGUE, name="Sam, planning"))
    listed = await slashed(bot, "experts", ADMIN)
    (agree,) = (one for one in words(listed) if one.startswith("Agree"))
    await alone(bot, pressing(bot, listed, agree, ADMIN))
    unsure = await asked(bot, OPENLY)
    assert "Pass it on" in words(unsure), "Slack has not said yet who can read it"
    assert "No question waits" in (await slashed(bot, "open", COLLEAGUE))["text"]
    await bot.peer.event(message("Good morning."))
    assert "I have passed this question on" in (await asked(bot, OPENLY))["text"]
    waiting = await slashed(bot, "open", COLLEAGUE)
    assert OPENLY in waiting["text"]
    assert "Answer 1" in words(waiting)
