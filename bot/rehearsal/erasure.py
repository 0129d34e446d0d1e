"""An officer (test data) who uses everything there is about them, and then has it deleted."""

from __future__ import annotations

import asyncio
import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing as closed
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.administrators import Administrators
from bot.assistant import Assistant
from bot.attached import Attached
from bot.conversation import (
    Asked,
    Command,
    Form,
    Marked,
    Origin,
    Pressed,
    Reply,
    Request,
    Submitted,
    complaint,
    complaint_with,
)
from bot.current import CurrentAnswerer
from bot.delivery import Heard
from bot.digest.newsdesk import Management
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.store import Store, default_url

HERE, PLATFORM, ADMINISTRATOR = "testtown", "rehearsal", "administrator"
PERSON = "U0CANARYPERSON"
CANARIES = (PERSON, *(f"Canary{number:02d}feather" for number in range(1, 23)))
_C = CANARIES


@dataclass(frozen=True, slots=True)
class Traces:
    """How often the officer's own strings stand in what is kept, before and after."""

    before: int
    after: int


class _Desk:
    """A platform's way out: what is posted there is what an officer reads."""

    def __init__(self) -> None:
        self.awaited: dict[str, asyncio.Future[Reply]] = {}
        self._numbers = count()

    def name(self) -> str:
        """Of a message, or of the thread below it: as on both platforms it names nobody."""
        return f"message:{next(self._numbers)}"

    def expect(self) -> str:
        """A key for what is said next."""
        key = self.name()
        self.awaited[key] = asyncio.get_running_loop().create_future()
        return key

    async def working(self, address: str) -> None:
        """Nobody looks."""

    async def send(self, address: str, reply: Reply) -> str:
        self.awaited[address].set_result(reply)
        return ""


class _Officer:
    """Heard through the inbox, as on Slack and Teams, so that it keeps what it keeps there."""

    def __init__(self, inbox: Inbox, desk: _Desk, name: str, outbox: Outbox) -> None:
        self.origin = Origin(HERE, "C1", desk.name(), name, PLATFORM, name)
        self._inbox, self._desk, self._outbox = inbox, desk, outbox

    async def says(self, request: Request) -> Reply:
        key = self._desk.expect()
        await self._inbox.accept(Heard(PLATFORM, key, request, key, private=True))
        return await self._desk.awaited[key]

    async def asks(self, text: str) -> Reply:
        return await self.says(Asked(text, self.origin))

    async def commands(self, name: str, text: str) -> Reply:
        return await self.says(Command(name, text, self.origin))

    async def presses(self, action: str, value: str) -> Reply:
        return await self.says(Pressed(action, value, self.origin))

    async def picks(self, text: str) -> Reply:
        return await self.says(Marked(text, self.origin.person, self.origin))

    async def sends(self, form: Form | None, *files: Attached, **changes: str) -> Reply:
        assert form is not None
        values = {**{one.id: one.value for one in form.fields}, **changes}
        values |= {one.field: one.name for one in files}
        return await self.says(Submitted(form.id, values, self.origin, form.key, files))

    async def post(self) -> list[Reply]:
        return await self._outbox.collect(self.origin)


async def traces(answerer: CurrentAnswerer, index: Path, folder: Path) -> Traces:
    """In the files of the database (after a checkpoint and a vacuum), of the index, and in all
    that was logged. `folder` is empty and for this alone."""
    with _logged() as log:
        store = await Store.open(default_url(folder))
        outbox = Outbox(store)
        assistant = Assistant(answerer, store, Management(Administrators((ADMINISTRATOR,))))
        inbox, desk = Inbox(assistant.handle, store), _Desk()
        inbox.channels[PLATFORM] = desk
        given = inbox, desk
        officer, *others = (
            _Officer(*given, name, outbox) for name in (PERSON, "colleague", "other")
        )
        administrator = _Officer(*given, ADMINISTRATOR, outbox)
        await _lives(store, officer, *others)
        await _looks_after_answers(officer, administrator)
        await _suggests(officer)
        await assistant.finish()  # and so the file is read
        for one in (officer, *others):  # long ones are kept, to be read on
            await one.commands("my-data", "export")
        await assistant.finish()
        before = _count(folder, index, log.getvalue())
        form = (await officer.commands("my-data", "delete")).form
        await officer.sends(form, projects="withdraw")
        await inbox.finish()
        await assistant.finish()
        await store.close()
        _tidied(folder)
        return Traces(before, _count(folder, index, log.getvalue()))


