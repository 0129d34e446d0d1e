"""The public page about the assistant: what it says, and what it lets nobody do."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import pytest
from aiohttp import ClientSession, DummyCookieJar, web
from aiohttp.test_utils import TestServer

from bot.app import App
from bot.metrics import Counters
from bot.server import application
from bot.store import introductions, issues, letters, register, retention, store, talks
from bot.web.about import About, about_routes
from tests.running import Outcomes
from tests.test_server import started


@pytest.fixture
async def site() -> AsyncIterator[TestServer]:
    application = web.Application()
    application.add_routes(about_routes(About(30, 1, "models.example")))
    server = TestServer(application)
    async with server:
        yield server


async def test_it_is_one_page_that_loads_and_runs_nothing(site: TestServer) -> None:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        async with session.get(site.make_url("/about")) as answer:
            page, headers = await answer.text(), answer.headers
        async with session.post(site.make_url("/about")) as refused:
            assert refused.status == 405
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert not {"Set-Cookie", "X-Powered-By"} & set(headers)
    assert not re.search(r"<(script|img|iframe|form|input)|\s(style|on\w+|src)=", page)
    assert re.findall("<link [^>]*href=.(.{18})", page) == ["data:image/svg+xml"]
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    allowed = b64encode(sha256(style.encode()).digest()).decode()
    policy = headers["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{allowed}';")
    assert "frame-ancestors 'none'" in policy


async def test_it_says_what_it_is_and_what_is_kept_for_how_long(site: TestServer) -> None:
    page = About(30, 1, "models.example & more").page()
    for part in ("accuracy", "privacy", "terms", "help"):
        assert f'href="#{part}"' in page
        assert f'<h2 id="{part}">' in page
    for words in ("automated", "Check the source", "my-data delete", "30 days", ">1 day<"):
        assert words in page
    assert "models.example &amp; more" in page
    assert "No language model takes part" in About(90, 365).page()
    assert "$" not in page
    assert page.count("<h1>") == 1
    assert '<html lang="en-GB">' in page
    assert 'name="viewport"' in page


def test_the_times_it_names_are_those_that_are_kept_to() -> None:
    kept = {
        "What a conversation was last about": talks.CONTEXT_KEPT,
        "Messages that wait to be answered": store.HEARD_KEPT,
        "Long answers": talks.REPLIES_KEPT,
        "Projects you register": register.DRAFTS_KEPT,
        "Reports": store.REPORTS_KEPT,
        "That two people were put in touch": introductions.APART_FOR,
        "Messages it still has to pass on": letters.LETTERS_KEPT,
        "Answers you verify": retention.ENDED_KEPT,
        "Channel threads": store.FOLLOWING_KEPT,
        "Weekly digests": issues.ISSUES_KEPT,
        "Questions": timedelta(days=11),
        "Requests for help": timedelta(days=99),
    }
    rows = re.findall('<th scope="row">(.*?)</th><td>(.*?)</td>', About(11, 99).page())
    said = {
        what: {timedelta(**{unit: int(number)}) for number, unit in found}
        for what, how_long in rows
        if (found := re.findall("([0-9]+) (days|minutes)", how_long))
    }
    assert len(said) == len(kept)
    for what, times in said.items():
        assert times == {next(kept[start] for start in kept if what.startswith(start))}, what


async def test_it_says_what_is_set(outcomes: Outcomes) -> None:
    settings = {**outcomes.settings, "OUTCOMES_QUESTIONS_KEPT": "17"}
    with started(Outcomes(outcomes.folder, settings)) as (_, address):
        async with ClientSession() as session, session.get(f"{address}/about") as answer:
            page = await answer.text()
    assert "17 days" in page
    # The page to talk to keeps its own rules, and this one its own.
    assert answer.headers["Content-Security-Policy"].count("default-src") == 1
    assert "style-src 'sha256-" in answer.headers["Content-Security-Policy"]


async def test_it_is_served_where_the_page_to_talk_to_is_not(app: App) -> None:
    handle = app.assistant.handle
    everything = application(app, handle, Counters(), [], About(90, 365), page=False)
    async with TestServer(everything) as server, ClientSession() as session:
        for path, status in (
            ("/about", 200),
            ("/about/", 200),
            ("/", 404),
            ("/page/page.css", 404),
        ):
            async with session.get(server.make_url(path)) as answer:
                assert (path, answer.status) == (path, status)
