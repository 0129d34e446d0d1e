"""The weekly digest in Teams from end to end: in channels and group chats, and where it cannot be.

The people and their councils are invented (test data).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation import Origin
from bot.current import CurrentAnswerer
from bot.inbox import Inbox
from bot.rehearsal.teams import (
    ARCHIVED,
    REMOVED,
    TENANT,
    Sent,
    TeamsPeer,
    alone_by,
    by,
    inputs,
    officer,
)
from bot.teams.listener import TeamsChannel
from bot.teams.posting import ANSWERED
from tests.digest_desk import ANSWER, BUTTONS, OPENLY, Press
from tests.peers_desk import town as opened
from tests.projects_desk import DAMP, Officer, registers
from tests.projects_in_teams import buttons, said
from tests.projects_in_teams import form as form_of
from tests.serving import serving
from tests.teams_desk import channel, peer, words
from tests.test_peers_teams import Json, Tenant

__all__ = ["peer"]  # a fixture

ROBIN, SAM, KIM = "robin", "sam", "kim"
CHANNEL, GROUP = "19:channel@thread.tacv2", "19:group@thread.v2"
THREAD, ANOTHER = "1700000000001", "1700000000777"
CHAT = {"id": GROUP, "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
IN_GROUP: Json = {"conversation": CHAT}
SAVED = "Saved."


class Team(Tenant):
    """A team's channel and a group chat in which digests can come."""

    @property
    def press(self) -> Press:
        return Press(self.town, TENANT)

    @property
    def weeklies(self) -> list[Sent]:
        """The digests in the group chat."""
        return [one for one in self.peer.posts(GROUP) if "One outcome explained" in said(one)]

    async def answered(self, activity: Json, count: int = 1) -> list[Sent]:
        """All that is posted because of something, wherever."""
        before = len(self.peer.messages)
        assert (await self.peer.post(self.url, activity)).status == 200
        await self.peer.until(before + count)
        return self.peer.messages[before:]

    async def says(self, text: str, who: str = ROBIN, **where: object) -> Sent:
        (told,) = await self.answered({**self.peer.mention(text), **by(who), **where})
        return told

    async def clicks(self, posted: Sent, label: str, who: str, count: int = 1) -> list[Sent]:
        """A button in the channel, pressed."""
        pressed = self.peer.overheard("", THREAD, value=buttons(posted)[label], **by(who))
        return await self.answered(pressed, count)

    async def fills(self, posted: Sent, where: Json, **filled: str) -> Json:
        """The card in the place of a form that is sent."""
        card = self.peer.executed(form_of(posted), filled, **where)
        shown: Json = json.loads((await self.peer.post(self.url, card)).body)["value"]
        return shown

    async def sets_up(self, **filled: str) -> None:
        """A digest in the group chat."""
        await self.fills(await self.says("digest", **IN_GROUP), {**IN_GROUP, **by(ROBIN)}, **filled)
        assert await self.press.stands(GROUP)
        await self.peer.until(2)


