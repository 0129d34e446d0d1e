"""Two people on the page in a real browser: one asks the other, who is written to in private.

The people, the council and the officers are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from playwright.async_api import ViewportSize, expect

from bot.conversation import (
    Action,
    Command,
    Field,
    Form,
    Origin,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from tests.browsing import CHROMIUM, CONTRASTS, SMALL, Visit, browser_tab

pytestmark = pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine; on Debian: apt-get install chromium"
)
INTRODUCE = Form("introduce", "Ask an officer", (Field("line", "Your line", "paragraph"),), key="p")
PAUSE = Form("pause", "Pause requests", (Field("until", "Until", "date"),), submit="Pause")
ALIKE = Reply(
    "answered",
    "An officer at Anytown (test data) offers help with damp sensors.",
    actions=(Action("open", "Ask the officer at Anytown", "introduce:p"),),
)
REQUEST = Reply(
    "help",
    "An officer would like your help (test data).",
    actions=(Action("accept", "Accept", "i-1"), Action("not-now", "Not now", "i-1")),
    private=True,
)
INTRODUCED = Reply("help", "You are introduced to Sam Sample (test data).", private=True)


@dataclass
class Matchmaker:
    """Writes to the colleague when asked to, and to the visitor when the colleague accepts."""

    heard: list[Request] = field(default_factory=list)
    waiting: list[tuple[str, Reply]] = field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        match request:
            case Command("peers", "pause", _):
                return Reply("help", "Until when?", form=PAUSE, private=True)
            case Pressed("open", _, _):
                return Reply("help", "Write a line.", form=INTRODUCE, private=True)
            case Submitted("introduce", _, _, _):
                self.waiting.append(("colleague", REQUEST))
                return Reply("help", "Sent.", private=True)
            case Pressed("accept", _, _):
                self.waiting.append(("visitor", INTRODUCED))
                return Reply("help", "You are introduced.", private=True)
            case _:
                return ALIKE

    async def collect(self, origin: Origin) -> list[Reply]:
        found = [reply for person, reply in self.waiting if person == origin.person]
        self.waiting = [one for one in self.waiting if one[0] != origin.person]
        return found


async def everything_can_be_read_and_hit(visit: Visit[Matchmaker]) -> None:
    for scheme in ("light", "dark"):
        await visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        assert await visit.page.evaluate(CONTRASTS) == []
    assert await visit.page.evaluate(SMALL) == []
    assert await visit.sideways() == 0


async def test_one_asks_and_the_other_accepts() -> None:
    matchmaker = Matchmaker()
    async with browser_tab(matchmaker, matchmaker.collect) as visit:
        page, dialog = visit.page, visit.page.get_by_role("dialog")
        answers = page.locator("#thread .answer.answered")
        to_colleague = page.get_by_role("article", name="Private message to Colleague")
        posts = page.locator(".post")

        await page.locator("#channel-text").press_sequentially("/outcomes pe")
        await page.keyboard.press("Tab")
        await page.keyboard.type("damp sensors")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Ask the officer at Anytown").click()
        await dialog.get_by_label("Your line").fill("How did you choose yours?")
        await dialog.get_by_role("button", name="Send").click()
        await expect(answers.last).to_contain_text("Only Visitor can see this")
        await expect(posts).to_have_count(1)

        # the other one reads it at once, by keyboard
        people = page.get_by_role("group", name="You are")
        await people.get_by_role("radio", name="Visitor (test person)").focus()
        await page.keyboard.press("ArrowRight")
        await expect(people.get_by_role("radio", name="Colleague (test person)")).to_be_checked()
        await expect(to_colleague).to_contain_text(REQUEST.body)
        await expect(page.get_by_role("status")).to_contain_text(f"to Colleague: {REQUEST.body}")
        await expect(posts.last).to_contain_text("Private message to Colleague")
        await everything_can_be_read_and_hit(visit)

        await page.reload()
        await expect(people.get_by_role("radio", name="Colleague (test person)")).to_be_checked()
        await page.locator("#thread-text").fill("/outcomes peers pause")
        await page.keyboard.press("Enter")
        until = dialog.get_by_label("Until")
        await until.press_sequentially("12")
        await dialog.get_by_role("button", name="Pause").click()
        await expect(until).to_have_accessible_description(
            "Give the whole date: day, month and year."
        )
        await until.fill("2026-12-24")
        await dialog.get_by_role("button", name="Pause").click()
        await expect(page.locator(".said .words").last).to_contain_text("24 December 2026")

        # whoever you are, the buttons of a message are pressed as its reader
        await people.get_by_role("radio", name="Visitor (test person)").click()
        await to_colleague.get_by_role("button", name="Accept").click()
        await expect(answers.last).to_contain_text("Only Colleague can see this")
        await expect(posts.last).to_contain_text("Private message to Visitor")
        await posts.last.get_by_role("button", name="Read it").click()
        await expect(answers).to_have_count(1)
        await expect(answers).to_contain_text(INTRODUCED.body)

        # on a phone a thread covers the channel, so what comes there meanwhile is told over it
        await page.set_viewport_size(ViewportSize(width=320, height=640))
        matchmaker.waiting.append(("visitor", INTRODUCED))
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        back = page.get_by_role("button", name="Back to #digital-practice · 1 new message")
        await everything_can_be_read_and_hit(visit)
        await back.click()
        await expect(posts).to_have_count(4)
        await everything_can_be_read_and_hit(visit)
        assert visit.trouble == []
        assert [url for url in visit.asked if not url.startswith(visit.address)] == []

    asked, opened, sent, pausing, paused, accepted = matchmaker.heard
    assert [one.origin.person for one in (asked, opened, sent)] == ["visitor"] * 3
    assert [one.origin.person for one in (pausing, paused, accepted)] == ["colleague"] * 3
    assert asked == Command("peers", "damp sensors", asked.origin)
    assert paused == Submitted("pause", {"until": "2026-12-24"}, pausing.origin)
    assert accepted == Pressed("accept", "i-1", pausing.origin)
