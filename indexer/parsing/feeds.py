"""The entries of a sitemap, an index of sitemaps, an RSS or an Atom feed."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from indexer.parsing.clean import clean
from indexer.parsing.document import Document
from indexer.parsing.limits import Limits, amount
from indexer.parsing.parsed import Link, Unreadable

_GZIP = b"\x1f\x8b"
_ADDRESS = 2000  # characters
_CHANGED = ("lastmod", "updated", "pubDate", "date", "published")


def links(document: Document) -> tuple[Link, ...]:
    """Raises Unreadable."""
    content = document.content
    if content.startswith(_GZIP):
        content = _unpacked(content, document.limits)
    try:
        root = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unreadable("holds XML that may unfold without end") from error
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable("neither a sitemap nor a feed: no XML in order") from error
    found: dict[str, Link] = {}
    for link in _entries(root, document.name):
        found.setdefault(link.url, link)
        if len(found) > document.limits.links:
            raise Unreadable(f"has more than {document.limits.links:,} entries")
    return tuple(found.values())


def _unpacked(content: bytes, limits: Limits) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        whole = unpacking.decompress(content, limits.size + 1)
    except zlib.error as error:
        raise Unreadable("damaged: it cannot be unpacked") from error
    if len(whole) > limits.size:
        raise Unreadable(f"unpacks to more than {amount(limits.size)}")
    return whole


def _entries(root: Element, name: str) -> Iterator[Link]:
    kind = _tag(root)
    wanted = {
        "urlset": "url",
        "sitemapindex": "sitemap",
        "rss": "item",
        "RDF": "item",
        "feed": "entry",
    }
    if kind not in wanted:
        raise Unreadable("neither a sitemap nor a feed")
    for element in root.iter():
        if _tag(element) == wanted[kind]:
            told = {_tag(child): (child.text or "") for child in reversed(element)}
            url = told.get("loc") or _atom(element) or told.get("link") or told.get("guid") or ""
            address = _address(url, name)
            if address:
                changed = next((clean(told[key]) for key in _CHANGED if told.get(key)), "")
                yield Link(address, changed[:100], index=kind == "sitemapindex")


def _atom(entry: Element) -> str:
    for child in entry:
        if _tag(child) == "link" and child.get("rel", "alternate") == "alternate":
            return child.get("href", "")
    return ""


def _address(url: str, name: str) -> str:
    """An address in full; "" where it is none of a page."""
    try:
        whole = urljoin(name, url.strip()) if "://" in name else url.strip()
        parts = urlsplit(whole)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.hostname and len(whole) <= _ADDRESS
    return whole if fit and whole == clean(whole) else ""


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