@pytest.fixture
async def team(peer: TeamsPeer, current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[Team]:
    seconds = itertools.count(0.0, 10.0).__next__  # nothing waits for its turn to be posted

    def made(inbox: Inbox) -> TeamsChannel:
        return channel(peer, inbox, tick=seconds)

    async with opened(current, tmp_path) as town:
        app = town.app
        async with serving(app.assistant.handle, app.store, made) as served:
            app.outbox.channels["teams"] = served.platform
            assert isinstance(served.platform, TeamsChannel)
            app.publishers["teams"] = served.platform
            yield Team(peer, f"{served.url}/api/messages", town)
    assert "traceback" not in json.dumps([one.activity for one in peer.messages]).lower()


async def test_it_is_set_up_in_a_channel_by_its_card_and_managed_by_its_buttons(
    team: Team,
) -> None:
    form = await team.says("digest")
    assert form.conversation == f"{CHANNEL};messageid={THREAD}"
    there = {"conversation": team.peer.mention("")["conversation"], **by(ROBIN)}
    faulty = await team.fills(form, there, zone="Atlantis", at="16:30")
    assert "Give a time zone such as Europe/London." in words(faulty)
    assert inputs(faulty)["field:at"] == "16:30"
    assert words(await team.fills(form, there, at="16:30")) == [SAVED]
    await team.peer.until(2)
    saved = team.peer.messages[-1]
    assert saved.conversation == form.conversation
    assert "Mondays at 16:30 (Europe/London)" in said(saved)
    assert list(buttons(saved)) == BUTTONS

    (paused,) = await team.clicks(saved, "Pause", SAM)
    assert "It is paused." in said(paused)
    (changing,) = await team.clicks(paused, "Change", SAM)
    assert inputs(form_of(changing))["field:at"] == "16:30"
    await team.clicks(paused, "Resume", SAM)
    await team.clicks(saved, "Preview", SAM, count=2)
    (preview,) = team.peer.alone(SAM)
    assert "This is how it would look now." in said(preview)
    assert said(team.peer.messages[-1]) == ANSWERED
    (quiet,) = await team.clicks(saved, "Send now", SAM)
    team.peer.not_added = {officer(SAM)["id"]}  # and so cannot be written to alone
    (sent,) = await team.clicks(quiet, "Post it all the same", SAM)
    assert "It takes the place of this week's." in said(sent)
    await team.press.again()
    (posted,) = team.peer.posts(CHANNEL)
    assert said(posted).startswith("A quiet week")
    (stop,) = await team.clicks(saved, "Stop", SAM)
    assert said((await team.clicks(stop, "Stop it", SAM))[0]).startswith("Stopped.")


async def test_a_digest_is_a_new_post_and_what_it_asks_is_answered_in_its_thread(
    team: Team,
) -> None:
    where = {"conversation": team.peer.mention("")["conversation"], **by(ROBIN)}
    await team.fills(await team.says("digest"), where)
    await registers(Officer(team.town.app.assistant.handle, Origin(TENANT, person="lee")))
    await team.peer.until(2)
    await team.answered(team.peer.mention(OPENLY, ANOTHER, **by(KIM)))
    await team.press.due(CHANNEL)
    (posted,) = team.peer.posts(CHANNEL)
    assert f"[{DAMP['title']}]({DAMP['link']})" in said(posted)
    assert f"[{OPENLY}](https://teams.microsoft.com/l/message/19%3Achannel" in said(posted)
    assert "Data 1" in said(posted)

    (help_,) = buttons(posted)
    await team.clicks(posted, help_, SAM, count=2)
    form = team.peer.alone(SAM)[-1]
    assert f"“{OPENLY}”" in words(form_of(form))
    before = len(team.peer.messages)
    await team.fills(form, alone_by(SAM), **ANSWER)
    await team.peer.until(before + 1)
    await team.post()
    thanks, answer = team.peer.messages[before:]
    assert thanks in team.peer.alone(SAM)
    assert answer.conversation == f"{CHANNEL};messageid={ANOTHER}"
    assert said(answer).startswith("Sam Testname answers the question")
    assert ANSWER["words"] in said(answer)


@pytest.mark.parametrize(
    ("kind", "why"),
    [("private", "private channels"), ("shared", "shared with people outside")],
)
async def test_elsewhere_in_a_team_it_says_there_why_not(team: Team, kind: str, why: str) -> None:
    team.peer.not_added = {officer(ROBIN)["id"]}
    told = {"tenant": {"id": TENANT}, "channel": {"id": CHANNEL, "type": kind}}
    refused = await team.says("digest", channelData=told)
    assert why in said(refused)
    assert "Say digest in a" in said(refused)
    assert refused.conversation.startswith(CHANNEL)


async def test_in_a_chat_of_two_it_says_where_to_ask(team: Team) -> None:
    refused = await team.told(ROBIN, "digest")
    assert "a conversation of two" in said(refused)
    assert "Say digest in the channel" in said(refused)


async def test_what_may_have_arrived_is_not_repeated_and_its_maker_is_told(team: Team) -> None:
    await team.sets_up(when_empty="post")
    team.peer.late_faults.append(None)
    await team.press.due(GROUP)
    await team.press.again(minutes=5)
    await team.press.again(hours=2)
    assert len(team.weeklies) == 1
    await team.post()
    (told,) = team.peer.alone(ROBIN)
    assert "may not have arrived" in said(told)
    assert "may not have arrived" in said(await team.says("digest list", **IN_GROUP))
    assert await team.press.audited() == ["digest set up", "digest unsure"]
    await team.press.due(GROUP)
    assert len(team.weeklies) == 2, "the next week's comes"


@pytest.mark.parametrize(
    ("closed", "why"),
    [(REMOVED, "I was taken out of the chat"), (ARCHIVED, "nobody may write in the chat")],
)
async def test_where_the_bot_may_not_post_it_ends_and_its_maker_is_told_once(
    team: Team, closed: tuple[int, str], why: str
) -> None:
    await team.sets_up(when_empty="post")
    team.peer.closed[GROUP] = closed
    await team.press.due(GROUP)
    await team.press.again(days=8)
    await team.post()
    (told,) = team.peer.alone(ROBIN)
    assert f"has ended: {why}" in said(told)
    assert not await team.press.stands(GROUP)
    assert await team.press.audited() == ["digest set up", "digest ended"]
