"""Officers who register projects with the real assistant: what they write and how they press.

The officers, councils and projects are invented (test data).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.app import App, wired
from bot.conversation import Command, Form, Handle, Marked, Origin, Pressed, Reply, Submitted
from bot.inbox import Inbox
from bot.speech import spoken

HERE, ELSEWHERE = "anytown", "farshire"
LAPTOPS = "We lend refurbished laptops to care leavers in Anytown and teach them to get online."
LEND = "Lend refurbished laptops to care leavers in Anytown"  # how the title made of it begins
WHO_LENDS = "who lends refurbished laptops?"
DAMP = {
    "title": "Damp sensors in Anytown homes",
    "description": "Sensors in 200 council homes warn tenants of damp.",
    "council": "Anytown Borough Council",
    "link": "https://anytown.example/damp",
    "stage": "doing",
}
WHO_SENSES = "who has tried damp sensors in council homes?"
APART = "Registered by officers, not published:"
SAVED_LATER = "Your words are still here"


@dataclass(frozen=True)
class Officer:
    """Somebody at a channel of their community."""

    handle: Handle
    origin: Origin

    async def writes(self, text: str) -> Reply:
        return await self.handle(spoken(text, self.origin))

    async def tags(self, text: str) -> Reply:
        return await self.handle(Command("tag", text, self.origin))

    async def picks(self, text: str, author: str) -> Reply:
        return await self.handle(Marked(text, author, self.origin))

    async def presses(self, reply: Reply, label: str) -> Reply:
        (button,) = (one for one in reply.actions if one.label == label)
        return await self.does(button.id, button.value)

    async def does(self, action: str, value: str) -> Reply:
        """Press what somebody else was offered, or what an older message offers."""
        return await self.handle(Pressed(action, value, self.origin))

    async def sends(self, form: Form | None, **filled: str) -> Reply:
        return await self.handle(self.filled(form, **filled))

    def filled(self, form: Form | None, **filled: str) -> Submitted:
        """The form with this filled in anew, and the rest as it is."""
        assert form is not None
        values = {**held(form), **filled}
        assert values.keys() == held(form).keys(), "a field that the form does not have"
        return Submitted(form.id, values, self.origin, form.key)


def officer(handle: Handle, name: str = "officer", community: str = HERE) -> Officer:
    return Officer(handle, Origin(community, "C1", f"thread of {name}", name))


def held(form: Form | None) -> dict[str, str]:
    """What stands in a form."""
    assert form is not None
    return {field.id: field.value for field in form.fields}


def wrong(reply: Reply) -> dict[str, str]:
    """What a form says of its fields."""
    assert reply.form is not None
    return {field.id: field.fault for field in reply.form.fields if field.fault}


async def registers(who: Officer, **changes: str) -> Reply:
    """A project, in the two steps of the form."""
    described = {name: changes.pop(name, value) for name, value in DAMP.items()}
    step = await who.sends((await who.tags("")).form, **described)
    return await who.sends(step.form, **changes)


async def titles(who: Officer, of: str = "") -> list[str]:
    """What is registered where an officer is."""
    return [one.title for one in (await who.writes(f"projects {of}".strip())).citations]


def name_of(reply: Reply) -> str:
    """The id of the project that a reply shows whole."""
    (quote,) = reply.citations
    assert quote.kind == "project"
    return quote.document


def projects_in(reply: Reply) -> list[str]:
    """The titles of the projects that an answer cites."""
    return [one.title for one in reply.citations if one.kind == "project"]


@asynccontextmanager
async def restarted(app: App) -> AsyncIterator[App]:
    """A new assistant on the same store, which knows nothing but what is in that."""
    await app.assistant.finish()
    again = wired(app.answerer, app.store, app.administrators)
    yield again
    await again.assistant.finish()


@asynccontextmanager
async def database_away(app: App, folder: Path, inbox: Inbox | None = None) -> AsyncIterator[None]:
    """While something else lies where the database was."""
    await _let_go(app, inbox)
    file, aside = folder / "outcomes.db", folder / "aside.db"
    file.rename(aside)
    file.write_text("This is no database. " * 100)
    yield
    await _let_go(app, inbox)
    aside.replace(file)


async def _let_go(app: App, inbox: Inbox | None) -> None:
    """Of every connection to the database."""
    if inbox:
        await inbox.finish()
    await app.assistant.finish()
    await app.store.close()


async def changing(who: Officer) -> Reply:
    """The one form for a text that was tagged."""
    return await who.presses(await who.tags(LAPTOPS), "Change")


@pytest.fixture
def me(app: App) -> Officer:
    return officer(app.assistant.handle)
