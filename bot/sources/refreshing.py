"""A source looked at: what is new or changed is read, what is gone goes, the rest costs nothing.

Each text is a transaction of its own: wherever this is ended, nothing is lost, and the next look
goes on from there.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.sources import wording
from bot.sources.fetching import Fetcher
from bot.sources.ids import text_id
from bot.sources.looks import Found, Look, Looking
from bot.sources.patterns import is_wanted
from bot.sources.places import Held, Spot, place_of
from bot.sources.reading import Read, Reader, in_order
from bot.sources.refusals import Gone, Later, Refused, for_administrators
from bot.sources.sites import is_page_wanted
from bot.sources.stamps import stamped, told
from bot.store import Store
from bot.texts import Known, OwnText, Source
from indexer.generation import IndexUnusable
from indexer.parsing import VERSION, Unavailable
from indexer.parsing.parsed import Unreadable
from indexer.progress import Progress, silent

SOONEST = timedelta(minutes=10)  # after which a source that failed is looked at again
HELD_FOR = timedelta(hours=1)  # by the process that looks at a source, anew as it goes on
_HOLD_EACH = timedelta(minutes=3)
# Looks in a row with which goes what could not be read, or is not there with many others.
_TRIES = 3
LONGEST = 1500  # bytes of a location: a database's index takes no longer one
_SHOWN = 100  # signs of one that is too long
_AT_ONCE = 500  # locations that one statement is about
_OF_ALL = (Unavailable, IndexUnusable)  # no source can be looked at then

_log = logging.getLogger(__name__)


class Refreshing:
    """Looks at sources, one after the other."""

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        reader: Reader,
        clock: Callable[[], datetime],
        progress: Progress = silent,
    ) -> None:
        self._store, self._fetcher, self._reader = store, fetcher, reader
        self._clock, self._progress = clock, progress

    async def look(self, source: Source, *, again: bool = False) -> Look:
        """Look at one source and note what came of it. With `again` what could not be read is
        tried again, though it is as it was."""
        texts = self._store.texts(source.community)
        known = await texts.known(source.id)
        place = place_of(source, self._fetcher, self._reader.sandbox)
        looking = Looking(Look(source), texts, place, known, again, self._clock())
        try:
            await self._through(looking, await self._spots(looking))
        except Refused as error:
            looking.look.fault = for_administrators(error)
        except _OF_ALL:
            raise
        except Exception as error:  # no reason not to look at the others
            looking.look.fault = wording.BROKEN.format(type(error).__name__)
            frames = "".join(traceback.format_tb(error.__traceback__))  # no word of a text
            _log.error("%s: %s\n%s", source.id, type(error).__name__, frames)
        await self._noted(looking)
        return looking.look

    async def _spots(self, looking: Looking) -> list[Spot]:
        """Raises Refused where it cannot be told what there is, and so nothing may be dropped."""
        look = looking.look
        try:
            spots, look.notes = await looking.place.spots()
        except Gone as error:
            if look.source.kind != "file":
                raise
            look.notes = (str(error),)
            return []
        wanted = (one.text and _is_wanted(look.source, one) for one in looking.known.values())
        if not spots and any(wanted):
            raise Refused(wording.EMPTY.format(look.source.id))
        long = [one.location for one in spots if len(one.location.encode()) > LONGEST]
        if long:
            left = wording.TOO_LONG.format(_are(len(long)), LONGEST, long[0][:_SHOWN])
            look.notes = (*look.notes, left)
        return list({one.location: one for one in spots if one.location not in long}.values())

    async def _through(self, looking: Looking, listed: list[Spot]) -> None:
        look, known = looking.look, looking.known
        others = [one for one in _others(known, listed) if known[one].text]
        more, kept = await looking.place.unlisted(others)
        spots = [*listed, *more]
        asked = [one for one in spots if not looking.as_it_was(one)]
        look.unchanged = len(spots) - len(asked)
        make = partial(self._found, looking)
        with self._progress(wording.LOOKING, len(asked)) as advance:
            async for found in in_order(asked, make, self._reader.at_once):
                await self._settle(looking, found)
                advance(1)
                await self._hold(looking)
        await self._touched(looking)
        await self._part(looking, _others(known, spots), {} if looking.again else kept)

    async def _part(
        self, looking: Looking, missing: Sequence[str], kept: Mapping[str, str]
    ) -> None:
        """Drop what is not there any more, unless it may only be out of reach."""
        gone, most = [], looking.are_most(missing)
        many = wording.MANY.format(looking.look.source.id)
        for one in missing:
            before = looking.known[one]
            if before.text and one in kept:
                await self._settle(looking, Found(Spot(one, ""), reason=kept[one], later=True))
            elif before.text and most and before.tries + 1 < _TRIES:
                await self._settle(looking, Found(Spot(one, ""), reason=many, passing=True))
            else:
                gone.append(one)
        await self._drop(looking, gone)

    async def _found(self, looking: Looking, spot: Spot) -> Found:
        before = looking.known.get(spot.location)
        if before and (before.parser != VERSION or (looking.again and before.reason)):
            before = None  # it is read anew
        validator, day = told(before.validator) if before else "", self._clock().date()
        try:
            held = await looking.place.held(spot, validator)
        except Gone as error:
            return Found(spot, reason=str(error), gone=True)
        except Unreadable as error:
            return Found(spot, spot.validator, reason=str(error))
        except Refused as error:
            later = isinstance(error, Later)
            told_so = for_administrators(error)
            return Found(spot, reason=told_so, later=later, passing=not later)
        if held is None:
            return Found(spot, stamped(validator, spot.listed, day))
        came = Found(spot, stamped(held.validator, spot.listed, day), held.digest)
        if before and before.digest == held.digest:
            return came
        try:
            read = await self._reader.read(held)
        except Unreadable as error:
            return replace(came, reason=str(error), passing=error.passing)
        return replace(came, text=self._text(looking.look.source, spot, held, read))

    async def _settle(self, looking: Looking, found: Found) -> None:
        look, location = looking.look, found.spot.location
        before = looking.known.get(location)
        if found.gone and before and before.text:
            await self._drop(looking, [location])
        elif found.text:
            kept = await looking.texts.put(found.text, found.validator, VERSION)
            look.read += kept
            look.new += kept and not (before and before.text)
        elif found.reason:
            await self._unread(looking, found)
        else:
            look.unchanged += 1
            await self._touch(looking, found)

    async def _unread(self, looking: Looking, found: Found) -> None:
        """Note why; what may be read at the next look is kept, the third in a row apart."""
        look, location = looking.look, found.spot.location
        before = looking.known.get(location)
        tries = (before.tries if before else 0) + (not found.later)
        waits = found.later or (found.passing and tries < _TRIES)
        known = Known(
            location=location,
            validator="" if waits else found.validator,
            digest="" if waits else found.digest,
            reason=found.reason,
            tries=tries,
            parser=VERSION,
        )
        await looking.texts.unread(known, look.source.id, goes=not waits)
        look.later += found.later
        look.unreadable += not found.later

    async def _hold(self, looking: Looking) -> None:
        """A look that takes long goes on holding the source."""
        source, now = looking.look.source, self._clock()
        if now - looking.held_at >= _HOLD_EACH:
            looking.held_at = now
            await self._store.sources(source.community).hold(source.id, HELD_FOR)

    async def _touch(self, looking: Looking, found: Found) -> None:
        """Note a new validator of the same bytes, and that what could not be asked now was."""
        before = looking.known[found.spot.location]
        validator = found.validator or before.validator
        if validator != before.validator or (before.text and before.reason):
            looking.validators[found.spot.location] = validator
        if len(looking.validators) >= _AT_ONCE:
            await self._touched(looking)

    async def _touched(self, looking: Looking) -> None:
        if looking.validators:
            await looking.texts.touch(looking.look.source.id, dict(looking.validators))
            looking.validators.clear()

    async def _drop(self, looking: Looking, locations: list[str]) -> None:
        known = [one for one in locations if one in looking.known]
        for first in range(0, len(known), _AT_ONCE):
            some = known[first : first + _AT_ONCE]
            await looking.texts.drop(looking.look.source.id, some)
        looking.look.gone += sum(bool(looking.known[one].text) for one in known)

    def _text(self, source: Source, spot: Spot, held: Held, read: Read) -> OwnText:
        return OwnText(
            id=text_id(source.community, source.location, spot.location),
            source=source.id,
            community=source.community,
            location=spot.location,
            url=held.address or spot.url,
            about=read.about,
            sections=read.parsed.sections,
            digest=held.digest,
            pages=read.parsed.pages,
            notes=read.parsed.notes,
            published=read.parsed.published,
            sketch=read.sketch,
            read_at=self._clock(),
        )

    async def _noted(self, looking: Looking) -> None:
        look, now = looking.look, self._clock()
        sources = self._store.sources(look.source.community)
        # Its settings may have been changed since the look began.
        look.source = await sources.get(look.source.id) or look.source
        if look.fault:
            failed = replace(look.source, failed=True, said=look.fault)
            look.source = replace(failed, due_at=_sooner(look.source, now))
        else:
            known = (await looking.texts.known(look.source.id)).values()
            moves = look.new, look.read - look.new, look.gone
            said = wording.said(known, look.notes, *moves)
            looked = replace(look.source, failed=False, said=said, refreshed_at=now)
            look.source = replace(looked, due_at=now + every if (every := looked.every) else None)
        await sources.looked(look.source)


def _others(known: Iterable[str], spots: Iterable[Spot]) -> list[str]:
    there = {one.location for one in spots}
    return [one for one in known if one not in there]


def _is_wanted(source: Source, known: Known) -> bool:
    fits = is_page_wanted if source.kind == "site" else is_wanted
    return fits(known.location, source.include, source.exclude)


def _are(number: int) -> str:
    return "1 text is" if number == 1 else f"{number} texts are"


def _sooner(source: Source, now: datetime) -> datetime | None:
    """When a source that failed is looked at again: after ten minutes, then after ever longer,
    as long again as it has been failing, and never later than it would have been."""
    if source.every is None:
        return None
    failing = now - (source.refreshed_at or source.added_at)
    return now + min(max(failing, SOONEST), source.every)