def _tidied(folder: Path) -> None:
    with closed(sqlite3.connect(next(folder.glob("*.db")))) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        file.execute("VACUUM")


async def _lives(store: Store, officer: _Officer, colleague: _Officer, other: _Officer) -> None:
    """Offers help, is asked and accepts, asks and waits, registers, drafts and reports."""
    await _joins(officer, 1)
    await _joins(colleague, 0)
    theirs, ours = await _offer(store, colleague), await _offer(store, officer)
    wish = {"line": f"Who did {_C[5]}?", "name": _C[6], "council": _C[7], "reach": _C[8]}
    await officer.sends((await officer.presses("open", f"introduce:{theirs}")).form, **wish)
    asked = (await other.presses("open", f"introduce:{ours}")).form
    await other.sends(asked, line="A test line", name="Test colleague", council="Test council")
    (request,) = await officer.post()
    await officer.presses("accept", request.actions[0].value)  # both letters wait to be fetched
    described = await officer.commands("tag", "")
    project = {"title": _C[9], "description": f"Sensors warn {_C[10]} of damp.", "council": _C[11]}
    step = await officer.sends(described.form, **project, link=f"https://{_C[12]}.example/")
    await officer.sends(step.form, outcomes="data,services")
    await officer.commands("tag", f"We lend {_C[13]} laptops to care leavers.")
    await officer.picks(f"We lend {_C[14]} tablets to care leavers.")
    await colleague.commands("peers", f"damp sensors {_C[2]}")
    report = (await officer.presses("open", "report:rochdale-mesh-network")).form
    await officer.sends(report, words=f"The figure of {_C[15]} is old.")


async def _looks_after_answers(officer: _Officer, administrator: _Officer) -> None:
    """Is made an expert, finds two answers wrong, and writes a verified one to the first."""
    await officer.sends((await officer.commands("experts", "join")).form, name=_C[16])
    (asking,) = (
        one
        for one in (await administrator.commands("experts", "")).actions
        if one.id == "expert-agree"
    )
    await administrator.presses(asking.id, asking.value)
    wrong = await officer.asks("What did Rochdale do for its flats?")
    await officer.says(complaint(wrong.feedback, officer.origin))
    opened = (await officer.commands("open", "")).actions[0]
    form = (await officer.presses(opened.id, opened.value)).form
    told = {"answer": "A mesh network.", "sources": "rochdale-mesh-network"}
    await officer.sends(form, **told, name=_C[17])
    wrong = await officer.asks("Which councils use chatbots?")
    await officer.says(complaint_with(wrong.feedback, f"{_C[18]} is old.", officer.origin))


async def _suggests(officer: _Officer) -> None:
    """A case study, with a file that is read."""
    form = (await officer.commands("suggest-case", "")).form
    told = {"title": f"Laptops {_C[19]}", "told": f"We lend {_C[20]} laptops to care leavers."}
    lent = f"We lend {_C[22]} laptops to care leavers.".encode()
    await officer.sends(form, Attached("file", f"{_C[21]}.txt", lent), **told)


async def _joins(who: _Officer, first: int) -> None:
    """With the strings from the first on; none for 0."""
    name, told, council, reach = (
        (_C[1], _C[2], _C[3], _C[4]) if first else ("Test name", "bins", "Test council", "")
    )
    offer = {"name": name, "help": f"Damp sensors and {told}.", "council": council, "reach": reach}
    await who.sends((await who.commands("peers", "join")).form, **offer, outcomes="data")


async def _offer(store: Store, who: _Officer) -> str:
    """The id of what somebody offers."""
    key = await store.people(HERE).known_key(who.origin.person)
    own = await store.peers(HERE).own(key)
    assert own is not None, "joining did not work"
    return own.id


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    """Everything that any part logs meanwhile, down to the least."""
    log, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(log), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield log
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def _count(folder: Path, index: Path, log: str) -> int:
    """All occurrences, in whichever case a search might keep them."""
    files = [one for place in (folder, index) for one in place.rglob("*") if one.is_file()]
    kept = [one.read_bytes().lower() for one in files] + [log.lower().encode()]
    wanted = [one.lower().encode() for one in CANARIES]
    return sum(text.count(one) for text in kept for one in wanted)
