"""One table of replies drawn by open renderers as Slack and as Teams get it: everything is there,
nothing foreign became a mark, and the pictures of it stand in docs/gallery.md."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.conversation import Reply
from tests.clients.drawing import Drawing, slack, teams
from tests.clients.gallery import GALLERY, Shown
from tests.clients.payloads import Payloads
from tests.clients.pieces import Json
from tests.running import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = ROOT / "docs" / "gallery.md"
PICTURES = ROOT / "docs" / "gallery"
LARGEST, ALL = 60_000, 600_000  # bytes
HEAD = """\
# Gallery

How replies look in Slack (left) and in Teams (right), about as wide as a telephone. These pictures
are drawn by open renderers: Slack's blocks by slack-blocks-to-jsx, Teams' messages by markdown-it
and its cards by Microsoft's adaptivecards, with frames of our own around them. They are not
pictures of Slack's or Teams' programs, which draw the same in their own way.

All of it is test data: there is no Anytown, Otherham or Somewhere Council, and no Robin or Sam.
`make test-clients WRITE=1` draws the pictures anew.
"""
SAID = "It fell."
FINE: Json = {
    "blocks": [
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": SAID}]}
            ],
        }
    ]
}
BROKEN = {
    "Slack: words are missing": ({"blocks": [{"type": "divider"}]}, SAID, "slack: not there"),
    "Slack: a mention": ("<!channel>", SAID, "slack: drawn"),
    "Slack: a link": ("<https://evil.example|Sign in>", SAID, "slack: a link to"),
    "Slack: marks": ("*It fell.*", SAID, "slack: marked"),
    "Slack: turned round": ("It \u202efell.", SAID, "slack: unseen characters"),
    "Teams: words are missing": (SAID, "It rose.", "teams: not there"),
    "Teams: a link": (SAID, "It fell. [Sign in](https://evil.example)", "teams: a link to"),
    "Teams: marks": (SAID, "*It fell.*", "teams: marked"),
    "Teams: a picture": (SAID, "![x](https://evil.example/x.png)", "asked for https://evil"),
    "Teams: a script": (SAID, "<img src='data:x' onerror='alert(1)'>", "a dialog says 1"),
    "Teams: too wide": (SAID, "<p style='width:500px'>It fell.</p>", "teams: wider than"),
    "Teams: turned round": (SAID, "It \u202efell.", "teams: unseen characters"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def drawing(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Drawing]:
    made = await Drawing.begun(browser, tmp_path_factory.mktemp("gallery"))
    yield made
    await made.page.close()


@pytest.mark.parametrize("name", GALLERY)
async def test_a_reply_is_drawn_whole_and_nothing_foreign_is_read(
    name: str, drawing: Drawing, payloads: Payloads, pytestconfig: pytest.Config
) -> None:
    shown = GALLERY[name]
    message, activity = slack(shown), teams(shown)
    payloads.keep("modal" if shown.form else "message", message)
    payloads.keep("card", activity)
    await drawing.draw(message, activity)
    assert await drawing.faults(shown.reply) == []
    if pytestconfig.getoption("docs") == "write":
        PICTURES.mkdir(exist_ok=True)
        _picture(name).write_bytes(await drawing.picture(shown.high))


@pytest.mark.parametrize("name", BROKEN)
async def test_what_is_drawn_wrong_is_found(name: str, drawing: Drawing) -> None:
    told, text, fault = BROKEN[name]
    marked = {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": told}}]}
    message = FINE if told == SAID else told if isinstance(told, dict) else marked
    await drawing.draw(message, {"text": text, "attachments": [], "entities": []})
    await asyncio.sleep(0)  # what it asks for is heard behind it
    await drawing.page.wait_for_function("[...document.images].every((one) => one.complete)")
    assert [one for one in await drawing.faults(Reply("answered", SAID)) if fault in one]


async def test_the_page_shows_the_pictures_of_this_table(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("docs") == "write":
        PAGE.write_text(_page(), "utf-8")
    assert PAGE.read_text("utf-8") == _page(), "make test-clients WRITE=1 writes it anew"
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(sizes) == {_picture(name).name for name in GALLERY}
    assert max(sizes.values()) < LARGEST
    assert sum(sizes.values()) < ALL


def _picture(name: str) -> Path:
    return PICTURES / f"{name}.webp"


def _page() -> str:
    return "\n".join((HEAD, *(_entry(name, shown) for name, shown in GALLERY.items())))


def _entry(name: str, shown: Shown) -> str:
    return f"## {name.capitalize()}\n\n{shown.about}\n\n![{shown.about}](gallery/{name}.webp)\n"
