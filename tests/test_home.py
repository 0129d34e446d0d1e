"""What stands in the bot's own place for an officer, and what they could write. All invented."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import App
from bot.conversation import Action, Asked, Citation, Command, Origin, Reply, Request
from bot.home import LONGEST, home, prompts
from bot.inbox import Inbox
from bot.speech import spoken
from tests.digest_place import Place
from tests.projects_desk import database_away

OFFICER = Origin("anytown", "robin", "", "robin", "slack", "to robin", alone=True)
ADMIN = replace(OFFICER, person="admin")
OWN = ["Outcomes assistant", "My projects", "My peer profile", "Digests I manage"]
OPEN = "Open questions"
REFUSED = Reply("invalid", "Only administrators can do this.", private=True)
AWAY = Reply("failed", "I cannot reach it just now.", private=True)
FINE = Reply("answered", "Here it is.", private=True)


def answering(**answers: Reply) -> object:
    """Answers commands so, and the others well."""

    async def answer(request: Request) -> Reply:
        assert isinstance(request, Command)
        assert request.origin == OFFICER
        return answers.get(request.name, FINE)

    return answer


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, True),
        ({"open": REFUSED}, False),
        ({"open": AWAY}, True),  # it must not fail in silence
        ({"open": AWAY, "projects": AWAY, "peers": AWAY, "digest": AWAY}, False),
        ({"open": AWAY, "projects": AWAY}, False),
        ({"peers": AWAY}, True),
    ],
)
async def test_open_questions_are_told_of_to_those_who_may_see_them(
    answers: dict[str, Reply], told: bool
) -> None:
    sections = await home(answering(**answers), OFFICER)  # type: ignore[arg-type]
    assert [one.heading for one in sections] == [*OWN, *([OPEN] if told else [])]
    assert [one.status for one in sections[1:]].count("failed") == len(
        [name for name, one in answers.items() if one is AWAY and (told or name != "open")]
    )


async def test_what_does_not_fit_says_how_to_see_all_of_it() -> None:
    sources = tuple(
        Citation(number, f"d{number}", "project", f"Title {number}", "", "x") for number in (1, 2)
    )
    body = f"First. [1]\n\n{'Something said once more. ' * 200}\n\nLast. [2]"
    long = Reply("answered", body, sources, actions=(Action("project", "Title 1", "d1"),))
    sections = await home(answering(projects=long, digest=long), OFFICER)  # type: ignore[arg-type]
    _, projects, _, digests = sections[:4]
    assert len(projects.body) < LONGEST + 100
    assert projects.body.endswith("To see all of it, write to me: projects mine.")
    assert digests.body.endswith("To see all of it, write to me: digest list.")
    assert projects.citations == sources[:1]
    for words, name in (("projects mine", "projects"), ("digest list", "digest")):
        request = spoken(words, OFFICER)
        assert isinstance(request, Command)
        assert request.name == name


@pytest.mark.parametrize("section", ["peers", "open"])
async def test_every_command_it_names_is_one(section: str) -> None:
    request = spoken(section, OFFICER)
    assert isinstance(request, Command)
    assert request.name == section


async def test_it_is_what_the_commands_answer(app: App) -> None:
    sections = await home(app.assistant.handle, OFFICER)
    assert [one.heading for one in sections] == OWN
    for words, section in (("my projects", 1), ("peers", 2), ("digest list", 3)):
        said = await app.assistant.handle(spoken(words, OFFICER))
        assert sections[section].body == said.body
    assert [one.heading for one in await home(app.assistant.handle, ADMIN)] == [*OWN, OPEN]


async def test_every_button_it_has_for_a_newcomer_leads_on(app: App, place: Place) -> None:
    robin = replace(place.officer("robin"), handle=app.assistant.handle, origin=OFFICER)
    for section in await home(app.assistant.handle, OFFICER):
        for action in section.actions:
            reply = await robin.does(action.id, action.value)
            assert (reply.form is not None) == (action.id == "open")
            assert reply.status in ("answered", "help"), action


@pytest.mark.parametrize("origin", [OFFICER, ADMIN])
async def test_what_is_suggested_is_answered(app: App, origin: Origin) -> None:
    suggested = await prompts(app.assistant.handle, origin)
    assert len(suggested) == 4
    for one in suggested:
        request = spoken(one.value, origin)
        reply = await app.assistant.handle(request)
        if isinstance(request, Asked):
            assert (reply.status, bool(reply.citations)) == ("answered", True), one
        else:
            assert reply.form or reply.status == "answered", one


async def test_the_last_suggestion_is_by_what_somebody_did(place: Place) -> None:
    robin = place.officer("robin")
    (*_, last) = await prompts(place.app.assistant.handle, robin.origin)
    assert last.label == "Register a project"
    form = (await robin.does("open", "project")).form
    assert form
    values = {"title": "Damp sensors", "description": "Sensors in homes.", "stage": "doing"}
    await robin.sends((await robin.sends(form, **values)).form)
    (*_, last) = await prompts(place.app.assistant.handle, robin.origin)
    assert last.label == "My projects"
    (*_, last) = await prompts(place.app.assistant.handle, replace(robin.origin, person="admin"))
    assert last.label == "Questions that wait for an answer"


async def test_a_section_that_fails_leaves_the_others(
    app: App, caplog: pytest.LogCaptureFixture
) -> None:
    async def failing(request: Request) -> Reply:
        if isinstance(request, Command) and request.name == "peers":
            raise ValueError(request.origin.person)
        return await app.assistant.handle(request)

    inbox = Inbox(failing, app.store, lambda: "ref-1234")
    sections = await inbox.home(OFFICER)
    assert [one.status for one in sections] == ["help", "answered", "failed", "help"]
    assert "ref-1234" in sections[2].body
    assert "reference ref-1234: ValueError" in caplog.text
    assert OFFICER.person not in caplog.text


async def test_no_more_than_two_are_made_at_once_and_none_counts_as_answers(app: App) -> None:
    making, most, counted = set[str](), 0, list[Request]()

    async def shown(request: Request) -> Reply:
        nonlocal most
        making.add(request.origin.person)
        most = max(most, len(making))
        for _ in range(5):
            await asyncio.sleep(0)
        making.discard(request.origin.person)
        return FINE

    async def handle(request: Request) -> Reply:
        counted.append(request)
        return FINE

    inbox = Inbox(handle, app.store, shown=shown)
    people = [replace(OFFICER, person=f"officer {number}") for number in range(6)]
    await asyncio.gather(*map(inbox.home, people), *map(inbox.prompts, people))
    await inbox.search(Command("find", "damp", OFFICER))
    assert (most, counted) == (2, [])
    await inbox.now(Command("find", "damp", OFFICER))
    assert len(counted) == 1


async def test_while_the_database_is_away_each_section_says_so(app: App, tmp_path: Path) -> None:
    inbox = Inbox(app.assistant.handle, app.store)
    async with database_away(app, tmp_path):
        sections = await inbox.home(OFFICER)
    assert [one.heading for one in sections] == OWN
    assert {one.status for one in sections[1:]} == {"failed"}
    assert all("just now" in one.body for one in sections[1:])


async def test_help_names_every_command(app: App) -> None:
    said = (await app.assistant.handle(Command("help", "", OFFICER))).body
    commands = ("list", "tag", "find", "projects", "peers", "digest", "report", "my-data", "help")
    more = ("experts", "open", "verified", "usage", "reports", "hidden", "quiet", "follow")
    assert not [name for name in (*commands, *more) if name not in said]
