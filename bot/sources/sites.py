"""The pages of a site, as its sitemap or its feed lists them."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from bot.sources.addresses import Address, joined
from bot.sources.fetching import Fetched, Fetcher
from bot.sources.patterns import is_wanted
from bot.sources.refusals import Gone, Later, Refused, for_administrators
from indexer.parsing.parsed import Link, Unreadable

_MOST_LISTS = 50  # sitemaps and feeds that are asked for
_DEEPEST = 3  # an index of an index of sitemaps, and no further
_USUAL = "/sitemap.xml"
_PORTS = (80, 443)
_PACKED = b"\x1f\x8b"
# How a sitemap or a feed begins, whatever its server says it is.
_BEFORE = rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<![^>]*>\s*)*<(?:[\w-]+:)?"
_LIST = re.compile(_BEFORE + rb"(?:urlset|sitemapindex|rss|feed|RDF)[\s>]", re.DOTALL)
_FEED = re.compile(_BEFORE + rb"(?:rss|feed|RDF)[\s>]", re.DOTALL)
_BEGINNING = 4096  # bytes of it

Links = Callable[[bytes, str], tuple[Link, ...]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is listed. `changed` is when its list says it was changed, "" where it does
    not."""

    url: str
    changed: str


@dataclass(frozen=True, slots=True)
class Listed:
    """The wanted pages of a site, in the order of its lists, and what was left out, a sentence
    each. It is `whole` where a page that is not listed is no page of the site any more: a feed
    has its newest alone, and a list may be missing."""

    pages: list[Page]
    notes: tuple[str, ...]
    whole: bool


async def pages(
    fetcher: Fetcher,
    url: str,
    include: Sequence[str],
    exclude: Sequence[str],
    most: int,
    links: Links,
) -> Listed:
    """What the lists of a site say.

    `url` is a sitemap, an index of sitemaps or a feed; or an address of the site, whose lists its
    robots.txt names, or which has one at /sitemap.xml: then pages at this address and below it are
    taken. Pages of other hosts are not. Patterns are held against the paths of pages; a list that
    `exclude` matches is not read either. `links` reads a list: content and name.

    Raises `Refused`, or of it `Later`, where a list cannot be read: nothing could be said of what
    is gone then.
    """
    first = await _got(fetcher, url)
    given, found_at = fetcher.address(url), fetcher.address(first.url)
    look = _Look(fetcher, links, (given, found_at), include, exclude, most)
    if _is_list(first):
        await look.through([found_at.url], first)
    else:
        look.below = _folder(given)
        named = await fetcher.sitemaps(first.url)
        starts = _whole(first.url, map(Link, named[:_MOST_LISTS]))
        await look.through([start.url for start in starts])
        if not look.lists:
            await look.through([joined(first.url, _USUAL)])
    if not look.lists:
        raise Refused(
            "it names no sitemap, and has none at /sitemap.xml: give the address of its sitemap or "
            "feed, or add its pages one by one"
        )
    return Listed(list(look.found.values()), tuple(look.left_out()), look.whole)


