"""A case study suggested in Slack, with a file, and decided on there. All is test data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cases import wording
from bot.current import CurrentAnswerer
from bot.rehearsal.slack import BOT_TOKEN, SlackPeer
from bot.rehearsal.slack_payloads import OFFICER, TEAM, command
from bot.slack.files import NOT_ALLOWED, NOT_FETCHED
from tests.cases_desk import LENT, REPORT, Town
from tests.cases_desk import town as opened
from tests.projects_in_slack import Json, above, alone, opening, pressing, sending, slashed, value
from tests.slack_desk import Bot, field_of, form, peer, serving

__all__ = ["peer"]  # a fixture
ADMIN = "U0ADMIN"


@dataclass
class Workspace:
    """A Slack with the bot in it."""

    bot: Bot
    town: Town

    def upload(self) -> str:
        return self.bot.peer.files.upload(self.bot.peer.api_base, "report.txt", REPORT.encode())

    async def opens(self, text: str = "suggest-case") -> Json:
        count = len(self.bot.peer.views) + 1
        await self.bot.peer.command(command(text, self.bot.peer.response_url()))
        return await form(self.bot.peer, count)

    async def post(self) -> None:
        await self.town.app.assistant.finish()
        while await self.town.app.outbox.send():
            pass

    async def seen(self, doing: Awaitable[object], words: str) -> str:
        """What stands in the modal in the end, once it holds these words."""
        await doing
        views = self.bot.peer.views
        await self.bot.peer.until(lambda: words in str(views))
        return str(views)


@pytest.fixture
async def slack(
    peer: SlackPeer, current: CurrentAnswerer, tmp_path: Path
) -> AsyncIterator[Workspace]:
    peer.admins = {ADMIN}
    async with opened(current, tmp_path) as town:
        app = town.app
        async with serving(peer, app.store, app.assistant.handle) as served:
            app.administrators.platforms.append(served.channel.administers)
            app.outbox.channels["slack"] = served.channel
            yield Workspace(served, town)


async def test_a_file_comes_with_it_and_an_administrator_accepts(slack: Workspace) -> None:
    bot = slack.bot
    assert wording.NONE_OPEN in str(await slashed(bot, "cases", ADMIN))
    view = await slack.opens("suggest-case We lent laptops in Leeds.")
    assert "without your name" in above(view)
    assert value(view, "council") == "Leeds City Council"
    assert field_of(view, "file")["element"]["type"] == "file_input"
    sent = sending(bot, view, title=" ", told=LENT["told"], file=slack.upload())
    assert "“report.txt” is attached" in await slack.seen(sent, wording.NO_TITLE)
    assert bot.peer.files.asked == [f"Bearer {BOT_TOKEN}"]
    again = await form(bot.peer)
    assert value(again, "told") == LENT["told"]
    said = await alone(bot, sending(bot, again, title=LENT["title"]))
    assert wording.THANKED in str(said)

    await slack.post()
    (told,) = bot.peer.posted_to(ADMIN)
    assert "I have read the file “report.txt”" in str(told)
    assert OFFICER not in str(told)
    ask = await opening(bot, told, "Ask for more", ADMIN)
    await sending(bot, ask, ADMIN, question="What did it cost?")
    await slack.post()
    question = bot.peer.posted_to(OFFICER)[-1]
    assert "What did it cost?" in str(question)
    answer = await opening(bot, question, "Answer")
    assert "What did it cost?" in above(answer)
    await sending(bot, answer, told=f"{LENT['told']} It cost nothing.")
    await slack.post()
    await pressing(bot, bot.peer.posted_to(ADMIN)[-1], "Accept", ADMIN)
    await bot.inbox.finish()
    await slack.post()
    assert "was accepted" in str(bot.peer.posted_to(OFFICER)[-1])
    texts = [one async for one in slack.town.app.store.texts(TEAM).all()]
    assert [one.about.title for one in texts] == [LENT["title"]]
    assert "Attendance rose by a third." in str(texts[0].sections)


async def test_a_file_that_may_not_be_read_is_told(slack: Workspace) -> None:
    view = await slack.opens()
    url = slack.upload()
    slack.bot.peer.files.allowed = False
    sent = sending(slack.bot, view, **{**LENT, "file": url})
    shown = await slack.seen(sent, NOT_ALLOWED[:40])
    assert LENT["told"] in shown
    assert "file_input" not in shown  # which Slack would not show: a link can be given
    again = await form(slack.bot.peer)
    assert wording.THANKED in str(await alone(slack.bot, sending(slack.bot, again)))


async def test_the_token_goes_to_slack_alone(slack: Workspace) -> None:
    view = await slack.opens()
    sent = sending(slack.bot, view, **{**LENT, "file": "https://files.example.org/report.txt"})
    await slack.seen(sent, NOT_FETCHED[:30])
    assert slack.bot.peer.files.asked == []
