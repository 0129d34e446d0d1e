"""The pages of a site, found by its sitemap or its feed: a small site on loopback."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sources.fetching import Fetcher, Later, Refused
from bot.sources.manners import Manners
from bot.sources.sites import Listed, Page, pages
from indexer.parsing import feeds
from indexer.parsing.document import Document
from indexer.parsing.limits import Limits
from indexer.parsing.parsed import Link
from tests.small_web import Seconds

MAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass
class Site:
    """What a site answers with by path; a number is a status. `{site}` in it stands for the site's
    own address."""

    files: dict[str, str | bytes | int]
    asked: list[str] = field(default_factory=list)
    address: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        found = self.files.get(request.path, 404)
        if isinstance(found, int):
            return web.Response(status=found)
        if isinstance(found, str):
            found = found.replace("{site}", self.address).encode()
        if found.startswith(b"-> "):
            return web.Response(status=301, headers={"Location": found[3:].decode()})
        return web.Response(body=found, content_type="text/html")

    async def pages(
        self,
        path: str = "/",
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        most: int = 100,
    ) -> tuple[list[str], tuple[str, ...]]:
        """The paths of the pages, and what was left out."""
        found = await self.whole_pages(path, include, exclude, most)
        assert all(page.url.startswith(f"{self.address}/") for page in found.pages)
        return [page.url.removeprefix(self.address) for page in found.pages], found.notes

    async def whole_pages(
        self, path: str, include: Sequence[str] = (), exclude: Sequence[str] = (), most: int = 100
    ) -> Listed:
        clock = Seconds()
        internal = self.address.removeprefix("http://")
        async with Fetcher((internal,), Manners("", clock, clock.sleep)) as fetcher:
            return await pages(fetcher, self.address + path, include, exclude, most, _links)


def _links(content: bytes, name: str) -> tuple[Link, ...]:
    return feeds.links(Document(content, name, "", Limits()))


@asynccontextmanager
async def site(files: dict[str, str | bytes | int]) -> AsyncIterator[Site]:
    """The site, served."""
    made = Site(files)
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    async with TestServer(app) as server:
        made.address = str(server.make_url("/")).rstrip("/")
        yield made


def sitemap(*urls: str) -> str:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>2026-03-02</lastmod></url>" for url in urls)
    return f'<?xml version="1.0"?>\n<!-- made -->\n<urlset xmlns="{MAP}">{entries}</urlset>'


def index(*urls: str) -> str:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f'<sitemapindex xmlns="{MAP}">{entries}</sitemapindex>'


async def test_a_sitemap_itself() -> None:
    async with site(
        {"/map.xml": sitemap("{site}/a", "/b", "{site}/a#part", "{site}/c?d=e")}
    ) as one:
        assert await one.pages("/map.xml") == (["/a", "/b", "/c?d=e"], ())
        found = await one.whole_pages("/map.xml")
        assert found.whole
        assert found.pages[0] == Page(f"{one.address}/a", "2026-03-02")


async def test_a_packed_sitemap() -> None:
    async with site({}) as one:
        one.files["/map.xml.gz"] = gzip.compress(sitemap(f"{one.address}/a").encode())
        assert await one.pages("/map.xml.gz") == (["/a"], ())


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><link>{site}/</link><item><link>{site}/a</link></item></channel></rss>",
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>'
        '<entry><link href="/a"/><updated>2026-03-02T09:00:00Z</updated></entry></feed>',
    ],
    ids=["rss", "atom"],
)
async def test_a_feed(feed: str) -> None:
    async with site({"/feed": feed}) as one:
        assert await one.pages("/feed") == (["/a"], ())


async def test_a_site_has_its_sitemap_in_the_usual_place() -> None:
    async with site({"/": "<html>Home", "/sitemap.xml": sitemap("{site}/a")}) as one:
        assert await one.pages() == (["/a"], ())


async def test_robots_txt_names_sitemaps() -> None:
    files: dict[str, str | bytes | int] = {
        "/": "<html>Home",
        "/robots.txt": "User-agent: *\nDisallow:\nSitemap: {site}/one.xml\nSitemap: /two.xml\n"
        "Sitemap: http://[bad/\n",
        "/one.xml": sitemap("{site}/a"),
        "/two.xml": sitemap("{site}/b", "{site}/a"),
        "/sitemap.xml": sitemap("{site}/not-asked-for"),
    }
    async with site(files) as one:
        assert await one.pages() == (["/a", "/b"], ())


async def test_where_those_are_gone_the_usual_place_is_tried() -> None:
    files: dict[str, str | bytes | int] = {
        "/": "<html>Home",
        "/robots.txt": "Sitemap: {site}/gone.xml",
        "/sitemap.xml": sitemap("{site}/a"),
    }
    async with site(files) as one:
        found, notes = await one.pages()
        assert (found, notes) == (["/a"], (f"1 sitemap is not there: {one.address}/gone.xml",))


async def test_a_site_without_any_is_refused_with_what_to_do() -> None:
    async with site({"/": "<html>Home"}) as one:
        with pytest.raises(Refused, match="give the address of its sitemap or feed"):
            await one.pages()


async def test_an_index_leads_to_sitemaps() -> None:
    files: dict[str, str | bytes | int] = {
        "/index.xml": index("{site}/one.xml", "{site}/further.xml", "{site}/index.xml"),
        "/one.xml": sitemap("{site}/a"),
        "/further.xml": index("{site}/two.xml", "https://elsewhere.example/map.xml"),
        "/two.xml": sitemap("{site}/b"),
    }
    async with site(files) as one:
        assert await one.pages("/index.xml") == (["/a", "/b"], ())
        assert one.asked.count("/index.xml") == 1


async def test_an_index_without_end_is_left_in_time() -> None:
    deep: dict[str, str | bytes | int] = {
        f"/{at}.xml": index(f"{{site}}/{at + 1}.xml") for at in range(9)
    }
    wide: dict[str, str | bytes | int] = {
        "/wide.xml": index(*(f"{{site}}/w{at}.xml" for at in range(80))),
        **{f"/w{at}.xml": sitemap(f"{{site}}/p{at}") for at in range(80)},
    }
    async with site(deep | wide) as one:
        assert await one.pages("/0.xml") == ([], ("1 further sitemap is left out",))
        found, notes = await one.pages("/wide.xml")
        assert (len(found), notes) == (49, ("31 further sitemaps are left out",))
        # Once, with the robots.txt of each of the two looks.
        assert len(one.asked) == 2 + 3 + 50


async def test_pages_of_other_hosts_are_left_out() -> None:
    urls = ("https://elsewhere.example/a", "{site}.elsewhere.example/a", "ftp://127.0.0.1/a")
    more = ("http://127.0.0.1:1/a", "http://user@127.0.0.1/a", "javascript:alert(1)", "{site}/a")
    async with site({"/map.xml": sitemap(*urls, *more)}) as one:
        assert await one.pages("/map.xml") == (["/a"], ())


async def test_patterns_say_which_pages_are_wanted() -> None:
    urls = [f"{{site}}/{path}" for path in ("news/a", "News/b", "news/old/c", "jobs/d", "na%20me")]
    async with site({"/map.xml": sitemap(*urls)}) as one:
        wanted = [
            (["/news/*"], [], ["/news/a", "/News/b", "/news/old/c"]),
            (["news/*"], ["*/old/*"], ["/news/a", "/News/b"]),
            ([], ["/news/*", "*name*"], ["/jobs/d", "/na%20me"]),
            (["/na me"], [], ["/na%20me"]),
        ]
        for include, exclude, left in wanted:
            assert await one.pages("/map.xml", include, exclude) == (left, ())


@pytest.mark.parametrize("start", ["/digital", "/digital/", "/digital/index.html"])
async def test_of_a_part_of_a_site_what_is_below_it_is_wanted(start: str) -> None:
    urls = [
        f"{{site}}{path}" for path in ("/digital", "/digital/a", "/digitally", "/other/digital/")
    ]
    async with site({start: "<html>Home", "/sitemap.xml": sitemap(*urls)}) as one:
        assert await one.pages(start) == (["/digital", "/digital/a"], ())


async def test_more_than_may_be_is_left_out_and_said() -> None:
    files: dict[str, str | bytes | int] = {
        "/index.xml": index("{site}/one.xml", "{site}/two.xml"),
        "/one.xml": sitemap(*(f"{{site}}/{at}" for at in range(10))),
        "/two.xml": sitemap("{site}/further"),
    }
    async with site(files) as one:
        found, notes = await one.pages("/index.xml", most=4)
        assert found == ["/0", "/1", "/2", "/3"]
        assert notes == (
            "6 pages are left out, since at most 4 are read of this site",
            "1 further sitemap is left out",
        )
        assert "/two.xml" not in one.asked


@pytest.mark.parametrize(
    ("second", "kind", "why"),
    [
        (503, Later, "asks to be left alone"),
        (500, Later, "has a fault"),
        (403, Refused, "does not let everyone read it"),
        ("<html>Sign in", Refused, "neither a sitemap nor a feed"),
        ("-> http://10.0.0.1/map.xml", Refused, "is not on the public web"),
        ("-> http://169.254.169.254/map.xml", Refused, "is not on the public web"),
    ],
)
async def test_a_sitemap_that_cannot_be_read_now_takes_no_page_away(
    second: str | int, kind: type[Refused], why: str
) -> None:
    files: dict[str, str | bytes | int] = {
        "/index.xml": index("{site}/one.xml", "{site}/two.xml"),
        "/one.xml": sitemap("{site}/a"),
        "/two.xml": second,
    }
    async with site(files) as one:
        with pytest.raises(Refused, match=why) as refused:
            await one.pages("/index.xml")
        assert type(refused.value) is kind
        assert f"its sitemap {one.address}/two.xml: " in str(refused.value)
        if second != 503:
            # Whoever knows that this one may be missing can say so.
            assert await one.pages("/index.xml", exclude=["/two.xml"]) == (["/a"], ())


async def test_robots_txt_counts_for_sitemaps_too() -> None:
    files: dict[str, str | bytes | int] = {
        "/robots.txt": "User-agent: *\nDisallow: /map.xml\n",
        "/map.xml": sitemap("{site}/a"),
    }
    async with site(files) as one:
        with pytest.raises(Refused, match=r"robots\.txt asks"):
            await one.pages("/map.xml")
        assert one.asked == ["/robots.txt"]


async def test_the_home_page_may_lead_on() -> None:
    files: dict[str, str | bytes | int] = {
        "/": "-> /en/home",
        "/en/home": "<html>Home",
        "/sitemap.xml": sitemap("{site}/cy/a"),
    }
    async with site(files) as one:
        assert await one.pages() == (["/cy/a"], ())
