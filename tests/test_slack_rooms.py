"""The Slack that is played here keeps channels as Slack does: marks, pages and limits."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.rehearsal.slack import BOT_TOKEN, SlackPeer
from bot.rehearsal.slack_payloads import BOT, CHANNEL, OFFICER, TEAM
from bot.slack.blocks import message
from tests.slack_desk import peer
from tests.slack_telling import ANSWER

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


# Streams


TO = {"recipient_user_id": OFFICER, "recipient_team_id": TEAM}
START = {"channel": CHANNEL, "thread_ts": "1.1", **TO}
RATING: Any = message(ANSWER)["blocks"]


async def call(client: AsyncWebClient, method: str, **arguments: object) -> str:
    """What Slack has against it; "" for nothing."""
    try:
        await client.api_call(f"chat.{method}", json=arguments)
    except SlackApiError as error:
        return str(error.response["error"])
    return ""


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"thread_ts": None}, "invalid_arguments"),
        ({"thread_ts": "yesterday"}, "invalid_thread_ts"),
        ({"recipient_user_id": None}, "missing_recipient_user_id"),
        ({"recipient_team_id": None}, "missing_recipient_team_id"),
        ({"text": "x"}, "invalid_arguments"),
        ({"blocks": []}, "invalid_arguments"),
        ({"markdown_text": "x" * 12_001}, "msg_too_long"),
        ({}, ""),
        ({"markdown_text": "x" * 12_000}, ""),
    ],
)
async def test_a_stream_is_begun_as_slack_wants_it(
    client: AsyncWebClient, changes: dict[str, object], error: str
) -> None:
    given = {name: one for name, one in {**START, **changes}.items() if one is not None}
    assert await call(client, "startStream", **given) == error


async def test_a_stream_is_added_to_and_stopped_while_it_is_open(
    peer: SlackPeer, client: AsyncWebClient
) -> None:
    answer = await client.api_call("chat.startStream", json=START)
    of = {"channel": CHANNEL, "ts": answer["ts"]}
    assert await call(client, "appendStream", **of) == "invalid_arguments"
    assert await call(client, "appendStream", **of, markdown_text="x", blocks=[]) != ""
    assert await call(client, "appendStream", **of, markdown_text="a ") == ""
    assert await call(client, "update", **of, text="b") == "streaming_state_conflict"
    assert await call(client, "delete", **of) == "cant_delete_message"
    assert await call(client, "stopStream", **of, blocks=[{"type": "x"}]) == "invalid_blocks"
    assert await call(client, "stopStream", **of, blocks=RATING, text="x") == "invalid_arguments"
    assert await call(client, "stopStream", **of, blocks=RATING) == ""
    (shown,) = peer.shown
    assert [one["type"] for one in shown["blocks"]] == ["markdown", *(b["type"] for b in RATING)]
    for method, more in (("appendStream", {"markdown_text": "c"}), ("stopStream", {})):
        assert await call(client, method, **of, **more) == "message_not_in_streaming_state"
    assert await call(client, "update", **of, text="b", unfurl_links=False) == "invalid_arguments"
    assert await call(client, "update", **of, text="b", blocks=RATING) == ""
    assert shown["blocks"] == RATING
    assert await call(client, "delete", **of) == ""
    assert await call(client, "update", **of, text="b") == "message_not_found"
    assert peer.shown == []
