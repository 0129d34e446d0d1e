"""The weekly digest in Slack from end to end: set up, posted and answered to by Slack's own means.

The people and their councils are invented (test data).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.current import CurrentAnswerer
from bot.rehearsal.slack import Fault, SlackPeer
from bot.rehearsal.slack_payloads import CHANNEL, DIRECT, OFFICER, TEAM, command
from bot.slack.publishing import EVENT
from tests.digest_desk import ANSWER, BUTTONS, OPENLY, QUIETLY, Press
from tests.peers_desk import town as opened
from tests.projects_desk import DAMP
from tests.projects_in_slack import (
    Json,
    above,
    alone,
    aloud,
    asked,
    opening,
    pressing,
    registered,
    sending,
    slashed,
    value,
    words,
)
from tests.slack_desk import field_of, peer, serving
from tests.test_peers_slack import Workspace

__all__ = ["peer"]  # a fixture

SAM = "U0SAM"
ARCHIVES = f"https://example-council.slack.com/archives/{CHANNEL}"


class Room(Workspace):
    """A channel in which a digest can come."""

    @property
    def press(self) -> Press:
        return Press(self.town, TEAM)

    async def sets_up(self, **filled: str) -> Json:
        view = await self.opens("digest", OFFICER)
        return await alone(self.bot, sending(self.bot, view, OFFICER, **filled))

    async def comes(self) -> Json:
        """The next digest."""
        before = len(self.posted)
        await self.press.due(CHANNEL)
        assert len(self.posted) == before + 1
        return self.posted[-1]

    async def refuses(self, text: str, **where: str) -> str:
        """What stands in the place of the form that a command asks for."""
        peer = self.bot.peer
        await peer.command(command(text, peer.response_url(), **where))
        await peer.until(
            lambda: any("Outcomes" in str(one["title"]) for one in peer.views.values())
        )
        (view,) = peer.views.values()
        assert "submit" not in view
        return above(view)

    @property
    def posted(self) -> list[Json]:
        return self.bot.peer.published_in(CHANNEL)


@pytest.fixture
async def slack(peer: SlackPeer, current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[Room]:
    seconds = itertools.count(0.0, 10.0).__next__  # nothing waits for its turn to be posted
    async with opened(current, tmp_path) as town:
        app = town.app
        async with serving(peer, app.store, app.assistant.handle, clock=seconds) as served:
            app.outbox.channels["slack"] = app.publishers["slack"] = served.channel
            peer.rooms.clock = lambda: town.clock().timestamp()
            yield Room(served, town)
    assert "traceback" not in json.dumps([peer.shown, peer.whispered]).lower()


def linked(posted: Json) -> dict[str, str]:
    """The links of a message, by their words."""
    parts = (part for block in posted["blocks"] for part in block["elements"])
    lines = (line for part in parts for line in part.get("elements", ()))
    pieces = (piece for line in lines for piece in line.get("elements", (line,)))
    return {one["text"]: one["url"] for one in pieces if one["type"] == "link"}


async def test_it_is_set_up_changed_sent_and_stopped_by_whoever_is_in_the_channel(
    slack: Room,
) -> None:
    bot = slack.bot
    view = await slack.opens("digest", OFFICER)
    assert len(bot.peer.called("views.open")) == 1
    assert field_of(view, "at")["element"]["type"] == "timepicker"
    await sending(bot, view, OFFICER, zone="Atlantis")
    assert bot.peer.wrong == {"field:zone": "Give a time zone such as Europe/London."}
    saved = await alone(bot, sending(bot, view, OFFICER, at="16:30", zone="london"))
    assert "Mondays at 16:30 (Europe/London)" in saved["text"]
    assert "Only you can see this." in saved["text"]
    assert words(saved) == BUTTONS
    view = await opening(bot, saved, "Change", SAM)
    assert field_of(view, "at")["element"]["initial_time"] == "16:30"
    assert value(view, "zone") == "Europe/London"
    assert "Mondays at 16:30" in above(view)

    paused = await alone(bot, pressing(bot, saved, "Pause"))
    assert "It is paused." in paused["text"]
    assert "It goes on." in (await alone(bot, pressing(bot, paused, "Resume", SAM)))["text"]
    quiet = await alone(bot, pressing(bot, saved, "Send now"))
    assert words(quiet) == ["Post it all the same"]
    sent = await alone(bot, pressing(bot, quiet, "Post it all the same"))
    assert "It takes the place of this week's." in sent["text"]
    await slack.press.again()
    (posted,) = slack.posted
    assert posted["text"].startswith("A quiet week")
    told = (await slashed(bot, "digest send"))["text"]
    assert "posted already" in told
    assert "Monday 9 March 2026 at 16:30" in told
    stop = await alone(bot, pressing(bot, saved, "Stop"))
    assert "Stopped." in (await alone(bot, pressing(bot, stop, "Stop it")))["text"]
    assert "No digest comes here yet" in (await slashed(bot, "digest pause"))["text"]
    assert words(await slashed(bot, "digest list")) == ["Set up a digest"]
    assert len(slack.posted) == 1


async def test_where_it_cannot_come_the_form_says_why(slack: Room) -> None:
    slack.bot.peer.rooms.left.add(CHANNEL)
    told = await slack.refuses("digest")
    assert "/invite @outcomes" in told
    slack.bot.peer.views.clear()
    told = await slack.refuses("digest change", channel_id=DIRECT, channel_name="directmessage")
    assert "a conversation of two" in told
    assert "Say digest in the channel" in told
    assert not await slack.press.stands(CHANNEL)


async def test_it_is_posted_for_all_and_what_it_asks_is_answered_in_its_thread(
    slack: Room,
) -> None:
    bot = slack.bot
    await slack.sets_up()
    await registered(bot)
    openly = await asked(bot, OPENLY)
    quietly = await slashed(bot, QUIETLY)
    preview = await slashed(bot, "digest preview")
    assert DAMP["title"] in linked(preview)
    assert words(preview) == []

    first = await slack.comes()
    assert first["metadata"]["event_type"] == EVENT
    assert "thread_ts" not in first
    thread = openly["thread_ts"]
    link = f"{ARCHIVES}/p{thread.replace('.', '')}"
    assert linked(first).items() >= {DAMP["title"]: DAMP["link"], OPENLY: link}.items()
    assert "████ Data 1" in json.dumps(first["blocks"], ensure_ascii=False)
    assert "Cornwall say" not in first["text"], "it was asked in private"

    (help_,) = words(first)
    view = await opening(bot, first, help_, SAM)
    assert OPENLY in above(view)
    await sending(bot, view, SAM, words=" ")
    assert bot.peer.wrong.keys() == {"field:words"}
    loud = {**ANSWER, "words": f"{ANSWER['words']} <!channel>"}
    thanks = await alone(bot, sending(bot, view, SAM, **loud))
    assert thanks["user"] == SAM
    before = len(bot.peer.shown)
    await slack.post()
    (answer,) = bot.peer.shown[before:]
    assert (answer["channel"], answer["thread_ts"]) == (CHANNEL, thread)
    assert answer["text"].startswith(f"Sam Testname answers the question “{OPENLY}”")
    assert f"{ANSWER['words']} &lt;!channel&gt;" in answer["text"], "nobody is called"

    await aloud(bot, pressing(bot, quietly, "Share to channel"))
    second = await slack.comes()
    assert "Did Cornwall say what drones for bridges cost?" in second["text"]
    assert not [one for one in ("Testname", "960 001", OPENLY) if one in second["text"]]


async def test_a_question_asked_again_is_told_once_and_no_answer_to_it_is_lost(
    slack: Room,
) -> None:
    bot = slack.bot
    await slack.sets_up()
    for text in (OPENLY, OPENLY.lower(), OPENLY.rstrip("?")):
        await asked(bot, text)
    posted = await slack.comes()
    (help_,) = words(posted)
    assert "1 open question." in posted["text"]
    view = await opening(bot, posted, help_, SAM)
    bot.peer.rooms.archived.add(CHANNEL)
    await sending(bot, view, SAM, **ANSWER)
    await bot.inbox.finish()
    await slack.post()
    told = slack.chat(SAM)[-1]
    assert "could not be posted" in told["text"]
    assert ANSWER["words"] in told["text"]


async def test_of_an_archived_channel_its_maker_is_told_once(slack: Room) -> None:
    await slack.sets_up(when_empty="post")
    slack.bot.peer.rooms.archived.add(CHANNEL)
    await slack.press.due(CHANNEL)
    await slack.press.again(days=8)
    await slack.post()
    (told,) = slack.chat(OFFICER)
    assert "has ended: the channel is archived" in told["text"]
    assert ARCHIVES in told["text"]
    assert not await slack.press.stands(CHANNEL)
    assert await slack.press.audited() == ["digest set up", "digest ended"]
    assert slack.posted == []


@pytest.mark.parametrize(
    ("fault", "posts"), [(Fault(dropped=True), 1), (Fault("fatal_error"), 2), (Fault("", 503), 2)]
)
async def test_what_may_have_arrived_is_looked_up_by_its_key(
    slack: Room, fault: Fault, posts: int
) -> None:
    peer = slack.bot.peer
    await slack.sets_up(when_empty="post")
    peer.faults["chat.postMessage"].append(fault)
    await slack.press.due(CHANNEL)
    await slack.press.again(minutes=5)
    await slack.press.again(hours=1)
    (posted,) = slack.posted
    marks = [one["metadata"] for one in peer.called("chat.postMessage")]
    assert marks == [posted["metadata"]] * posts
    looked = peer.called("conversations.history")[-1]
    assert looked["include_all_metadata"]
    assert "The last one was posted on" in (await slashed(slack.bot, "digest list"))["text"]
    await slack.post()
    assert slack.chat(OFFICER) == []
