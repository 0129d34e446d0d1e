"""`outcomes sources review`: what texts seem to be, and how sure that is, to be confirmed; or what
those are that were."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.bringing import wording
from bot.bringing.command import Job
from bot.bringing.meeting import sources_of
from bot.bringing.table import table
from bot.bringing.workshop import describes, store_of
from bot.sources.describing import Describing, Sure
from bot.store import Store
from bot.texts import FOR_ALL, OwnText

MOST = 1000  # texts at once
_CLEAR, _LIKELY = 0.85, 0.6


async def reviewed(job: Job) -> int:
    given = job.given
    async with store_of(job.settings) as store:
        every = await chosen(store, given.community, given.source, confirmed=given.confirmed)
        texts = every[:MOST]
        if not texts:
            job.complain(wording.NONE_THERE if given.confirmed else wording.NOTHING_WAITS)
            return 0
        sure: list[Sure | None] = [None] * len(texts)
        if not given.confirmed:
            describing = describes(job.settings)
            sure = [await _sure(store, describing, one) for one in texts]
    for line in _lines(job, list(zip(texts, sure, strict=True))):
        job.say(line)
    if left := len(every) - len(texts):
        more = wording.MORE_THERE if given.confirmed else wording.MORE_WAIT
        job.complain(more.format(left))
    return 0


async def chosen(
    store: Store, community: str | None, source: str | None = None, *, confirmed: bool = False
) -> list[OwnText]:
    """The texts that wait to be confirmed, or were, of a source, of a community or all, in the
    order they were read; without their sections, so that many take little memory. Raises
    NotBrought."""
    texts: list[OwnText] = []
    for one in await sources_of(store, community, source):
        texts.extend(await store.texts(one.community).of(one.id))
    meant = (one for one in texts if bool(one.confirmed_at) is confirmed)
    return sorted(meant, key=lambda one: (one.community, one.read_at, one.id))


async def _sure(store: Store, describing: Describing, one: OwnText) -> Sure:
    whole = await store.texts(one.community).get(one.id)
    return describing.sure(one.about, whole.sections if whole else (), one.pages)


def _lines(job: Job, both: Sequence[tuple[OwnText, Sure | None]]) -> Iterator[str]:
    if job.given.csv:
        yield table(both)
    elif job.given.json:
        yield from (json.dumps(_row(*one), ensure_ascii=False) for one in both)
    else:
        yield from (_told(*one) for one in both)
        yield wording.CHANGE_NEXT if job.given.confirmed else wording.REVIEW_NEXT


def _row(text: OwnText, sure: Sure | None) -> dict[str, object]:
    about = text.about
    shares = sure.outcomes if sure else (None,) * len(about.outcomes)
    outcomes = [
        {"outcome": outcome, "confidence": None if share is None else round(share, 3)}
        for outcome, share in zip(about.outcomes, shares, strict=True)
    ]
    return {
        "id": text.id,
        "community": None if text.community == FOR_ALL else text.community,
        "source": text.source,
        "location": text.location,
        "url": text.url,
        "title": about.title,
        "kind": about.kind,
        "kind_confidence": round(sure.kind, 3) if sure else None,
        "councils": about.councils,
        "year": about.year or None,
        "outcomes": outcomes,
        "confirmed": f"{text.confirmed_at:%Y-%m-%dT%H:%M:%SZ}" if text.confirmed_at else None,
    }


def _told(text: OwnText, sure: Sure | None) -> str:
    about = "; ".join(_proposed(text, sure) if sure else _confirmed(text))
    place = text.url or text.location
    return wording.REVIEWED.format(id=text.id, title=text.about.title, about=about, place=place)


def _proposed(text: OwnText, sure: Sure) -> tuple[str, ...]:
    about = text.about
    pairs = zip(about.outcomes, sure.outcomes, strict=True)
    outcomes = ", ".join(f"{outcome} ({_in_words(share)})" for outcome, share in pairs)
    councils = ", ".join(about.councils) or wording.NO_COUNCIL
    kind = f"{about.kind} ({_in_words(sure.kind)})"
    return kind, councils, _year(text), outcomes or wording.NO_OUTCOME


def _confirmed(text: OwnText) -> tuple[str, ...]:
    about = text.about
    councils = ", ".join(about.councils) or wording.NO_COUNCIL
    outcomes = ", ".join(about.outcomes) or wording.NO_OUTCOME
    year = str(about.year or wording.NO_YEAR)
    return about.kind, councils, year, outcomes, wording.CONFIRMED_ON.format(text.confirmed_at)


def _year(text: OwnText) -> str:
    """The year that is proposed, and where it stands."""
    year = str(text.about.year)
    if not text.about.year:
        return wording.NO_YEAR
    if year in text.about.title:
        return wording.YEAR_IN_TITLE.format(year)
    dated = text.published.startswith(year)
    return (wording.YEAR_DATED if dated else wording.YEAR_NAMED).format(year)


def _in_words(share: float) -> str:
    if share >= _CLEAR:
        return wording.CLEAR
    return wording.LIKELY if share >= _LIKELY else wording.GUESSED
