"""A visit to the page in a real browser, with an assistant that answers as told."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from aiohttp.test_utils import TestServer
from playwright.async_api import Page, ViewportSize, async_playwright, expect

from bot.conversation import (
    Action,
    Asked,
    Choice,
    Citation,
    Collect,
    Command,
    Field,
    Form,
    Outcome,
    Pressed,
    Reply,
    Request,
    Submitted,
)
from bot.web.page import nothing_waits, page_application

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=10_000)  # a busy machine is slow, not wrong

ROCHDALE = Citation(
    number=1,
    document="rochdale-mesh-network",
    kind="case-study",
    title="Free mesh wi-fi for estates in central Rochdale",
    url="https://www.impact-awards.co.uk/view/voting/entry/280/",
    quote="The council works the running cost out at about 27 pence per household per month.",
    councils=("Rochdale Borough Council",),
    year=2022,
)
INCLUSION = Citation(
    number=2,
    document="inclusion",
    kind="outcome",
    title="Inclusion",
    url="https://www.local.gov.uk/our-support/cyber-digital-and-technology/almanac",
    quote="Everyone can take part, whatever their income, skills or access to the internet.",
)
ANSWER = Reply(
    status="answered",
    body=(
        "Rochdale works it out at pennies a month.\n\n"
        f"- “{ROCHDALE.quote}” [1]\n"
        f"- “{INCLUSION.quote}” [2]"
    ),
    citations=(ROCHDALE, INCLUSION),
    outcomes=(Outcome("connectivity", "Connectivity"), Outcome("inclusion", "Inclusion", True)),
    councils=("Rochdale Borough Council",),
    actions=(Action("more", "Show more like this", "rochdale-mesh-network"),),
    feedback="f-1",
)
ASKING = Form(
    "ask",
    "Ask about the outcomes",
    (
        Field("question", "Your question", "paragraph", hint="A sentence or two is enough."),
        Field(
            "nation",
            "Nation",
            "choice",
            required=False,
            choices=(Choice("england", "England"), Choice("wales", "Wales")),
        ),
    ),
    submit="Ask",
)
CLARIFY = Reply("clarify", "Do you mean AI in call handling, or AI for easy-read pages?")
FORM = Reply("help", "Fill in the form and I will look it up.", form=ASKING)
MARKUP = Reply(
    "answered",
    "<b>bold</b> & “<img src=x onerror=alert(1)>” [1] [7]",
    (Citation(1, "x", "project", "<script>alert(1)</script>", "javascript:alert(1)", "<i>q</i>"),),
)
WHY = Form(
    "wrong",
    "What was wrong?",
    (Field("reason", "Your reason", "paragraph", required=False, longest=500),),
    key="f-1",
)
THANKS = Reply("help", "Thank you.", private=True)
NOTED = Reply("help", "Noted.", form=WHY, private=True)
PASSED_ON = Reply("help", "Thank you. Others can look at it now.", private=True)

# Words that stand out too little from what is behind them.
CONTRASTS = """() => {
  const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b]
    .map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = parts(getComputedStyle(at).backgroundColor);
      if (colour[3] !== 0) return colour;
    }
  };
  const words = (node) => [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim());
  return [...document.querySelectorAll("body *")]
    .filter((node) => node.checkVisibility() && words(node))
    .map((node) => {
      const [a, b] = [light(parts(getComputedStyle(node).color)), light(ground(node))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return [ratio, `${node.tagName}.${node.className} ${node.textContent.slice(0, 30)}`];
    })
    .filter(([ratio]) => ratio < 4.5);
}"""
# What is too small to be hit.
SMALL = """() => [...document.querySelectorAll("a, button, summary, input, select, textarea")]
  .filter((node) => node.checkVisibility() && !node.classList.contains("skip"))
  .map((node) => [node.getBoundingClientRect(), node])
  .filter(([box, node]) => box.height < 24 || box.width < 24)
  .map(([box, node]) => `${box.width}x${box.height} ${node.outerHTML.slice(0, 60)}`)"""


class Fault(Exception):
    """Raised by the fake assistant."""


@dataclass
class Assistant:
    """Answers as told and remembers what it was asked."""

    heard: list[Request] = field(default_factory=list)
    broken: bool = False

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        if self.broken:
            raise Fault
        if isinstance(request, Pressed) and request.action in ("helped", "open"):
            return THANKS if request.action == "helped" else NOTED
        if isinstance(request, Submitted) and request.form == WHY.id:
            return PASSED_ON
        if isinstance(request, Command) and not request.name:
            return FORM
        if isinstance(request, Asked) and request.text == "AI":
            return CLARIFY
        if isinstance(request, Asked) and "markup" in request.text:
            return MARKUP
        return ANSWER


class Answering(Protocol):
    """An assistant that the page asks in a test."""

    heard: list[Request]

    async def handle(self, request: Request) -> Reply: ...


_Asked = TypeVar("_Asked", bound=Answering)


@dataclass
class Visit(Generic[_Asked]):
    """One tab on the page, what went wrong in it, and whom it asked for anything."""

    page: Page
    assistant: _Asked
    address: str
    trouble: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def start_afresh(self) -> None:
        """As on a first visit, in a wide light window."""
        self.assistant.heard = []
        await self.page.set_viewport_size(ViewportSize(width=1280, height=800))
        await self.page.emulate_media(color_scheme="light")
        await self.page.evaluate("sessionStorage.clear(), localStorage.clear()")
        await self.page.reload()

    async def ask(self, text: str, box: str = "channel") -> None:
        answers = self.page.locator(".answer.answered")
        before = await answers.count() if box == "thread" else 0
        await self.page.locator(f"#{box}-text").fill(text)
        await self.page.locator(f"#{box}-text").press("Enter")
        await expect(answers).to_have_count(before + 1)

    async def tab_to(self, name: str, key: str = "Tab") -> None:
        """Press `key` until what is focused reads `name`."""
        for _ in range(40):
            await self.page.keyboard.press(key)
            if name in await self.focused():
                return
        raise AssertionError(f"{name} is not reached with {key}")

    async def focused(self) -> str:
        """The focused element's id and words."""
        found: str = await self.page.evaluate(
            "`#${document.activeElement.id} ${document.activeElement.textContent}`"
        )
        return found

    async def sideways(self) -> int:
        """By how much the page is wider than its window."""
        over: int = await self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return over


@asynccontextmanager
async def browser_tab(
    assistant: _Asked, collect: Collect = nothing_waits
) -> AsyncIterator[Visit[_Asked]]:
    """A browser with one tab on the page."""
    server = TestServer(page_application(assistant.handle, collect), host="127.0.0.1")
    await server.start_server()
    address = str(server.make_url("/"))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(reduced_motion="reduce", locale="en-GB")
        await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        page = await context.new_page()
        visit = Visit(page, assistant, address)
        page.on("console", lambda message: visit.trouble.append(message.text))
        page.on("pageerror", lambda error: visit.trouble.append(str(error)))
        page.on("request", lambda request: visit.asked.append(request.url))
        await page.goto(address)
        yield visit
        await browser.close()
    await server.close()
