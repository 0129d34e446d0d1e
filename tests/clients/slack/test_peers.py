"""Officers who help each other in Slack, and what is held of them."""

from __future__ import annotations

import pytest

from tests.clients.abilities import SLACK, can
from tests.clients.slack.emulate import BOT, DEPOT
from tests.clients.slack.workspace import Workspace, labels, words

pytestmark = pytest.mark.asyncio(loop_scope="session")
OFFER = {
    "help": "We put chatbots on our council tax pages and learned which questions they get wrong.",
    "outcomes": "services",
    "council": "Kirklees Council",
    "name": "Kim (test data)",
}
WISH = {
    "line": "We begin with a chatbot: which questions did yours get wrong?",
    "name": "Robin (test data)",
    "council": "Wigan Council",
}
ASK = "Ask an officer at Kirklees Council"


@can("Offer help, and find peers", SLACK)
@can("Be introduced, with the consent of both", SLACK)
@can("See and delete one's own data", SLACK)
async def test_two_officers_are_introduced_and_one_takes_all_back(slack: Workspace) -> None:
    depot = slack.channel(DEPOT)
    await slack.types("kim", "peers join", channel=depot)
    offer = await slack.form("Offer help")
    assert "What you agree to:" in words(offer)
    assert (await slack.sends("kim", offer, **{**OFFER, "name": " "})).keys() == {"name"}
    assert await slack.sends("kim", offer, **OFFER) == {}
    joined = await slack.alone("kim", depot)
    assert "You can be asked from now on." in words(joined)

    await slack.types("robin", "peers chatbots for council tax", channel=depot)
    found = await slack.alone("robin", depot)
    assert ASK in labels(found)
    assert "Kim" not in words(found)
    await slack.presses("robin", found, ASK)
    wish = await slack.form("Ask an officer")
    assert await slack.sends("robin", wish, **WISH) == {}
    assert "I have passed your line on" in words(await slack.alone("robin", depot))

    request = await slack.in_chat("kim")
    assert WISH["line"] in words(request)
    assert labels(request) == ["Accept", "Not now", "Stop these"]
    await slack.presses("kim", request, "Accept")
    assert "I am introducing you now." in words(await slack.in_chat("kim"))
    group = await slack.chat("kim", "robin")
    both = words(await slack.between.next(group))
    for part in (OFFER["name"], OFFER["help"], WISH["name"], WISH["line"], "agreed to talk"):
        assert part in both
    members = await slack.between.emulate.call("conversations.members", "xoxp-kim", channel=group)
    assert set(members["members"]) == {BOT, slack.id("kim"), slack.id("robin")}
    (kept,) = await slack.between.emulate.history(group, "xoxp-robin")
    assert kept["user"] == BOT

    await slack.types("kim", "my-data", channel=depot)
    held = await slack.alone("kim", depot)
    assert OFFER["help"] in words(held)
    assert labels(held) == ["Export", "Delete my data"]
    await slack.presses("kim", held, "Export")
    assert OFFER["name"] in words(await slack.alone("kim", depot))
    await slack.presses("kim", held, "Delete my data")
    asked_back = await slack.alone("kim", depot)
    assert "It cannot be undone." in words(asked_back)
    await slack.presses("kim", asked_back, "Delete it all")
    assert "Everything of yours is deleted here." in words(await slack.alone("kim", depot))
    await slack.types("robin", "peers chatbots for council tax", channel=depot)
    assert ASK not in labels(await slack.alone("robin", depot))
