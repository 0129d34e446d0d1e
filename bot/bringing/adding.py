"""`outcomes add`: sources added, or changed, and looked at at once."""

from __future__ import annotations

import argparse
import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from bot.bringing import wording
from bot.bringing.command import Job, NotBrought
from bot.bringing.meeting import warn_unmet
from bot.bringing.telling import failed, tell
from bot.bringing.workshop import Workshop, opened
from bot.sources.addresses import parsed
from bot.sources.ids import source_id
from bot.sources.locks import Busy
from bot.sources.refreshing import LONGEST
from bot.sources.refusals import Refused, for_administrators
from bot.texts import FOR_ALL, Source, SourceKind
from indexer.parsing import SUFFIXES

_WEB = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LISTS = re.compile(r"\.(xml|xml\.gz|rss|atom)$|/(feed|rss|atom)/?$|sitemap[^/]*$", re.IGNORECASE)


async def added(job: Job) -> int:
    """Add what can be added; each of the others gets one line."""
    code = 0
    async with opened(job.settings) as shop:
        sources: dict[str, Source] = {}
        for location in dict.fromkeys(job.given.locations):
            try:
                one = _source(shop, location, job.given)
                sources[one.id] = one
            except NotBrought as error:
                job.complain(wording.FAULT.format(_shown(location), error))
                code = 1
        _refuse_unused(job.given, {one.kind for one in sources.values()})
        if sources and not job.given.community and not job.given.for_all and not job.given.json:
            job.say(wording.SEEN_BY_ALL)
        await warn_unmet(job, shop.store)
        for one in sources.values():
            code = max(code, await _brought(job, shop, one))
        await shop.indexed()
    return code


async def _brought(job: Job, shop: Workshop, one: Source) -> int:
    new = await shop.store.sources(one.community).get(one.id) is None
    source = await _kept(shop, one, job.given)
    try:
        look = await shop.looked(source)
    except Busy as error:
        job.complain(wording.FAULT.format(_shown(source.location), error))
        return 1
    await tell(job, shop.store, look)
    if new and look.fault:  # more likely a mistake than a source
        await shop.store.sources(source.community).remove(source.id)
        job.complain(wording.FAULT.format(_shown(source.location), wording.NOT_KEPT))
    return 1 if failed(look) else 0


async def _kept(shop: Workshop, source: Source, given: argparse.Namespace) -> Source:
    """The source as it is in the store from now on; the options given change one that is there."""
    sources = shop.store.sources(source.community)
    before = await sources.get(source.id)
    if before is None:
        # Due from now on, should this be ended before its first look is.
        source = replace(source, due_at=source.added_at if source.every else None)
        await sources.add(source)
        return source
    changed = _with_options(replace(before, kind=source.kind), given)
    await sources.changed(changed)
    return changed


def _with_options(source: Source, given: argparse.Namespace) -> Source:
    """With what was given of them; what was not stays, or is as usual."""
    return replace(
        source,
        link=source.link if given.link is None else given.link,
        include=source.include if given.include is None else tuple(given.include),
        exclude=source.exclude if given.exclude is None else tuple(given.exclude),
        most=given.most or source.most,
        every=source.every if given.every is None else given.every or None,  # no time: never
    )


def _shown(location: str) -> str:
    """A location as it is repeated: without a password that stands in it."""
    return re.sub(r"//[^/@]*@", "//…@", location)


def _source(shop: Workshop, location: str, given: argparse.Namespace) -> Source:
    kind, where = _placed(shop, location, site=given.site)
    community = given.community or FOR_ALL
    source = Source(
        id=source_id(community, where),
        community=community,
        kind=kind,
        location=where,
        added_at=shop.clock(),
    )
    return _with_options(source, given)


def _placed(shop: Workshop, location: str, *, site: bool) -> tuple[SourceKind, str]:
    """What sort of source a location is, and how it is written from now on."""
    if _WEB.match(location) and not Path(location).exists():
        try:
            address = parsed(location, shop.settings.internal_hosts)
        except Refused as error:
            raise NotBrought(for_administrators(error)) from None
        if len(address.url.encode()) > LONGEST:
            raise NotBrought(wording.TOO_LONG.format(LONGEST))
        listed = site or _LISTS.search(urlsplit(address.url).path)
        return "site" if listed else "page", address.url
    if site:
        raise NotBrought(wording.NO_SITE)
    return _on_disk(location, shop.settings.home)


def _on_disk(location: str, home: Path) -> tuple[SourceKind, str]:
    if not location.strip():  # it would be the folder we are in
        raise NotBrought(wording.NOTHING_THERE)
    path = Path(location).expanduser()
    try:
        where = str(path.resolve(strict=True))
        where.encode()
    except UnicodeEncodeError:
        raise NotBrought(wording.NO_NAME) from None
    except (OSError, RuntimeError, ValueError):
        raise NotBrought(wording.NOTHING_THERE) from None
    if path.is_dir():
        if any(one.resolve().is_relative_to(where) for one in (home, Path(__file__))):
            raise NotBrought(wording.OURS)
        return "folder", where
    if path.suffix.lower() not in SUFFIXES:
        raise NotBrought(wording.OTHER_KIND.format(", ".join(sorted(SUFFIXES))))
    return "file", where


def _refuse_unused(given: argparse.Namespace, kinds: Collection[SourceKind]) -> None:
    """An option that none of the sources has a use for would be lost without a word."""
    many = any(one is not None for one in (given.include, given.exclude, given.most))
    if kinds and many and not {"folder", "site"}.intersection(kinds):
        raise NotBrought(wording.FOR_MANY)
    if kinds and given.link is not None and not {"file", "folder"}.intersection(kinds):
        raise NotBrought(wording.FOR_FILES)
