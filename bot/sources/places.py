"""Where the texts of a source are, and what lies there: a file, a folder, a page, a site."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from bot.sources import wording
from bot.sources.fetching import Fetcher
from bot.sources.folders import below_what_is_away, files, is_empty
from bot.sources.refusals import Gone, Later, Refused
from bot.sources.sites import is_page_wanted, pages
from bot.texts import Source
from indexer.parsing import DOCUMENTS, Sandbox
from indexer.parsing.limits import amount
from indexer.parsing.parsed import Unreadable


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text is. `url` is where officers open it, "" where they cannot. `validator` tells,
    before anything is read, whether it changed; "" where that is known only by asking. `listed`
    is when its site's list says that it was changed."""

    location: str
    url: str
    validator: str = ""
    listed: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What lies at a spot. `address` is where it came from, "" for a file; `digest` is the sha256
    of its bytes."""

    content: Path | bytes
    name: str
    media: str
    address: str
    digest: str
    validator: str


class Place(Protocol):
    """What is listed, and given out one by one."""

    async def spots(self) -> tuple[list[Spot], tuple[str, ...]]:
        """Every spot, in a settled order, and what was left out, a sentence each. Raises Refused
        where that cannot be told, of it Gone where the source itself is gone."""
        ...

    async def unlisted(self, locations: Sequence[str]) -> tuple[list[Spot], dict[str, str]]:
        """Of what was known before and is no spot now: what is to be asked for all the same, and
        what is kept, with the reason. The rest is gone."""
        ...

    async def held(self, spot: Spot, validator: str) -> Held | None:
        """What lies there, None where the validator says that it is as it was. Raises Refused, or
        Unreadable where it need not be looked into."""
        ...


def place_of(source: Source, fetcher: Fetcher, sandbox: Sandbox) -> Place:
    """The place that a source stands for; one of officers has none."""
    if source.kind == "file":
        return _File(source, sandbox.limits.size)
    if source.kind == "folder":
        return _Folder(source, sandbox.limits.size)
    if source.kind == "page":
        return _Page(source, fetcher)
    return _Site(source, fetcher, sandbox)


class _Fixed:
    """Where what is not there any more is gone."""

    async def unlisted(self, locations: Sequence[str]) -> tuple[list[Spot], dict[str, str]]:
        return [], {}


class _File(_Fixed):
    def __init__(self, source: Source, size: int) -> None:
        self._path, self._link, self._size = Path(source.location), source.link, size

    async def spots(self) -> tuple[list[Spot], tuple[str, ...]]:
        return [Spot(self._path.name, self._link, await asyncio.to_thread(_stamp, self._path))], ()

    async def held(self, spot: Spot, validator: str) -> Held | None:
        return await asyncio.to_thread(_read, self._path, spot, self._size)


class _Folder:
    def __init__(self, source: Source, size: int) -> None:
        self._source, self._folder, self._size = source, Path(source.location), size

    async def spots(self) -> tuple[list[Spot], tuple[str, ...]]:
        one = self._source
        wanted = one.include, one.exclude, one.most
        found, notes = await asyncio.to_thread(files, self._folder, *wanted, DOCUMENTS)
        linked = [Spot(each.location, self._url(each.location), each.validator) for each in found]
        return linked, notes

    async def unlisted(self, locations: Sequence[str]) -> tuple[list[Spot], dict[str, str]]:
        one = self._source
        looked = one.refreshed_at or one.added_at
        away = await asyncio.to_thread(below_what_is_away, self._folder, locations, looked)
        return [], dict.fromkeys(away, wording.AWAY.format(one.id))

    async def held(self, spot: Spot, validator: str) -> Held | None:
        return await asyncio.to_thread(_read, self._folder / spot.location, spot, self._size)

    def _url(self, location: str) -> str:
        link = self._source.link
        return f"{link.rstrip('/')}/{quote(location)}" if link else ""


class _Page(_Fixed):
    def __init__(self, source: Source, fetcher: Fetcher) -> None:
        self._source, self._fetcher = source, fetcher

    async def spots(self) -> tuple[list[Spot], tuple[str, ...]]:
        return [Spot(self._source.location, self._source.location)], ()

    async def held(self, spot: Spot, validator: str) -> Held | None:
        return await _fetched(self._fetcher, spot, validator)


class _Site:
    def __init__(self, source: Source, fetcher: Fetcher, sandbox: Sandbox) -> None:
        self._source, self._fetcher, self._sandbox = source, fetcher, sandbox
        self._whole, self._room = True, 0  # for further pages

    async def spots(self) -> tuple[list[Spot], tuple[str, ...]]:
        one = self._source
        wanted = one.include, one.exclude, one.most
        try:
            found = await pages(self._fetcher, one.location, *wanted, self._sandbox.links)
        except Unreadable as error:
            raise Refused(f"its sitemap or feed cannot be read: {error}") from None
        self._whole, self._room = found.whole, one.most - len(found.pages)
        spots = [Spot(each.url, each.url, listed=each.changed) for each in found.pages]
        return spots, found.notes

    async def unlisted(self, locations: Sequence[str]) -> tuple[list[Spot], dict[str, str]]:
        if self._whole:
            return [], {}
        one = self._source
        wanted = [each for each in locations if is_page_wanted(each, one.include, one.exclude)]
        return [Spot(each, each) for each in wanted[: self._room]], {}

    async def held(self, spot: Spot, validator: str) -> Held | None:
        return await _fetched(self._fetcher, spot, validator)


async def _fetched(fetcher: Fetcher, spot: Spot, validator: str) -> Held | None:
    if (got := await fetcher.get(spot.location, validator)) is None:
        return None
    digest = hashlib.sha256(got.content).hexdigest()
    return Held(got.content, got.url, got.media, got.url, digest, got.validator)


def _stamp(path: Path) -> str:
    """As folders' files have it. Raises Gone where the file is not there and its folder is, with
    something in it; Refused where nothing can be said of it, as with a share that is away."""
    try:
        found = path.stat()
    except FileNotFoundError:
        if not path.parent.exists():
            raise Refused("its folder is not there") from None
        if is_empty(path.parent):
            raise Refused(wording.ALONE) from None
        raise Gone("is not there any more") from None
    except OSError as error:
        raise Refused(f"cannot be read ({error.strerror})") from None
    return f"{found.st_mtime_ns}:{found.st_size}"


def _read(path: Path, spot: Spot, most: int) -> Held:
    """Raises Later where it cannot be opened, also where it is not there: it was a moment ago, and
    the next look tells."""
    try:
        if path.stat().st_size > most:
            raise Unreadable(f"larger than {amount(most)}")
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Later(f"cannot be opened ({error.strerror})") from None
    return Held(path, path.name, "", "", digest, spot.validator)
