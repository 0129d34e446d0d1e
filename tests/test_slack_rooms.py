"""The Slack that is played here keeps channels as Slack does: marks, pages and limits."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rehearsal.slack import BOT_TOKEN, SlackPeer
from bot.rehearsal.slack_payloads import BOT, CHANNEL
from tests.slack_desk import peer

__all__ = ["peer"]  # a fixture

MARK = {"event_type": "outcomes_digest", "event_payload": {"key": "7"}}


@pytest.fixture
def client(peer: SlackPeer) -> AsyncWebClient:
    made = AsyncWebClient(BOT_TOKEN, peer.api_base, retry_handlers=[])
    made.proxy = None
    return made


async def post(client: AsyncWebClient, **more: object) -> str:
    """What is wrong with it; "" where it was posted."""
    arguments = {"channel": CHANNEL, "text": "x", **more}
    try:
        await client.api_call("chat.postMessage", json=arguments)
    except SlackApiError as error:
        return str(error.response["error"])
    return ""


@pytest.mark.parametrize(
    "mark",
    [{}, [], "x", {"event_type": "a"}, {**MARK, "event_type": 1}, {**MARK, "event_payload": "x"}],
)
async def test_a_mark_that_is_none_is_refused(
    peer: SlackPeer, client: AsyncWebClient, mark: object
) -> None:
    assert await post(client, metadata=mark) == "invalid_metadata_format"
    assert await post(client, metadata=MARK) == ""
    assert [one["metadata"] for one in peer.published_in(CHANNEL)] == [MARK]


async def test_what_a_mark_says_is_shown_where_it_is_asked_for(client: AsyncWebClient) -> None:
    await post(client, metadata=MARK)
    usual = await client.conversations_history(channel=CHANNEL)
    whole = await client.conversations_history(channel=CHANNEL, include_all_metadata=True)
    assert usual["messages"][0]["metadata"] == {"event_type": MARK["event_type"]}
    assert whole["messages"][0]["metadata"] == MARK
    assert whole["messages"][0]["user"] == BOT


async def test_history_comes_newest_first_a_page_at_a_time(
    peer: SlackPeer, client: AsyncWebClient
) -> None:
    said = [peer.rooms.say(CHANNEL, f"{number}") for number in range(5)]
    peer.rooms.say(CHANNEL, "in a thread", thread_ts=said[0]["ts"])
    wanted = {"channel": CHANNEL, "limit": 2, "oldest": said[0]["ts"]}
    first = await client.conversations_history(**wanted)
    cursor = first["response_metadata"]["next_cursor"]
    second = await client.conversations_history(**wanted, cursor=cursor)
    texts = [one["text"] for page in (first, second) for one in page["messages"]]
    assert texts == ["4", "3", "2", "1"], "after the oldest, and no replies"
    assert (first["has_more"], second["has_more"]) == (True, False)
    with pytest.raises(SlackApiError, match="invalid_cursor"):
        await client.conversations_history(**wanted, cursor="x")


async def test_a_channel_takes_one_message_a_second_where_that_is_wanted(
    peer: SlackPeer, client: AsyncWebClient
) -> None:
    now = 100.0
    peer.rooms.ticks = lambda: now
    assert [await post(client) for _ in range(3)] == ["", "", ""]
    peer.rooms.limited = True
    now += 1
    assert [await post(client) for _ in range(2)] == ["", "ratelimited"]
    assert await post(client, channel="C0ANOTHER") == ""
    now += 1
    assert await post(client) == ""


async def test_a_thousand_channels_are_kept_apart(peer: SlackPeer) -> None:
    for number in range(1_000):
        peer.rooms.post(f"C{number}", {"text": "x", "metadata": MARK})
    assert all(len(peer.published_in(f"C{number}")) == 1 for number in range(1_000))
    assert peer.published_in("C0NEVER") == []