def is_page_wanted(url: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    return is_wanted(_path(url), include, exclude)


class _Look:
    """One look through a site's lists, with what they came to."""

    def __init__(
        self,
        fetcher: Fetcher,
        links: Links,
        site: tuple[Address, Address],
        include: Sequence[str],
        exclude: Sequence[str],
        most: int,
    ) -> None:
        self._fetcher = fetcher
        self._links = links
        self._hosts = {address.host for address in site}
        self._site = site[1]
        self._include = include
        self._exclude = exclude
        self._most = most
        self._asked: set[str] = set()
        self._over: set[str] = set()
        self._unasked = 0
        self._missing: list[str] = []
        self._feeds = 0
        self.below = "/"
        self.lists = 0  # that were read
        self.found: dict[str, Page] = {}

    async def through(self, starts: list[str], first: Fetched | None = None) -> None:
        """Read these lists, and those that they lead to. `first` is what was fetched of one."""
        waiting = deque((start, 1) for start in starts)
        while waiting:
            url, depth = waiting.popleft()
            if url in self._asked or not self._is_wanted(url, include=()):
                continue
            if len(self._asked) >= _MOST_LISTS or depth > _DEEPEST or self._over:
                self._unasked += 1
                continue
            self._asked.add(url)
            for link in await self._read(url, first if first and first.url == url else None):
                if not link.index:
                    self._take(link)
                elif self._may_lead(url, link.url):
                    waiting.append((link.url, depth + 1))

    @property
    def whole(self) -> bool:
        return not self._missing and not self._feeds

    def left_out(self) -> Iterator[str]:
        """What was left out, a sentence each."""
        if self._over:
            yield (
                f"{_counted(len(self._over), 'page')} left out, since at most {self._most} are "
                "read of this site"
            )
        if self._unasked:
            yield f"{_counted(self._unasked, 'further sitemap')} left out"
        if self._missing:
            yield f"{_counted(len(self._missing), 'sitemap')} not there: {self._missing[0]}"

    async def _read(self, url: str, fetched: Fetched | None) -> list[Link]:
        """The entries of a list, their addresses whole; none where it is not there."""
        try:
            got = fetched or await _got(self._fetcher, url)
            links = await asyncio.to_thread(self._links, got.content, got.url)
        except Gone:
            self._missing.append(url)
            return []
        except Later as error:
            raise Later(f"its sitemap {url}: {error}") from None
        except (Refused, Unreadable) as error:
            raise Refused(f"its sitemap {url}: {for_administrators(error)}") from None
        self.lists += 1
        self._feeds += bool(_FEED.match(got.content[:_BEGINNING]))
        return list(_whole(got.url, links))

    def _take(self, link: Link) -> None:
        try:
            address = self._fetcher.address(link.url)
        except Refused:
            return
        if not self._is_here(address):
            return
        if address.scheme == "http" and self._site.scheme == "https" and address.port == 80:
            # Lists are often older than a site's move to https.
            address = replace(address, scheme="https", port=443)
        if address.url in self.found or not self._is_wanted(address.url, self._include):
            return
        if not f"{_path(address.url)}/".startswith(self.below):
            return
        if len(self.found) >= self._most:
            self._over.add(address.url)
        else:
            self.found[address.url] = Page(address.url, link.changed)

    def _is_here(self, address: Address) -> bool:
        usual = address.port in _PORTS and self._site.port in _PORTS
        return address.host in self._hosts and (usual or address.port == self._site.port)

    def _may_lead(self, parent: str, child: str) -> bool:
        """Whether a list may lead to a further one: on the site's host, or on its own."""
        try:
            address = self._fetcher.address(child)
        except Refused:
            return False
        return self._is_here(address) or address.origin == self._fetcher.address(parent).origin

    def _is_wanted(self, url: str, include: Sequence[str]) -> bool:
        return is_page_wanted(url, include, self._exclude)


def _whole(url: str, links: Iterable[Link]) -> Iterator[Link]:
    """What a list's entries lead to, those left out that lead nowhere."""
    for link in links:
        with suppress(Refused):
            yield replace(link, url=joined(url, link.url))


async def _got(fetcher: Fetcher, url: str) -> Fetched:
    got = await fetcher.get(url)
    if got is None:  # only ever with a validator
        raise Later("its host says that it did not change, which nobody asked")
    return got


def _is_list(fetched: Fetched) -> bool:
    packed = fetched.content.startswith(_PACKED)
    return packed or bool(_LIST.match(fetched.content[:_BEGINNING]))


def _folder(address: Address) -> str:
    """What the paths of pages below an address begin with, themselves ending in a slash."""
    path = _path(address.url)
    before, _, last = path.rpartition("/")
    return f"{before}/" if "." in last else f"{path.rstrip('/')}/"


def _path(url: str) -> str:
    return unquote(urlsplit(url).path)


def _counted(number: int, what: str) -> str:
    return f"1 {what} is" if number == 1 else f"{number} {what}s are"
