"""What stands in the file or at the link that came with a suggested case study."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.apart import Apart
from bot.cases import wording
from bot.projects import plain
from bot.sources.fetching import Fetcher
from bot.sources.refusals import Refused
from bot.texts import Suggested
from indexer.parsing.parsed import Parsed, Unreadable
from indexer.parsing.sandbox import Sandbox, Unavailable
from knowledge.library import Section


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and what came of it in a line."""

    sections: tuple[Section, ...]
    line: str


class Reading:
    """One at a time, so that memory stays bounded however many come. `fetcher` makes one that
    reaches no internal host: these are links that officers give."""

    def __init__(self, fetcher: Callable[[], Fetcher], apart: Apart) -> None:
        self._fetcher, self._apart = fetcher, apart
        self._one = asyncio.Lock()

    async def read(self, one: Suggested, file: bytes) -> Read:
        """The file where it can be read, else what is at the link."""
        if not one.file_name and not one.link:
            return Read((), wording.NOTHING_TO_READ)
        async with self._one:
            lines = []
            for reading in (self._of_file, self._of_link):
                if found := await reading(one, file):
                    lines.append(found.line)
                    if found.sections:
                        return Read(found.sections, " ".join(lines))
            return Read((), " ".join(lines))

    async def _of_file(self, one: Suggested, file: bytes) -> Read | None:
        if not one.file_name:
            return None
        found = await self._parsed(file, one.file_name, "", wording.the_file(one.file_name))
        return replace(found, sections=tuple(map(_attached, found.sections))) if one.link else found

    async def _of_link(self, one: Suggested, _: bytes) -> Read | None:
        if not one.link:
            return None
        try:
            async with self._fetcher() as fetcher:
                fetched = await fetcher.get(one.link)
        except Refused as error:
            return Read((), wording.not_read(wording.THE_LINK, str(error)))
        assert fetched is not None  # no validator was given
        return await self._parsed(fetched.content, fetched.url, fetched.media, wording.THE_LINK)

    async def _parsed(self, content: bytes, name: str, media: str, what: str) -> Read:
        try:
            parsed = await self._apart(_parsed, content, name, media)
        except Unreadable as error:
            why = str(error)
        except Unavailable:
            why = wording.NOT_READ_NOW
        else:
            beginning = next((one.plain for one in parsed.sections if one.plain), parsed.title)
            return Read(parsed.sections, wording.read(what, parsed.notes, plain(beginning)))
        return Read((), wording.not_read(what, why))


def _attached(section: Section) -> Section:
    """A part of the file where there is a link as well: its page and its anchor would lead into
    the link, which is another document, so its heading says where it stands."""
    heading = wording.attached(section.heading, section.page)
    return replace(section, heading=heading, page=0, anchor="")


def _parsed(content: bytes, name: str, media: str) -> Parsed:
    """In a process of its own, which ends with it: it is needed seldom."""
    with Sandbox() as sandbox:
        return sandbox.read(content, name, media)
