"""`outcomes sources`: listed, looked at again; what of them could not be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from bot.bringing import wording
from bot.bringing.command import Job
from bot.bringing.telling import failed, faults, row, tell
from bot.bringing.workshop import Workshop, opened, store_of
from bot.sources.locks import Busy
from bot.sources.wording import counted
from bot.store import Store
from bot.texts import FOR_ALL, Source


async def listed(job: Job) -> int:
    async with store_of(job.settings) as store:
        sources = [await _counted(store, one) for one in await store.every_source()]
    for source in sources:
        job.say(json.dumps(row(source), ensure_ascii=False) if job.given.json else _told(source))
    if not sources:
        job.complain(wording.NO_SOURCES)
    return 0


async def faulty(job: Job) -> int:
    async with store_of(job.settings) as store:
        sources, unknown = await _chosen(job, store)
        found = [(source, one) for source in sources for one in await faults(store, source)]
    for source, one in found:
        told = {"source": source.id, **asdict(one)}
        job.say(json.dumps(told, ensure_ascii=False) if job.given.json else f"{source.id}: {one}")
    if not found and not job.given.json and not unknown:
        job.say(wording.NO_FAULTS)
    return unknown


async def refreshed(job: Job) -> int:
    """Look again at all, at some, or at what is due; then build what is behind."""
    async with opened(job.settings) as shop:
        if job.given.due:
            return await _due(job, shop)
        sources, code = await _chosen(job, shop.store)
        for source in sources:
            if source.kind == "officers":
                continue
            try:
                look = await shop.looked(source)
            except Busy as error:
                job.complain(wording.FAULT.format(source.location, error))
                code = 1
                continue
            await tell(job, shop.store, look)
            code = 1 if failed(look) else code
        await shop.indexed()
    return code


async def _due(job: Job, shop: Workshop) -> int:
    """What cannot be read fails nothing here: it is told of when somebody asks."""
    async for look in shop.due():
        await tell(job, shop.store, look)
    await shop.indexed()
    return 0


async def _chosen(job: Job, store: Store) -> tuple[Sequence[Source], int]:
    """The sources named, or all where none is; 1 beside them where one is not there."""
    every = {one.id: one for one in await store.every_source()}
    named = list(dict.fromkeys(job.given.ids)) or list(every)
    for name in named:
        if name not in every:
            job.complain(wording.NO_SOURCE.format(name))
    found = [every[name] for name in named if name in every]
    return found, int(len(found) < len(named))


async def _counted(store: Store, source: Source) -> Source:
    """What officers suggested is never looked at, so that no look says how many texts it has."""
    if source.kind != "officers":
        return source
    held = await store.texts(source.community).of(source.id)
    return replace(source, said=counted(len(held), "text"))


def _told(source: Source) -> str:
    said = source.said or wording.NOT_YET
    said = wording.COULD_NOT.format(said) if source.failed else said
    due = source.due_at
    next_look = wording.NEXT.format(due) if due else wording.NEVER
    return wording.LISTED.format(
        id=source.id,
        kind=source.kind,
        whose=wording.ALL if source.community == FOR_ALL else source.community,
        location=source.location or wording.OFFICERS,
        said=said + ("" if source.kind == "officers" else next_look),
    )
