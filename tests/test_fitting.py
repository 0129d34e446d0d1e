"""What officers confirmed teaches their community, and no other; and never to its harm."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.answers.answerer import Answerer
from bot.app import App
from bot.conversation import Command, Origin, Reply
from bot.fitting import Fitting, Shipped
from bot.projects import Details
from bot.store import Fit, Registration
from indexer.search import Index
from indexer.tagging import from_bytes, to_bytes
from tests.running import Outcomes

LEEDS, YORK = (Origin(name, "general", person="U1") for name in ("leeds", "york"))
HEDGEHOGS = (
    "Volunteers count hedgehogs in our parks with a phone app.",
    "Schools report hedgehogs at night, and the parks team opens fences for them.",
    "A map of hedgehogs, drawn from what volunteers saw, tells where to leave gaps.",
)
ASKED = "Rangers count hedgehogs with cameras"


async def register(
    app: App, answerer: Answerer, origin: Origin, texts: Sequence[str], outcomes: tuple[str, ...]
) -> list[str]:
    """Confirmed projects; their ids."""
    store, names = app.store.community(origin.community), []
    by = await app.store.people(origin.community).key(origin.person)
    for text in texts:
        known = Details(text[:40], text)
        draft = await store.keep_draft(known, outcomes, by)
        vector = answerer.encoded(known.told).tobytes()
        made = Registration(known, outcomes, shared=False, vector=vector, model=answerer.model)
        names.append((await store.register(draft, made)).id)
    return names


async def tagged(app: App, origin: Origin) -> Reply:
    return await app.assistant.handle(Command("tag", ASKED, origin))


def sure(reply: Reply, outcome: str) -> float:
    return next(one.confidence for one in reply.suggestions if one.outcome.id == outcome)


async def test_confirmed_projects_teach_their_own_community_only(
    app: App, answerer: Answerer, shipped: Shipped
) -> None:
    before = await tagged(app, LEEDS)
    ids = await register(app, answerer, LEEDS, HEDGEHOGS, ("democracy", "partnership"))
    fitting = Fitting(shipped, app.store)
    done = await fitting.fit("leeds")
    assert (done.result, done.projects) == ("taken", 3)
    assert done.after > done.before - 0.02 > 0.8

    after = await tagged(app, LEEDS)
    for outcome in ("democracy", "partnership"):
        assert sure(after, outcome) > sure(before, outcome) + 0.3
    elsewhere = await tagged(app, YORK)
    assert [one.confidence for one in elsewhere.suggestions] == [
        one.confidence for one in before.suggestions
    ]
    assert await fitting.fit("york") != done
    assert (await fitting.fit("leeds")).result == "unchanged"

    for one in ids:
        await app.store.community("leeds").withdraw(one, "key")
    assert (await fitting.fit("leeds")).result == "dropped"
    again = await tagged(app, LEEDS)
    assert [one.confidence for one in again.suggestions] == [
        one.confidence for one in before.suggestions
    ]
    told = [one.action for one in await app.store.fits("leeds").audit()]
    assert told == ["registered"] * 3 + ["fitted"] + ["withdrawn"] * 3 + ["fit dropped"]


def older(index: Index) -> Fit:
    """What was learned from a project that is withdrawn by now."""
    learned = from_bytes(index.extra("tagging.npz"))
    gone = replace(learned, examples=("p-withdrawn", *learned.examples[1:]))
    return Fit(index.tags, "older", to_bytes(gone), 1)


async def test_what_does_harm_is_refused_logged_and_not_used(
    app: App, answerer: Answerer, shipped: Shipped, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody confirms the same outcome for whatever the case studies are about."""
    cases = [f"{one.title}. {one.sections[0].body}" for one in shipped.index.library.case_studies]
    before = await tagged(app, LEEDS)
    await register(app, answerer, LEEDS, cases, ("ethics",))
    await app.store.fits("leeds").keep(older(shipped.index))
    with caplog.at_level(logging.WARNING, "bot.fitting"):
        done = await Fitting(shipped, app.store).fit("leeds")
    assert done.result == "refused"
    assert done.before - done.after > 0.02
    assert "What 100 projects taught is not taken" in caplog.text
    after = await tagged(app, LEEDS)
    assert [one.confidence for one in after.suggestions] == [
        one.confidence for one in before.suggestions
    ]
    told = [one.action for one in await app.store.fits("leeds").audit()]
    assert told[-3:] == ["fitted", "fit dropped", "fit refused"]


def test_the_command_says_when_there_is_nothing_to_learn_from(outcomes: Outcomes) -> None:
    told = outcomes.run("tag", "fit")
    assert (told.code, told.out.strip()) == (0, "No project is registered yet.")
