"""The page by the rules of axe-core, and read as people need to read it: dark, in forced colours,
narrow, enlarged, with spaced text, without motion. What is known is in docs/accessibility.md."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.browsing import CONTRASTS
from tests.clients.needs import MODULES
from tests.clients.page_officer import WIDE, Officer, at_the_page
from tests.clients.papers import LENT, paper
from tests.clients.serving import Bot, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = MODULES / "axe-core" / "axe.min.js"
# Every rule, also those that are only good practice; a rule that must be judged by hand is none.
FAULTS = """async () => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help} (${nodes.slice(0, 3).map((one) => one.html.slice(0, 90)).join(" ")})`);
}"""
# What is out of the window at a side, or hides words of its own. A post's gist is meant to be cut.
CUT = """() => [...document.querySelectorAll("body *")]
  .filter((node) => node.checkVisibility())
  .filter((node) => !node.closest(".unseen, .skip, .gist, svg, select, input"))
  .filter((node) => {
    const { left, right } = node.getBoundingClientRect();
    const { overflowX, overflowY } = getComputedStyle(node);
    const hides = ([how, content, room]) => ["hidden", "clip"].includes(how) && content > room + 1;
    return left < -1 || right > innerWidth + 1
      || hides([overflowX, node.scrollWidth, node.clientWidth])
      || hides([overflowY, node.scrollHeight, node.clientHeight]);
  })
  .map((node) => node.outerHTML.slice(0, 90))"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOVING = "document.getAnimations().filter((one) => one.playState === 'running').length"
# WCAG 1.4.12
SPACED = """document.head.append(Object.assign(document.createElement("style"), {
  id: "spaced",
  textContent: `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`,
}))"""
PLAIN = 'document.getElementById("spaced")?.remove()'


@dataclass(frozen=True)
class Look:
    """How somebody reads the page. Zoom is a smaller window, in CSS pixels."""

    name: str
    size: ViewportSize
    colours: Literal["light", "dark"] = "light"
    forced: bool = False
    spaced: bool = False

    async def take(self, page: Page) -> None:
        await page.set_viewport_size(self.size)
        forced: Literal["active", "none"] = "active" if self.forced else "none"
        await page.emulate_media(color_scheme=self.colours, forced_colors=forced)
        await page.evaluate(SPACED if self.spaced else PLAIN)


NARROW = ViewportSize(width=320, height=640)
LOOKS = (
    Look("wide and light", WIDE),
    Look("wide and dark", WIDE, colours="dark"),
    Look("forced colours", WIDE, forced=True),
    Look("320 pixels wide", NARROW),
    Look("320 pixels wide and dark", NARROW, colours="dark"),
    Look("enlarged to 200 %", ViewportSize(width=640, height=400)),
    Look("enlarged to 400 %", ViewportSize(width=320, height=256)),
    Look("spaced text", WIDE, spaced=True),
    Look("spaced text, 320 pixels wide", NARROW, spaced=True),
)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    async with serving(shipped_home, tmp_path_factory.mktemp("access"), {}) as served:
        yield served


@pytest_asyncio.fixture(loop_scope="session")
async def officer(browser: Browser, bot: Bot) -> AsyncIterator[Officer]:
    async with at_the_page(browser, bot, axe=True) as visiting:
        yield visiting


async def faults(page: Page) -> list[str]:
    """By every rule, in every look; light and wide again afterwards."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = []
    for look in LOOKS:
        await look.take(page)
        wrong: list[Any] = await page.evaluate(FAULTS)
        wrong += [f"cut: {node}" for node in await page.evaluate(CUT)]
        wrong += ["scrolls sideways"] * (await page.evaluate(SIDEWAYS) > 0)
        if not look.forced:
            wrong += [f"contrast: {one}" for one in await page.evaluate(CONTRASTS)]
        found += [f"{look.name}: {one}" for one in wrong]
    await LOOKS[0].take(page)
    return found


async def empty(_: Officer) -> None:
    pass


async def commands(officer: Officer) -> None:
    await officer.page.locator("#channel-text").press_sequentially("/")
    await expect(officer.page.get_by_role("listbox")).to_be_visible()


async def answer(officer: Officer) -> None:
    await officer.writes("how much did Swindon save on translation?")


async def long_answer_and_thumbs(officer: Officer) -> None:
    await officer.writes("Which councils share what they learned about data?")
    await officer.goes_on("who has tried damp sensors? " + "x" * 60)
    await officer.answer.locator("summary").first.click()
    await officer.presses("This did not help")
    await expect(officer.page.get_by_role("form", name="What was wrong?")).to_be_visible()


async def form(officer: Officer) -> None:
    await officer.writes("/outcomes digest")
    await expect(officer.form).to_be_visible()


async def form_with_faults(officer: Officer) -> None:
    await officer.writes("/outcomes tag")
    await officer.fills({"Link": "anytown"}, "Next")
    await officer.fills({"Title": "Laptops", "What it does": "We lend laptops."}, "Next")
    await expect(officer.form.locator("#form-message")).to_be_visible()


async def form_with_a_file(officer: Officer) -> None:
    await officer.writes("/outcomes suggest-case")
    await officer.attaches("A report on laptops lent to care leavers in Anytown.pdf", paper(*LENT))
    filled = {"Title": "Laptops", "What happened": "We lent laptops.", "Link": "anytown"}
    await officer.fills(filled, "Send")
    await expect(officer.form).to_contain_text("is attached.")
    await officer.attaches("Laptops in Anytown.pdf", paper(*LENT))


async def suggestions(officer: Officer) -> None:
    await officer.writes("/outcomes tag We lend refurbished laptops to care leavers.")
    await officer.presses("Change")
    await expect(officer.form).to_be_visible()


async def private_message(officer: Officer) -> None:
    await officer.writes("/outcomes peers join")
    offer = {
        "What you can help with": "We put damp sensors into 500 council homes.",
        "Council": "Kirklees Council",
        "Your name": "Robin (test data)",
    }
    await officer.fills(offer, "Agree and save")
    await expect(officer.answer).to_contain_text("You can be asked from now on.")
    await officer.is_now("Colleague")
    await officer.writes("/outcomes peers damp sensors in council homes")
    await officer.presses("Ask an officer at Kirklees Council")
    wish = {"Your line to them": "Which last?", "Your name": "Sam", "Council": "Wigan Council"}
    await officer.fills(wish, "Send")
    await expect(officer.answer).to_contain_text("I have passed your line on")
    await officer.is_now("Visitor")
    await expect(officer.answer.get_by_role("button", name="Accept")).to_be_visible()


State = Callable[[Officer], Awaitable[None]]
STATES: tuple[State, ...] = (
    *(empty, commands, answer, long_answer_and_thumbs),
    *(form, form_with_faults, form_with_a_file, suggestions, private_message),
)


@pytest.mark.parametrize("state", STATES, ids=[state.__name__ for state in STATES])
async def test_no_rule_of_axe_is_broken_however_it_is_read(officer: Officer, state: State) -> None:
    await state(officer)
    assert await faults(officer.page) == []


async def test_nothing_moves_for_whoever_wants_it_still(officer: Officer) -> None:
    assert await officer.page.evaluate(MOVING) == 0
    await officer.writes("how much did Swindon save on translation?")
    assert await officer.page.evaluate(MOVING) == 0
    await officer.page.emulate_media(reduced_motion="no-preference")
    await officer.page.reload()
    assert await officer.page.evaluate("document.getAnimations().length") > 0, "else none is seen"


async def test_what_is_about_the_bot_is_read_likewise(officer: Officer) -> None:
    came = await officer.page.goto(f"{officer.address}/about")
    assert came is not None
    assert came.status == 200
    assert await faults(officer.page) == []
