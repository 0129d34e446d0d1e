"""The weekly digest on the page in a real browser: its form, what is posted, links and picture.

The council, the projects and the questions are invented.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import ViewportSize, expect

from bot.conversation import (
    Action,
    Choice,
    Citation,
    Command,
    Field,
    Form,
    Origin,
    Outcome,
    Pressed,
    Reply,
    Request,
    Share,
    Spread,
    Submitted,
)
from bot.forms import again
from bot.web.intake import CHANNEL
from tests.browsing import CHROMIUM, CONTRASTS, INCLUSION, ROCHDALE, SMALL, Visit, browser_tab

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not CHROMIUM, reason="no chromium on this machine; on Debian: apt-get install chromium"
    ),
]
PHONE = ViewportSize(width=320, height=640)
WHEN = Form(
    "digest",
    "Weekly digest",
    (
        Field("weekday", "Weekday", "choice", choices=(Choice("0", "Monday"),), value="0"),
        Field("at", "Time", "time", value="09:00"),
        Field("zone", "Time zone", value="Europe/London"),
    ),
    submit="Save",
    key="k-1",
)
ANSWER = Form("answer", "I can help", (Field("answer", "Your answer", "paragraph"),), key="q-1")
LAPTOPS = Citation(3, "p-1", "project", "Laptops (test data)", "https://anytown.example/l", "q")
DISGUISED = Citation(4, "p-2", "project", "www.anytown.example", "https://elsewhere.example/", "q")
ASKED = Citation(5, "q-1", "question", "Who has tried voice bots for repairs?", "", "q")
SPREAD = Spread(
    "Our projects by outcome (test data)",
    (
        Share(Outcome("services", "Services"), 7),
        Share(Outcome("organisational-capability", "Organisational capability"), 2),
        Share(Outcome("data", "Data"), 0),
        Share(Outcome("value", "Value"), 0),
    ),
)
DIGEST = Reply(
    "answered",
    "This week: 3 new projects and 1 open question (test data).\n\n"
    f"Inclusion:\n- {ROCHDALE.title}, Rochdale, 2022 [1]\n- {LAPTOPS.title}, Anytown [3]\n"
    f"- {DISGUISED.title} [4]\n\n"
    f"Questions nobody could answer yet:\n- “{ASKED.title}” [5]\n- “Who has a chatbot?”\n\n"
    f"{INCLUSION.title} (our reading): “{INCLUSION.quote}” [2]",
    citations=(ROCHDALE, INCLUSION, LAPTOPS, DISGUISED, ASKED),
    actions=(Action("open", "I can help", "answer:q-1"),),
    linked=True,
    spread=SPREAD,
)
SHOWN = (
    "Our projects by outcome (test data) Services: 7. Organisational capability: 2. "
    "None yet: Data, Value."
)


@dataclass
class Board:
    """Posts a digest in the channel once its form is right."""

    heard: list[Request] = field(default_factory=list)
    waiting: list[Reply] = field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        match request:
            case Command("digest", "", _):
                return Reply("help", "When shall it come?", form=WHEN, private=True)
            case Submitted("digest", {"zone": "Narnia"} as values, _, _):
                form = again(WHEN, values, {"zone": "That is no time zone."})
                return Reply("invalid", "One thing is to be put right.", form=form, private=True)
            case Submitted("digest", _, _, _):
                self.waiting.append(DIGEST)
                return Reply("help", "Every Monday at 9:30.", private=True)
            case Pressed("open", _, _):
                return Reply("help", "Write your answer.", form=ANSWER, private=True)
            case Submitted("answer", _, _, _):
                return Reply("help", "Passed on.", private=True)
            case _:
                return DIGEST

    async def collect(self, origin: Origin) -> list[Reply]:
        if (origin.address, origin.person) != (CHANNEL, ""):
            return []
        found, self.waiting = self.waiting, []
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Visit[Board]]:
    """One for all tests here: starting a browser costs more than any of them."""
    board = Board()
    async with browser_tab(board, board.collect) as visit:
        yield visit


@pytest_asyncio.fixture(loop_scope="module")
async def visit(tab: Visit[Board]) -> AsyncIterator[Visit[Board]]:
    """A first visit; afterwards nothing may have gone wrong or been asked of another host."""
    await tab.start_afresh()
    yield tab
    assert [url for url in tab.asked if not url.startswith(tab.address)] == []
    assert tab.trouble == []


async def test_it_is_set_up_by_its_form_and_posted_once_for_both(visit: Visit[Board]) -> None:
    page, dialog = visit.page, visit.page.get_by_role("dialog", name="Weekly digest")
    await page.locator("#channel-text").press_sequentially("/outcomes dig")
    await page.keyboard.press("Enter")
    at, zone, save = (
        dialog.get_by_label("Time", exact=True),
        dialog.get_by_label("Time zone"),
        dialog.get_by_role("button", name="Save"),
    )
    await expect(at).to_have_value("09:00")
    await at.press("Delete")  # the hour alone
    await save.click()
    await expect(at).to_have_accessible_description("Give the whole time: hours and minutes.")
    await at.fill("09:30")
    await expect(at).to_have_accessible_description("")
    await zone.fill("Narnia")
    await save.click()
    await expect(zone).to_have_accessible_description("That is no time zone.")
    await expect(at).to_have_value("09:30")
    await zone.fill("Europe/London")
    await save.click()
    await expect(page.locator(".said .words").last).to_contain_text("Monday\n09:30\nEurope/London")

    posts = page.locator(".post")
    await expect(posts).to_have_count(2)
    await expect(posts.last).to_contain_text("Posted in this channel")
    await expect(posts.last).to_contain_text("Read it")
    announced = "Posted in this channel: This week: 3 new projects and 1 open question"
    await expect(page.get_by_role("status")).to_contain_text(announced)
    await page.reload()
    await page.get_by_role("radio", name="Colleague (test person)").click()
    await expect(posts).to_have_count(2)
    await posts.last.get_by_role("button", name="Read it").click()
    post = page.get_by_role("article", name="Posted in this channel")
    await expect(post).to_have_count(1)

    # its buttons are pressed as whoever one is
    await post.get_by_role("button", name="I can help").click()
    answering = page.get_by_role("dialog", name="I can help")
    await answering.get_by_label("Your answer").fill("We have (test data).")
    await answering.get_by_role("button", name="Send").click()
    await expect(page.locator(".answer.answered").last).to_contain_text("Only Colleague can see")
    *settings, pressed, answered = visit.assistant.heard
    assert [one.origin.person for one in settings] == ["visitor"] * 3
    assert {one.origin.place for one in visit.assistant.heard} == {CHANNEL}
    assert settings[-1] == Submitted(
        "digest",
        {"weekday": "0", "at": "09:30", "zone": "Europe/London"},
        settings[0].origin,
        "k-1",
    )
    assert pressed == Pressed("open", "answer:q-1", pressed.origin)
    assert answered == Submitted(
        "answer", {"answer": "We have (test data)."}, pressed.origin, "q-1"
    )
    assert pressed.origin.person == "colleague"
    assert pressed.origin.thread != settings[0].origin.thread


async def test_titles_lead_to_their_sources_and_the_picture_is_told_in_words(
    visit: Visit[Board],
) -> None:
    page = visit.page
    await visit.ask("/outcomes digest preview")
    body = page.locator(".answer .body")
    links = body.get_by_role("link")
    linked = (ROCHDALE, LAPTOPS, INCLUSION)
    await expect(links).to_have_count(3)
    for place, source in enumerate(linked):
        link = links.nth(place)
        await expect(link).to_have_accessible_name(f"{source.title} (opens in a new tab)")
        await expect(link).to_have_attribute("href", source.url)
        await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(body.locator("li").nth(3)).to_have_text(f"“{ASKED.title}”")
    quoted = [f"“{ASKED.title}”", f"“{INCLUSION.quote}”"]  # what is from no source is no quote
    await expect(body.locator("q")).to_have_text(quoted)

    # what cannot be a link keeps its number, and is the only source listed
    await expect(body.locator("li").nth(2)).to_have_text(f"{DISGUISED.title} Source 4")
    await expect(page.locator(".source")).to_have_count(1)
    await expect(page.locator(".sources h3")).to_have_text("1 source")
    await expect(page.get_by_role("status")).to_contain_text("1 source below it.")
    await expect(page.get_by_role("status")).not_to_contain_text("█")

    picture = page.get_by_role("img", name=SHOWN, exact=True)
    await expect(picture).to_be_visible()
    await expect(picture.locator(".share")).to_have_count(2)
    await expect(page.locator(".none-yet")).to_have_text("None yet: Data, Value.")
    await page.get_by_role("button", name="Copy answer").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied: str = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{DIGEST.text}\n\nSources\n[1] {ROCHDALE.title}\n{ROCHDALE.url}\n")
    assert copied.endswith(f"\n[5] {ASKED.title}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_read_on_a_small_phone(visit: Visit[Board], scheme: str) -> None:
    page = visit.page
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size(PHONE)
    await page.locator("#channel-text").press_sequentially("/")
    menu = page.get_by_role("listbox", name="Commands")
    await expect(menu).to_be_in_viewport(ratio=1)
    await page.keyboard.press("ArrowUp")
    await expect(menu.get_by_role("option").last).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Escape")
    await visit.ask("/outcomes digest preview")
    assert await visit.sideways() == 0
    assert await page.evaluate(CONTRASTS) == []
    assert await page.evaluate(SMALL) == []
    picture = page.get_by_role("img", name=SHOWN)
    for name in await picture.locator("text").all():
        box, around = await name.bounding_box(), await picture.bounding_box()
        assert box is not None
        assert around is not None
        assert box["x"] + box["width"] <= around["x"] + around["width"]
