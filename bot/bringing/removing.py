"""`outcomes sources remove`: a source with its texts, or one text that an officer suggested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from glob import escape
from shlex import quote
from urllib.parse import urlsplit

from bot.bringing import wording
from bot.bringing.command import Job
from bot.bringing.confirming import found
from bot.bringing.workshop import store_of
from bot.sources.indexing import Indexing
from bot.sources.wording import counted
from bot.store import Store
from bot.texts import FOR_ALL, OwnText, Source


class _Stays(Exception):
    """Why something is not removed, and what to do instead."""


async def removed(job: Job) -> int:
    """Gone from answers with the store's word, and from the index with what is built then. Neither
    waits for an index of the shipped texts that can be used."""
    settings, code = job.settings, 0
    async with store_of(settings) as store:
        sources = {one.id: one for one in await store.every_source()}
        for name in dict.fromkeys(job.given.ids):
            try:
                count, told = await _removed(store, sources, name)
            except _Stays as reason:
                for line in str(reason).splitlines():
                    job.complain(line)
                code = 1
            else:
                job.say(json.dumps({"id": name, "texts": count}) if job.given.json else told)
        await Indexing(store, settings.home, settings.model or None).all()
    return code


async def _removed(store: Store, sources: Mapping[str, Source], name: str) -> tuple[int, str]:
    """How many texts went, and what to say of that. Raises _Stays."""
    source = sources.get(name)
    if source is None:
        return 1, await _one(store, sources, name)
    if source.kind == "officers":
        theirs = await store.texts(source.community).of(source.id)
        lines = [wording.FAULT.format(one.id, one.about.title) for one in theirs]
        raise _Stays("\n".join([wording.OFFICERS_STAY.format(name), *lines]))
    count = await store.sources(source.community).remove(name)
    return count, wording.REMOVED.format(source.location, counted(count, "text"))


async def _one(store: Store, sources: Mapping[str, Source], name: str) -> str:
    text = await found(store, name)
    source = sources.get(text.source) if text else None
    if text is None or source is None:
        raise _Stays(wording.NO_SOURCE.format(name))
    if source.kind != "officers":
        raise _Stays(wording.COMES_BACK.format(name, _without(source, text)))
    await store.texts(text.community).drop(source.id, [text.location])
    return wording.TEXT_REMOVED.format(name, text.about.title)


def _without(source: Source, text: OwnText) -> str:
    """The command after which a source is looked at without that text."""
    if source.kind in ("file", "page"):
        return f"outcomes sources remove {source.id}"
    address = urlsplit(text.location)
    path = text.location if source.kind == "folder" else address.path or "/"
    whose = [] if source.community == FOR_ALL else ["--community", source.community]
    site = ["--site"] if source.kind == "site" else []
    excluded = [part for one in (*source.exclude, escape(path)) for part in ("--exclude", one)]
    return " ".join(map(quote, ("outcomes", "add", source.location, *whose, *site, *excluded)))
