"""A file attached on the page, and in the terminal, comes to whoever decides. All is test data."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from bot.attached import MOST_BYTES, TOO_LARGE
from bot.cases import wording
from bot.current import CurrentAnswerer
from bot.paper import NO_FILE
from bot.terminal import ASK, Terminal
from bot.web.page import page_application
from tests.cases_desk import LENT, REPORT, Town
from tests.cases_desk import town as opened
from tests.page_site import Site


@pytest.fixture
async def town(current: CurrentAnswerer, tmp_path: Path) -> AsyncIterator[Town]:
    async with opened(current, tmp_path) as made:
        yield made


@pytest.fixture
async def site(town: Town) -> AsyncIterator[Site]:
    application = page_application(town.app.assistant.handle, town.app.outbox.collect)
    server = TestServer(application)
    async with server, ClientSession() as session:
        yield Site(server, session)


async def test_the_page_sends_a_file_with_its_form(site: Site, town: Town) -> None:
    content = base64.b64encode(REPORT.encode()).decode()
    files = [{"field": "file", "name": "report.txt", "content": content}]
    values = {**LENT, "file": "report.txt"}
    sent = {"type": "submitted", "form": "suggest-case", "values": values, "files": files}
    answer = await site.post(sent, "/page/files")
    assert (await answer.json())["body"] == wording.THANKED
    await town.app.assistant.finish()
    (one,), _ = await town.app.store.suggestions("local-test").open(5)
    assert one.reading.startswith("I have read the file “report.txt”.")
    assert await town.app.store.suggestions("local-test").file(one.id) == REPORT.encode()


async def test_the_page_refuses_what_is_no_file(site: Site) -> None:
    sent = {"type": "submitted", "form": "suggest-case", "key": "", "values": LENT}
    wrong: list[object] = ["x", [1], [{"field": "file", "name": "a", "content": "€"}], [{}] * 9]
    for files in wrong:
        assert (await site.post({**sent, "files": files}, "/page/files")).status == 400
    for size, status in ((MOST_BYTES + 1, 200), (MOST_BYTES * 2, 413)):
        content = base64.b64encode(bytes(size)).decode()
        files = [{"field": "file", "name": "big.pdf", "content": content}]
        answer = await site.session.post(
            site.server.make_url("/page/files"),
            data=io.BytesIO(json.dumps({**sent, "files": files}).encode()),
            headers={"Content-Type": "application/json", "Origin": f"http://{site.host}"},
        )
        assert answer.status == status
        assert status == 413 or TOO_LARGE in str(await answer.json())


async def test_the_terminal_takes_the_path_of_a_file(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(REPORT)
    first = ("suggest-case", LENT["title"], LENT["told"], "", "not an address")
    lines = iter((*first, "/nowhere", str(path), "https://example.org/laptops", "cases"))

    def read(_: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    out = io.StringIO()
    await Terminal(town.app.assistant.handle, ASK, "run", out, as_lines=False).converse(read)
    printed = out.getvalue()
    assert NO_FILE in printed
    assert wording.NOT_A_LINK in printed
    assert printed.index(wording.NOT_A_LINK) < printed.index(wording.THANKED)
    assert f"“{LENT['title']}”" in printed.partition(wording.THANKED)[2]
    (one,), _ = await town.app.store.suggestions("terminal").open(5)
    assert await town.app.store.suggestions("terminal").file(one.id) == REPORT.encode()
