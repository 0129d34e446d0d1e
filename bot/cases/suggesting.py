"""A case study that an officer suggests: the form, what comes with it, and who is told."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.answers.answerer import Answerer
from bot.attached import Attached
from bot.cases import forms, letters, wording
from bot.cases.desk import Desk, Means
from bot.cases.held import Held
from bot.cases.reading import Reading
from bot.conversation import Form, Origin, Reply, Submitted
from bot.delivery import Room
from bot.desks import refused, said
from bot.forms import FAULTY, again
from bot.projects import described
from bot.sources.doubles import likely, sketch
from bot.sources.fetching import Fetcher
from bot.store import StoreUnusable
from bot.tasks import Tasks
from bot.texts import Suggested
from knowledge.library import Section

MOST_OUTCOMES, MOST_ASKED = 4, 200  # people of whom it is asked whether they administer
FINISH_WITHIN = 30.0  # seconds that what is being read has when we stop; else it is begun again

_log = logging.getLogger(__name__)


class Suggesting(Desk):
    """A form's key is the id of the suggestion that is filled in again, if it is one, a colon, and
    the name of what is held meanwhile."""

    def __init__(self, means: Means, fetcher: Callable[[], Fetcher]) -> None:
        super().__init__(means)
        self._held, self._reading = Held(means.clock), Reading(fetcher, means.apart)
        self._tasks = Tasks()

    async def begin(self, text: str, origin: Origin, files: Sequence[Attached] = ()) -> Reply:
        """The form, with what was written behind the command in it, and a file that came with
        it."""
        if not origin.person:
            return refused(wording.NOBODY)
        values = {"council": await self._council(text, origin)}
        if text.strip():
            told = described(text)
            values |= {"title": told.title, "told": told.description}
        given = [replace(one, field=forms.FILE) for one in files]
        fault = (
            wording.ONE_FILE if len(given) > 1 else forms.unreadable(given[0] if given else None)
        )
        file = given[0] if given and not fault else None
        values |= {"file": file.name} if file else {}
        if not text.strip() and not given:
            return self._asked(forms.suggesting("", values))
        key = f":{self._held.keep(origin, values, file)}"  # for a button that opens the form
        form = again(forms.suggesting(key, values), values, {forms.FILE: fault})
        return self._asked(form)

    async def open_form(self, key: str, origin: Origin) -> Reply:
        """The form that a button leads to: with what is held, or to be filled in again."""
        if not origin.person:
            return refused(wording.NOBODY)
        name, _, held = key.partition(":")
        if kept := self._held.of(held, origin):
            return self._asked(forms.suggesting(key, kept.values))
        if not name:
            return await self.begin("", origin)
        one = await self._own(name, origin)
        return self._asked(_again(one)) if one else refused(wording.NOT_YOURS)

    async def suggested(self, request: Submitted) -> Reply:
        """The form sent. Where something is wrong with it, words and file stay."""
        origin = request.origin
        if not origin.person:
            return refused(wording.NOBODY)
        name, _, held = request.key.partition(":")
        before = await self._own(name, origin) if name else None
        if name and before is None:
            return refused(wording.NOT_YOURS)
        said_, kept = forms.offered(request), self._held.of(held, origin)
        file = said_.file or (kept.file if kept else None)
        lost = _lost(request, before, file)
        if faults := {**({"file": wording.FORM_GONE} if lost else {}), **said_.faults}:
            return self._back(request, name, file, faults, before)
        self._held.drop(held)
        return await self._kept(said_.values, file, before, origin)

    def stay(self, request: Submitted) -> Form:
        """The form as it was sent, file and all, while the database is away."""
        name, _, held = request.key.partition(":")
        kept, said_ = self._held.of(held, request.origin), forms.offered(request)
        file = said_.file or (kept.file if kept else None)
        form = self._back(request, name, file, {}, None).form
        assert form is not None
        return form

    async def read_all(self) -> int:
        """Read what came with suggestions that another process left unread; how many."""
        unread = await self._store.unread_suggestions()
        for one in unread:
            await self._look(one)
        return len(unread)

    async def settle(self) -> None:
        """Wait for what is being read."""
        await self._tasks.finish(FINISH_WITHIN)

    def _back(
        self,
        request: Submitted,
        name: str,
        file: Attached | None,
        faults: Mapping[str, str],
        before: Suggested | None,
    ) -> Reply:
        """The form once more, with all that was in it."""
        file_name = file.name if file else (before.file_name if before else "")
        values = {**request.values, "file": file_name}
        key = f"{name}:{self._held.keep(request.origin, values, file)}"
        lead = wording.told_asked(before, before.said) if before and before.said else ""
        form = again(forms.suggesting(key, values, lead), values, faults)
        return Reply("invalid", FAULTY, form=form, private=True)

    async def _kept(
        self,
        values: Mapping[str, str],
        file: Attached | None,
        before: Suggested | None,
        origin: Origin,
    ) -> Reply:
        by = await self._store.people(origin.community).reached(origin)
        one = Suggested(
            id=before.id if before else f"case-{secrets.token_urlsafe(9)}",
            community=origin.community,
            title=values["title"],
            told=values["told"],
            council=await self._full_name(values["council"], origin.community),
            link=values["link"],
            file_name=file.name if file else (before.file_name if before else ""),
            by=by,
            suggested_at=self._clock(),
            outcomes=await self._outcomes(values, origin.community),
            said=before.said if before else "",
        )
        suggestions = self._store.suggestions(origin.community)
        if before:
            kept = await suggestions.change(one, file.content if file else None)
        else:
            kept = await suggestions.add(one, file.content if file else b"")
        if not kept:
            return refused(wording.NOT_YOURS if before else wording.ERASED)
        self._tasks.begin(self._looked_at(one))
        return said(wording.THANKED)

    async def _looked_at(self, one: Suggested) -> None:
        try:
            await self._look(one)
        except StoreUnusable as error:
            _log.error("What came with a suggestion is read later: %s", error)

    async def _look(self, one: Suggested) -> None:
        """Read what came with it, see what it may be the same as, and tell administrators."""
        suggestions = self._store.suggestions(one.community)
        file = await suggestions.file(one.id) if one.file_name else b""
        found = await self._reading.read(one, file)
        read = replace(one, read=found.sections, reading=found.line)
        read = replace(read, doubles=await self._doubles(read))
        keys, rooms = await self._told(one)
        told = letters.telling(one, await self._whole(read), keys, rooms)
        now = await suggestions.get(one.id)
        if now is None or forms.known(now) != forms.known(one):
            return  # filled in again meanwhile, which is looked at by itself
        await suggestions.looked(one.id, found.sections, found.line, read.doubles, told)

    async def _doubles(self, one: Suggested) -> tuple[str, ...]:
        """The community's own texts that it may be the same as."""
        sections = (Section("", one.told, literal=True), *one.read)
        sketched = await self._apart(sketch, one.title, sections)
        others = {text.id: text.sketch async for text in self._store.texts(one.community).all()}
        return likely(sketched, others)

    async def _told(self, one: Suggested) -> tuple[list[str], list[Room]]:
        """The administrators who can be written to, apart from whoever suggested it: by key, else
        where the bot has a chat with them."""
        people = await self._store.people(one.community).reachable()
        keys = {
            person.person: person.key
            for person in people[:MOST_ASKED]
            if await self._administers(_somebody(one, person.person, person.platform))
        }
        rooms = [
            room
            for room in (await self._store.rooms(one.community))[:MOST_ASKED]
            if room.kind == "personal" and room.person and room.person not in keys
            if await self._administers(_somebody(one, room.person, room.platform))
        ]
        return [key for key in keys.values() if key != one.by], rooms

    async def _own(self, name: str, origin: Origin) -> Suggested | None:
        """A suggestion of the asker's that is not decided on."""
        one = await self._store.suggestions(origin.community).get(name)
        key = await self._known_key(origin)
        theirs = one is not None and bool(key) and one.by == key
        return one if one and theirs and one.state in ("open", "asked") else None

    async def _council(self, text: str, origin: Origin) -> str:
        """The council that a text names, else that of what the asker offers to help with."""
        answerer = self._answerer("")
        named = await self._apart(answerer.directory.council, text) if text.strip() else ""
        key = await self._known_key(origin)
        if named or not key:
            return named
        own = await self._store.peers(origin.community).own(key)
        return own.offer.council if own else ""

    async def _full_name(self, council: str, community: str) -> str:
        """A council's own name where it is known by it, else as it was written."""
        answerer = await self._apart(self._answerer, community)
        known = await self._apart(answerer.directory.council, council) if council else ""
        return known or council

    async def _outcomes(self, values: Mapping[str, str], community: str) -> tuple[str, ...]:
        answerer, shelf = await self._at_hand(community)
        return await self._apart(_tagged, f"{values['title']}.\n{values['told']}", answerer, shelf)


def _tagged(text: str, answerer: Answerer, shelf: object) -> tuple[str, ...]:
    found = answerer.tag(text, shelf).suggestions  # type: ignore[arg-type]
    return tuple(one.outcome.id for one in found if one.selected)[:MOST_OUTCOMES]


def _again(one: Suggested) -> Form:
    """The form with what was sent before, and with what is asked about it."""
    lead = wording.told_asked(one, one.said) if one.said else ""
    return forms.suggesting(one.id, forms.known(one), lead)


def _lost(request: Submitted, before: Suggested | None, file: Attached | None) -> bool:
    """Whether a form says that a file is attached which is nowhere any more."""
    named = request.values.get("file", "")
    return bool(named) and file is None and not (before and before.file_name)


def _somebody(one: Suggested, person: str, platform: str) -> Origin:
    return Origin(one.community, person=person, platform=platform)
