"""Hostile texts in every field, as Slack, Teams and a browser read them: nobody is called, no link
leads elsewhere than it says, nothing runs. A thousand of them: tests/long/test_hostile.py."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar
from playwright.async_api import Dialog, expect

from bot.app import App
from bot.bringing.table import table
from bot.conversation import Asked, Reply, Request
from bot.rehearsal.hostile_texts import KINDS, hostile_texts
from bot.slack import blocks, modals
from bot.teams import cards
from bot.texts import About as TextAbout
from tests.browsing import CHROMIUM, Visit, browser_tab
from tests.clock import START
from tests.holdings import own_text
from tests.hostile_checks import in_slack, in_teams, on_page, unseen
from tests.hostile_tour import LEGS, everything, toured
from tests.running import Outcomes
from tests.test_server import started

NUMBER = 60  # texts; fewer where each takes its time
Recorder = Callable[[str, object], None]
LIVE_IN_SLACK: dict[str, dict[str, Any]] = {
    "a broadcast": {"text": "x <!channel>"},
    "a person": {"text": "<@U0OFFICER>"},
    "a labelled link": {"text": "<https://evil.example|gov.uk>"},
    "a call by its element": {"blocks": [{"type": "broadcast", "range": "here"}]},
    "a person by an element": {"blocks": [{"type": "user", "user_id": "U1"}]},
    "marks in a block": {"blocks": [{"type": "mrkdwn", "text": "<!here>"}]},
    "names made links": {"text": "@channel", "link_names": True},
    "a link that lies": {
        "blocks": [{"type": "link", "url": "https://e.example", "text": "gov.uk"}]
    },
    "a link that runs": {"blocks": [{"type": "link", "url": "javascript:1", "text": "x"}]},
    "an image": {"blocks": [{"type": "image", "image_url": "https://evil.example"}]},
    "letters like a host's": {
        "blocks": [{"type": "link", "url": "https://e.example", "text": "ｇｏｖ。ｕｋ"}]
    },
}
LIVE_IN_TEAMS: dict[str, dict[str, Any]] = {
    "a mention": {"text": "<at>All</at>"},
    "a mention by its entity": {"entities": [{"type": "mention", "mentioned": {"id": "29:1"}}]},
    "one in a card": {"content": {"type": "AdaptiveCard", "msteams": {"entities": []}}},
    "a link that lies": {"text": "[https://www.gov.uk](https://evil.example)"},
    "one by its number": {"text": "[gov.uk][1]\n\n[1]: https://evil.example"},
    "a picture": {"text": "![x](https://evil.example/x.png)"},
    "HTML": {"text": "<b>x</b>"},
    "a link that runs": {"text": "[x](javascript:1)", "content": {"url": "javascript:1"}},
    "marks on a card": {"content": {"type": "TextBlock", "text": "[gov.uk](https://evil.example)"}},
    "another element": {"content": {"type": "Image", "url": "https://evil.example"}},
}


def test_what_is_live_is_found() -> None:
    """So that nothing found means that there is nothing."""
    assert [name for name, sent in LIVE_IN_SLACK.items() if not in_slack(sent)] == []
    assert [name for name, sent in LIVE_IN_TEAMS.items() if not in_teams(sent)] == []
    assert on_page([("gov.uk", "https://evil.example"), ("x", "data:text/html,x")])
    assert not on_page(
        [("Damp sensors, 2024", "https://evil.example"), ("a.example", "http://a.example")]
    )


@dataclass
class Count:
    """What was looked at, and what was found of each sort."""

    shown: int = 0
    mentions: list[str] = field(default_factory=list)
    disguised: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, found: Sequence[str]) -> None:
        self.shown += 1
        for one in found:
            sort = {"mention": self.mentions, "disguised link": self.disguised}
            sort.get(one.partition(":")[0], self.others).append(one)

    @property
    def found(self) -> list[str]:
        return [*self.mentions, *self.disguised, *self.others]

    def __str__(self) -> str:
        others = f", {len(self.others)} other" if self.others else ""
        return (
            f"{self.shown} shown: {len(self.mentions)} live mentions, "
            f"{len(self.disguised)} disguised links{others}"
        )


def looked_at(replies: Sequence[Reply]) -> dict[str, Count]:
    """Every reply by every renderer of both platforms."""
    slack, teams = Count(), Count()
    for reply in replies:
        for sent in _slack(reply):
            slack.add([*in_slack(sent), *unseen(sent)])
        for sent in _teams(reply):
            teams.add([*in_teams(sent), *unseen(sent)])
    return {"Slack": slack, "Teams": teams}


def _slack(reply: Reply) -> Iterator[dict[str, Any]]:
    yield blocks.message(reply)
    yield blocks.message(reply, private=True)
    yield {"text": blocks.whole(reply)}
    yield modals.notice(reply)
    if reply.form:
        yield modals.modal(reply.form, "{}", modals.above(reply))


def _teams(reply: Reply) -> Iterator[dict[str, Any]]:
    yield cards.activity(reply)
    yield from filter(None, cards.apart(reply))
    yield cards.note_card(reply.body, reply.citations)
    if reply.form:
        yield cards.form_card(reply.form, reply.body)
        yield cards.form_card(reply.form, dialog=True)


def test_in_every_field_of_a_reply_they_are_words(record_property: Recorder) -> None:
    replies = [reply for text in hostile_texts(NUMBER) for reply in everything(text)]
    for platform, count in looked_at(replies).items():
        assert count.found == []
        record_property(f"fields in {platform}", str(count))


async def test_through_the_front_door_they_are_words(app: App, record_property: Recorder) -> None:
    tour = await toured(app, list(hostile_texts(NUMBER // 4, seed=4)))
    for platform, count in looked_at(tour.read).items():
        assert count.found == []
        record_property(f"officers in {platform}", str(count))
    assert tour.written >= NUMBER // 4
    assert not {"failed"} & {one.status for one in tour.read}
    assert len(LEGS) == 6


def test_no_cell_of_a_table_is_a_formula(record_property: Recorder) -> None:
    about = [
        TextAbout(kind="report", title=text, councils=(text,), outcomes=(text,))
        for text in hostile_texts(NUMBER)
    ]
    texts = [
        replace(own_text(about=one), location=one.title, url="", confirmed_at=START)
        for one in about
    ]
    written = table([(one, None) for one in texts])
    cells = [
        cell
        for row in csv.reader(io.StringIO(written.lstrip("\ufeff"), newline=""))
        for cell in row
    ]
    assert [one for one in cells if one[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    record_property("cells", len(cells))


@dataclass
class Echo:
    """Answers each question with all that is hostile in it, in every field."""

    heard: list[Request] = field(default_factory=list)

    async def handle(self, request: Request) -> Reply:
        self.heard.append(request)
        assert isinstance(request, Asked)
        return everything(request.text)[len(self.heard) % 3]


async def collected(_: object) -> Sequence[Reply]:
    return ()


@dataclass
class Found:
    """What a browser made of them."""

    answers: int = 0
    links: list[tuple[str, str]] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        disguised = len(on_page(self.links))
        return (
            f"{self.answers} answers shown: {len(self.links)} links, {disguised} disguised; "
            f"{len(self.ran)} scripts, dialogs, faults or requests to others"
        )


HALF_A_CHARACTER = "status of 400"  # what Chromium says of a post that was refused
LOOK = """() => ({
  links: [...document.querySelectorAll("a[href]")].map((one) => [one.textContent, one.href]),
  ran: [
    ...(window.hostile ? ["a script ran"] : []),
    ...[...document.querySelectorAll("iframe, object, embed, base, meta[http-equiv], svg script")]
      .map((one) => one.outerHTML),
    ...[...document.querySelectorAll("main *")].filter((one) =>
      [...one.attributes].some((two) => two.name.startsWith("on"))).map((one) => one.outerHTML),
  ],
})"""


async def in_browser(visit: Visit[Echo], texts: Sequence[str], together: int = 20) -> Found:
    """Each asked on the page and answered, `together` on the same; then looked at."""
    found, page = Found(), visit.page

    async def heard(dialog: Dialog) -> None:
        found.ran.append(f"a dialog: {dialog.message}")
        await dialog.dismiss()

    page.on("dialog", heard)
    for at, text in enumerate(texts):
        if at % together == 0:
            await visit.start_afresh()
        await _ask(visit, text)
        found.answers += 1
        seen = await page.evaluate(LOOK)
        found.links += [(str(label), str(url)) for label, url in seen["links"]]
        found.ran += seen["ran"]
        assert page.url == visit.address
    found.ran += [one for one in visit.asked if not one.startswith((visit.address, "data:image"))]
    found.ran += [one for one in visit.trouble if HALF_A_CHARACTER not in one]
    return found


async def _ask(visit: Visit[Echo], text: str) -> None:
    """Until it is answered, or the page says why it is not: of half a character it does."""
    await visit.page.locator("#channel-text").fill(f"about {text}")
    async with visit.page.expect_response("**/page/requests"):
        await visit.page.locator("#channel-text").press("Enter")
    await expect(visit.page.locator(".answer.thinking")).to_have_count(0)
    shown = visit.page.locator(".answer.answered, .answer.failed")
    await expect(shown.first).to_be_visible()


@asynccontextmanager
async def echoing() -> AsyncIterator[Visit[Echo]]:
    async with browser_tab(Echo(), collected) as visit:
        yield visit


@pytest.mark.skipif(
    not CHROMIUM, reason="no chromium on this machine; on Debian: apt-get install chromium"
)
async def test_in_a_browser_nothing_runs_and_no_link_lies(record_property: Recorder) -> None:
    async with echoing() as visit:
        found = await in_browser(visit, list(hostile_texts(NUMBER // 4, seed=3)))
    assert found.ran == []
    assert on_page(found.links) == []
    assert found.answers == NUMBER // 4
    record_property("in a browser", str(found))


async def test_every_page_and_answer_over_http_lets_nothing_run(outcomes: Outcomes) -> None:
    """Also those that are no page: whatever a browser is led to."""
    paths = ("/", "/about", "/about/", "/page/page.css", "/healthz", "/metrics", "/slack/install")
    odd = (
        "/nothing",
        "/%3Cscript%3Ex%3C/script%3E",
        "/page/%22onload=x",
        "/slack/oauth?code=%3Cb%3E",
    )
    with started(outcomes) as (_, address):
        async with ClientSession(cookie_jar=DummyCookieJar()) as session:
            for path in (*paths, *odd):
                async with session.get(f"{address}{path}") as answer:
                    body, kind = await answer.text(), answer.content_type
                    policy = answer.headers.get("Content-Security-Policy", "")
                    assert not re.search("<script>|<b>", body), path
                    assert answer.headers.get("X-Content-Type-Options") == "nosniff", path
                    assert kind != "text/html" or "default-src 'none'" in policy, path
                    assert kind != "text/html" or "frame-ancestors 'none'" in policy, path
                    assert "unsafe" not in policy, path


def test_every_kind_is_among_them() -> None:
    texts = " ".join(hostile_texts(NUMBER))
    assert [kind for kind, tried in KINDS.items() if not any(one in texts for one in tried)] == []
    assert list(hostile_texts(5)) == list(hostile_texts(5)), "the same seed, the same texts"
