"""What is published in Slack's channels: once each, marked, looked up, and where it cannot be."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.conversation import Field, Form, Pressed, Reply, Submitted
from bot.delivery import Gone, MaybeSent, NotSent, Publisher
from bot.rehearsal.slack import BOT_TOKEN, RATE_LIMITED, Fault, SlackPeer
from bot.rehearsal.slack_payloads import BOT, CHANNEL, TEAM, Json, mention, press, submission
from bot.slack.places import Address
from bot.slack.posting import Refused
from bot.slack.publishing import EVENT, EVERY, LATER, MOST_PAGES, PAGE, Pace, Publishing
from bot.store import Store
from tests.slack_desk import SEEN_ALONE, SOURCE, Bot, Desk, bot, desk, field_of, form, peer, serving

__all__ = ["bot", "desk", "peer"]  # fixtures

PLACE = Address(CHANNEL, "1763000000.000001").to_json()
DIGEST = Reply("answered", "- Damp sensors, Example [1]", (SOURCE,), linked=True)
SET_UP = Form("digest", "Weekly digest", (Field("at", "Time", "time", value="09:30"),))
KEY, ANOTHER = "7:2026-W10", "7:2026-W11"
ABSENT = "the channel is gone, or I am not in it any more"
CLOSED = "I may not post there"


def mark(key: str = KEY, event: str = EVENT) -> Json:
    return {"event_type": event, "event_payload": {"key": key}}


def lately() -> datetime:
    return datetime.now(UTC)


async def test_a_digest_stands_at_the_top_of_its_channel_with_its_key(bot: Bot) -> None:
    assert isinstance(bot.channel, Publisher)
    await bot.channel.publish(PLACE, DIGEST, KEY)
    (posted,) = bot.peer.published_in(CHANNEL)
    assert posted["metadata"] == mark()
    assert "thread_ts" not in posted
    assert "Damp sensors" in posted["text"]
    assert await bot.channel.published(PLACE, KEY, lately())
    assert not await bot.channel.published(PLACE, ANOTHER, lately())


async def test_a_reply_goes_to_the_thread_of_a_place_for_everyone(bot: Bot) -> None:
    await bot.channel.send(PLACE, Reply("answered", "Kim can help."))
    (posted,) = bot.peer.shown
    assert (posted["channel"], posted["thread_ts"]) == (CHANNEL, "1763000000.000001")
    assert bot.peer.whispered == bot.peer.published_in(CHANNEL) == []


async def test_a_digest_is_set_up_by_a_form_that_knows_its_channel(bot: Bot, desk: Desk) -> None:
    desk.answers["digest:"] = Reply("help", "When?", form=SET_UP)
    pressed = {"action_id": "press:open:0", "value": "digest:", "type": "button"}
    await bot.peer.interaction(press(pressed, bot.peer.response_url(), SEEN_ALONE))
    view = await form(bot.peer)
    assert field_of(view, "at")["element"]["initial_time"] == "09:30"
    await bot.peer.interaction(submission(view, {"at": "17:05"}))
    opening, filled = desk.asked
    assert isinstance(opening, Pressed)
    assert isinstance(filled, Submitted)
    assert filled.values == {"at": "17:05"}
    assert filled.origin.room == "channel"
    assert Address.from_json(filled.origin.place) == Address(CHANNEL, community=TEAM)
    assert filled.origin.link == f"https://example-council.slack.com/archives/{CHANNEL}"


async def test_what_is_said_can_be_led_to(bot: Bot, desk: Desk) -> None:
    asked = mention("damp sensors?")
    await bot.peer.event(asked)
    await bot.answered(1)
    name = asked["event"]["ts"].replace(".", "")
    leads = f"https://example-council.slack.com/archives/{CHANNEL}/p{name}"
    assert desk.asked[0].origin.link == leads


@pytest.mark.parametrize(
    "fault", [Fault(dropped=True), Fault("", 502), Fault("internal_error"), Fault("fatal_error")]
)
async def test_what_may_have_been_posted_is_looked_up_and_not_repeated(
    bot: Bot, fault: Fault
) -> None:
    bot.peer.faults["chat.postMessage"].append(fault)
    with pytest.raises(MaybeSent):
        await bot.channel.publish(PLACE, DIGEST, KEY)
    assert len(bot.peer.called("chat.postMessage")) == 1
    assert await bot.channel.published(PLACE, KEY, lately()) is fault.dropped


async def test_a_rate_limit_is_handed_on_and_not_waited_out(bot: Bot) -> None:
    bot.peer.faults["chat.postMessage"].append(Fault("ratelimited", 429, retry_after=30))
    with pytest.raises(NotSent) as refused:
        await bot.channel.publish(PLACE, DIGEST, KEY)
    assert refused.value.seconds == 30
    assert len(bot.peer.called("chat.postMessage")) == 1
    bot.peer.rooms.limited = True
    await bot.channel.send(PLACE, DIGEST)
    await bot.channel.send(Address("C0ANOTHER").to_json(), DIGEST)
    with pytest.raises(NotSent) as early:
        await bot.channel.publish(Address("C0ANOTHER").to_json(), DIGEST, KEY)
    assert early.value.seconds == 1
    assert bot.peer.published_in("C0ANOTHER") == []


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long"])
async def test_where_the_blocks_are_refused_the_text_has_the_key(bot: Bot, error: str) -> None:
    bot.peer.faults["chat.postMessage"].append(Fault(error))
    await bot.channel.publish(PLACE, DIGEST, KEY)
    (posted,) = bot.peer.published_in(CHANNEL)
    assert "blocks" not in posted
    assert posted["metadata"] == mark()
    assert "[1] Damp sensors https://a.example/" in posted["text"]


@pytest.mark.parametrize(
    ("close", "reason", "readable"),
    [
        (lambda peer: peer.rooms.gone.add(CHANNEL), ABSENT, False),
        (lambda peer: peer.rooms.left.add(CHANNEL), ABSENT, False),
        (lambda peer: peer.rooms.archived.add(CHANNEL), "the channel is archived", True),
        (lambda peer: peer.rooms.closed.update({CHANNEL: "restricted_action"}), CLOSED, True),
        (
            lambda peer: peer.rooms.closed.update({CHANNEL: "restricted_action_read_only_channel"}),
            CLOSED,
            True,
        ),
        (
            lambda peer: peer.rooms.closed.update(
                {CHANNEL: "restricted_action_thread_only_channel"}
            ),
            CLOSED,
            True,
        ),
    ],
)
async def test_a_channel_that_is_closed_to_us_is_told_from_a_passing_fault(
    bot: Bot, close: Callable[[SlackPeer], None], reason: str, readable: bool
) -> None:
    close(bot.peer)
    with pytest.raises(Gone, match=f"^{reason}$"):
        await bot.channel.publish(PLACE, DIGEST, KEY)
    assert bot.peer.shown == []
    if readable:
        assert not await bot.channel.published(PLACE, KEY, lately())
        return
    with pytest.raises(Gone, match=f"^{reason}$"):
        await bot.channel.published(PLACE, KEY, lately())


@pytest.mark.parametrize("error", ["account_inactive", "invalid_auth", "token_revoked", "no_text"])
async def test_a_wrong_token_closes_no_channel(bot: Bot, error: str) -> None:
    bot.peer.faults["chat.postMessage"].append(Fault(error))
    with pytest.raises(Refused, match=error):
        await bot.channel.publish(PLACE, DIGEST, KEY)
    bot.peer.faults["conversations.history"].append(Fault(error))
    with pytest.raises(NotSent, match=error):
        await bot.channel.published(PLACE, KEY, lately())


@pytest.mark.parametrize("error", ["org_login_required", "message_limit_exceeded"])
async def test_a_workspace_that_takes_nothing_now_is_tried_later(bot: Bot, error: str) -> None:
    bot.peer.faults["chat.postMessage"].append(Fault(error))
    with pytest.raises(NotSent) as later:
        await bot.channel.publish(PLACE, DIGEST, KEY)
    assert later.value.seconds == LATER


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ({"user": BOT, "metadata": mark()}, True),
        ({"bot_id": "B0OUTCOMES", "metadata": mark()}, True),
        ({"user": BOT, "metadata": mark(ANOTHER)}, False),
        ({"user": BOT, "metadata": mark(event="another_kind")}, False),
        ({"user": "U0OTHERBOT", "bot_id": "B0OTHER", "metadata": mark()}, False),
        ({"metadata": mark()}, False),
        ({"user": BOT, "metadata": mark(), "thread_ts": "1763000000.000001"}, False),
        ({"user": BOT, "text": KEY}, False),
    ],
)
async def test_only_our_own_message_with_the_key_counts(
    bot: Bot, said: dict[str, object], ours: bool
) -> None:
    bot.peer.rooms.say(CHANNEL, **{"text": "x", **said})  # type: ignore[arg-type]
    assert await bot.channel.published(PLACE, KEY, lately()) is ours


async def test_it_is_found_however_much_was_said_after_it(bot: Bot) -> None:
    await bot.channel.publish(PLACE, DIGEST, KEY)
    for number in range(2 * PAGE):
        bot.peer.rooms.say(CHANNEL, f"line {number}", user="U0OFFICER")
    assert await bot.channel.published(PLACE, KEY, lately())
    assert len(bot.peer.called("conversations.history")) == 3
    assert not await bot.channel.published(PLACE, ANOTHER, lately())
    assert not await bot.channel.published(PLACE, KEY, lately() + timedelta(minutes=2))


async def test_it_is_not_said_to_be_missing_before_all_was_read(bot: Bot) -> None:
    for number in range(MOST_PAGES * PAGE + 1):
        bot.peer.rooms.say(CHANNEL, f"line {number}", user="U0OFFICER")
    with pytest.raises(NotSent, match="did not tell all"):
        await bot.channel.published(PLACE, KEY, lately())
    assert len(bot.peer.called("conversations.history")) == MOST_PAGES


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [
        (Fault("ratelimited", 429, retry_after=12), 12),
        (Fault(dropped=True), 1),
        (Fault("fatal_error"), 1),
        (Fault("", 503), 1),
        (Fault("missing_scope", needed="channels:history"), LATER),
    ],
)
async def test_what_cannot_be_read_now_is_not_taken_for_missing(
    bot: Bot, fault: Fault, seconds: float, caplog: pytest.LogCaptureFixture
) -> None:
    await bot.channel.publish(PLACE, DIGEST, KEY)
    # A read that broke may be repeated by the HTTP library, on a connection that was kept.
    bot.peer.faults["conversations.history"] += [fault] * (2 if fault.dropped else 1)
    with pytest.raises(NotSent) as unread:
        await bot.channel.published(PLACE, KEY, lately())
    assert unread.value.seconds == seconds
    assert fault.needed in caplog.text


async def test_while_slack_cannot_be_reached_nothing_is_known(
    peer: SlackPeer, store: Store, desk: Desk
) -> None:
    async with serving(peer, store, desk.handle, api_base="http://127.0.0.1:9/api/") as bot:
        with pytest.raises(NotSent):
            await bot.channel.publish(PLACE, DIGEST, KEY)
        with pytest.raises(NotSent):
            await bot.channel.published(PLACE, KEY, lately())
        assert await bot.channel.hindrance(PLACE) == ""


@pytest.mark.parametrize(
    ("close", "said"),
    [
        (
            lambda peer: peer.rooms.left.add(CHANNEL),
            "I am not in this channel yet. Type /invite @outcomes here, then try again.",
        ),
        (
            lambda peer: peer.rooms.gone.add(CHANNEL),
            "I am not in this channel yet. Type /invite @outcomes here, then try again.",
        ),
        (lambda _: None, ""),
        (lambda peer: peer.faults["conversations.history"].append(RATE_LIMITED), ""),
        (lambda peer: peer.faults["conversations.history"].append(Fault("missing_scope")), ""),
        (
            lambda peer: peer.faults["conversations.history"].append(Fault("is_archived")),
            "This channel is archived.",
        ),
    ],
)
async def test_whoever_sets_a_digest_up_learns_what_is_in_its_way(
    bot: Bot, close: Callable[[SlackPeer], None], said: str
) -> None:
    close(bot.peer)
    assert await bot.channel.hindrance(PLACE) == said
    assert bot.peer.shown == []


class Ticks:
    """Seconds that pass only where somebody waits for them."""

    def __init__(self) -> None:
        self.now = 100.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now = max(self.now, self.now + seconds)


async def test_a_channel_is_posted_in_once_a_second(peer: SlackPeer) -> None:
    ticks = Ticks()
    peer.rooms.limited, peer.rooms.ticks = True, ticks
    client = AsyncWebClient(BOT_TOKEN, peer.api_base, retry_handlers=[])
    client.proxy = None
    publishing = Publishing(client, lambda: None, Pace(ticks, ticks.pause))
    for number in range(3):
        await publishing.publish(CHANNEL, DIGEST, f"{number}")
    await publishing.publish("C0ANOTHER", DIGEST, "another channel waits for none")
    assert ticks.waited == [EVERY, EVERY]
    assert [len(peer.published_in(one)) for one in (CHANNEL, "C0ANOTHER")] == [3, 1]


async def test_those_who_come_at_once_wait_one_behind_another() -> None:
    ticks, waited = Ticks(), []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    pace = Pace(ticks, pause)
    await asyncio.gather(*(pace.turn(CHANNEL) for _ in range(4)))
    assert waited == [EVERY, 2 * EVERY, 3 * EVERY]


async def test_channels_that_may_be_posted_in_again_are_forgotten() -> None:
    ticks = Ticks()
    pace = Pace(ticks, ticks.pause)
    for number in range(5_000):
        await pace.turn(f"C{number}")
        ticks.now += 0.01
    assert len(pace) <= 1_000
    assert ticks.waited == []
