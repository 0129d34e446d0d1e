"""What says that it comes from Slack, and does not; and what the bot says of a wrong token."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.clients.serving import STARTS_WITHIN
from tests.clients.slack.emulate import DEPOT, SECRET
from tests.clients.slack.ways import Posted
from tests.clients.slack.workspace import Workspace, words
from tests.running import Outcomes, Process

pytestmark = pytest.mark.asyncio(loop_scope="session")
CHALLENGE = json.dumps({"type": "url_verification", "token": "unused", "challenge": "said back"})


def way(slack: Workspace) -> Posted:
    assert isinstance(slack.between.way, Posted)
    return slack.between.way


async def test_slack_may_verify_the_address(slack: Workspace) -> None:
    answer = await way(slack).post(CHALLENGE)
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "said back"})


@pytest.mark.parametrize(
    ("secret", "age", "signature"),
    [
        ("f" * 32, 0.0, None),
        (SECRET, 400.0, None),
        (SECRET, -400.0, None),
        (SECRET, 0.0, ""),
        (SECRET, 0.0, "v0=" + "0" * 64),
    ],
    ids=["wrong secret", "too old", "from the future", "no signature", "wrong signature"],
)
async def test_what_is_not_slacks_is_refused(
    slack: Workspace, secret: str, age: float, signature: str | None
) -> None:
    forged = {} if signature is None else {"X-Slack-Signature": signature}
    answer = await way(slack).post(CHALLENGE, secret=secret, age=age, headers=forged)
    assert answer.status == 401
    assert "said back" not in answer.body


async def test_what_slack_sends_again_is_answered_once(slack: Workspace) -> None:
    depot = slack.channel(DEPOT)
    ts = await slack.says("robin", "What does ethics mean?", channel=depot)
    mention = json.dumps(slack.mention("robin", "What does ethics mean?", ts, depot))
    for retry in ({}, {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}):
        assert (await way(slack).post(mention, headers=retry)).status == 200
    assert "Ethics" in words(await slack.aloud(depot))
    again = await slack.mentions("robin", "thank you", depot, ts)
    assert "welcome" in words(await slack.aloud(depot))
    thread = await slack.between.emulate.thread(depot, ts)
    assert [one["ts"] for one in thread].index(again) == 2, "answered once"


async def test_a_wrong_token_is_said_in_words_at_the_start(
    slack: Workspace, shipped_home: Path, tmp_path: Path
) -> None:
    settings = {
        "OUTCOMES_HOME": str(shipped_home),
        "OUTCOMES_DEV": "1",
        "OUTCOMES_PORT": "0",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'outcomes.db'}",
        "SLACK_API_BASE": f"{slack.between.emulate.base}/api/",
        "SLACK_BOT_TOKEN": "xoxb-of-another-app",
        "SLACK_SIGNING_SECRET": SECRET,
    }
    with Outcomes(tmp_path, settings).start("serve") as process:
        try:
            said = await asyncio.wait_for(asyncio.to_thread(_refusal, process), STARTS_WITHIN)
        finally:
            process.terminate()
        logged = await asyncio.to_thread(lambda: process.communicate()[1])
    assert "Slack does not accept SLACK_BOT_TOKEN (not_authed)" in said
    assert "OAuth & Permissions" in said
    assert "xoxb-of-another-app" not in said + logged
    assert "Traceback" not in logged


def _refusal(process: Process) -> str:
    """What it says of what it does not serve; "" where it says nothing of the kind."""
    assert process.stdout
    return next((line for line in process.stdout if line.startswith("Not served:")), "")
