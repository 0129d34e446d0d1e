"""Officers at the local page of a served bot, in a browser: what they press, write and read."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from tests.clients.serving import Bot

PATIENCE = 20.0  # seconds, for what is posted without being asked for
WIDE = ViewportSize(width=1280, height=800)
# As when somebody comes back to the tab: the page then looks for what waits.
COME_BACK = "document.dispatchEvent(new Event('visibilitychange'))"


@dataclass
class Officer:
    """Whoever sits at one tab on the page: one of its two test people, by turns."""

    page: Page
    address: str
    trouble: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    @property
    def answers(self) -> Locator:
        """The answers in the open thread."""
        return self.page.locator("#thread .answer.answered")

    @property
    def answer(self) -> Locator:
        return self.answers.last

    @property
    def form(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def posts(self) -> Locator:
        return self.page.locator(".post")

    async def writes(self, text: str) -> None:
        """In the channel, where a thread begins; has the answer."""
        if await self.page.locator("#thread").is_visible():
            await self.page.get_by_role("button", name="Close the thread").click()
        await self._sends("#channel-text", text, 0)

    async def finds(self, text: str, words: str) -> None:
        """What was written in the channel is answered with these words, now or a little later."""
        async with asyncio.timeout(PATIENCE):
            await self.writes(text)
            while words not in await self.answer.inner_text():
                await self.page.wait_for_timeout(250)
                await self.writes(text)

    async def goes_on(self, text: str) -> None:
        """In the open thread; has the answer."""
        await self._sends("#thread-text", text, await self.answers.count())

    async def _sends(self, box: str, text: str, before: int) -> None:
        await self.page.locator(box).fill(text)
        await self.page.locator(box).press("Enter")
        await expect(self.answers).to_have_count(before + 1)

    async def presses(self, label: str) -> None:
        """A button of the last answer that has one so called."""
        await (
            self.page.locator("#thread").get_by_role("button", name=label, exact=True).last.click()
        )

    async def fills(self, filled: dict[str, str], send: str) -> None:
        """Fields of the open form by their labels, and its button."""
        for label, value in filled.items():
            named = re.compile(rf"^{re.escape(label)}( \(optional\))?$")
            await self.form.get_by_label(named).fill(value)
        await self.form.get_by_role("button", name=send).click()

    async def attaches(self, name: str, content: bytes) -> None:
        """A file, in the open form."""
        file: FilePayload = {"name": name, "mimeType": "", "buffer": content}
        await self.form.get_by_label("File").set_input_files(file)

    async def is_now(self, name: str) -> None:
        people = self.page.get_by_role("group", name="You are")
        await people.get_by_role("radio", name=f"{name} (test person)").click()

    async def reads(self, name: str, words: str) -> None:
        """The last post, which is by `name`, and holds the words."""
        await expect(self.posts.last).to_contain_text(name)
        await self.posts.last.get_by_role("button", name="Read it").click()
        await expect(self.answer).to_contain_text(words)

    async def waits_for(self, post: Locator) -> None:
        """Look into the tab until it is there. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while not await post.count():
                await self.page.evaluate(COME_BACK)
                await self.page.wait_for_timeout(250)


@asynccontextmanager
async def at_the_page(browser: Browser, bot: Bot, *, axe: bool = False) -> AsyncIterator[Officer]:
    """A first visit. Fails where the page met trouble, or asked another host for anything.
    With `axe`, scripts of the tests may be run in the page, which its policy forbids others."""
    context = await browser.new_context(
        viewport=WIDE, locale="en-GB", reduced_motion="reduce", bypass_csp=axe
    )
    try:
        page = await context.new_page()
        officer = Officer(page, bot.url)
        page.on(
            "console",
            lambda message: officer.trouble.append(f"{message.text} {message.location['url']}"),
        )
        page.on("pageerror", lambda error: officer.trouble.append(str(error)))
        page.on("request", lambda request: officer.elsewhere.append(request.url))
        await page.goto(bot.url)
        yield officer
        assert officer.trouble == [], officer.trouble
        assert [url for url in officer.elsewhere if not url.startswith(bot.url)] == []
    finally:
        await context.close()
