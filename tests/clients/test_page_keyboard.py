"""The main path at the page by keyboard alone: a whole visit without a mouse, against a served bot.

At each stop of the focus it is seen that it can be seen, and that nothing covers it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.cases import wording
from tests.clients.abilities import PAGE, can
from tests.clients.page_officer import Officer, at_the_page
from tests.clients.papers import LENT, paper
from tests.clients.serving import Bot, serving

pytestmark = pytest.mark.asyncio(loop_scope="session")

TITLE, WHAT = (
    "Laptops on loan in Anytown",
    "We lend refurbished laptops to care leavers in Anytown.",
)
STOPS = 80  # no list here is longer
# What has the focus, whether that is seen, and whether anything lies over it.
FOCUS = """() => {
  const node = document.activeElement;
  const drawn = (one) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
    return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
  };
  const framed = [node, node.closest(".box")].filter(Boolean).some(drawn);
  const { left, right, top, bottom } = node.getBoundingClientRect();
  const inside = (low, high, most) => (Math.max(low, 0) + Math.min(high, most)) / 2;
  const over = document.elementFromPoint(
    inside(left, right, innerWidth), inside(top, bottom, innerHeight));
  const named = node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent;
  return {
    words: `#${node.id} ${named ?? ""} ${node.matches("[role=log]") ? "" : node.textContent}`,
    seen: framed || node.matches("h1, h2, h3, h4"),
    uncovered: Boolean(over && (node.contains(over) || over.contains(node))),
  };
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(shipped_home: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bot]:
    async with serving(shipped_home, tmp_path_factory.mktemp("keys"), {}) as served:
        yield served


@dataclass
class Keyboard:
    """All that is done is a key pressed."""

    officer: Officer

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.officer.page.keyboard.press(key)

    async def types(self, words: str, *keys: str) -> None:
        await self.officer.page.keyboard.type(words)
        await self.press(*keys)

    async def focus(self) -> str:
        """The id and the words of what has the focus, which is seen."""
        found = await self.officer.page.evaluate(FOCUS)
        assert found["seen"], f"no focus is seen at {found['words'][:80]}"
        assert found["uncovered"], f"something covers {found['words'][:80]}"
        return str(found["words"])

    async def to(self, words: str, key: str = "Tab") -> None:
        """Press `key` until what has the focus reads so."""
        for _ in range(STOPS):
            await self.press(key)
            if words in await self.focus():
                return
        raise AssertionError(f"{words} is not reached with {key}")

    async def hears(self, words: str) -> None:
        """It is said by the page's live region."""
        await expect(self.officer.page.get_by_role("status")).to_contain_text(words)


