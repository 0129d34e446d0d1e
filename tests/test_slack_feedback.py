"""What officers say of answers in Slack: two thumbs below each, and why one did not help."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.conversation import Field, Form, Pressed, Reply, Request, Submitted
from bot.delivery import Channel
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_limits import refused_message, refused_view
from bot.rehearsal.slack_payloads import (
    CHANNEL,
    DIRECT,
    OFFICER,
    TEAM,
    buttons,
    command,
    direct,
    mention,
    press,
    rating,
    submission,
)
from bot.slack.blocks import PRIVATE, message, whole
from bot.slack.feedback import DOWN, DOWN_READ, UP, UP_READ, element
from bot.slack.modals import notice, shows_all
from bot.slack.places import Address
from bot.store import Store
from tests.slack_desk import LONG, SOURCE, Bot, Desk, button, desk, form, peer, seen, serving

__all__ = ["desk", "peer"]  # fixtures

NAME = "k3y-Of_an-answer"
ANSWER = Reply("answered", "It fell by half. [1]", (SOURCE,), feedback=NAME)
REASON = Field("reason", "What was wrong", "paragraph", required=False)
WRONG = Form("wrong", "What was wrong?", (REASON,), key=NAME)
NOTED = Reply("help", "Noted, thank you.", private=True)
THANKS = Reply("help", "Thank you.", private=True)


@dataclass
class Raters:
    """What is said of answers, and all the rest by the usual desk."""

    desk: Desk
    said: list[Request] = field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        match request:
            case Pressed("helped"):
                self.said.append(request)
                return THANKS
            case Pressed("open", value) if value == f"wrong:{NAME}":
                self.said.append(request)
                return Reply("help", "Noted.", form=WRONG, private=True)
            case Submitted("wrong"):
                self.said.append(request)
                return NOTED
            case _:
                return await self.desk.handle(request)


@pytest.fixture
def raters(desk: Desk) -> Raters:
    desk.answers["damp?"] = ANSWER
    return Raters(desk)


@pytest.fixture
async def bot(peer: SlackPeer, store: Store, raters: Raters) -> AsyncIterator[Bot]:
    async with serving(peer, store, raters.handle) as served:
        yield served


def elements(posted: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in posted["blocks"] if one["type"] == "context_actions"]


async def answered(bot: Bot) -> dict[str, Any]:
    await bot.peer.event(mention("damp?"))
    return (await bot.answered(1))[0]


async def rated(bot: Bot, posted: dict[str, Any], *, up: bool) -> dict[str, Any]:
    """Press a thumb of Slack's own element; what Slack told the bot."""
    told = press(rating(posted, up), bot.peer.response_url(), posted)
    assert (await bot.peer.interaction(told)).status == 200
    return told


# The element


async def test_it_is_below_the_answer_and_says_itself_to_screen_readers(bot: Bot) -> None:
    posted = await answered(bot)
    assert posted["blocks"][-1] == element(NAME)
    ((asked,),) = (one["elements"] for one in elements(posted))
    positive, negative = asked["positive_button"], asked["negative_button"]
    assert (positive["text"]["text"], negative["text"]["text"]) == (UP, DOWN)
    assert (positive["accessibility_label"], negative["accessibility_label"]) == (
        UP_READ,
        DOWN_READ,
    )
    assert posted["text"] == message(replace(ANSWER, feedback="", following=True))["text"]


def test_an_answer_without_a_name_is_not_asked_about() -> None:
    blocks: Any = message(replace(ANSWER, feedback=""))["blocks"]
    assert "context_actions" not in [one["type"] for one in blocks]
    assert UP not in seen(blocks)
    assert NAME not in whole(ANSWER)


def test_the_longest_answer_still_fits_with_it() -> None:
    many = tuple(replace(SOURCE, number=n, url=f"{SOURCE.url}{'x' * 700}{n}") for n in range(1, 31))
    body = " ".join(f"[{n}]" for n in range(1, 31))
    assert refused_message(message(replace(ANSWER, body=body, citations=many))) == ""


async def test_a_long_answer_is_asked_about_once_at_its_end(bot: Bot, desk: Desk) -> None:
    desk.answers["all?"] = replace(ANSWER, body=LONG)
    await bot.peer.event(mention("all?"))
    count, (cut, *_) = 1, await bot.answered(1)
    while "More" in seen(cut["blocks"]):
        assert elements(cut) == []
        more = press(button(cut, "More"), bot.peer.response_url(), cut)
        await bot.peer.interaction(more)
        count += 1
        cut = (await bot.answered(count))[-1]
    assert count > 2
    assert elements(cut) == [element(NAME)]


