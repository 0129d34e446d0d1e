"""What a look at a source came to, told: as lines, or as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from bot.bringing import wording
from bot.bringing.command import Job
from bot.sources.looks import Look
from bot.sources.wording import counted
from bot.store import Store
from bot.texts import FOR_ALL, Source

MOST_TOLD = 20  # faults of one source, unless all are asked for


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a location. It is `unread`; or read, but only `partly`; or `kept` as it was
    read before, since it could not be looked at."""

    location: str
    reason: str
    state: Literal["unread", "kept", "partly"]

    def __str__(self) -> str:
        return wording.FAULTS[self.state].format(self.location, self.reason)


def failed(look: Look) -> bool:
    """Whether a source could not be looked at, or a single file or page not be read. Of many some
    that cannot be read are told of, and are no failure."""
    single = look.source.kind in ("file", "page")
    return bool(look.fault or (single and (look.unreadable or look.later)))


async def faults(store: Store, source: Source) -> list[Fault]:
    """Everything of a source that could not be read, or not wholly, by location."""
    texts = store.texts(source.community)
    known = await texts.known(source.id)
    found = [
        Fault(one.location, one.reason, "kept" if one.text else "unread")
        for one in known.values()
        if one.reason
    ]
    for text in await texts.of(source.id):
        found.extend(Fault(text.location, note, "partly") for note in text.notes)
    return sorted(found, key=lambda fault: (fault.state != "unread", fault.location))


async def tell(job: Job, store: Store, look: Look) -> None:
    source = look.source
    found = await faults(store, source)
    held = await store.texts(source.community).of(source.id)
    waiting = sum(one.confirmed_at is None for one in held)
    if job.given.json:
        numbers = {
            **{"texts": len(held), "read": look.read, "new": look.new, "unchanged": look.unchanged},
            **{"gone": look.gone, "unreadable": look.unreadable, "later": look.later},
            **{"to_confirm": waiting, "notes": look.notes},
        }
        told = {"faults": [asdict(one) for one in found]}
        job.say(json.dumps({**row(source), **numbers, **told}, ensure_ascii=False))
        return
    said = wording.COULD_NOT.format(source.said) if source.failed else source.said
    job.say(wording.LOOKED.format(source.location, source.id, said))
    for line in lines(found, MOST_TOLD, source.id):
        job.say(line)
    if waiting:
        job.say(wording.WAITING.format(counted(waiting, "text"), source.id))


def lines(found: Iterable[Fault], most: int, source: str) -> Iterable[str]:
    """A line for each fault, and one for those that are left out."""
    told = list(found)
    for one in told[:most]:
        yield f"  {one}"
    if len(told) > most:
        yield wording.MORE_FAULTS.format(len(told) - most, source)


def row(source: Source) -> dict[str, object]:
    """A source as JSON."""
    times = {"added": source.added_at, "refreshed": source.refreshed_at, "due": source.due_at}
    return {
        "id": source.id,
        "community": None if source.community == FOR_ALL else source.community,
        "kind": source.kind,
        "location": source.location,
        "link": source.link,
        "include": source.include,
        "exclude": source.exclude,
        "most": source.most,
        "every_hours": source.every.total_seconds() / 3600 if source.every else None,
        "failed": source.failed,
        "said": source.said,
        **{name: f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None for name, at in times.items()},
    }