@can("Tag a project with a form, correct it, register it", PAGE)
@can("Say whether an answer helped, and why not", PAGE)
async def test_a_whole_visit_without_a_mouse(browser: Browser, bot: Bot) -> None:
    async with at_the_page(browser, bot) as officer:
        page, keys = officer.page, Keyboard(officer)

        # ask: the answer is said, its source reached, and the next thing to do is to write on
        await keys.press("Tab")
        assert "Skip to the message box" in await keys.focus()
        await keys.press("Enter")
        await keys.types("how much did Swindon save on translation?", "Enter")
        await keys.hears("£27")
        await keys.hears("1 source below it.")
        assert "#thread-text" in await keys.focus()
        await keys.to("Source 1", "Shift+Tab")
        await keys.press("Enter")
        assert "-source-1" in await keys.focus()
        await expect(officer.answer.get_by_role("blockquote").first).to_be_visible()

        # say why it did not help: Escape leaves the form, and the thread stays open
        await keys.to("This did not help")
        await keys.press("Space")
        await keys.hears("Noted.")
        await expect(page.get_by_role("form").get_by_role("textbox")).to_be_focused()
        await keys.press("Escape")
        assert "This did not help" in await keys.focus()
        await keys.press("Space")
        await expect(page.get_by_role("form").get_by_role("textbox")).to_be_focused()
        await keys.types("It is too short.")
        await keys.to("Send")
        await keys.press("Enter")
        await keys.hears("Thank you.")
        assert "This did not help" in await keys.focus()

        # a command from the list, by the arrows; its form left by Escape, and taken again
        await keys.to("#thread-text")
        await keys.types("/")
        await keys.hears("commands. Up and Down choose")
        await keys.press("ArrowUp", "ArrowUp", "ArrowDown", "Escape")
        await keys.types("outcomes tag")
        await keys.press("Enter")
        await expect(officer.form).to_be_visible()
        assert "Title" in await keys.focus()
        await keys.press("Escape")
        await expect(officer.form).to_be_hidden()
        assert "#thread-text" in await keys.focus()
        await keys.to("Tag a project", "Shift+Tab")
        await keys.press("Enter")
        await expect(officer.form).to_be_visible()
        await keys.press("Escape")
        assert "Tag a project" in await keys.focus()
        await keys.press("Enter")

        # what is wrong is gone to, and said with the field
        title = officer.form.get_by_label("Title")
        await expect(title).to_be_focused()
        await keys.to("Next")
        await keys.press("Enter")
        await expect(title).to_be_focused()
        await expect(title).to_have_accessible_description(re.compile(r"Fill in: Title\.$"))
        await keys.types(TITLE, "Tab")
        await keys.types(WHAT)
        await keys.to("Next")
        await keys.press("Enter")
        await expect(officer.form).to_have_accessible_name("Its outcomes")
        assert "Its outcomes" in await keys.focus()
        await keys.to("Ethics")
        await keys.press("Space")
        await keys.to("Register")
        await keys.press("Enter")
        await keys.hears("Registered.")
        await expect(officer.form).to_be_hidden()

        # the next question finds it; the thread closes to where it was opened
        assert "#thread-text" in await keys.focus()
        await keys.types("who lends refurbished laptops?", "Enter")
        await keys.hears("Registered by officers")
        await expect(officer.answer).to_contain_text(TITLE)
        assert "#thread-text" in await keys.focus()
        await keys.press("Escape")
        await expect(page.locator("#thread")).to_be_hidden()
        assert "replies" in await keys.focus()
        await keys.press("Enter")
        assert "#thread-text" in await keys.focus()

        # the other person, by the arrows of the switch
        await keys.press("Escape")
        await keys.to("Visitor", "Shift+Tab")
        await keys.press("ArrowRight")
        assert "Colleague" in await keys.focus()
        await keys.to("Start afresh")
        await keys.press("Enter")
        await keys.hears("The channel is empty again.")
        assert "#channel-text" in await keys.focus()


@can("Offer a case study with a link or a file, for administrators to decide", PAGE)
async def test_a_file_is_attached_without_a_mouse(
    browser: Browser, bot: Bot, tmp_path: Path
) -> None:
    path = tmp_path / "lent.pdf"
    path.write_bytes(paper(*LENT))
    async with at_the_page(browser, bot) as officer:
        keys = Keyboard(officer)
        await keys.to("#channel-text")
        await keys.types("/outcomes suggest-case", "Enter")
        await expect(officer.form).to_be_visible()
        assert wording.SUGGEST_TITLE in await keys.focus(), "there is something to read first"
        await keys.to(wording.TITLE_FIELD)
        await keys.types(TITLE, "Tab")
        await keys.types(WHAT)
        await keys.to(wording.FILE_FIELD)
        async with officer.page.expect_file_chooser() as opened:
            await keys.press("Space")
        await (await opened.value).set_files(path)
        assert wording.FILE_FIELD in await keys.focus()
        await keys.to(wording.SUGGEST_SUBMIT)
        await keys.press("Enter")
        await keys.hears(wording.THANKED)
        assert "#thread-text" in await keys.focus()
