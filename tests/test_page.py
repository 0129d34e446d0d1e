"""The page over real HTTP on loopback: its files, its guard and what it gives."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from bot.web.page import ASSETS
from tests.page_site import ADDRESSES, ASKED, REPLY, Site, site_served


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with site_served() as served:
        yield served


class Links(HTMLParser):
    """Every address the page loads something from, and every inline script or style."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.addresses += [found[name] or "" for name in ("src", "href") if name in found]
        self.inline += [name for name in found if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(tag)


async def test_the_page_and_each_of_its_files_is_served(site: Site) -> None:
    for path in ("/", *(f"/page/{name}" for name in ASSETS)):
        response = await site.get(path)
        assert response.status == 200, path
        assert response.charset == "utf-8"
        assert await response.text()


async def test_the_page_loads_only_its_own_files_and_holds_nothing_inline(site: Site) -> None:
    links = Links()
    links.feed(await (await site.get("/")).text())
    local = [address for address in links.addresses if not address.startswith("#")]
    assert {address.removeprefix("/page/") for address in local} <= set(ASSETS)
    assert links.inline == []


def test_every_file_in_the_folder_is_served() -> None:
    present = {file.name for file in files("bot.web").joinpath("assets").iterdir()}
    assert present == {*ASSETS, "page.html"}


async def test_a_known_file_is_not_sent_again(site: Site) -> None:
    first = await site.get("/page/page.css")
    again = await site.get("/page/page.css", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    changed = await site.get("/page/page.css", **{"If-None-Match": '"other"'})
    assert changed.status == 200


@pytest.mark.parametrize(
    "path",
    ["/page/page.html", "/page/requests.py", "/page/..%2fguard.py", "/page/%2e%2e/page.py", "/x"],
)
async def test_nothing_else_is_served(site: Site, path: str) -> None:
    response = await site.session.get(f"http://{site.host}{path}")
    assert response.status == 404


@pytest.mark.parametrize(
    ("method", "path", "host", "status"),
    [
        ("GET", "/", "", 200),
        ("GET", "/page/channel.js", "", 200),
        ("GET", "/nothing", "", 404),
        ("DELETE", "/page/requests", "", 403),
        ("PUT", "/nothing", "", 404),
        ("GET", "/", "evil.example", 403),
        ("POST", "/page/requests", "", 403),
        ("POST", "/page/messages", "", 403),
        ("GET", "/page/messages", "", 405),
    ],
)
async def test_every_response_carries_the_safety_headers(
    site: Site, method: str, path: str, host: str, status: int
) -> None:
    headers = {"Host": host} if host else {}
    url = site.server.make_url(path)
    response = await site.session.request(method, url, headers=headers)
    assert response.status == status
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert policy[0] == "default-src 'none'"
    assert {"script-src 'self'", "base-uri 'none'", "form-action 'none'"} < set(policy)
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response.headers["Cache-Control"] in ("no-store", "no-cache")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_this_computers_own_names_are_answered(site: Site, name: str) -> None:
    host = f"{name}:{site.server.port}"
    assert (await site.get("/", Host=host)).status == 200
    posted = await site.post(ASKED, Host=host, Origin=f"http://{host.lower()}")
    assert posted.status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.nip.io:{port}"],
)
async def test_other_host_names_are_refused(site: Site, host: str) -> None:
    response = await site.get("/", Host=host.format(port=site.server.port))
    assert response.status == 403
    assert f"http://127.0.0.1:{site.server.port}/" in (await response.json())["error"]


@pytest.mark.parametrize(
    ("origin", "site_header", "status"),
    [
        ("own", "same-origin", 200),
        ("own", "", 200),
        ("", "same-origin", 200),
        ("", "", 403),
        ("null", "", 403),
        ("http://evil.example", "cross-site", 403),
        ("http://evil.example", "same-origin", 403),
        ("http://127.0.0.1:1", "same-site", 403),
        ("own", "same-site", 403),
        ("own", "none", 403),
    ],
)
async def test_only_the_page_itself_may_post(
    site: Site, origin: str, site_header: str, status: int
) -> None:
    given = f"http://{site.host}" if origin == "own" else origin
    for path, body in zip(ADDRESSES, (ASKED, {}), strict=True):
        response = await site.post(body, path, **{"Origin": given, "Sec-Fetch-Site": site_header})
        assert response.status == status
    assert (len(site.heard), len(site.collectors)) == ((1, 2) if status == 200 else (0, 0))


async def test_a_reply_comes_back_with_all_its_parts(site: Site) -> None:
    reply = await (await site.post(ASKED)).json()
    assert set(reply) == {
        *("status", "body", "text", "closing", "citations", "outcomes"),
        *("councils", "actions", "form", "heading", "id", "suggestions", "following"),
        *("private", "alike", "peers", "linked", "links", "spread", "feedback", "surety", "worded"),
    }
    assert reply["text"] == REPLY.text
    assert reply["closing"] == list(REPLY.closing)
    assert reply["citations"][0]["councils"] == ["R"]
    assert reply["outcomes"][1] == {"id": "inclusion", "name": "Inclusion", "judged": True}
    assert reply["form"]["fields"][0]["choices"] == [{"value": "w", "label": "Wales"}]
    assert reply["links"] == {}
    assert reply["feedback"] == REPLY.feedback != ""


async def test_of_linked_sources_only_those_that_disguise_nothing_have_links(site: Site) -> None:
    (post,) = (await (await site.post({}, ADDRESSES[1])).json())["posts"]
    assert post["linked"]
    assert post["links"] == {"1": "https://a.org"}
    assert [one["projects"] for one in post["spread"]["shares"]] == [2, 0]


async def test_a_failure_is_an_apology_whose_reference_is_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        response = await site.post({"type": "asked", "text": "fail on Mrs Jones, 4 High Street"})
    assert response.status == 500
    assert (await response.json())["error"] == (
        "Sorry, something went wrong here and I have no answer. Reference: a1b2c3."
    )
    logged = "\n".join(
        record.getMessage() for record in caplog.records if record.name == "bot.failures"
    )
    assert "a1b2c3" in logged
    assert "Fault" in logged
    assert "Jones" not in caplog.text
