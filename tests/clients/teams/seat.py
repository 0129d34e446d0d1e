"""An officer at their Playground: what they write, press and fill in, and what they see."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import Locator, Page, Response, Route, expect

from tests.clients.teams.front import Front, Json
from tests.clients.teams.playground import BOT, CHANNEL, Officer

WITHIN = 10_000.0  # milliseconds that an answer may take
HERE = ("127.0.0.1", "localhost")
_MENTION = re.compile(r"<at>[^<]*</at>")
_SAID = re.compile(r"/_conversation/v1/conversations/[^/]+/messages$")
# Not the log, the boxes that are written in, and the list of chats, which shows how each ends.
_READ = ":not([contenteditable] *, [role=treeitem] *)"


@dataclass
class Seat:
    """One page, in which the officer's chat with the bot and a team's channel are drawn."""

    page: Page
    url: str
    officer: Officer
    front: Front
    abroad: list[str] = field(default_factory=list)  # addresses elsewhere that answered
    _attached: list[Json] = field(default_factory=list)  # to what is written next
    _rated: str = ""  # the message that a thumb was last pressed below
    _begun: dict[str, asyncio.Event] = field(default_factory=dict)  # posts known to the page

    async def sit_down(self) -> None:
        """Nothing but this computer is reached."""
        self.page.set_default_timeout(WITHIN)
        self.page.on("response", self._note)
        await self.page.route("**/*", self._here)
        self.front.completed[self.officer.name.lower()] = self._completed
        await self.start_anew()

    async def start_anew(self) -> None:
        """The Playground empties a chat when its page is loaded."""
        await self.page.goto(self.url)
        await expect(self._boxes.first).to_be_visible()

    async def in_chat(self) -> None:
        """Look at the chat with the bot alone."""
        await self.page.get_by_role("treeitem", name="Personal Chat").click()

    async def in_channel(self) -> None:
        await self.page.get_by_role("treeitem", name=CHANNEL).click()

    async def says(self, text: str) -> None:
        """To the bot alone."""
        await self.in_chat()
        await self._writes(self._boxes.first, text)

    async def attaches(self, name: str, content: bytes, text: str) -> None:
        """The same with a file, which the Playground has no way to send."""
        self._attached = [self.front.attached(name, content)]
        await self.says(text)

    async def posts(self, text: str, *, to_us: bool = True) -> None:
        """A new post in the channel, which names the bot unless it is not meant `to_us`."""
        await self.in_channel()
        await self._writes(self._boxes.first, text, mention=to_us)

    async def replies(self, text: str, *, to_us: bool = True) -> None:
        """Below the newest post."""
        await self._writes(self._boxes.nth(1), text, mention=to_us)

    async def sees(self, text: str | re.Pattern[str]) -> Locator:
        """It comes to stand on the page."""
        found = self.read_here(text).last
        await expect(found).to_be_visible(timeout=WITHIN)
        return found

    def read_here(self, text: str | re.Pattern[str]) -> Locator:
        """Wherever an officer reads this on the page."""
        return self.page.get_by_text(text).and_(self.page.locator(_READ))

    async def presses(self, label: str, inside: Locator | None = None) -> None:
        """A button; the newest of that name."""
        where = inside or self.page
        await where.get_by_role("button", name=label, exact=True).last.click()

    async def form(self, label: str) -> Locator:
        """The newest card that has this field."""
        found = self.page.locator(".ac-adaptiveCard").filter(
            has=self.page.get_by_label(_named(label))
        )
        await expect(found.last).to_be_visible(timeout=WITHIN)
        return found.last

    async def fills(self, form: Locator, values: Mapping[str, str]) -> None:
        """Fields by their labels."""
        for label, value in values.items():
            await form.get_by_label(_named(label)).first.fill(value)

    async def ticks(self, form: Locator, *labels: str) -> None:
        for label in labels:
            await choice(form, label).check()

    async def rates(self, thumb: str) -> None:
        """The newest answer that can be rated."""
        asked = f"/{self.officer.name.lower()}/"
        mine = (one for one in self.front.sent if one.path.startswith(asked))
        rated = [one for one in mine if "feedbackLoop" in (one.body.get("channelData") or {})]
        self._rated = str(rated[-1].answer["id"])
        await self.page.get_by_label(thumb, exact=True).last.click()

    @property
    def read(self) -> list[Json]:
        """Every message that the bot has sent here."""
        return self.front.said(self.officer.name.lower())

    @property
    def _boxes(self) -> Locator:
        return self.page.locator("[contenteditable=true][role=textbox]")

    async def _writes(self, box: Locator, text: str, *, mention: bool = False) -> None:
        await box.click()
        keyboard = self.page.keyboard
        if mention:
            await keyboard.type("@")
            offered = self.page.locator("#typeahead-menu").get_by_role("menuitem")
            await offered.filter(has_text=BOT).click()
        await keyboard.insert_text(f" {text}" if mention else text)
        await keyboard.press("Enter")

    async def _completed(self, activity: Json) -> Json:
        """The Playground does not say below which message a thumb is, as Teams does, and sends no
        files. And its page gives up over an answer to a post that it does not know yet."""
        if activity.get("name") == "message/submitAction":
            return {**activity, "replyToId": self._rated}
        if activity.get("text") and self._attached:
            attached, self._attached = self._attached, []
            return {**activity, "attachments": attached}
        if activity.get("text") and ";messageid=" in activity["conversation"]["id"]:
            begun = self._begun.setdefault(activity["conversation"]["id"], asyncio.Event())
            await asyncio.wait_for(begun.wait(), WITHIN / 1000)
            words = _MENTION.sub("", activity["text"]).strip()
            await self.page.get_by_role("group").filter(has_text=words).last.wait_for()
            await self.page.evaluate("new Promise(requestAnimationFrame)")
        return activity

    async def _here(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname in HERE:
            await route.continue_()
        else:
            await route.abort()

    async def _note(self, response: Response) -> None:
        if urlsplit(response.url).scheme != "data" and urlsplit(response.url).hostname not in HERE:
            self.abroad.append(response.url)
        if _SAID.search(response.url) and response.request.method == "POST":
            post = (await response.json()).get("postConversationId")
            self._begun.setdefault(str(post), asyncio.Event()).set()


def _named(label: str) -> re.Pattern[str]:
    """A field that must be filled in has a star behind its label."""
    return re.compile(rf"^{re.escape(label)}\s*\*?$")


def choice(form: Locator, label: str) -> Locator:
    """One of several, whose names begin with that of their field."""
    named = re.compile(rf"(^|\s){re.escape(label)}$")
    return form.get_by_role("checkbox", name=named).or_(form.get_by_role("radio", name=named))
