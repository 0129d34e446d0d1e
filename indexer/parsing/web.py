"""A web page: where its text stands as trafilatura finds it, and all of what is seen there."""

from __future__ import annotations

from copy import deepcopy
from urllib.parse import urldefrag, urljoin, urlsplit

import htmldate
import trafilatura
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from indexer.parsing.clean import clean
from indexer.parsing.document import Document, title, told_day
from indexer.parsing.gathering import Gathering
from indexer.parsing.parsed import Parsed, Unreadable
from indexer.parsing.web_blocks import gather
from indexer.parsing.web_pruning import pruned
from indexer.parsing.written import charset, decoded

_ENOUGH = 150  # characters that a page's own mark for its text must hold to be believed
_MOST = 0.9  # of what was found lies in the one part that is taken
_MAIN = ("//main", "//*[@role='main']", "//*[@itemprop='articleBody']", "//article")
_FIRST_LINES = 15


def read(document: Document) -> Parsed:
    """Raises Unreadable."""
    page = _page(document)
    told = page.find(".//title")
    names = page.xpath("//meta[@property='og:title']/@content")
    canonical = _canonical(page, document)
    published = _published(page)
    pruned(page)
    part = _main(page)
    if part is None:
        part = _found(page)
    gathered = Gathering(document.limits)
    gather(part, gathered)
    sections = gathered.sections()
    lines = [line for one in sections[:5] for line in one.body.split("\n")][:_FIRST_LINES]
    heads = page.xpath("//h1")
    return Parsed(
        title=title(
            heads[0].text_content() if heads else "",
            names[0] if names else "",
            told.text_content() if told is not None else "",
            document.called,
        ),
        sections=sections,
        published=next(filter(None, map(told_day, lines)), "") or published,
        url=canonical,
    )


def _page(document: Document) -> HtmlElement:
    words = decoded(document.content, charset(document.media) or _own_charset(document.content))
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        return document_fromstring(words.encode("utf-8", errors="replace"), parser=parser)
    except (ValueError, SyntaxError) as error:  # lxml's ParserError is of the latter
        raise Unreadable("holds no text") from error


def _own_charset(content: bytes) -> str:
    head = content[:2048].decode("ascii", errors="replace")
    return charset(head) if "charset" in head.lower() else ""


def _canonical(page: HtmlElement, document: Document) -> str:
    """The address that it gives itself; only one of the same host is believed."""
    for link in page.xpath("//link[@rel='canonical']/@href") if document.is_page else ():
        try:
            address = urldefrag(urljoin(document.name, link.strip())).url
            parts, own = urlsplit(address), urlsplit(document.name)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.netloc.lower() == own.netloc.lower():
            return clean(address)
    return ""


def _published(page: HtmlElement) -> str:
    try:
        return htmldate.find_date(deepcopy(page), extensive_search=False) or ""
    except Exception:  # a day is no reason not to read a page
        return ""


def _main(page: HtmlElement) -> HtmlElement | None:
    """The one part that the page itself calls its text."""
    for path in _MAIN:
        parts = page.xpath(path)
        if len(parts) == 1 and len(clean(parts[0].text_content())) >= _ENOUGH:
            return parts[0]
    return None


def _found(page: HtmlElement) -> HtmlElement:
    """The smallest part that holds what trafilatura takes for the text."""
    body = page.find("body")
    part = page if body is None else body
    kept = trafilatura.extract(deepcopy(page), favor_recall=True, include_comments=False) or ""
    lines = [bare for line in kept.split("\n") if len(bare := _bare(line)) > 10]
    while lines:
        inner = [one for one in part if isinstance(one.tag, str) and _share(one, lines) >= _MOST]
        if not inner or inner[0].tag in ("p", "table", "ul", "ol", "dl"):
            break
        part = inner[0]
    return part


def _share(part: HtmlElement, lines: list[str]) -> float:
    text = _bare(part.text_content())
    return sum(line in text for line in lines) / len(lines)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text))