async def test_what_is_shared_is_asked_about_once(bot: Bot) -> None:
    await bot.peer.command(command("damp?", bot.peer.response_url()))
    (private,) = await bot.whispered(1)
    share = press(button(private, "Share to channel"), bot.peer.response_url(), private)
    await bot.peer.interaction(share)
    (shared,) = await bot.answered(1)
    assert elements(shared) == [element(NAME)]
    assert buttons(shared) == []


def test_a_form_s_place_holds_no_thumbs() -> None:
    view: Any = notice(ANSWER)
    assert refused_view(view) == ""
    assert UP not in seen(view["blocks"])
    assert shows_all(ANSWER), "nothing of the answer is missing"


# It helped


async def test_a_thumb_up_is_thanked_for_to_whoever_gave_it_alone(bot: Bot, raters: Raters) -> None:
    posted = await answered(bot)
    signs = len(bot.peer.called("assistant.threads.setStatus"))
    await rated(bot, posted, up=True)
    (thanks,) = await bot.whispered(1)
    assert (thanks["user"], thanks["thread_ts"]) == (OFFICER, posted["thread_ts"])
    assert thanks["text"] == f"Thank you.\n\n{PRIVATE}"
    (said,) = raters.said
    assert isinstance(said, Pressed)
    assert (said.action, said.value) == ("helped", NAME)
    assert (said.origin.channel, said.origin.person) == (CHANNEL, OFFICER)
    assert not said.origin.alone, "the answer was for everyone"
    assert len(bot.peer.shown) == 1
    assert len(bot.peer.called("assistant.threads.setStatus")) == signs, "nothing is looked for"


async def test_in_a_chat_of_two_thanks_leave_no_trace_either(bot: Bot, raters: Raters) -> None:
    await bot.peer.event(direct("damp?"))
    (posted,) = await bot.answered(1)
    assert posted["channel"] == DIRECT
    await rated(bot, posted, up=True)
    (thanks,) = await bot.whispered(1)
    assert (thanks["response_type"], thanks["replace_original"]) == ("ephemeral", False)
    assert len(bot.peer.shown) == 1
    assert raters.said[0].origin.alone


async def test_a_private_answer_has_ordinary_buttons(bot: Bot, raters: Raters) -> None:
    await bot.peer.command(command("damp?", bot.peer.response_url()))
    (private,) = await bot.whispered(1)
    assert elements(private) == []
    up, down = (button(private, f"{sign} {words}") for sign, words in (("👍", UP), ("👎", DOWN)))
    assert (up["accessibility_label"], down["accessibility_label"]) == (UP_READ, DOWN_READ)
    await bot.peer.interaction(press(up, bot.peer.response_url(), private))
    _, thanks = await bot.whispered(2)
    assert thanks["response_type"] == "ephemeral"
    assert bot.peer.shown == []
    assert [(one.action, one.value) for one in raters.said if isinstance(one, Pressed)] == [
        ("helped", NAME)
    ]


async def test_whoever_thinks_again_is_heard_again(bot: Bot, raters: Raters) -> None:
    posted = await answered(bot)
    await rated(bot, posted, up=True)
    await rated(bot, posted, up=False)
    await form(bot.peer)
    await rated(bot, posted, up=True)
    await bot.whispered(2)
    values = [one.value for one in raters.said if isinstance(one, Pressed)]
    assert values == [NAME, f"wrong:{NAME}", NAME]


# It did not


@pytest.mark.parametrize("reason", ["It is of 2019.", ""])
async def test_a_thumb_down_asks_why_and_need_not_be_told(
    bot: Bot, raters: Raters, reason: str
) -> None:
    posted = await answered(bot)
    told = await rated(bot, posted, up=False)
    view = await form(bot.peer)
    (opened,) = bot.peer.called("views.open")
    assert opened["trigger_id"] == told["trigger_id"]
    assert view["title"]["text"] == WRONG.title
    sent = await bot.peer.interaction(submission(view, {"reason": reason}))
    assert (sent.status, sent.body) == (200, "")
    (noted,) = await bot.whispered(1)
    assert noted["text"].startswith(NOTED.body)
    assert (noted["user"], noted["thread_ts"]) == (OFFICER, posted["thread_ts"])
    _, filled = raters.said
    assert isinstance(filled, Submitted)
    assert (filled.form, filled.values, filled.key) == ("wrong", {"reason": reason}, NAME)
    asked_at = raters.said[0].origin.link  # the answer; the form's reply is led to its thread
    assert replace(filled.origin, link=asked_at) == raters.said[0].origin
    assert not filled.origin.alone
    assert Address.from_json(filled.origin.place) == Address(
        CHANNEL, posted["thread_ts"], community=TEAM
    )
    assert len(bot.peer.shown) == 1


