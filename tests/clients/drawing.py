"""Replies drawn in a browser as both platforms get them, and what is wrong with a drawing."""

from __future__ import annotations

import asyncio
import base64
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from markdown_it import MarkdownIt
from playwright.async_api import Browser, Dialog, Page

from bot.conversation import Form, Reply
from bot.cutting import cut
from bot.showing import also, stands
from bot.slack import blocks, modals
from bot.teams import cards
from tests.clients.gallery import Shown
from tests.clients.needs import HERE, MODULES
from tests.clients.pieces import Json

COLUMNS = ("slack", "teams")
_WIDE, _HIGH = 752, 1_000  # pixels: two telephones beside each other
_QUALITY = 72
_AT_LEAST = 2_000  # characters of a body that are shown at once, if it has as many
_LABEL = 25  # characters of a button's words that are always seen
# Our own words in bold and the like: names, and headings of the renderers.
_OWN = {"Outcomes", "AI generated", "Sources"}
_COLUMN = """(name) => {
  const column = document.getElementById(name);
  const all = (what) => [...column.querySelectorAll(what)];
  return {
    words: [
      column.innerText,
      ...all("input, textarea").map((one) => `${one.placeholder}\\n${one.value}`),
    ].join("\\n"),
    links: all("a").map((one) => one.getAttribute("href")),
    marked: all("strong, b, em, i, del, s, u, code, pre, h2, h3, h4, hr")
      .map((one) => one.innerText),
    foreign: all("script, iframe, object, img, [class*=user], [class*=channel], [class*=broadcast]")
      .filter((one) => !(one.getAttribute("src") ?? "").startsWith("data:"))
      .map((one) => one.outerHTML.slice(0, 80)),
    over: [column, ...all("*")]
      .filter((one) => !one.closest("button, svg, select, textarea, input, [id^='value:']"))
      .filter((one) =>
        one.scrollWidth > Math.max(one.clientWidth, one.offsetWidth) + 1 && one.clientWidth
        || one.getBoundingClientRect().right > column.getBoundingClientRect().right)
      .map((one) => one.outerHTML.slice(0, 80)),
  };
}"""


def slack(shown: Shown) -> Json:
    """A reply as Slack gets it: a message's arguments, or the form as a modal."""
    if shown.form and shown.reply.form:
        return modals.modal(shown.reply.form, "", modals.above(shown.reply))
    return blocks.message(shown.reply, private=shown.private)


def teams(shown: Shown) -> Json:
    """A reply as Teams gets it: a message activity."""
    return cards.activity(shown.reply)


@dataclass
class Drawing:
    """A page on which replies are drawn. `trouble` is what went wrong on it, with whatever it
    asked for from anywhere."""

    page: Page
    trouble: list[str]

    @classmethod
    async def begun(cls, browser: Browser, folder: Path) -> Self:
        """With the renderers bundled in a folder."""
        bundle = folder / "gallery.js"
        esbuild = str(MODULES / ".bin" / "esbuild")
        told = ["--bundle", "--minify", "--log-level=error", f"--outfile={bundle}"]
        settings = ["--jsx=transform", '--define:process.env.NODE_ENV="production"']
        command = [esbuild, "gallery_render.jsx", *told, *settings]
        await asyncio.to_thread(subprocess.run, command, cwd=HERE, check=True)
        page = await browser.new_page(viewport={"width": _WIDE, "height": _HIGH}, locale="en-GB")
        drawing = cls(page, [])
        page.on("pageerror", lambda error: drawing.trouble.append(str(error)))
        page.on("dialog", drawing._called)
        await page.route("**/*", lambda route: route.abort())  # nothing goes out
        page.on("request", lambda request: drawing._asked(request.url))
        await page.set_content((HERE / "gallery.html").read_text("utf-8"))
        await page.add_style_tag(path=MODULES / "slack-blocks-to-jsx" / "dist" / "style.css")
        await page.add_script_tag(path=bundle)
        return drawing

    async def _called(self, dialog: Dialog) -> None:
        self.trouble.append(f"a dialog says {dialog.message}")
        await dialog.dismiss()  # nothing else happens on the page before

    def _asked(self, url: str) -> None:
        if not url.startswith("data:"):
            self.trouble.append(f"asked for {url}")

    async def draw(self, message: Json, activity: Json) -> None:
        """A message as Slack gets it beside one as Teams does."""
        told = {
            "html": MarkdownIt("commonmark", {"html": True}).render(activity["text"]),
            "cards": [one["content"] for one in activity["attachments"]],
            "generated": "AIGeneratedContent" in str(activity["entities"]),
            "rated": "channelData" in activity,
        }
        await self.page.evaluate("draw", {"slack": message, "teams": told})

    async def faults(self, reply: Reply) -> list[str]:
        """What is wrong with what is drawn, if it is to be this reply."""
        wrong = list(self.trouble)
        self.trouble.clear()
        for name in COLUMNS:
            seen: Json = await self.page.evaluate(_COLUMN, name)
            wrong += [f"{name}: {fault}" for fault in _column(seen, reply)]
        return wrong

    async def picture(self, high: int) -> bytes:
        """What is drawn, as WebP, down to so many pixels."""
        box = await self.page.locator("#both").bounding_box()
        assert box
        clip = {"x": 0, "y": 0, "width": box["width"], "height": min(box["height"], high)}
        asked = {"format": "webp", "quality": _QUALITY, "captureBeyondViewport": True}
        session = await self.page.context.new_cdp_session(self.page)
        taken: dict[str, Any] = await session.send(
            "Page.captureScreenshot", {**asked, "clip": {**clip, "scale": 1}}
        )
        await session.detach()
        return base64.b64decode(taken["data"])


def _column(seen: Json, reply: Reply) -> Iterator[str]:
    words = _flat(seen["words"])
    yield from (f"not there: {one!r:.80}" for one in _expected(reply) if one not in words)
    known = {url for one in reply.citations for url in (one.url, *(url for _, url in one.also))}
    yield from (f"a link to {one}" for one in seen["links"] if one not in known)
    own = {_flat(one) for one in (*_OWN, *reply.closing, *_labels(reply.form))}
    own |= {reply.spread.title} if reply.spread else set()
    yield from (f"marked: {one!r}" for one in seen["marked"] if _flat(one) not in own)
    yield from (f"drawn: {one}" for one in seen["foreign"])
    yield from (f"wider than its place: {one}" for one in seen["over"])
    if hidden := {one for one in seen["words"] if unicodedata.category(one) == "Cf"}:
        yield f"unseen characters: {hidden!r}"


def _expected(reply: Reply) -> Iterator[str]:
    """Every line that a reader is to see."""
    body = cut(reply.body, _AT_LEAST)[0] if len(reply.body) > _AT_LEAST else reply.body
    for line in (reply.heading, *body.split("\n"), *reply.closing):
        item = line.removeprefix("- ")
        yield _flat(item.partition(" [")[0] if reply.linked else item)
    yield from (_flat(one) for one in (reply.spread.lines if reply.spread else ()))
    for one in reply.citations:
        told = (one.title, *stands(one), *(words for words, _ in also(one)))
        yield from (_flat(words)[:_LABEL] for words in told)
    yield from (_flat(one.label)[:_LABEL] for one in reply.actions)
    yield from _labels(reply.form)
    yield from (one.fault for one in (reply.form.fields if reply.form else ()))
    if len(reply.body) > len(body):
        yield "More"


def _labels(form: Form | None) -> list[str]:
    return [form.title, *(one.label for one in form.fields)] if form else []


def _flat(text: str) -> str:
    """Without what nobody sees, and white space all alike."""
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    return " ".join(seen.split())