@pytest.mark.parametrize("private", [False, True], ids=["in a chat of two", "privately"])
async def test_alone_it_is_asked_and_noted_alone(bot: Bot, raters: Raters, private: bool) -> None:
    if private:
        await bot.peer.command(command("damp?", bot.peer.response_url()))
        (shown,) = await bot.whispered(1)
        down = button(shown, f"👎 {DOWN}")
    else:
        await bot.peer.event(direct("damp?"))
        (shown,) = await bot.answered(1)
        down = rating(shown, up=False)
    before = len(bot.peer.whispered)
    await bot.peer.interaction(press(down, bot.peer.response_url(), shown))
    view = await form(bot.peer)
    await bot.peer.interaction(submission(view, {"reason": "Too old."}))
    noted = (await bot.whispered(before + 1))[-1]
    assert noted["response_type"] == "ephemeral"
    assert noted["text"].startswith(NOTED.body)
    assert all(one.origin.alone for one in raters.said)
    assert len(bot.peer.shown) == (0 if private else 1)


async def test_where_no_form_opens_any_more_a_button_does(bot: Bot, raters: Raters) -> None:
    posted = await answered(bot)
    bot.peer.faults["views.open"].append(Fault("expired_trigger_id"))
    await rated(bot, posted, up=False)
    (offered,) = await bot.whispered(1)
    again = press(button(offered, "Open the form"), bot.peer.response_url(), offered)
    await bot.peer.interaction(again)
    await form(bot.peer)
    assert raters.said[0] == replace(raters.said[1], origin=raters.said[0].origin)


# Names of what was posted


async def test_what_is_posted_has_a_name_unless_it_is_for_one_alone(bot: Bot) -> None:
    channel: Channel = bot.channel
    here = Address(CHANNEL, "1.1", OFFICER, team=TEAM, community=TEAM)
    name = await channel.send(here.to_json(), ANSWER)
    assert name
    assert name == bot.peer.shown[0]["ts"]
    assert await channel.send(here.to_json(), THANKS) == ""
    by_url = replace(here, url=bot.peer.response_url())
    assert await channel.send(by_url.to_json(), ANSWER) == ""
    bot.peer.absent = {OFFICER}
    assert await channel.send(here.to_json(), THANKS) == bot.peer.shown[-1]["ts"]


# The Slack that is played


@pytest.mark.parametrize(
    "changes",
    [
        {"action_id": "x" * 256},
        {"positive_button": None},
        {"negative_button": {"value": "x"}},
        {"negative_button": {"text": {"type": "plain_text", "text": "x"}}},
        {"negative_button": {"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}},
        {"negative_button": {"text": {"type": "plain_text", "text": "x" * 76}, "value": "x"}},
        {"negative_button": {"text": {"type": "plain_text", "text": "x"}, "value": "x" * 2_001}},
        {
            "negative_button": {
                "text": {"type": "plain_text", "text": "x"},
                "value": "x",
                "accessibility_label": "x" * 76,
            }
        },
        {"style": "primary"},
        {"type": "button"},
    ],
)
def test_slack_takes_only_what_its_reference_has(changes: dict[str, object]) -> None:
    whole_block: Any = element(NAME)
    (asked,) = whole_block["elements"]
    assert refused_message({"blocks": [whole_block]}) == ""
    wrong = {**whole_block, "elements": [{**asked, **changes}]}
    assert refused_message({"blocks": [wrong]}) == "invalid_blocks"


@pytest.mark.parametrize("alone", [{"user": OFFICER}, {"response_type": "ephemeral"}])
def test_it_is_not_counted_on_for_one_alone(alone: dict[str, object]) -> None:
    assert refused_message({"blocks": [element(NAME)], **alone}) == "invalid_blocks"
    assert refused_message({**message(ANSWER, private=True), **alone}) == ""
